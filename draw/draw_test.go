package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"theriac/model"
)

var update = flag.Bool("update", false, "write the golden files")

// load reads the security file of an archive.
func load(t testing.TB, archive *txtar.Archive) *model.File {
	t.Helper()
	dir := t.TempDir()
	for _, f := range archive.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var l model.Loader
	file, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func yaml(t testing.TB, text string) *model.File {
	return load(t, &txtar.Archive{Files: []txtar.File{{Name: "theriac.yaml", Data: []byte(text)}}})
}

func small(t testing.TB) *model.File {
	t.Helper()
	a, err := txtar.ParseFile("testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return load(t, a)
}

func example(t testing.TB, name string) *model.File {
	t.Helper()
	var l model.Loader
	file, _, err := l.Load(t.Context(), filepath.Join("..", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func svgOf(t testing.TB, d *Drawing) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := SVG(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// must fails the test on an error.
func must(t testing.TB) func(d *Drawing, err error) *Drawing {
	return func(d *Drawing, err error) *Drawing {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
}

func TestGolden(t *testing.T) {
	f := small(t)
	for name, d := range map[string]*Drawing{
		"architecture": must(t)(Architecture(f, Options{})),
		"data-flow":    must(t)(DataFlow(f, Options{})),
		"focus":        must(t)(Architecture(f, Options{Focus: "z-cloud"})),
		"asset":        must(t)(DataFlow(f, Options{Focus: "as-log"})),
		"attack-path":  AttackPath(someAttack()),
		"risk-matrix":  RiskMatrix(someMatrix()),
		"heat-map":     HeatMap(someHeat(12, 9)),
	} {
		got := svgOf(t, d)
		wellFormed(t, name, got)
		golden := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from the golden file; look at it after go test ./draw -update", name)
		}
	}
}

// elements are all that a picture may hold, with their attributes.
var elements = map[string][]string{
	"svg":   {"xmlns", "class", "role", "aria-labelledby", "aria-describedby", "width", "height", "viewBox"},
	"title": {"id"}, "desc": {"id"}, "style": nil, "g": {"transform"},
	"rect": {"class", "x", "y", "width", "height", "rx"}, "path": {"class", "d"},
	"text": {"class", "x", "y", "font-size", "text-anchor", "font-weight"},
}

// wellFormed checks that a picture is XML with nothing in it but our elements.
func wellFormed(t testing.TB, name string, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			checkElement(t, name, tok)
		case xml.Directive, xml.ProcInst, xml.Comment:
			t.Errorf("%s: unexpected %T", name, tok)
		}
	}
}

func checkElement(t testing.TB, name string, e xml.StartElement) {
	t.Helper()
	may, known := elements[e.Name.Local]
	if !known {
		t.Errorf("%s: unexpected element %s", name, e.Name.Local)
	}
	for _, a := range e.Attr {
		if !slices.Contains(may, a.Name.Local) {
			t.Errorf("%s: unexpected attribute %s of %s", name, a.Name.Local, e.Name.Local)
		}
	}
}

func TestDeterministic(t *testing.T) {
	for _, name := range []string{"infusion-pump", "pcr-analyser"} {
		a := svgOf(t, must(t)(Architecture(example(t, name), Options{})))
		b := svgOf(t, must(t)(Architecture(example(t, name), Options{})))
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

// TestPages checks that each sheet of the examples prints on A4 landscape with
// text of 7 points: no text is smaller than minText, no sheet larger than a page.
func TestPages(t *testing.T) {
	for _, name := range []string{"infusion-pump", "pcr-analyser"} {
		f := example(t, name)
		for kind, d := range map[string]*Drawing{"architecture": must(t)(Architecture(f, Options{})), "data flow": must(t)(DataFlow(f, Options{}))} {
			checkPages(t, name+" "+kind, d)
		}
	}
	checkPages(t, "attack", AttackPath(longAttack(23)))
	checkPages(t, "matrix", RiskMatrix(someMatrix()))
	checkPages(t, "heat", HeatMap(someHeat(200, 40)))
}

func checkPages(t *testing.T, name string, d *Drawing) {
	t.Helper()
	if len(d.Sheets) == 0 || d.Title == "" || len(d.Summary) < 20 {
		t.Errorf("%s: %d sheets, title %q, summary %q", name, len(d.Sheets), d.Title, d.Summary)
	}
	for i, s := range d.Sheets {
		if s.Width > PageWidth || s.Height > PageHeight {
			t.Errorf("%s: sheet %d is %.0f by %.0f", name, i+1, s.Width, s.Height)
		}
		checkTexts(t, fmt.Sprintf("%s: sheet %d", name, i+1), s)
	}
}

// checkTexts checks that texts are large enough and inside the sheet.
func checkTexts(t *testing.T, name string, s Sheet) {
	t.Helper()
	page := area{0, 0, s.Width, s.Height}
	eachText(s.Items, 0, 0, func(x, y float64, text *Text) {
		if text.Size < minText {
			t.Errorf("%s: %q is set in %.1f", name, text.Text, text.Size)
		}
		w := measure(text.Text, text.Size, text.Bold) / margin
		switch text.Anchor {
		case Middle:
			x -= w / 2
		case End:
			x -= w
		}
		if !page.holds(area{x, y - text.Size*0.75, w, text.Size}) {
			t.Errorf("%s: %q leaves the page at %.0f, %.0f", name, text.Text, x, y)
		}
	})
}

func eachText(items []Item, dx, dy float64, visit func(x, y float64, t *Text)) {
	for _, it := range items {
		switch it := it.(type) {
		case *Group:
			eachText(it.Items, dx, dy, visit)
		case *Moved:
			eachText(it.Items, dx+it.DX, dy+it.DY, visit)
		case *Text:
			visit(it.X+dx, it.Y+dy, it)
		}
	}
}

func TestFocus(t *testing.T) {
	f := small(t)
	d := must(t)(Architecture(f, Options{Focus: "cl-hub"}))
	text := string(svgOf(t, d))
	for _, want := range []string{"Service hub", "Pump application", "around component cl-hub"} {
		if !strings.Contains(text, want) {
			t.Errorf("the picture around cl-hub lacks %q", want)
		}
	}
	if strings.Contains(text, "Nurse") || strings.Contains(text, "Motor") {
		t.Error("the picture around cl-hub shows what has nothing to do with it")
	}
	for _, id := range []string{"nothing", "b-net", "product"} {
		if _, err := DataFlow(f, Options{Focus: id}); !errors.Is(err, ErrFocus) {
			t.Errorf("focus %s: %v", id, err)
		}
	}
}

func TestEmpty(t *testing.T) {
	f := yaml(t, "product: {name: Nothing, regulation: MDR, class: I}\n")
	for _, fn := range []func(*model.File, Options) (*Drawing, error){Architecture, DataFlow} {
		if _, err := fn(f, Options{}); !errors.Is(err, ErrNothing) {
			t.Errorf("got %v", err)
		}
	}
}

// TestNumbers checks that a number of a flow means the same flow in every
// picture of a file.
func TestNumbers(t *testing.T) {
	f := small(t)
	all := string(svgOf(t, must(t)(Architecture(f, Options{}))))
	part := string(svgOf(t, must(t)(DataFlow(f, Options{Focus: "cl-hub"}))))
	row := regexp.MustCompile(`>6</text>\s*<text[^>]*>Diagnosis &lt;to&gt; the &#34;hub&#34; &amp; back<`)
	if !row.MatchString(all) || !row.MatchString(part) {
		t.Error("flow 6 is not the same in both pictures")
	}
}
