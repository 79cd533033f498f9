package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/model"
)

// lacking gathers the names of fields that an entity leaves out. A field that is
// there and has a finding about its form is not left out: one mistake is one
// finding.
type lacking struct {
	file  *model.File
	of    model.Entity
	in    string // path of the field that holds them, with its dot, or ""
	names []string
}

// lacks starts to gather the fields that an entity leaves out.
func lacks(p *check.Pass, e model.Entity) lacking { return lacking{file: p.File, of: e} }

func (l *lacking) unless(stated bool, field string) {
	if !stated && !l.file.Flawed(l.of, l.in+field) {
		l.names = append(l.names, "`"+field+"`")
	}
}

func (l lacking) any() bool { return len(l.names) > 0 }

func (l lacking) String() string { return strings.Join(l.names, ", ") }

// flawedIn reports whether one of the entities has a finding about the form of
// one of the fields. What such a field was meant to say is not known, so that
// nothing can be said to be missing for want of it.
func flawedIn[T model.Entity](p *check.Pass, list []T, fields ...string) bool {
	return slices.ContainsFunc(list, func(e T) bool { return flawed(p, e, fields...) })
}

// flawed reports whether one of the fields has a finding about its form.
func flawed(p *check.Pass, e model.Entity, fields ...string) bool {
	return slices.ContainsFunc(fields, func(field string) bool { return p.File.Flawed(e, field) })
}

// fewIDs names the first five of a list and counts the rest.
func fewIDs(ids []string) string {
	const shown = 5
	text := strings.Join(ids[:min(shown, len(ids))], ", ")
	if n := len(ids) - shown; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// entities turns a list of one kind into a list of any.
func entities[T model.Entity](list []T) []model.Entity {
	var all []model.Entity
	for _, e := range list {
		all = append(all, e)
	}
	return all
}

// firstOf returns the target of a list for which the condition holds, with the
// place in the list as a field path.
func firstOf[T model.Entity](field string, refs []model.Ref[T], holds func(T) bool) (found T, path string, ok bool) {
	for n, r := range refs {
		if r.OK() && holds(r.To) {
			return r.To, fmt.Sprintf("%s.%d", field, n), true
		}
	}
	return found, field, false
}

// Parts of the examples. Most rules of the architecture need a zone on either
// side and something in each.
const (
	exampleZones = `
zones:
  z-device:
    title: Inside the device
    trust: device
  z-ward:
    title: Ward network
    trust: site
  z-bedside:
    title: Bedside
    trust: site
`
	exampleSides = exampleZones + `components:
  co-gateway:
    title: Communication board
    type: application
    zone: z-device
actors:
  ac-ward:
    title: Ward server
    type: system
    zone: z-ward
`
	exampleAssets = `assets:
  as-dose:
    title: Dose command
    type: data
    personal-data: none
    affects: [therapy]
  as-patient:
    title: Patient record
    type: data
    personal-data: health
    affects: [privacy]
`
	exampleLink = exampleSides + exampleAssets
)
