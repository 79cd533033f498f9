package docx

import (
	"fmt"
	"strconv"
	"strings"
)

// style is a style of ours. Its name is the one by which a template may have it too;
// names of styles that are built into word processors do not depend on the language.
type style struct {
	id   string // filled by addStyles
	kind string // paragraph, character, table
	name string
	on   string // name of the style that it is based on
	next string // name of the style of the next paragraph
	rank int    // in the list of styles that word processors show; 0 hides it
	p, r string // properties of paragraphs and of runs
	more string // properties of tables
}

// styleIDs are the ids of styles, by name.
type styleIDs map[string]string

// Colours of the documents, as RRGGBB.
const (
	deep  = "1F3A57" // headings
	faint = "5F6873" // what stands back: 5.6:1 on white
	rule  = "C5CCD4"
	head  = "E8EDF3" // header rows
)

// ours lists our styles. Sizes are stated only where they differ from the text, so that
// they follow that of a template.
func ours(p page) []style {
	list := []style{
		{kind: "paragraph", name: "Normal", rank: 1},
		{kind: "character", name: "Default Paragraph Font"},
		{kind: "table", name: "Normal Table", more: `<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>`},
		{kind: "paragraph", name: "Body Text", on: "Normal", rank: 2, p: `<w:spacing w:before="0" w:after="120"/>`},
		{kind: "paragraph", name: "Title", on: "Normal", next: "Subtitle", rank: 10, p: `<w:keepNext/><w:spacing w:before="0" w:after="120" w:line="240" w:lineRule="auto"/>`,
			r: `<w:b/><w:color w:val="` + deep + `"/><w:sz w:val="52"/><w:szCs w:val="52"/>`},
		{kind: "paragraph", name: "Subtitle", on: "Normal", next: "Body Text", rank: 11, p: `<w:spacing w:before="0" w:after="240"/>`,
			r: `<w:color w:val="` + faint + `"/><w:sz w:val="28"/><w:szCs w:val="28"/>`},
		{kind: "paragraph", name: "TOC Heading", on: "Normal", next: "Body Text", rank: 39, p: `<w:keepNext/><w:spacing w:before="0" w:after="160"/>`,
			r: `<w:b/><w:color w:val="` + deep + `"/><w:sz w:val="32"/><w:szCs w:val="32"/>`},
		{kind: "paragraph", name: "caption", on: "Normal", next: "Body Text", rank: 35, p: `<w:keepLines/><w:spacing w:before="120" w:after="80"/>`,
			r: `<w:b/><w:color w:val="` + deep + `"/><w:sz w:val="18"/><w:szCs w:val="18"/>`},
		{kind: "paragraph", name: "List Bullet", on: "Body Text", rank: 14, p: `<w:spacing w:before="0" w:after="60"/>`},
		{kind: "paragraph", name: "List Number", on: "Body Text", rank: 15, p: `<w:spacing w:before="0" w:after="60"/>`},
		{kind: "paragraph", name: "List Continue", on: "Body Text", rank: 16, p: `<w:spacing w:before="0" w:after="60"/>`},
		{kind: "paragraph", name: "Term", on: "Body Text", next: "Definition", rank: 20, p: `<w:keepNext/><w:spacing w:before="60" w:after="0"/>`, r: `<w:b/>`},
		{kind: "paragraph", name: "Definition", on: "Body Text", rank: 21, p: `<w:spacing w:before="0" w:after="80"/><w:ind w:left="397"/>`},
		{kind: "paragraph", name: "Table Text", on: "Normal", rank: 25, p: `<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>`, r: `<w:sz w:val="17"/><w:szCs w:val="17"/>`},
		{kind: "paragraph", name: "Table Heading", on: "Table Text", rank: 26, p: `<w:keepNext/><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>`, r: `<w:b/><w:color w:val="` + deep + `"/>`},
		{kind: "paragraph", name: "Table End", on: "Normal", next: "Body Text", p: `<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>`, r: `<w:sz w:val="8"/><w:szCs w:val="8"/>`},
		{kind: "paragraph", name: "Figure", on: "Normal", next: "caption", rank: 27, p: `<w:keepNext/><w:spacing w:before="120" w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>`},
		{kind: "paragraph", name: "Code", on: "Normal", rank: 28, p: `<w:keepLines/><w:pBdr><w:left w:val="single" w:sz="18" w:space="6" w:color="` + rule + `"/></w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="F5F7F9"/><w:spacing w:before="60" w:after="160" w:line="240" w:lineRule="auto"/><w:ind w:left="170"/>`,
			r: mono + `<w:noProof/><w:sz w:val="16"/><w:szCs w:val="16"/>`},
		{kind: "paragraph", name: "header", on: "Normal", rank: 99, p: runningTabs(p), r: `<w:color w:val="` + faint + `"/><w:sz w:val="16"/><w:szCs w:val="16"/>`},
		{kind: "paragraph", name: "footer", on: "Normal", rank: 99, p: runningTabs(p), r: `<w:color w:val="` + faint + `"/><w:sz w:val="16"/><w:szCs w:val="16"/>`},
		{kind: "character", name: "Hyperlink", on: "Default Paragraph Font", rank: 98, r: `<w:color w:val="0B5394"/><w:u w:val="single"/>`},
		{kind: "character", name: "Cross Reference", on: "Default Paragraph Font", rank: 40, r: `<w:color w:val="1F4E79"/>`},
		{kind: "character", name: "Code Text", on: "Default Paragraph Font", rank: 41, r: mono + `<w:noProof/>`},
		{kind: "character", name: "Faint", on: "Default Paragraph Font", rank: 42, r: `<w:color w:val="` + faint + `"/>`},
		{kind: "character", name: "Source Mark", on: "Default Paragraph Font", rank: 43, r: `<w:noProof/><w:color w:val="` + faint + `"/><w:sz w:val="13"/><w:szCs w:val="13"/>`},
		{kind: "table", name: "Record Table", on: "Normal Table", rank: 50, more: recordTable},
		{kind: "table", name: "Fact Table", on: "Normal Table", rank: 51, more: factTable},
	}
	list = append(list, headingStyles()...)
	list = append(list, contentsStyles(p)...)
	list = append(list, calloutStyles()...)
	return append(list, badgeStyles()...)
}

