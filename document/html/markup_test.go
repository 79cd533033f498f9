package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"theriac/document"
	"theriac/draw"
)

// parsed is what a page holds, for tests.
type parsed struct {
	ids   map[string]bool
	links []string            // of elements that lead somewhere or load something
	refs  []string            // ids that attributes name
	heads []int               // levels of headings
	text  map[string][]string // texts of elements that hold no others
}

var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// inspect reads a page and reports what is not well formed: tags out of order, ids that
// come twice, styles and scripts that the policy of the page would stop.
func inspect(t *testing.T, name string, page []byte) *parsed {
	t.Helper()
	p := &parsed{ids: map[string]bool{}, text: map[string][]string{}}
	var open []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Errorf("%s: %v", name, z.Err())
			}
			if len(open) > 0 {
				t.Errorf("%s: %q is not closed", name, open)
			}
			return p
		case html.StartTagToken:
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
			p.element(t, name, token)
		case html.SelfClosingTagToken:
			p.element(t, name, token)
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s: </%s> closes %q", name, token.Data, open)
			}
			open = open[:len(open)-1]
		case html.TextToken:
			if len(open) > 0 {
				p.text[open[len(open)-1]] = append(p.text[open[len(open)-1]], token.Data)
			}
		}
	}
}

var elements = strings.Fields(`a body br button caption code col colgroup dd details div dl dt em figcaption figure footer form h1 h2 h3 h4 h5 h6 head header html
	img input kbd label li link main meta nav ol p pre script section small span strong style summary table tbody td th thead title tr ul
	svg g path rect circle text desc symbol use`)

func (p *parsed) element(t *testing.T, name string, e html.Token) {
	t.Helper()
	if !slices.Contains(elements, e.Data) {
		t.Errorf("%s: an element %s", name, e.Data)
	}
	if len(e.Data) == 2 && e.Data[0] == 'h' && e.Data[1] >= '1' && e.Data[1] <= '6' {
		p.heads = append(p.heads, int(e.Data[1]-'0'))
	}
	for _, a := range e.Attr {
		switch {
		case a.Key == "id":
			if p.ids[a.Val] || a.Val == "" || strings.ContainsAny(a.Val, " \t\n") {
				t.Errorf("%s: the id %q, again or of no use", name, a.Val)
			}
			p.ids[a.Val] = true
		case a.Key == "href" || a.Key == "src":
			p.links = append(p.links, a.Val)
		case slices.Contains([]string{"for", "popovertarget", "aria-labelledby", "aria-describedby", "aria-controls"}, a.Key):
			p.refs = append(p.refs, a.Val)
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			t.Errorf("%s: <%s> has an attribute %s", name, e.Data, a.Key)
		}
	}
	if e.Data == "script" && !slices.ContainsFunc(e.Attr, func(a html.Attribute) bool { return a.Key == "src" && strings.HasSuffix(a.Val, "assets/site.js") }) {
		t.Errorf("%s: a script that is not ours", name)
	}
}

// inspectSite reads all pages of a site and reports links that lead nowhere.
func inspectSite(t *testing.T, files map[string][]byte) map[string]*parsed {
	t.Helper()
	pages := map[string]*parsed{}
	for name, text := range files {
		if strings.HasSuffix(name, ".html") {
			pages[name] = inspect(t, name, text)
		}
	}
	for name, p := range pages {
		for _, l := range p.links {
			u, err := url.Parse(l)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if u.Scheme != "" {
				if !slices.Contains([]string{"https", "http", "mailto"}, u.Scheme) {
					t.Errorf("%s leads to %q", name, l)
				}
				continue
			}
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			if strings.HasPrefix(to, "machine/") {
				continue
			}
			if files[to] == nil {
				t.Errorf("%s leads to %s, which is not there", name, l)
			} else if u.Fragment != "" && !pages[to].ids[u.Fragment] {
				t.Errorf("%s leads to %s, which is not in the page", name, l)
			}
		}
		p.sound(t, name)
	}
	return pages
}

