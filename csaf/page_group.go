package csaf

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"theriac/document"
)

// ownMembers are the members of a vulnerability that tell which it is, and how grave;
// with all others alike, two vulnerabilities are told together.
var ownMembers = []string{"cve", "cwe", "discovery_date", "ids", "references", "release_date", "scores", "title"}

// alike puts vulnerabilities together of which the same is said, each group where its
// first stands.
func alike(list []*node) (groups [][]*node) {
	at := map[string]int{}
	for _, v := range list {
		key := v.told()
		i, known := at[key]
		if !known {
			i, at[key] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], v)
	}
	return groups
}

// told is what a vulnerability has besides its own members, as one text.
func (n *node) told() string {
	var b strings.Builder
	if n == nil || n.kind != object {
		return ""
	}
	for _, name := range n.names {
		own := false
		for _, o := range ownMembers {
			own = own || o == name
		}
		if !own {
			b.WriteString(strconv.Quote(name))
			n.members[name].write(&b)
		}
	}
	return b.String()
}

// write writes a value so that two are written alike only where they are.
func (n *node) write(b *strings.Builder) {
	if n == nil {
		return
	}
	switch n.kind {
	case object:
		b.WriteByte('{')
		for _, name := range n.names {
			b.WriteString(strconv.Quote(name))
			n.members[name].write(b)
		}
		b.WriteByte('}')
	case list:
		b.WriteByte('[')
		for _, one := range n.list {
			one.write(b)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	default:
		b.WriteString(strconv.Itoa(int(n.kind)) + strconv.Quote(n.value))
	}
}

// group tells vulnerabilities of which the same is said: once what is said, and a table
// of which they are.
func (p page) group(i int, group []*node) *document.Section {
	first := group[0]
	title := cmp.Or(first.text("title"), nameOf(first), "Vulnerability")
	for _, v := range group {
		if v.text("title") != first.text("title") {
			title = fmt.Sprintf("%s and %d more", nameOf(first), len(group)-1)
		}
	}
	if title == first.text("title") {
		title = fmt.Sprintf("%s (%d vulnerabilities)", title, len(group))
	}
	s := &document.Section{ID: "vulnerability-" + strconv.Itoa(i+1), Title: title}
	s.Blocks = append(s.Blocks, p.states(first)...)
	s.Blocks = append(s.Blocks, p.statements(first, "remediations", "What to do")...)
	s.Blocks = append(s.Blocks, p.statements(first, "threats", "Impact")...)
	s.Blocks = append(s.Blocks, notes(first)...)
	return p.listed(s, group)
}

// listed ends a section with its vulnerabilities: a table, or their ids where none has a
// score.
func (p page) listed(s *document.Section, group []*node) *document.Section {
	t := &document.Table{Columns: []document.Column{{Title: "Vulnerability", Kind: document.Code, Width: 2}, {Title: "Score", Width: 2}, {Title: "Vector", Kind: document.Code, Width: 4}}}
	scored, plain := false, document.Text{}
	for i, v := range group {
		if i > 0 {
			plain = append(plain, document.Span{Text: ", "})
		}
		plain = append(plain, linkOf(v))
		scored = scored || len(v.all("scores")) > 0
		row := document.Row{Cells: []document.Cell{document.C(linkOf(v)), {}, {}}}
		for _, score := range v.all("scores") {
			for _, name := range []string{"cvss_v2", "cvss_v3"} {
				if c := score.get(name); c != nil {
					row.Cells[1].Lines = append(row.Cells[1].Lines, document.T("%s", scoreWords(c)))
					row.Cells[2].Lines = append(row.Cells[2].Lines, document.Text{document.Literal(c.text("vectorString"))})
				}
			}
		}
		t.Rows = append(t.Rows, row)
	}
	if !scored { // the ids alone
		s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Bold("Vulnerabilities")), document.P(document.Source{}, plain...))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// linkOf is the name of a vulnerability, with the first address that tells of it.
func linkOf(v *node) document.Span {
	id := document.Literal(cmp.Or(nameOf(v), v.text("title")))
	for _, r := range v.all("references") {
		if url := r.text("url"); strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
			id.To = document.Address(url)
			break
		}
	}
	return id
}
