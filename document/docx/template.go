package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a template.
const (
	mostParts    = 2000
	mostPart     = 16 << 20 // bytes of a part
	mostTemplate = 64 << 20 // bytes of all parts
)

// readTemplate reads the template of the manufacturer. Only what the document leads to
// is kept; nothing outside is followed.
func readTemplate(data []byte) (*base, error) {
	files, err := unzip(data)
	if err != nil {
		return nil, err
	}
	t := template{files: files, base: &base{parts: map[string]*part{}}}
	if err := t.types(); err != nil {
		return nil, err
	}
	if err := t.start(); err != nil {
		return nil, err
	}
	if err := t.sound(); err != nil {
		return nil, err
	}
	return t.base, t.body()
}

// roots are the elements of the parts that are worked on, by their relation.
var roots = map[string]string{"styles": "w:styles", "numbering": "w:numbering", "settings": "w:settings", "header": "w:hdr", "footer": "w:ftr"}

// sound reports whether the parts that are worked on are what the document says.
func (t *template) sound() error {
	if p := t.base.document(); p.root == nil || p.root.name != "w:document" {
		return errors.New("its document is no Word document")
	}
	for _, r := range t.base.document().relations {
		want := roots[path.Base(r.kind)]
		if want == "" || !r.is(path.Base(r.kind)) {
			continue
		}
		if p := t.base.parts[r.target]; p == nil || p.root == nil || p.root.name != want {
			return fmt.Errorf("%s is no <%s>", r.target, want)
		}
	}
	return nil
}

// unzip reads the files of an archive, within the limits.
func unzip(data []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("it is no DOCX: %w", err)
	}
	if len(z.File) > mostParts {
		return nil, fmt.Errorf("it has more than %d parts", mostParts)
	}
	files, sum := map[string][]byte{}, 0
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		name := strings.TrimPrefix(f.Name, "/")
		if name != path.Clean(name) || strings.HasPrefix(name, "..") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '\\' || r == utf8.RuneError }) || files[name] != nil {
			return nil, fmt.Errorf("it has a part with the name %q", f.Name)
		}
		b, err := readPart(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if sum += len(b); sum > mostTemplate {
			return nil, fmt.Errorf("it is larger than %d MB", mostTemplate>>20)
		}
		files[name] = b
	}
	return files, nil
}

func readPart(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, mostPart+1))
	if err == nil && len(b) > mostPart {
		err = fmt.Errorf("is larger than %d MB", mostPart>>20)
	}
	if b == nil {
		b = []byte{}
	}
	return b, err
}

// template is one that is being read.
type template struct {
	files map[string][]byte
	base  *base
	byExt map[string]string // content types
	byRef map[string]string
}

func (t *template) types() error {
	var list struct {
		Default []struct {
			Extension, ContentType string `xml:",attr"`
		}
		Override []struct {
			PartName, ContentType string `xml:",attr"`
		}
	}
	if err := unmarshal(t.files["[Content_Types].xml"], &list); err != nil {
		return fmt.Errorf("[Content_Types].xml: %w", err)
	}
	t.byExt, t.byRef = map[string]string{}, map[string]string{}
	for _, d := range list.Default {
		t.byExt[strings.ToLower(d.Extension)] = d.ContentType
	}
	for _, o := range list.Override {
		t.byRef[strings.ToLower(strings.TrimPrefix(o.PartName, "/"))] = o.ContentType
	}
	return nil
}

// unmarshal reads a small part of the package itself, which parse has found sound.
func unmarshal(data []byte, to any) error {
	if _, err := parse(data); err != nil {
		return err
	}
	return xml.Unmarshal(data, to)
}

func (t *template) typeOf(name string) string {
	if kind := t.byRef[strings.ToLower(name)]; kind != "" {
		return kind
	}
	return t.byExt[strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))]
}

// start finds the document, and takes it and all that it leads to.
func (t *template) start() error {
	top, err := t.relations("")
	if err != nil {
		return err
	}
	for _, r := range top {
		switch {
		case r.is("officeDocument") && !r.outside:
			t.base.main = r.target
		case r.is("custom-properties") && !r.outside:
			t.base.top = append(t.base.top, r)
		case strings.HasPrefix(r.kind, "http://purl.oclc.org/ooxml/"):
			return errors.New("it is a file of Strict Open XML; save it as Word document (.docx)")
		}
	}
	if t.base.main == "" {
		return errors.New("it has no document")
	}
	if strings.Contains(t.typeOf(t.base.main), "macroEnabled") {
		return errors.New("it may contain macros; save it without them, as .docx")
	}
	t.base.top = append([]relation{{"rId1", kindOffice + "officeDocument", t.base.main, false}}, t.base.top...)
	for _, r := range t.base.top {
		if err := t.take(r.target); err != nil {
			return err
		}
	}
	t.base.document().kind = contentMain
	return nil
}

