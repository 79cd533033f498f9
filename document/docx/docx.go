// Package docx paints a document as a Word document that people go on working with:
// with styles, numbered headings, captions, fields and bookmarks of its own.
//
// # Format
//
// ECMA-376 transitional (Office Open XML), as Word 2013 and later write it. Section
// numbers are a list bound to the heading styles, captions count themselves, and the
// contents are a field that Word fills when the file is opened: page numbers are not
// known before.
//
// # Template
//
// Design.Template is a document of the manufacturer. Its styles, theme, fonts, page,
// headers and footers are kept, our styles are added where it has none of the name,
// and our text takes the place of its body. In headers, footers and body, these
// stand for what they name:
//
//	{{product}} {{release}} {{title}} {{number}} {{revision}} {{status}} {{baseline}} {{date}}
//
// A template whose body has one of them has a first page of its own, and ours is left
// out; {{content}}, alone in a paragraph, is where our text goes then. A template that
// says neither status nor baseline gets our line in its footer.
//
// # Errors
//
// Write fails on a template that cannot be used, and says why: macros, embedded
// objects, files of Strict Open XML, and what exceeds the limits of template.go.
//
// # Concurrency
//
// Write is safe for concurrent use.
package docx

import (
	"errors"
	"fmt"
	"strings"

	"theriac/document"
	"theriac/locale"
)

// Write paints a document of a set that is resolved. The same set gives the same bytes.
func Write(set *document.Set, d *document.Document) ([]byte, error) {
	if set == nil || d == nil {
		return nil, errors.New("there is no document to write")
	}
	b, err := newBase(set, d)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(set, d, b)
	if err != nil {
		return nil, err
	}
	if err := w.document(); err != nil {
		return nil, err
	}
	return w.finish()
}

// newBase is the package into which the document is written.
func newBase(set *document.Set, d *document.Document) (*base, error) {
	if len(set.Design.Template) == 0 {
		return ownBase(set.Design.Paper), nil
	}
	b, err := readTemplate(set.Design.Template)
	if err != nil {
		return nil, fmt.Errorf("the template cannot be used: %w", err)
	}
	return b, nil
}

// writer writes the body of a document.
type writer struct {
	strings.Builder // the body, as WordprocessingML

	set   *document.Set
	d     *document.Document
	say   *locale.Language
	base  *base
	style styleIDs
	page  page

	anchors  map[string]string // bookmarks, by the anchors of the document
	placed   map[string]bool   // anchors that have been written
	links    map[string]string // relationship ids, by address
	marks    int               // bookmarks so far
	pictures int               // sheets so far
	drawn    int               // and all pictures
	lists    lists
	heads    headings
	turned   bool // the current page is in landscape
	sections int  // that have ended
	space    bool // a table came last
	lead     int  // height of the text between the top of a page and a picture, in twips, about
	frames   map[bool][]reference
}

func newWriter(set *document.Set, d *document.Document, b *base) (*writer, error) {
	w := &writer{set: set, d: d, say: d.Language(), base: b, placed: map[string]bool{}, links: map[string]string{}, frames: map[bool][]reference{}}
	w.page = b.page()
	w.anchors = anchorsOf(d)
	w.style = b.addStyles(w.page)
	b.setLanguage(tag(d.Lang))
	w.bindNumbers()
	says := b.saysState()
	if err := b.replace(w.placeholders()); err != nil {
		return nil, err
	}
	w.addFrames(says)
	return w, nil
}

// tags are the languages as word processors name them where a region is not given.
var tags = map[string]string{
	"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "nl": "nl-NL", "pt": "pt-PT", "pl": "pl-PL",
	"sv": "sv-SE", "da": "da-DK", "fi": "fi-FI", "nb": "nb-NO", "cs": "cs-CZ", "sk": "sk-SK", "sl": "sl-SI", "hu": "hu-HU",
	"ro": "ro-RO", "bg": "bg-BG", "hr": "hr-HR", "el": "el-GR", "et": "et-EE", "lv": "lv-LV", "lt": "lt-LT", "mt": "mt-MT",
	"ga": "ga-IE", "ja": "ja-JP", "zh": "zh-CN", "ko": "ko-KR", "tr": "tr-TR",
}

// tag is a language tag with its region: de-DE for de.
func tag(lang string) string {
	parts := strings.Split(strings.ToLower(lang), "-")
	if len(parts) == 1 && tags[parts[0]] != "" {
		return tags[parts[0]]
	}
	for i, p := range parts {
		if strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || p == "" || len(p) > 8 {
			return tags["en"]
		}
		if i > 0 && len(p) == 2 {
			parts[i] = strings.ToUpper(p)
		}
	}
	return strings.Join(parts, "-")
}

// document writes the body.
func (w *writer) document() error {
	if err := w.front(); err != nil {
		return err
	}
	units := w.units()
	for i, u := range units {
		w.turn(u.wide, i == 0)
		w.flush()
		if err := w.unit(u); err != nil {
			return err
		}
	}
	w.behind()
	return nil
}
