package check

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"theriac/catalog"
	"theriac/diag"
	"theriac/model"
)

// Result is what a run of the rules yields.
type Result struct {
	Findings diag.List
	Coverage []Row
	Showing  *Showing // nil where signatures decide nothing
}

// Input is what is checked, and by what.
type Input struct {
	File    *model.File
	Catalog *catalog.Catalog
	Rules   []*Rule
	Today   model.Date

	// Release is the id of the release that evidence is judged for; "" takes the
	// newest that is out, else the first that is planned.
	Release string
	// Proof is what is signed about the file; nil stands for nothing.
	Proof  *Proof
	Memory *Memory
}

// run is one run of the rules over a file.
type run struct {
	pass     Pass
	rules    []*Rule
	facts    Facts
	findings diag.List
	replies  map[string]reply
	declined map[string]*model.NotApplicable
}

// Run applies the rules. A file without a product, or of which part could not
// be read, is not judged: what is missing there proves nothing.
func Run(in Input) Result {
	file, cat, today := in.File, in.Catalog, in.Today
	if file.Product == nil || file.Incomplete() {
		return Result{}
	}
	r := &run{
		pass: *NewPass(in), rules: in.Rules, facts: Facts{file.Product},
		replies: map[string]reply{}, declined: map[string]*model.NotApplicable{},
	}
	for _, na := range file.NotApplicable {
		if e := cat.Entry(na.ID); e != nil && !e.BindsAll() {
			r.declined[na.ID] = na
		}
	}
	r.check(func(rule *Rule) func(*Pass) { return rule.Run })
	Waive(file, r.findings, today)
	r.ask()
	Waive(file, r.findings, today)
	r.pass.found = r.findings
	r.check(func(rule *Rule) func(*Pass) { return rule.After })
	rows := r.coverage()
	return Result{r.findings, rows, r.pass.showing()}
}

// NewPass is what a rule sees of an input before any rule has run.
func NewPass(in Input) *Pass {
	return &Pass{File: in.File, Catalog: in.Catalog, Today: in.Today, Gate: in.Release != "", shared: newShared(in)}
}

// each calls work for each rule, several at a time.
func (r *run) each(work func(i int, rule *Rule)) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, rule := range r.rules {
		group.Go(func() error {
			work(i, rule)
			return nil
		})
	}
	_ = group.Wait() // work returns no error
}

// check runs one part of the rules that look for something wrong.
func (r *run) check(part func(*Rule) func(*Pass)) {
	found := make([][]*diag.Finding, len(r.rules))
	r.each(func(i int, rule *Rule) {
		if run := part(rule); run != nil {
			p := r.pass
			p.rule = rule
			run(&p)
			found[i] = p.findings
		}
	})
	for _, list := range found {
		for _, f := range list {
			f.Clauses = r.applicable(f.Clauses)
			r.findings.Add(*f)
		}
	}
}

// applicable leaves out clauses that do not apply to the product: a rule cites
// the MDR and the IVDR, a finding only the one that binds.
func (r *run) applicable(clauses []string) []string {
	var kept []string
	for _, c := range clauses {
		if e := r.pass.Catalog.Entry(c); e == nil || e.Condition().Eval(r.facts) != catalog.False {
			kept = append(kept, c)
		}
	}
	return kept
}

// ask puts the questions. Those that nothing answers, and that a clause which
// applies needs answered, become open findings.
func (r *run) ask() {
	diminished := r.diminished()
	answers := make([]map[string]Answer, len(r.rules))
	r.each(func(i int, rule *Rule) {
		if rule.Ask == nil {
			return
		}
		answers[i] = map[string]Answer{}
		for _, q := range rule.Questions {
			p := r.pass
			p.rule = rule
			answers[i][q] = rule.Ask(&p, q)
		}
	})
	asking := r.asking()
	for i, rule := range r.rules {
		for _, q := range rule.Questions {
			a := answers[i][q]
			own := len(a.Missing)
			if a.Elsewhere {
				own = 0
			}
			a.Missing = slices.Concat(a.Missing, diminishing(rule.Needs, diminished), r.faulty(a.By))
			r.replies[q] = reply{rule, a, a.status()}
			// Claims are judged clause by clause; see unclaimed.
			if own > 0 && len(asking[q]) > 0 && q != ClaimQuestion {
				r.findings.Add(r.open(rule, q, a, own, asking[q]))
			}
		}
	}
	r.unclaimed(asking[ClaimQuestion])
}

