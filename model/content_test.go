package model

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/internal/synthetic"
)

// fill states every field of a value in its first form, two items to a list of
// which the second has its third form where it is a single value, and calls
// visit with the path of each single value and what sets it to its nth form.
func fill(v reflect.Value, path string, visit func(path string, v reflect.Value, set func(n int))) {
	t := v.Type()
	set := func(form func(n int) any) {
		put := func(n int) { v.Set(reflect.ValueOf(form(n)).Convert(t)) }
		put(1)
		visit(path, v, put)
	}
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[reference]()):
		put := func(n int) { v.FieldByName("ID").SetString(fmt.Sprint("other-", n)) }
		put(1)
		visit(path, v, put)
	case t == reflect.TypeFor[Answer]():
		set(func(n int) any { return Answer(n) })
	case t == reflect.TypeFor[Date]():
		set(func(n int) any { d, _ := ParseDate(fmt.Sprintf("2026-01-%02d", n)); return d })
	case t == reflect.TypeFor[Moment]():
		set(func(n int) any { m, _ := ParseMoment(fmt.Sprintf("2026-01-%02dT08:00:00+01:00", n)); return m })
	case t == reflect.TypeFor[TimeZone]():
		set(func(n int) any { return TimeZone{[]string{"", "Europe/Berlin", "Europe/Madrid"}[n]} })
	case t == reflect.TypeFor[Duration]():
		set(func(n int) any { return MustDuration(fmt.Sprint(n, " days")) })
	case t.Kind() == reflect.Int || t.Kind() == reflect.Int32:
		set(func(n int) any { return n })
	case t.Kind() == reflect.String:
		set(func(n int) any { return fmt.Sprint("text ", n) })
	case t.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(t, 2, 2))
		fill(v.Index(0), path+".0", visit)
		fill(v.Index(1), path+".1", visit)
		if item := v.Index(1); item.Kind() == reflect.String {
			item.SetString("text 3")
		} else if id := item.FieldByName("ID"); id.IsValid() {
			id.SetString("other-3")
		}
	case t.Kind() == reflect.Struct:
		for _, f := range Fields(t) {
			fill(v.FieldByName(f.Name), strings.TrimPrefix(path+"."+f.Tag.Get("yaml"), "."), visit)
		}
	default:
		panic("no values for " + t.String())
	}
}

// filled makes an entity of a kind that states everything.
func filled(k *Kind, visit func(path string, v reflect.Value, set func(n int))) Entity {
	v := reflect.New(k.Type)
	e := v.Interface().(Entity)
	e.base().ID, e.base().kind = "the-id", k
	fill(v.Elem(), "", visit)
	return e
}

// TestDigestSeesEveryField changes one value after the other in entities of all
// kinds. What is silent leaves the digest alone; all other changes give digests
// that differ from each other.
func TestDigestSeesEveryField(t *testing.T) {
	count := 0
	for _, k := range Kinds() {
		values := map[string]reflect.Value{}
		forms := map[string]func(int){}
		e := filled(k, func(path string, v reflect.Value, set func(int)) { values[path], forms[path] = v, set })
		seen := map[string]string{Digest(e): "nothing"}
		for path, v := range values {
			was := reflect.New(v.Type()).Elem()
			was.Set(v)
			forms[path](2)
			digest := Digest(e)
			v.Set(was)
			top, _, _ := strings.Cut(path, ".")
			if slices.Contains([]string{"notes", "only-in", "override"}, top) {
				if seen[digest] != "nothing" {
					t.Errorf("%s: %s reaches the digest", k.Name, path)
				}
				continue
			}
			count++
			if other := seen[digest]; other != "" {
				t.Errorf("%s: changing %s gives the digest of changing %s", k.Name, path, other)
			}
			seen[digest] = path
		}
	}
	if count < 400 {
		t.Errorf("only %d values", count)
	}
}

// TestDigestSeesAbsence removes one field after the other.
func TestDigestSeesAbsence(t *testing.T) {
	for _, k := range Kinds() {
		e := filled(k, func(string, reflect.Value, func(int)) {})
		whole := Digest(e)
		for _, f := range Fields(k.Type) {
			v := reflect.ValueOf(e).Elem().FieldByName(f.Name)
			was := reflect.New(f.Type).Elem()
			was.Set(v)
			v.SetZero()
			if name := f.Tag.Get("yaml"); (Digest(e) == whole) != slices.Contains(silent, name) {
				t.Errorf("%s: absence of %s is seen wrongly", k.Name, name)
			}
			v.Set(was)
		}
	}
}

