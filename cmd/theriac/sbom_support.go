package main

import (
	"theriac/model"
	"theriac/sbom"
	"theriac/triage"
)

// supportIn is what the security file says of the support of a component: that of the
// entry that stands for it. Of several entries the earliest end counts.
func supportIn(file *model.File) func(*sbom.Component) sbom.Support {
	return func(c *sbom.Component) (s sbom.Support) {
		for _, m := range triage.ComponentsOf(file, triage.OfBOM(c)) {
			if end := m.SupportUntil.String(); end != "" && (s.End == "" || end < s.End) {
				s.End = end
			}
		}
		return s
	}
}
