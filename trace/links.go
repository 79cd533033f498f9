package trace

import "theriac/model"

// Names of the nodes that are no entities, where the name of a kind stands.
const (
	Clauses = "clauses"
	Code    = "code"
)

// Relation is what a field of a kind says when it names something.
type Relation struct {
	Kind, Field string
	// Says is read from the entity to what it names, Heard the other way round:
	// a risk "is lowered by" a control, the control "lowers" the risk.
	Says, Heard string
	// Onward relations name what is nearer the end of the chain; the others name
	// what is nearer its start.
	Onward bool
	// Aside relations are shown but not followed: the risks that a control brings
	// with it are not what it was made for, and a test whose failure a risk covers
	// does not show that the risk is lowered.
	Aside bool
}

// Relations are the fields that link entities along the chain, in the order of
// the language. Clauses and code references, which are no ids of entities, have
// theirs below.
var Relations = []Relation{
	{Kind: "boundaries", Field: "enforced-by", Says: "is enforced by", Heard: "enforces", Onward: true},
	{Kind: "interfaces", Field: "controls", Says: "is guarded by", Heard: "guards", Onward: true},
	{Kind: "assets", Field: "harms", Says: "can, when lost, lead to", Heard: "follows from loss of", Onward: true},

	{Kind: "situations", Field: "hazard", Says: "arises from", Heard: "gives rise to"},
	{Kind: "situations", Field: "harms", Says: "can lead to", Heard: "can follow from", Onward: true},
	{Kind: "threats", Field: "targets", Says: "aims at", Heard: "is the aim of"},
	{Kind: "threats", Field: "assets", Says: "endangers", Heard: "is endangered by"},
	{Kind: "threats", Field: "leads-to", Says: "can bring about", Heard: "can be brought about by", Onward: true},
	{Kind: "risks", Field: "threats", Says: "sums up", Heard: "is treated in"},
	{Kind: "risks", Field: "harms", Says: "can end in", Heard: "can be the end of", Onward: true},
	{Kind: "risks", Field: "controls", Says: "is lowered by", Heard: "lowers", Onward: true},
	{Kind: "risks", Field: "information", Says: "is told in", Heard: "tells of", Onward: true},
	{Kind: "controls", Field: "protects", Says: "protects", Heard: "is protected by"},
	{Kind: "controls", Field: "environment", Says: "is provided through", Heard: "provides", Onward: true},
	{Kind: "controls", Field: "safety-effect.situations", Says: "can itself bring about", Heard: "can be brought about by", Onward: true, Aside: true},
	{Kind: "controls", Field: "introduces", Says: "brings with it", Heard: "comes with", Onward: true, Aside: true},
	{Kind: "requirements", Field: "implements", Says: "makes concrete", Heard: "is made concrete by"},
	{Kind: "requirements", Field: "for", Says: "binds", Heard: "must meet"},

	{Kind: "verifications", Field: "verifies", Says: "verifies", Heard: "is verified by"},
	{Kind: "verifications", Field: "covers", Says: "covers", Heard: "is covered by"},
	{Kind: "verifications", Field: "release", Says: "was done on", Heard: "was verified in", Onward: true},
	{Kind: "verifications", Field: "deviations.risk", Says: "lets a failure stand under", Heard: "covers a failure of", Aside: true},

	{Kind: "processes", Field: "artefacts", Says: "yields", Heard: "is yielded by", Onward: true},
	{Kind: "vulnerability-handling", Field: "plan", Says: "is laid down in", Heard: "lays down", Onward: true},
	{Kind: "post-market", Field: "plan", Says: "is laid down in", Heard: "lays down", Onward: true},
	{Kind: "post-market", Field: "report", Says: "is reported in", Heard: "reports", Onward: true},
	{Kind: "decisions", Field: "risk", Says: "falls under", Heard: "covers the vulnerability of"},
	{Kind: "decisions", Field: "threats", Says: "serves", Heard: "is served by"},
	{Kind: "decisions", Field: "controls", Says: "rests on", Heard: "keeps from being exploited what is decided in"},
	{Kind: "cases", Field: "components", Says: "is about", Heard: "is the subject of"},
	{Kind: "cases", Field: "decisions", Says: "led to", Heard: "was made in"},
	{Kind: "cases", Field: "risks", Says: "touches", Heard: "is touched by"},
	{Kind: "environment", Field: "interfaces", Says: "is about", Heard: "relies on"},
	{Kind: "environment", Field: "told-in", Says: "is told in", Heard: "tells of", Onward: true},
	{Kind: "update-policy", Field: "instructions", Says: "is told in", Heard: "tells of", Onward: true},
	{Kind: "approvals", Field: "of", Says: "approves", Heard: "is approved by"},
	{Kind: "policy", Field: "risk.plan", Says: "is laid down in", Heard: "lays down", Onward: true},
	{Kind: "policy", Field: "risk.report", Says: "is reported in", Heard: "reports", Onward: true},
	{Kind: "waivers", Field: "entity", Says: "excuses a finding about", Heard: "has a finding excused by", Aside: true},
}

