package feed

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"theriac/vuln"
)

// shown writes what is affected on one line: [from, to) with the brackets of
// intervals, single versions, words.
func shown(v versions) string {
	var parts []string
	for _, r := range v.ranges {
		parts = append(parts, interval(r))
	}
	parts = append(parts, v.single...)
	if v.text != "" {
		parts = append(parts, fmt.Sprintf("%q", v.text))
	}
	return strings.Join(parts, " ")
}

func interval(r vuln.Range) string {
	from, to := "(?", "∞)"
	for _, e := range r.Events {
		switch e.Kind {
		case vuln.Introduced:
			from = "[" + e.Version
		case vuln.After:
			from = "(" + e.Version
		case vuln.Fixed:
			to = e.Version + ")"
		case vuln.LastAffected:
			to = e.Version + "]"
		}
	}
	return from + "," + to
}

func TestReadVersions(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// As medical advisories write them.
		{"< 8.2.2", "[0,8.2.2)"},
		{"<=2.3.5", "[0,2.3.5]"},
		{"vers:all/*", "[0,∞)"},
		{"*", "[0,∞)"},
		{"All versions", "[0,∞)"},
		{"<= R8.0.3", "[0,R8.0.3]"},
		{"< 012U000040", "[0,012U000040)"},
		{">= 4.01 | <= 4.34", "[4.01,4.34]"},
		{">= 1.3.4 | < 1.5.3", "[1.3.4,1.5.3)"},
		{">= 1.0 | < 1.2 | >= 2.0 | <= 2.4", "[1.0,1.2) [2.0,2.4]"},
		{">=BT02 | <= BT06", "[BT02,BT06]"},
		{">= 2.0", "[2.0,∞)"},
		{"5.0|5.1", "5.0 5.1"},
		{"5.0|5.0", "5.0"},
		{"2.3.6 and  below", "[0,2.3.6]"},
		{"<=2023.3_Build_9342", "[0,2023.3_Build_9342]"},
		{"4.0", "4.0"},
		{"v1.2", "1.2"},
		{"Version 1.2", "1.2"},
		// Phrases.
		{"versions prior to 4.1", "[0,4.1)"},
		{"All versions prior to V4.1", "[0,4.1)"},
		{"R8.0.3 and prior", "[0,R8.0.3]"},
		{"2.1 and earlier versions", "[0,2.1]"},
		{"3.0 or later", "[3.0,∞)"},
		{"1.0 through 1.4", "[1.0,1.4]"},
		{"3.0 before 3.5", "[3.0,3.5)"},
		{">=2.3 <3.2", "[2.3,3.2)"},
		{">=2.3, <3.2", "[2.3,3.2)"},
		{"> 1.0", "(1.0,∞)"},
		// vers.
		{"vers:npm/>=1.0.0|<1.2.0|2.0.1|>=3.0.0|<3.1.0", "[1.0.0,1.2.0) [3.0.0,3.1.0) 2.0.1"},
		{"vers:generic/<1.0|>=2.0", "[0,1.0) [2.0,∞)"},
		{"vers:generic/1.0%2Bbuild", "1.0+build"},
		{"vers:generic/<2|!=1.5", `"vers:generic/<2|!=1.5"`},
		{"vers:generic", `"vers:generic"`},
		{"vers:generic/", `"vers:generic/"`},
		// Words that cannot be compared.
		{"<  july 1 2017", `"< july 1 2017"`},
		{"< august 28", `"< august 28"`},
		{"distributed  < april 1, 2018", `"distributed < april 1, 2018"`},
		{"<8/30/2024", `"<8/30/2024"`},
		{"<= 1.54 (integrated into GE MobileLink)", `"<= 1.54 (integrated into GE MobileLink)"`},
		{"<=11.2 on Windows 8.1 with IIS 7.5", `"<=11.2 on Windows 8.1 with IIS 7.5"`},
		{"<= K", `"<= K"`},
		{"< 3.x", `"< 3.x"`},
		{"2.X", `"2.X"`},
		{"A.01 <= C.0x | 4.0", `"A.01 <= C.0x | 4.0"`},
		{"A10 < A11", `"A10 < A11"`},
		{"<= 3.0 D15", `"<= 3.0 D15"`},
		{"HD 16 | HD23", `"HD 16 | HD23"`},
		{"2nd Edition", `"2nd Edition"`},
		{"<= 2.0 | >= 1.0", `"<= 2.0 | >= 1.0"`},
		{"up to 2.0", `"up to 2.0"`},
		{"Rev B-M", `"Rev B-M"`},
		{" ", "[0,∞)"},
	} {
		got := shown(readVersions(c.text))
		if got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
	}
}

func TestReadVersionsOfSemVer(t *testing.T) {
	v := readVersions("vers:semver/>=1.0.0|<2.0.0")
	if len(v.ranges) != 1 || v.ranges[0].Kind != vuln.SemVer {
		t.Errorf("%+v is not in the order of semantic versions", v)
	}
}

func TestLongVersionsAreCut(t *testing.T) {
	v := readVersions(strings.Repeat("ä1 | ", 2000))
	if len(v.text) > maxVersionText+3 || !strings.HasSuffix(v.text, "...") || !utf8.ValidString(v.text) || v.ranges != nil || v.single != nil {
		t.Errorf("%d bytes, %d ranges", len(v.text), len(v.ranges))
	}
}

func FuzzReadVersions(f *testing.F) {
	for _, s := range []string{">= 4.01 | <= 4.34", "vers:npm/>=1.0.0|<1.2.0|2.0.1", "2.3.6 and below", "1.0 through 1.4", "≤ 3", "v6.x (with v9 | >= v20D29)", "vers:a/%zz", "=", "| ,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := readVersions(s)
		if v.text != "" && (v.ranges != nil || v.single != nil) {
			t.Errorf("%q is words and versions: %s", s, shown(v))
		}
		if shown(v) == "" {
			t.Errorf("%q is dropped", s)
		}
		for _, r := range v.ranges {
			if len(r.Events) == 0 || len(r.Events) > 2 {
				t.Errorf("%q has a range of %d events", s, len(r.Events))
			}
			for _, e := range r.Events {
				if e.Version == "" || strings.ContainsAny(e.Version, " <>=|") {
					t.Errorf("%q has version %q", s, e.Version)
				}
			}
		}
	})
}
