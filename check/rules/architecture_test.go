package rules

import (
	"fmt"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/model"
)

func TestArchitectureRules(t *testing.T) {
	flow := func(interfaceFields, flowFields string) string {
		return exampleFlow + interfaceFields + "\nflows:\n  fl-a:\n    title: Flow\n    from: ac-ward\n    to: co-gateway\n    over: [if-ward]\n" + flowFields
	}
	port := func(fields string) string {
		return exampleLink + "interfaces:\n  if-a:\n    title: Port\n    component: co-gateway\n" + fields
	}
	store := func(fields string) string {
		return exampleLink + "stores:\n  st-a:\n    title: Store\n    component: co-gateway\n" + fields
	}
	for _, m := range []marked{
		{"circle of three is one finding", "T3001", `
components:
  co-a:
    title: A
    type: hardware
    part-of: co-b # want T3001
  co-b:
    title: B
    type: hardware
    part-of: co-c
  co-c:
    title: C
    type: hardware
    part-of: co-a
  co-tail:
    title: Hangs on the circle and is not in it
    type: hardware
    part-of: co-a
`},
		{"part of itself", "T3001", "components:\n  co-a:\n    title: A\n    type: hardware\n    part-of: co-a # want T3001\n"},
		{"no zones at all is the question's matter", "T3002", "components:\n  co-a:\n    title: A\n    type: hardware\n"},
		{"part of something without a zone is one finding", "T3002", exampleZones + `
components:
  co-a: # want T3002
    title: A
    type: hardware
  co-b:
    title: B
    type: firmware
    part-of: co-a
`},
		{"public zone of the whole", "T3004", `
zones:
  z-net:
    title: Internet
    trust: public
components:
  co-phone:
    title: Phone
    type: mobile
    zone: z-net
  app-dose:
    title: Dose calculator
    type: mobile
    part-of: co-phone
    safety: true # want T3004
`},
		{"not known whether it matters to safety", "T3004", "zones:\n  z-net:\n    title: Net\n    trust: public\ncomponents:\n  co-a:\n    title: A\n    type: mobile\n    zone: z-net\n"},
		{"confined by a control", "T3005", badExample(t, "T3005", "# want T3005", "") + "controls:\n  ct-box:\n    title: Sandbox\n    priority: design\n    protects: [svc-hl7]\n"},
		{"reached only by touch", "T3005", badExample(t, "T3005", "# want T3005", "", "exposure: site", "exposure: physical")},

		{"whole speaks for its firmware", "T3007", `
components:
  hw-board:
    title: Board
    type: hardware
    boot:
      verified: true
      key: k-boot
      debug: locked
  fw-motor:
    title: Motor
    type: firmware
    part-of: hw-board
keys:
  k-boot:
    title: Boot key
    purpose: boot
`},
		{"unverified start needs no key", "T3007", "components:\n  os-a:\n    title: OS\n    type: operating-system\n    boot:\n      verified: false\n      debug: locked\n"},
		{"cloud is no device", "T3007", "zones:\n  z-cloud:\n    title: Cloud\n    trust: managed\ncomponents:\n  os-a:\n    title: OS of the server\n    type: operating-system\n    zone: z-cloud\n"},
		{"software as a device has no platform of its own", "T3007", device("MDR", "IIa", "facts:", "  is-software: true") + "components:\n  os-a:\n    title: OS\n    type: operating-system\n"},
		{"locked debug", "T3008", "components:\n  hw-a:\n    title: Board\n    type: hardware\n    boot:\n      debug: locked\n"},

		{"no boundary at all is the question's matter", "T3101", flow("", "")},
		{"same zone", "T3101", exampleSides + "boundaries:\n  b-a:\n    title: Panel\n    between: [z-device, z-bedside]\nflows:\n  fl-a:\n    title: A\n    from: co-gateway\n    to: co-gateway\n"},
		{"other order", "T3101", exampleSides + "boundaries:\n  b-a:\n    title: Net\n    between: [z-ward, z-device]\nflows:\n  fl-a:\n    title: A\n    from: co-gateway\n    to: ac-ward\n"},
		{"one zone", "T3102", exampleZones + "boundaries:\n  b-a:\n    title: A\n    between: [z-ward] # want T3102\n"},
		{"three zones", "T3102", exampleZones + "boundaries:\n  b-a:\n    title: A\n    between: [z-ward, z-device, z-bedside] # want T3102\n"},
		{"between two places outside", "T3103", exampleSides + "boundaries:\n  b-a:\n    title: A\n    between: [z-ward, z-bedside]\nflows:\n  fl-a:\n    title: A\n    from: co-gateway\n    to: co-gateway\n"},
		{"no flows at all is the question's matter", "T3103", exampleSides + "boundaries:\n  b-a:\n    title: A\n    between: [z-ward, z-device]\n"},

		{"own interface of the whole", "T3106", exampleSides + `
interfaces:
  if-a:
    title: A
    component: co-gateway
    medium: usb
    exposure: physical
stores:
  st-a:
    title: Store of the gateway
    component: co-gateway
flows:
  fl-a:
    title: A
    from: st-a
    to: ac-ward
    over: [if-a]
`},
		{"peer of the interface", "T3106", exampleSides + `  ac-pc:
    title: Laptop
    type: system
    zone: z-ward
interfaces:
  if-a:
    title: A
    component: co-gateway
    medium: usb
    exposure: physical
    peers: [ac-pc]
flows:
  fl-a:
    title: A
    from: ac-pc
    to: ac-ward
    over: [if-a]
`},

		{"clear but not personal", "T3107", flow("    encryption: none", "    carries: [as-dose]\n")},
		{"unknown is not none", "T3107", flow("", "    carries: [as-patient]\n")},
		{"encrypted content over a clear line", "T3107", flow("    encryption: none", "    carries: [as-patient]\n    encryption: aes-256-gcm\n")},
		{"justified at the interface", "T3107", flow("    encryption: none\n    justification: Isolated wire.", "    carries: [as-patient]\n")},
		{"second of two assets", "T3107", flow("    encryption: none", "    carries:\n      - as-dose\n      - as-patient # want T3107\n")},
		{"read from a screen", "T3107", strings.Replace(flow("    encryption: none", "    carries: [as-patient]\n"), "medium: ethernet", "medium: screen", 1)},
		{"bare service over protected radio", "T3107", exampleLink + `
interfaces:
  if-wifi:
    title: Radio
    component: co-gateway
    medium: wifi
    purpose: infrastructure
    exposure: local
    encryption: wpa3
  if-hl7:
    title: HL7
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: none
flows:
  fl-a:
    title: A
    from: co-gateway
    to: ac-ward
    over: [if-wifi, if-hl7]
    carries: [as-patient] # want T3107
`},
		{"within one zone", "T3107", strings.ReplaceAll(flow("    encryption: none", "    carries: [as-patient]\n"), "from: ac-ward", "from: co-gateway")},
		{"TLS gives integrity", "T3108", flow("    encryption: tls-1.3\n    integrity: none", "    carries: [as-dose]\n")},
		{"unprotected privacy is no matter of integrity", "T3108", flow("    integrity: none", "    carries: [as-patient]\n")},
		{"signed content", "T3109", flow("    authentication: none", "    carries: [as-dose]\n    authentication: signed-content\n")},
		{"the interface accepts it and has the finding", "T3109", flow("    authentication: none\n    accepts: [as-dose]", "    carries: [as-dose]\n")},
		{"two flows over one clear interface", "T3107", flow("    encryption: none", "    carries: [as-patient] # want T3107\n  fl-b:\n    title: Back\n    from: co-gateway\n    to: ac-ward\n    over: [if-ward]\n    carries: [as-patient]\n")},
		{"two flows over one silent interface", "T3110", flow("", "    carries: [as-dose] # want T3110\n  fl-b:\n    title: Back\n    from: co-gateway\n    to: ac-ward\n    over: [if-ward]\n    carries: [as-dose]\n")},
		{"two flows in clear without interfaces", "T3107", exampleLink + "flows:\n  fl-a:\n    title: A\n    from: co-gateway\n    to: ac-ward\n    encryption: none\n    carries: [as-patient] # want T3107\n  fl-b:\n    title: B\n    from: co-gateway\n    to: ac-ward\n    encryption: none\n    carries: [as-patient] # want T3107\n"},
		{"unstated authentication is another finding", "T3110", flow("    encryption: tls-1.3\n    accepts: [as-dose]", "    carries: [as-dose]\n")},
		{"nothing at all stated", "T3110", flow("", "    carries: [as-dose] # want T3110\n")},
		{"none is an answer", "T3110", flow("    encryption: none\n    integrity: none\n    authentication: none", "    carries: [as-dose, as-patient]\n")},
		{"neither personal nor care", "T3110", flow("", "")},

		{"personal data alone matters not here", "T3201", port("    medium: ethernet\n    exposure: site\n    authentication: none\n    accepts: [as-patient]\n")},
		{"internal", "T3201", port("    medium: internal\n    exposure: internal\n    authentication: none\n    accepts: [as-dose]\n")},
		{"presence at a network port", "T3201", port("    medium: ethernet\n    exposure: site\n    authentication: physical-presence # want T3201\n    accepts: [as-dose]\n")},
		{"presence at a reader", "T3201", port("    medium: nfc\n    exposure: local\n    authentication: physical-presence\n    accepts: [as-dose]\n")},
		{"device is the client", "T3201", port("    medium: ethernet\n    direction: out\n    exposure: site\n    authentication: server-tls\n    accepts: [as-dose]\n")},
		{"justified", "T3201", port("    medium: ethernet\n    exposure: site\n    authentication: none\n    accepts: [as-dose]\n    justification: Only an offer.\n")},
		{"off", "T3201", port("    medium: ethernet\n    exposure: site\n    state: disabled\n    authentication: none\n    accepts: [as-dose]\n")},
		{"accepts nothing", "T3202", port("    medium: ethernet\n    exposure: site\n")},
		{"none is an answer", "T3202", port("    medium: ethernet\n    exposure: site\n    authentication: none\n    accepts: [as-dose]\n")},
		{"presence stated", "T3203", port("    medium: keyboard\n    exposure: physical\n    authentication: physical-presence\n    accepts: [as-dose]\n")},
		{"media have a rule of their own", "T3203", port("    medium: removable-media\n    exposure: physical\n    authentication: none\n    accepts: [as-dose]\n")},
		{"signature", "T3204", port("    medium: removable-media\n    exposure: physical\n    authentication: none\n    integrity: signature\n    accepts: [as-dose]\n")},
		{"nobody asked and nothing said of the content", "T3205", port("    medium: removable-media\n    exposure: physical\n    accepts: [as-dose]\n")},
		{"enterprise", "T3206", port("    medium: wifi\n    exposure: local\n    authentication: wpa2-enterprise\n")},
		{"open network", "T3206", port("    medium: wifi\n    exposure: local\n    authentication: none # want T3206\n")},
		{"one control and the surroundings", "T3207", port("    medium: ethernet\n    exposure: site\n    accepts: [as-dose] # want T3207\n    controls: [ct-a, ct-b]\n") +
			"controls:\n  ct-a:\n    title: A\n    priority: protective\n  ct-b:\n    title: Firewall of the ward\n    priority: protective\n    by: environment\n"},
		{"one at the interface, one at the boundary", "T3207", port("    medium: ethernet\n    exposure: site\n    accepts: [as-dose]\n    controls: [ct-a]\n    peers: [ac-ward]\n") +
			"boundaries:\n  b-a:\n    title: Net\n    between: [z-device, z-ward]\n    enforced-by: [ct-b]\ncontrols:\n  ct-a:\n    title: A\n    priority: protective\n  ct-b:\n    title: B\n    priority: protective\n"},
		{"the same control twice is one", "T3207", port("    medium: ethernet\n    exposure: site\n    accepts: [as-dose] # want T3207\n    controls: [ct-a]\n") +
			"controls:\n  ct-a:\n    title: A\n    priority: protective\n    protects: [if-a, co-gateway]\n"},

		{"link needs no port", "T3211", port("    medium: wifi\n    purpose: infrastructure\n    protocol: 802.11ax\n    direction: out\n    exposure: local\n    peers: [ac-ward]\n")},
		{"screen needs no protocol", "T3211", port("    medium: screen\n    purpose: user\n    exposure: physical\n    peers: [ac-ward]\n")},
		{"off needs nothing", "T3211", port("    medium: ethernet\n    exposure: site\n    state: disabled\n")},
		{"highest port", "T3212", port("    medium: ethernet\n    exposure: site\n    port: 65535\n")},
		{"port zero", "T3212", port("    medium: ethernet\n    exposure: site\n    port: 0 # want T3212\n")},
		{"declared on a part", "T3213", exampleZones + `
components:
  os-a:
    title: OS
    type: operating-system
    zone: z-device
    listens: [tcp/443]
  svc-a:
    title: Service
    type: service
    part-of: os-a
interfaces:
  if-a:
    title: Web
    component: svc-a
    medium: ethernet
    transport: tcp
    port: 443
    direction: in
    exposure: site
`},
		{"declared on a sibling only", "T3213", exampleZones + `
components:
  os-a:
    title: OS
    type: operating-system
    zone: z-device
  svc-a:
    title: Service
    type: service
    part-of: os-a
  svc-b:
    title: Another
    type: service
    part-of: os-a
    listens:
      - tcp/443 # want T3213
interfaces:
  if-a:
    title: Web
    component: svc-a
    medium: ethernet
    transport: tcp
    port: 443
    direction: in
    exposure: site
`},
		{"outward port is no listener", "T3213", exampleZones + `
components:
  svc-a:
    title: Service
    type: service
    zone: z-device
    listens: [tcp/443] # want T3213
interfaces:
  if-a:
    title: Web
    component: svc-a
    medium: ethernet
    transport: tcp
    port: 443
    direction: out
    exposure: site
`},
		{"interface without a port", "T3213", exampleZones + "components:\n  svc-a:\n    title: S\n    type: service\n    zone: z-device\n    listens: [tcp/443]\ninterfaces:\n  if-a:\n    title: Web\n    component: svc-a\n    medium: ethernet\n    exposure: site\n"},
		{"wrong port is one finding", "T3214", exampleZones + "components:\n  svc-a:\n    title: S\n    type: service\n    zone: z-device\n    listens: [tcp/443]\ninterfaces:\n  if-a:\n    title: Web\n    component: svc-a\n    medium: ethernet\n    transport: tcp\n    port: 444\n    direction: in\n    exposure: site\n"},
		{"nothing listed", "T3214", port("    medium: ethernet\n    transport: tcp\n    port: 443\n    direction: in\n    exposure: site\n")},
		{"cloud may be on the internet", "T3216", "zones:\n  z-cloud:\n    title: Cloud\n    trust: managed\ncomponents:\n  cl-a:\n    title: Cloud\n    type: cloud\n    zone: z-cloud\ninterfaces:\n  if-a:\n    title: API\n    component: cl-a\n    medium: virtual\n    direction: in\n    exposure: internet\n"},

		{"service-only", "T3221", port("    medium: debug\n    exposure: physical\n    state: service-only\n")},
		{"by purpose", "T3221", port("    medium: serial\n    purpose: debug\n    exposure: physical\n    state: enabled # want T3221\n")},
		{"outward service", "T3222", port("    medium: ethernet\n    purpose: service\n    direction: out\n    exposure: internet\n")},
		{"ftp in TLS", "T3224", port("    medium: ethernet\n    protocol: ftp\n    exposure: site\n    encryption: tls-1.2\n")},
		{"https", "T3224", port("    medium: ethernet\n    protocol: https/1.1\n    exposure: site\n")},
		{"http behind https", "T3224", port("    medium: ethernet\n    protocol: https, http/1.1\n    exposure: site\n")},
		{"plain http", "T3224", port("    medium: ethernet\n    protocol: http/1.1 # want T3224\n    exposure: site\n")},
		{"snmp 2 in a tunnel", "T3224", port("    medium: ethernet\n    protocol: snmp-v2c # want T3224\n    exposure: site\n    encryption: ipsec\n")},
		{"snmp 3", "T3224", port("    medium: ethernet\n    protocol: snmpv3\n    exposure: site\n")},
		{"smb 1", "T3224", port("    medium: ethernet\n    protocol: SMBv1 # want T3224\n    exposure: site\n")},
		{"smb 3 with 1 off", "T3224", port("    medium: ethernet\n    protocol: smb 3.1.1 (SMB 1 disabled)\n    exposure: site\n    encryption: smb-3 aes-128-gcm\n")},
		{"sftp", "T3224", port("    medium: ethernet\n    protocol: sftp\n    exposure: site\n")},
		{"telnet inside", "T3224", port("    medium: internal\n    protocol: telnet\n    exposure: internal\n")},

		{"function needs no confidentiality", "T3301", "assets:\n  as-a:\n    title: A\n    type: function\n    integrity: high\n    availability: high\n    affects: [therapy]\n"},
		{"not stated is not none", "T3302", "assets:\n  as-a:\n    title: A\n    type: data\n    personal-data: health\n"},
		{"security alone", "T3303", "assets:\n  as-a:\n    title: A\n    type: data\n    integrity: low\n    affects: [security]\n"},
		{"alarm with none", "T3303", "assets:\n  as-a:\n    title: A\n    type: function\n    integrity: none # want T3303\n    affects: [privacy, alarm]\n"},
		{"function in a right", "T3305", exampleSides + "flows:\n  fl-a:\n    title: A\n    from: co-gateway\n    to: ac-ward\nassets:\n  as-a:\n    title: A\n    type: function\npermissions:\n  pm-a:\n    title: P\n    allows: [as-a]\n"},
		{"data in a right alone", "T3305", exampleSides + "flows:\n  fl-a:\n    title: A\n    from: co-gateway\n    to: ac-ward\nassets:\n  as-a: # want T3305\n    title: A\n    type: data\npermissions:\n  pm-a:\n    title: P\n    allows: [as-a]\n"},

		{"not personal", "T3311", store("    holds: [as-dose]\n    encryption: none\n")},
		{"inside the chip", "T3311", store("    holds: [as-patient]\n    encryption: inside the chip\n")},
		{"not known", "T3311", store("    holds: [as-patient]\n")},
		{"privacy alone", "T3312", store("    holds: [as-patient]\n    integrity: none\n")},
		{"none is an answer", "T3313", store("    holds: [as-patient]\n    encryption: none\n")},
		{"no personal data", "T3314", store("    holds: [as-dose]\n")},
		{"unknown need", "T3315", strings.Replace(store("    holds: [as-dose]\n"), "st-a:", "st-a: # want T3315", 1)},

		{"last day of support", "T3402", "components:\n  soup-a:\n    title: A\n    type: soup\n    support-until: 2026-11-22\n"},
		{"day after", "T3402", "components:\n  soup-a:\n    title: A\n    type: soup\n    support-until: 2026-11-21 # want T3402\n"},
		{"already over is another finding", "T3403", "components:\n  soup-a:\n    title: A\n    type: soup\n    support-until: 2026-11-21\n"},
		{"first day outside", "T3403", "components:\n  soup-a:\n    title: A\n    type: soup\n    support-until: 2027-05-22\n"},
		{"no period", "T3404", device("MDR", "I") + "components:\n  soup-a:\n    title: A\n    type: soup\n    support-until: 2027-05-22\n"},
	} {
		m.run(t)
	}
}

