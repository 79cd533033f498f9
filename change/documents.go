package change

import (
	"fmt"
	"slices"
	"sync"

	"theriac/model"
	"theriac/syntax"
	"theriac/trace"
)

// grounds says more about what a type of document rests on than the kinds of
// trace.DocumentScope.
type grounds struct {
	Type string `yaml:"-"`

	Signals []string     `yaml:"signals" doc:"only changes with one of these signals count"`
	Threats model.Answer `yaml:"threats" doc:"true when derived threats count as well"`
	Tests   model.Answer `yaml:"tests" doc:"true when verification to repeat counts as well"`
}

// SetKey implements syntax.Keyed.
func (g *grounds) SetKey(key, _ *syntax.Node) { g.Type = key.Value }

var loadGrounds = sync.OnceValue(func() map[string]*grounds {
	var file struct {
		Documents []*grounds `yaml:"documents" doc:"types of document"`
	}
	read("documents.yaml", &file)
	m := map[string]*grounds{}
	for _, g := range file.Documents {
		checkSignals("documents.yaml", g.Signals)
		m[g.Type] = g
	}
	return m
})

var _ = add(interpretation{"documents", Documents, func(c *Comparison, say func(Item)) {
	for _, d := range c.After.File.Documents {
		if c.was[d] == nil || !c.inForce(d) || c.approvedSince(d) {
			continue
		}
		if why := c.outdated(d); len(why) > 0 {
			say(c.approveAgain(d, why))
		}
	}
}})

// inForce reports whether a document is approved, or says so.
func (c *Comparison) inForce(d *model.Document) bool {
	of := func(a Approved) bool { return a.Document == d.ID }
	return d.Status == "approved" || len(approvals(d)) > 0 || slices.ContainsFunc(c.Before.Approved, of) || slices.ContainsFunc(c.After.Approved, of)
}

// approvals of a document that put it in force, as the file states them.
func approvals(d *model.Document) []*model.Approval {
	return slices.DeleteFunc(model.Users[*model.Approval](d, "of"), func(a *model.Approval) bool { return a.Meaning == "reviewed" })
}

// approvedSince reports whether an approval was signed or recorded between the two
// states.
func (c *Comparison) approvedSince(d *model.Document) bool {
	for _, a := range c.After.Approved {
		if a.Document == d.ID && !slices.ContainsFunc(c.Before.Approved, func(was Approved) bool { return was.ID == a.ID }) {
			return true
		}
	}
	return slices.ContainsFunc(approvals(d), func(a *model.Approval) bool {
		was, ok := c.was[a].(*model.Approval)
		return !ok || was.Date.Before(a.Date)
	})
}

// outdated lists what a document rests on and changed: by its type, and by what
// names it.
func (c *Comparison) outdated(d *model.Document) []string {
	var why []string
	note := func(format string, args ...any) {
		if text := fmt.Sprintf(format, args...); !slices.Contains(why, text) {
			why = append(why, text)
		}
	}
	if one := c.of[d]; one != nil && one.Touches("revision", "items", "number") {
		note("the document itself changed")
	}
	for _, user := range model.Users[model.Entity](d) {
		one := c.of[user]
		kind := model.Of(user).Kind().Name
		if one != nil && kind != "approvals" && kind != "waivers" && (one.Before == nil || one.substantial()) {
			note("%s %s", one.ID(), one.Status())
		}
	}
	c.byType(d.Type, note)
	return why
}

// byType names the changes on which a type of document rests.
func (c *Comparison) byType(t model.DocumentType, note func(string, ...any)) {
	kinds, g := trace.DocumentScope(t), loadGrounds()[string(t)]
	if g == nil {
		g = &grounds{}
	}
	for _, one := range c.Changes {
		if slices.Contains(kinds, one.Kind.Name) && (one.Before == nil || one.After == nil || one.substantial()) && c.signalled(one, g.Signals) {
			note("%s %s", one.ID(), one.Status())
		}
	}
	if g.Threats == model.Yes {
		d := c.derived()
		if n := len(d.fresh) + len(d.gone); n > 0 {
			note("other threats are derived of %s", amount(n, "element", "elements"))
		}
	}
	if again := c.In(Tests); g.Tests == model.Yes && len(again) > 0 {
		note("%s to be repeated", amount(len(again), "verification is", "verifications are"))
	}
}

// signalled reports whether an item about the change gives one of the signals.
func (c *Comparison) signalled(one *Change, signals []string) bool {
	if len(signals) == 0 {
		return true
	}
	return slices.ContainsFunc(c.Items, func(i Item) bool {
		return i.Kind == one.Kind.Name && i.ID == one.ID() && slices.ContainsFunc(i.Signals, func(s Signal) bool { return slices.Contains(signals, string(s)) })
	})
}

func (c *Comparison) approveAgain(d *model.Document, why []string) Item {
	text := string(d.Type)
	if d.Number != "" {
		text = d.Number
	}
	if d.Revision != "" {
		text += " revision " + d.Revision
	}
	var last model.Date
	for _, a := range approvals(d) {
		if last.Before(a.Date) {
			last = a.Date
		}
	}
	for _, a := range c.Before.Approved {
		if a.Document == d.ID && last.Before(a.Date) {
			last = a.Date
		}
	}
	if !last.IsZero() {
		text += ", approved " + last.String()
	}
	item := about(d, Neutral, "%s", text)
	item.Because = why
	return item
}