// sound reports ids that are named and not there, and headings that leave out a level.
func (p *parsed) sound(t *testing.T, name string) {
	t.Helper()
	for _, id := range p.refs {
		if !p.ids[id] {
			t.Errorf("%s names an id %s, which is not there", name, id)
		}
	}
	last := 0
	for i, h := range p.heads {
		if h > last+1 || h == 1 && i > 0 {
			t.Errorf("%s: a heading of level %d after one of %d", name, h, last)
		}
		last = h
	}
	if len(p.heads) == 0 {
		t.Errorf("%s has no heading", name)
	}
}

func TestLinks(t *testing.T) {
	set := small(t)
	pages := inspectSite(t, siteOf(t, set))
	for _, deep := range []string{"rk-build", "rk-replay", "rk-flood"} {
		if !pages["html/model-risks.html"].ids[deep] {
			t.Errorf("there is no html/model-risks.html#%s", deep)
		}
	}
	for _, d := range set.Documents {
		one, err := Page(set, d)
		if err != nil {
			t.Fatal(err)
		}
		p := inspect(t, d.Name, one)
		p.sound(t, d.Name)
		for _, l := range p.links {
			if l[0] != '#' && !strings.HasPrefix(l, "https://") || l[0] == '#' && !p.ids[l[1:]] {
				t.Errorf("%s for printing leads to %s", d.Name, l)
			}
		}
	}
}

// TestLinksLarge does the same with many documents and entities.
func TestLinksLarge(t *testing.T) { inspectSite(t, siteOf(t, large(t, 2500))) }

// TestPolicy checks that the policy of a page allows the styles in it by their digest.
func TestPolicy(t *testing.T) {
	set := small(t)
	one, err := Page(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string][]byte{"site": siteOf(t, set)["html/risk-report.html"], "page": one} {
		styles := inspect(t, name, page).text["style"]
		if len(styles) == 0 {
			t.Errorf("%s has no styles", name)
		}
		for _, s := range styles {
			sum := sha256.Sum256([]byte(s))
			if digest := base64.StdEncoding.EncodeToString(sum[:]); !bytes.Contains(page, []byte(html.EscapeString("'sha256-"+digest+"'"))) && !bytes.Contains(page, []byte("&#39;sha256-"+digest+"&#39;")) {
				t.Errorf("%s: the policy does not allow a style that begins with %.60q", name, s)
			}
		}
		for _, never := range []string{"unsafe-inline", "unsafe-eval", "http:", "*;"} {
			if policy, _, _ := strings.Cut(string(page), "<title>"); strings.Contains(strings.SplitAfter(policy, "viewport")[0], never) {
				t.Errorf("%s: the policy allows %s", name, never)
			}
		}
	}
}

const evil = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;</style></title>\x00\x1b\u202e]]>"

// spoil puts evil text into every string of a value but names, languages and drawings.
func spoil(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if d, ok := v.Interface().(*draw.Drawing); ok && d != nil {
			d.Title, d.Summary = d.Title+evil, d.Summary+evil
			for _, s := range d.Sheets {
				for _, it := range s.Items {
					if t, ok := it.(*draw.Text); ok {
						t.Text += evil
					}
				}
			}
			return
		}
		if !v.IsNil() {
			spoil(v.Elem(), n)
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && !(v.Type() == reflect.TypeFor[document.Document]() && (f.Name == "Name" || f.Name == "Lang")) && f.Name != "SourceLink" {
				spoil(v.Field(i), n)
			}
		}
	case reflect.String:
		switch v.Interface().(type) {
		case document.Address, document.CalloutKind, document.Paper:
		default:
			if v.CanSet() {
				*n++
				v.SetString(v.String() + evil)
			}
		}
	}
}

