package trace

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// TestEveryReference: each field that names an entity is on the chain, or has a
// reason why it is not.
func TestEveryReference(t *testing.T) {
	known := map[string]int{}
	for _, r := range Relations {
		known[r.Kind+"."+r.Field]++
		if r.Says == "" || r.Heard == "" {
			t.Errorf("%s.%s has no words", r.Kind, r.Field)
		}
	}
	for field, reason := range Structural {
		known[field]++
		if reason == "" {
			t.Errorf("%s has no reason", field)
		}
	}
	for _, k := range model.Kinds() {
		for _, f := range model.ReferenceFields(k) {
			if known[k.Name+"."+f] != 1 {
				t.Errorf("%s.%s is listed %d times", k.Name, f, known[k.Name+"."+f])
			}
			delete(known, k.Name+"."+f)
		}
	}
	for field := range known {
		t.Errorf("%s is no field of the language", field)
	}
}

// targets are the kinds that a field may name.
func targets(k *model.Kind, field string) []*model.Kind {
	typ := k.Type
	for step := range strings.SplitSeq(field, ".") {
		for _, f := range model.Fields(typ) {
			if f.Tag.Get("yaml") == step {
				typ = f.Type
				break
			}
		}
		if typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
	}
	return reflect.New(typ).Interface().(interface{ Targets() []*model.Kind }).Targets()
}

// TestOrder: relations that are followed lead forward in the order of the
// chain, so that no walk comes back to its start.
func TestOrder(t *testing.T) {
	for _, k := range model.Kinds() {
		if !slices.Contains(order, k.Name) && k.Name != "not-applicable" {
			t.Errorf("%s has no place in the order", k.Name)
		}
	}
	for _, r := range Relations {
		for _, to := range targets(model.KindOf(r.Kind), r.Field) {
			from, to := slices.Index(order, r.Kind), slices.Index(order, to.Name)
			if !r.Onward {
				from, to = to, from
			}
			if !r.Aside && from >= to {
				t.Errorf("%s.%s leads backward", r.Kind, r.Field)
			}
		}
	}
}

func ids(nodes []*Node) string {
	var list []string
	for _, n := range nodes {
		list = append(list, n.ID)
	}
	return strings.Join(list, " ")
}

func TestReach(t *testing.T) {
	g := Build(pumpFile(t), Answers{"mdr.annex-i.17.2": {"ct", "rq"}, "mdr.annex-i.4": {"rk", "gone"}})
	for _, c := range []struct{ from, kind, want string }{
		{"as", "threats", "th"},
		{"as", "verifications", "vf vf-open"},
		{"as", "releases", "r1"},
		{"as", "clauses", "mdcg.ifu.backup-restore mdr.annex-i.17.2 mdr.annex-i.4"},
		{"as", "harms", "overdose"},
		{"as-open", "verifications", ""},
		{"vf", "assets", "as"},
		{"vf", "risks", "rk"},
		{"vf-open", "risks", "rk"}, // and not the one that lets its failure stand
		{"rq", "code", "src/order.c#verify_order #order-test"},
		{"ct", "risks", "rk"},      // and not the one it brings with it
		{"rk-new", "controls", ""}, // ct is not there for it
		{"rk-new", "verifications", ""},
		{"rk", "environment", "en"},  // through the control
		{"if-lan", "controls", "ct"}, // once, though by two ways
		{"ifu", "approvals", "ap"},
		{"mdr.annex-i.17.2", "releases", "r1"},
		{"mdr.annex-i.17.2", "controls", "ct"},
		{"mdr.annex-i.17.2", "assets", "as"},
		{"mdr.annex-i.17.2", "clauses", ""},
		{"mdr.annex-i.4", "verifications", "vf vf-open"},
		{"#order-test", "requirements", "rq"},
		{"wv", "documents", ""},
	} {
		if got := ids(g.Reach(g.Node(c.from), c.kind)); got != c.want {
			t.Errorf("%s to %s: got %q, want %q", c.from, c.kind, got, c.want)
		}
	}
	if got := ids(Path(g.Node("as"), g.Node("r1"), true)); got != "as th rk ct rq vf r1" {
		t.Errorf("path: %s", got)
	}
	if Path(g.Node("r1"), g.Node("as"), true) != nil || Path(g.Node("ct"), g.Node("rk-new"), true) != nil {
		t.Error("a path where there is none")
	}
	if g.Node("mdr.annex-i.18.8") != nil || g.Node("nothing") != nil {
		t.Error("a node of nothing")
	}
}

