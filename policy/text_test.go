package policy

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		" plain text ":                   "plain text",
		"two\nlines\r\nand\ttabs":        "two lines and tabs",
		"rule\u2028accept":               "rule accept",
		"left\u202eright":                "left right",
		"bell\x07 esc\x1b[31m":           "bell esc [31m",
		"bad \xff byte":                  "bad byte",
		strings.Repeat("x", longest+1):   strings.Repeat("x", longest) + " ...",
		strings.Repeat("ü", longest):     strings.Repeat("ü", longest),
		"Größe µ 測定 עברית":               "Größe µ 測定 עברית",
		"\u0000\u0001\u200b\u2066\u2069": "",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNames: names are different for different ids, short, and of few characters, and
// those that are names already stay.
func TestNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfDistinct(rapid.OneOf(
			rapid.StringMatching(`[a-c._-]{1,4}`), rapid.StringMatching(`[a-z][a-zA-Z0-9._-]{0,70}`), rapid.String(),
		), rapid.ID).Draw(t, "ids")
		most := rapid.SampledFrom([]int{23, 64}).Draw(t, "most")
		named := names(ids, most)
		seen := map[string]bool{}
		for _, id := range ids {
			n := named[id]
			if n == "" || len(n) > most || plain(n) != n || !utf8.ValidString(n) {
				t.Errorf("%q is named %q", id, n)
			}
			if seen[n] {
				t.Errorf("%q is the name of two", n)
			}
			seen[n] = true
			if id != "" && plain(id) == id && len(id) <= most && n != id {
				t.Errorf("%q became %q without need", id, n)
			}
		}
	})
}

func TestHosts(t *testing.T) {
	for _, c := range []struct {
		hosts                  []string
		v4, v6, names, strange []string
	}{
		{hosts: []string{"192.0.2.1", "2001:DB8::1", "Lab.Example."}, v4: []string{"192.0.2.1"}, v6: []string{"2001:db8::1"}, names: []string{"lab.example"}},
		{hosts: []string{"192.0.2.77/24", "192.0.2.1", "192.0.2.0/25"}, v4: []string{"192.0.2.0/24"}},
		{hosts: []string{"192.0.2.128/25", "192.0.2.0/25", "192.0.2.0/25"}, v4: []string{"192.0.2.0/25", "192.0.2.128/25"}},
		{hosts: []string{"::ffff:192.0.2.1"}, v4: []string{"192.0.2.1"}},
		{hosts: []string{"0.0.0.0/0", "10.0.0.0/8", "::/0", "fd00::1"}, v4: []string{"0.0.0.0/0"}, v6: []string{"::/0"}},
		{hosts: []string{"fe80::1%eth0", "::ffff:192.0.2.0/120"}, strange: []string{"fe80::1%eth0", "::ffff:192.0.2.0/120"}},
		{hosts: []string{"a.example", "A.example"}, names: []string{"a.example"}},
		{hosts: []string{"server", "two words.example", "-a.example", "192.0.2.300", "x.example:443", "*.example.org", "a..b"},
			strange: []string{"server", "two words.example", "-a.example", "192.0.2.300", "x.example:443", "*.example.org", "a..b"}},
		{hosts: []string{"192.0.2.1 }; flush ruleset", "a\n}"}, strange: []string{"192.0.2.1 }; flush ruleset", "a }"}},
	} {
		p := Peer{Hosts: c.hosts}
		texts := func(list []netip.Prefix) (s []string) {
			for _, a := range list {
				s = append(s, written(a))
			}
			return s
		}
		for what, pair := range map[string][2][]string{
			"v4": {texts(p.addresses(v4)), c.v4}, "v6": {texts(p.addresses(v6)), c.v6}, "names": {p.names(), c.names}, "strange": {p.strange(), c.strange},
		} {
			if !slices.Equal(pair[0], pair[1]) {
				t.Errorf("%q: %s %q, want %q", c.hosts, what, pair[0], pair[1])
			}
		}
	}
}
