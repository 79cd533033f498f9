package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// longest is the length of a text in a comment, in characters.
const longest = 240

// oneLine is a text as one line: what would end a line, steer a terminal or turn the
// direction of writing becomes a space, and what is too long is cut.
func oneLine(s string) string { return oneLineOf(s, longest) }

func oneLineOf(s string, most int) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			gap = true
			continue
		}
		if n >= most {
			return b.String() + " ..."
		}
		if gap && n > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		n, gap = n+1, false
	}
	return b.String()
}

// names gives each id a name of at most so many characters, of letters, digits, dots,
// hyphens and low lines. An id that is one already stays as it is; another one is
// cut and carries a part of the digest of the id, so that no two are the same.
func names(ids []string, most int) map[string]string {
	named, taken := map[string]string{}, map[string]bool{}
	for _, id := range ids {
		if len(id) <= most && plain(id) == id {
			named[id], taken[id] = id, true
		}
	}
	for _, id := range ids {
		if named[id] != "" {
			continue
		}
		sum := sha256.Sum256([]byte(id))
		digest := hex.EncodeToString(sum[:])
		head := plain(id)
		head = head[:min(len(head), most-9)]
		for n := 0; named[id] == ""; n++ {
			if name := head + "-" + digest[n:n+8]; !taken[name] {
				named[id], taken[name] = name, true
			}
		}
	}
	return named
}

// plain puts a low line in the place of all that no name may hold.
func plain(id string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, id)
}
