package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/change"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/trace"
)

// Cause is an entity, and a field of it, that makes something unsettled or
// settled.
type Cause struct {
	Kind, ID string   // of the entity; empty where it is a file
	Field    string   // path, as in model.Field; "" for the whole entity
	Was, Is  []string // what the field no longer says, and says now
	What     string   // what happened, where that is no difference in a field
}

// Entity names the entity of a cause, as in "requirement rq-lock".
func (c Cause) Entity() string {
	k := model.KindOf(c.Kind)
	switch {
	case k == nil:
		return strings.TrimSpace(c.Kind + " " + c.ID)
	case k.Single:
		return c.ID
	}
	return k.Singular + " " + c.ID
}

// String is the cause in one line. Long values are cut to where they differ.
func (c Cause) String() string {
	text := c.Entity()
	if c.Field != "" {
		text += " " + c.Field
	}
	if len(c.Was)+len(c.Is) > 0 {
		was, is := apart(strings.Join(c.Was, ", "), strings.Join(c.Is, ", "))
		text = strings.TrimSpace(text) + ": " + was + " → " + is
	}
	if c.What != "" {
		text = strings.TrimSpace(text) + ": " + c.What
	}
	return strings.TrimPrefix(text, ": ")
}

// What is shown of a value, in characters.
const (
	lead  = 16 // that both values begin with
	shown = 48
)

// digest is a digest, of which the first digits tell enough.
var digest = lazyregexp.New(`\b([0-9a-f]{12})[0-9a-f]{20,}\b`)

// apart cuts two values to where they differ.
func apart(was, is string) (string, string) {
	a, b := flat(was), flat(is)
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	from := 0
	if len(a) > shown || len(b) > shown {
		from = max(0, same-lead)
	}
	return cut(a, from), cut(b, from)
}

// flat is a text on one line, with short digests.
func flat(text string) []rune {
	return []rune(digest.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1…"))
}

func cut(text []rune, from int) string {
	if len(text) == 0 {
		return "nothing"
	}
	from = min(from, len(text))
	head, tail := "", ""
	if from > 0 {
		head = "…"
	}
	if len(text)-from > shown {
		text, tail = text[:from+shown], "…"
	}
	return head + strings.TrimSpace(string(text[from:])) + tail
}

// causeOf is a cause in an entity as a whole.
func causeOf(e model.Entity, what string) Cause {
	b := model.Of(e)
	return Cause{Kind: b.Kind().Name, ID: b.ID, What: what}
}

// changed are the causes in a change: each field that differs, or that the entity
// came, went or has another id. Fields, if any are given, are the only ones that
// count.
func changed(one *change.Change, fields ...string) []Cause {
	if one == nil {
		return nil
	}
	base := causeOf(one.Entity(), "")
	var all []Cause
	switch one.Status() {
	case change.Added, change.Removed:
		base.What = string(one.Status())
		return []Cause{base}
	case change.Renamed:
		renamed := base
		renamed.What = "formerly " + model.Of(one.Before).ID
		all = append(all, renamed)
	}
	for _, f := range one.Fields {
		if name, _, _ := strings.Cut(f.Path, "."); len(fields) == 0 || slices.Contains(fields, name) {
			c := base
			c.Field, c.Was, c.Is = f.Path, f.Before, f.After
			all = append(all, c)
		}
	}
	return all
}

// without is what a set of grounds says that another one does not, by entity.
func without(these, those []trace.Ground) []model.Entity {
	said := map[string]bool{}
	for _, g := range those {
		said[keyOf(g)] = true
	}
	var all []model.Entity
	for _, g := range these {
		if !said[keyOf(g)] {
			all = append(all, g.Entity)
		}
	}
	return all
}

func keyOf(g trace.Ground) string {
	b := model.Of(g.Entity)
	return b.Kind().Name + " " + b.ID + " " + g.Says
}

// judged are the causes for which something is judged in another way: the
// changes of what it is judged by.
func (p *Plan) judged(before, after []trace.Ground) []Cause {
	var all []Cause
	seen := map[*change.Change]bool{}
	for _, e := range slices.Concat(without(after, before), without(before, after)) {
		if one := p.Comparison.Of(e); one != nil && !seen[one] {
			seen[one] = true
			all = append(all, changed(one)...)
		}
	}
	return all
}

// joined adds causes that a list does not have yet.
func joined(list, more []Cause) []Cause {
	for _, c := range more {
		if !slices.ContainsFunc(list, func(known Cause) bool { return known.String() == c.String() }) {
			list = append(list, c)
		}
	}
	return list
}

// reason is the causes in one line: a few entities, each with a few fields.
func reason(causes []Cause) string {
	var order []string
	of := map[string][]string{}
	for _, c := range causes {
		name := c.Entity()
		if of[name] == nil {
			order, of[name] = append(order, name), []string{}
		}
		if note := cmp.Or(c.Field, c.What); note != "" && !slices.Contains(of[name], note) {
			of[name] = append(of[name], note)
		}
	}
	var parts []string
	for _, name := range order {
		if notes := few(of[name], 3); notes != "" {
			name += " (" + notes + ")"
		}
		parts = append(parts, name)
	}
	return few(parts, 4)
}

// few joins texts, and counts those beyond some.
func few(parts []string, most int) string {
	if more := len(parts) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(parts[:most], ", "), more)
	}
	return strings.Join(parts, ", ")
}
