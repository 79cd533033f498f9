package techdoc

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/document"
	"theriac/evidence"
	"theriac/locale"
	"theriac/model"
	"theriac/policy"
)

// disclosureOf reads a security file for the form, without the findings about it.
func disclosureOf(t *testing.T, dir string) *disclosure {
	t.Helper()
	day, err := model.ParseDate("2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || file.Product == nil {
		t.Fatal(err, findings)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	proof, err := check.ReadProof(t.Context(), file, root.FS(), day, &evidence.Hashes{})
	if err != nil {
		t.Fatal(err)
	}
	english, err := locale.Open("en", nil)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{File: file, Catalog: catalog.Load(), Proof: proof, Release: check.CurrentRelease(file, day), Day: day, Files: root.FS()}
	return newDisclosure(&Book{Input: in, Lang: english, Policy: policy.Compile(file), set: &document.Set{}})
}

func exampleDisclosure(t *testing.T, name string) *disclosure {
	t.Helper()
	return disclosureOf(t, filepath.Join("..", "examples", name))
}

// again is the form after the security file was changed in memory.
func (d *disclosure) again() *disclosure {
	d.Policy = policy.Compile(d.File)
	return newDisclosure(d.Book)
}

// disclosureOfText is the form of a security file of a few lines.
func disclosureOfText(t *testing.T, more string) *disclosure {
	t.Helper()
	dir := t.TempDir()
	text := "product:\n  name: Pump\n  regulation: MDR\n  class: IIb\n" + more
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return disclosureOf(t, dir)
}

// ask answers the question with a number.
func (d *disclosure) ask(t *testing.T, id string) mds2Reply {
	t.Helper()
	for _, s := range mds2().Sections {
		for _, q := range s.Questions {
			if q.ID == id {
				return d.answer(s, q)
			}
		}
	}
	t.Fatalf("there is no question %s", id)
	return mds2Reply{}
}

// entered is what a test expects: the answer, "open" where it is open.
func (r mds2Reply) entered() string {
	if r.Missing != "" {
		return "open"
	}
	return string(r.Answer)
}

func (r mds2Reply) words() string {
	var lines []string
	for _, n := range r.Notes {
		lines = append(lines, n.String())
	}
	return strings.Join(lines, "\n")
}

// TestMDS2Form: the form has its questions once, each with a rule and its section in
// the catalogue.
func TestMDS2Form(t *testing.T) {
	form := regexp.MustCompile(`^[A-Z]{3,4}-\d+(\.\d+)*$`)
	cat := catalog.Load()
	seen := map[string]bool{}
	for _, s := range mds2().Sections {
		if cat.Entry(mds2Clause(s)) == nil {
			t.Errorf("%s is not in the catalogue", mds2Clause(s))
		}
		if s.Needs != "" && (mds2Needs[s.Needs] == "" || !slices.Contains(model.FactNames(), s.Needs)) {
			t.Errorf("section %s needs %q, which is no fact with a reason", s.Code, s.Needs)
		}
		for _, q := range s.Questions {
			switch {
			case !form.MatchString(q.ID) || !strings.HasPrefix(q.ID, s.Code+"-"):
				t.Errorf("%s: malformed number in section %s", q.ID, s.Code)
			case seen[q.ID]:
				t.Errorf("%s is there twice", q.ID)
			case mds2Rules[q.ID] == nil:
				t.Errorf("%s has no rule", q.ID)
			}
			if at := strings.LastIndexByte(q.ID, '.'); at > 0 && !seen[q.ID[:at]] {
				t.Errorf("%s comes before the question above it", q.ID)
			}
			for _, v := range []string{s.Verified, q.Verified} {
				if v != "secondary" && v != "memory" && (v != "" || s.Verified == "") {
					t.Errorf("%s: verified: %q", q.ID, v)
				}
			}
			seen[q.ID] = true
		}
	}
	if len(seen) != 240 || len(mds2().Sections) != 23 {
		t.Errorf("%d questions in %d sections", len(seen), len(mds2().Sections))
	}
	for id := range mds2Rules {
		if !seen[id] {
			t.Errorf("rule %s has no question", id)
		}
	}
}

// TestMDS2Answers: what a reader of the examples would enter by hand.
func TestMDS2Answers(t *testing.T) {
	tests := map[string][][3]string{ // number, answer, words of the notes
		"infusion-pump": {
			{"DOC-1", "See notes", "Example Infusion Works GmbH"}, {"DOC-4", "See notes", "MDS2-VP4"},
			{"DOC-8", "Yes", "ISO/IEC 29147"}, {"DOC-11", "No", "hardware"}, {"DOC-11.3", "N/A", "DOC-11"},
			{"MPII-1", "Yes", "Infusion history"}, {"MPII-2.8", "No", "cannot be taken out"}, {"MPII-3.2", "No", "prints"},
			{"MPII-3.3", "No", "removable media"}, {"MPII-3.6", "Yes", "Wi-Fi"}, {"MPII-3.7", "No", "outside"},
			{"ALOF-1", "Yes", "After 2 minutes to 5 minutes"}, {"ALOF-2", "See notes", "between 1 and 5 minutes"},
			{"AUDT-2.1", "Yes", "end of a session"}, {"AUDT-3", "open", "choose which events"}, {"AUDT-4.1.1", "Yes", "Time"},
			{"AUDT-5.2", "See notes", "syslog (RFC 5424) over TLS"}, {"AUTH-1.1", "No", "LDAP"}, {"AUTH-2", "Yes", "Clinical supervisor"},
			{"CSUP-2.2", "No", "IT administrator"}, {"CSUP-2.4", "No", "did not sign"}, {"CSUP-4.1", "N/A", "anti-malware"}, {"CSUP-8", "No", "at the pump"},
			{"DIDT-1.1", "N/A", "DICOM"}, {"EMRG-1", "Yes", "Emergency access"}, {"NAUT-1", "Yes", "HL7 orders"}, {"NAUT-2", "Yes", "Packet filter"},
			{"CONN-1.1.1", "Yes", "Wi-Fi"}, {"CONN-1.1.2", "No", "Switched off, or not fitted: Bluetooth"}, {"CONN-1.2.3", "No", "removable media"},
			{"CONN-2", "Yes", "tcp/2575 in"}, {"CONN-7", "Yes", "TLS-1.3"}, {"CONN-8", "No", "no critical right"},
			{"PAUT-3", "Yes", "Five failures lock"}, {"PAUT-8", "Yes", "Nurse or physician"}, {"PAUT-11", "No", ""}, {"PAUT-12", "Yes", "Nurse"},
			{"SBOM-2", "Yes", "CycloneDX 1.6"}, {"SBOM-2.3", "Yes", "have a version"}, {"SAHD-3.2", "Yes", "did not sign"}, {"SAHD-13", "open", "scans"},
			{"STCF-1", "Yes", "aes-256-xts"}, {"TXCF-2", "Yes", "HL7 orders"}, {"TXIG-2", "Yes", "Drop sensor"}, {"RMOT-1", "Yes", "Remote service connection"},
			{"RMOT-1.3", "No", "No personal data"},
		},
		"pcr-analyser": {
			{"DOC-3", "See notes", "Solvane 8"}, {"DOC-9", "See notes", "H-ISAC"}, {"DOC-11", "No", "hardware"},
			{"MPII-2.4", "Yes", "Result database"}, {"MPII-3.2", "Yes", "Printing of reports"}, {"MPII-3.3", "Yes", "Memory stick"},
			{"MPII-3.4", "Yes", "RS-232"}, {"MPII-3.6", "No", "wireless"}, {"MPII-3.9", "No", "common protocols"},
			{"ALOF-1", "Yes", "After 5 minutes to 15 minutes"}, {"ALOF-2", "See notes", "1 to 15 settable"}, {"AUDT-5.1", "Yes", "Memory stick"},
			{"AUTH-1.1", "Yes", "Directory queries"}, {"AUTH-1.2", "open", "group policies"}, {"CSUP-2.2", "No", "Instrument administrator"},
			{"DTBK-3", "Yes", "Memory stick"}, {"DTBK-4", "See notes", "share is configured"}, {"EMRG-1", "Yes", "Emergency run"},
			{"NAUT-1", "See notes", "Run-state web view"}, {"CONN-1.1.1", "No", "Wi-Fi"}, {"CONN-1.1.4", "Yes", "Cartridge tags"},
			{"CONN-1.2.3", "Yes", "Memory stick"}, {"CONN-2", "Yes", "tcp/3100 in"}, {"CONN-4", "Yes", "service hub"}, {"CONN-7", "Yes", "TLS-1.2, TLS-1.3"},
			{"PAUT-2", "Yes", "Directory"}, {"PAUT-3", "See notes", "no lasting lock"}, {"PAUT-8", "Yes", "Remote support engineer"},
			{"PLOK-3", "open", "own key"}, {"SAHD-1", "See notes", "IEC 62443-4-2"}, {"SAHD-15", "See notes", "Boot loader and kernel"},
			{"STCF-1.1", "See notes", "Not encrypted: Assay library"}, {"TXCF-1", "No", "LIS"}, {"TXCF-2", "Yes", "without encryption: ASTM host connection by RS-232"},
			{"TXIG-2", "No", "external cable"}, {"RMOT-1.2", "See notes", "red bar"}, {"RMOT-1.3", "No", "No personal data"},
		},
	}
	for name, list := range tests {
		d := exampleDisclosure(t, name)
		for _, want := range list {
			if r := d.ask(t, want[0]); r.entered() != want[1] || !strings.Contains(r.words(), want[2]) {
				t.Errorf("%s: %s: %s, not %s with %q:\n%s", name, want[0], r.entered(), want[1], want[2], r.words())
			}
		}
	}
}

// TestMDS2Follows: another model gives another answer.
func TestMDS2Follows(t *testing.T) {
	iface := func(d *disclosure, id string) *model.Interface { return d.File.Lookup(id).(*model.Interface) }
	noLogoff := func(d *disclosure) {
		for _, r := range d.File.Roles {
			r.AutoLogoff = model.Duration{}
		}
	}
	tests := []struct {
		name     string
		change   func(d *disclosure)
		id       string
		want     string
		contains string
	}{
		{"no idle time, though a control claims it", noLogoff, "ALOF-1", "open", "It is claimed by: Automatic lock"},
		{"no idle time at all", func(d *disclosure) {
			noLogoff(d)
			for _, c := range d.File.Controls {
				c.Capabilities = nil
			}
		}, "ALOF-1", "No", "No role has an idle time"},
		{"one role without idle time", func(d *disclosure) { d.people[0].AutoLogoff = model.Duration{} }, "ALOF-1", "open", "Nurse or physician"},
		{"an interface without encryption", func(d *disclosure) { iface(d, "if-hl7-orders").Encryption = "none" }, "TXCF-2", "See notes", "Not encrypted: HL7 orders"},
		{"no interface with encryption", func(d *disclosure) {
			for _, i := range d.File.Interfaces {
				i.Encryption = "none"
			}
		}, "TXCF-2", "No", "Not encrypted"},
		{"encryption not stated", func(d *disclosure) { iface(d, "if-fhir").Encryption = "" }, "TXCF-2", "open", "FHIR status"},
		{"another port", func(d *disclosure) { iface(d, "if-hl7-orders").Port = 12575 }, "CONN-2", "Yes", "tcp/12575 in HL7 orders"},
		{"no port", func(d *disclosure) { iface(d, "if-hl7-orders").Port = 0 }, "CONN-2", "open", "port of some services: HL7 orders"},
		{"service mode", func(d *disclosure) { iface(d, "if-fhir").State = "service-only" }, "CONN-2", "Yes", "tcp/8443 in (in service mode) FHIR"},
		{"an event less", func(d *disclosure) {
			d.File.Logging.Records = slices.DeleteFunc(d.File.Logging.Records, func(e model.SecurityEvent) bool { return e == "logout" })
		}, "AUDT-2.1", "See notes", "Not recorded: end of a session"},
		{"no records", func(d *disclosure) { d.File.Logging = nil }, "AUDT-2.1", "open", "which events"},
		{"updates without signature", func(d *disclosure) { d.File.UpdatePolicy.Signed = model.No }, "SAHD-3.2", "No", "not signed"},
		{"updates of unknown signature", func(d *disclosure) { d.File.UpdatePolicy.Signed = model.Unknown }, "CSUP-2.4", "open", "updates of others"},
		{"a shared account", func(d *disclosure) { d.people[0].Shared = model.Yes }, "PAUT-13", "See notes", "several people: Nurse"},
		{"Bluetooth on", func(d *disclosure) { iface(d, "if-bluetooth").State = "enabled" }, "CONN-1.1.2", "Yes", "Bluetooth radio"},
		{"a part of unknown place", func(d *disclosure) { iface(d, "if-bluetooth").Component.To = &model.Component{} }, "CONN-1.2.3", "open", "with the zone of each"},
		{"data of which nobody says whether they are personal", func(d *disclosure) {
			d.File.Lookup("as-diagnostics").(*model.Asset).PersonalData = ""
		}, "MPII-3.7", "open", "personal data: Diagnostic data"},
		{"an unknown other end", func(d *disclosure) { iface(d, "if-fhir").Peers = nil }, "MPII-3.7", "open", "FHIR status"},
		{"no personal data", func(d *disclosure) { d.File.Product.Facts.PersonalData = model.No }, "DIDT-1", "N/A", "no personal data"},
		{"a clause that does not apply", func(d *disclosure) {
			n := &model.NotApplicable{Reason: "Nobody *logs in*."}
			*model.Of(n) = *model.Of(d.File.NotApplicable[0])
			n.ID = "mds2.alof"
			d.File.NotApplicable = append(d.File.NotApplicable, n)
		}, "ALOF-1", "N/A", "Nobody logs in."},
		{"no bill of materials", func(d *disclosure) { d.Release = nil }, "SBOM-2", "open", "bill of materials"},
		{"another bill of materials than the release names", func(d *disclosure) {
			r := *d.Release
			r.SBOM.Digest = "sha256:" + strings.Repeat("0", 64)
			d.Release = &r
		}, "SBOM-2.1", "open", "is not the file of which the release has the digest"},
		{"a bill of materials outside of the folder", func(d *disclosure) {
			r := *d.Release
			r.SBOM.Path = "../bom.json"
			d.Release = &r
		}, "SBOM-2", "open", "not in the folder"},
		{"a port that no interface declares", func(d *disclosure) { d.software[0].Listens = []string{"tcp/23"} }, "SAHD-8", "No", "tcp/23 listens"},
		{"software with its own start", func(d *disclosure) {
			d.File.Lookup("os-vp4").(*model.Component).Boot.Verified = model.No
		}, "SAHD-11", "See notes", "not verified: VP4 system image"},
		{"an administrator with every right", func(d *disclosure) {
			r := d.File.Lookup("role-it-admin").(*model.Role)
			for _, other := range d.File.Roles {
				r.Permissions = append(r.Permissions, other.Permissions...)
			}
		}, "AUTH-3", "Yes", "every right"},
		{"patients in remote service", func(d *disclosure) {
			i := iface(d, "if-cloud")
			i.Shows = append(i.Shows, iface(d, "if-fhir").Shows...)
		}, "RMOT-1.3", "Yes", "Remote service connection"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := exampleDisclosure(t, "infusion-pump")
			before := d.ask(t, test.id)
			was := before.entered() + before.words()
			test.change(d)
			r := d.again().ask(t, test.id)
			if r.entered() != test.want || !strings.Contains(r.words(), test.contains) {
				t.Errorf("%s: %s, not %s with %q:\n%s", test.id, r.entered(), test.want, test.contains, r.words())
			}
			if r.entered()+r.words() == was {
				t.Errorf("%s does not follow the model", test.id)
			}
		})
	}
}

