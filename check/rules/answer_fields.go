package rules

import (
	"fmt"
	"strings"

	"theriac/check"
	"theriac/model"
)

// field is something that an entity should state.
type field struct {
	name  string
	given bool
}

// absent lists the names of fields that are not given.
func absent(fields ...field) []string {
	var names []string
	for _, f := range fields {
		if !f.given {
			names = append(names, f.name)
		}
	}
	return names
}

// sound counts as given what is there with a finding about its form; in is the
// path of the field that holds the fields, with its dot, or "". What stands
// behind the first word of a name explains it.
func sound(p *check.Pass, e model.Entity, in string, fields ...field) []field {
	for i, f := range fields {
		name, _, _ := strings.Cut(f.name, " ")
		fields[i].given = f.given || p.File.Flawed(e, in+name)
	}
	return fields
}

// where keeps the entities for which a condition holds.
func where[T model.Entity](list []T, holds func(T) bool) []model.Entity {
	var kept []model.Entity
	for _, e := range list {
		if holds(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

// indexed is the path of an element of a list field.
func indexed(field string, i int) string { return fmt.Sprintf("%s.%d", field, i) }

// byList answers by a list; where it is empty, missing says so.
func byList(by []model.Entity, missing string) check.Answer {
	if len(by) == 0 {
		return check.Answer{Missing: []string{missing}}
	}
	return check.Answer{By: by}
}

// elsewhere marks what is missing as reported by another rule or question.
func elsewhere(a check.Answer) check.Answer {
	a.Elsewhere = len(a.Missing) > 0
	return a
}

// unless marks what is missing as reported elsewhere where a finding about form
// explains it.
func unless(explained bool, a check.Answer) check.Answer {
	a.Elsewhere = a.Elsewhere || explained && len(a.Missing) > 0
	return a
}

// stated says in one statement which fields something does not state.
func stated(what string, lacks []string) []string {
	if len(lacks) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s does not state %s", what, strings.Join(lacks, ", "))}
}

// completeness answers by an entity that should state all of the fields. It
// counts as an answer as soon as it states one.
func completeness(e model.Entity, at, what string, fields []field) check.Answer {
	lacks := absent(fields...)
	a := check.Answer{Missing: stated(what, lacks), At: check.Place(e, at), Entity: model.Of(e).ID}
	if len(lacks) < len(fields) {
		a.By = []model.Entity{e}
	}
	return a
}
