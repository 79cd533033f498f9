package catalog

import "theriac/expr"

// The truth values of a condition; some facts may not be known yet.
const (
	Undecided = expr.Undecided
	True      = expr.True
	False     = expr.False
)

// Truth is the value of a condition.
type Truth = expr.Truth

// FactNames are the yes/no facts about a product that conditions may use.
var FactNames = []string{
	"software", "is-software", "connected", "personal-data", "ai", "mobile", "combination", "interoperable", "active",
	"implantable", "monitoring", "measuring", "therapy", "battery-safety", "mains-safety", "lay-users", "near-patient",
	"acute-care", "no-medical-purpose", "study", "in-house", "notified-body",
}

// conditions is what a condition may ask about a product.
var conditions = &expr.Vocabulary{
	Facts:      FactNames,
	Properties: map[string][]string{"regulation": nil, "class": nil, "standard": nil},
}

// ParseCondition reads a condition under which a clause applies.
func ParseCondition(text string) (expr.Expr, error) { return expr.Parse(text, conditions) }
