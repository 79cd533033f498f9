package docx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"theriac/document"
)

const xmlns = `xmlns:w="` + nsMain + `" xmlns:r="` + nsRelations + `"`

// office is a template as a German word processor writes it: ids of styles are in
// German, their names are not.
func office() map[string]string {
	types := `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="` + contentRels + `"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>`
	for name, kind := range map[string]string{"document": "document.main", "styles": "styles", "numbering": "numbering", "settings": "settings", "header1": "header", "footer1": "footer"} {
		types += `<Override PartName="/word/` + name + `.xml" ContentType="` + contentWord + kind + `+xml"/>`
	}
	return map[string]string{
		"[Content_Types].xml": types + `</Types>`,
		"_rels/.rels":         rels("", `officeDocument word/document.xml`),
		"word/document.xml": `<w:document ` + xmlns + `><w:body><w:p><w:r><w:t>How to use this template</w:t></w:r></w:p><w:sectPr><w:headerReference w:type="default" r:id="r4"/><w:footerReference w:type="default" r:id="r5"/>` +
			`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1700" w:right="1000" w:bottom="1700" w:left="1000" w:header="700" w:footer="700" w:gutter="0"/><w:cols w:num="2"/></w:sectPr></w:body></w:document>`,
		"word/_rels/document.xml.rels": rels("", "styles styles.xml", "numbering numbering.xml", "settings /word/settings.xml", "header header1.xml", "footer footer1.xml"),
		"word/styles.xml": `<w:styles ` + xmlns + `><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>` +
			`<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:basedOn w:val="Standard"/><w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:color w:val="FF00FF"/></w:rPr></w:style>` +
			`<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style><w:style w:type="character" w:styleId="Warning"><w:name w:val="Warning"/></w:style><w:style w:type="paragraph" w:styleId="Note"><w:name w:val="Something else"/></w:style></w:styles>`,
		"word/numbering.xml":           `<w:numbering ` + xmlns + `><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="7"/></w:num></w:numbering>`,
		"word/settings.xml":            `<w:settings ` + xmlns + `><w:attachedTemplate r:id="r1"/><w:compat/></w:settings>`,
		"word/_rels/settings.xml.rels": strings.Replace(rels("", "attachedTemplate file:///c:/evil.dotm"), `/>`, ` TargetMode="External"/>`, 1),
		"word/header1.xml":             `<w:hdr ` + xmlns + `><w:p><w:r><w:t>{{pro</w:t></w:r><w:r><w:t xml:space="preserve">duct}} / {{ Title }}</w:t></w:r></w:p></w:hdr>`,
		"word/footer1.xml":             `<w:ftr ` + xmlns + `><w:p><w:r><w:t>{{status}} {{baseline}} {{number}}{{revision}} {{date}} {{release}}</w:t></w:r></w:p></w:ftr>`,
	}
}

