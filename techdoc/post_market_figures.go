package techdoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/psirt"
)

// Figures of the periodic report that cases and findings tell.
const (
	figureIncidents = "Serious incidents with a security cause"
	figureActions   = "Field safety corrective actions for security, and how far they are carried out"
	figureReceived  = "Vulnerabilities received: reported by finders, found by matching, by own tests"
	figureBearing   = "of these that bear on the device, by severity"
	figureLate      = "of these past their limit"
)

// periodFigures are what cases and findings tell of the period, by figure; none for what
// neither tells.
func (b *lifeBook) periodFigures() map[string][]document.Text {
	figures := map[string][]document.Text{}
	b.caseFigures(figures)
	r := newFieldReport(b)
	if r.unknown() != "" || len(r.inUse) == 0 {
		return figures
	}
	found, late := 0, 0
	bearing := make([]int, len(recordedSeverities))
	for _, g := range vulnerabilitiesOf(r.scansInUse()) {
		if !b.inPeriod(earliest(g.all)) {
			continue
		}
		found++
		if g.state > standingAffected {
			continue
		}
		if g.state == standingAffected {
			bearing[slices.Index(recordedSeverities, gravest(g.all))]++
		}
		if due := r.dueDay(g); !due.IsZero() && due.Before(b.Day) {
			late++
		}
	}
	add := func(name, text string, args ...any) {
		figures[name] = append(figures[name], document.T("%s", b.Say(text, args...)))
	}
	add(figureReceived, "found by matching: %d", found)
	for i, n := range bearing {
		if n > 0 {
			add(figureBearing, "%s: %d", b.Say(cmp.Or(recordedSeverities[i], "not rated")), n)
		}
	}
	if len(figures[figureBearing]) == 0 {
		add(figureBearing, "none")
	}
	add(figureLate, "found by matching, past the own limit: %d", late)
	return figures
}

// caseFigures counts cases that began in the period: by how they came, and by the answers
// to duties to report. Which vulnerabilities they are about is not told.
func (b *lifeBook) caseFigures(figures map[string][]document.Text) {
	if len(b.File.Cases) == 0 {
		return
	}
	came := map[string]int{}
	incidents, unanswered, actions, done, overdue := 0, 0, 0, 0, 0
	for _, c := range b.File.Cases {
		if !b.inPeriod(model.DateOf(c.Aware.Time().In(psirt.Zone(b.File)))) {
			continue
		}
		came[spaced(c.Source)]++
		switch answerOf(c, "serious-incident") {
		case model.Yes:
			incidents++
		case model.No:
		default:
			unanswered++
		}
		if answerOf(c, "field-action") == model.Yes {
			actions++
			if !c.Closed.IsZero() {
				done++
			}
		}
		if slices.ContainsFunc(psirt.Clocks(b.File, c, b.dayEnd()), func(k psirt.Clock) bool { return k.State == psirt.Overdue || k.State == psirt.Late }) {
			overdue++
		}
	}
	var ways []string
	for _, source := range sortedKeys(came) {
		ways = append(ways, fmt.Sprintf("%s %d", b.Say(source), came[source]))
	}
	figures[figureReceived] = append(figures[figureReceived], document.T("%s", b.Say("cases by how they came: %s", cmp.Or(strings.Join(ways, ", "), b.Say("none")))))
	figures[figureIncidents] = append(figures[figureIncidents], document.T("%s", b.Say("answered as serious incident: %d; not answered: %d", incidents, unanswered)))
	figures[figureActions] = append(figures[figureActions], document.T("%s", b.Say("%d, of which %d are closed", actions, done)))
	figures[figureLate] = append(figures[figureLate], document.T("%s", b.Say("cases with a clock that is or was overdue: %d", overdue)))
}

// answerOf is whether a duty to report applies to a case.
func answerOf(c *model.Case, duty model.Duty) (answer model.Answer) {
	for _, r := range c.Reporting {
		if r.Duty == duty {
			answer = r.Applies
		}
	}
	return answer
}
