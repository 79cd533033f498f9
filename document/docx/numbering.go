package docx

import (
	"fmt"
	"strconv"
	"strings"

	"theriac/document"
)

// headings says how sections get their numbers.
type headings struct {
	direct int  // list that each heading names itself; 0 where the styles do
	none   bool // headings must not be numbered, though the styles of the template would
}

// lists are the lists of a document.
type lists struct {
	abstract    int // id of the definition for bullets; that for numbers is the next
	bullets     int // id of the list of all bullets
	next        int // id of the next list
	definitions []*node
	instances   []*node
}

// unnumbered takes a paragraph out of the list of its style; in many templates that of
// the heading of the contents is based on a style of headings.
const unnumbered = `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>`

// bulletMarks are the bullets, by level.
var bulletMarks = []string{"•", "–", "▪"}

// bindNumbers makes the definitions of lists, and binds one to the styles of headings
// where sections have numbers. Where the template's own numbers would be other ones
// than the set gave, headings name the list themselves.
func (w *writer) bindNumbers() {
	abstract, list := w.base.highest()
	w.lists = lists{abstract: abstract + 1, bullets: list + 1, next: list + 2}
	w.lists.definitions = []*node{bulletDefinition(abstract + 1), numberDefinition(abstract + 2)}
	w.lists.instances = []*node{instance(list+1, abstract+1, false)}

	numbered, depth := numberedSections(w.d)
	have, same := w.base.headingNumbers(w.style, depth)
	switch {
	case !numbered:
		w.heads.none = have
		return
	case have && same:
		return
	}
	id := w.newList(abstract + 3)
	if have {
		w.heads.direct = id
	} else {
		w.base.bind(w.style, id)
	}
	w.lists.definitions = append(w.lists.definitions, headingDefinition(abstract+3, w.style, !have))
}

// numberedSections reports whether sections have numbers, and how deep they go.
func numberedSections(d *document.Document) (numbered bool, depth int) {
	d.Walk(func(s *document.Section, at int) {
		numbered = numbered || s.Number != ""
		depth = max(depth, min(at, levels))
	})
	return numbered, depth
}

// newList makes a list of a definition.
func (w *writer) newList(definition int) int {
	id := w.lists.next
	w.lists.next++
	w.lists.instances = append(w.lists.instances, instance(id, definition, definition == w.lists.abstract+1))
	return id
}

// instance is a list; one that restarts counts from 1 on each level.
func instance(id, definition int, restart bool) *node {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/>`, id, definition)
	for i := 0; restart && i < levels; i++ {
		fmt.Fprintf(&b, `<w:lvlOverride w:ilvl="%d"><w:startOverride w:val="1"/></w:lvlOverride>`, i)
	}
	b.WriteString(`</w:num>`)
	return must(b.String())
}

func definition(id int, kind string, level func(i int) string) *node {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:nsid w:val="%08X"/><w:multiLevelType w:val="%s"/>`, id, 0x54480000+id, kind)
	for i := range levels {
		b.WriteString(level(i))
	}
	b.WriteString(`</w:abstractNum>`)
	return must(b.String())
}

func bulletDefinition(id int) *node {
	return definition(id, "hybridMultilevel", func(i int) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr>%s</w:pPr></w:lvl>`,
			i, bulletMarks[i%len(bulletMarks)], listIndent(i))
	})
}

func numberDefinition(id int) *node {
	formats := []string{"decimal", "lowerLetter", "lowerRoman"}
	return definition(id, "multilevel", func(i int) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%%%d."/><w:lvlJc w:val="left"/><w:pPr>%s</w:pPr></w:lvl>`,
			i, formats[i%len(formats)], i+1, listIndent(i))
	})
}

// listStep is how much further each level of a list is to the right.
const listStep = 340

func listIndent(level int) string {
	return fmt.Sprintf(`<w:ind w:left="%d" w:hanging="%d"/>`, (level+1)*listStep, listStep)
}

// headingIndent is the space for numbers, by level.
var headingIndent = []int{567, 794, 1021, 1247, 1474, 1701, 1928, 2155, 2381}

