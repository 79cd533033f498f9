package docx

import (
	"fmt"

	"theriac/document"
)

// ownBase is the package where the manufacturer has no template.
func ownBase(paper document.Paper) *base {
	b := &base{parts: map[string]*part{}, main: "word/document.xml", own: true}
	b.parts[b.main] = &part{kind: contentMain, root: must(`<w:document xmlns:w="` + nsMain + `" xmlns:r="` + nsRelations + `" xmlns:wp="` + nsDrawing + `"/>`)}
	b.top = []relation{{"rId1", kindOffice + "officeDocument", b.main, false}}
	b.add("styles", "styles.xml", &part{kind: contentWord + "styles+xml", root: must(ownStyles)})
	b.add("settings", "settings.xml", &part{kind: contentWord + "settings+xml", root: must(ownSettings)})
	b.add("fontTable", "fontTable.xml", &part{kind: contentWord + "fontTable+xml", root: must(ownFonts)})
	width, height := 11906, 16838
	if paper == document.Letter {
		width, height = 12240, 15840
	}
	b.sect = must(fmt.Sprintf(`<w:sectPr><w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="1361" w:right="1134" w:bottom="1191" w:left="1247" w:header="624" w:footer="510" w:gutter="0"/><w:titlePg/></w:sectPr>`, width, height))
	return b
}

// ownStyles has font and size in Normal, not in the defaults: some word processors let those
// of tables win over styles of characters.
const ownStyles = `<w:styles xmlns:w="` + nsMain + `"><w:docDefaults><w:rPrDefault><w:rPr/></w:rPrDefault>` +
	`<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:style></w:styles>`

// ownSettings are for Word 2013 and later.
const ownSettings = `<w:settings xmlns:w="` + nsMain + `"><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/><w:characterSpacingControl w:val="doNotCompress"/>` +
	`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
	`<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>`

const ownFonts = `<w:fonts xmlns:w="` + nsMain + `">` +
	`<w:font w:name="Arial"><w:altName w:val="Liberation Sans"/><w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>` +
	`<w:font w:name="Consolas"><w:altName w:val="Courier New"/><w:panose1 w:val="020B0609020204030204"/><w:charset w:val="00"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font></w:fonts>`

// afterUpdate are the settings that stand behind w:updateFields, in their order.
var afterUpdate = []string{
	"w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:attachedSchema", "w:themeFontLang",
	"w:clrSchemeMapping", "w:doNotIncludeSubdocsInStats", "w:doNotAutoCompressPictures", "w:forceUpgrade", "w:captions", "w:readModeInkLockDown",
	"w:smartTagType", "sl:schemaLibrary", "w:shapeDefaults", "w:doNotEmbedSmartTags", "w:decimalSymbol", "w:listSeparator",
	"w14:docId", "w14:conflictMode", "w14:discardImageEditingData", "w14:defaultImageDpi", "w15:chartTrackingRefBased", "w15:docId", "w15:footnoteColumns",
}

// updateFields makes word processors fill the contents when the file is opened.
func (b *base) updateFields() {
	p := b.related("settings")
	if p == nil {
		p = &part{kind: contentWord + "settings+xml", root: must(ownSettings)}
		b.add("settings", "settings.xml", p)
	}
	if old := p.root.kid("w:updateFields"); old != nil {
		old.set("w:val", "true")
		return
	}
	p.root.insert(must(`<w:updateFields w:val="true"/>`), afterUpdate...)
}