// TestContentOrder shuffles all lists: those of references, clauses and
// enumerated values are sets, of which order and repetition say nothing.
func TestContentOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, k := range Kinds() {
		n := 0
		e := filled(k, func(_ string, _ reflect.Value, set func(int)) { n++; set(n%2 + 1) })
		for _, f := range Fields(k.Type) {
			v := reflect.ValueOf(e).Elem().FieldByName(f.Name)
			if v.Kind() != reflect.Slice || slices.Contains(silent, f.Tag.Get("yaml")) {
				continue
			}
			item := v.Type().Elem()
			_, enum := item.MethodByName("Values")
			unordered := enum || reflect.PointerTo(item).Implements(reflect.TypeFor[reference]()) || f.Name == "Clauses"
			before := Digest(e)
			a, b := v.Index(0).Interface(), v.Index(1).Interface()
			v.Index(0).Set(reflect.ValueOf(b))
			v.Index(1).Set(reflect.ValueOf(a))
			if same := Digest(e) == before; same != unordered && !reflect.DeepEqual(a, b) {
				t.Errorf("%s.%s: order counts %v, want %v", k.Name, f.Name, !same, !unordered)
			}
			v.Set(reflect.AppendSlice(v, v.Slice(0, 1+random.IntN(2))))
			if same := Digest(e) == before; same != unordered && !reflect.DeepEqual(a, b) {
				t.Errorf("%s.%s: repetition counts %v, want %v", k.Name, f.Name, !same, !unordered)
			}
		}
	}
}

func load(t *testing.T, text string) *File {
	t.Helper()
	var l Loader
	file, _, err := l.Load(t.Context(), tree(t, map[string]string{"theriac.yaml": text}))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDigestOfText(t *testing.T) {
	const base = `
components:
  c1: { title: one, type: soup, parses: [json, xml] }
  c2: { title: two, type: soup }
controls:
  k:
    title: a control
    priority: design
    protects: [c1, c2]
    capabilities: [auth, audt]
    clauses: [mdr.annex-i.17.2, mdr.annex-i.17.4]
    description: a text of two parts
risks:
  k2: { title: t, threats: [], harms: [] }
`
	for _, c := range []struct {
		name, old, new, id string
		same               bool
	}{
		{"comment", "priority: design", "priority: design # why", "k", true},
		{"order of references", "[c1, c2]", "[c2, c1]", "k", true},
		{"repeated reference", "[c1, c2]", "[c2, c1, c2]", "k", true},
		{"order of clauses", "17.2, mdr.annex-i.17.4", "17.4, mdr.annex-i.17.2", "k", true},
		{"order of capabilities", "[auth, audt]", "[audt, auth]", "k", true},
		{"block list", "[c1, c2]", "\n    - c1\n    - c2", "k", true},
		{"block text", "a text of two parts", "|\n      a text\n      of two\n\n      parts", "k", true},
		{"quoted", "a control", `"a control"`, "k", true},
		{"notes", "priority: design", "priority: design\n    notes: look here", "k", true},
		{"target changes", "title: one", "title: another", "k", true},
		{"less", "[c1, c2]", "[c1]", "k", false},
		{"word", "two parts", "three parts", "k", false},
		{"title", "a control", "A control", "k", false},
		{"enumeration", "priority: design", "priority: protective", "k", false},
		{"order of a list that has one", "[json, xml]", "[xml, json]", "c1", false},
		{"list no longer stated", "harms: []", "decision: reduce", "k2", false},
	} {
		before, after := load(t, base), load(t, strings.Replace(base, c.old, c.new, 1))
		if !strings.Contains(base, c.old) {
			t.Fatalf("%s: nothing to replace", c.name)
		}
		if same := Digest(before.Lookup(c.id)) == Digest(after.Lookup(c.id)); same != c.same {
			t.Errorf("%s: same %v, want %v: %v", c.name, same, c.same, ContentOf(after.Lookup(c.id)))
		}
	}
}

// TestContentOfZero: zero, and a list or map without content, are statements.
func TestContentOfZero(t *testing.T) {
	file := load(t, `
product: { name: n, regulation: MDR, class: IIa, misuse: [] }
components:
  c: { title: t, type: hardware, boot: {} }
policy:
  password: { min-length: 0 }
  risk:
    levels: [{ level: low, from: 0.0 }, { level: high, from: 1.5 }]
    exploitability: [low, high]
`)
	for id, want := range map[string]string{
		"product": "name=n regulation=MDR class=IIa misuse=",
		"c":       "title=t type=hardware boot=",
		"policy": "risk.exploitability.0=low risk.exploitability.1=high risk.levels.0.level=low risk.levels.0.from=0.0 " +
			"risk.levels.1.level=high risk.levels.1.from=1.5 password.min-length=0",
	} {
		var got []string
		for _, f := range ContentOf(file.Lookup(id)) {
			got = append(got, f.Path+"="+f.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %s, want %s", id, strings.Join(got, " "), want)
		}
	}
}

// TestDigestFormat computes one digest as docs/formats/reviews.md tells.
func TestDigestFormat(t *testing.T) {
	file := load(t, "harms:\n  overdose: { title: Zu viel für Ä, severity: critical }\n")
	// printf '17:theriac content 1,5:harms,8:overdose,5:title,15:Zu viel für Ä,8:severity,8:critical,' | sha256sum
	const want = "f883be775f71365e7e430333ceaf911d"
	if got := Digest(file.Lookup("overdose")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// BenchmarkDigest digests 10,000 entities.
func BenchmarkDigest(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "file")
	if _, err := synthetic.Write(dir, 10000); err != nil {
		b.Fatal(err)
	}
	var l Loader
	file, _, err := l.Load(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		file.All(func(e Entity) { n += len(Digest(e)) })
		if n < 10000*digestLength {
			b.Fatal(n)
		}
	}
}