// mono is the font of what is to be read letter by letter.
const mono = `<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>`

const recordTable = `<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="5A6573"/><w:bottom w:val="single" w:sz="6" w:space="0" w:color="5A6573"/>` +
	`<w:insideH w:val="single" w:sz="4" w:space="0" w:color="` + rule + `"/></w:tblBorders>` +
	`<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="75" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/><w:right w:w="75" w:type="dxa"/></w:tblCellMar></w:tblPr>` +
	`<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="5A6573"/></w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="` + head + `"/></w:tcPr></w:tblStylePr>`

const factTable = `<w:tblPr><w:tblBorders><w:insideH w:val="single" w:sz="4" w:space="0" w:color="` + rule + `"/></w:tblBorders>` +
	`<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="113" w:type="dxa"/></w:tblCellMar></w:tblPr>`

func runningTabs(p page) string {
	return fmt.Sprintf(`<w:tabs><w:tab w:val="center" w:pos="%d"/><w:tab w:val="right" w:pos="%d"/></w:tabs><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>`, p.room(false)/2, p.room(false))
}

// levels is how many levels of headings word processors have.
const levels = 9

func headingStyles() []style {
	var list []style
	sizes := []int{32, 26, 23, 21, 20, 20, 20, 20, 20}
	for i, size := range sizes {
		list = append(list, style{
			kind: "paragraph", name: heading(i + 1), on: "Normal", next: "Body Text", rank: 9,
			p: fmt.Sprintf(`<w:keepNext/><w:keepLines/><w:spacing w:before="%d" w:after="%d" w:line="240" w:lineRule="auto"/><w:outlineLvl w:val="%d"/>`, max(160, 360-80*i), max(80, 140-20*i), i),
			r: fmt.Sprintf(`<w:b/><w:color w:val="%s"/><w:sz w:val="%d"/><w:szCs w:val="%d"/>`, deep, size, size),
		})
	}
	return list
}