// TestReachBothWays: what leads to another thing is led to from there.
func TestReachBothWays(t *testing.T) {
	g := Build(pumpFile(t), Answers{"mdr.annex-i.4": {"rk"}})
	pairs := 0
	for _, from := range Kinds() {
		for _, to := range Kinds() {
			for _, n := range g.Nodes(from) {
				for _, m := range g.Reach(n, to) {
					pairs++
					if from != to && !slices.Contains(g.Reach(m, from), n) {
						t.Errorf("%s leads to %s, but not back", n.ID, m.ID)
					}
				}
			}
		}
	}
	if pairs < 100 {
		t.Errorf("only %d pairs", pairs)
	}
}

func TestWords(t *testing.T) {
	g := Build(pumpFile(t), Answers{"mdr.annex-i.4": {"rk"}})
	var got []string
	n := g.Node("rk")
	for _, e := range slices.Concat(n.Up, n.Down) {
		got = append(got, e.Words()+" "+e.To.ID)
	}
	want := "sums up th; can end in overdose; is lowered by ct; is told in ifu; counts towards mdr.annex-i.4"
	if strings.Join(got, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "; "), want)
	}
	if e := g.Node("overdose").Up[0]; e.Words() != "follows from loss of" || e.To.ID != "as" || e.Link != (Link{"as", "harms", "overdose"}) {
		t.Errorf("got %+v", e)
	}
}

func TestMatrix(t *testing.T) {
	g := Build(pumpFile(t), nil)
	m, err := g.Matrix("requirements", "verifications")
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Rows) != 2 || ids(m.Rows[0].Reached) != "vf vf-open" || ids(m.Gaps()) != "rq-open" {
		t.Errorf("got %v, gaps %s", m.Rows, ids(m.Gaps()))
	}
	for _, bad := range [][2]string{{"requirements", "requirements"}, {"requirement", "verifications"}, {"risks", "waivers"}} {
		if _, err := g.Matrix(bad[0], bad[1]); err == nil {
			t.Errorf("%v is accepted", bad)
		}
	}
}

func TestGaps(t *testing.T) {
	var got []string
	for _, gap := range Build(pumpFile(t), nil).Gaps() {
		got = append(got, model.Of(gap.Entity).ID+": "+gap.Missing)
	}
	want := []string{
		"as-open: no threat endangers it, although it needs protection",
		"th-open: no risk treats it, and nothing says why none is needed",
		"rk-new: no control lowers it, although the decision is to reduce it",
		"ct-user: no environment requirement asks the user for it",
		"en-open: no document tells the operator",
		"rq-open: no verification shows that it is met",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOrphans(t *testing.T) {
	orphans := func(a Answers) string {
		var got []string
		for _, e := range Build(pumpFile(t), a).Orphans() {
			got = append(got, model.Of(e).ID)
		}
		return strings.Join(got, " ")
	}
	if got := orphans(nil); got != "co-lone as-free as-open th-open ct-user en-open doc-lone" {
		t.Errorf("got %s", got)
	}
	if got := orphans(Answers{"mdr.annex-i.23.4": {"doc-lone", "co-lone"}}); got != "co-lone as-free as-open th-open ct-user en-open" {
		t.Errorf("got %s", got)
	}
}