// rels is a part of relations: each a kind of Office and a target.
func rels(more string, list ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="` + relationRoot + `">`)
	for i, l := range list {
		kind, target, _ := strings.Cut(l, " ")
		fmt.Fprintf(&b, `<Relationship Id="r%d" Type="%s%s" Target="%s"/>`, i+1, kindOffice, kind, target)
	}
	return b.String() + more + `</Relationships>`
}

func archive(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// with is the template with parts replaced in: name, old, new.
func with(t testing.TB, edits ...[3]string) map[string]string {
	t.Helper()
	files := office()
	for _, e := range edits {
		if !strings.Contains(files[e[0]], e[1]) {
			t.Fatalf("%s has no %s", e[0], e[1])
		}
		files[e[0]] = strings.Replace(files[e[0]], e[1], e[2], 1)
	}
	return files
}

func templated(t testing.TB, files map[string]string) *word {
	t.Helper()
	set, d := sample(t)
	set.Design.Template = archive(t, files)
	return open(t, write(t, set, d))
}

func TestTemplate(t *testing.T) {
	w := templated(t, office())
	if got := w.texts("heading 1"); !slices.Contains(got, "Risks") {
		t.Errorf("headings %q", got)
	}
	body, styles := string(w.files["word/document.xml"]), string(w.files["word/styles.xml"])
	if !strings.Contains(body, `<w:pStyle w:val="berschrift1"/>`) || strings.Contains(styles, `"Heading1"`) || !strings.Contains(styles, `"Heading2"`) {
		t.Error("the template's own style of headings is not used")
	}
	if !strings.Contains(styles, "FF00FF") || !strings.Contains(styles, `w:val="en-GB"`) || strings.Contains(styles, "fr-FR") {
		t.Error("styles lost their look, or the language is another")
	}
	if !strings.Contains(styles, `<w:name w:val="Warning (theriac)"/>`) || !strings.Contains(body, `<w:pStyle w:val="TNote"/>`) {
		t.Error("styles of the same name or id are mixed up")
	}
	if strings.Contains(body, "How to use") || strings.Contains(body, "w:cols") {
		t.Error("what the template has in its body is kept")
	}
	if got := allText(w.trees["word/header1.xml"]); got != "Infusion pump IP-200 / Security risk management report" {
		t.Errorf("the header says %q", got)
	}
	if got := allText(w.trees["word/footer1.xml"]); got != "Draft 3f9a1c0b7de2 TD-0412C 2026-11-20 2.1.0" {
		t.Errorf("the footer says %q", got)
	}
	if strings.Contains(string(w.files["word/settings.xml"]), "attachedTemplate") || w.files["word/_rels/settings.xml.rels"] != nil {
		t.Error("the document leads to another template")
	}
	if n := strings.Count(body, `<w:headerReference w:type="default" r:id="r4"/>`); n != 4 {
		t.Errorf("%d sections have the header of the template", n)
	}
}

// TestRoundTrip uses a document of ours as template.
func TestRoundTrip(t *testing.T) {
	set, d := sample(t)
	first := write(t, set, d)
	set.Design.Template = first
	second := open(t, write(t, set, d))
	if got := second.numbers(); got[0] != "1 Scope and method" || got[1] != "1.1 Statements not to be missed" {
		t.Errorf("headings %q", got)
	}
	if a, b := open(t, first).files["word/header-portrait.xml"], second.files["word/header-portrait.xml"]; !bytes.Equal(a, b) {
		t.Errorf("the header became %s", b)
	}
}

// TestTemplateNumbers checks which numbers headings get.
func TestTemplateNumbers(t *testing.T) {
	heading := func(numbers string) [3]string {
		return [3]string{"word/styles.xml", `<w:keepNext/><w:outlineLvl w:val="0"/>`, `<w:keepNext/>` + numbers + `<w:outlineLvl w:val="0"/>`}
	}
	second := [3]string{"word/styles.xml", `</w:styles>`, `<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr></w:pPr></w:style></w:styles>`}
	list := func(first, second string) [3]string {
		return [3]string{"word/numbering.xml", `<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1)"/></w:lvl>`,
			`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="berschrift1"/><w:lvlText w:val="` + first + `"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="berschrift2"/><w:lvlText w:val="` + second + `"/></w:lvl>`}
	}
	bound := `<w:numPr><w:numId w:val="4"/></w:numPr>`
	for name, c := range map[string]struct {
		edits  []([3]string)
		direct bool // paragraphs name a list of ours
	}{
		"none of its own": {nil, false},
		"the same":        {[][3]string{heading(bound), second, list("%1.", "%1.%2")}, false},
		"letters":         {[][3]string{heading(bound), second, list("A%1", "%1.%2")}, true},
		"one level alone": {[][3]string{heading(bound), list("%1", "%1.%2")}, true},
	} {
		set, d := sample(t)
		d.Sections[1].Sections[0].Sections = nil // two levels
		resolve(t, set, document.Decimal)
		set.Design.Template = archive(t, with(t, c.edits...))
		w := open(t, write(t, set, d))
		var want []string
		d.Walk(func(s *document.Section, _ int) { want = append(want, s.Number+" "+s.Title) })
		got := w.numbers()
		for i := range got {
			got[i] = strings.Replace(got[i], ". ", " ", 1)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: headings %q, want %q", name, got, want)
		}
		if direct := strings.Contains(string(w.files["word/document.xml"]), `<w:pStyle w:val="berschrift1"/><w:numPr>`); direct != c.direct {
			t.Errorf("%s: headings name their list: %v", name, direct)
		}
		resolve(t, set, document.Unnumbered)
		if got := open(t, write(t, set, d)).numbers(); got[0] != "Scope and method" {
			t.Errorf("%s: without numbers %q", name, got[0])
		}
	}
}

