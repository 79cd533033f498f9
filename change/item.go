package change

import (
	"cmp"
	"fmt"
	"slices"

	"theriac/model"
)

// Section is a part of the report on a comparison.
type Section string

// The sections, from what changed to what follows from it.
const (
	Product      Section = "product"
	Architecture Section = "architecture"
	Threats      Section = "threats"
	Risks        Section = "risks"
	Controls     Section = "controls"
	Paths        Section = "paths"
	Proof        Section = "proof"
	Tests        Section = "verification"
	Documents    Section = "documents"
	Links        Section = "links"
	Rest         Section = "other"
)

// Sections lists the sections in order, each with its heading.
func Sections() []model.Value {
	return []model.Value{
		{Name: string(Product), Doc: "Product and policy"},
		{Name: string(Architecture), Doc: "Architecture"},
		{Name: string(Threats), Doc: "Threats"},
		{Name: string(Risks), Doc: "Risks"},
		{Name: string(Controls), Doc: "Controls and requirements"},
		{Name: string(Paths), Doc: "Attack paths"},
		{Name: string(Proof), Doc: "Releases, signers and failures that may stand"},
		{Name: string(Tests), Doc: "Verification to repeat"},
		{Name: string(Documents), Doc: "Documents to approve again"},
		{Name: string(Links), Doc: "Links to review again"},
		{Name: string(Rest), Doc: "Other changes"},
	}
}

// Grade says how an item bears on security.
type Grade string

// The grades, from what needs attention to what does not.
const (
	Worse   Grade = "worse"   // more exposed, weaker, riskier, or an answer is missing
	Neutral Grade = "neutral" // different
	Better  Grade = "better"  // less exposed, stronger, less risky
)

var grades = []Grade{Worse, Neutral, Better}

// Item is one statement about the difference.
type Item struct {
	Section Section
	Grade   Grade
	Kind    string   // of the entity; see model.Kind
	ID      string   // of the entity; empty where the item is about the whole file
	Text    string   // what happened to the entity, without its name
	Because []string // what makes something have to be done again
	Details []string // one fact each
	Signals []Signal // what the criteria of significance ask for
	Variant string   // the only variant in which it holds, or ""

	fields []string // of the change that the item explains; "*" for all
}

// Label names what the item is about.
func (i *Item) Label() string {
	k := model.KindOf(i.Kind)
	switch {
	case k == nil || k.Single:
		return i.ID
	}
	return k.Singular + " " + i.ID
}

func about(e model.Entity, g Grade, format string, args ...any) Item {
	b := model.Of(e)
	return Item{Grade: g, Kind: b.Kind().Name, ID: b.ID, Text: fmt.Sprintf(format, args...)}
}

// explains notes which fields of a change the item speaks of.
func (i Item) explains(fields ...string) Item {
	i.fields = append(slices.Clone(i.fields), fields...)
	return i
}

// signals adds what the criteria of significance may ask for.
func (i Item) signals(s ...Signal) Item {
	i.Signals = append(slices.Clone(i.Signals), s...)
	return i
}

// details adds facts; empty ones are left out.
func (i Item) details(facts ...string) Item {
	i.Details = slices.Clone(i.Details)
	for _, f := range facts {
		if f != "" {
			i.Details = append(i.Details, f)
		}
	}
	return i
}

// interpretation looks at one subject of a comparison. Those of later sections
// see the items of earlier ones.
type interpretation struct {
	name    string
	section Section
	look    func(c *Comparison, say func(Item))
}

var interpretations []interpretation

// add declares an interpretation. Each has a file of its own.
func add(i interpretation) bool {
	if slices.ContainsFunc(interpretations, func(j interpretation) bool { return j.name == i.name }) {
		panic("change: interpretation declared twice: " + i.name)
	}
	interpretations = append(interpretations, i)
	slices.SortFunc(interpretations, func(a, b interpretation) int {
		return cmp.Or(cmp.Compare(rankOf(a.section), rankOf(b.section)), cmp.Compare(a.name, b.name))
	})
	return true
}

func rankOf(s Section) int {
	return slices.IndexFunc(Sections(), func(v model.Value) bool { return v.Name == string(s) })
}

// interpret runs all interpretations, when anything changed at all.
func (c *Comparison) interpret() {
	for _, i := range interpretations {
		i.look(c, func(item Item) {
			if item.Section == "" {
				item.Section = i.section
			}
			c.Items = append(c.Items, item)
		})
	}
	c.sort()
}

func (c *Comparison) sort() {
	slices.SortStableFunc(c.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(rankOf(a.Section), rankOf(b.Section)), cmp.Compare(slices.Index(grades, a.Grade), slices.Index(grades, b.Grade)), cmp.Compare(kindRank(a.Kind), kindRank(b.Kind)))
	})
}

// kindRank puts interfaces before all else, since most changes begin there, and
// other kinds in the order of the language.
func kindRank(name string) int {
	if name == "interfaces" {
		return -1
	}
	return slices.Index(model.Kinds(), model.KindOf(name))
}

// In lists the items of a section.
func (c *Comparison) In(s Section) []Item {
	var found []Item
	for _, i := range c.Items {
		if i.Section == s {
			found = append(found, i)
		}
	}
	return found
}

// Empty reports whether the two states say the same.
func (c *Comparison) Empty() bool { return len(c.Changes) == 0 && len(c.Items) == 0 }

// Absorb adds what a comparison of a variant of the same two states finds beyond
// this one.
func (c *Comparison) Absorb(variant string, of *Comparison) {
	known := map[string]bool{}
	id := func(i Item) string {
		return fmt.Sprintf("%s %s %s %q %q %q", i.Section, i.Kind, i.ID, i.Text, i.Because, i.Details)
	}
	for _, i := range c.Items {
		known[id(i)] = true
	}
	for _, i := range of.Items {
		if !known[id(i)] {
			i.Variant = variant
			c.Items = append(c.Items, i)
		}
	}
	c.sort()
	mine := map[string]bool{}
	key := func(one *Change) string {
		return fmt.Sprintf("%s %s %s %q", one.Kind.Name, one.ID(), one.Status(), one.Fields)
	}
	for _, one := range c.Changes {
		mine[key(one)] = true
	}
	for _, one := range of.Changes {
		if !mine[key(one)] {
			one.Variant = variant
			c.Changes = append(c.Changes, one)
		}
	}
	c.Significance = c.judge()
}
