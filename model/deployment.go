package model

import "slices"

// Deployment is what became of a release after it was out: since when devices have it,
// what took its place, until when it is supported, and when no device had it any more.
// It changes nothing of the release. A release of which nothing is stated is in the field
// from its date on.
type Deployment struct {
	Base
	Release      Ref[*Release] `yaml:"release" theriac:"required" doc:"release of which it speaks; each has one at most"`
	Since        Date          `yaml:"since" doc:"day on which it was first placed on the market or put into service, where that is not the date of the release"`
	Superseded   Date          `yaml:"superseded" doc:"day from which another release is delivered in its place; devices may still have it"`
	SupportUntil Date          `yaml:"support-until" doc:"last day on which devices with it get security updates"`
	Withdrawn    Date          `yaml:"withdrawn" doc:"day from which no device in use has it: all were updated, taken back or put out of service"`
	Reason       string        `yaml:"reason" doc:"why it was withdrawn, and how it is known that no device has it (Markdown)"`
	Units        int           `yaml:"units" doc:"how many devices have it, as last counted"`
	Counted      Date          `yaml:"counted" doc:"day on which they were counted"`
	Countries    []string      `yaml:"countries" doc:"where they are, as two letters of ISO 3166-1"`
}

// FieldState is where a release is in its life.
type FieldState string

// The states.
const (
	NotOut      FieldState = "not-out"     // planned, or of no known day
	InField     FieldState = "in-field"    // devices have it
	Superseded  FieldState = "superseded"  // devices may have it, and another one is delivered
	Unsupported FieldState = "unsupported" // devices may have it, and its support is over
	Withdrawn   FieldState = "withdrawn"   // no device in use has it
)

// InUse reports whether devices have a release, or may have it. One without support is
// among these: who made it has to know what concerns it as long as it is used.
func (s FieldState) InUse() bool { return s == InField || s == Superseded || s == Unsupported }

// Standing is how a release stands on a day.
type Standing struct {
	State FieldState
	Since Date        // day from which it was in the field, past or planned; zero where no one is stated
	By    *Deployment // what is stated of it; nil where nothing is
}

// Standing is how a release stands in the field on a day. Where two deployments speak of
// one release, the first of them counts.
func (r *Release) Standing(day Date) Standing {
	s := Standing{State: InField, Since: r.Date}
	if by := Users[*Deployment](r, "release"); len(by) > 0 {
		s.By = by[0]
	}
	if s.By != nil && !s.By.Since.IsZero() {
		s.Since = s.By.Since
	}
	begun := func(d Date) bool { return !d.IsZero() && !day.Before(d) }
	switch d := s.By; {
	case !begun(s.Since):
		s.State = NotOut
	case d == nil:
	case begun(d.Withdrawn):
		s.State = Withdrawn
	case !d.SupportUntil.IsZero() && d.SupportUntil.Before(day):
		s.State = Unsupported
	case begun(d.Superseded):
		s.State = Superseded
	}
	return s
}

// InUse are the releases that devices have, or may have, on a day, in the order of the
// file.
func (f *File) InUse(day Date) []*Release {
	return slices.DeleteFunc(slices.Clone(f.Releases), func(r *Release) bool { return !r.Standing(day).State.InUse() })
}
