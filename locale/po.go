package locale

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Translations is a file of translations, as gettext has it.
type Translations struct {
	header  *poMessage
	entries []*poMessage
}

// poMessage is an entry of a file of translations.
type poMessage struct {
	context, text string
	translation   string
	comments      []string // of translators, with the "#" in front
	flags         []string
	references    []string
	previous      string // English text before it was changed
	unused        bool
}

// poFuzzy marks a translation as a guess that nobody has looked at.
const poFuzzy = "fuzzy"

func (m *poMessage) isFuzzy() bool { return slices.Contains(m.flags, poFuzzy) }

// ReadTranslations reads a file of translations. Plural forms are not used by
// documents, and an error, as is every line that is not understood: what would be
// lost when the file is written again is not skipped.
func ReadTranslations(text []byte) (*Translations, error) {
	if len(text) > MaxFile {
		return nil, fmt.Errorf("larger than %d MB", MaxFile>>20)
	}
	if !utf8.Valid(text) {
		return nil, fmt.Errorf("not UTF-8")
	}
	r := poReader{file: &Translations{}, now: &poMessage{}}
	for i, line := range strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		if err := r.line(strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return r.file, r.end()
}

// poReader reads line by line.
type poReader struct {
	file *Translations
	now  *poMessage
	part *string // to which a line of text belongs
	seen int     // parts of the entry so far: 1 context, 2 text, 3 translation
}

// Parts of an entry.
const (
	partContext = 1 + iota
	partText
	partTranslation
)

func (r *poReader) line(line string) error {
	unused := strings.HasPrefix(line, "#~")
	if unused {
		line = strings.TrimSpace(line[2:])
	}
	switch {
	case line == "" || strings.HasPrefix(line, "|"):
		return nil
	case strings.HasPrefix(line, "#"):
		return r.comment(line)
	case strings.HasPrefix(line, `"`):
		if r.part == nil {
			return fmt.Errorf("a text that belongs to nothing")
		}
		return r.add(line)
	}
	keyword, rest, _ := strings.Cut(line, " ")
	return r.keyword(keyword, strings.TrimSpace(rest), unused)
}

// comment reads a line that begins with "#". What stands in front of an entry belongs
// to it.
func (r *poReader) comment(line string) error {
	if r.seen == partTranslation {
		if err := r.end(); err != nil {
			return err
		}
	} else if r.seen != 0 {
		return fmt.Errorf("a comment inside of an entry")
	}
	switch {
	case strings.HasPrefix(line, "#:"): // made anew
	case strings.HasPrefix(line, "#,"):
		for _, f := range strings.Split(line[2:], ",") {
			r.now.flags = append(r.now.flags, strings.TrimSpace(f))
		}
	case strings.HasPrefix(line, "#|"):
		return r.before(strings.TrimSpace(line[2:]))
	default:
		r.now.comments = append(r.now.comments, line)
	}
	return nil
}

// before reads the English text before it was changed; a context before that is of no
// use.
func (r *poReader) before(text string) error {
	if strings.HasPrefix(text, "msgctxt") {
		return nil
	}
	previous, err := poUnquote(strings.TrimSpace(strings.TrimPrefix(text, "msgid")))
	r.now.previous += previous
	return err
}

func (r *poReader) keyword(keyword, rest string, unused bool) error {
	part := map[string]int{"msgctxt": partContext, "msgid": partText, "msgstr": partTranslation}[keyword]
	if part == 0 {
		return fmt.Errorf("%s is not understood; expected msgctxt, msgid or msgstr", strconv.Quote(poClip(keyword)))
	}
	if r.seen == partTranslation && part != partTranslation {
		if err := r.end(); err != nil {
			return err
		}
	}
	if part <= r.seen || part == partTranslation && r.seen != partText {
		return fmt.Errorf("%s stands where it does not belong", keyword)
	}
	r.seen, r.part = part, [...]*string{partContext: &r.now.context, partText: &r.now.text, partTranslation: &r.now.translation}[part]
	r.now.unused = unused
	return r.add(rest)
}

func poClip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}

