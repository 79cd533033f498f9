package change

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// graded is a field whose values stand in an order: moving along it makes the
// device safer or less safe from attack.
type graded struct {
	kind, field string
	values      []string // from the best to the worst
	says        string   // what is graded, for a reader
	signals     []Signal
}

// Orders of values. An answer that is no longer given counts as worse, since
// unknown is never a pass; one that is given for the first time is only told.
var gradedFields = []graded{
	{"zones", "trust", []string{"device", "managed", "site", "public"}, "trust", []Signal{SystemStructure, Exposed}},
	{"interfaces", "exposure", []string{"internal", "physical", "local", "site", "internet"}, "exposure", []Signal{Exposed}},
	{"components", "privileged", no, "administrative rights", []Signal{ProtectionChanged}},
	{"components", "boot.verified", yes, "verified boot", []Signal{ProtectionChanged}},
	{"components", "boot.debug", []string{"disabled", "locked", "open"}, "debug access", []Signal{ProtectionChanged}},
	{"stores", "removable", no, "removable", []Signal{ProtectionChanged}},
	{"roles", "shared", no, "shared account", []Signal{ProtectionChanged}},
	{"roles", "remote", no, "use from outside the room", []Signal{ProtectionChanged}},
	{"roles", "default-credential", []string{"none", "unique", "forced-change", "fixed"}, "factory credential", []Signal{ProtectionChanged}},
	{"keys", "hardware", yes, "kept in hardware", []Signal{ProtectionChanged}},
	{"keys", "per-device", yes, "own key of each unit", []Signal{ProtectionChanged}},
	{"update-policy", "signed", yes, "signed updates", []Signal{ProtectionChanged}},
	{"update-policy", "rollback-protection", yes, "protection against rollback", []Signal{ProtectionChanged}},
	{"controls", "strength", []string{"high", "moderate", "basic"}, "strength", []Signal{ControlChanged}},
	{"controls", "priority", []string{"design", "protective", "information"}, "place in the order of Annex I 4", []Signal{ControlChanged}},
	{"controls", "by", []string{"device", "manufacturer", "environment", "user"}, "provided by", []Signal{ControlChanged}},
	{"policy", "evidence.time-stamps", yes, "time stamp asked of each signature", []Signal{QualitySystem}},
	{"policy", "password.blocklist", yes, "refusal of common passwords", []Signal{ProtectionChanged}},
}

var (
	yes = []string{"true", "false"}
	no  = []string{"false", "true"}
)

// gained is a field with a set of values of which one more, or one fewer, makes the
// device safer or less safe from attack.
type gained struct {
	kind, field string
	more, fewer Grade
	gains       string // with a place for the values
	loses       string
	signals     []Signal
}

var gainedFields = []gained{
	{"interfaces", "accepts", Worse, Better, "peers can now change or command %s", "peers can no longer change or command %s", []Signal{Exposed}},
	{"interfaces", "shows", Worse, Better, "now gives out %s", "no longer gives out %s", []Signal{Exposed}},
	{"interfaces", "controls", Better, Worse, "now guarded by %s", "no longer guarded by %s", []Signal{ProtectionChanged}},
	{"interfaces", "peers", Neutral, Neutral, "now deals with %s", "no longer deals with %s", []Signal{SystemStructure}},
	{"interfaces", "roles", Neutral, Neutral, "now open to %s", "no longer open to %s", []Signal{ProtectionChanged}},
	{"boundaries", "enforced-by", Better, Worse, "now enforced by %s", "no longer enforced by %s", []Signal{ProtectionChanged}},
	{"components", "listens", Worse, Better, "now listens on %s", "no longer listens on %s", []Signal{Exposed}},
	{"components", "parses", Worse, Better, "now parses %s from outside", "no longer parses %s from outside", []Signal{Exposed}},
	{"stores", "holds", Neutral, Neutral, "now holds %s", "no longer holds %s", []Signal{DataStructure}},
	{"flows", "carries", Neutral, Neutral, "now carries %s", "no longer carries %s", []Signal{SystemStructure}},
	{"assets", "affects", Neutral, Neutral, "its loss now touches %s", "its loss no longer touches %s", []Signal{SafetyTouched}},
	{"assets", "harms", Neutral, Neutral, "its loss can now lead to %s", "its loss can no longer lead to %s", []Signal{SafetyTouched}},
	{"roles", "permissions", Worse, Better, "may now %s", "may no longer %s", []Signal{ProtectionChanged}},
	{"permissions", "allows", Worse, Better, "now lets a holder use %s", "no longer lets a holder use %s", []Signal{ProtectionChanged}},
	{"logging", "records", Better, Worse, "now recorded: %s", "no longer recorded: %s", []Signal{ProtectionChanged}},
	{"update-policy", "over", Worse, Better, "updates now also come through %s", "updates no longer come through %s", []Signal{Exposed}},
	{"controls", "capabilities", Better, Worse, "now gives %s", "no longer gives %s", []Signal{ControlChanged}},
	{"controls", "features", Better, Worse, "now gives %s", "no longer gives %s", []Signal{ControlChanged}},
	{"controls", "protects", Better, Worse, "now protects %s", "no longer protects %s", []Signal{ControlChanged}},
	{"controls", "introduces", Worse, Better, "now brings with it %s", "no longer brings with it %s", []Signal{RiskWorse}},
	{"requirements", "implements", Better, Worse, "now makes concrete %s", "no longer makes concrete %s", []Signal{ControlChanged}},
	{"requirements", "for", Better, Worse, "now binds %s", "no longer binds %s", []Signal{ControlChanged}},
	{"threats", "targets", Neutral, Neutral, "now aims at %s", "no longer aims at %s", nil},
	{"threats", "leads-to", Worse, Neutral, "can now bring about %s", "can no longer bring about %s", []Signal{SafetyTouched}},
	{"situations", "harms", Worse, Neutral, "can now lead to %s", "can no longer lead to %s", []Signal{SafetyTouched}},
	{"risks", "threats", Neutral, Neutral, "now sums up %s", "no longer sums up %s", nil},
	{"risks", "harms", Worse, Neutral, "can now end in %s", "can no longer end in %s", []Signal{SafetyTouched}},
	{"risks", "controls", Better, Worse, "now lowered by %s", "no longer lowered by %s", []Signal{ControlChanged}},
	{"product", "standards", Better, Neutral, "now applies %s", "no longer applies %s", nil},
}

