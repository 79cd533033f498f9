package report

import (
	"strings"

	"theriac/check"
)

// clauses lists the coverage clause by clause: those whose id, or whose clause
// as people cite it, begins with the prefix; "all" lists every one. What is
// satisfied takes one line; what is not says why.
func (t *text) clauses() {
	if t.in.Clauses == "" {
		return
	}
	words := map[check.Status]string{check.Satisfied: "satisfied", check.Partial: "partly", check.Unanswered: "open", check.NotApplicable: "not applicable"}
	for _, r := range t.in.Coverage {
		id := r.Entry.ID
		if t.in.Clauses != "all" && id != t.in.Clauses && !strings.HasPrefix(id, strings.TrimSuffix(t.in.Clauses, ".")+".") {
			continue
		}
		t.printf("%s %s: %s\n", t.bold(id), words[r.Status], clean(r.Entry.Title))
		if r.Status == check.Satisfied && !t.in.Verbose {
			continue
		}
		for _, reason := range r.Reasons {
			if t.in.Verbose || r.Status == check.NotApplicable || !strings.Contains(reason, "answered by ") {
				t.field("why", reason)
			}
		}
	}
	t.printf("\n")
}
