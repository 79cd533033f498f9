package rules

import (
	"slices"
	"strings"
	"time"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// limit is a reporting limit of the file under vigilance.
type limit struct {
	field string
	own   func(model.Vigilance) model.Duration
}

// limits gives for each row of the catalogue's vigilance deadlines that counts
// days the manufacturer's own limit.
var limits = map[string]limit{
	"vig.other-serious":          {"serious-incident", func(v model.Vigilance) model.Duration { return v.SeriousIncident }},
	"vig.public-health-threat":   {"public-health-threat", func(v model.Vigilance) model.Duration { return v.PublicHealthThreat }},
	"vig.death-or-unanticipated": {"death-or-unanticipated-deterioration", func(v model.Vigilance) model.Duration { return v.Death }},
}

// deadlines lists the rows of the catalogue that the file has a limit for.
func deadlines(c *catalog.Catalog) []catalog.VigilanceDeadline {
	return slices.DeleteFunc(slices.Clone(c.Tables.VigilanceDeadlines), func(d catalog.VigilanceDeadline) bool {
		return limits[d.ID].own == nil
	})
}

// reportClause is the clause of the deadline in the product's regulation.
func reportClause(p *check.Pass, d catalog.VigilanceDeadline) string {
	if p.IVDR() {
		return clauseID("ivdr", d.IVDR)
	}
	return clauseID("mdr", d.MDR)
}

// clauseID turns an article as the tables write it into the id of its entry:
// "Art. 87(3)" is mdr.art.87.3.
func clauseID(act, article string) string {
	return act + "." + strings.NewReplacer(" ", "", "(", ".", ")", "").Replace(strings.ToLower(article))
}

var _ = add(check.Rule{
	Code: "T9201", Severity: diag.Error,
	Title:   "reporting limit longer than the law allows",
	Clauses: []string{"mdr.art.87.3", "mdr.art.87.4", "mdr.art.87.5", "ivdr.art.82.3", "ivdr.art.82.4", "ivdr.art.82.5"},
	Why: "serious incidents are reported at once, at the latest 15 days after awareness, 10 days for death or unanticipated serious " +
		"deterioration, 2 days for a serious public health threat; a procedure with a longer limit breaks the law as soon as it is followed",
	Fix: "set the limit to at most the legal number of days; shorter is allowed",
	Bad: `
post-market:
  vigilance:
    serious-incident: 30 days # want T9201
    death-or-unanticipated-deterioration: 10 days
    public-health-threat: 72 hours # want T9201
`,
	Good: `
post-market:
  vigilance:
    serious-incident: 15 days
    death-or-unanticipated-deterioration: 10 days
    public-health-threat: 48 hours
`,
	Run: func(p *check.Pass) {
		m := p.File.PostMarket
		if m == nil {
			return
		}
		for _, d := range deadlines(p.Catalog) {
			l := limits[d.ID]
			if own := l.own(m.Vigilance); own.Span() > time.Duration(d.Days)*24*time.Hour {
				p.Report(m, "vigilance."+l.field, "%s is reported within %s, and the law allows %d days", d.Event, own, d.Days).Cite(reportClause(p, d))
			}
		}
	},
})
