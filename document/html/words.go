package html

import (
	"strings"

	"theriac/document"
	"theriac/locale"
)

// words are our labels in the language of a document.
type words struct {
	language *locale.Language
	lang     string // of the labels
}

// wordsOf are the labels in the language of a document; those in English where there
// are none.
func wordsOf(d *document.Document) words {
	l := d.Language()
	return words{l, l.Tag}
}

// english are the labels of pages that belong to no document.
func english() words { return words{locale.English(), "en"} }

// say is a label of ours.
func (w words) say(text string, args ...any) string { return w.language.Say(text, args...) }

// endonyms are the official languages of the European Union and a few more, each in
// itself.
var endonyms = map[string]string{
	"bg": "Български", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español",
	"et": "Eesti", "fi": "Suomi", "fr": "Français", "ga": "Gaeilge", "hr": "Hrvatski", "hu": "Magyar", "is": "Íslenska",
	"it": "Italiano", "lt": "Lietuvių", "lv": "Latviešu", "mt": "Malti", "nl": "Nederlands", "no": "Norsk", "pl": "Polski",
	"pt": "Português", "ro": "Română", "sk": "Slovenčina", "sl": "Slovenščina", "sv": "Svenska", "tr": "Türkçe",
}

// endonym names a language in itself; by its tag where we do not know it.
func endonym(tag string) string {
	base, rest, _ := strings.Cut(tag, "-")
	name, known := endonyms[strings.ToLower(base)]
	switch {
	case !known:
		return tag
	case rest != "":
		return name + " (" + strings.ToUpper(rest) + ")"
	}
	return name
}
