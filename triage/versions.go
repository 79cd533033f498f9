package triage

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/vuln/match"
)

// Limits for a range of versions.
const (
	maxRange       = 4096 // bytes
	maxConstraints = 64
	maxVersion     = 256 // bytes
)

// Range is a set of versions: any of several intervals, each the versions that meet
// all its constraints; or a vers: text.
type Range struct {
	any    [][]constraint
	vers   []constraint // of a vers: text, in its order
	scheme string       // of a vers: text
	all    bool
}

// constraint is a comparison with a version.
type constraint struct{ op, version string }

// ParseRange reads a range of versions: comparisons (>=, >, <=, <, =, !=) that all
// hold, separated by blanks or commas; several of these separated by ||; a version alone
// stands for itself, * for every version. A text that begins with vers: is a version
// range specifier (package-url/vers-spec), which names its own order of versions.
func ParseRange(text string) (Range, error) {
	switch {
	case len(text) > maxRange:
		return Range{}, fmt.Errorf("range of versions is longer than %d bytes", maxRange)
	case strings.TrimSpace(text) == "":
		return Range{}, errors.New("range of versions is empty")
	case strings.HasPrefix(text, "vers:"):
		return parseVers(text)
	}
	var r Range
	count := 0
	for part := range strings.SplitSeq(text, "||") {
		if strings.TrimSpace(part) == "*" {
			r.all = true
			continue
		}
		list, err := parseConstraints(part)
		if err != nil {
			return Range{}, err
		}
		if count += len(list); count > maxConstraints {
			return Range{}, fmt.Errorf("range of versions has more than %d comparisons", maxConstraints)
		}
		r.any = append(r.any, list)
	}
	return r, nil
}

// parseConstraints reads comparisons, between whose sign and version a blank may stand.
func parseConstraints(text string) ([]constraint, error) {
	var list []constraint
	sign, equal := "", 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' }) {
		op, version := cutSign(word)
		switch {
		case sign != "" && op != "":
			return nil, fmt.Errorf("%q follows %q; expected a version", clip(word), sign)
		case version == "":
			sign = op
			continue
		case sign != "":
			op = sign
		case op == "":
			op = "="
		}
		if op == "=" {
			equal++
		}
		if err := checkVersion(version); err != nil {
			return nil, err
		}
		if !strings.ContainsAny(version, "0123456789") {
			return nil, fmt.Errorf("%q is no version; expected comparisons such as >=1.2 <2", clip(version))
		}
		list, sign = append(list, constraint{op, version}), ""
	}
	switch {
	case sign != "":
		return nil, fmt.Errorf("no version follows %q", sign)
	case equal > 1:
		return nil, errors.New("no version equals several; separate them by ||")
	case len(list) == 0:
		return nil, errors.New("no comparison stands beside ||; expected for example >=1.2 <2")
	}
	return list, nil
}

func cutSign(word string) (op, version string) {
	for _, op := range []string{">=", "<=", "!=", "==", ">", "<", "="} {
		if version, ok := strings.CutPrefix(word, op); ok {
			if op == "==" {
				op = "="
			}
			return op, version
		}
	}
	return "", word
}

func checkVersion(v string) error {
	switch {
	case len(v) > maxVersion:
		return fmt.Errorf("version is longer than %d bytes", maxVersion)
	case strings.ContainsAny(v, "<>=|!*"):
		return fmt.Errorf("%q is no version; expected comparisons such as >=1.2 <2", clip(v))
	}
	return nil
}

