package techdoc

import (
	"cmp"
	"slices"
	"time"

	"theriac/document"
	"theriac/model"
)

// due is a day on which something falls due: of one sort, for one thing or several.
type due struct {
	day       model.Date
	one, many string // what falls due, for one thing and for %d
	of        []model.Entity
	n         int
	source    document.Source // of the first
}

// dueText says what falls due.
func (b *lifeBook) dueText(d due) string {
	if d.n > 1 {
		return b.Say(d.many, d.n)
	}
	text := b.Say(d.one)
	if len(d.of) == 1 {
		text += ": " + b.Title(d.of[0])
	}
	return text
}

// dues are all days that the security file and its evidence set, the earliest first;
// things of one sort that fall due on one day are one. What has passed is among them.
func (b *lifeBook) dues() []due {
	list := slices.Concat(b.duesOfFile(), b.duesOfEvidence(), b.duesOfKeys())
	slices.SortStableFunc(list, func(x, y due) int { return cmp.Compare(x.day.String(), y.day.String()) })
	return list
}

func (b *lifeBook) duesOfFile() (list []due) {
	add := func(day model.Date, e model.Entity, source document.Source, one, many string) {
		if day.IsZero() {
			return
		}
		i := slices.IndexFunc(list, func(d due) bool { return d.day == day && d.one == one })
		if i < 0 {
			list = append(list, due{day: day, one: one, many: many, source: source})
			i = len(list) - 1
		}
		list[i].n++
		list[i].of = append(list[i].of, e)
	}
	for _, pr := range b.File.Processes {
		add(nextReview(pr), pr, b.From(pr, "reviewed"), "Review of a practice", "Reviews of %d practices")
	}
	for _, r := range b.File.Risks {
		add(r.Acceptance.Until, r, b.From(r, "acceptance", "until"), "Accepted risk to be looked at again", "%d accepted risks to be looked at again")
	}
	for _, w := range b.File.Waivers {
		add(w.Expires, w, b.From(w, "expires"), "A waiver runs out", "%d waivers run out")
	}
	for _, c := range b.File.Components {
		add(c.SupportUntil, c, b.From(c, "support-until"), "The maker's support ends", "The makers' support of %d components ends")
	}
	return list
}

// duesOfEvidence are the day on which the first evidence becomes too old, that of the
// next penetration test, and those on which records run out.
func (b *lifeBook) duesOfEvidence() (list []due) {
	if pol := b.File.Policy; pol != nil {
		if old := b.oldest(); !old.IsZero() && !pol.Evidence.MaxAge.IsZero() {
			list = append(list, due{day: old.Add(pol.Evidence.MaxAge), one: "The first piece of evidence becomes too old to count", n: 1, source: b.From(pol, "evidence", "max-age")})
		}
		if next := b.nextTest(); !next.IsZero() {
			list = append(list, due{day: next, one: "Next penetration test", n: 1, source: b.From(pol, "evidence", "penetration-test")})
		}
	}
	for _, p := range b.pieces {
		until := ""
		if r := p.Statement.Details.Record; r != nil {
			until = r.ValidUntil
		}
		if s := p.Statement.Details.Supplier; s != nil {
			until = s.ValidUntil
		}
		if day, err := model.ParseDate(until); err == nil {
			list = append(list, due{day: day, one: "A signed record runs out", n: 1, source: document.Source{Evidence: p.ID}})
		}
	}
	return list
}

// nextTest is the day on which the next penetration test is due; none where the policy
// sets no interval, or none was done.
func (b *lifeBook) nextTest() model.Date {
	last, pol := b.lastTest(), b.File.Policy
	if last.IsZero() || pol == nil || pol.Evidence.PenetrationTest.IsZero() {
		return model.Date{}
	}
	return last.Add(pol.Evidence.PenetrationTest)
}

// duesOfKeys are the days on which the last keys of signers end.
func (b *lifeBook) duesOfKeys() (list []due) {
	for _, s := range b.File.Signers {
		day, lasting := lastKey(s)
		if lasting || day.IsZero() {
			continue
		}
		i := slices.IndexFunc(list, func(d due) bool { return d.day == day })
		if i < 0 {
			list = append(list, due{day: day, one: "The key of a signer ends", many: "The keys of %d signers end", source: b.From(s, "keys")})
			i = len(list) - 1
		}
		list[i].n++
		list[i].of = append(list[i].of, s)
	}
	return list
}

// lastKey is the last day of the keys of a signer; lasting where one has no end.
func lastKey(s *model.Signer) (day model.Date, lasting bool) {
	for _, k := range s.Keys {
		if !k.Revoked.IsZero() {
			continue
		}
		if k.Until.IsZero() {
			return day, true
		}
		if day.Before(k.Until) {
			day = k.Until
		}
	}
	return day, false
}

// daysFrom is the number of days from one day to a later one.
func daysFrom(from, to model.Date) int {
	a, err := time.Parse(time.DateOnly, from.String())
	z, err2 := time.Parse(time.DateOnly, to.String())
	if err != nil || err2 != nil {
		return 0
	}
	return int(z.Sub(a).Hours() / 24)
}