// badExample is the bad example of a rule with pairs of texts replaced.
func badExample(t *testing.T, code string, pairs ...string) string {
	t.Helper()
	r := Find(code)
	if r == nil {
		t.Fatalf("no rule %s", code)
	}
	return strings.NewReplacer(pairs...).Replace(r.Bad)
}

// TestArchitectureQuestions puts each question to an empty file and to the good
// example of its rule, and to files where another rule has the finding.
func TestArchitectureQuestions(t *testing.T) {
	const zones = "zones:\n  z-a:\n    title: A\n    trust: device\n"
	const board = "components:\n  hw-a:\n    title: Board\n    type: hardware\n"
	for _, q := range []asked{
		{name: "empty", question: "architecture.components", text: zones, want: check.Unanswered, missing: "no component"},
		{name: "empty", question: "architecture.interfaces", text: board, want: check.Unanswered, missing: "no interface"},
		{name: "empty", question: "architecture.flows", text: board, want: check.Unanswered, missing: "no flow"},
		{name: "no zones", question: "architecture.boundaries", text: board, want: check.Unanswered, missing: "no zone"},
		{name: "zones only", question: "architecture.boundaries", text: zones, want: check.Unanswered, missing: "no trust boundary"},
		{name: "empty", question: "architecture.assets", text: board, want: check.Unanswered, missing: "no asset"},
		{name: "hardware only", question: "architecture.soup", text: board, want: check.Unanswered, missing: "soup"},
		{name: "no interfaces", question: "architecture.defence-in-depth", text: board, want: check.Unanswered, missing: "no interface", elsewhere: true},
		{name: "no way in", question: "architecture.defence-in-depth", text: exampleFlow, want: check.Satisfied, by: 1},
		{name: "bare way in", question: "architecture.defence-in-depth", text: exampleFlow + "    accepts: [as-dose]\n", want: check.Unanswered, missing: "no control", elsewhere: true},
		{name: "no flows", question: "data.in-transit", text: board, want: check.Unanswered, missing: "no flow", elsewhere: true},
		{name: "only harmless flows", question: "data.in-transit", text: exampleSides + "flows:\n  fl-a:\n    title: A\n    from: co-gateway\n    to: ac-ward\n", want: check.Satisfied, by: 1},
		{name: "no zones", question: "data.in-transit", text: board + exampleAssets + "flows:\n  fl-a:\n    title: A\n    from: hw-a\n    to: hw-a\n    carries: [as-dose]\n", want: check.Partial, missing: "no zone", elsewhere: true},
		{name: "no stores", question: "data.at-rest", text: board, want: check.Unanswered, missing: "no store"},
		{name: "no stores", question: "data.erasure", text: board, want: check.Unanswered, missing: "no store", elsewhere: true},
		{name: "no stores", question: "data.backup", text: board, want: check.Unanswered, missing: "no store", elsewhere: true},
		{name: "nothing personal kept", question: "data.erasure", text: exampleLink + "stores:\n  st-a:\n    title: A\n    component: co-gateway\n    holds: [as-dose]\n", want: check.Satisfied, by: 1},
		{name: "no code", question: "platform.boot", text: board, want: check.Unanswered, missing: "no firmware"},
		{name: "software as a device", question: "platform.boot", text: device("MDR", "IIa", "facts:", "  is-software: true"), want: check.Satisfied, by: 1},
		{name: "no hardening", question: "platform.hardening", text: board, want: check.Unanswered, missing: "sahd", elsewhere: true},
		{name: "hardening but no interfaces", question: "platform.hardening", text: "controls:\n  ct-a:\n    title: A\n    priority: design\n    capabilities: [sahd]\n", want: check.Partial, missing: "no interface", elsewhere: true},
	} {
		q.run(t)
	}
	for _, name := range []string{
		"architecture.components", "architecture.interfaces", "architecture.flows", "architecture.boundaries", "architecture.assets",
		"architecture.soup", "architecture.defence-in-depth", "data.in-transit", "data.at-rest", "data.erasure", "data.backup",
		"platform.boot", "platform.hardening",
	} {
		asked{name: "good example", question: name, text: asking(t, name).Good, want: check.Satisfied}.run(t)
	}
}

