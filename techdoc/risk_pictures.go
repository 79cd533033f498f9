package techdoc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"theriac/attack"
	"theriac/draw"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
)

// errNoScales says that a policy has no scales on which risks could be drawn.
var errNoScales = errors.New("policy.risk states no scales, or names a level twice")

// MatrixOf is the scales and limits of a policy with the risks on them.
func MatrixOf(a *risk.Assessment) (draw.Matrix, error) {
	up, across := a.Scales.ExploitabilityLevels, a.Scales.SeverityLevels
	if len(up) == 0 || len(across) == 0 {
		return draw.Matrix{}, errNoScales
	}
	m := draw.Matrix{Across: draw.Scale{Name: "Severity", Levels: across}, Up: draw.Scale{Name: "Exploitability", Levels: up}}
	for i := range up {
		row := make([]draw.Verdict, len(across))
		for j := range across {
			row[j] = verdictAt(a.Scales, risk.Point{Exploitability: i + 1, Severity: j + 1})
		}
		m.Verdicts = append(m.Verdicts, row)
	}
	for _, r := range a.Risks {
		placed := draw.Placed{ID: r.Risk.ID, Title: r.Risk.Title, Before: cellOf(r.Initial.At)}
		if r.Verdict != risk.Avoided {
			placed.After = cellOf(r.Residual.At)
		}
		m.Risks = append(m.Risks, placed)
	}
	return m, nil
}

func verdictAt(s risk.Scales, p risk.Point) draw.Verdict {
	switch {
	case s.Accepts(p):
		return draw.Acceptable
	case s.Above(p):
		return draw.Unacceptable
	}
	return draw.Unjudged
}

func cellOf(p risk.Point) *draw.Cell {
	if !p.Known() {
		return nil
	}
	return &draw.Cell{Across: p.Severity - 1, Up: p.Exploitability - 1}
}

// HeatOf is the grid of elements and categories of threat.
func HeatOf(d *threat.Derivation) draw.Heat {
	states := map[threat.Status]draw.State{
		threat.AsRisk: draw.Done, threat.NotApplicable: draw.Waived, threat.Reopened: draw.Partly, threat.Undecided: draw.Partly, threat.Open: draw.Open,
	}
	h := draw.Heat{Corner: "Element", Words: map[draw.State]string{
		draw.Done: "treated by a risk", draw.Waived: "does not apply, with a reason", draw.Partly: "to be judged", draw.Open: "unanswered",
		draw.Blank: "nothing is derived",
	}}
	for _, c := range threat.Categories() {
		h.Columns = append(h.Columns, spaced(c))
	}
	for _, r := range d.Grid() {
		row := draw.HeatRow{Group: model.Of(r.Element).Kind().Name, Label: titleOrID(r.Element)}
		for _, c := range r.Cells {
			cell := draw.HeatCell{State: states[c.Status]}
			if n := len(c.Threats); n > 0 {
				cell.Text = strconv.Itoa(n)
			}
			row.Cells = append(row.Cells, cell)
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// AttackOf is a path as its picture shows it.
func AttackOf(p *attack.Path) draw.Attack {
	out := draw.Attack{Outcome: titleOrID(p.Target.Entity), Effort: strconv.Itoa(p.Effort)}
	start := heldAt(p.Entry.At, p.Entry.Class.Cost())
	start.Detail += fmt.Sprintf(", entry: %s (%s)", p.Entry.Class, start.Effort)
	out.Steps = append(out.Steps, start)
	for _, s := range p.Steps {
		step := heldAt(s.To, s.Effort)
		var via []string
		for _, v := range s.Via {
			via = append(via, titleOrID(v))
		}
		step.Via = strings.Join(via, ", ")
		for _, o := range s.Obstacles {
			if o.Control != nil {
				step.Controls = append(step.Controls, titleOrID(o.Control))
			} else {
				step.Controls = append(step.Controls, o.Text)
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}

func heldAt(e model.Entity, effort int) draw.AttackStep {
	step := draw.AttackStep{Label: titleOrID(e), Detail: model.Label(e), Effort: strconv.Itoa(effort)}
	if z := model.ZoneOf(e); z != nil {
		step.Zone, step.Trust = titleOrID(z), string(z.Trust)
	}
	return step
}

func titleOrID(e model.Entity) string {
	if t := model.Of(e).Title; t != "" {
		return t
	}
	return idOf(e)
}
