package vuln

import (
	"slices"
	"strings"
	"unicode"
)

// legal are endings of company names that say nothing about who it is.
var legal = []string{"inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "lp", "plc", "gmbh", "ag", "kg", "se", "sa", "sas", "srl", "spa", "bv", "nv", "oy", "ab", "as", "aps", "pty", "pvt", "kk"}

// LegalForm tells whether a word in lower case, without dot, is the legal form of a
// company, as ltd.
func LegalForm(word string) bool { return slices.Contains(legal, word) }

// NormalProduct is the name, in the ecosystem Product, of a product that is known by
// words alone: "vendor/product". Both are lower case; each run of characters that
// are neither letters nor digits is a hyphen. The vendor loses what is in brackets
// and its legal form and the word and, the product the vendor's name before it. It is ""
// where nothing is left of the product.
//
//	NormalProduct("Koninklijke Philips N.V.", "Philips IntelliVue MX40") = "koninklijke-philips/philips-intellivue-mx40"
//	NormalProduct("Philips", "Philips IntelliVue MX40") = "philips/intellivue-mx40"
func NormalProduct(vendor, product string) string {
	maker := words(unbracketed(vendor))
	for len(maker) > 1 && slices.Contains(legal, maker[len(maker)-1]) {
		maker = maker[:len(maker)-1]
	}
	if others := slices.DeleteFunc(slices.Clone(maker), func(w string) bool { return w == "and" }); len(others) > 0 {
		maker = others // as if it were written &
	}
	name := words(product)
	if len(maker) > 0 && len(name) > len(maker) && slices.Equal(name[:len(maker)], maker) {
		name = name[len(maker):]
	}
	if len(name) == 0 {
		return ""
	}
	return strings.Join(maker, "-") + "/" + strings.Join(name, "-")
}

// words are the runs of letters and digits of s, in lower case. A dot between single
// letters, as in N.V., is no gap.
func words(s string) []string {
	var b strings.Builder
	runes := []rune(strings.ToLower(s))
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			b.WriteRune(r)
		case r == '\'' || r == '’':
		case r == '.' && initial(runes, i):
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// initial says whether the dot at i ends an initial: one letter alone before it.
func initial(runes []rune, i int) bool {
	if i == 0 || !unicode.IsLetter(runes[i-1]) {
		return false
	}
	return (i == 1 || runes[i-2] == ' ' || runes[i-2] == '.') && i+1 < len(runes) && unicode.IsLetter(runes[i+1]) &&
		(i+2 == len(runes) || !unicode.IsLetter(runes[i+2]) && !unicode.IsDigit(runes[i+2]))
}

// unbracketed is s without what stands in round brackets.
func unbracketed(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// NormalCPE is the name, in the ecosystem CPE, of the products that a CPE speaks of:
// "vendor:product" in lower case, without the quoting of formatted strings.
func NormalCPE(vendor, product string) string {
	unquoted := func(s string) string {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] == '\\' && i+1 < len(s) {
				i++
			}
			b.WriteByte(s[i])
		}
		return strings.ToLower(b.String())
	}
	return unquoted(vendor) + ":" + unquoted(product)
}
