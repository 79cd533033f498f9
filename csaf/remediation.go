package csaf

import (
	"strings"
	"unicode"

	"theriac/model"
)

// PlannedFix says that a correction is to come with a version, and when where the
// security file gives the release a date.
func PlannedFix(version string, on model.Date) string {
	text := "A correction is planned in version " + version
	if !on.IsZero() {
		text += ", for " + on.String()
	}
	return text + "."
}

// PlannedDay is the day that a file gives to the release of a version; none where it
// gives none.
func PlannedDay(releases []*model.Release, version string) model.Date {
	for _, r := range releases {
		if r.Version == version {
			return r.Date
		}
	}
	return model.Date{}
}

// Mitigates reports whether an action asks users to do something. One that opens with
// a word for nothing does not, and is no mitigation and no workaround.
func Mitigates(action string) bool {
	words := strings.FieldsFunc(strings.ToLower(action), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "nothing", "none", "nichts", "keine":
		return false
	case "no":
		return len(words) > 1 && words[1] != "action" && words[1] != "actions"
	}
	return true
}
