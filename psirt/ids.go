package psirt

import (
	"slices"
	"strings"
)

// formsOf are the forms of the ids that a database of vulnerabilities gives, by their
// prefix: 9 stands for one or more digits, x for one or more of letters and digits.
// Of a prefix that is not known here there are none.
func formsOf(prefix string) []string {
	switch prefix {
	case "CVE", "GO", "RUSTSEC", "PYSEC", "OSV", "DTSA", "USN", "EUVD", "JVNDB", "GSD", "CNVD", "CNNVD", "MAL":
		return []string{"9-9"}
	case "DSA", "DLA":
		return []string{"9-9", "9"}
	case "RHSA", "RHBA", "RHEA", "ALSA", "ALBA", "ALEA", "RLSA", "RXSA":
		return []string{"9:9", "9-9:9"}
	case "ICSMA", "ICSA":
		return []string{"9-9-9", "9-9-9x"}
	case "GHSA":
		return []string{"x-x-x"}
	case "VU", "JVN":
		return []string{"#9"}
	}
	return nil
}

// WellFormed tells whether an id has the form of those that its database gives. Of
// prefixes that are not known here only a word, a dash and something behind it is
// asked.
func WellFormed(id string) bool {
	prefix, rest, ok := cutPrefix(id)
	if !ok || len(id) > 100 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	forms := formsOf(prefix)
	switch {
	case len(forms) == 0:
		return strings.ToUpper(prefix) == prefix
	case prefix == "CVE":
		return cveLength(id) == len(id)
	case prefix == "GHSA" && (len(rest) != 14 || strings.ToLower(rest) != rest || rest[4] != '-' || rest[9] != '-'):
		return false
	}
	return slices.ContainsFunc(forms, func(form string) bool { return fits(rest, form) })
}

// cutPrefix splits an id at its first dash, or before its #.
func cutPrefix(id string) (prefix, rest string, ok bool) {
	at := strings.IndexAny(id, "-#")
	if at < 1 || at == len(id)-1 {
		return "", "", false
	}
	for _, b := range []byte(id[:at]) {
		if !isWord(b) {
			return "", "", false
		}
	}
	if id[at] == '#' {
		return id[:at], id[at:], true
	}
	return id[:at], id[at+1:], true
}

// fits compares a text with a form.
func fits(s, form string) bool {
	for _, want := range []byte(form) {
		n := 0
		switch want {
		case '9':
			for n < len(s) && s[n] >= '0' && s[n] <= '9' {
				n++
			}
		case 'x':
			for n < len(s) && s[n] != '_' && isWord(s[n]) {
				n++
			}
		default:
			if len(s) > 0 && s[0] == want {
				n = 1
			}
		}
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return s == ""
}