// TestFeatures asks for each on-device capability without a control, with a bare
// one, and with one that a requirement implements.
func TestFeatures(t *testing.T) {
	for _, v := range model.Feature("").Values() {
		control := "controls:\n  ct-a:\n    title: A\n    priority: design\n    features: [" + v.Name + "]\n"
		requirement := "requirements:\n  rq-a:\n    title: R\n    text: It does.\n    implements: [ct-a]\n"
		q := "feature." + v.Name
		asked{name: "none", question: q, text: "assets: {}\n", want: check.Unanswered, missing: v.Name}.run(t)
		asked{name: "bare", question: q, text: control, want: check.Partial, missing: "ct-a", elsewhere: true}.run(t)
		asked{name: "implemented", question: q, text: control + requirement, want: check.Satisfied, by: 1}.run(t)
	}
}

func each(n int, format string) string {
	var b strings.Builder
	for k := range n {
		fmt.Fprintf(&b, format, k)
	}
	return b.String()
}

// BenchmarkHub runs the rules of architecture, access and cryptography over
// files in which many entities all point at the same few: eight times the
// entities may take about eight times as long.
func BenchmarkHub(b *testing.B) {
	for _, n := range []int{1000, 8000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkHub(b, n) })
	}
}

func benchmarkHub(tb *testing.B, n int) {
	var b strings.Builder
	b.WriteString(exampleLink)
	b.WriteString("controls:\n")
	for k := range n {
		fmt.Fprintf(&b, "  ct-%d:\n    title: C\n    priority: design\n    by: environment\n    protects: [co-gateway]\n", k)
	}
	b.WriteString("interfaces:\n")
	for k := range n {
		fmt.Fprintf(&b, "  if-%d:\n    title: I\n    component: co-gateway\n    medium: ethernet\n    exposure: site\n    peers: [ac-ward]\n    accepts: [as-dose]\n", k)
	}
	b.WriteString("flows:\n")
	for k := range n {
		fmt.Fprintf(&b, "  fl-%d:\n    title: F\n    from: ac-ward\n    to: co-gateway\n    over: [if-%d]\n    carries: [as-dose, as-patient]\n", k, k)
	}
	// One interface with many peers, assets and flows.
	b.WriteString("  fl-hub:\n    title: F\n    from: ac-ward\n    to: co-gateway\n    carries: [as-dose]\n")
	text := strings.Replace(b.String(), "interfaces:\n", "interfaces:\n  if-hub:\n    title: Hub\n    component: co-gateway\n    medium: ethernet\n    exposure: site\n    peers:\n"+each(n, "      - ac-%d\n")+"    accepts:\n"+each(n, "      - as-%d\n"), 1)
	text = strings.Replace(text, "actors:\n", "actors:\n"+each(n, "  ac-%d:\n    title: A\n    type: system\n    zone: z-ward\n"), 1)
	text = strings.Replace(text, "assets:\n", "assets:\n"+each(n, "  as-%d:\n    title: A\n    type: data\n"), 1)
	text += each(n, "  fl-hub-%d:\n    title: F\n    from: ac-ward\n    to: co-gateway\n    over: [if-hub]\n    carries: [as-dose]\n")
	file, findings := load(tb, text)
	if len(findings) > 0 {
		tb.Fatal(findings[0].Message)
	}
	var own []*check.Rule
	for _, r := range All() {
		if strings.HasPrefix(r.Code, "T3") || strings.HasPrefix(r.Code, "T4") || strings.HasPrefix(r.Code, "T5") {
			own = append(own, r)
		}
	}
	for tb.Loop() {
		if result := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: own, Today: today}); len(result.Findings) < n {
			tb.Fatalf("%d findings, expected at least one for each interface", len(result.Findings))
		}
	}
}