// parseVers reads a version range specifier.
func parseVers(text string) (Range, error) {
	scheme, rest, found := strings.Cut(strings.TrimPrefix(text, "vers:"), "/")
	if !found || scheme == "" || rest == "" {
		return Range{}, fmt.Errorf("expected vers:TYPE/CONSTRAINTS, for example vers:deb/>=1.2|<2, found %q", clip(text))
	}
	r := Range{scheme: scheme}
	if rest == "*" {
		r.all = true
		return r, nil
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(rest, "|") {
		op, version := cutSign(strings.TrimSpace(part))
		if op == "" {
			op = "="
		}
		version, err := unescape(version)
		if err == nil {
			err = checkVersion(version)
		}
		switch {
		case err != nil:
			return Range{}, err
		case version == "":
			return Range{}, fmt.Errorf("no version stands beside | in %q", clip(text))
		case seen[version]:
			return Range{}, fmt.Errorf("version %q stands twice in %q", clip(version), clip(text))
		case len(r.vers) == maxConstraints:
			return Range{}, fmt.Errorf("range of versions has more than %d comparisons", maxConstraints)
		}
		seen[version] = true
		r.vers = append(r.vers, constraint{op, version})
	}
	return r, nil
}

// Holds reports whether a version is in the range, in the order of an ecosystem as OSV
// names it; see CompareVersions for "". The error says that the versions cannot be
// compared, and that it is in no interval of which they can.
func (r Range) Holds(version, ecosystem string) (bool, error) {
	switch {
	case r.all:
		return true, nil
	case version == "":
		return false, errors.New("the version is not known")
	case len(version) > maxVersion:
		return false, fmt.Errorf("version is longer than %d bytes", maxVersion)
	case r.scheme != "":
		return holdsVers(r.vers, version, orderOf(r.scheme))
	}
	var unsure error
	for _, list := range r.any {
		ok, err := meetsAll(list, version, ecosystem)
		if ok {
			return true, nil
		}
		unsure = cmp.Or(unsure, err)
	}
	return false, unsure
}

func meetsAll(list []constraint, version, ecosystem string) (bool, error) {
	for _, c := range list {
		n, err := CompareVersions(version, c.version, ecosystem)
		if err != nil || !meets(c.op, n) {
			return false, err
		}
	}
	return true, nil
}

// meets tells whether a comparison came out as its sign wants.
func meets(op string, n int) bool {
	switch op {
	case ">=":
		return n >= 0
	case ">":
		return n > 0
	case "<=":
		return n <= 0
	case "<":
		return n < 0
	case "!=":
		return n != 0
	}
	return n == 0
}

// holdsVers follows the specification: what is named alone decides first, then the
// intervals between neighbours in the order of versions.
func holdsVers(list []constraint, version, ecosystem string) (bool, error) {
	var rest []constraint
	for _, c := range list {
		n, err := CompareVersions(version, c.version, ecosystem)
		switch {
		case err != nil:
			return false, err
		case n == 0:
			return c.op == "=" || c.op == ">=" || c.op == "<=", nil
		case c.op != "=" && c.op != "!=":
			rest = append(rest, c)
		}
	}
	if len(rest) == 0 { // only single versions; those that are left out leave the others in
		return slices.ContainsFunc(list, func(c constraint) bool { return c.op == "!=" }) && !slices.ContainsFunc(list, func(c constraint) bool { return c.op == "=" }), nil
	}
	slices.SortStableFunc(rest, func(a, b constraint) int {
		n, _ := CompareVersions(a.version, b.version, ecosystem) // both were read above
		return n
	})
	return between(rest, version, ecosystem)
}

// between looks for the neighbours among sorted comparisons that a version stands
// between.
func between(list []constraint, version, ecosystem string) (bool, error) {
	below := 0
	for below < len(list) {
		n, err := CompareVersions(list[below].version, version, ecosystem)
		if err != nil {
			return false, err
		}
		if n > 0 {
			break
		}
		below++
	}
	opened := below == 0 || strings.HasPrefix(list[below-1].op, ">")
	closed := below == len(list) || strings.HasPrefix(list[below].op, "<")
	return opened && closed, nil
}

// CompareVersions compares two versions in the order in which a scan does (package match),
// of an ecosystem as OSV names it. Where that is "", they are versions of the product:
// those that both have the form of SemVer, with one to three numbers, stand in its order;
// others in that of Debian, which knows any number of parts, and letters behind a number
// as later (1.1.1k).
func CompareVersions(a, b, ecosystem string) (int, error) {
	first, second := a, b
	if ecosystem == "" {
		ecosystem = "Debian"
		if semVerForm(a) && semVerForm(b) {
			ecosystem = "npm"
		}
		first, second = strings.TrimPrefix(a, "v"), strings.TrimPrefix(b, "v")
	}
	n, err := match.Compare(ecosystem, first, second)
	if err != nil {
		return 0, fmt.Errorf("versions %q and %q cannot be compared: %w", clip(a), clip(b), err)
	}
	return n, nil
}

// semVerForm reports whether a version is one to three numbers, and behind a hyphen or
// plus sign anything.
func semVerForm(v string) bool {
	v = strings.TrimPrefix(v, "v")
	if i := strings.IndexAny(v, "-+"); i >= 0 {
		v = v[:i]
	}
	parts := strings.Split(v, ".")
	return len(parts) <= 3 && !slices.ContainsFunc(parts, func(p string) bool { return p == "" || strings.Trim(p, "0123456789") != "" })
}

// Ecosystem is the ecosystem in whose order versions of the component stand; see
// match.Order.
func (c Component) Ecosystem() string {
	p, err := packageurl.FromString(c.PURL)
	if err != nil {
		return match.Order("")
	}
	return match.Order(p.Type)
}

// orderOf is the order that a vers: text names; "generic" and "semver" are that of
// versions of the product.
func orderOf(scheme string) string {
	if scheme == "generic" || scheme == "semver" {
		return ""
	}
	return match.Order(scheme)
}

// clip keeps what a message quotes of a text short.
func clip(s string) string {
	const most = 60
	if n := []rune(s); len(n) > most {
		return string(n[:most]) + "…"
	}
	return s
}