// add reads a text in quotes.
func (r *poReader) add(quoted string) error {
	if !strings.HasPrefix(quoted, `"`) {
		return fmt.Errorf("expected a text in quotes")
	}
	text, err := poUnquote(quoted)
	*r.part += text
	return err
}

// poUnquote is the text that stands in quotes.
func poUnquote(quoted string) (string, error) {
	text, err := strconv.Unquote(quoted)
	if err != nil || !utf8.ValidString(text) {
		return "", fmt.Errorf("%s is no text in quotes", strconv.Quote(poClip(quoted)))
	}
	return text, nil
}

// end keeps the entry that was read.
func (r *poReader) end() error {
	m := r.now
	switch {
	case r.seen == 0: // comments at the end
		if len(m.comments) > 0 {
			r.file.entries = append(r.file.entries, m)
		}
		r.now = &poMessage{}
		return nil
	case r.seen != partTranslation:
		return fmt.Errorf("the last entry has no msgstr")
	case m.text == "" && m.context == "" && !m.unused && r.file.header == nil:
		r.file.header = m
	default:
		r.file.entries = append(r.file.entries, m)
	}
	r.now, r.part, r.seen = &poMessage{}, nil, 0
	return nil
}

// Needed is a text that documents for users need in each language.
type Needed struct {
	Context string // id and field; "" for a text of ours
	Text    string // English, as a file of translations has it
	Path    string // of the file of the security file in which it stands
	Line    int
}

// Lack is a text without a translation.
type Lack struct {
	Needed
	Fuzzy bool // there is a guess
}

// lookup are the translations that count: guesses and what is no longer used do not.
func (t *Translations) lookup() map[Missing]string {
	known := map[Missing]string{}
	for _, m := range t.entries {
		if speaks(m.translation) && !m.unused && !m.isFuzzy() {
			known[Missing{m.context, m.text}] = m.translation
		}
	}
	return known
}

