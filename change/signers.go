package change

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

var _ = add(interpretation{"signers", Proof, func(c *Comparison, say func(Item)) {
	for s := range added[*model.Signer](c) {
		say(about(s, Neutral, "added%s: %s with %s", titled(s), s.Type, amount(len(s.Keys), "key", "keys")).explains("*").details(signsAs(s)))
	}
	for s := range removed[*model.Signer](c) {
		say(about(s, Worse, "removed%s: nothing that it signed counts any more", titled(s)).explains("*").details(signsAs(s)))
	}
	for was, is := range both[*model.Signer](c) {
		if one := c.of[is]; one != nil {
			p := signerPair{one, was, is, say}
			p.kind()
			p.roles()
			p.keys()
		}
	}
}})

func signsAs(s *model.Signer) string { return labelled("signs as", strings.Join(s.Roles, ", ")) }

// signerPair is a signer in both states.
type signerPair struct {
	one     *Change
	was, is *model.Signer
	say     func(Item)
}

func (p signerPair) kind() {
	if p.was.Type == p.is.Type {
		return
	}
	item := about(p.is, Neutral, "%s → %s", stated(string(p.was.Type)), stated(string(p.is.Type))).explains("type")
	if p.is.Type == "root" {
		item.Grade = Worse
		item = item.details("it can approve the roster now")
	}
	p.say(item)
}

func (p signerPair) roles() {
	gone, fresh := without(p.was.Roles, p.is.Roles), without(p.is.Roles, p.was.Roles)
	if len(fresh) > 0 {
		p.say(about(p.is, Neutral, "signs now also as %s", strings.Join(fresh, ", ")).explains("roles"))
	}
	if len(gone) > 0 {
		p.say(about(p.is, Worse, "no longer signs as %s: what it signed as such does not count any more", strings.Join(gone, ", ")).explains("roles"))
	}
}

// keys pairs keys by their text; what is written about a key that stayed may
// differ.
func (p signerPair) keys() {
	explained := p.one.paths("keys")
	tell := func(item Item) { p.say(item.explains(explained...)) }
	for i, k := range p.is.Keys {
		was := keyLike(p.was, k)
		if was == nil {
			tell(about(p.is, Neutral, "key %d added", i+1).details(span(k)))
			continue
		}
		name := fmt.Sprintf("key %d", i+1)
		if span(*was) != span(k) {
			tell(about(p.is, Neutral, "%s: %s → %s", name, span(*was), span(k)))
		}
		if item, ok := revocation(p.is, name, *was, k); ok {
			tell(item)
		}
	}
	for i, k := range p.was.Keys {
		if keyLike(p.is, k) == nil {
			tell(about(p.is, Worse, "key %d of before is gone: nothing that was signed with it counts any more", i+1))
		}
	}
}

// keyLike finds the key of a signer with the same text.
func keyLike(s *model.Signer, k model.SignerKey) *model.SignerKey {
	i := slices.IndexFunc(s.Keys, func(other model.SignerKey) bool {
		return strings.Join(strings.Fields(other.Public), "") == strings.Join(strings.Fields(k.Public), "")
	})
	if i < 0 {
		return nil
	}
	return &s.Keys[i]
}

// span is the time in which a key signs.
func span(k model.SignerKey) string {
	switch {
	case k.From.IsZero() && k.Until.IsZero():
		return "signs without limit of time"
	case k.Until.IsZero():
		return "signs from " + k.From.String()
	case k.From.IsZero():
		return "signs until " + k.Until.String()
	}
	return "signs from " + k.From.String() + " until " + k.Until.String()
}

// effects are what a revocation does to what was signed before, by its reason.
// Without one the worst is assumed.
var effects = map[model.Revocation]string{
	"":            "what it signed counts only with a time stamp from before",
	"compromised": "what it signed counts only with a time stamp from before",
	"superseded":  "what it signed before stands",
	"retired":     "what it signed before stands",
}

// revocation compares the withdrawal of a key. It reports false where there is
// nothing to tell.
func revocation(s *model.Signer, name string, was, is model.SignerKey) (Item, bool) {
	withdrawn, why := is.Revoked.String(), stated(string(is.Reason))
	switch {
	case was.Revoked == is.Revoked && was.Reason == is.Reason:
		return Item{}, false
	case is.Revoked.IsZero():
		return about(s, Worse, "%s is no longer withdrawn; it was, on %s (%s)", name, was.Revoked, stated(string(was.Reason))), true
	case was.Revoked.IsZero():
		item := about(s, Neutral, "%s withdrawn on %s (%s)", name, withdrawn, why)
		if is.Reason == "compromised" || is.Reason == "" {
			item.Grade = Worse
		}
		return item.details(effects[is.Reason]), true
	}
	item := about(s, Neutral, "%s: withdrawn on %s (%s) → %s (%s)", name, was.Revoked, stated(string(was.Reason)), withdrawn, why)
	if was.Revoked.Before(is.Revoked) || was.Reason == "compromised" && is.Reason != was.Reason {
		item.Grade = Worse // it signs for longer, or more of what it signed counts
	}
	return item.details(effects[is.Reason]), true
}

// Demonstration keys count only in a product that says it is one.
var _ = add(interpretation{"demonstration", Product, func(c *Comparison, say func(Item)) {
	was, is := c.Before.File.Product, c.After.File.Product
	if was == nil || is == nil {
		return
	}
	switch before, after := was.Demonstration == model.Yes, is.Demonstration == model.Yes; {
	case after && !before:
		say(about(is, Worse, "said to be a demonstration: demonstration keys count").explains("demonstration"))
	case before && !after:
		say(about(is, Better, "no longer said to be a demonstration: demonstration keys do not count").explains("demonstration"))
	}
}})