// headingDefinition numbers 1, 1.1, 1.1.1.
func headingDefinition(id int, ids styleIDs, bound bool) *node {
	return definition(id, "multilevel", func(i int) string {
		text := make([]string, i+1)
		for j := range text {
			text[j] = "%" + strconv.Itoa(j+1)
		}
		style := ""
		if bound {
			style = `<w:pStyle w:val="` + esc(ids[heading(i+1)]) + `"/>`
		}
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="decimal"/>%s<w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="%d"/></w:pPr></w:lvl>`,
			i, style, strings.Join(text, "."), headingIndent[i], headingIndent[i])
	})
}

// highest is the highest ids of definitions and lists that the package has.
func (b *base) highest() (abstract, list int) {
	p := b.related("numbering")
	if p == nil {
		return 0, 0
	}
	for _, n := range p.root.kids {
		abstract = max(abstract, measure(n, "w:abstractNumId", 0, 1<<30, 0))
		list = max(list, measure(n, "w:numId", 0, 1<<30, 0))
	}
	return abstract, list
}

// headingNumbers reports whether a style of headings is numbered, and whether the
// numbers of all levels in use are 1, 1.1, 1.1.1.
func (b *base) headingNumbers(ids styleIDs, depth int) (have, same bool) {
	same = true
	list := ""
	for i := range levels {
		n := b.styleNode(ids[heading(i+1)]).kid("w:pPr").kid("w:numPr")
		id := n.val("w:numId")
		if n == nil || id == "0" {
			same = same && i >= depth
			continue
		}
		have = true
		if list == "" {
			list = id
		}
		if i < depth && (id != list || !b.decimal(id, i, ids[heading(i+1)])) {
			same = false
		}
	}
	return have, have && same
}

// decimal reports whether a level of a list is bound to a style, and numbers with
// figures and dots.
func (b *base) decimal(list string, level int, style string) bool {
	p := b.related("numbering")
	if p == nil {
		return false
	}
	var definition string
	for _, n := range p.root.kids {
		if n.name == "w:num" && n.attr("w:numId") == list && n.kid("w:lvlOverride") == nil {
			definition = n.val("w:abstractNumId")
		}
	}
	want := "%1"
	for i := range level {
		want += ".%" + strconv.Itoa(i+2)
	}
	for _, n := range p.root.kids {
		if n.name != "w:abstractNum" || definition == "" || n.attr("w:abstractNumId") != definition {
			continue
		}
		for _, l := range n.kids {
			if l.name == "w:lvl" && l.attr("w:ilvl") == strconv.Itoa(level) {
				text := strings.TrimRight(l.val("w:lvlText"), " .\t")
				start := l.val("w:start")
				return l.val("w:numFmt") == "decimal" && text == want && (start == "" || start == "1") && l.val("w:pStyle") == style
			}
		}
	}
	return false
}

func (b *base) styleNode(id string) *node {
	for _, n := range b.related("styles").root.kids {
		if n.name == "w:style" && n.attr("w:styleId") == id {
			return n
		}
	}
	return nil
}

// afterNumbers are the properties of paragraphs that stand behind w:numPr.
var afterNumbers = []string{
	"w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
	"w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
	"w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr",
	"w:sectPr", "w:pPrChange",
}

// bind makes the styles of headings number by a list.
func (b *base) bind(ids styleIDs, list int) {
	for i := range levels {
		style := b.styleNode(ids[heading(i+1)])
		p := style.kid("w:pPr")
		if p == nil {
			p = &node{name: "w:pPr"}
			style.insert(p, "w:rPr", "w:tblPr")
		}
		p.drop(func(n *node) bool { return n.name == "w:numPr" })
		p.insert(must(fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, i, list)), afterNumbers...)
	}
}

// addLists writes the definitions and lists into the package.
func (w *writer) addLists() {
	p := w.base.related("numbering")
	if p == nil {
		p = &part{kind: contentWord + "numbering+xml", root: must(`<w:numbering xmlns:w="` + nsMain + `"/>`)}
		w.base.add("numbering", "numbering.xml", p)
	}
	for _, n := range w.lists.definitions {
		p.root.insert(n, "w:num", "w:numIdMacAtCleanup")
	}
	for _, n := range w.lists.instances {
		p.root.insert(n, "w:numIdMacAtCleanup")
	}
}
