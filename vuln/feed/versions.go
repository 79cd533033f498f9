package feed

import (
	"net/url"
	"slices"
	"strings"

	"theriac/vuln"
)

// versions are what a supplier says of the versions of a product: intervals, single
// ones, or words that cannot be compared.
type versions struct {
	ranges []vuln.Range
	single []string
	text   string
}

// bound is one constraint: an operator and a version.
type bound struct {
	op      string // <, <=, >, >=, or "" for the version itself
	version string
}

// everything is the range of all versions.
func everything() versions {
	return versions{ranges: []vuln.Range{{Events: []vuln.Event{{Kind: vuln.Introduced, Version: "0"}}}}}
}

// readVersions reads the name of a branch of CSAF's categories product_version and
// product_version_range: vers (package-url), constraints, and common phrases. What
// has a part that is none of these is text as a whole: an interval without its
// condition would be wrong.
func readVersions(s string) versions {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxVersionText {
		return versions{text: strings.ToValidUTF8(s[:maxVersionText], "") + "..."}
	}
	if rest, ok := strings.CutPrefix(s, "vers:"); ok {
		if v, ok := readVers(rest); ok {
			return v
		}
		return versions{text: s}
	}
	switch strings.ToLower(s) {
	case "", "*", "all", "any", "all versions", "any version":
		return everything()
	}
	if list, ok := phrase(unled(s)); ok {
		return intervals(list, vuln.InEcosystem)
	}
	list, ok := constraints(unled(s))
	if !ok || len(list) == 2 && strings.HasPrefix(list[0].op, "<") && strings.HasPrefix(list[1].op, ">") {
		return versions{text: s} // an upper bound before a lower one: between, or outside
	}
	return intervals(list, vuln.InEcosystem)
}

// maxVersionText bounds what is kept of words about versions, in bytes.
const maxVersionText = 2000

// readVers reads what follows "vers:": a scheme and constraints in ascending order.
// A constraint != takes a version out, which ranges cannot say.
func readVers(s string) (versions, bool) {
	scheme, list, ok := strings.Cut(s, "/")
	if !ok {
		return versions{}, false
	}
	if strings.TrimSpace(list) == "*" {
		return everything(), true
	}
	var bounds []bound
	for part := range strings.SplitSeq(list, "|") {
		op, version := operator(strings.TrimSpace(part))
		version, err := url.PathUnescape(version)
		if err != nil || version == "" || op == "!=" || strings.ContainsAny(version, "*<>=!| ") {
			return versions{}, false
		}
		bounds = append(bounds, bound{op, version})
	}
	kind := vuln.InEcosystem
	if scheme == "semver" {
		kind = vuln.SemVer
	}
	return intervals(bounds, kind), true
}

// intervals pairs each lower bound with the upper one that follows it.
func intervals(list []bound, kind vuln.RangeKind) versions {
	var v versions
	var lower []vuln.Event
	end := func(upper ...vuln.Event) {
		if lower == nil {
			lower = []vuln.Event{{Kind: vuln.Introduced, Version: "0"}}
		}
		v.ranges = append(v.ranges, vuln.Range{Kind: kind, Events: append(lower, upper...)})
		lower = nil
	}
	for _, b := range list {
		switch b.op {
		case "":
			if !slices.Contains(v.single, b.version) {
				v.single = append(v.single, b.version)
			}
		case ">", ">=":
			if lower != nil {
				end()
			}
			lower = []vuln.Event{{Kind: vuln.Introduced, Version: b.version}}
			if b.op == ">" {
				lower[0].Kind = vuln.After
			}
		case "<":
			end(vuln.Event{Kind: vuln.Fixed, Version: b.version})
		case "<=":
			end(vuln.Event{Kind: vuln.LastAffected, Version: b.version})
		}
	}
	if lower != nil {
		end()
	}
	return v
}

