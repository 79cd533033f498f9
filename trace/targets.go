package trace

import "theriac/model"

// SuspectTargets returns a function that reports whether an element has changed
// since a threat that aims at it was reviewed.
func SuspectTargets(file *model.File, r *Reviews) func(t *model.Threat, e model.Element) bool {
	suspect := map[[2]string]bool{}
	digests := map[string]string{}
	for i := range r.Links {
		line := &r.Links[i]
		if line.Field != "targets" {
			continue
		}
		if e := file.Lookup(line.Target); e != nil && compare(line, e, digests) == Suspect {
			suspect[[2]string{line.Source, line.Target}] = true
		}
	}
	return func(t *model.Threat, e model.Element) bool { return suspect[[2]string{t.ID, model.Of(e).ID}] }
}
