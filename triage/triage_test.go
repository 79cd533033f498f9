package triage

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

var today = day1("2026-11-22")

func day1(text string) model.Date {
	d, err := model.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// pump is a device with a library that parses what comes in by the network.
const pump = `
product:
  name: Example pump
  regulation: MDR
  class: IIb
zones:
  zone-device: {title: Device, trust: device}
  zone-site: {title: Hospital network, trust: site}
boundaries:
  bd-lan: {title: LAN socket, between: [zone-device, zone-site]}
components:
  board: {title: Control board, type: hardware, zone: zone-device, safety: true}
  linux: {title: Linux, type: operating-system, part-of: board}
  openssl:
    title: OpenSSL
    type: soup
    part-of: linux
    packages: ["pkg:deb/debian/openssl", "pkg:deb/debian/libssl*"]
actors:
  his: {title: Hospital information system, type: system, zone: zone-site}
interfaces:
  if-hl7:
    title: HL7 port
    component: board
    medium: ethernet
    exposure: site
    port: 2575
    transport: tcp
    accepts: [as-orders]
flows:
  fl-orders: {title: Orders, from: his, to: board, over: [if-hl7], carries: [as-orders]}
assets:
  as-orders: {title: Orders, type: data, harms: [hm-overdose]}
hazards:
  hz-drug: {title: Wrong amount of drug}
situations:
  st-rate: {title: Wrong rate, hazard: hz-drug, harms: [hm-overdose]}
harms:
  hm-overdose: {title: Overdose, severity: critical}
  hm-privacy: {title: Data lost, severity: minor}
threats:
  th-forge: {title: Forged order, category: tampering, targets: [if-hl7], leads-to: [st-rate]}
  th-other: {title: Camera, category: disclosure}
`

// read loads a security file of several files.
func read(t testing.TB, texts ...string) *model.File {
	t.Helper()
	dir := t.TempDir()
	for i, text := range texts {
		name := "theriac.yaml"
		if i > 0 {
			name = "more" + string(rune('0'+i)) + ".yaml"
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, findings, err := (&model.Loader{}).Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Fatalf("%s %s %s", f.Span, f.Code, f.Message)
	}
	return file
}

// openssl is a finding in a package of Debian.
func openssl() Finding {
	return Finding{
		ID: "DSA-5764-1", Aliases: []string{"CVE-2024-6119"},
		Component: Component{PURL: "pkg:deb/debian/libssl3@3.0.11-1?arch=arm64&distro=debian-12&upstream=openssl", Name: "libssl3", Version: "3.0.11-1"},
		Range:     "before 3.0.14-1", Ranges: RangesDigest([]string{"DSA-5764-1 0 3.0.14-1"}), Fixed: []string{"3.0.14-1~deb12u2"},
		Severity: "high", CVSS: []string{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}, EPSS: "0.02",
	}
}

// decision is a decision about it, with what was known; edits replace parts of it.
func decision(edits ...string) string {
	f := openssl()
	text := `
decisions:
  vx-tls:
    title: CVE-2024-6119 in OpenSSL
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: ">=3.0.11 <3.0.14-1"
    status: not-affected
    justification: vulnerable-code-not-in-execute-path
    reason: The pump checks no names in certificates of clients.
    by: PSIRT
    date: 2026-11-01
    known:
      ranges: ` + f.Ranges + `
      exploited: false
      epss: "0.02"
      cvss: ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"]
      fixed: [3.0.14-1~deb12u2]
`
	return strings.NewReplacer(edits...).Replace(text)
}

// kinds are the reasons of a verdict.
func kinds(v Verdict) []Reopening {
	var list []Reopening
	for _, r := range v.Reasons {
		list = append(list, r.Kind)
	}
	return list
}

// TestReopen: each thing that changes opens the decision again, alone and by its name.
func TestReopen(t *testing.T) {
	file := read(t, pump)
	exposure := ReachOf(file, openssl().Component).Exposure()
	for name, c := range map[string]struct {
		edits   []string
		change  func(*Finding)
		release string
		want    Reopening
		says    string
	}{
		"holds":             {},
		"version":           {change: func(f *Finding) { f.Component.Version = "3.0.14-1" }, want: VersionOutside, says: "it holds for >=3.0.11 <3.0.14-1, and version 3.0.14-1 is there"},
		"debian order":      {change: func(f *Finding) { f.Component.Version = "3.0.14-1~deb12u1" }},
		"version unknown":   {change: func(f *Finding) { f.Component.Version = "" }, want: VersionOutside, says: "cannot be told"},
		"no versions":       {edits: []string{`    versions: ">=3.0.11 <3.0.14-1"` + "\n", ""}, want: VersionOutside, says: "does not say for which versions"},
		"versions found":    {edits: []string{`    versions: ">=3.0.11 <3.0.14-1"` + "\n", "", "known:\n", "known:\n      versions: [3.0.11-1]\n"}},
		"other than found":  {edits: []string{`    versions: ">=3.0.11 <3.0.14-1"` + "\n", "", "known:\n", "known:\n      versions: [3.0.11-2]\n"}, want: VersionOutside},
		"bad range":         {edits: []string{`">=3.0.11 <3.0.14-1"`, `">= <3"`}, want: VersionOutside, says: "cannot be read"},
		"range":             {change: func(f *Finding) { f.Ranges = RangesDigest([]string{"DSA-5764-1 0 3.0.15-1"}) }, want: RangeChanged},
		"exploited":         {change: func(f *Finding) { f.KEV = true }, want: NowExploited},
		"exploited then":    {edits: []string{"exploited: false", "exploited: true"}, change: func(f *Finding) { f.KEV = true }},
		"epss a little":     {change: func(f *Finding) { f.EPSS = "0.09" }},
		"epss falls":        {change: func(f *Finding) { f.EPSS = "0.01" }},
		"epss step":         {change: func(f *Finding) { f.EPSS = "0.12" }, want: MoreLikely, says: "rose from 0.02 to 0.12"},
		"epss limit":        {edits: []string{`epss: "0.02"`, `epss: "0.06"`}, change: func(f *Finding) { f.EPSS = "0.1" }, want: MoreLikely, says: "above the limit"},
		"epss not then":     {edits: []string{`      epss: "0.02"` + "\n", ""}, change: func(f *Finding) { f.EPSS = "0.2" }, want: MoreLikely, says: "from none to 0.2"},
		"cvss":              {change: func(f *Finding) { f.CVSS = []string{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"} }, want: CVSSChanged},
		"cvss gone":         {change: func(f *Finding) { f.CVSS = nil }, want: CVSSChanged, says: "and are none"},
		"fix":               {change: func(f *Finding) { f.Fixed = append(f.Fixed, "3.0.15-1") }, want: NowFixed, says: "3.0.15-1"},
		"support":           {edits: []string{"known:\n", "known:\n      support: 2028-06-10\n"}, change: func(f *Finding) { f.Support = "2027-06-10" }, want: SupportChanged, says: "was 2028-06-10 and is 2027-06-10"},
		"support longer":    {edits: []string{"known:\n", "known:\n      support: 2027-06-10\n"}, change: func(f *Finding) { f.Support = "2028-06-10" }},
		"support to come":   {change: func(f *Finding) { f.Support = "2027-06-10" }},
		"support ended":     {change: func(f *Finding) { f.Support = "2026-11-20" }, want: SupportChanged, says: "ended on 2026-11-20"},
		"support long gone": {edits: []string{"known:\n", "known:\n      support: 2026-06-10\n"}, change: func(f *Finding) { f.Support = "2026-06-10" }},
		"exposure":          {edits: []string{"known:\n", "known:\n      exposure: 0123456789abcdef0123456789abcdef\n"}, want: ExposureChanged},
		"same exposure":     {edits: []string{"known:\n", "known:\n      exposure: " + exposure + "\n"}},
		"expired":           {edits: []string{"    known:\n", "    expires: 2026-11-21\n    known:\n"}, want: Expired},
		"last day":          {edits: []string{"    known:\n", "    expires: 2026-11-22\n    known:\n"}},
		"identity":          {edits: []string{"pkg:deb/debian/openssl", "pkg:generic/openssl"}, want: IdentityChanged, says: "it is about pkg:generic/openssl"},
		"release":           {edits: []string{"    status:", "    releases: \">=1.2 <2\"\n    status:"}, release: "2.0.0", want: ReleaseOutside},
		"release before":    {edits: []string{"    status:", "    releases: \">=1.2 <2\"\n    status:"}, release: "2.0.0-rc.1"},
		"product line":      {edits: []string{"    status:", "    releases: \">=1.2 <2\"\n    status:"}, release: "1.10.0"},
		"no release":        {edits: []string{"    status:", "    releases: \">=1.2 <2\"\n    status:"}, want: ReleaseOutside, says: "cannot be told"},
	} {
		t.Run(name, func(t *testing.T) {
			f := openssl()
			if c.change != nil {
				c.change(&f)
			}
			v := NewJudge(read(t, pump, decision(c.edits...)), today).Apply(c.release, []Finding{f})[0]
			if v.Decision == nil || v.Decision.ID != "vx-tls" {
				t.Fatalf("decision %v", v.Decision)
			}
			if c.want == "" {
				if v.Status != Decided || len(v.Reasons) > 0 {
					t.Errorf("%s for %v", v.Status, v.Reasons)
				}
				return
			}
			if v.Status != Reopened || !slices.Equal(kinds(v), []Reopening{c.want}) || !strings.Contains(v.Reasons[0].Text, c.says) {
				t.Errorf("%s for %v; want %s %q", v.Status, v.Reasons, c.want, c.says)
			}
		})
	}
}

// TestApply: what is about a finding, and which of several decisions counts.
func TestApply(t *testing.T) {
	apply := func(text string, f Finding) Verdict {
		return NewJudge(read(t, pump, text), today).Apply("1.3", []Finding{f})[0]
	}
	f := openssl()
	if v := apply("\n", f); v.Status != Open || v.Decision != nil {
		t.Errorf("without decisions: %s", v.Status)
	}
	if v := apply(decision("CVE-2024-6119\n    packages", "dsa-5764-1\n    packages"), f); v.Status != Decided {
		t.Errorf("by alias without case: %s", v.Status)
	}
	if v := apply(decision("CVE-2024-6119\n    packages", "CVE-2024-6118\n    packages"), f); v.Status != Open {
		t.Errorf("other vulnerability: %s", v.Status)
	}
	if v := apply(decision("pkg:deb/debian/openssl", "pkg:deb/debian/curl"), f); v.Status != Open {
		t.Errorf("other component: %s", v.Status)
	}
	if v := apply(decision("not-affected\n    justification: vulnerable-code-not-in-execute-path", "under-investigation"), f); v.Status != UnderInvestigation || v.Settled() {
		t.Errorf("under investigation: %s", v.Status)
	}
	gone := f
	gone.Withdrawn = true
	if v := apply(decision(), gone); v.Status != Obsolete || v.Decision == nil || !v.Settled() {
		t.Errorf("withdrawn: %s", v.Status)
	}

	second := strings.Replace(decision("vx-tls", "vx-later", "2026-11-01", "2026-11-10"), "\ndecisions:\n", "", 1)
	if v := apply(decision()+second, f); v.Decision.ID != "vx-later" || v.Status != Decided {
		t.Errorf("the newer of two that hold: %s", v.Decision.ID)
	}
	expired := strings.Replace(second, "    known:\n", "    expires: 2026-11-11\n    known:\n", 1)
	if v := apply(decision()+expired, f); v.Decision.ID != "vx-later" || v.Status != Reopened {
		t.Errorf("an older decision excuses one that expired: %s %s", v.Decision.ID, v.Status)
	}
	same := strings.Replace(expired, "2026-11-10", "2026-11-01", 1)
	if v := apply(decision()+same, f); v.Decision.ID != "vx-tls" || v.Status != Decided {
		t.Errorf("of one day the one that holds goes first: %s %s", v.Decision.ID, v.Status)
	}
	narrow := strings.Replace(second, "<3.0.14-1", "<2", 1)
	if v := apply(decision()+narrow, f); v.Decision.ID != "vx-tls" || v.Status != Decided {
		t.Errorf("a newer one about other versions leaves the older: %s %s", v.Decision.ID, v.Status)
	}
	exploited := f
	exploited.KEV = true
	absent := "  vx-absent:\n    title: All\n    vulnerability: \"*\"\n    packages: [\"pkg:deb/*\"]\n    status: not-affected\n    justification: component-not-present\n" +
		"    reason: None of them is on the device.\n    by: PSIRT\n    date: 2026-10-01\n"
	if v := apply(decision()+absent, exploited); v.Decision.ID != "vx-tls" || v.Status != Reopened {
		t.Errorf("an older decision about everything excuses one that is open again: %s %s", v.Decision.ID, v.Status)
	}
}

// TestAnyVulnerability: what is not in the product needs one decision for all.
func TestAnyVulnerability(t *testing.T) {
	const absent = `
decisions:
  vx-x11:
    title: X11
    vulnerability: "*"
    packages: ["pkg:deb/debian/libx11-*"]
    status: not-affected
    justification: component-not-present
    reason: The packages are in the build image and not on the device.
    by: PSIRT
    date: 2026-11-01
`
	f := Finding{ID: "CVE-2023-3138", Component: Component{PURL: "pkg:deb/debian/libx11-6@2:1.8.4-2", Version: "2:1.8.4-2"}, KEV: true, Ranges: "x"}
	if v := NewJudge(read(t, pump, absent), today).Apply("", []Finding{f})[0]; v.Status != Decided {
		t.Errorf("%s %v", v.Status, v.Reasons)
	}
	weak := strings.Replace(absent, "component-not-present", "vulnerable-code-not-in-execute-path", 1)
	if v := NewJudge(read(t, pump, weak), today).Apply("", []Finding{f})[0]; v.Status != Open {
		t.Errorf("another justification cannot stand for every vulnerability: %s", v.Status)
	}
	for _, all := range []string{"pkg:*", "*", "pkg:*/*"} {
		file := read(t, pump, strings.Replace(absent, `["pkg:deb/debian/libx11-*"]`, `["pkg:deb/debian/libx11-*", "`+all+`"]`, 1))
		j := NewJudge(file, today)
		if v := j.Apply("", []Finding{f})[0]; v.Status != Open || v.Decision != nil {
			t.Errorf("%s: a decision about everything settles a finding: %s", all, v.Status)
		}
		if why := j.Holds(file.Decisions[0], "", f); len(why) != 1 || !strings.Contains(why[0].Text, "needs real components") {
			t.Errorf("%s: it is not said why: %v", all, why)
		}
	}
}

// TestReach: from the library to the board, its port, the orders, the threat and the harm.
func TestReach(t *testing.T) {
	r := ReachOf(read(t, pump), openssl().Component)
	var got []string
	add := func(e model.Entity) { got = append(got, model.Of(e).ID) }
	for _, e := range r.Components {
		add(e)
	}
	for _, e := range r.Interfaces {
		add(e)
	}
	for _, e := range r.Flows {
		add(e)
	}
	for _, e := range r.Boundaries {
		add(e)
	}
	for _, e := range r.Threats {
		add(e)
	}
	for _, e := range r.Assets {
		add(e)
	}
	for _, e := range r.Situations {
		add(e)
	}
	for _, e := range r.Harms {
		add(e)
	}
	want := "board linux openssl if-hl7 fl-orders bd-lan th-forge as-orders st-rate hm-overdose"
	if s := strings.Join(got, " "); s != want || r.Safety != model.Yes {
		t.Errorf("got %s, safety %s; want %s", s, r.Safety, want)
	}
	if none := ReachOf(read(t, pump), Component{PURL: "pkg:npm/left-pad@1.0.0"}); none.Known() || none.Exposure() != "" {
		t.Errorf("what nothing stands for has no reach that is known: %+v", none)
	}
	before := r.Exposure()
	for edit, same := range map[string]bool{
		"title: HL7 port=title: HL7 socket": true, "exposure: site=exposure: internet": false, "between: [zone-device, zone-site]=between: [zone-site, zone-device]": true,
		"port: 2575=port: 2576": false, "over: [if-hl7], =": false,
	} {
		old, changed, _ := strings.Cut(edit, "=")
		if now := ReachOf(read(t, strings.Replace(pump, old, changed, 1)), openssl().Component).Exposure(); (now == before) != same {
			t.Errorf("%s: exposure is the same: %t, want %t", edit, now == before, same)
		}
	}
}

func TestUnusedAndUrgency(t *testing.T) {
	file := read(t, pump, decision())
	v := NewJudge(file, today).Apply("", []Finding{openssl()})
	if len(Unused(file, v)) != 0 || len(Unused(file, nil)) != 1 {
		t.Error("unused decisions are not told")
	}
	low, exploited, unrated := openssl(), openssl(), openssl()
	low.Severity, exploited.Severity, exploited.KEV, unrated.Severity = "low", "low", true, ""
	list := []Verdict{{Finding: low, Status: Decided}, {Finding: low, Status: Open}, {Finding: unrated, Status: Open}, {Finding: exploited, Status: Open}}
	slices.SortFunc(list, Urgency)
	if !list[0].Finding.KEV || list[1].Finding.Severity != "" || list[2].Finding.Severity != "low" || list[3].Status != Decided {
		t.Errorf("%+v", list)
	}
}
