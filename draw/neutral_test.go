package draw

import (
	"fmt"
	"strings"
	"testing"
)

func someAttack() Attack {
	return Attack{Title: "From the ward network to the motor", Outcome: "wrong rate", Effort: "high", Steps: []AttackStep{
		{Label: "Attacker on the ward network", Zone: "Ward network", Trust: "site"},
		{Label: "Pump application", Detail: "component app-pump", Zone: "Pump", Trust: "device", Via: "S1 Ward interface", Effort: "moderate", Controls: []string{"mutual TLS", "input check"}},
		{Label: "Motor", Detail: "component hw-motor", Zone: "Pump", Trust: "device", Via: "flow fl-motor", Effort: "basic"},
	}}
}

// longAttack has more steps than a row, and more rows than a sheet.
func longAttack(steps int) Attack {
	a := Attack{Title: "A long way", Effort: "beyond high"}
	for i := range steps {
		a.Steps = append(a.Steps, AttackStep{
			Label: fmt.Sprintf("Hold number %d with a name of several words", i+1), Zone: fmt.Sprintf("Zone %d", i%3), Trust: []string{"site", "device", ""}[i%3],
			Via: "an interface with a long title", Effort: "moderate", Controls: []string{"first control", "second control", "third control", "fourth", "fifth", "sixth"}[:i%7],
		})
	}
	return a
}

func someMatrix() Matrix {
	m := Matrix{Title: "Risks of the example pump", Across: Scale{"Severity", []string{"minor", "serious", "critical"}}, Up: Scale{"Exploitability", []string{"low", "medium", "high"}},
		Verdicts: [][]Verdict{{Acceptable, Acceptable, Conditional}, {Acceptable, Conditional, Unacceptable}, {Conditional, Unacceptable, Unacceptable}}}
	for i := range 60 {
		before, after := &Cell{i % 3, (i / 3) % 3}, &Cell{i % 3, 0}
		if i%10 == 9 {
			after = nil
		}
		m.Risks = append(m.Risks, Placed{fmt.Sprintf("ri-%02d", i), fmt.Sprintf("Risk number %d", i), before, after})
	}
	return m
}

func someHeat(rows, columns int) Heat {
	h := Heat{Title: "Completeness of the threat analysis", Corner: "Element"}
	for i := range columns {
		h.Columns = append(h.Columns, fmt.Sprintf("Category %d of threats", i+1))
	}
	for i := range rows {
		r := HeatRow{Group: []string{"Components", "Interfaces"}[2*i/rows], Label: fmt.Sprintf("Element %d with a long name that needs to be cut", i+1)}
		for j := range columns {
			r.Cells = append(r.Cells, HeatCell{State: State((i + 2*j) % 5), Text: strings.Repeat("3", j%3)})
		}
		h.Rows = append(h.Rows, r)
	}
	return h
}

func TestAttackSummary(t *testing.T) {
	s := AttackPath(someAttack()).Summary
	for _, want := range []string{"3 steps", "2: Pump application in zone Pump through S1 Ward interface, effort moderate, against mutual TLS and input check", "without a control in the way", "Effort of the whole way: high"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q lacks %q", s, want)
		}
	}
}

// TestMatrixCounts checks counts against a tally by hand: of 60 risks each cell
// holds between 6 and 7 before controls.
func TestMatrixCounts(t *testing.T) {
	m := someMatrix()
	counts, unplaced := m.tally(false)
	if counts[Acceptable] != 21 || counts[Conditional] != 20 || counts[Unacceptable] != 19 || unplaced != 0 {
		t.Errorf("before: %v, %d unplaced", counts, unplaced)
	}
	counts, unplaced = m.tally(true)
	if counts[Acceptable] != 36 || counts[Conditional] != 18 || counts[Unacceptable] != 0 || unplaced != 6 {
		t.Errorf("after: %v, %d unplaced", counts, unplaced)
	}
}

// TestMatrixOffScale checks that a cell outside the scales counts as not
// estimated instead of being lost.
func TestMatrixOffScale(t *testing.T) {
	m := someMatrix()
	m.Risks = []Placed{{"ri-off", "Off the scale", &Cell{7, 0}, &Cell{0, -1}}}
	if s := RiskMatrix(m).Summary; !strings.Contains(s, "Before controls: 0 not acceptable, 1 not estimated. After controls: 0 not acceptable, 1 not estimated.") {
		t.Error(s)
	}
}

// TestMatrixLimit checks that the line of acceptance runs exactly between cells
// that are acceptable and cells that are not.
func TestMatrixLimit(t *testing.T) {
	m := someMatrix()
	lines := 0
	walk(RiskMatrix(m).Sheets[0].Items, func(it Item) {
		if p, ok := it.(*Path); ok && p.Role == "limit" {
			lines++
		}
	})
	if want := 2*4 + 1; lines != want { // four borders on each side, and the legend
		t.Errorf("%d parts of the line, want %d", lines, want)
	}
}

func TestHeatRatio(t *testing.T) {
	cells := []HeatCell{{State: Done}, {State: Partly}, {State: Open}, {State: Waived}, {State: Blank}}
	if got := ratio(cells); got != "2 of 4" {
		t.Errorf("got %s", got)
	}
	if got := ratio(cells[4:]); got != "–" {
		t.Errorf("nothing to answer: got %s", got)
	}
}

// TestHeatShort checks that a row with fewer cells than columns is blank in the
// others.
func TestHeatShort(t *testing.T) {
	h := Heat{Title: "Short rows", Columns: []string{"a", "b"}, Rows: []HeatRow{{Label: "x", Cells: []HeatCell{{State: Open}}}, {Label: "y"}}}
	if s := HeatMap(h).Summary; !strings.Contains(s, "1 open, 3 does not apply") || !strings.Contains(s, "x (1)") {
		t.Error(s)
	}
}