// hostile is a set in which every text is evil, ids among them.
func hostile(t *testing.T) *document.Set {
	t.Helper()
	set := small(t)
	n := 0
	spoil(reflect.ValueOf(&set.Stamp), &n)
	spoil(reflect.ValueOf(&set.Design), &n)
	spoil(reflect.ValueOf(&set.Documents), &n)
	spoil(reflect.ValueOf(&set.Files), &n)
	if n < 200 {
		t.Fatalf("only %d texts were spoilt", n)
	}
	set.Number(document.Decimal)
	var links document.Text
	for _, to := range []document.Address{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "entity:none", "doc:none#x", "https://x/\"onclick=alert(1)", "https://\x00javascript:", "mailto:a@b?\"<>"} {
		links = append(links, document.Link("link"+string(to), to))
	}
	first := set.Documents[0].Sections[0]
	first.Blocks = append(first.Blocks, &document.Paragraph{Text: links},
		&document.Callout{Kind: `x" onclick="`}, &document.Table{Columns: []document.Column{{Kind: 99, Width: -1}}, Rows: []document.Row{{Cells: make([]document.Cell, 4)}}},
		&document.Picture{}, &document.List{Items: []document.Item{{}}}, &document.Terms{Terms: []document.Term{{}}}, nil)
	return set
}

func TestHostile(t *testing.T) {
	set := hostile(t)
	files := siteOf(t, set)
	pages := inspectSite(t, files)
	one, err := Page(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	files["page.html"], pages["page.html"] = one, inspect(t, "page.html", one)
	for name, text := range files {
		for _, never := range []string{"<script>", "<img src=x", "javascript:alert(1)\"", "]]><", "\"onclick"} {
			if bytes.Contains(text, []byte(never)) && !strings.HasSuffix(name, ".js") {
				t.Errorf("%s holds %q", name, never)
			}
		}
		for i, r := range string(text) {
			if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\u202e' {
				t.Errorf("%s holds %U: %.60q", name, r, text[max(0, i-30):])
				break
			}
		}
	}
	for name, p := range pages {
		for _, l := range p.links {
			if low := strings.ToLower(l); strings.HasPrefix(low, "javascript") || strings.HasPrefix(low, "data:text") {
				t.Errorf("%s leads to %q", name, l)
			}
		}
	}
	if js := string(files["html/assets/search.js"]); strings.ContainsAny(js, "<>&\u2028") {
		t.Error("the search data holds markup")
	}
}

// TestIDs checks that an id that comes twice, or that would be one of ours, stays one
// place.
func TestIDs(t *testing.T) {
	row := func(id string) document.Block {
		return &document.Table{ID: "a", Columns: []document.Column{{Title: "x"}}, Rows: []document.Row{{ID: id, Cells: []document.Cell{document.W("x")}}}}
	}
	d := &document.Document{Name: "d", Title: "D", Lang: "en", Sections: []*document.Section{
		{ID: "a", Title: "A", Blocks: []document.Block{row("b"), row("b"), row("a"), &document.Picture{ID: "b", Drawing: matrix()}}},
		{ID: "b", Title: "B"}, {ID: "b", Title: "B again"}, {ID: "", Title: "None"}, {ID: "_main", Title: "Main"},
	}}
	picture := d.Sections[0].Blocks[3]
	d.Sections[1].Blocks = []document.Block{picture, picture, &document.Picture{ID: "B", Drawing: matrix()}}
	set := &document.Set{Documents: []*document.Document{d}}
	set.Number(document.Decimal)
	files := siteOf(t, set)
	p := inspectSite(t, files)["html/d.html"]
	for _, id := range []string{"a", "b", "b~2", "b~3", "~2", "~5Fmain"} {
		if !p.ids[id] {
			t.Errorf("no anchor %s among %v", id, p.ids)
		}
	}
	if n := 0; true {
		for name := range files {
			if strings.HasSuffix(name, ".svg") {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d drawings in files of their own, want 2", n)
		}
	}
}

func TestDepth(t *testing.T) {
	s := &document.Section{ID: "s0", Title: "Deep"}
	d := &document.Document{Name: "d", Title: "D", Lang: "en", Sections: []*document.Section{s}}
	for i := range 9 {
		next := &document.Section{ID: fmt.Sprintf("s%d", i+1), Title: "Deeper"}
		s.Sections = []*document.Section{next}
		s = next
	}
	set := &document.Set{Documents: []*document.Document{d}}
	set.Number(document.Decimal)
	p := inspectSite(t, siteOf(t, set))["html/d.html"]
	if want := []int{1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6}; !slices.Equal(p.heads, want) {
		t.Errorf("headings are %v, want %v", p.heads, want)
	}
}
