// Package locale says the fixed words of documents in the language of a reader, and
// translates what a security file says to users.
//
// # Format
//
// Translations are gettext PO files: the English text is the key, so that a text
// that was changed has no translation until somebody looks at it again. Ours are in
// words/; a manufacturer keeps those of a security file in its folder translations/,
// one file for each language, where the context of a message is the id of the entity
// and the field, for example "env-segment text".
//
// # Values
//
// Languages are BCP 47 tags in lower case: en, de, pt-br. English needs no file.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"theriac/internal/lazyregexp"
)

// Folder is where a security file keeps its translations.
const Folder = "translations"

// MaxFile bounds a file of translations, in bytes.
const MaxFile = 4 << 20

//go:embed words/*.po
var embedded embed.FS

// Language says things in one language. It is safe for concurrent use: what is
// missing is noted.
type Language struct {
	Tag string

	words, file map[Missing]string // nil for English, and where there is no file

	mu      sync.Mutex
	missing map[Missing]bool
}

// Missing is a text without a translation.
type Missing struct {
	Context string // id and field; "" for a text of ours
	Text    string
}

// Known lists the languages in which our own words exist.
func Known() []string {
	tags := []string{"en"}
	names, err := fs.Glob(embedded, "words/*.po")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, n := range names {
		tags = append(tags, strings.TrimSuffix(strings.TrimPrefix(n, "words/"), ".po"))
	}
	slices.Sort(tags)
	return tags
}

var tagPattern = lazyregexp.New(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)

// ValidTag reports whether a text has the form of a language tag, in lower case.
func ValidTag(tag string) bool { return tagPattern.MatchString(tag) }

// Open gives a language. The file system is the folder of a security file; it may
// be nil, and need not have translations.
func Open(tag string, files fs.FS) (*Language, error) {
	l := &Language{Tag: tag, missing: map[Missing]bool{}}
	if !ValidTag(tag) {
		return nil, fmt.Errorf("%q is no language tag such as de or pt-br", tag)
	}
	if tag == "en" {
		return l, nil
	}
	own, err := fs.ReadFile(embedded, "words/"+tag+".po")
	if err != nil && !hasFile(files, tag) {
		return nil, fmt.Errorf("documents can be made in %s, and in languages for which the security file has %s/LANGUAGE.po; there is none for %s",
			strings.Join(Known(), ", "), Folder, tag)
	}
	if l.words, err = translations(own); err != nil {
		panic("words/" + tag + ".po: " + err.Error()) // a test reads all of ours
	}
	if !hasFile(files, tag) {
		return l, nil
	}
	name := Folder + "/" + tag + ".po"
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	if l.file, err = translations(text); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

// translations are those of a file that count.
func translations(text []byte) (map[Missing]string, error) {
	t, err := ReadTranslations(text)
	if err != nil {
		return nil, err
	}
	return t.lookup(), nil
}

// English needs no translations.
func English() *Language { return &Language{Tag: "en", missing: map[Missing]bool{}} }

// Blank is a language in which nothing is translated, for those who want to know what
// would have to be.
func Blank(tag string) *Language { return &Language{Tag: tag, missing: map[Missing]bool{}} }

func hasFile(files fs.FS, tag string) bool {
	if files == nil {
		return false
	}
	info, err := fs.Stat(files, Folder+"/"+tag+".po")
	return err == nil && info.Mode().IsRegular()
}

// Say is one of our own words or sentences. Arguments are as in fmt.Sprintf; a
// translation may take them in another order, by index.
func (l *Language) Say(text string, args ...any) string {
	said := text
	if l.Tag != "en" {
		// Ours first: nobody can word a draft as approved.
		said = l.find(Missing{Text: text}, l.words, l.file)
	}
	switch {
	case len(args) == 0:
		return said
	case !sameVerbs(text, said):
		l.miss(Missing{Text: text}) // a translation that would lose an argument is none
		said = text
	}
	return fmt.Sprintf(said, args...)
}

var (
	verb  = lazyregexp.New(`%(?:\[(\d)\])?[sdvq]`)
	whole = lazyregexp.New(`%(?:\[\d\])?[sdvq%]`)
)

// sameVerbs reports whether a translation takes the arguments that its text takes, each
// once, in plain verbs: a width or precision could hide an argument, or blow it up.
func sameVerbs(text, said string) bool {
	a, plain := argumentsOf(text)
	b, plainToo := argumentsOf(said)
	return plain && plainToo && slices.Equal(a, b)
}

// argumentsOf lists the places of the arguments that a format takes, sorted; false for
// one with anything but plain verbs.
func argumentsOf(format string) (places []int, plain bool) {
	if strings.Contains(whole.ReplaceAllString(format, ""), "%") {
		return nil, false
	}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(strings.ReplaceAll(format, "%%", ""), -1) {
		if m[1] != "" {
			next = int(m[1][0] - '0')
		}
		places = append(places, next)
		next++
	}
	slices.Sort(places)
	return places, true
}

// Tell is a text of the security file. The context is the id of the entity and the
// field. Without a translation it is the text as it stands.
func (l *Language) Tell(context, text string) string {
	if l.Tag == "en" || strings.TrimSpace(text) == "" {
		return text
	}
	key := Missing{context, Key(text)}
	if said, ok := l.file[Missing{Text: key.Text}]; ok && l.file[key] == "" {
		return said // one translation for several places
	}
	if said, ok := l.file[key]; ok {
		return said
	}
	l.miss(key)
	return text
}

// find is the first translation of a text of ours.
func (l *Language) find(m Missing, from ...map[Missing]string) string {
	for _, known := range from {
		if said, ok := known[m]; ok {
			return said
		}
	}
	l.miss(m)
	return m.Text
}

// Key is a text as it stands in a file of translations: without space around it
// and line breaks of the file's author.
func Key(text string) string {
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

func (l *Language) miss(m Missing) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.missing[m] = true
}

// Missing lists what had no translation so far, in order.
func (l *Language) Missing() []Missing {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []Missing
	for m := range l.missing {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Missing) int {
		return strings.Compare(a.Context+"\x00"+a.Text, b.Context+"\x00"+b.Text)
	})
	return list
}
