package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/catalog"
	"theriac/check"
	"theriac/check/rules"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/schema"
	"theriac/threat"
)

type explainFlags struct {
	list    bool
	clauses bool
	kinds   bool
	color   string
}

func newExplain() *cobra.Command {
	var flags explainFlags
	cmd := &cobra.Command{
		Use:   "explain {CODE|CLAUSE|QUESTION|KIND|PATTERN}",
		Short: "explain a rule, a clause, a question or a part of the language",
		Long: `Explain says what a code of a finding means, with an example of the fault and of
the remedy; what a clause of the catalogue asks, when it applies and what answers
it; which rule puts a question; which fields a kind of entity has; or when a pattern of
threat fires and what helps.

Clauses may be written as people say them: "MDR 17.2". The paraphrases are our own
words and must not be quoted as the text of the law.`,
		Example: `  theriac explain T4002
  theriac explain mdr.annex-i.17.2
  theriac explain MDR 17.2
  theriac explain capability.emrg
  theriac explain interfaces
  theriac explain interfaces.exposure
  theriac explain hl7-v2-forged-order
  theriac explain --list`,
		ValidArgsFunction: completeNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExplain(cmd.OutOrStdout(), args, flags)
		},
	}
	f := cmd.Flags()
	f.BoolVarP(&flags.list, "list", "l", false, "list the rules")
	f.BoolVar(&flags.clauses, "clauses", false, "list the entries of the catalogue")
	f.BoolVar(&flags.kinds, "kinds", false, "list the kinds of entity")
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "color", colours)
	return cmd
}

func runExplain(w io.Writer, args []string, flags explainFlags) error {
	s, err := screenOf(flags.color, w, os.Environ())
	if err != nil {
		return err
	}
	listing := flags.list || flags.clauses || flags.kinds
	switch {
	case listing && len(args) > 0:
		return fmt.Errorf("explain takes a name or a list, not both")
	case !listing && len(args) == 0:
		return fmt.Errorf("explain what? Name a code, a clause, a question or a kind, or use --list")
	}
	p := newPage(s)
	switch {
	case flags.clauses:
		listClauses(p)
	case flags.kinds:
		listKinds(p)
	case flags.list:
		listRules(p)
	default:
		if err := explain(p, strings.Join(args, " ")); err != nil {
			return err
		}
	}
	return p.show(s, w)
}

func listRules(p *page) {
	for _, r := range rules.All() {
		p.line(fmt.Sprintf("%s %-8s %s", r.Code, r.Severity, r.Title))
	}
}

func listClauses(p *page) {
	width := 0
	for _, id := range catalog.Load().IDs() {
		width = max(width, len(id))
	}
	for _, s := range catalog.Load().Sources {
		for _, e := range s.Entries {
			p.line(fmt.Sprintf("%-*s  %s: %s", width, e.ID, e.Clause, e.Title))
		}
	}
}

func listKinds(p *page) {
	width := 0
	for _, k := range model.Kinds() {
		width = max(width, len(k.Name))
	}
	for _, k := range model.Kinds() {
		p.line(fmt.Sprintf("%-*s  %s", width, k.Name, k.Doc))
	}
}

// explain finds what a name stands for and explains it.
func explain(p *page, name string) error {
	cat := catalog.Load()
	if r := rules.Find(strings.ToUpper(name)); r != nil {
		explainRule(p, cat, r)
		return nil
	}
	if r := rules.FindRetired(strings.ToUpper(name)); r != nil {
		explainRetired(p, r)
		return nil
	}
	if e := cat.Entry(strings.ToLower(name)); e != nil {
		explainClause(p, cat, e)
		return nil
	}
	if r := asker(name); r != nil {
		// A question may be called like the field that answers it.
		if explainField(p, strings.ToLower(name)) {
			p.line("")
		}
		explainQuestion(p, cat, name, r)
		return nil
	}
	if k := kindNamed(name); k != nil {
		explainKind(p, k)
		return nil
	}
	if explainField(p, strings.ToLower(name)) {
		return nil
	}
	switch found := spoken(cat, name); {
	case len(found) == 1:
		explainClause(p, cat, found[0])
		return nil
	case len(found) > 1:
		return fmt.Errorf("%q may mean %s", name, strings.Join(ids(found), " or "))
	}
	if threat.Find(strings.ToLower(name)) != nil {
		return explainPattern(p, strings.ToLower(name))
	}
	return unknownName("name", name, names(cat))
}

