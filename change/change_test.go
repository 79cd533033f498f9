package change

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// put writes files below a folder.
func put(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// view loads a security file of one text.
func view(t *testing.T, text string) *View {
	t.Helper()
	return load(t, put(t, t.TempDir(), map[string]string{"theriac.yaml": text}))
}

func load(t *testing.T, dir string) *View {
	t.Helper()
	s := &State{Source: Working, dir: dir}
	v, err := s.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// edited is a text with one passage exchanged.
func edited(t *testing.T, text, old, now string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q stands %d times in the text", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, now, 1)
}

func base(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/pump.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lines writes the items of a comparison for comparing and reading.
func lines(c *Comparison) string {
	var b strings.Builder
	for _, i := range c.Items {
		b.WriteString(string(i.Section) + " " + string(i.Grade) + " " + i.Label() + ": " + i.Text)
		if len(i.Because) > 0 {
			b.WriteString("; since " + strings.Join(i.Because, ", "))
		}
		for _, d := range i.Details {
			b.WriteString(" [" + d + "]")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Each interpretation, by a change to one file and what must be said of it.
func TestInterpretations(t *testing.T) {
	told(t, base(t), []telling{
		{"exposure", "exposure: site # hl7", "exposure: internet", "architecture worse interface if-hl7: exposure widened: site → internet"},
		{"exposure narrowed", "exposure: site # hl7", "exposure: internal", "architecture better interface if-hl7: exposure narrowed: site → internal"},
		{"encryption", "encryption: tls-1.3 # hl7", "encryption: none", `architecture worse interface if-hl7: confidentiality weakened: tls-1.3 → none
architecture worse interface if-hl7: integrity weakened
architecture worse flow fl-order: confidentiality weakened, since what it rests on changed
verification neutral verification vf-hl7: passed 2026-03-01 on rel-1; since if-hl7 changed`},
		{"older transport", "encryption: tls-1.3 # hl7", "encryption: tls-1.2", "architecture worse interface if-hl7: confidentiality weakened by an older version: encryption tls-1.3 → tls-1.2"},
		{"authentication gone", "authentication: mutual-tls # hl7", "", "architecture worse interface if-hl7: authentication of the peer weakened: mutual-tls → not stated; whether it is protected can no longer be told"},
		{"authentication other", "authentication: mutual-tls # hl7", "authentication: certificate", "architecture neutral interface if-hl7: authentication mutual-tls → certificate"},
		{"switched on", "state: disabled # ble", "state: enabled", `architecture worse interface if-ble: switched on: state disabled → enabled
threats worse interface if-ble:
significance annex-ix-approval if-ble
significance legacy-software if-ble`},
		{"no longer stated state", "state: disabled # ble", "", "architecture worse interface if-ble: switched on: state disabled → enabled"},
		{"accepts", "accepts: [as-order] # hl7", "accepts: [as-order, as-dose]", "architecture worse interface if-hl7: peers can now change or command as-dose"},
		{"guard gone", "controls: [ct-tls] # hl7", "", "architecture worse interface if-hl7: no longer guarded by ct-tls"},
		{"zone trust", "trust: site # ward", "trust: public", "architecture worse zone z-ward: trust site → public"},
		{"soup", "version: 3.0.14", "version: 3.0.15", `architecture neutral component soup-tls: SOUP, version 3.0.14 → 3.0.15
documents neutral document doc-sbom: SB-1 revision 2, approved 2026-04-01; since soup-tls changed
significance -annex-ix-approval soup-tls`},
		{"operating system", "version: 6.6", "version: 6.12", `architecture neutral component os-linux: version 6.6 → 6.12
significance annex-ix-approval os-linux`},
		{"boot", "verified: true", "verified: false", "architecture worse component os-linux: verified boot true → false"},
		{"support", "support-until: 2030-01-01", "support-until: 2027-01-01", "architecture worse component soup-tls: support ends earlier: 2030-01-01 → 2027-01-01"},
		{"moved", "zone: z-pump # gateway", "zone: z-ward", `architecture worse component co-gateway: moved from zone z-pump to z-ward, which is trusted less
architecture better flow fl-order: no longer crosses from one zone into another`},
		{"asset", "integrity: high # dose", "integrity: low", "architecture neutral asset as-dose: needs less integrity: high → low"},
		{"store", "encryption: aes-256-xts", "encryption: none", "architecture worse store st-data: confidentiality weakened: aes-256-xts → none"},
		{"role", "default-credential: unique", "default-credential: fixed", "architecture worse role ro-nurse: factory credential unique → fixed"},
		{"log", "records: [login, update]", "records: [login]", "architecture worse logging: no longer recorded: update"},
		{"signed updates", "signed: true", "signed: false", "architecture worse update-policy: signed updates true → false"},
		{"threat without risk", "threats: [th-forge, th-flood]", "threats: [th-forge]", `threats worse threat th-flood: no risk treats it any more
risks neutral risk rk-1: no longer sums up th-flood`},
		{"reason", "not-applicable: No record is kept.", "not-applicable: No record of it is kept.", "threats neutral threat th-deny: reason why it does not apply: No record is kept. → No record of it is kept."},
		{"raised", "residual: {exploitability: low, severity: serious} # 1", "residual: {exploitability: high, severity: serious}", `risks worse risk rk-1: residual risk raised: low/serious → high/serious
risks worse risk rk-1: acceptable → above the policy
risks worse risk rk-1: above the policy, and nobody accepted it
significance risk-management rk-1`},
		{"lowered", "initial: {exploitability: high, severity: serious} # 1", "initial: {exploitability: high, severity: minor}", "risks better risk rk-1: initial risk lowered: high/serious → high/minor"},
		{"unknown", "residual: {exploitability: low, severity: serious} # 1", "residual: {exploitability: low}", "risks worse risk rk-1: residual risk no longer known: low/serious → low/?\nrisks worse risk rk-1: acceptable → not judged"},
		{"control off a risk", "controls: [ct-tls, ct-confirm] # risk", "controls: [ct-confirm]", "risks worse risk rk-1: no longer lowered by ct-tls"},
		{"decision", "decision: reduce", "decision: accept", "risks neutral risk rk-1: decision reduce → accept"},
		{"acceptance", "decision: reduce", "decision: reduce\n    acceptance: {by: Head, date: 2026-05-01, until: 2027-05-01}", "risks neutral risk rk-1: accepted by Head on 2026-05-01 until 2027-05-01"},
		{"strength", "strength: high # tls", "strength: basic", `controls worse control ct-tls: strength high → basic
paths worse component app-pump: easier to reach: least effort
verification neutral verification vf-hl7: passed 2026-03-01 on rel-1; since ct-tls changed`},
		{"place", "priority: protective # tls", "priority: information", "controls worse control ct-tls: place in the order of Annex I 4 protective → information"},
		{"figures", "within 15 minutes", "within 30 minutes", `controls neutral requirement rq-tls: text changed: … be refused within 15 minutes. → … be refused within 30 minutes. [figures: 15 minutes → 30 minutes]
links neutral requirement rq-tls: changed; 1 link leads to it: vf-hl7 [1 of them were never reviewed]
documents neutral document doc-req: RQ-1 revision 1, approved 2026-04-01; since rq-tls changed`},
		{"binding word", "must be refused", "should be refused", "controls worse requirement rq-tls: text weakened: … peer without certificate must be refused within … → … peer without certificate should be refused within … [binding word: must or shall → should]"},
		{"requirement unbound", "implements: [ct-tls]", "implements: [ct-confirm]", "controls worse requirement rq-tls: no longer makes concrete ct-tls\ncontrols better requirement rq-tls: now makes concrete ct-confirm"},
		{"failed", "result: passed", "result: failed", "other worse verification vf-hl7: result passed → failed"},
		{"told", "text: Keep guests off the network.", "text: Keep others off the network.", "documents neutral document doc-ifu: IFU-1 revision 3, approved 2026-04-01; since er-net changed"},
		{"matrix", "- {exploitability: high, severity: minor}", "- {exploitability: high, severity: serious}", "product worse policy: what is an acceptable risk: minor → serious"},
		{"purpose", "intended-purpose: Gives fluids.", "intended-purpose: Gives fluids and drugs.", `product neutral product: intended purpose changed: Gives fluids. → Gives fluids and drugs.
significance annex-ix-approval product
significance legacy-purpose product`},
		{"fact", "acute-care: false", "acute-care: true", "product neutral product: fact acute-care changed: false → true"},
		{"harm", "severity: serious # harm", "severity: minor", "threats better harm hm-1: severity serious → minor"},
		{"process", "owner: Head of security", "owner: Head of quality", `other neutral process pr-1: changed: owner Head of security → Head of quality
significance annex-ix-system pr-1`},
		{"what nothing explains", "purpose: tls", "purpose: signature", "other neutral key k-tls: purpose tls → signature"},
		{"password", "min-length: 12", "min-length: 8", "product worse policy: shortest password 12 → 8 characters"},
	})
}

// telling is an edit of a text, and what must be said of it line by line.
type telling struct{ name, old, now, want string }

func told(t *testing.T, text string, list []telling) {
	t.Helper()
	for _, test := range list {
		t.Run(test.name, func(t *testing.T) {
			c := Compare(view(t, text), view(t, edited(t, text, test.old, test.now)))
			got := lines(c)
			for want := range strings.Lines(test.want) {
				want = strings.TrimSuffix(want, "\n")
				if asked, ok := strings.CutPrefix(want, "significance "); ok {
					criterion(t, c, asked)
				} else if !strings.Contains(got, want) {
					t.Errorf("not said: %s\nsaid:\n%s", want, got)
				}
			}
		})
	}
}

// criterion wants that a criterion is asked because of an entity, or not.
func criterion(t *testing.T, c *Comparison, want string) {
	t.Helper()
	id, entity, _ := strings.Cut(want, " ")
	id, not := strings.CutPrefix(id, "-")
	found := slices.ContainsFunc(c.Significance.Questions, func(q Question) bool {
		return q.ID == id && slices.ContainsFunc(q.Reasons, func(r Reason) bool { return r.ID == entity })
	})
	if found == not {
		t.Errorf("criterion %s because of %s: %t", id, entity, found)
	}
}

// What came is told one way round and what went the other.
func TestAddedAndRemoved(t *testing.T) {
	text := base(t)
	more := text + `
  vf-new: {title: New test, verifies: [rq-tls], method: review}
`
	extra := put(t, t.TempDir(), map[string]string{"theriac.yaml": text, "ble.yaml": `
interfaces:
  if-app: {title: App, component: co-gateway, medium: bluetooth, exposure: local, authentication: pairing}
flows:
  fl-app: {title: To the app, from: co-gateway, to: ac-ward, over: [if-app], carries: [as-dose]}
threats:
  th-app: {title: Somebody takes the app, category: spoofing, targets: [if-app]}
risks:
  rk-app: {title: App, threats: [th-app]}
controls:
  ct-app: {title: Pairing, priority: protective, protects: [if-app]}
`})
	for _, test := range []struct {
		name          string
		before, after *View
		want          string
	}{
		{"test", view(t, text), view(t, more), "other neutral verification vf-new: added (New test)"},
		{"no test", view(t, more), view(t, text), "other worse verification vf-new: removed (New test) [verified rq-tls]"},
		{"bluetooth", view(t, text), load(t, extra), `architecture worse interface if-app: added (App): bluetooth on co-gateway, exposure local [authentication pairing] [encryption not stated]
architecture worse flow fl-app: added (To the app): co-gateway → ac-ward, from zone z-pump into z-ward [over if-app] [carries as-dose] [confidentiality not stated] [integrity not stated]
threats worse interface if-app:
risks worse risk rk-app: added (App): initial not scored, residual not scored, not judged: it has no residual value
controls better control ct-app: added (Pairing)
verification neutral verification vf-hl7: passed 2026-03-01 on rel-1; since if-app added, fl-app added
documents neutral document doc-threats: TM-1 revision 1, approved 2026-04-01; since if-app added, fl-app added, th-app added
significance annex-ix-approval if-app`},
		{"no bluetooth", load(t, extra), view(t, text), `architecture better interface if-app: removed (App): bluetooth on co-gateway, exposure local
architecture better flow fl-app: removed (To the app)
threats better interface if-app:
threats neutral threat th-app: removed
risks neutral risk rk-app: removed (App); it was not judged
controls worse control ct-app: removed (Pairing)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Compare(test.before, test.after)
			got := lines(c)
			for want := range strings.Lines(test.want) {
				want = strings.TrimSuffix(want, "\n")
				if asked, ok := strings.CutPrefix(want, "significance "); ok {
					criterion(t, c, asked)
				} else if !strings.Contains(got, want) {
					t.Errorf("not said: %s\nsaid:\n%s", want, got)
				}
			}
		})
	}
}

// A verification that was done again, and a document that was approved again, do
// not have to be.
func TestDoneAgain(t *testing.T) {
	text := base(t)
	changed := edited(t, text, "within 15 minutes", "within 30 minutes")
	if got := lines(Compare(view(t, text), view(t, changed))); !strings.Contains(got, "verification neutral verification vf-hl7") || !strings.Contains(got, "document doc-req") {
		t.Fatalf("to be repeated and approved, and not said:\n%s", got)
	}
	done := edited(t, changed, "date: 2026-03-01 # test", "date: 2026-06-01")
	done = edited(t, done, "date: 2026-04-01 # approval", "date: 2026-06-02")
	if got := lines(Compare(view(t, text), view(t, done))); strings.Contains(got, "verification neutral") || strings.Contains(got, "documents ") {
		t.Errorf("done again, and said to be needed:\n%s", got)
	}
}

// Formatting, comments, notes, order and the division into files are no change.
func TestTextOnly(t *testing.T) {
	text := base(t)
	zones := "zones:\n  z-ward: {title: Ward, trust: site} # ward\n"
	parts := edited(t, text, "  z-ward: {title: Ward, trust: site # ward\n  }\n", "")
	dir := put(t, t.TempDir(), map[string]string{
		"theriac.yaml": strings.ReplaceAll(parts, "    title:", "    # a comment\n    title:"),
		"sub/zone.yml": zones + "    \n",
	})
	noted := edited(t, text, "  as-order:\n", "  as-order:\n    notes: A remark.\n")
	for name, after := range map[string]*View{"files": load(t, dir), "notes": view(t, noted), "set": view(t, edited(t, text, "threats: [th-forge, th-flood]", "threats: [th-flood, th-forge]"))} {
		if c := Compare(view(t, text), after); !c.Empty() || len(c.Significance.Security)+len(c.Significance.Questions) > 0 {
			t.Errorf("%s: %d changes\n%s", name, len(c.Changes), lines(c))
		}
	}
}

// Levels of the scales have an order that means something.
func TestOrderOfList(t *testing.T) {
	text := base(t)
	c := Compare(view(t, text), view(t, edited(t, text, "exploitability: [low, high]", "exploitability: [high, low]")))
	if len(c.Changes) != 1 || c.Changes[0].Field("risk.exploitability").text() != "low, high → high, low" {
		t.Errorf("%+v", c.Changes)
	}
}

func TestRenames(t *testing.T) {
	text := base(t)
	for _, test := range []struct {
		name     string
		old, now []string
		want     []string // status, id
	}{
		{"one", []string{"as-order"}, []string{"as-orders"}, []string{"renamed as-orders"}},
		{"linked", []string{"if-hl7", "fl-order", "co-gateway"}, []string{"if-orders", "fl-orders", "svc-orders"}, []string{"renamed svc-orders", "renamed if-orders", "renamed fl-orders"}},
		{"nearly", []string{"if-hl7", "port: 2575"}, []string{"if-orders", "port: 2576"}, []string{"renamed if-orders"}},
		{"too different", []string{"if-hl7", "title: Orders\n    component", "port: 2575\n    exposure: site # hl7", "encryption: tls-1.3 # hl7", "authentication: mutual-tls # hl7"},
			[]string{"if-orders", "title: Another\n    component", "exposure: internal", "", "authentication: none"}, []string{"added if-orders", "removed if-hl7"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			after := text
			for i, old := range test.old {
				if !strings.Contains(after, old) {
					t.Fatalf("%q does not stand in the text", old)
				}
				after = strings.ReplaceAll(after, old, test.now[i])
			}
			c := Compare(view(t, text), view(t, after))
			var got []string
			for _, one := range c.Changes {
				if one.Status() != Changed {
					got = append(got, string(one.Status())+" "+one.ID())
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if test.name == "linked" && len(c.Changes) != len(test.want) {
				t.Errorf("a renaming alone changed more: %d\n%s", len(c.Changes), lines(c))
			}
		})
	}
}

// The examples do not differ from themselves, and what is added one way is removed
// the other.
func TestExamples(t *testing.T) {
	pump, analyser := load(t, "../examples/infusion-pump"), load(t, "../examples/pcr-analyser")
	if c := Compare(pump, load(t, "../examples/infusion-pump")); !c.Empty() {
		t.Errorf("the pump differs from itself:\n%s", lines(c))
	}
	there, back := Compare(pump, analyser), Compare(analyser, pump)
	count := func(c *Comparison, s Status) int {
		n := 0
		for _, one := range c.Changes {
			if one.Status() == s {
				n++
			}
		}
		return n
	}
	if a, b := count(there, Added), count(back, Removed); a == 0 || a != b {
		t.Errorf("%d added one way, %d removed the other", a, b)
	}
	if lines(there) != lines(Compare(pump, analyser)) {
		t.Error("two runs say different things")
	}
}

// Every field that is graded or gained exists, and graded values are those of the
// language.
func TestTables(t *testing.T) {
	for _, g := range gradedFields {
		checkField(t, g.kind, g.field)
	}
	for _, g := range gainedFields {
		checkField(t, g.kind, g.field)
	}
	for _, i := range interpretations {
		if rankOf(i.section) < 0 {
			t.Errorf("interpretation %s has an unknown section", i.name)
		}
	}
}

func checkField(t *testing.T, kind, field string) {
	t.Helper()
	k := model.KindOf(kind)
	if k == nil {
		t.Fatalf("no kind %s", kind)
	}
	at := k.Type
	for step := range strings.SplitSeq(field, ".") {
		i := slices.IndexFunc(model.Fields(at), func(f reflect.StructField) bool { return f.Tag.Get("yaml") == step })
		if i < 0 {
			t.Fatalf("%s has no field %s", kind, field)
		}
		at = model.Fields(at)[i].Type
	}
}

func TestRange(t *testing.T) {
	for text, want := range map[string][2]string{
		"a..b": {"a", "b"}, "a..": {"a", ""}, "..b": {"", "b"}, "a": {"a", ""}, "git:v1.2..baseline:x.y": {"git:v1.2", "baseline:x.y"}, "HEAD~2..": {"HEAD~2", ""},
	} {
		a, b, err := ParseRange(text)
		if err != nil || a != want[0] || b != want[1] {
			t.Errorf("%q: %q, %q, %v", text, a, b, err)
		}
	}
	for _, text := range []string{"", "..", "...", "a...b", "a..b..c"} {
		if a, b, err := ParseRange(text); err == nil {
			t.Errorf("%q: %q, %q", text, a, b)
		}
	}
}
