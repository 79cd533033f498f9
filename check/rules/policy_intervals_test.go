package rules

import (
	"strings"
	"testing"
)

func TestPolicyIntervals(t *testing.T) {
	accept := func(lines string) string {
		return ladder + "risks:\n  rk-a:\n    title: A\n    threats: [th-forged-order]\n    acceptance:\n" + lines
	}
	for _, m := range []marked{
		{"two years", "T7116", "policy:\n  evidence:\n    penetration-test: 24 months\n"},
		{"a little more", "T7116", "policy:\n  evidence:\n    penetration-test: 25 months # want T7116\n"},
		{"not stated", "T7116", "policy:\n  evidence:\n    max-age: 5 years\n"},
		{"three years", "T9005", "processes:\n  pr-a:\n    title: A\n    practice: guidelines\n    review-interval: 3 years\n"},
		{"a little more", "T9005", "processes:\n  pr-a:\n    title: A\n    practice: guidelines\n    review-interval: 37 months # want T9005\n"},
		{"five years to the day", "T6205", accept("      date: 2026-06-10\n      until: 2031-06-10\n")},
		{"a day more", "T6205", accept("      date: 2026-06-10\n      until: 2031-06-11 # want T6205\n")},
		{"without a date counted from today", "T6205", accept("      until: 2031-11-22\n")},
		{"without a date, a day more", "T6205", accept("      until: 2031-11-23 # want T6205\n")},
		{"no reason is another finding", "T6206", accept("      by: Risk board\n")},
		{"twenty characters", "T6206", accept("      reason: Stop key works then.\n")},
		{"blanks do not count", "T6206", accept("      reason: \"  accepted by us       \" # want T6206\n")},
	} {
		m.run(t)
	}
}

func TestDecisions(t *testing.T) {
	risk := func(controls, residual, decision string) string {
		return ladder + "  ct-site:\n    title: S\n    priority: protective\n    by: environment\nrisks:\n  rk-a:\n    title: A\n    threats: [th-forged-order]\n" +
			"    initial:\n      exploitability: high\n      severity: serious\n    controls: " + controls +
			"\n    residual:\n      exploitability: " + residual + "\n      severity: serious\n    decision: " + decision + "\n"
	}
	for _, m := range []marked{
		{"something remains", "T6108", risk("[ct-tls]", "medium", "avoid # want T6108")},
		{"as little as can be remains", "T6108", risk("[ct-tls]", "low", "avoid")},
		{"cause removed without a control", "T6108", risk("[]", "low", "avoid")},
		{"carried by nobody else", "T6108", risk("[ct-tls]", "low", "transfer # want T6108")},
		{"carried by the site as well", "T6108", risk("[ct-tls, ct-site]", "low", "transfer")},
		{"carried as it is", "T6108", risk("[ct-tls]", "high", "transfer")},
	} {
		m.run(t)
	}
}

func TestPackageURLs(t *testing.T) {
	soup := func(lines string) string { return "components:\n  soup-a:\n    title: A\n    type: soup\n" + lines }
	both := func(version, purl string) string {
		return soup("    version: \"" + version + "\"\n    purl: pkg:" + purl + "\n")
	}
	for _, m := range []marked{
		{"no version", "T3405", soup("    purl: pkg:generic/zlib\n")},
		{"all parts", "T3405", soup("    purl: pkg:golang/google.golang.org/genproto@abcdedf?x=y#googleapis/api\n")},
		{"scope of npm", "T3405", soup("    purl: pkg:npm/%40angular/core@12.3.1\n")},
		{"plus in a type", "T3405", soup("    purl: pkg:c++/boost@1.86.0\n")},
		{"name is missing", "T3405", soup("    purl: pkg:deb # want T3405\n")},
		{"version is missing", "T3405", soup("    purl: pkg:generic/zlib@ # want T3405\n")},
		{"blank", "T3405", soup("    purl: pkg:generic/zlib 1.3 # want T3405\n")},
		{"CPE", "T3405", soup("    purl: cpe:2.3:a:zlib:zlib:1.3 # want T3405\n")},
		{"epoch and release of a distribution", "T3406", both("3.0.15", "deb/debian/openssl@1:3.0.15-1~deb12u1?arch=arm64")},
		{"percent encoding", "T3406", both("17.0.2+8", "generic/jdk@17.0.2%2B8")},
		{"name before the version", "T3406", both("OpenSSL 3.0.15 (FIPS 3.0.9)", "generic/openssl@3.0.15")},
		{"v", "T3406", both("2025.04", "github/u-boot/u-boot@v2025.04")},
		{"less exactly", "T3406", both("6.12", "generic/linux@6.12.32")},
		{"words alone", "T3406", both("latest", "generic/zlib@1.3")},
		{"commit", "T3406", both("3f2a9c1", "github/a/b@3f2a9c1b77")},
		{"date in another form", "T3406", both("2024-05-01", "generic/a@20240501")},
		{"scope is no version", "T3406", both("12.3.1", "npm/@angular/core")},
		{"not stated", "T3406", soup("    purl: pkg:generic/zlib@1.3\n")},
		{"last number", "T3406", soup("    version: 3.0.14\n    purl: pkg:generic/openssl@3.0.15 # want T3406\n")},
		{"beginning of a number", "T3406", soup("    version: \"3.1\"\n    purl: pkg:generic/a@3.15 # want T3406\n")},
		{"letter", "T3406", soup("    version: 1.1.1k\n    purl: pkg:generic/openssl@1.1.1w # want T3406\n")},
	} {
		m.run(t)
	}
}