// TestTemplateBody keeps a first page of the template.
func TestTemplateBody(t *testing.T) {
	edit := [3]string{"word/document.xml", `<w:p><w:r><w:t>How to use this template</w:t></w:r></w:p>`,
		`<w:p><w:r><w:t>ACME {{title}} {{baseline}}</w:t></w:r></w:p><w:p><w:r><w:t>{{content}}</w:t></w:r></w:p><w:p><w:r><w:t>The end of {{product}}</w:t></w:r></w:p>`}
	w := templated(t, with(t, edit))
	all := w.texts("")
	if all[0] != "ACME Security risk management report "+digest || all[len(all)-1] != "The end of Infusion pump IP-200" || len(w.texts("Title")) > 0 {
		t.Errorf("texts %q ... %q", all[0], all[len(all)-1])
	}
	edit[2] = `<w:p><w:r><w:t>{{title}}</w:t></w:r></w:p>`
	if all := templated(t, with(t, edit)).texts(""); all[0] != "Security risk management report" || !slices.Contains(all, "Conclusion") {
		t.Errorf("texts %q", all)
	}
}

// TestTemplateFrames checks that no template hides what state a document has.
func TestTemplateFrames(t *testing.T) {
	silent := [3]string{"word/footer1.xml", `{{status}} {{baseline}} {{number}}{{revision}} {{date}} {{release}}`, `ACME`}
	if got := allText(templated(t, with(t, silent)).trees["word/footer1.xml"]); got != "ACMERelease 2.1.0 · Baseline 3f9a1c0b7de2 · Draft" {
		t.Errorf("the footer says %q", got)
	}
	bare := [3]string{"word/document.xml", `<w:headerReference w:type="default" r:id="r4"/><w:footerReference w:type="default" r:id="r5"/>`, ``}
	w := templated(t, with(t, bare))
	if w.trees["word/footer-portrait.xml"] == nil || w.trees["word/header-landscape.xml"] == nil {
		t.Error("a template without header and footer gets none")
	}
	lost := [3]string{"word/document.xml", `r:id="r4"`, `r:id="r99"`}
	if w := templated(t, with(t, lost)); w.trees["word/header-portrait.xml"] == nil {
		t.Error("a header that is not there is used")
	}
	small := [3]string{"word/document.xml", `<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1700" w:right="1000" w:bottom="1700" w:left="1000" w:header="700" w:footer="700" w:gutter="0"/>`, ``}
	if w := templated(t, with(t, small)); !strings.Contains(string(w.files["word/document.xml"]), `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`) {
		t.Error("a template without a page has none in landscape")
	}
}

