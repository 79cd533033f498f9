package change

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

var _ = add(interpretation{"protection in transit and at rest", Architecture, func(c *Comparison, say func(Item)) {
	for was, is := range both[*model.Interface](c) {
		if c.of[is] == nil {
			continue
		}
		guard := protected{c: c, was: was, is: is, say: say}
		guard.compare("confidentiality", "encryption", was.Confidential(), is.Confidential(), was.Encryption, is.Encryption)
		guard.compare("integrity", "integrity", was.Intact(), is.Intact(), was.Integrity, is.Integrity)
		guard.compare("authentication of the peer", "authentication", was.Authentic(), is.Authentic(), string(was.Authentication), string(is.Authentication))
	}
	for was, is := range both[*model.Flow](c) {
		guard := protected{c: c, was: was, is: is, say: say}
		guard.compare("confidentiality", "encryption", was.Confidential(), is.Confidential(), was.Encryption, is.Encryption)
		guard.compare("integrity", "integrity", was.Intact(), is.Intact(), was.Integrity, is.Integrity)
		guard.compare("authentication of the sender", "authentication", was.Authentic(), is.Authentic(), string(was.Authentication), string(is.Authentication))
	}
	for was, is := range both[*model.Store](c) {
		if c.of[is] == nil {
			continue
		}
		guard := protected{c: c, was: was, is: is, say: say}
		guard.compare("confidentiality", "encryption", model.Encrypts(was.Encryption), model.Encrypts(is.Encryption), was.Encryption, is.Encryption)
		guard.compare("integrity", "integrity", model.States(was.Integrity), model.States(is.Integrity), was.Integrity, is.Integrity)
	}
	for was, is := range both[*model.Role](c) {
		if was.Authentication != is.Authentication {
			guard := protected{c: c, was: was, is: is, say: say}
			guard.compare("authentication", "authentication", proof(was.Authentication), proof(is.Authentication), string(was.Authentication), string(is.Authentication))
		}
	}
}})

func proof(a model.Authentication) model.Answer { return model.States(string(a)) }

// protected is an entity whose protection is compared.
type protected struct {
	c       *Comparison
	was, is model.Entity
	say     func(Item)
}

// firmness orders answers about protection; one that is not known is less than a
// protection and more than none.
func firmness(a model.Answer) int {
	switch a {
	case model.Yes:
		return 2
	case model.Unknown:
		return 1
	}
	return 0
}

// compare tells of a property that is protected better or worse, and of a means
// that was exchanged for another.
func (p protected) compare(property, field string, before, after model.Answer, was, is string) {
	own := p.c.of[p.is] != nil && p.c.of[p.is].Touches(field)
	text, grade, signal := "", Neutral, ProtectionChanged
	switch means := fmt.Sprintf("%s %s → %s", field, stated(short(was)), stated(short(is))); {
	case firmness(after) < firmness(before):
		text, grade = property+" weakened", Worse
	case firmness(after) > firmness(before):
		text, grade, signal = property+" strengthened", Better, ProtectionStronger
	case own && olderTransport(was, is):
		text, grade = property+" weakened by an older version: "+means, Worse
	case own && olderTransport(is, was):
		text, grade, signal = property+" strengthened by a newer version: "+means, Better, ProtectionStronger
	case own:
		text = means
	default:
		return
	}
	if firmness(after) != firmness(before) {
		if own {
			text += fmt.Sprintf(": %s → %s", stated(short(was)), stated(short(is)))
		} else {
			text += ", since what it rests on changed"
		}
		if after == model.Unknown {
			text += "; whether it is protected can no longer be told"
		}
	}
	p.say(about(p.is, grade, "%s", text).explains(field).signals(signal))
}

// olderTransport reports whether the oldest version of a transport protocol that is
// named later is older than the oldest that was named before.
func olderTransport(was, is string) bool {
	a, b := oldest(was), oldest(is)
	return a != "" && b != "" && b < a
}

func oldest(text string) string {
	var versions []string
	for _, t := range model.Transports(text) {
		if t.Name == "tls" && t.Version != "" {
			versions = append(versions, t.Version)
		}
	}
	if len(versions) == 0 {
		return ""
	}
	return slices.Min(versions)
}

// maxShort is how much of a text an item quotes, in code points.
const maxShort = 60

// short is a text on one line, cut where it is long.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxShort {
		return strings.TrimRight(string(runes[:maxShort-1]), " ") + "…"
	}
	return text
}