func ids(entries []*catalog.Entry) []string {
	var list []string
	for _, e := range entries {
		list = append(list, e.ID)
	}
	return list
}

// names lists everything that can be explained.
func names(cat *catalog.Catalog) []string {
	list := slices.Concat(codes(), cat.IDs())
	for _, r := range rules.All() {
		list = append(list, r.Questions...)
	}
	list = append(list, patternIDs()...)
	for _, k := range model.Kinds() {
		list = append(list, k.Name)
		for _, f := range schema.Fields(k.Type) {
			list = append(list, k.Name+"."+f.Name)
		}
	}
	return list
}

// asker is the rule that puts a question, or nil.
func asker(question string) *check.Rule {
	for _, r := range rules.All() {
		if slices.Contains(r.Questions, strings.ToLower(question)) {
			return r
		}
	}
	return nil
}

func kindNamed(name string) *model.Kind {
	for _, k := range model.Kinds() {
		if name = strings.ToLower(name); k.Name == name || k.Singular == name {
			return k
		}
	}
	return nil
}

func explainRule(p *page, cat *catalog.Catalog, r *check.Rule) {
	p.title("%s %s: %s", r.Code, r.Severity, r.Title)
	p.heading("Why")
	p.text(2, r.Why)
	p.heading("Fix")
	p.text(2, r.Fix)
	if len(r.Clauses) > 0 {
		p.heading("Clauses")
		clauseList(p, cat, r.Clauses)
	}
	if len(r.Questions) > 0 {
		p.heading("Questions")
		for _, q := range r.Questions {
			p.item(2, "", fmt.Sprintf("%s, asked by %s", q, countClauses(len(asking(cat, q)))))
		}
	}
	if len(r.Needs) > 0 {
		p.heading("Answered only in part while there are findings of")
		p.text(2, strings.Join(r.Needs, ", "))
	}
	mark := "# <- " + r.Code
	p.heading("Fault")
	p.code(marks.ReplaceAllString(r.Bad, "# <- $1"), mark)
	p.heading("Remedy")
	p.code(r.Good, mark)
	p.heading("Severity")
	p.text(2, severityDoc[r.Severity])
}

func explainRetired(p *page, r *rules.Retired) {
	p.title("%s retired: %s", r.Code, r.Title)
	p.heading("Instead")
	p.text(2, r.Instead)
}

var marks = lazyregexp.New(`# want (T\d{4})`)

var severityDoc = map[diag.Severity]string{
	diag.Error:   "error: a document would say something untrue",
	diag.Open:    "open: nothing answers the question yet",
	diag.Warning: "warning: a reviewer will ask",
	diag.Note:    "note: worth knowing",
}

func countClauses(n int) string {
	if n == 1 {
		return "1 clause"
	}
	return fmt.Sprintf("%d clauses", n)
}

func clauseList(p *page, cat *catalog.Catalog, list []string) {
	for _, id := range list {
		if e := cat.Entry(id); e != nil {
			p.item(2, id+"  ", e.Clause+": "+e.Title)
		}
	}
}

// asking lists the entries that a question helps to answer.
func asking(cat *catalog.Catalog, question string) []string {
	var list []string
	for _, s := range cat.Sources {
		for _, e := range s.Entries {
			if slices.Contains(e.AnsweredBy, question) {
				list = append(list, e.ID)
			}
		}
	}
	return list
}

func explainQuestion(p *page, cat *catalog.Catalog, name string, r *check.Rule) {
	name = strings.ToLower(name)
	p.title("%s: question of %s", name, r.Code)
	p.heading("Rule")
	p.text(2, fmt.Sprintf("%s %s: %s (theriac explain %s)", r.Code, r.Severity, r.Title, r.Code))
	p.heading("Why")
	p.text(2, r.Why)
	p.heading("Answer")
	p.text(2, r.Fix)
	p.heading("Clauses that need the answer")
	clauseList(p, cat, asking(cat, name))
}
