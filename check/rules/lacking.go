package rules

import (
	"fmt"
	"strings"

	"theriac/model"
)

// lacking gathers the names of fields that an entity leaves out.
type lacking []string

func (l *lacking) unless(stated bool, field string) {
	if !stated {
		*l = append(*l, "`"+field+"`")
	}
}

func (l lacking) String() string { return strings.Join(l, ", ") }

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
