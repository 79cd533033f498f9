package csaf

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"theriac/document"
	"theriac/locale"
)

// Page is a CSAF document for people to read, as a set of one document that is
// resolved. It says what the CSAF document says, and how the approvals of its case
// stand. Without them a document that CSAF calls final is called so and not approved.
func Page(text []byte, signed Approval) (*document.Set, error) {
	d, err := read(text)
	if err != nil {
		return nil, err
	}
	about := d.root.get("document")
	title := about.text("title")
	if title == "" {
		return nil, errors.New("the document has no title")
	}
	p := page{d, map[string]string{}}
	for _, product := range d.products {
		p.names[product.text("product_id")] = product.text("name")
	}
	doc := &document.Document{
		Name: "advisory", Title: title, Lang: "en", Number: about.text("tracking", "id"), Revision: about.text("tracking", "version"), Quiet: true, Brief: true,
		Sections: []*document.Section{{ID: "about", Title: "About this document", Blocks: p.about()}},
	}
	for i, group := range alike(d.vulnerabilities) {
		if len(group) == 1 {
			doc.Sections = append(doc.Sections, p.vulnerability(i, group[0]))
		} else {
			doc.Sections = append(doc.Sections, p.group(i, group))
		}
	}
	doc.Sections = append(doc.Sections, &document.Section{ID: "history", Title: "Revisions", Blocks: p.history()})
	state := about.text("tracking", "status")
	released, _ := time.Parse(time.RFC3339, about.text("tracking", "current_release_date")) // none where it cannot be read
	set := &document.Set{Documents: []*document.Document{doc}, Design: document.Design{Paper: document.A4}, Stamp: document.Stamp{
		Product: p.product(), Manufacturer: about.text("publisher", "name"), Approved: state == "final" && signed.Given, State: stateWords[state],
		Why: append([]string{"State of the advisory as CSAF names it: " + cmp.Or(state, "none")}, signed.in(locale.English())...), Day: released.UTC().Format(time.DateOnly), Time: released.UTC(),
	}}
	set.Number(document.Decimal)
	return set, set.Resolve()
}

// stateWords are the states of CSAF in which a document is public.
var stateWords = map[string]string{"final": "Final", "interim": "Interim"}

// page writes the parts of a CSAF document.
type page struct {
	*advisory
	names map[string]string // of products
}

