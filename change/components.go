package change

import (
	"slices"

	"theriac/model"
)

var _ = add(interpretation{"components", Architecture, func(c *Comparison, say func(Item)) {
	for e := range added[*model.Component](c) {
		say(about(e, Neutral, "added%s: %s", titled(e), describe(e)).explains("*").signals(structure(e)...))
	}
	for e := range removed[*model.Component](c) {
		say(about(e, Neutral, "removed%s: %s", titled(e), describe(e)).explains("*").signals(structure(e)...))
	}
	for was, is := range both[*model.Component](c) {
		if c.of[is] != nil {
			sameComponent(c, was, is, say)
		}
	}
}})

func describe(e *model.Component) string {
	text := string(e.Type)
	if e.Version != "" {
		text += ", version " + e.Version
	}
	if e.Safety == model.Yes {
		text += ", takes part in therapy, results or alarms"
	}
	return text
}

// structure are the signals of a component that came, went or changed its version.
func structure(e *model.Component) []Signal {
	var s []Signal
	switch e.Type {
	case "hardware", "firmware", "operating-system":
		s = append(s, PlatformChanged)
	case "soup":
		s = append(s, SoupChanged)
	default:
		s = append(s, SystemStructure)
	}
	if e.Safety == model.Yes {
		s = append(s, SafetySoftware)
	}
	return s
}

func sameComponent(c *Comparison, was, is *model.Component, say func(Item)) {
	if was.Version != is.Version || was.PURL != is.PURL {
		text := "version " + stated(was.Version) + " → " + stated(is.Version)
		if was.Version == is.Version {
			text = "package " + stated(was.PURL) + " → " + stated(is.PURL)
		}
		if is.Type == "soup" {
			text = "SOUP, " + text
		}
		signals := slices.DeleteFunc(structure(is), func(s Signal) bool { return s == SystemStructure })
		say(about(is, Neutral, "%s", text).explains("version", "purl").signals(signals...))
	}
	if a, b := was.InZone(), is.InZone(); a != nil && b != nil && c.now(a.ID) != b.ID {
		item := about(is, Neutral, "moved from zone %s to %s", a.ID, b.ID).explains("zone", "part-of").signals(SystemStructure)
		if from, to := outward(a.Trust), outward(b.Trust); to > from {
			item.Grade, item.Text = Worse, item.Text+", which is trusted less"
		} else if to < from {
			item.Grade, item.Text = Better, item.Text+", which is trusted more"
		}
		say(item)
	}
	if was.Safety != is.Safety {
		say(about(is, Neutral, "takes part in therapy, results or alarms: %s → %s", was.Safety, is.Safety).explains("safety").signals(SafetySoftware, SafetyTouched))
	}
	if is.SupportUntil.Before(was.SupportUntil) && !is.SupportUntil.IsZero() {
		say(about(is, Worse, "support ends earlier: %s → %s", was.SupportUntil, is.SupportUntil).explains("support-until").signals(SoupChanged))
	}
}

// outward is the place of a zone's trust, counted from the inside of the device.
func outward(t model.Trust) int {
	return slices.IndexFunc(t.Values(), func(v model.Value) bool { return v.Name == string(t) })
}
