package sbom

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed licences.txt
var licenceList string

// licenceIDs are the identifiers of the SPDX Licence List, exceptions included.
var licenceIDs = sync.OnceValue(func() map[string]bool {
	ids := map[string]bool{}
	for line := range strings.Lines(licenceList) {
		if id := strings.TrimSpace(line); id != "" && id[0] != '#' {
			ids[id] = true
		}
	}
	return ids
})

// isLicenceID reports whether a text is an identifier of the SPDX Licence List.
func isLicenceID(s string) bool { return licenceIDs()[s] }

// isExpression reports whether a text is a licence expression of SPDX (Annex D of
// SPDX 2.3): known identifiers and references, joined by AND, OR and WITH.
func isExpression(s string) bool {
	depth, operand := 0, true // whether an operand is due
	s = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(s)
	for word := range strings.FieldsSeq(s) {
		switch {
		case word == "(" && operand:
			depth++
		case word == ")" && !operand && depth > 0:
			depth--
		case word == "AND" || word == "OR" || word == "WITH":
			if operand {
				return false
			}
			operand = true
		case operand && isOperand(word):
			operand = false
		default:
			return false
		}
	}
	return depth == 0 && !operand
}

func isOperand(word string) bool {
	if isLicenceID(word) || isLicenceID(strings.TrimSuffix(word, "+")) {
		return true
	}
	if doc, rest, found := strings.Cut(word, ":"); found && strings.HasPrefix(doc, "DocumentRef-") && isID(doc) {
		word = rest
	}
	return strings.HasPrefix(word, "LicenseRef-") && isID(word)
}

// isID reports whether a text has the letters of an identifier of SPDX.
func isID(s string) bool { return s != "" && strings.IndexFunc(s, notID) < 0 }

func notID(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-')
}
