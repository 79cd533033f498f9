package change

import (
	"slices"

	"theriac/model"
)

var _ = add(interpretation{"releases", Proof, func(c *Comparison, say func(Item)) {
	for r := range added[*model.Release](c) {
		say(about(r, Neutral, "added%s: %s", titled(r), shipped(r)).explains("*"))
	}
	for r := range removed[*model.Release](c) {
		item := about(r, Neutral, "removed%s: %s", titled(r), shipped(r)).explains("*")
		if len(r.Artefacts) > 0 {
			item.Grade = Worse
			item = item.details("evidence of it speaks of no release any more")
		}
		say(item)
	}
	for was, is := range both[*model.Release](c) {
		if one := c.of[is]; one != nil {
			p := releasePair{one, was, is, say}
			p.artefacts()
			p.sbom()
			p.day()
			p.commit()
		}
	}
}})

// shipped says what a release is.
func shipped(r *model.Release) string {
	return "version " + r.Version + ", " + amount(len(r.Artefacts), "artefact", "artefacts")
}

// releasePair is a release in both states.
type releasePair struct {
	one     *Change
	was, is *model.Release
	say     func(Item)
}

// otherBytes is what a digest that changed means.
const otherBytes = "evidence and approvals of the former one do not speak of it"

// artefacts pairs what is shipped by path.
func (p releasePair) artefacts() {
	explained := p.one.paths("artefacts")
	tell := func(g Grade, format string, path string, facts ...string) {
		p.say(about(p.is, g, format, path).explains(explained...).details(facts...))
	}
	for _, a := range p.is.Artefacts {
		was, there := artefact(p.was, a.Path)
		switch {
		case !there:
			tell(Neutral, "artefact %s added", a.Path, "evidence of the other artefacts does not speak of it")
		case was.Digest != a.Digest:
			tell(Worse, "artefact %s has another digest", a.Path, otherBytes)
		}
	}
	for _, a := range p.was.Artefacts {
		if _, there := artefact(p.is, a.Path); !there {
			tell(Neutral, "artefact %s removed", a.Path)
		}
	}
}

func artefact(r *model.Release, path string) (model.Artefact, bool) {
	i := slices.IndexFunc(r.Artefacts, func(a model.Artefact) bool { return a.Path == path })
	if i < 0 {
		return model.Artefact{}, false
	}
	return r.Artefacts[i], true
}

func (p releasePair) sbom() {
	switch was, is := p.was.SBOM, p.is.SBOM; {
	case was == is:
	case was.Digest == "":
		p.say(about(p.is, Better, "has an SBOM now: %s", is.Path).explains(p.one.paths("sbom")...))
	case is.Digest == "":
		p.say(about(p.is, Worse, "has no SBOM any more").explains(p.one.paths("sbom")...))
	case was.Digest != is.Digest:
		p.say(about(p.is, Worse, "SBOM has another digest").explains(p.one.paths("sbom")...).details(otherBytes))
	}
}

// day tells of the day on which the artefacts were built, before which nothing
// can have been seen of them.
func (p releasePair) day() {
	was, is := p.was.Frozen, p.is.Frozen
	item := about(p.is, Neutral, "artefacts built on %s → %s", stated(was.String()), stated(is.String())).explains("frozen")
	switch {
	case was == is:
		return
	case was.IsZero():
		item = item.details("evidence from before does not count")
	case is.Before(was): // or not stated
		item.Grade = Worse
		item = item.details("evidence from before " + was.String() + " can count now")
	default:
		item.Grade = Worse
		item = item.details("evidence from before " + is.String() + " does not count any more")
	}
	p.say(item)
}

func (p releasePair) commit() {
	if p.was.Commit == p.is.Commit {
		return
	}
	item := about(p.is, Neutral, "built from revision %s → %s", stated(p.was.Commit), stated(p.is.Commit)).explains("commit")
	if p.was.Commit != "" {
		item.Grade = Worse
		item = item.details("evidence about the former revision does not speak of it")
	}
	p.say(item)
}