func TestLawsAndFacts(t *testing.T) {
	law := func(name, applies, mark string, facts ...string) string {
		return device("MDR", "IIb", append(facts, "laws:", "  - law: "+name, "    applies: "+applies+mark)...)
	}
	radio := func(zone, lines string) string {
		return "zones:\n  z-a:\n    title: A\n    trust: " + zone + "\ncomponents:\n  co-a:\n    title: A\n    type: hardware\n    zone: z-a\n" +
			"interfaces:\n  if-a:\n    title: I\n    component: co-a\n" + lines
	}
	const wifi = "    medium: wifi\n    exposure: local\n"
	for _, m := range []marked{
		{"no learning", "T1016", law("ai-act", "true", " # want T1016", "facts: {ai: false}")},
		{"fact not known", "T1016", law("ai-act", "true", "")},
		{"both no", "T1016", law("ai-act", "false", "", "facts: {ai: false}")},
		{"other law", "T1016", law("nis2", "true", "", "facts: {ai: false}")},
		{"no radio", "T1017", law("red", "false", "")},
		{"radio that is not fitted", "T1017", law("red", "false", "") + radio("device", wifi+"    state: disabled\n")},
		{"radio that the operator may switch on", "T1017", law("red", "false", " # want T1017") + radio("device", wifi+"    state: optional\n")},
		{"phone", "T1017", law("red", "false", "") + radio("site", wifi)},
		{"cable", "T1017", law("red", "false", "") + radio("device", "    medium: ethernet\n    exposure: site\n")},
	} {
		m.run(t)
	}
}

func TestSafetyOfComponents(t *testing.T) {
	orders := func(safety, lines string) string {
		return exampleZones + exampleAssets + "components:\n  co-a:\n    title: A\n    type: application\n    zone: z-device\n" + safety +
			"interfaces:\n  if-a:\n    title: I\n    component: co-a\n    medium: ethernet\n    exposure: site\n" + lines
	}
	for _, m := range []marked{
		{"not known", "T3009", orders("", "    accepts: [as-dose]\n")},
		{"nothing that care depends on", "T3009", orders("    safety: false\n", "    accepts: [as-patient]\n")},
		{"signed content passed on", "T3009", orders("    safety: false\n", "    authentication: signed-content\n    accepts: [as-dose]\n")},
		{"switched off", "T3009", orders("    safety: false\n", "    state: disabled\n    accepts: [as-dose]\n")},
		{"two interfaces are one finding", "T3009", orders("    safety: false # want T3009\n", "    accepts: [as-dose]\n") + "  if-b:\n    title: J\n    component: co-a\n    medium: usb\n    exposure: physical\n    accepts: [as-dose]\n"},
	} {
		m.run(t)
	}
}

func TestServiceAtTheDevice(t *testing.T) {
	port := func(lines string) string {
		return exampleSides + "interfaces:\n  if-a:\n    title: I\n    component: co-gateway\n" + lines
	}
	for _, m := range []marked{
		{"USB", "T3222", port("    medium: usb\n    purpose: service # want T3222\n    exposure: physical\n")},
		{"serial in service mode", "T3222", port("    medium: serial\n    purpose: service\n    exposure: physical\n    state: service-only\n")},
		{"justified", "T3222", port("    medium: usb\n    purpose: service\n    exposure: physical\n    justification: Behind a sealed cover, token of the technician.\n")},
		{"menu on the screen", "T3222", port("    medium: screen\n    purpose: service\n    exposure: physical\n")},
		{"clinical", "T3222", port("    medium: serial\n    purpose: clinical\n    exposure: physical\n")},
	} {
		m.run(t)
	}
}

func TestLanguagesAndContacts(t *testing.T) {
	ifu := func(languages string) string {
		return "documents:\n  doc-a:\n    title: A\n    type: ifu\n    languages: " + languages + "\n"
	}
	contact := func(lines string) string { return "vulnerability-handling:\n  contact:\n    " + lines + "\n" }
	const tester = "verifications:\n  vf-a: MARK\n    title: A\n    method: penetration-test\n    date: 2026-04-01\n    result: RESULT\n    tester: {who: L, independence: external}\n"
	for _, m := range []marked{
		{"two forms of one language", "T8111", ifu("[pt-PT, pt-BR] # want T8111")},
		{"two languages", "T8111", ifu("[de, en]")},
		{"none is another finding", "T8111", "documents:\n  doc-a:\n    title: A\n    type: ifu\n"},
		{"other document", "T8111", "documents:\n  doc-a:\n    title: A\n    type: security-guide\n    languages: [en]\n"},
		{"own computer", "T9111", contact("url: https://localhost/security # want T9111")},
		{"private address", "T9111", contact("url: https://10.1.2.3/security # want T9111")},
		{"loopback", "T9111", contact("url: https://[::1]:8443/security # want T9111")},
		{"public address", "T9111", contact("url: https://192.0.2.7/security")},
		{"name without a domain", "T9111", contact("url: https://intranet/security # want T9111")},
		{"internal name", "T9111", contact("security-txt: https://www.corp.internal/.well-known/security.txt # want T9111")},
		{"internal mail", "T9111", contact("email: psirt@mail.local # want T9111")},
		{"local in a name", "T9111", contact("url: https://www.localhealth.example/security")},
		{"skills are missing", "T7114", gates + replaceAll(tester, "MARK", "# want T7114", "RESULT", "passed")},
		{"not done yet", "T7114", gates + replaceAll(tester, "MARK", "", "RESULT", "planned")},
	} {
		m.run(t)
	}
}

func replaceAll(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}