// diminishing says how many findings of the codes that an answer needs to be
// free of leave it incomplete; nothing when there are none.
func diminishing(needs []string, count map[string]int) []string {
	total := 0
	var codes []string
	for _, code := range needs {
		if n := count[code]; n > 0 {
			total, codes = total+n, append(codes, code)
		}
	}
	switch total {
	case 0:
		return nil
	case 1:
		return []string{"1 finding of " + codes[0]}
	}
	return []string{fmt.Sprintf("%d findings of %s", total, strings.Join(codes, ", "))}
}

// faulty names the entities whose form has findings: what they say is not yet an
// answer in full, although rules do not report it a second time.
func (r *run) faulty(by []model.Entity) []string {
	var faulty []model.Entity
	for _, e := range by {
		if r.pass.File.Faulty(e) {
			faulty = append(faulty, e)
		}
	}
	if len(faulty) == 0 {
		return nil
	}
	return []string{"faults of form in " + names(faulty)}
}

// diminished counts unwaived findings by code.
func (r *run) diminished() map[string]int {
	count := map[string]int{}
	for _, f := range r.findings {
		if f.Waiver == nil && f.Justification == "" {
			count[f.Code]++
		}
	}
	return count
}

// asking lists, by question, the clauses that apply and need it answered.
func (r *run) asking() map[string][]string {
	asking := map[string][]string{}
	for _, s := range r.pass.Catalog.Sources {
		for _, e := range s.Entries {
			if e.Role == catalog.Context || r.declined[e.ID] != nil || e.Condition().Eval(r.facts) != catalog.True {
				continue
			}
			for _, q := range e.AnsweredBy {
				asking[q] = append(asking[q], e.ID)
			}
		}
	}
	return asking
}

func (r *run) open(rule *Rule, question string, a Answer, own int, clauses []string) diag.Finding {
	at, entity := a.At, a.Entity
	if !at.Valid() {
		product := model.Of(r.pass.File.Product)
		at, entity = product.Here(), product.ID
	}
	return diag.Finding{
		Code: rule.Code, Severity: rule.Severity, Span: at, Entity: entity, Clauses: clauses, Why: rule.Why, Help: rule.Fix,
		Message: fmt.Sprintf("%s: %s", question, strings.Join(a.Missing[:own], "; ")),
	}
}

// unclaimed reports clauses that only an entity's own word can answer.
func (r *run) unclaimed(clauses []string) {
	claims := r.claims()
	clauses = slices.DeleteFunc(slices.Clone(clauses), func(c string) bool { return len(claims[c]) > 0 })
	r.pass.File.All(func(e model.Entity) {
		if r.pass.File.Flawed(e, "clauses") {
			clauses = nil // what the list was meant to name is not known
		}
	})
	for _, rule := range r.rules {
		if len(clauses) > 0 && slices.Contains(rule.Questions, ClaimQuestion) {
			a := Answer{Missing: []string{fmt.Sprintf("%d clauses are named by no entity under `clauses`: %s", len(clauses), strings.Join(clauses, ", "))}}
			r.findings.Add(r.open(rule, ClaimQuestion, a, 1, clauses))
		}
	}
}

// Waive marks the findings that the file waives and that have not been marked.
// Findings about the form of the file cannot be waived.
func Waive(file *model.File, findings diag.List, today model.Date) {
	for _, w := range file.Waivers {
		if w.Expires.IsZero() || w.Expires.Before(today) {
			continue
		}
		for i := range findings {
			if f := &findings[i]; f.Waiver == nil && Waives(w, *f) {
				f.Waiver = &diag.Waiver{ID: w.ID, Owner: w.Owner, Reason: oneLine(w.Reason), Expires: w.Expires.String()}
			}
		}
	}
}

// Waives reports whether a waiver is meant for a finding. One whose entity could
// not be read is not meant for the whole file.
func Waives(w *model.Waiver, f diag.Finding) bool {
	return w.Code == f.Code && (!w.Has("entity") || w.Entity.ID != "" && w.Entity.ID == f.Entity) && !Unwaivable(f.Code)
}

// Unwaivable reports whether findings with the code must be mended: those about
// form and about waivers themselves.
func Unwaivable(code string) bool {
	return strings.HasPrefix(code, "T0") || strings.HasPrefix(code, "T29")
}
