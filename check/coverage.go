package check

import (
	"fmt"
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/diag"
	"theriac/model"
)

// Row is the coverage of one clause.
type Row struct {
	Entry      *catalog.Entry
	Applicable catalog.Truth
	Status     Status
	Reasons    []string
	By         []model.Entity // what answers it; the first maxBy
}

// maxBy bounds the list of what answers a clause: a reader wants examples, and
// the reasons say how many there are.
const maxBy = 100

// ClaimQuestion is the question that an entity answers by naming the clause
// under its clauses; see Rule.Questions.
const ClaimQuestion = "claims.process"

// reply is the answer to a question with the findings that diminish it.
type reply struct {
	rule   *Rule
	answer Answer
	status Status
}

// coverage computes the rows for all entries that ask something of the
// manufacturer, in the order of the catalogue.
func (r *run) coverage() []Row {
	claims := r.claims()
	contradictions := r.contradictions()
	var rows []Row
	for _, s := range r.pass.Catalog.Sources {
		if !r.relevant(s) {
			continue
		}
		for _, e := range s.Entries {
			if e.Role != catalog.Context {
				rows = append(rows, r.row(e, claims[e.ID], contradictions[e.ID]))
			}
		}
	}
	return rows
}

// relevant leaves out whole sources that are about something else: the other
// regulation, or standards that the manufacturer does not apply.
func (r *run) relevant(s *catalog.Source) bool {
	whole, err := catalog.ParseCondition(s.Applies)
	return err != nil || whole.Eval(r.facts) != catalog.False
}

func (r *run) row(e *catalog.Entry, claims []model.Entity, contradictions []string) Row {
	row := Row{Entry: e, Applicable: e.Condition().Eval(r.facts)}
	because := strings.Join(e.Condition().Because(r.facts), ", ")
	switch row.Applicable {
	case catalog.False:
		row.Status = NotApplicable
		row.Reasons = []string{fmt.Sprintf("applies when %s; %s", e.Condition(), because)}
		return row
	case catalog.Undecided:
		row.Status = Unanswered
		row.Reasons = []string{fmt.Sprintf("applies when %s; %s", e.Condition(), because)}
		return row
	}
	if na := r.declined[e.ID]; na != nil {
		row.Applicable, row.Status, row.Reasons = catalog.False, NotApplicable, []string{oneLine(na.Reason)}
		return row
	}
	r.answer(&row, claims)
	if len(contradictions) > 0 {
		row.Reasons = append(row.Reasons, contradictions...)
		if row.Status == Satisfied {
			row.Status = Partial
		}
	}
	return row
}

// answer fills in what the questions of the entry and claims on it say.
func (r *run) answer(row *Row, claims []model.Entity) {
	best, worst := 0, 0
	for _, q := range row.Entry.AnsweredBy {
		rep := r.replies[q]
		if q == ClaimQuestion {
			rep = claimReply(claims)
		}
		row.by(rep.answer.By)
		switch rep.status {
		case Satisfied:
			best++
			row.Reasons = append(row.Reasons, q+": "+answeredBy(rep.answer.By))
		case Partial:
			best, worst = best+1, worst+1
			row.Reasons = append(row.Reasons, q+": "+strings.Join(rep.answer.Missing, "; "))
		default:
			worst++
			row.Reasons = append(row.Reasons, q+": "+strings.Join(append([]string{"open"}, rep.answer.Missing...), ": "))
		}
	}
	if len(claims) > 0 {
		row.Reasons = append(row.Reasons, "claimed by "+names(claims))
		row.by(claims)
	}
	switch {
	case worst == 0:
		row.Status = Satisfied
	case best > 0 || len(claims) > 0:
		row.Status = Partial
	default:
		row.Status = Unanswered
	}
}

// by adds what answers the clause, each once.
func (row *Row) by(entities []model.Entity) {
	for _, e := range entities {
		if len(row.By) == maxBy {
			return
		}
		if !slices.Contains(row.By, e) {
			row.By = append(row.By, e)
		}
	}
}

func claimReply(claims []model.Entity) reply {
	a := Answer{By: claims}
	if len(claims) == 0 {
		a.Missing = []string{"no entity names this clause under `clauses:`"}
	}
	return reply{answer: a, status: a.status()}
}

// claims indexes entities by the clauses that they say they answer. A waiver, a
// variant, an import or a statement that a clause does not apply does nothing
// for a clause.
func (r *run) claims() map[string][]model.Entity {
	claims := map[string][]model.Entity{}
	r.pass.File.All(func(e model.Entity) {
		switch e.(type) {
		case *model.Waiver, *model.Variant, *model.Import, *model.NotApplicable:
			return
		}
		for _, c := range model.Of(e).Clauses {
			claims[c] = append(claims[c], e)
		}
	})
	return claims
}

// contradictions lists, by clause, errors found that cite it.
func (r *run) contradictions() map[string][]string {
	found := map[string][]string{}
	for _, f := range r.findings {
		if f.Severity != diag.Error || f.Waiver != nil {
			continue
		}
		for _, c := range f.Clauses {
			found[c] = append(found[c], fmt.Sprintf("%s at %s: %s", f.Code, f.Span, f.Message))
		}
	}
	return found
}

func answeredBy(by []model.Entity) string { return "answered by " + names(by) }

// names lists entities, the first few by id.
func names(entities []model.Entity) string {
	const shown = 3
	var ids []string
	for _, e := range entities[:min(shown, len(entities))] {
		ids = append(ids, model.Of(e).ID)
	}
	text := strings.Join(ids, ", ")
	if n := len(entities) - shown; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Tally counts rows of one part of a source.
type Tally struct {
	Source, Part                                  string
	Applicable, Satisfied, Partial, Open, Outside int
}

// Tallies sums rows up by part, in the order of the rows.
func Tallies(rows []Row) []Tally {
	var tallies []Tally
	index := map[[2]string]int{}
	for _, r := range rows {
		key := [2]string{r.Entry.Source.ID, r.Entry.Part}
		i, ok := index[key]
		if !ok {
			i = len(tallies)
			index[key] = i
			tallies = append(tallies, Tally{Source: r.Entry.Source.Title, Part: r.Entry.Part})
		}
		t := &tallies[i]
		switch r.Status {
		case NotApplicable:
			t.Outside++
			continue
		case Satisfied:
			t.Satisfied++
		case Partial:
			t.Partial++
		default:
			t.Open++
		}
		t.Applicable++
	}
	return tallies
}