// Structural are the fields that name entities without being part of the chain,
// each with the reason.
var Structural = map[string]string{
	"variants.omits":        "says what exists, not why",
	"boundaries.between":    "layout of the architecture",
	"components.zone":       "layout of the architecture",
	"components.part-of":    "layout of the architecture",
	"components.boot.key":   "use of a key",
	"stores.component":      "layout of the architecture",
	"stores.holds":          "where an asset is; threats say what endangers it there",
	"stores.key":            "use of a key",
	"actors.zone":           "layout of the architecture",
	"actors.role":           "who acts as whom",
	"interfaces.component":  "layout of the architecture",
	"interfaces.peers":      "layout of the architecture",
	"interfaces.keys":       "use of a key",
	"interfaces.roles":      "who may use it",
	"interfaces.accepts":    "where an asset can be changed; threats say what endangers it there",
	"interfaces.shows":      "where an asset can be seen; threats say what endangers it there",
	"flows.from":            "layout of the architecture",
	"flows.to":              "layout of the architecture",
	"flows.over":            "layout of the architecture",
	"flows.carries":         "where an asset moves; threats say what endangers it there",
	"roles.permissions":     "who may do what",
	"permissions.allows":    "who may do what",
	"permissions.needed-by": "who may do what",
	"keys.held-in":          "layout of the architecture",
	"keys.hardware-in":      "layout of the architecture",
	"update-policy.key":     "use of a key",
	"update-policy.over":    "layout of the architecture",
	"update-policy.content": "what an update carries",

	"deployments.release":      "what became of a release proves nothing of it",
	"publication.documents.is": "name of a generated document",
	"logging.store":            "layout of the architecture",
	"logging.time-via":         "layout of the architecture",
	"logging.export":           "layout of the architecture",
}

// The relations of what names no entity.
var (
	claims   = Relation{Field: "clauses", Says: "answers", Heard: "is answered by", Onward: true}
	counts   = Relation{Says: "counts towards", Heard: "is answered, as a check found, by", Onward: true}
	contains = Relation{Kind: "documents", Field: "items", Says: "contains", Heard: "is contained in", Onward: true}
	coded    = Relation{Field: "code", Says: "is coded in", Heard: "codes", Onward: true}
)

// order is the chain from its start to its end. A relation that is followed
// leads from a kind to one behind it.
var order = []string{
	"product", "policy", "logging", "update-policy", "vulnerability-handling", "post-market", "processes", "permissions",
	"zones", "boundaries", "components", "stores", "actors", "interfaces", "flows", "roles", "keys",
	"hazards", "assets", "threats", "situations", "risks", "harms", "controls", "environment", "requirements",
	"verifications", Code, "releases", "deployments", "decisions", "cases", "documents", "approvals", "publication",
	"imports", "variants", "signers", "waivers", Clauses,
}

// place is a field of a kind.
type place struct{ kind, field string }

// relationOf finds the relation of a field.
var relationOf = func() map[place]*Relation {
	index := map[place]*Relation{}
	for i, r := range Relations {
		index[place{r.Kind, r.Field}] = &Relations[i]
	}
	return index
}()

// Link is a field of one entity that names another one.
type Link struct{ Source, Field, Target string }

// Links calls visit for each link of the chain that an entity states and that
// leads somewhere, with the place of the target's id inside the entity. A link
// that is stated twice is visited once.
func Links(e model.Entity, visit func(l Link, to model.Entity, at string)) {
	b := model.Of(e)
	references := model.References(e)
	seen := make(map[Link]bool, len(references))
	for _, r := range references {
		if r.To == nil || relationOf[place{b.Kind().Name, r.Field}] == nil {
			continue
		}
		l := Link{b.ID, r.Field, model.Of(r.To).ID}
		if !seen[l] {
			seen[l] = true
			visit(l, r.To, r.At)
		}
	}
}
