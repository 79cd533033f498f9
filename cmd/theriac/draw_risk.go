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
	"theriac/techdoc"
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
	picture := techdoc.AttackOf(best)
	picture.Title = headed(f, "the path of least effort to "+titleOf(best.Target.Entity))
	return draw.AttackPath(picture), nil
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
	m, err := techdoc.MatrixOf(risk.Assess(f))
	if err != nil {
		return nil, fmt.Errorf("%w; see `theriac check`", err)
	}
	m.Title = headed(f, "security risks before and after controls")
	return draw.RiskMatrix(m), nil
}

func drawThreatGrid(f *model.File) (*draw.Drawing, error) {
	if f.Product == nil { // whose facts decide which threats arise
		return nil, errors.New("the security file describes no product; see `theriac check`")
	}
	reviews, err := readReviews(f)
	if err != nil {
		return nil, err
	}
	h := techdoc.HeatOf(threat.Derive(f, trace.SuspectTargets(f, reviews)))
	h.Title = headed(f, "elements and categories of threat")
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
