package trace

import "theriac/model"

// SuspectTargets returns a function that reports whether an element, or what it
// is judged by, has changed since a threat that aims at it was reviewed.
func SuspectTargets(file *model.File, r *Reviews) func(t *model.Threat, e model.Element) bool {
	suspect := map[Link]bool{}
	now := newDigests(file)
	for _, line := range r.Links {
		if line.Field != aims {
			continue
		}
		if e := file.Lookup(line.Target); e != nil && now.aim(e) != line.Digest {
			suspect[line.Link] = true
		}
	}
	return func(t *model.Threat, e model.Element) bool { return suspect[Link{t.ID, aims, model.Of(e).ID}] }
}