func heading(level int) string { return "heading " + strconv.Itoa(level) }

// contentsDepth is how many levels the contents list.
const contentsDepth = 3

func contentsStyles(p page) []style {
	var list []style
	for i := range contentsDepth {
		s := style{kind: "paragraph", name: "toc " + strconv.Itoa(i+1), on: "Normal", next: "Normal", rank: 39,
			p: contentsTabs(i+1, p) + fmt.Sprintf(`<w:spacing w:before="%d" w:after="40"/><w:ind w:left="%d"/>`, max(0, 100-100*i), contentsIndent[i])}
		if i == 0 {
			s.r = `<w:b/>`
		}
		list = append(list, s)
	}
	return list
}

// contentsIndent is where the levels of the contents start, in twips; numbers take
// the space up to the next but one.
var contentsIndent = []int{0, 454, 1077, 1871}

func contentsTabs(level int, p page) string {
	return fmt.Sprintf(`<w:tabs><w:tab w:val="left" w:pos="%d"/><w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs>`, contentsIndent[level], p.room(false))
}

// callouts are the colours of callouts: of the bar and of the ground.
var callouts = []struct{ name, bar, ground string }{
	{"Warning", "B3261E", "FBE9E7"}, {"Caution", "B26A00", "FFF4DC"}, {"Note", "2B4A6B", "EDF3F9"}, {"Gap", "7A4A9E", "F5EEF9"},
}

// calloutEdge is the left edge of callouts, in twips: the bar stands in front of it.
const calloutEdge = 198

func calloutStyles() []style {
	var list []style
	for i, c := range callouts {
		p := `<w:keepLines/><w:pBdr><w:top w:val="single" w:sz="4" w:space="3" w:color="` + c.ground + `"/><w:left w:val="single" w:sz="24" w:space="6" w:color="` + c.bar +
			`"/><w:bottom w:val="single" w:sz="4" w:space="3" w:color="` + c.ground + `"/></w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="` + c.ground + `"/><w:spacing w:before="120" w:after="160"/><w:ind w:left="` + strconv.Itoa(calloutEdge) + `"/><w:contextualSpacing/>`
		list = append(list, style{kind: "paragraph", name: c.name, on: "Body Text", rank: 30 + i, p: p})
		list = append(list, style{kind: "character", name: c.name + " Title", on: "Default Paragraph Font", rank: 34 + i, r: `<w:b/><w:color w:val="` + c.bar + `"/>`})
	}
	return list
}

// badges are the names of the styles of tones, with their grounds, as in pictures.
var badges = []struct{ name, ink, ground string }{
	{"", "", ""}, {"Badge Good", "14532D", "DCEFDC"}, {"Badge Partly", "5C4400", "FDF0C4"}, {"Badge Bad", "7D1A13", "F6D0CB"}, {"Badge Neutral", "3B434C", "E6E8EB"},
}

func badgeStyles() []style {
	var list []style
	for i, c := range badges[1:] {
		list = append(list, style{kind: "character", name: c.name, on: "Default Paragraph Font", rank: 45 + i,
			r: `<w:b/><w:color w:val="` + c.ink + `"/><w:shd w:val="clear" w:color="auto" w:fill="` + c.ground + `"/>`})
	}
	return list
}

