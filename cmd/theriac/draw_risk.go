package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"theriac/attack"
	"theriac/catalog"
	"theriac/check"
	"theriac/check/rules"
	"theriac/draw"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
	"theriac/trace"
)

// analyses are pictures of what follows from the file.
var analyses = []picture{
	{
		name: "attack-path", short: "the path of least effort to a target", focus: true,
		long: `Attack-path draws the path of least effort from outside to the target given by
--focus, or to the component that takes the least effort of all: what is held at each
step, through what it is reached, and the controls that stand in the way. ` + "`theriac\nthreats paths`" + ` lists the targets.`,
		draw: drawAttackPath,
	},
	{
		name: "risk-matrix", short: "the risks on the manufacturer's scales, before and after controls",
		long: `Risk-matrix draws the security risks on the scales of policy.risk, before and after
controls, with the line of acceptance.`,
		draw: func(f *model.File, _ string) (*draw.Drawing, error) { return drawRiskMatrix(f) },
	},
	{
		name: "threats", short: "elements of the architecture by category of threat",
		long: `Threats draws the grid of elements and categories of threat: what is treated by a
risk, what does not apply, and what is open. See ` + "`theriac threats derive`.",
		draw: func(f *model.File, _ string) (*draw.Drawing, error) { return drawThreatGrid(f) },
	},
	{
		name: "coverage", short: "how far the clauses of law and standards are answered",
		long: `Coverage draws, part by part of law, guidance and standards, how many clauses are
satisfied, partly satisfied, open or not applicable.`,
		draw: func(f *model.File, _ string) (*draw.Drawing, error) { return drawCoverage(f) },
	},
}

func drawAttackPath(f *model.File, focus string) (*draw.Drawing, error) {
	a := attack.Find(f, attack.Options{Keep: 1})
	var best *attack.Path
	for _, t := range a.Targets {
		_, component := t.Entity.(*model.Component)
		if focus == "" && !component || focus != "" && model.Of(t.Entity).ID != focus {
			continue
		}
		if p, ok := a.Least(t); ok && (best == nil || p.Effort < best.Effort) {
			best = &p
		}
	}
	switch {
	case best == nil && focus != "":
		return nil, fmt.Errorf("no path leads to %q; `theriac threats paths` lists the targets", focus)
	case best == nil:
		return nil, errors.New("no path leads from outside to a component that patients depend on")
	}
	return draw.AttackPath(attackOf(f, best)), nil
}

