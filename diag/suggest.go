package diag

import "strings"

// Suggest returns the candidate nearest to name, or "" when none is near
// enough to be meant. Nearness is the Damerau-Levenshtein distance (optimal
// string alignment) with case ignored; a third of the name may differ, and at
// least one letter. A name of one letter resembles nothing.
func Suggest(name string, candidates []string) string {
	if len(name) < 2 {
		return ""
	}
	best, limit := "", max(1, min(len(name), 40)/3)
	for _, c := range candidates {
		if abs(len(c)-len(name)) > limit {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(c), limit); d < limit || d == limit && best == "" {
			best, limit = c, d
		}
	}
	return best
}

// distance returns the optimal string alignment distance of a and b in bytes,
// or limit+1 as soon as it must exceed limit.
func distance(a, b string, limit int) int {
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}

func abs(n int) int { return max(n, -n) }
