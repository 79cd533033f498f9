package policy

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"theriac/model"
)

// hostile is a policy whose texts try to be more than texts. Ids of this kind are
// findings of the reader; a filter must stand them all the same.
func hostile(t testing.TB) *Policy {
	t.Helper()
	f := load(t, filepath.Join("testdata", "device"))
	evil := []string{
		"\n\t\taccept\n", "\" accept comment \"", "}\nflush ruleset\n{", "\\", "x\r\n-P INPUT ACCEPT\r\nCOMMIT\r\n", "=cmd|' /C calc'!A0", "\u202etpecca\u2066",
		"<script>alert(1)</script>", strings.Repeat("long ", 5000), "\x00\x1b]0;x\x07", "-j ACCEPT", "@SUM(A1)", "+1", "$(reboot)`reboot`", "%s%n",
	}
	f.Product.Name, f.Product.Manufacturer.Name = evil[2], evil[7]
	for n, i := range f.Interfaces {
		i.Title, i.Protocol, i.Encryption = evil[n%len(evil)], evil[(n+3)%len(evil)], evil[(n+5)%len(evil)]
		if n%2 == 0 {
			i.ID = "if" + evil[n%len(evil)] + i.ID
		}
	}
	for n, a := range f.Actors {
		a.Title, a.Hosts = evil[(n+1)%len(evil)], evil
		if n%2 == 0 {
			a.ID = strings.Repeat("ä", 100) + evil[n%len(evil)]
		}
	}
	for n, c := range f.Components {
		c.Title, c.Hosts = evil[(n+4)%len(evil)], append(c.Hosts, evil...)
	}
	return Compile(f)
}

var (
	quoted = regexp.MustCompile(`"[^"]*"`)
	chosen = regexp.MustCompile(`(@|set |open_|:|-A |-j )(peer_|open_|FROM-|TO-|IN-|OUT-)?[A-Za-z0-9._-]+`)
)

// commands are the lines of a filter without comments, with a star in the place of
// each name that is made of an id.
func commands(text []byte) []string {
	var list []string
	for line := range strings.Lines(string(text)) {
		l := strings.TrimSpace(line)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		l = quoted.ReplaceAllString(l, "*")
		l = chosen.ReplaceAllStringFunc(l, func(s string) string {
			at := chosen.FindStringSubmatch(s)
			if at[2] == "" {
				return s
			}
			return at[1] + at[2] + "*"
		})
		list = append(list, l)
	}
	slices.Sort(list)
	return list
}

// TestHostileTextsAreNoRules: texts of the security file change names and comments,
// never what a filter does.
func TestHostileTextsAreNoRules(t *testing.T) {
	tame, wild := outputs(t, Compile(load(t, filepath.Join("testdata", "device")))), outputs(t, hostile(t))
	for name := range tame {
		for _, r := range string(wild[name]) {
			if r != '\n' && r != '\t' && r != '\r' && !unicode.IsPrint(r) {
				t.Errorf("%s holds %U", name, r)
			}
		}
		if strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".json") {
			continue
		}
		if want, got := commands(tame[name]), commands(wild[name]); !slices.Equal(want, got) {
			t.Errorf("%s: %s", name, difference([]byte(strings.Join(want, "\n")), []byte(strings.Join(got, "\n"))))
		}
	}
}

// TestHostileFiltersLoad: the programs that read the filters take them.
func TestHostileFiltersLoad(t *testing.T) {
	needNamespaces(t)
	for name, p := range map[string]*Policy{"hostile": hostile(t), "tame": Compile(load(t, filepath.Join("testdata", "device")))} {
		need(t, "nft")
		need(t, "iptables-restore")
		for _, filter := range [][]byte{p.Nftables(), p.NftablesSegment()} {
			run(t, "", filter, "unshare", "-n", "nft", "-c", "-f", "-")
		}
		run(t, "", p.Iptables(), "unshare", "-n", "iptables-restore", "--test")
		run(t, "", p.IP6tables(), "unshare", "-n", "ip6tables-restore", "--test")
		if name == "tame" {
			// Loading twice replaces, and leaves other tables alone.
			script := "nft add table inet other && nft -f - && nft list ruleset"
			one := run(t, "", p.Nftables(), "unshare", "-n", "sh", "-c", script)
			file := write(t, t.TempDir(), "f.nft", p.Nftables())
			two := run(t, "", nil, "unshare", "-n", "sh", "-c", "nft add table inet other; nft -f "+file+" && nft -f "+file+" && nft list ruleset")
			if !bytes.Equal(one, two) || !bytes.Contains(two, []byte("table inet other")) {
				t.Errorf("a second load changes something: %s", difference(one, two))
			}
		}
	}
}

// TestFirewallCSV: the list reads back, has a line for each peer, and no cell is a
// formula.
func TestFirewallCSV(t *testing.T) {
	for name, p := range map[string]*Policy{"hostile": hostile(t), "tame": Compile(load(t, filepath.Join("testdata", "device")))} {
		r := csv.NewReader(bytes.NewReader(p.FirewallCSV()))
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(rows[0], firewallColumns) {
			t.Errorf("columns %q", rows[0])
		}
		if want := 1 + 11; len(rows) != want {
			t.Errorf("%s: %d rows, want %d", name, len(rows), want)
		}
		for _, row := range rows[1:] {
			if (row[3] == device) == (row[4] == device) {
				t.Errorf("%q: one end is the device", row)
			}
			for _, c := range row {
				if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r\n") {
					t.Errorf("%q may be taken for a formula", c)
				}
			}
		}
	}
}

// TestNothingStatedNothingPasses: an interface of which the file states too little
// has no rule in any file.
func TestNothingStatedNothingPasses(t *testing.T) {
	f := load(t, filepath.Join("testdata", "device"))
	for _, i := range f.Interfaces {
		i.Port = 0
		i.Transport = "tcp"
	}
	for name, text := range outputs(t, Compile(f)) {
		if name == "firewall.csv" {
			continue
		}
		for _, bad := range []string{"dport", "FROM-", "TO-", "destination-port", "source-port"} {
			if strings.Contains(string(text), bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
}

// TestEmptyPolicy: a file without network makes files that close all.
func TestEmptyPolicy(t *testing.T) {
	p := &Policy{Product: &model.Product{Name: "測定"}}
	if p.Networked() {
		t.Error("nothing is there and it is networked")
	}
	if n := len(commands(p.Nftables())); n < 10 {
		t.Errorf("%d commands", n)
	}
	p.contact.Email = "x@works.example"
	if got := p.MUDURL(); got != "https://works.example/mud/device.json" {
		t.Errorf("address %q", got)
	}
	text, err := p.MUD(updated, p.MUDURL())
	if err != nil || !json.Valid(text) {
		t.Errorf("%v\n%s", err, text)
	}
}
