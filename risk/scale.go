package risk

import "theriac/model"

// Scales are the two scales of a policy by rank and its matrix of acceptance.
type Scales struct {
	// ExploitabilityLevels and SeverityLevels go from the lowest to the highest;
	// they are empty where the order is not known.
	ExploitabilityLevels, SeverityLevels []string

	exploitability, severity map[string]int
	limit                    map[int]int // by rank of exploitability the highest acceptable severity
}

// NewScales reads the scales of a policy. A scale with a level that stands twice
// has no order, and a matrix with a line that cannot be read accepts nothing that
// one could rely on: neither is known then.
func NewScales(policy model.RiskPolicy) Scales {
	s := Scales{exploitability: ranks(policy.Exploitability), severity: ranks(policy.Severity), limit: map[int]int{}}
	if s.exploitability != nil {
		s.ExploitabilityLevels = policy.Exploitability
	}
	if s.severity != nil {
		s.SeverityLevels = policy.Severity
	}
	for _, line := range policy.Acceptable {
		at := s.Place(line.Exploitability, line.Severity)
		if _, twice := s.limit[at.Exploitability]; twice || !at.Known() {
			s.limit = nil
			break
		}
		s.limit[at.Exploitability] = at.Severity
	}
	return s
}

// ranks numbers the levels of a scale; nil where one stands twice.
func ranks(levels []string) map[string]int {
	ranks := map[string]int{}
	for i, level := range levels {
		if ranks[level] > 0 {
			return nil
		}
		ranks[level] = i + 1
	}
	return ranks
}

// Exploitability is the rank of a level, or 0.
func (s Scales) Exploitability(level string) int { return s.exploitability[level] }

// Severity is the rank of a level, or 0.
func (s Scales) Severity(level string) int { return s.severity[level] }

// Gravest is the rank of the highest severity, or 0 where there is no scale.
func (s Scales) Gravest() int { return len(s.severity) }

// Place puts two levels on the scales.
func (s Scales) Place(exploitability, severity string) Point {
	return Point{s.exploitability[exploitability], s.severity[severity]}
}

// Judges reports whether the policy has a matrix that can be read.
func (s Scales) Judges() bool { return len(s.limit) > 0 }

// Above reports whether a point is known to lie above what the policy accepts.
// Without a matrix nothing is known.
func (s Scales) Above(p Point) bool { return p.Known() && s.Judges() && s.excess(p) > 0 }

// Accepts reports whether the policy is known to accept a point without further
// reasoning.
func (s Scales) Accepts(p Point) bool { return p.Known() && s.Judges() && s.excess(p) <= 0 }

// excess counts the levels of severity by which a point lies above the matrix.
func (s Scales) excess(p Point) int { return p.Severity - s.limit[p.Exploitability] }

// Compare orders points from the best to the worst: by how far they lie above the
// matrix, then by severity, then by exploitability. A point that is not known is
// worse than all, since nothing speaks for it.
func (s Scales) Compare(p, q Point) int {
	switch {
	case p.Known() != q.Known():
		return sign(q.Known()) - sign(p.Known())
	case s.Judges() && s.excess(p) != s.excess(q):
		return s.excess(p) - s.excess(q)
	case p.Severity != q.Severity:
		return p.Severity - q.Severity
	}
	return p.Exploitability - q.Exploitability
}

func sign(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Point is a risk by rank on the two scales.
type Point struct{ Exploitability, Severity int }

// Known reports whether both ranks are known.
func (p Point) Known() bool { return p.Exploitability > 0 && p.Severity > 0 }

// AtMost reports whether a point is higher than another in neither dimension.
func (p Point) AtMost(q Point) bool {
	return p.Exploitability <= q.Exploitability && p.Severity <= q.Severity
}

// Below reports whether a point is lower than another in one dimension and
// higher in none.
func (p Point) Below(q Point) bool { return p != q && p.AtMost(q) }

// Worst joins points to one that is at least as bad as each in both
// dimensions. It is the zero point for none.
func Worst(points ...Point) Point {
	var worst Point
	for _, p := range points {
		worst.Exploitability = max(worst.Exploitability, p.Exploitability)
		worst.Severity = max(worst.Severity, p.Severity)
	}
	return worst
}

// within is the highest point that is at most each of the two, where an unknown
// rank sets no limit.
func within(p, q Point) Point {
	return Point{lower(p.Exploitability, q.Exploitability), lower(p.Severity, q.Severity)}
}

func lower(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}
