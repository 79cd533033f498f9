package evidence

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// independent wants the distance from the authors that the verification and the
// policy ask for. The verification asks it of who did the work, the policy of who
// signs.
func (c *court) independent(v *Verdict) []Reason {
	s := v.Piece.Statement
	reject := func(field string, e model.Entity, format string, args ...any) []Reason {
		return []Reason{{State: Untrusted, Field: field, Entity: e, Message: fmt.Sprintf(format, args...)}}
	}
	if asked := v.Of.Tester.Independence; asked != "" {
		claimed := s.Performer.Independence
		switch {
		case claimed == "":
			return reject("predicate.performer", v.Of, "it does not say how independent the tester was, and verification %s asks for %s", v.Of.ID, asked)
		case independenceRank(claimed) < independenceRank(asked):
			return reject("predicate.performer", v.Of, "the tester was %s, and verification %s asks for %s", claimed, v.Of.ID, asked)
		case c.contradicts(s):
			return reject("predicate.performer", v.Of, "it calls %s %s, and names the same among the authors", s.Performer.Who, claimed)
		}
	}
	line := c.policyFor(s.Kind)
	if line == nil || line.Independence == "" || len(v.By) == 0 {
		return nil
	}
	if len(s.Authors) == 0 {
		return reject("predicate.authors", c.file.Policy, "it does not say who made what was looked at, and the policy asks for a signer who is %s", line.Independence)
	}
	if !slices.ContainsFunc(v.By, func(by Signed) bool {
		return independenceRank(c.distance(by.By.Signer, s.Authors)) >= independenceRank(line.Independence)
	}) {
		signer := v.By[0].By.Signer
		return reject("signatures", signer, "%s stands too near to the authors (%s): %s, and the policy asks for %s", signer.ID, few(s.Authors), c.distance(signer, s.Authors), line.Independence)
	}
	return nil
}

// contradicts tells whether who did the work is called independent and stands
// among the authors.
func (c *court) contradicts(s *Statement) bool {
	return s.Performer.Independence != "author" && s.Performer.Who != "" && slices.Contains(s.Authors, s.Performer.Who)
}

// distance is how far a signer stands from the nearest author. An author is a
// signer of the roster or the name of a team.
func (c *court) distance(signer *model.Signer, authors []string) model.Independence {
	nearest := model.Independence("external")
	for _, name := range authors {
		d := model.Independence("other-team")
		team, organisation := name, ""
		if a, ok := c.file.Lookup(name).(*model.Signer); ok {
			team, organisation = a.Team, a.Organisation
		}
		switch {
		case name == signer.ID:
			d = "author"
		case !sameName(organisation, signer.Organisation):
			d = "external"
		case sameName(team, signer.Team) || team == "" || signer.Team == "":
			d = "same-team" // what is not stated is no distance
		}
		if independenceRank(d) < independenceRank(nearest) {
			nearest = d
		}
	}
	return nearest
}

// sameName compares names as people write them: letter case and blanks do not
// tell teams apart.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}