// constraints reads ">= 1.0 | < 2.0", "<= 3.1", "1.0, 1.1": operators with versions,
// and single versions between separators.
func constraints(s string) ([]bound, bool) {
	var list []bound
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '|' || r == ',' }) {
		rest := strings.TrimSpace(part)
		for first := true; rest != ""; first = false {
			op, after := operator(rest)
			if op == "!=" || op == "" && (!first || rest == after && strings.Contains(rest, " ")) {
				return nil, false
			}
			token := after
			if i := strings.IndexAny(after, " <>=≤≥"); i >= 0 {
				token = after[:i]
			}
			rest = strings.TrimSpace(after[len(token):])
			version, ok := versionToken(token)
			if !ok {
				return nil, false
			}
			list = append(list, bound{op, version})
		}
	}
	return list, len(list) > 0
}

// operator takes an operator off the beginning; = is none.
func operator(s string) (op, rest string) {
	for _, o := range [...]struct{ text, op string }{
		{"<=", "<="}, {">=", ">="}, {"!=", "!="}, {"==", ""}, {"≤", "<="}, {"≥", ">="}, {"<", "<"}, {">", ">"}, {"=", ""},
	} {
		if rest, ok := strings.CutPrefix(s, o.text); ok {
			return o.op, strings.TrimSpace(rest)
		}
	}
	return "", s
}

// phrases of one version: what stands before and after it, and the operator.
var phrases = [...]struct{ before, after, op string }{
	{"prior to ", "", "<"}, {"before ", "", "<"}, {"earlier than ", "", "<"}, {"older than ", "", "<"}, {"lower than ", "", "<"}, {"less than ", "", "<"}, {"below ", "", "<"},
	{"up to and including ", "", "<="}, {"through ", "", "<="},
	{"", " and prior", "<="}, {"", " and earlier", "<="}, {"", " and below", "<="}, {"", " and older", "<="}, {"", " and lower", "<="}, {"", " and previous", "<="},
	{"", " or prior", "<="}, {"", " or earlier", "<="}, {"", " or below", "<="}, {"", " or older", "<="}, {"", " or lower", "<="},
	{"", " and later", ">="}, {"", " and above", ">="}, {"", " and newer", ">="}, {"", " and higher", ">="}, {"", " or later", ">="}, {"", " or newer", ">="}, {"", " or higher", ">="},
}

// phrase reads common words about versions: "2.3.6 and below", "prior to 4.1", "1.0
// through 1.4". "up to 2.0" does not say whether it is among them, and is no phrase
// that is read.
func phrase(s string) ([]bound, bool) {
	for _, p := range phrases {
		rest, before := cutPrefixFold(s, p.before)
		rest, after := cutSuffixFold(rest, p.after)
		if version, ok := versionToken(rest); ok && before && after {
			return []bound{{p.op, version}}, true
		}
	}
	words := strings.Fields(s)
	for _, p := range [...]struct{ between, op string }{{"through", "<="}, {"prior to", "<"}, {"before", "<"}} {
		if len(words) < 3 || !strings.EqualFold(strings.Join(words[1:len(words)-1], " "), p.between) {
			continue
		}
		from, ok1 := versionToken(words[0])
		to, ok2 := versionToken(words[len(words)-1])
		return []bound{{">=", from}, {p.op, to}}, ok1 && ok2
	}
	return nil, false
}

// unled is s without the words that lead to a version and say nothing.
func unled(s string) string {
	for _, lead := range []string{"all ", "any ", "software ", "firmware ", "versions ", "version "} {
		s, _ = cutPrefixFold(s, lead)
	}
	s, _ = cutSuffixFold(s, " versions")
	return s
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func cutSuffixFold(s, suffix string) (string, bool) {
	at := len(s) - len(suffix)
	if at < 0 || !strings.EqualFold(s[at:], suffix) {
		return s, false
	}
	return s[:at], true
}

// versionToken says whether s can be a version: it has a digit, no gap and no
// wildcard, and is not the ordinal of an edition. A v before the digits is taken away.
func versionToken(s string) (string, bool) {
	if len(s) > 1 && (s[0] == 'v' || s[0] == 'V') && s[1] >= '0' && s[1] <= '9' {
		s = s[1:]
	}
	digit := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			digit = true
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', i > 0 && strings.IndexByte("._+~:-", c) >= 0:
		default:
			return "", false
		}
	}
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		if stem, ok := cutSuffixFold(part, "x"); ok && strings.Trim(stem, "0123456789") == "" {
			return "", false // 3.x, C.0x
		}
	}
	return s, digit
}
