package plan

import (
	"theriac/change"
	"theriac/check"
	"theriac/evidence"
	"theriac/model"
)

// Side is a security file before or after the edit, with what is signed about it.
type Side struct {
	View    *change.View
	Proof   *check.Proof
	Release *model.Release // for which evidence is judged; nil where there is none

	judged *evidence.Judgement
}

// Section is what is unsettled or settled.
type Section string

// The sections, in the order of a report.
const (
	Approvals    Section = "approvals"
	Evidence     Section = "evidence"
	Requirements Section = "requirements"
	Links        Section = "links"
	Threats      Section = "threats"
	Documents    Section = "documents"
)

// Sections lists the sections, each with its heading.
func Sections() []model.Value {
	return []model.Value{
		{Name: string(Approvals), Doc: "Approvals"},
		{Name: string(Evidence), Doc: "Evidence"},
		{Name: string(Requirements), Doc: "Requirements shown to be met"},
		{Name: string(Links), Doc: "Reviewed links"},
		{Name: string(Threats), Doc: "Derived threats"},
		{Name: string(Documents), Doc: "Documents"},
	}
}

// Effect is what the edit does to something.
type Effect string

// The effects.
const (
	Unsettles Effect = "unsettles"
	Settles   Effect = "settles"
)

// Item is one thing that the edit unsettles or settles.
type Item struct {
	Section Section
	Effect  Effect
	Kind    string // of the entity, as in model.Kind; "roster" and "baselines" for those
	ID      string // of the entity, or the name of the baseline
	What    string // which of what the entity has: meaning of an approval, id of a piece of evidence, text of a link
	Path    string // of the signed file; "" where there is none
	Was, Is string // states; "" where there was or is nothing
	Text    string // why, in one line
	Because []Cause

	Requirements []string // that turn open, or are shown to be met, with a piece of evidence
	Patterns     []string // of derived threats
}

// Plan is what an edit does.
type Plan struct {
	Before, After *Side
	Comparison    *change.Comparison
	Items         []Item // by section, what is unsettled first
}

// In lists the items with one of the two effects in a section.
func (p *Plan) In(s Section, e Effect) []Item {
	var found []Item
	for _, i := range p.Items {
		if i.Section == s && i.Effect == e {
			found = append(found, i)
		}
	}
	return found
}

// Count counts the items with an effect.
func (p *Plan) Count(e Effect) int {
	n := 0
	for _, s := range Sections() {
		n += len(p.In(Section(s.Name), e))
	}
	return n
}

// Of compares two sides, as judged on a day.
func Of(before, after *Side, today model.Date) (*Plan, error) {
	p := &Plan{Before: before, After: after, Comparison: change.Compare(before.View, after.View)}
	for _, s := range []*Side{before, after} {
		s.judged = evidence.Judge(s.View.File, s.Proof.Evidence, s.Release, today)
	}
	if err := p.approvals(); err != nil {
		return nil, err
	}
	if len(after.View.File.Signers) > 0 {
		p.evidence()
		p.requirements()
	}
	p.links()
	p.threats()
	err := p.documents()
	p.sort()
	return p, err
}

// sort puts what is unsettled before what is settled, section by section, and
// leaves the order of the file otherwise.
func (p *Plan) sort() {
	var sorted []Item
	for _, s := range Sections() {
		for _, e := range []Effect{Unsettles, Settles} {
			sorted = append(sorted, p.In(Section(s.Name), e)...)
		}
	}
	p.Items = sorted
}

func (p *Plan) say(s Section, e Effect, i Item) {
	i.Section, i.Effect = s, e
	p.Items = append(p.Items, i)
}
