package change

import (
	"slices"

	"theriac/model"
)

var _ = add(interpretation{"assets", Architecture, func(c *Comparison, say func(Item)) {
	for was, is := range both[*model.Asset](c) {
		need(c, is, "confidentiality", was.Confidentiality, is.Confidentiality, say)
		need(c, is, "integrity", was.Integrity, is.Integrity, say)
		need(c, is, "availability", was.Availability, is.Availability, say)
		if was.PersonalData != is.PersonalData {
			say(about(is, Neutral, "personal data: %s → %s", stated(string(was.PersonalData)), stated(string(is.PersonalData))).explains("personal-data").signals(DataStructure))
		}
	}
}})

// need tells of a need for protection. Needing more is no weakness, but what
// protects the asset has to be looked at; needing less may be a way around that.
func need(c *Comparison, is *model.Asset, field string, before, after model.Need, say func(Item)) {
	if before == after {
		return
	}
	text := "need for " + field + " " + stated(string(before)) + " → " + stated(string(after))
	order := []model.Need{"none", "low", "medium", "high"}
	if a, b := slices.Index(order, before), slices.Index(order, after); a >= 0 && b >= 0 {
		text = map[bool]string{true: "needs more ", false: "needs less "}[b > a] + field + ": " + string(before) + " → " + string(after)
	}
	carriers := len(model.Users[*model.Flow](is, "carries")) + len(model.Users[*model.Store](is, "holds")) + len(model.Users[*model.Interface](is, "accepts", "shows"))
	item := about(is, Neutral, "%s", text).explains(field).signals(DataStructure)
	if carriers > 0 {
		item = item.details(amount(carriers, "flow, store or interface", "flows, stores and interfaces") + " carry, hold, take or show it")
	}
	say(item)
}