// attackOf is a path as its picture shows it.
func attackOf(f *model.File, p *attack.Path) draw.Attack {
	out := draw.Attack{
		Title: headed(f, "the path of least effort to "+titleOf(p.Target.Entity)), Outcome: titleOf(p.Target.Entity),
		Effort: strconv.Itoa(p.Effort),
	}
	start := held(p.Entry.At, p.Entry.Class.Cost())
	start.Detail += fmt.Sprintf(", entry: %s (%s)", p.Entry.Class, start.Effort)
	out.Steps = append(out.Steps, start)
	for _, s := range p.Steps {
		step := held(s.To, s.Effort)
		var via []string
		for _, v := range s.Via {
			via = append(via, titleOf(v))
		}
		step.Via = strings.Join(via, ", ")
		for _, o := range s.Obstacles {
			if o.Control != nil {
				step.Controls = append(step.Controls, titleOf(o.Control))
			} else {
				step.Controls = append(step.Controls, o.Text)
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}

func held(e model.Entity, effort int) draw.AttackStep {
	step := draw.AttackStep{Label: titleOf(e), Detail: model.Label(e), Effort: strconv.Itoa(effort)}
	if z := model.ZoneOf(e); z != nil {
		step.Zone, step.Trust = titleOf(z), string(z.Trust)
	}
	return step
}

func titleOf(e model.Entity) string {
	if t := model.Of(e).Title; t != "" {
		return t
	}
	return model.Of(e).ID
}

// headed is a title behind the name of the product, where the file has one.
func headed(f *model.File, title string) string {
	if f.Product == nil || f.Product.Name == "" {
		return strings.ToUpper(title[:1]) + title[1:]
	}
	return f.Product.Name + ": " + title
}

func drawRiskMatrix(f *model.File) (*draw.Drawing, error) {
	a := risk.Assess(f)
	up, across := a.Scales.ExploitabilityLevels, a.Scales.SeverityLevels
	if len(up) == 0 || len(across) == 0 {
		return nil, errors.New("policy.risk states no scales, or names a level twice; see `theriac check`")
	}
	m := draw.Matrix{Title: headed(f, "security risks before and after controls"), Across: draw.Scale{Name: "Severity", Levels: across}, Up: draw.Scale{Name: "Exploitability", Levels: up}}
	for i := range up {
		row := make([]draw.Verdict, len(across))
		for j := range across {
			row[j] = verdict(a.Scales, risk.Point{Exploitability: i + 1, Severity: j + 1})
		}
		m.Verdicts = append(m.Verdicts, row)
	}
	for _, r := range a.Risks {
		placed := draw.Placed{ID: r.Risk.ID, Title: r.Risk.Title, Before: cellAt(r.Initial.At)}
		if r.Verdict != risk.Avoided {
			placed.After = cellAt(r.Residual.At)
		}
		m.Risks = append(m.Risks, placed)
	}
	return draw.RiskMatrix(m), nil
}

func verdict(s risk.Scales, p risk.Point) draw.Verdict {
	switch {
	case s.Accepts(p):
		return draw.Acceptable
	case s.Above(p):
		return draw.Unacceptable
	}
	return draw.Unjudged
}

func cellAt(p risk.Point) *draw.Cell {
	if !p.Known() {
		return nil
	}
	return &draw.Cell{Across: p.Severity - 1, Up: p.Exploitability - 1}
}

func drawThreatGrid(f *model.File) (*draw.Drawing, error) {
	if f.Product == nil { // whose facts decide which threats arise
		return nil, errors.New("the security file describes no product; see `theriac check`")
	}
	reviews, err := readReviews(f)
	if err != nil {
		return nil, err
	}
	states := map[threat.Status]draw.State{
		threat.AsRisk: draw.Done, threat.NotApplicable: draw.Waived, threat.Reopened: draw.Partly, threat.Undecided: draw.Partly, threat.Open: draw.Open,
	}
	h := draw.Heat{
		Title: headed(f, "elements and categories of threat"), Corner: "Element", Columns: categoryNames(),
		Words: map[draw.State]string{
			draw.Done: "treated by a risk", draw.Waived: "does not apply, with a reason", draw.Partly: "to be judged", draw.Open: "unanswered",
			draw.Blank: "nothing is derived",
		},
	}
	for _, r := range threat.Derive(f, trace.SuspectTargets(f, reviews)).Grid() {
		row := draw.HeatRow{Group: model.Of(r.Element).Kind().Name, Label: titleOf(r.Element)}
		for _, c := range r.Cells {
			cell := draw.HeatCell{State: states[c.Status]}
			if n := len(c.Threats); n > 0 {
				cell.Text = strconv.Itoa(n)
			}
			row.Cells = append(row.Cells, cell)
		}
		h.Rows = append(h.Rows, row)
	}
	return draw.HeatMap(h), nil
}

func drawCoverage(f *model.File) (*draw.Drawing, error) {
	day, err := today("", os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	h := draw.Heat{
		Title: headed(f, "coverage of law, guidance and standards"), Corner: "Part", Columns: []string{"satisfied", "partly", "open", "not applicable"},
		Figures: true,
		Words:   map[draw.State]string{draw.Done: "satisfied", draw.Partly: "partly satisfied", draw.Open: "open", draw.Waived: "not applicable", draw.Blank: "none"},
	}
	for _, t := range check.Tallies(check.Run(check.Input{File: f, Catalog: catalog.Load(), Rules: rules.All(), Today: day}).Coverage) {
		row := draw.HeatRow{Group: t.Source, Label: t.Part}
		for i, n := range []int{t.Satisfied, t.Partial, t.Open, t.Outside} {
			cell := draw.HeatCell{}
			if n > 0 {
				cell = draw.HeatCell{State: []draw.State{draw.Done, draw.Partly, draw.Open, draw.Waived}[i], Text: strconv.Itoa(n)}
			}
			row.Cells = append(row.Cells, cell)
		}
		h.Rows = append(h.Rows, row)
	}
	return draw.HeatMap(h), nil
}