// TestMDS2Unknown: a file that says nothing answers nothing.
func TestMDS2Unknown(t *testing.T) {
	d := disclosureOfText(t, "")
	for _, s := range mds2().Sections {
		for _, q := range s.Questions {
			if r := d.answer(s, q); r.Missing == "" && q.ID != "DOC-3" {
				t.Errorf("%s: %s from nothing: %s", q.ID, r.Answer, r.words())
			} else if r.Missing != "" && (r.Where == "" || r.Answer != mds2Open) {
				t.Errorf("%s: open as %s at %q", q.ID, r.Answer, r.Where)
			}
		}
	}
}

// TestMDS2Software: the questions for devices that are software only.
func TestMDS2Software(t *testing.T) {
	d := disclosureOfText(t, `  facts: {is-software: true}
zones:
  z: {title: App, trust: device}
  m: {title: Servers of the maker, trust: managed}
components:
  app: {title: App, type: application, zone: z}
  host: {title: Calculation service, type: cloud, zone: m}
`)
	for id, want := range map[string]string{
		"DOC-11": "Yes", "DOC-11.1": "No", "DOC-11.2": "open", "DOC-11.3": "Yes", "DOC-11.4": "No", "PLOK-2": "N/A", "CSUP-6": "Yes", "CSUP-2": "No", "CSUP-2.1": "N/A",
	} {
		if r := d.ask(t, id); r.entered() != want {
			t.Errorf("%s: %s, not %s: %s", id, r.entered(), want, r.words())
		}
	}
}