// sectionOf is the section in which changes of a kind are told.
func sectionOf(k *model.Kind) Section {
	switch k.Name {
	case "product", "policy", "variants", "imports":
		return Product
	case "zones", "boundaries", "components", "stores", "actors", "interfaces", "flows", "assets", "roles", "permissions", "keys", "update-policy", "logging":
		return Architecture
	case "threats", "hazards", "situations", "harms":
		return Threats
	case "risks":
		return Risks
	case "controls", "requirements", "environment":
		return Controls
	}
	return Rest
}

var _ = add(interpretation{"ordered fields", Architecture, func(c *Comparison, say func(Item)) {
	for _, one := range c.Changes {
		for _, f := range one.Fields {
			for _, g := range gradedFields {
				if g.kind == one.Kind.Name && g.field == f.Path {
					say(g.item(one, f))
				}
			}
			for _, g := range gainedFields {
				if g.kind == one.Kind.Name && g.field == f.Path {
					g.items(one, f, say)
				}
			}
		}
	}
}})

func (g graded) item(one *Change, f FieldChange) Item {
	was, is := strings.Join(f.Before, ", "), strings.Join(f.After, ", ")
	grade, word := Neutral, ""
	switch from, to := slices.Index(g.values, was), slices.Index(g.values, is); {
	case is == "":
		grade, word = Worse, "no longer stated"
	case was == "":
		word = "now stated"
	case from < 0 || to < 0:
	case to > from:
		grade = Worse
	case to < from:
		grade = Better
	}
	text := fmt.Sprintf("%s %s → %s", g.says, stated(was), stated(is))
	if g.field == "exposure" && word == "" {
		text = map[Grade]string{Worse: "exposure widened: ", Better: "exposure narrowed: ", Neutral: "exposure changed: "}[grade] + was + " → " + is
	}
	if word != "" {
		text += " (" + word + ")"
	}
	item := about(one.Entity(), grade, "%s", text).explains(f.Path).signals(g.signals...)
	item.Section = sectionOf(one.Kind)
	if grade == Better && slices.Contains(item.Signals, ProtectionChanged) {
		item.Signals = []Signal{ProtectionStronger}
	}
	return item
}

// stated writes a value, or that there is none.
func stated(value string) string {
	if value == "" {
		return "not stated"
	}
	return value
}

func (g gained) items(one *Change, f FieldChange, say func(Item)) {
	tell := func(grade Grade, format string, values []string) {
		if len(values) == 0 {
			return
		}
		item := about(one.Entity(), grade, format, strings.Join(values, ", ")).explains(f.Path).signals(g.signals...)
		item.Section = sectionOf(one.Kind)
		say(item)
	}
	tell(g.fewer, g.loses, f.Before)
	tell(g.more, g.gains, f.After)
}