// addStyles adds the styles of ours that the package lacks, and says under which ids
// all of them are.
func (b *base) addStyles(p page) styleIDs {
	sheet := b.related("styles")
	if sheet == nil {
		sheet = &part{kind: contentWord + "styles+xml", root: must(`<w:styles xmlns:w="` + nsMain + `"/>`)}
		b.add("styles", "styles.xml", sheet)
	}
	ids, kinds, taken := styleIDs{}, map[string]string{}, map[string]bool{}
	for _, n := range sheet.root.kids {
		if n.name != "w:style" {
			continue
		}
		name := strings.ToLower(n.val("w:name"))
		ids[name], kinds[name] = n.attr("w:styleId"), n.attr("w:type")
		taken[strings.ToLower(n.attr("w:styleId"))] = true
	}
	var missing []style
	for _, s := range ours(p) {
		name := strings.ToLower(s.name)
		if ids[name] != "" && (kinds[name] == s.kind || kinds[name] == "" && s.kind == "paragraph") {
			continue
		}
		id := strings.ReplaceAll(capital(s.name), " ", "")
		if ids[name] != "" {
			s.name += " (theriac)" // a style of another kind has the name
		}
		for taken[strings.ToLower(id)] {
			id = "T" + id
		}
		taken[strings.ToLower(id)] = true
		ids[name] = id
		s.id = id
		missing = append(missing, s)
	}
	for _, s := range missing {
		sheet.root.kids = append(sheet.root.kids, must(s.markup(ids)))
	}
	return ids
}

// capital is a name with its words in upper case, as ids of styles are built.
func capital(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Replace(strings.Join(words, " "), "Toc", "TOC", 1)
}

// builtin are the styles that word processors have anyway.
var builtin = map[string]bool{
	"Normal": true, "Default Paragraph Font": true, "Normal Table": true, "Body Text": true, "Title": true, "Subtitle": true,
	"TOC Heading": true, "caption": true, "List Bullet": true, "List Number": true, "List Continue": true, "header": true,
	"footer": true, "Hyperlink": true,
}

// markup is the style as an element.
func (s style) markup(ids styleIDs) string {
	var b strings.Builder
	b.WriteString(`<w:style w:type="` + s.kind + `"`)
	switch {
	case s.name == "Normal" || s.name == "Default Paragraph Font" || s.name == "Normal Table":
		b.WriteString(` w:default="1"`)
	case !builtin[s.name] && !strings.HasPrefix(s.name, "heading ") && !strings.HasPrefix(s.name, "toc "):
		b.WriteString(` w:customStyle="1"`)
	}
	b.WriteString(` w:styleId="` + esc(s.id) + `"><w:name w:val="` + esc(s.name) + `"/>`)
	if s.on != "" {
		b.WriteString(`<w:basedOn w:val="` + esc(ids[strings.ToLower(s.on)]) + `"/>`)
	}
	if s.next != "" {
		b.WriteString(`<w:next w:val="` + esc(ids[strings.ToLower(s.next)]) + `"/>`)
	}
	if s.rank > 0 {
		fmt.Fprintf(&b, `<w:uiPriority w:val="%d"/><w:qFormat/>`, s.rank)
	} else {
		b.WriteString(`<w:uiPriority w:val="99"/><w:semiHidden/>`)
	}
	if s.p != "" {
		b.WriteString(`<w:pPr>` + s.p + `</w:pPr>`)
	}
	if s.r != "" {
		b.WriteString(`<w:rPr>` + s.r + `</w:rPr>`)
	}
	b.WriteString(s.more + `</w:style>`)
	return b.String()
}

// setLanguage makes a language the one of all text that names none of its own.
func (b *base) setLanguage(tag string) {
	sheet := b.related("styles").root
	r := sheet
	for _, name := range []string{"w:docDefaults", "w:rPrDefault", "w:rPr"} {
		if r.kid(name) == nil {
			r.first(&node{name: name})
		}
		r = r.kid(name)
	}
	lang := r.kid("w:lang")
	if lang == nil {
		lang = &node{name: "w:lang"}
		r.insert(lang, "w:eastAsianLayout", "w:specVanish", "w:oMath")
	}
	lang.set("w:val", tag)
}