// take keeps a part and all that it leads to.
func (t *template) take(name string) error {
	todo := []string{name}
	for len(todo) > 0 {
		name, todo = todo[0], todo[1:]
		if t.base.parts[name] != nil {
			continue
		}
		data, there := t.files[name]
		if !there {
			return fmt.Errorf("it lacks the part %s", name)
		}
		p := &part{kind: t.typeOf(name), data: data}
		if p.kind == "" {
			return fmt.Errorf("the part %s has no content type", name)
		}
		var err error
		if p.root, err = readRoot(p); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		t.base.parts[name] = p
		if p.relations, err = t.relations(name); err != nil {
			return err
		}
		for _, r := range p.relations {
			if !r.outside {
				todo = append(todo, r.target)
			}
		}
	}
	return nil
}

// readRoot parses a part of XML; it keeps the elements of those of WordprocessingML.
func readRoot(p *part) (*node, error) {
	if !strings.HasSuffix(p.kind, "xml") {
		return nil, nil
	}
	n, err := parse(p.data)
	if err != nil || !strings.HasPrefix(p.kind, contentWord) {
		return nil, err
	}
	if n.attr("xmlns:w") != nsMain || !strings.HasPrefix(n.name, "w:") || n.has("xmlns:r") && n.attr("xmlns:r") != nsRelations {
		return nil, errors.New("is of another kind of Open XML; save it as Word document (.docx)")
	}
	return n, active(n)
}

// The relations that a template may not have, and those that are left out. Both are
// the last words of their kinds.
var (
	refused = map[string]string{
		"vbaProject": "macros", "wordVbaData": "macros", "oleObject": "embedded objects", "package": "embedded files", "control": "controls",
		"activeXControlBinary": "controls", "attachedToolbars": "toolbars", "keyMapCustomizations": "key maps", "subDocument": "parts in other files",
		"frame": "frames", "aFChunk": "parts in other formats", "ui": "ribbons", "extensibility": "ribbons", "webextension": "add-ins", "webextensiontaskpanes": "add-ins",
	}
	leftOut = []string{
		"attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "recipientData", "glossaryDocument", "comments", "commentsExtended", "commentsIds",
		"commentsExtensible", "people", "printerSettings", "documenttasks",
	}
)

// relations reads the relations of a part, "" for the package.
func (t *template) relations(of string) ([]relation, error) {
	name := "_rels/.rels"
	if of != "" {
		name = relationsOf(of)
	}
	data, there := t.files[name]
	if !there {
		return nil, nil
	}
	var list struct {
		Relationship []struct {
			ID         string `xml:"Id,attr"`
			Type       string `xml:",attr"`
			Target     string `xml:",attr"`
			TargetMode string `xml:",attr"`
		}
	}
	if err := unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var found []relation
	for _, r := range list.Relationship {
		kind := path.Base(r.Type)
		outside := strings.EqualFold(r.TargetMode, "External")
		switch {
		case refused[kind] != "":
			return nil, fmt.Errorf("it has %s", refused[kind])
		case slices.Contains(leftOut, kind):
			continue
		case outside && (kind != "hyperlink" || webAddress(r.Target) == "" && !strings.HasPrefix(r.Target, "#")):
			return nil, fmt.Errorf("it leads to another file, %.200q; take it in or remove it", r.Target)
		}
		target := r.Target
		if !outside {
			if kind == "hyperlink" {
				continue // a place in the document
			}
			target = path.Join(path.Dir(of), r.Target)
			if strings.HasPrefix(r.Target, "/") {
				target = path.Clean(r.Target)[1:]
			}
		}
		found = append(found, relation{r.ID, r.Type, target, outside})
	}
	return found, nil
}

