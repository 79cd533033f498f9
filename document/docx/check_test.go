package docx

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// word is a document that was written, taken apart.
type word struct {
	testing.TB
	files map[string][]byte
	trees map[string]*node
	types map[string]string
	body  *node
}

// open takes a document apart, and checks all that word processors rely on: names,
// types, relations, and that what is referred to is there.
func open(t testing.TB, data []byte) *word {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	w := &word{TB: t, files: map[string][]byte{}, trees: map[string]*node{}, types: map[string]string{}}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if w.files[f.Name] != nil {
			t.Errorf("%s is there twice", f.Name)
		}
		w.files[f.Name] = b
		if strings.HasSuffix(f.Name, ".xml") || strings.HasSuffix(f.Name, ".rels") {
			if w.trees[f.Name], err = parse(b); err != nil {
				t.Fatalf("%s: %v\n%.2000s", f.Name, err, b)
			}
		}
	}
	if z.File[0].Name != "[Content_Types].xml" {
		t.Errorf("the first file is %s", z.File[0].Name)
	}
	w.contentTypes()
	for name := range w.files {
		if strings.HasSuffix(name, ".rels") {
			w.related(name)
		}
	}
	w.body = w.trees["word/document.xml"].kid("w:body")
	w.references()
	w.structure()
	return w
}

func (w *word) contentTypes() {
	w.Helper()
	defaults := map[string]bool{}
	for _, n := range w.trees["[Content_Types].xml"].kids {
		switch n.name {
		case "Default":
			defaults[n.attr("Extension")] = true
		case "Override":
			name := strings.TrimPrefix(n.attr("PartName"), "/")
			w.types[name] = n.attr("ContentType")
			if w.files[name] == nil {
				w.Errorf("%s has a type, but is not there", name)
			}
		}
	}
	for name := range w.files {
		if w.types[name] == "" && !defaults[strings.TrimPrefix(path.Ext(name), ".")] {
			w.Errorf("%s has no type", name)
		}
	}
}

// related checks that relations lead somewhere, and that ids are used that exist.
func (w *word) related(name string) {
	w.Helper()
	ids := map[string]bool{}
	for _, n := range w.trees[name].kids {
		id, target := n.attr("Id"), n.attr("Target")
		if ids[id] {
			w.Errorf("%s has %s twice", name, id)
		}
		ids[id] = true
		if n.attr("TargetMode") == "External" {
			if webAddress(target) != target {
				w.Errorf("%s leads to %q", name, target)
			}
			continue
		}
		if w.files[strings.TrimPrefix(target, "/")] == nil {
			w.Errorf("%s leads to %s, which is not there", name, target)
		}
	}
	owner := strings.TrimSuffix(strings.Replace(name, "_rels/", "", 1), ".rels")
	if w.trees[owner] == nil {
		return
	}
	w.trees[owner].each(func(n *node) {
		for _, a := range n.attrs {
			if (a.name == "r:id" || a.name == "r:embed") && !ids[a.value] {
				w.Errorf("%s uses %s, which is not there", owner, a.value)
			}
		}
	})
}

// references checks styles, lists and bookmarks.
func (w *word) references() {
	w.Helper()
	styles, lists, marks, drawn := map[string]string{}, map[string]bool{"0": true}, map[string]bool{}, map[string]bool{}
	for _, n := range w.trees["word/styles.xml"].kids {
		if n.name == "w:style" {
			if styles[n.attr("w:styleId")] != "" {
				w.Errorf("style %s is there twice", n.attr("w:styleId"))
			}
			styles[n.attr("w:styleId")] = n.attr("w:type")
		}
	}
	if numbering := w.trees["word/numbering.xml"]; numbering != nil {
		for _, n := range numbering.kids {
			if n.name == "w:num" {
				lists[n.attr("w:numId")] = true
			}
		}
	}
	ids := map[string]bool{}
	w.body.each(func(n *node) {
		if n.name == "w:bookmarkStart" {
			if marks[n.attr("w:name")] || ids[n.attr("w:id")] {
				w.Errorf("bookmark %s is there twice", n.attr("w:name"))
			}
			marks[n.attr("w:name")], ids[n.attr("w:id")] = true, true
		}
		if n.name == "wp:docPr" {
			if drawn[n.attr("id")] {
				w.Errorf("picture %s is there twice", n.attr("id"))
			}
			drawn[n.attr("id")] = true
		}
	})
	w.body.each(func(n *node) {
		val := n.attr("w:val")
		switch n.name {
		case "w:pStyle", "w:rStyle", "w:tblStyle":
			if want := map[string]string{"w:pStyle": "paragraph", "w:rStyle": "character", "w:tblStyle": "table"}[n.name]; styles[val] != want {
				w.Errorf("%s %q is of kind %q", n.name, val, styles[val])
			}
		case "w:numId":
			if !lists[val] {
				w.Errorf("list %s is not there", val)
			}
		case "w:hyperlink":
			if a := n.attr("w:anchor"); a != "" && !marks[a] {
				w.Errorf("bookmark %s is not there", a)
			}
		case "w:instrText":
			if f := strings.Fields(n.content()); f[0] == "PAGEREF" && !marks[f[1]] {
				w.Errorf("bookmark %s is not there", f[1])
			}
		}
	})
}