// product are the names of the products in the product tree, or the number of the
// document where there are none.
func (p page) product() string {
	var names []string
	p.branches(func(b *node) {
		if name := b.text("name"); b.text("category") == "product_name" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	if len(names) > 3 {
		names = append(names[:3], "...")
	}
	return cmp.Or(strings.Join(names, ", "), p.root.text("document", "tracking", "id"))
}

// say is a paragraph of plain text.
func say(text string) document.Block { return document.P(document.Source{}, document.Span{Text: text}) }

// terms are names with texts, without those that are empty.
func terms(pairs ...[2]string) *document.Terms {
	t := &document.Terms{}
	for _, p := range pairs {
		if p[1] != "" {
			t.Terms = append(t.Terms, document.Term{Name: document.T("%s", p[0]), Blocks: []document.Block{say(p[1])}})
		}
	}
	return t
}

func (p page) about() []document.Block {
	d := p.root.get("document")
	label := d.text("distribution", "tlp", "label")
	if label != "" {
		label = "TLP:" + label
	}
	blocks := []document.Block{terms(
		[2]string{"Publisher", d.text("publisher", "name")}, [2]string{"Contact", d.text("publisher", "contact_details")},
		[2]string{"Number", d.text("tracking", "id")}, [2]string{"Version", d.text("tracking", "version")},
		[2]string{"First released", d.text("tracking", "initial_release_date")}, [2]string{"This release", d.text("tracking", "current_release_date")},
		[2]string{"Sharing", label}, [2]string{"Severity", d.text("aggregate_severity", "text")}, [2]string{"Thanks to", thanks(d)},
	)}
	blocks = append(blocks, notes(d)...)
	return append(blocks, references(d)...)
}

// thanks are the names of those who are credited.
func thanks(n *node) string {
	var names []string
	for _, a := range n.all("acknowledgments") {
		for _, name := range a.texts("names") {
			names = append(names, name.value)
		}
		if o := a.text("organization"); o != "" {
			names = append(names, o)
		}
	}
	return strings.Join(names, ", ")
}

func notes(n *node) []document.Block {
	var blocks []document.Block
	for _, item := range n.all("notes") {
		if title := cmp.Or(item.text("title"), item.text("category")); title != "" {
			blocks = append(blocks, document.P(document.Source{}, document.Bold(title)))
		}
		blocks = append(blocks, document.Markdown(item.text("text"), document.Source{})...)
	}
	return blocks
}

func references(n *node) []document.Block {
	links := &document.List{}
	for _, r := range n.all("references") {
		span := document.Span{Text: cmp.Or(r.text("summary"), r.text("url"))}
		if url := r.text("url"); strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
			span.To = document.Address(url)
		}
		links.Items = append(links.Items, document.Item{Blocks: []document.Block{document.P(document.Source{}, span)}})
	}
	if len(links.Items) == 0 {
		return nil
	}
	return []document.Block{links}
}

// toldStatuses are the lists of product_status, what needs action first.
var toldStatuses = []string{"known_affected", "first_affected", "last_affected", "under_investigation", "fixed", "first_fixed", "known_not_affected", "recommended"}

// statusWords are the lists of product_status as readers know them.
var statusWords = map[string]string{
	"first_affected": "first affected", "first_fixed": "first fixed", "fixed": "fixed", "known_affected": "affected",
	"known_not_affected": "not affected", "last_affected": "last affected", "recommended": "recommended", "under_investigation": "under investigation",
}

// tones are the looks of states; the others have none.
var tones = map[string]document.Tone{
	"first_affected": document.Bad, "known_affected": document.Bad, "last_affected": document.Bad,
	"fixed": document.Good, "first_fixed": document.Good, "known_not_affected": document.Good, "under_investigation": document.Partly,
}

func (p page) vulnerability(i int, v *node) *document.Section {
	id := nameOf(v)
	title := cmp.Or(v.text("title"), id, "Vulnerability")
	if id != "" && !strings.Contains(title, id) {
		title += " (" + id + ")"
	}
	s := &document.Section{ID: "vulnerability-" + strconv.Itoa(i+1), Title: title}
	s.Blocks = append(s.Blocks, p.states(v)...)
	s.Blocks = append(s.Blocks, p.statements(v, "remediations", "What to do")...)
	s.Blocks = append(s.Blocks, p.statements(v, "threats", "Impact")...)
	s.Blocks = append(s.Blocks, p.scored(v)...)
	s.Blocks = append(s.Blocks, notes(v)...)
	s.Blocks = append(s.Blocks, references(v)...)
	return s
}

// nameOf is the id by which a vulnerability is known; "" where it has none.
func nameOf(v *node) string {
	id := v.text("cve")
	for _, other := range v.all("ids") {
		id = cmp.Or(id, other.text("text"))
	}
	return id
}

// states are the products with how they stand; none where none is named.
func (p page) states(v *node) []document.Block {
	states := &document.Table{Columns: []document.Column{{Title: "Product", Width: 3}, {Title: "State", Kind: document.State}}}
	for _, name := range toldStatuses {
		for _, product := range v.texts("product_status", name) {
			states.Rows = append(states.Rows, document.Row{Cells: []document.Cell{document.W(p.name(product.value)), document.C(document.Badge(tones[name], statusWords[name]))}})
		}
	}
	if len(states.Rows) == 0 {
		return nil
	}
	return []document.Block{states}
}

// name is the name of a product, or its id where it is not defined.
func (p page) name(id string) string { return cmp.Or(p.names[id], id) }

// products names products by their ids.
func (p page) products(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, p.name(id))
	}
	return strings.Join(names, ", ")
}

// statements are remediations or threats, each with its products.
func (p page) statements(v *node, list, title string) []document.Block {
	t := &document.Table{Columns: []document.Column{{Title: title, Width: 3}, {Title: "Kind"}, {Title: "Products", Width: 2}}}
	for _, item := range v.all(list) {
		kind := strings.ReplaceAll(item.text("category"), "_", " ")
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(item.text("details")), document.W(kind), document.W(p.products(p.covered(item)))}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []document.Block{t}
}

func (p page) scored(v *node) []document.Block {
	t := &document.Table{Columns: []document.Column{{Title: "Score"}, {Title: "Vector", Width: 4, Kind: document.Code}, {Title: "Products", Width: 2}}}
	for _, s := range v.all("scores") {
		var ids []string
		for _, id := range s.texts("products") {
			ids = append(ids, id.value)
		}
		for _, name := range []string{"cvss_v2", "cvss_v3"} {
			if c := s.get(name); c != nil {
				t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(scoreWords(c)), document.C(document.Literal(c.text("vectorString"))), document.W(p.products(ids))}})
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []document.Block{t}
}

// scoreWords is the score that applies: the environmental one where it is stated.
func scoreWords(score *node) string {
	for _, name := range []string{"environmental", "temporal", "base"} {
		if n := score.get(name + "Score"); n != nil && n.kind == number {
			return strings.TrimSpace(name + " " + n.value + " " + strings.ToLower(score.text(name+"Severity")))
		}
	}
	return ""
}

func (p page) history() []document.Block {
	t := &document.Table{Columns: []document.Column{{Title: "Version"}, {Title: "Date", Width: 2}, {Title: "What changed", Width: 5}}}
	for _, r := range p.revisions {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(r.text("number")), document.W(r.text("date")), document.W(r.text("summary"))}})
	}
	return []document.Block{t}
}
