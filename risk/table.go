package risk

import "theriac/model"

// Row is one risk of the register, as text.
type Row struct {
	ID, Title                      string
	Threats, Harms, Controls       []string // ids, in source order
	Initial, PostControl, Residual Cell
	Decision                       string
	Verdict                        Verdict
	Acceptance                     model.Acceptance
	BenefitRisk                    string
	Unverified                     []string // ids of controls that no passed verification has shown to work
}

// Cell is a value of a risk, as text. What is not known is empty.
type Cell struct {
	Exploitability, Severity string
	Figure                   string // what the method computed, or ""
	Basis                    string // what the figure is
}

// String writes both levels, as in low/critical; an unknown one is a question
// mark, and a value of which nothing is known is empty.
func (c Cell) String() string {
	if c.Exploitability == "" && c.Severity == "" {
		return ""
	}
	return orUnknown(c.Exploitability) + "/" + orUnknown(c.Severity)
}

func orUnknown(level string) string {
	if level == "" {
		return "?"
	}
	return level
}

// Register is the risks as rows, in the order that is given: that of the source
// with a.Risks, the worst first with a.Ranked().
func Register(risks []*Assessed) []Row {
	rows := make([]Row, 0, len(risks))
	for _, one := range risks {
		rows = append(rows, one.row())
	}
	return rows
}

func (one *Assessed) row() Row {
	r := one.Risk
	row := Row{
		ID: r.ID, Title: r.Title, Threats: refs(r.Threats), Harms: refs(r.Harms), Controls: refs(r.Controls),
		Initial: one.Initial.cell(), PostControl: one.PostControl.cell(), Residual: one.Residual.cell(),
		Decision: string(r.Decision), Verdict: one.Verdict, Acceptance: r.Acceptance, BenefitRisk: r.BenefitRisk,
	}
	for _, c := range one.Unverified {
		row.Unverified = append(row.Unverified, c.ID)
	}
	return row
}

func (r Rating) cell() Cell {
	c := Cell{Exploitability: r.Exploitability, Severity: r.Severity}
	if r.Estimate.Known {
		c.Figure, c.Basis = r.Estimate.Figure.String(), r.Estimate.Basis
	}
	return c
}

// refs lists the ids of references, also of those that lead nowhere: a reader of
// the register sees what the file says.
func refs[T model.Entity](list []model.Ref[T]) []string {
	var ids []string
	for _, r := range list {
		if r.ID != "" {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