// paragraphOrder is the order of the properties that are written.
var paragraphOrder = []string{
	"w:pStyle", "w:keepNext", "w:keepLines", "w:numPr", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:sectPr",
}

// runOrder is the order of properties of runs.
var runOrder = []string{"w:rStyle", "w:rFonts", "w:b", "w:i", "w:noProof", "w:color", "w:sz", "w:szCs", "w:u", "w:shd"}

// structure checks what word processors take for damage: wrong order, cells without a
// paragraph, tables that touch, fields that do not end.
func (w *word) structure() {
	w.Helper()
	check := func(where *node, order []string) {
		last := -1
		for _, k := range where.kids {
			i := slices.Index(order, k.name)
			if i < 0 || i <= last {
				w.Errorf("<%s> stands wrong in <%s>", k.name, where.name)
			}
			last = i
		}
	}
	for _, part := range []string{"word/document.xml", "word/styles.xml"} {
		w.trees[part].each(func(n *node) {
			switch {
			case n.name == "w:pPr" && len(n.kids) > 0 && n.kids[0].attr("w:val") != "": // ours
				check(n, paragraphOrder)
			case n.name == "w:rPr" && n.kid("w:lang") == nil && part == "word/document.xml":
				check(n, runOrder)
			}
		})
	}
	depth := 0
	w.body.each(func(n *node) {
		switch {
		case n.name == "w:tc" && n.kids[len(n.kids)-1].name != "w:p":
			w.Error("a cell does not end with a paragraph")
		case n.name == "w:tr" && len(n.kids) == 0:
			w.Error("a row has no cells")
		case n.name == "w:fldChar":
			depth += map[string]int{"begin": 1, "end": -1}[n.attr("w:fldCharType")]
		}
		for i := 1; i < len(n.kids); i++ {
			if n.kids[i].name == "w:tbl" && n.kids[i-1].name == "w:tbl" {
				w.Error("two tables touch")
			}
		}
	})
	if depth != 0 {
		w.Errorf("%d fields do not end", depth)
	}
	if last := w.body.kids[len(w.body.kids)-1]; last.name != "w:sectPr" {
		w.Errorf("the body ends with <%s>", last.name)
	}
}

// allText is the text of all paragraphs below a node.
func allText(n *node) string {
	var b strings.Builder
	n.each(func(p *node) {
		if p.name == "w:p" {
			b.WriteString(textOf(p))
		}
	})
	return b.String()
}

// texts are the texts of the paragraphs of a style, by its name; of all for "".
func (w *word) texts(style string) []string {
	id := ""
	for _, n := range w.trees["word/styles.xml"].kids {
		if n.name == "w:style" && strings.EqualFold(n.val("w:name"), style) {
			id = n.attr("w:styleId")
		}
	}
	var list []string
	w.body.each(func(n *node) {
		if n.name == "w:p" && (style == "" || n.kid("w:pPr").val("w:pStyle") == id) {
			list = append(list, textOf(n))
		}
	})
	return list
}

// numbers are the numbers that the headings of the document get, as word processors
// count, each followed by its text.
func (w *word) numbers() []string {
	styleList, styleLevel, levelOf := map[string]string{}, map[string]int{}, map[string]int{}
	for _, n := range w.trees["word/styles.xml"].kids {
		id := n.attr("w:styleId")
		if p := n.kid("w:pPr").kid("w:numPr"); p != nil {
			styleList[id] = p.val("w:numId")
			styleLevel[id], _ = strconv.Atoi(p.val("w:ilvl"))
		}
		for i := range levels {
			if strings.EqualFold(n.val("w:name"), heading(i+1)) {
				levelOf[id] = i + 1
			}
		}
	}
	var list []string
	counts := map[string][]int{}
	w.body.each(func(n *node) {
		style := n.kid("w:pPr").val("w:pStyle")
		if n.name != "w:p" || levelOf[style] == 0 {
			return
		}
		id, level := styleList[style], styleLevel[style]
		if p := n.kid("w:pPr").kid("w:numPr"); p != nil {
			id = p.val("w:numId")
			level, _ = strconv.Atoi(p.val("w:ilvl"))
		}
		if id == "" || id == "0" {
			list = append(list, textOf(n))
			return
		}
		c := append(counts[id], make([]int, levels)...)[:level+1]
		c[level]++
		counts[id] = slices.Clone(c)
		list = append(list, w.counted(id, level, c)+" "+textOf(n))
	})
	return list
}

// counted is the text of a number of a list.
func (w *word) counted(id string, level int, count []int) string {
	numbering, definition := w.trees["word/numbering.xml"], ""
	for _, n := range numbering.kids {
		if n.name == "w:num" && n.attr("w:numId") == id {
			definition = n.val("w:abstractNumId")
		}
	}
	for _, n := range numbering.kids {
		if n.name != "w:abstractNum" || n.attr("w:abstractNumId") != definition {
			continue
		}
		for _, l := range n.kids {
			if l.name == "w:lvl" && l.attr("w:ilvl") == strconv.Itoa(level) {
				text := l.val("w:lvlText")
				for i, c := range count {
					text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), strconv.Itoa(c))
				}
				return text
			}
		}
	}
	w.Errorf("list %s has no level %d", id, level)
	return ""
}
