package sheet

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"theriac/edit"
	"theriac/model"
)

// base holds what the kinds with a sheet refer to.
const base = `product:
  name: Example pump
  regulation: MDR
  class: IIb
zones:
  z-a: {title: Inside, trust: device}
components:
  co-a: {title: Controller, zone: z-a, type: hardware}
  co-b: {title: Gateway, zone: z-a, type: hardware}
assets:
  as-a: {title: Program, type: function}
  as-b: {title: Orders, type: data}
documents:
  doc-a: {title: Instructions, type: ifu}
environment:
  env-a: {title: Separate network, category: network}
`

// world is a random security file: for each entity its values by column.
type world struct {
	kinds map[string][]string // ids by kind
	said  map[string]map[string]Value
}

// texts are pieces in which something has gone wrong in spreadsheets before.
var texts = []string{"=1+1", "+49", "-", "@a", "'", "\"", "'=", "_x000D_", "_x0041_", "_x0041_x0042_", "__x0041_", "\t", "\n", "\n\n", " ", "  ", ",", ";", "|", " | ", ": ", "why: x",
	"#N/A", "# a", "<b>&amp;", "ä", "漢字", "😀", "1.10", "007", "1e5", "true", "null", "~", "2026-01-02", "- a", "[a, b]", "{a: b}", "\\n", "\\", "a", "bc", "Word word."}

func phrase(t *rapid.T, label string) string {
	for {
		var b strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, label) {
			if rapid.Bool().Draw(t, "odd") {
				b.WriteString(rapid.SampledFrom(texts).Draw(t, "piece"))
			} else {
				b.WriteString(rapid.StringN(1, 8, -1).Draw(t, "free"))
			}
		}
		if s := b.String(); unfit(s) == "" && len(strings.TrimSpace(s)) > 3 && !slices.Contains(mistakes, s) && !strings.Contains(s, "_x005F_") {
			return "Q" + s // a letter first, so that the text is never a mere placeholder
		}
	}
}

func (w *world) leaf(t *rapid.T, c *Column) string {
	switch {
	case c.refers():
		var ids []string
		for _, k := range c.targets() {
			ids = append(ids, w.kinds[k.Name]...)
		}
		return rapid.SampledFrom(ids).Draw(t, c.Name)
	case c.answer():
		return rapid.SampledFrom([]string{"true", "false"}).Draw(t, c.Name)
	case c.date():
		return fmt.Sprintf("20%02d-%02d-%02d", rapid.IntRange(0, 99).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "d"))
	case c.values() != nil:
		return rapid.SampledFrom(c.values()).Draw(t, c.Name).Name
	case c.scale():
		return rapid.StringMatching(`lv-[a-z]{2,6}(-[a-z]{2,4})?`).Draw(t, c.Name)
	}
	s := phrase(t, c.Name)
	if c.Shape == Text && rapid.Bool().Draw(t, "formula") {
		s = rapid.SampledFrom([]string{"=", "+", "-", "@", "\t", "'", " ", "\n"}).Draw(t, "start") + s
	}
	return s
}

func (w *world) value(t *rapid.T, c *Column) Value {
	if c.Shape == Text {
		return one(w.leaf(t, c))
	}
	var v Value
	for range rapid.IntRange(1, 3).Draw(t, c.Name+" items") {
		item := []string{}
		for _, p := range c.parts {
			item = append(item, w.leaf(t, p))
		}
		if c.Shape == List {
			item = append(item, w.leaf(t, c))
		}
		v.Items = append(v.Items, item)
	}
	return v
}

func drawWorld(t *rapid.T) *world {
	w := &world{map[string][]string{"components": {"co-a", "co-b"}, "assets": {"as-a", "as-b"}, "documents": {"doc-a"}, "environment": {"env-a"}, "zones": {"z-a"}}, map[string]map[string]Value{}}
	for _, kind := range Kinds() {
		for i := range rapid.IntRange(1, 3).Draw(t, kind) {
			w.kinds[kind] = append(w.kinds[kind], fmt.Sprintf("%s-%d", kind[:3], i))
		}
	}
	full := rapid.Bool().Draw(t, "full")
	for _, kind := range Kinds() {
		for _, id := range w.kinds[kind] {
			w.said[id] = map[string]Value{}
			for _, c := range Columns(kind) {
				if c.Name == "only-in" || c.Name == "override" { // such entities are others than those of the product
					continue
				}
				if c.Required || full || rapid.Bool().Draw(t, c.Name+" given") {
					w.said[id][c.Name] = w.value(t, c)
				}
			}
		}
	}
	return w
}

