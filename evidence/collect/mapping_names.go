package collect

import (
	"slices"
	"strings"

	"theriac/diag"
)

// naming finds ids in the names of checks.
//
// An id counts where it stands as a word: nothing that could belong to a longer
// id stands before or behind it. Since the names of functions hold no dashes or
// dots, an underscore may stand for either, and may join the id to the words
// around it: test_ver_012_login names ver-012, where no other id reads the same.
type naming struct {
	ids     map[string]string // by their folded form; "" for one that two ids have
	exact   map[string]bool
	lengths map[string][]int // by the first bytes of the folded form, the longest first
	known   []string

	families map[string]bool   // first parts of ids with their separator
	meant    map[string]string // by a word that was looked up; "" for none
}

const stem = 2

func newNaming(known []string) *naming {
	n := &naming{
		ids: map[string]string{}, exact: map[string]bool{}, lengths: map[string][]int{}, known: known,
		families: map[string]bool{}, meant: map[string]string{},
	}
	for _, id := range known {
		f := foldID(id)
		if _, taken := n.ids[f]; taken {
			n.ids[f] = ""
		} else {
			n.ids[f] = id
		}
		n.exact[id] = true
		start := f[:min(stem, len(f))]
		if !slices.Contains(n.lengths[start], len(f)) {
			n.lengths[start] = append(n.lengths[start], len(f))
		}
		if at := strings.IndexByte(f, '_'); at > 0 {
			n.families[strings.ToLower(f[:at+1])] = true
		}
	}
	for _, l := range n.lengths {
		slices.SortFunc(l, func(a, b int) int { return b - a })
	}
	return n
}

// foldID writes the separators of an id as underscores.
func foldID(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' {
			return '_'
		}
		return r
	}, s)
}

// find lists the ids in a text, sorted.
func (n *naming) find(text string) []string {
	var found []string
	folded := foldID(text)
	for i := 0; i < len(text); i++ {
		if !opens(text, i) {
			continue
		}
		if id := n.at(text, folded, i); id != "" {
			found = append(found, id)
			i += len(id) - 1
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// at is the longest id that stands at a place.
func (n *naming) at(text, folded string, i int) string {
	for _, start := range []int{stem, 1} {
		if i+start > len(folded) {
			continue
		}
		for _, length := range n.lengths[folded[i:i+start]] {
			end := i + length
			if end > len(text) {
				continue
			}
			if id := n.match(text[i:end], folded[i:end]); id != "" && closes(text, end, strings.Contains(id, "_")) {
				return id
			}
		}
	}
	return ""
}

// match is the id that a word is: itself, or with underscores for its dashes
// and dots.
func (n *naming) match(word, folded string) string {
	if n.exact[word] {
		return word
	}
	if word == folded {
		return n.ids[folded]
	}
	return ""
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// opens reports whether a word may begin at a place: behind a dash a longer id
// goes on.
func opens(s string, i int) bool {
	return alphanumeric(s[i]) && (i == 0 || !alphanumeric(s[i-1]) && s[i-1] != '-')
}

// closes reports whether a word may end at a place. A dash, a dot or an
// underscore followed by more may belong to a longer id; an underscore that
// joins words does not, unless a number follows or the id has some of its own.
func closes(s string, end int, underscores bool) bool {
	if end == len(s) {
		return true
	}
	follows := end+1 < len(s) && alphanumeric(s[end+1])
	switch c := s[end]; c {
	case '-', '.':
		return !follows
	case '_':
		return !follows || !underscores && (s[end+1] < '0' || s[end+1] > '9')
	default:
		return !alphanumeric(c)
	}
}

// misspelt finds a word that reads like an id and is none, and the id that is
// meant: one that begins alike up to its first separator.
func (n *naming) misspelt(text string) (word, meant string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r > 0x7f || !alphanumeric(byte(r)) && !strings.ContainsRune("-._", r)
	}) {
		word = strings.Trim(word, "-._")
		if meant := n.suspect(word); meant != "" {
			return word, meant
		}
	}
	return "", ""
}

func (n *naming) suspect(word string) string {
	folded := strings.ToLower(foldID(word))
	at := strings.IndexByte(folded, '_')
	if at < 1 || !n.families[folded[:at+1]] || len(word) > 64 {
		return ""
	}
	meant, looked := n.meant[word]
	if !looked {
		meant = diag.Suggest(word, n.known)
		if !strings.HasPrefix(strings.ToLower(foldID(meant)), folded[:at+1]) {
			meant = ""
		}
		n.meant[word] = meant
	}
	return meant
}