func TestTemplateRefused(t *testing.T) {
	relation := func(part, kind, target, mode string) [3]string {
		return [3]string{part, `</Relationships>`, `<Relationship Id="x" Type="` + kind + `" Target="` + target + `"` + mode + `/></Relationships>`}
	}
	const document, outside = "word/_rels/document.xml.rels", ` TargetMode="External"`
	para := func(inner string) [3]string {
		return [3]string{"word/header1.xml", `</w:hdr>`, `<w:p>` + inner + `</w:p></w:hdr>`}
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no zip":                {nil, "it is no DOCX"},
		"macros":                {with(t, relation(document, "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin", "")), "it has macros"},
		"macro enabled":         {with(t, [3]string{"[Content_Types].xml", contentMain, "application/vnd.ms-word.document.macroEnabled.main+xml"}), "may contain macros"},
		"embedded object":       {with(t, relation(document, kindOffice+"oleObject", "embeddings/a.bin", "")), "embedded objects"},
		"image elsewhere":       {with(t, relation(document, kindOffice+"image", "https://evil.example/a.png", outside)), "leads to another file"},
		"link to a file":        {with(t, relation(document, kindOffice+"hyperlink", "file:///etc/passwd", outside)), "leads to another file"},
		"field":                 {with(t, para(`<w:r><w:instrText> INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "c:\\x" </w:instrText></w:r>`)), "INCLUDETEXT"},
		"simple field":          {with(t, para(`<w:fldSimple w:instr=" DDEAUTO cmd "/>`)), "DDEAUTO"},
		"field without a blank": {with(t, para(`<w:fldSimple w:instr="DDEAUTO&quot;cmd&quot;"/>`)), "DDEAUTO"},
		"field by another name": {with(t, para(`<x:r xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><x:instrText>DDEAUTO cmd</x:instrText></x:r>`)), "another prefix"},
		"part of a file":        {with(t, para(`<w:altChunk r:id="r1"/>`)), "altChunk"},
		"placeholder":           {with(t, [3]string{"word/header1.xml", `{{ Title }}`, `{{ Titel }}`}), "placeholder {{titel}}"},
		"document type":         {with(t, [3]string{"word/styles.xml", `<w:styles`, `<!DOCTYPE a [<!ENTITY b "c">]><w:styles`}), "document type"},
		"strict":                {with(t, [3]string{"word/document.xml", nsMain, "http://purl.oclc.org/ooxml/wordprocessingml/main"}), "another kind of Open XML"},
		"damaged":               {with(t, [3]string{"word/header1.xml", `</w:hdr>`, ``}), "not one whole element"},
		"crossed elements":      {with(t, [3]string{"word/header1.xml", `</w:t></w:r><w:r>`, `</w:r></w:t><w:r>`}), "does not fit"},
		"twice the same":        {with(t, [3]string{"word/header1.xml", `<w:p>`, `<w:p w:a="1" w:a="2">`}), "twice"},
		"lost part":             {with(t, [3]string{document, `Target="styles.xml"`, `Target="../../styles.xml"`}), "lacks the part ../styles.xml"},
		"wrong part":            {with(t, [3]string{document, `Target="styles.xml"`, `Target="header1.xml"`}), "is no <w:styles>"},
		"no body":               {with(t, [3]string{"word/document.xml", `w:body>`, `w:nobody>`}, [3]string{"word/document.xml", `</w:body>`, `</w:nobody>`}), "has no body"},
		"no document":           {with(t, [3]string{"_rels/.rels", `officeDocument`, `other`}), "has no document"},
		"deep":                  {with(t, para(strings.Repeat(`<w:a>`, mostDepth)+strings.Repeat(`</w:a>`, mostDepth))), "nested deeper"},
		"large part":            {with(t, para(`<w:r><w:t>`+strings.Repeat(" ", mostPart)+`</w:t></w:r>`)), "larger than 16 MB"},
		"no types":              {map[string]string{"a": "b"}, "[Content_Types].xml"},
		"bad name":              {map[string]string{"../a": "b"}, "with the name"},
	} {
		set, d := sample(t)
		set.Design.Template = archive(t, c.files)
		if c.files == nil {
			set.Design.Template = []byte("%PDF-1.7")
		}
		_, err := Write(set, d)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "the template cannot be used: ") {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

// TestTemplateLimits checks the limits on number and size of all parts.
func TestTemplateLimits(t *testing.T) {
	many := office()
	for i := range mostParts {
		many[fmt.Sprint("x", i)] = ""
	}
	large := office()
	for i := range mostTemplate/mostPart + 1 {
		large[fmt.Sprint("x", i)] = strings.Repeat("x", mostPart-1)
	}
	for want, files := range map[string]map[string]string{"more than 2000 parts": many, "larger than 64 MB": large} {
		if _, err := readTemplate(archive(t, files)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// TestLeftOut checks that comments and parts that nothing leads to are not taken over.
func TestLeftOut(t *testing.T) {
	files := with(t, [3]string{"word/header1.xml", `<w:p>`, `<w:p><w:commentRangeStart w:id="1"/>`},
		[3]string{"word/_rels/document.xml.rels", `</Relationships>`, `<Relationship Id="c" Type="` + kindOffice + `comments" Target="comments.xml"/></Relationships>`})
	files["word/comments.xml"], files["stray.bin"] = "<x/>", "stray"
	w := templated(t, files)
	if w.files["word/comments.xml"] != nil || w.files["stray.bin"] != nil || strings.Contains(string(w.files["word/header1.xml"]), "comment") {
		t.Error("comments or stray parts are taken over")
	}
}

// FuzzTemplate reads anything as a template. What is taken gives a sound document.
func FuzzTemplate(f *testing.F) {
	for name, part := range office() {
		f.Add(name, part)
	}
	f.Add("word/numbering.xml", `<w:numbering `+xmlns+`><w:abstractNum/><w:num w:numId="99999999999"/></w:numbering>`)
	f.Add("word/styles.xml", `<w:styles `+xmlns+`><w:style w:type="table" w:styleId=""><w:name w:val="heading 1"/></w:style></w:styles>`)
	f.Fuzz(func(t *testing.T, name, part string) {
		files := office()
		if _, known := files[name]; !known {
			t.Skip()
		}
		files[name] = part
		set, d := one(t, document.P(from(1), document.Span{Text: "text"}), wideTable())
		set.Design.Template = archive(t, files)
		b, err := Write(set, d)
		if err != nil {
			return
		}
		if _, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil {
			t.Fatal(err)
		}
		again, err := readTemplate(b)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		for name, p := range again.parts {
			if p.root != nil && len(p.root.part()) == 0 {
				t.Errorf("%s is empty", name)
			}
		}
	})
}