// speaks reports whether a text has something to read in it: one of blanks and invisible
// characters would leave out what it translates.
func speaks(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// Merge makes the file fit the texts that are needed: it keeps the translations of
// those and what translators noted, adds those that are new, and puts those that
// nobody needs any more at the end, marked as such. Sentences of ours that need no
// translation, because theriac has one, stay where a manufacturer words them anew.
// It returns what is missing, and how many are not needed any more.
func (t *Translations) Merge(lang string, needed []Needed) (missing []Lack, unused int) {
	old := poIndexed(t.entries)
	var entries []*poMessage
	taken := map[*poMessage]bool{}
	for _, n := range needed {
		found := old.exact[poKey{n.Context, n.Text}]
		if n.Context == "" && found == nil && ownWords(lang) {
			continue
		}
		m := &poMessage{context: n.Context, text: n.Text}
		if n.Path != "" {
			m.references = []string{n.Path + ":" + strconv.Itoa(n.Line)}
		}
		m.take(found, old, taken)
		if m.translation == "" || m.isFuzzy() {
			missing = append(missing, Lack{n, m.isFuzzy() && m.translation != ""})
		}
		entries = append(entries, m)
	}
	for _, m := range t.entries {
		if taken[m] || m.text == "" && m.translation == "" && len(m.comments) == 0 {
			continue
		}
		if m.context == "" && !m.unused && m.text != "" && slices.ContainsFunc(needed, func(n Needed) bool { return n.Text == m.text }) {
			entries = append(entries, m) // one translation for several places
			continue
		}
		m.unused = true
		if m.text != "" {
			unused++
		}
		entries = append(entries, m)
	}
	slices.SortStableFunc(entries, func(a, b *poMessage) int { return poRank(a) - poRank(b) })
	t.entries = entries
	if t.header == nil {
		t.header = &poMessage{}
	}
	if t.header.translation == "" {
		t.header.translation = "Language: " + lang + "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
	}
	return missing, unused
}

func poRank(m *poMessage) int {
	if m.unused {
		return 1
	}
	return 0
}

// ownWords reports whether theriac says its own sentences in a language.
func ownWords(lang string) bool { return slices.Contains(Known(), lang) }

type poKey struct{ context, text string }

// poIndex finds entries of a file.
type poIndex struct {
	exact   map[poKey]*poMessage
	texts   map[string]*poMessage // by English text, those with a translation
	context map[string]*poMessage // by context alone
}

func poIndexed(entries []*poMessage) poIndex {
	x := poIndex{map[poKey]*poMessage{}, map[string]*poMessage{}, map[string]*poMessage{}}
	for _, m := range entries {
		if m.text == "" {
			continue
		}
		if k := (poKey{m.context, m.text}); x.exact[k] == nil || !m.unused {
			x.exact[k] = m
		}
		if m.translation != "" && !m.isFuzzy() && x.texts[m.text] == nil {
			x.texts[m.text] = m
		}
		if m.context != "" && !m.unused {
			x.context[m.context] = m
		}
	}
	return x
}

// take copies what a file has for an entry: its own translation, else that of the
// same text in another place. Of a text that was changed it notes what it was.
func (m *poMessage) take(found *poMessage, old poIndex, taken map[*poMessage]bool) {
	if found != nil {
		taken[found] = true
		m.translation, m.comments, m.flags = found.translation, found.comments, found.flags
		if m.translation == "" || m.isFuzzy() {
			m.previous = found.previous
		}
	} else if before := old.context[m.context]; before != nil {
		m.comments = before.comments
		m.previous = before.text
	}
	if m.translation == "" {
		if same := old.texts[m.text]; same != nil {
			m.translation, m.previous = same.translation, ""
			m.flags = slices.DeleteFunc(slices.Clone(m.flags), func(f string) bool { return f == poFuzzy })
		}
	}
}

// Bytes is the file as it is written.
func (t *Translations) Bytes() []byte {
	var b bytes.Buffer
	if t.header != nil {
		t.header.write(&b)
	}
	for _, m := range t.entries {
		b.WriteByte('\n')
		m.write(&b)
	}
	return b.Bytes()
}

func (m *poMessage) write(b *bytes.Buffer) {
	mark := ""
	if m.unused {
		mark = "#~ "
	}
	for _, c := range m.comments {
		b.WriteString(c + "\n")
	}
	if m.text == "" && m.context == "" && m.translation == "" {
		return // comments alone
	}
	for _, r := range m.references {
		b.WriteString("#: " + strings.ReplaceAll(r, "\n", " ") + "\n")
	}
	if len(m.flags) > 0 {
		b.WriteString("#, " + strings.Join(m.flags, ", ") + "\n")
	}
	if m.previous != "" {
		poText(b, "#| ", "msgid", m.previous)
	}
	if m.context != "" {
		poText(b, mark, "msgctxt", m.context)
	}
	poText(b, mark, "msgid", m.text)
	poText(b, mark, "msgstr", m.translation)
}

// poWidth is where long texts are wrapped, in runes.
const poWidth = 96

// poText writes a keyword and its text, a long one on several lines.
func poText(b *bytes.Buffer, mark, keyword, text string) {
	lines := poLines(text)
	if len(lines) == 1 {
		b.WriteString(mark + keyword + " " + poQuote(lines[0]) + "\n")
		return
	}
	b.WriteString(mark + keyword + " \"\"\n")
	for _, l := range lines {
		b.WriteString(mark + poQuote(l) + "\n")
	}
}

// poLines cuts a text behind line breaks, and behind blanks where it is long.
func poLines(text string) []string {
	var lines []string
	for _, l := range strings.SplitAfter(text, "\n") {
		width, start := 0, 0
		for i, r := range l {
			if width++; width > poWidth && r == ' ' {
				lines = append(lines, l[start:i+1])
				start, width = i+1, 0
			}
		}
		if start < len(l) {
			lines = append(lines, l[start:])
		}
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// poQuote quotes a text as gettext reads it: control characters as octal numbers, all
// else as it is.
func poQuote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
