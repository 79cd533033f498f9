package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// mostQuoted is how many statements a note quotes, longestQuote their length in runes.
const (
	mostQuoted   = 2
	longestQuote = 400
)

// mds2Statement is a sentence of the security file.
type mds2Statement struct {
	of           model.Entity
	field        string
	text         string
	capabilities []model.Capability // of the control, or of those that the requirement implements
	by           mds2Speaker
}

// mds2Speaker sorts statements by what they are about.
type mds2Speaker byte

const (
	aboutDevice mds2Speaker = 1 << iota
	aboutSite
	aboutMaker
)

// mds2Statements lists the sentences of controls, requirements, environment and processes.
func mds2Statements(f *model.File) []mds2Statement {
	var list []mds2Statement
	add := func(e model.Entity, field, text string, by mds2Speaker, of []model.Capability) {
		for _, s := range mds2Sentences(flatText(text)) {
			list = append(list, mds2Statement{e, field, s, of, by})
		}
	}
	for _, c := range f.Controls {
		add(c, "description", c.Description, mds2SpeakerOf(c), c.Capabilities)
	}
	for _, q := range f.Requirements {
		var by mds2Speaker
		var of []model.Capability
		for c := range model.Targets(q.Implements) {
			by, of = by|mds2SpeakerOf(c), append(of, c.Capabilities...)
		}
		add(q, "text", q.Text, by, of)
	}
	for _, e := range f.Environment {
		add(e, "text", e.Text, aboutSite, nil)
	}
	for _, p := range f.Processes {
		add(p, "policy", p.Policy, aboutMaker, nil)
	}
	if v := f.VulnerabilityHandling; v != nil {
		add(v, "sbom", v.SBOM, aboutMaker, nil)
		add(v, "advisories", v.Advisories, aboutMaker, nil)
	}
	if u := f.UpdatePolicy; u != nil {
		add(u, "notification", u.Notification, aboutMaker, nil)
		add(u, "end-of-support", u.EndOfSupport, aboutMaker, nil)
	}
	return list
}

func mds2SpeakerOf(c *model.Control) mds2Speaker {
	switch c.By {
	case "", "device":
		return aboutDevice
	case "manufacturer":
		return aboutMaker
	}
	return aboutSite
}

// mds2Asked is what a statement must be to speak of a question.
type mds2Asked struct {
	by           mds2Speaker
	capabilities []model.Capability   // one of which it has; none for any
	words        []*lazyregexp.Regexp // each of which it matches
}

// deviceSays asks the device's own controls and requirements; capabilities are divided by
// blanks. All patterns must match one sentence.
func deviceSays(capabilities string, patterns ...string) mds2Asked {
	return mds2AskedOf(aboutDevice, capabilities, patterns)
}

// siteSays asks the requirements on the surroundings.
func siteSays(patterns ...string) mds2Asked { return mds2AskedOf(aboutSite, "", patterns) }

// makerSays asks the controls and processes of the manufacturer.
func makerSays(patterns ...string) mds2Asked { return mds2AskedOf(aboutMaker, "", patterns) }

func mds2AskedOf(by mds2Speaker, capabilities string, patterns []string) mds2Asked {
	a := mds2Asked{by: by}
	for _, c := range strings.Fields(capabilities) {
		a.capabilities = append(a.capabilities, model.Capability(c))
	}
	for _, p := range patterns {
		a.words = append(a.words, lazyregexp.New(`(?i)`+p))
	}
	return a
}

func (a mds2Asked) answeredBy(s mds2Statement) bool {
	if s.by&a.by == 0 || slices.ContainsFunc(a.words, func(w *lazyregexp.Regexp) bool { return !w.MatchString(s.text) }) {
		return false
	}
	return len(a.capabilities) == 0 || slices.ContainsFunc(a.capabilities, func(c model.Capability) bool { return slices.Contains(s.capabilities, c) })
}

// speak lists statements that speak of a question, one of each entity.
func (d *disclosure) speak(of ...mds2Asked) []mds2Statement {
	var found []mds2Statement
	for _, a := range of {
		for _, s := range d.said {
			known := slices.ContainsFunc(found, func(o mds2Statement) bool { return o.of == s.of })
			if !known && len(found) < mostQuoted && a.answeredBy(s) {
				found = append(found, s)
			}
		}
	}
	return found
}

// quoting adds statements to an answer.
func (r mds2Reply) quoting(d *disclosure, list []mds2Statement) mds2Reply {
	r.InWords = r.InWords || len(list) > 0 && r.Answer == mds2Notes
	for _, s := range list {
		r.Notes = append(slices.Clip(r.Notes), d.quoted(s.of, s.text))
		r.About = append(slices.Clip(r.About), s.of)
		if r.Field == "" && len(r.About) == 1 {
			r.Field = s.field
		}
	}
	return r
}

// disclose leaves a question to what the security file says of it in words: "See notes"
// with the sentences; open where there are none.
func disclose(missing, where string, of ...mds2Asked) mds2Rule {
	return func(d *disclosure) mds2Reply { return d.tells(missing, where, of...) }
}

func (d *disclosure) tells(missing, where string, of ...mds2Asked) mds2Reply {
	if list := d.speak(of...); len(list) > 0 {
		return mds2Reply{Answer: mds2Notes}.quoting(d, list)
	}
	return d.open(missing, where)
}

// flatText is a text of the security file without its Markdown, on one line.
func flatText(text string) string {
	var words []string
	document.Blocks(document.Markdown(text, document.Source{}), func(b document.Block) {
		switch b := b.(type) {
		case *document.Paragraph:
			words = append(words, strings.Fields(b.Text.String())...)
		case *document.Listing:
			words = append(words, strings.Fields(b.Text)...)
		}
	})
	return strings.Join(words, " ")
}

var endOfSentence = lazyregexp.New(`[.!?] +`)

// mds2Sentences divides a text where a full stop is followed by a capital letter or figure.
func mds2Sentences(text string) []string {
	var list []string
	start := 0
	for _, at := range endOfSentence.FindAllStringIndex(text, -1) {
		if next := text[at[1]:]; next != "" && !strings.ContainsAny(next[:1], "abcdefghijklmnopqrstuvwxyz(") {
			list = append(list, text[start:at[0]+1])
			start = at[1]
		}
	}
	if start < len(text) {
		list = append(list, text[start:])
	}
	return list
}

// cutShort cuts a text at a word, so that a note stays a note.
func cutShort(text string) string {
	r := []rune(text)
	if len(r) <= longestQuote {
		return text
	}
	cut := string(r[:longestQuote])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + " ..."
}