// fieldsRefused are the fields that fetch from elsewhere.
var fieldsRefused = []string{"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "DATABASE", "EMBED", "MACROBUTTON", "RD"}

// active refuses fields that fetch something from elsewhere, and takes out comments
// and what belongs to another file.
func active(root *node) error {
	var instructions strings.Builder
	var bad error
	root.each(func(n *node) {
		for _, a := range n.attrs {
			prefix, is := strings.CutPrefix(a.name, "xmlns:")
			if (is || a.name == "xmlns") && (prefix != "w") == (a.value == nsMain) {
				bad = errors.New("names the elements of Word by another prefix than w, which is not read here")
			}
		}
		switch n.name {
		case "w:p":
			instructions.WriteByte(' ')
		case "w:fldChar":
			instructions.WriteByte(' ')
		case "w:fldSimple":
			instructions.WriteString(" " + n.attr("w:instr") + " ")
		case "w:instrText":
			for _, k := range n.kids {
				instructions.WriteString(k.text)
			}
		case "w:altChunk", "w:subDoc", "w:object", "w:control":
			bad = fmt.Errorf("has a <%s>, which is not allowed in a template", n.name)
		}
		n.drop(func(k *node) bool { return slices.Contains(removed, k.name) })
	})
	letters := func(r rune) bool { return !unicode.IsLetter(r) }
	for _, word := range strings.FieldsFunc(strings.ToUpper(instructions.String()), letters) {
		if slices.Contains(fieldsRefused, word) {
			return fmt.Errorf("has a field %s, which fetches something from elsewhere", word)
		}
	}
	return bad
}

var removed = []string{"w:commentRangeStart", "w:commentRangeEnd", "w:commentReference", "w:attachedTemplate", "w:mailMerge", "w:printerSettings", "w:sectPrChange"}

// body takes the body out of the document: page, headers and footers, and what belongs
// to a first page of the template's own.
func (t *template) body() error {
	b := t.base
	root := b.document().root
	body := root.kid("w:body")
	if root == nil || root.name != "w:document" || body == nil {
		return errors.New("its document has no body")
	}
	kids := body.kids
	body.kids = nil
	root.drop(func(n *node) bool { return n == body || n.name == "w:background" })
	b.sect = must(`<w:sectPr/>`)
	if i := slices.IndexFunc(kids, func(n *node) bool { return n.name == "w:sectPr" }); i >= 0 {
		b.sect = kids[i]
		kids = slices.Delete(kids, i, i+1)
	}
	b.completeSection()
	for _, known := range []attr{{"xmlns:w", nsMain}, {"xmlns:r", nsRelations}, {"xmlns:wp", nsDrawing}} {
		if has := root.attr(known.name); has != "" && has != known.value {
			return fmt.Errorf("its document uses %s for %.200q", known.name, has)
		}
		root.set(known.name, known.value)
	}
	b.split(kids)
	return nil
}

// afterSize are the properties of a section that stand behind the size of the page.
var afterSize = []string{
	"w:pgMar", "w:paperSrc", "w:pgBorders", "w:lnNumType", "w:pgNumType", "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg",
	"w:textDirection", "w:bidi", "w:rtlGutter", "w:docGrid",
}

// completeSection states the page where the template does not, as A4, and leaves out
// headers and footers that are not there.
func (b *base) completeSection() {
	b.sect.drop(func(n *node) bool {
		return (n.name == "w:headerReference" || n.name == "w:footerReference") && !slices.ContainsFunc(b.document().relations, func(r relation) bool {
			return r.id == n.attr("r:id") && r.is(strings.TrimSuffix(strings.TrimPrefix(n.name, "w:"), "Reference"))
		})
	})
	p := b.page()
	if b.sect.kid("w:pgSz") == nil {
		b.sect.insert(must(fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/>`, p.width, p.height)), afterSize...)
	}
	if b.sect.kid("w:pgMar") == nil {
		b.sect.insert(must(fmt.Sprintf(`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="624" w:footer="510" w:gutter="0"/>`, p.upright.top, p.upright.right, p.upright.bottom, p.upright.left)), afterSize[1:]...)
	}
}

// split keeps the body of the template where it has placeholders, divided by that for
// our text.
func (b *base) split(kids []*node) {
	if !slices.ContainsFunc(kids, hasPlaceholder) {
		return
	}
	for i, n := range kids {
		if n.name == "w:p" && strings.TrimSpace(textOf(n)) == "{{content}}" {
			b.front, b.back = kids[:i], kids[i+1:]
			return
		}
	}
	b.front = kids
}