// plan adds all entities of the world.
func (w *world) plan() *Plan {
	p := &Plan{}
	for _, kind := range Kinds() {
		for _, id := range w.kinds[kind] {
			e := &Entity{Kind: model.KindOf(kind), ID: id}
			for _, c := range Columns(kind) {
				if v := w.said[id][c.Name]; !v.Empty() {
					e.Fields = append(e.Fields, Field{Column: c, New: v})
				}
			}
			p.New = append(p.New, e)
		}
	}
	return p
}

type failing interface{ Fatalf(string, ...any) }

// folder is a new security file with base in it.
func folder(t *testing.T) string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(base), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// carryOut writes a plan into a folder and loads it again.
func carryOut(t *testing.T, r failing, dir string, p *Plan) *model.File {
	t.Helper()
	f, _, err := (&model.Loader{}).Load(t.Context(), dir)
	if err != nil {
		r.Fatalf("load: %v", err)
	}
	docs := map[string]*edit.Doc{}
	err = p.Edit(f, func(path string) (*edit.Doc, error) {
		if docs[path] == nil {
			data, err := os.ReadFile(path)
			if err != nil && !os.IsNotExist(err) {
				return nil, err
			}
			if docs[path], err = edit.File(path, data, model.FieldOrder); err != nil {
				return nil, err
			}
		}
		return docs[path], nil
	})
	if err != nil {
		r.Fatalf("edit: %v", err)
	}
	for path, doc := range docs {
		text, err := doc.Bytes()
		if err != nil {
			r.Fatalf("edit: %v", err)
		}
		if err := os.WriteFile(path, text, 0o666); err != nil {
			r.Fatalf("%v", err)
		}
	}
	f, findings, err := (&model.Loader{}).Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		r.Fatalf("load: %v %v", err, messages(findings))
	}
	return f
}

func (w *world) check(r failing, what string, f *model.File) {
	for _, kind := range Kinds() {
		all := entities(f, kind)
		if len(all) != len(w.kinds[kind]) {
			r.Fatalf("%s: %d %s, want %d", what, len(all), kind, len(w.kinds[kind]))
		}
		for i, e := range all {
			if id := model.Of(e).ID; id != w.kinds[kind][i] {
				r.Fatalf("%s: %s %d is %s, want %s", what, kind, i, id, w.kinds[kind][i])
			}
			for _, c := range Columns(kind) {
				if got, want := c.Of(e), w.said[model.Of(e).ID][c.Name]; !got.Equal(want) {
					r.Fatalf("%s: %s.%s is %q, want %q", what, model.Of(e).ID, c.Name, got, want)
				}
			}
		}
	}
}

// TestRandomRoundTrip writes a random security file, exports it, and imports it
// into an empty one: every field of every kind comes back as it was, by way of a
// workbook and of CSV files.
func TestRandomRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := drawWorld(r)
		f := carryOut(t, r, folder(t), w.plan())
		w.check(r, "written", f)
		book, findings := Export(f, OwnMapping())
		if len(findings) > 0 {
			r.Fatalf("export: %v", messages(findings))
		}
		what, through := "XLSX", throughXLSX
		if rapid.Bool().Draw(r, "CSV") {
			what, through = "CSV", throughCSV
		}
		back := through(r, book)
		if plan, findings := Import(f, back, OwnMapping(), nil); !plan.Empty() || len(plan.Gone) > 0 || len(findings) > 0 {
			r.Fatalf("%s: import into the same file: %v\n%s", what, messages(findings), plan.Text())
		}
		dir := folder(t)
		empty, _, err := (&model.Loader{}).Load(t.Context(), dir)
		if err != nil {
			r.Fatalf("%v", err)
		}
		plan, findings := Import(empty, back, OwnMapping(), nil)
		if len(findings) > 0 {
			r.Fatalf("%s: import: %v", what, messages(findings))
		}
		w.check(r, what, carryOut(t, r, dir, plan))
	})
}

func throughXLSX(r failing, b *Book) *Book {
	var out bytes.Buffer
	if err := WriteXLSX(&out, b, About{"Example pump", "theriac"}); err != nil {
		r.Fatalf("%v", err)
	}
	back, findings := ReadXLSX("risks.xlsx", out.Bytes())
	if len(findings) > 0 {
		r.Fatalf("read: %v", messages(findings))
	}
	return back
}

func throughCSV(r failing, b *Book) *Book {
	all := &Book{Name: "sheets"}
	for _, s := range b.Sheets {
		var out bytes.Buffer
		if err := WriteCSV(&out, s, true); err != nil {
			r.Fatalf("%v", err)
		}
		back, findings := ReadCSV(s.Name+".csv", s.Name, out.Bytes())
		if len(findings) > 0 {
			r.Fatalf("read: %v", messages(findings))
		}
		all.Sheets = append(all.Sheets, back.Sheets...)
	}
	return all
}
