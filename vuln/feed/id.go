package feed

import "strings"

// isCVE says whether s is the id of a CVE: CVE, a year, four or more digits.
func isCVE(s string) bool {
	year, ok := strings.CutPrefix(s, "CVE-")
	if !ok || len(year) < 9 || year[4] != '-' {
		return false
	}
	return digits(year[:4]) && digits(year[5:]) && len(s) <= 32
}

// isNumbered says whether s is a prefix and a number.
func isNumbered(s, prefix string) bool {
	number, ok := strings.CutPrefix(s, prefix)
	return ok && digits(number) && len(number) < 10
}

// digits says whether s is digits alone, and at least one.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// or is the first that is not empty.
func or(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// joined adds a text to a list in words, up to a length.
func joined(list, text string) string {
	switch {
	case list == "":
		return text
	case strings.HasSuffix(list, "; ..."):
		return list
	case len(list)+len(text) > 2*maxVersionText:
		return list + "; ..."
	}
	return list + "; " + text
}
