package csaf

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestEveryTestIsDeclaredOnce(t *testing.T) {
	var want []string
	for number := 1; number <= 33; number++ {
		if number != 27 {
			want = append(want, fmt.Sprintf("6.1.%d", number))
			continue
		}
		for sub := 1; sub <= 11; sub++ {
			want = append(want, fmt.Sprintf("6.1.27.%d", sub))
		}
	}
	for number := 1; number <= 20; number++ {
		want = append(want, fmt.Sprintf("6.2.%d", number))
	}
	for number := 1; number <= 11; number++ {
		want = append(want, fmt.Sprintf("6.3.%d", number))
	}
	var got []string
	for _, test := range Tests() {
		got = append(got, test.Number)
		class := []Class{Mandatory, Optional, Informative}[test.Number[2]-'1']
		if test.Class != class || test.Title == "" {
			t.Errorf("%s: %v, %q", test.Number, test.Class, test.Title)
		}
	}
	slices.SortFunc(want, compareNumbers)
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestUnreadable(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "line 1: unexpected EOF",
		"{\n\"a\": 1,\n}":           "line 3: ",
		"{\"a\":":                   "line 1: unexpected EOF",
		"{} {}":                     "line 1: more text behind the value",
		"{\"a\": 1e100000000}":      "line 1: the number 1e100000000 is beyond",
		"{\"a\": 1e-200}":           "line 1: the number 1e-200 is beyond",
		"\xff":                      "not UTF-8",
		strings.Repeat("[", 200):    "more than 128 values inside each other",
		strings.Repeat(" ", 33<<20): "larger than",
	} {
		_, err := Validate([]byte(text), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
}

func TestNameTwice(t *testing.T) {
	text := strings.Replace(string(mutate(t, "")), `"lang": "en",`, `"lang": "en", "lang": "en",`, 1)
	result, err := Validate([]byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Finding{{Schema, Mandatory, "/document/lang", "name stands twice in its object"}}
	if !slices.Equal(result.Findings, want) {
		t.Errorf("got %v, want %v", result.Findings, want)
	}
}

// TestOtherValues gives every test values of kinds that it does not expect.
func TestOtherValues(t *testing.T) {
	for _, text := range []string{`null`, `[]`, `"x"`, `{"document": []}`, `{"document": {"tracking": {"revision_history": [1, null, {}]}, "references": {}, "lang": 1}}`,
		`{"product_tree": {"branches": [1, {"branches": 1, "product": []}], "relationships": [{}, null]}, "vulnerabilities": [null, 1, {"scores": [null, {"cvss_v3": 1, "products": [1]}], "product_status": []}]}`} {
		result, err := Validate([]byte(text), Options{})
		if err != nil || result.Valid() {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestUnsortedNames(t *testing.T) {
	text := `{"vulnerabilities": [], "document": {"title": "", "tracking": {}, "lang": ""}}`
	result, err := Validate([]byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, f := range result.Findings {
		if f.Test == "6.2.13" {
			places = append(places, f.Pointer)
		}
	}
	if !slices.Equal(places, []string{"", "/document"}) {
		t.Errorf("unsorted: %q", places)
	}
}

func TestManyFindings(t *testing.T) {
	ids := strings.Repeat(`"P9",`, 5000)
	text := mutate(t, `/vulnerabilities/0/product_status/recommended [`+strings.TrimSuffix(ids, ",")+`]`)
	result, err := Validate(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(result.Findings, func(f Finding) bool { return strings.HasPrefix(f.Message, "and ") })
	if i < 0 || result.Findings[i].Message != "and 4800 more" || result.Findings[i].Test != "6.1.1" {
		t.Errorf("findings that are not told: %d", i)
	}
}

func TestAddresses(t *testing.T) {
	var asked []string
	resolve := func(url string) error {
		asked = append(asked, url)
		if strings.Contains(url, "/csaf/") || strings.HasSuffix(url, "/fix") {
			return errors.New("404 Not Found")
		}
		return nil
	}
	result, err := Validate(mutate(t, ""), Options{Resolve: resolve})
	if err != nil {
		t.Fatal(err)
	}
	want := []Finding{
		{"6.3.6", Informative, "/vulnerabilities/0/remediations/0/url", "404 Not Found"},
		{"6.3.7", Informative, "/document/references/0/url", "404 Not Found"},
	}
	if !slices.Equal(result.Findings, want) {
		t.Errorf("got %v\nwant %v", result.Findings, want)
	}
	addresses := []string{"https://www.first.org/tlp/", "https://example.com", "https://example.org/library", "https://example.net/finder", "https://example.com/fix", "https://example.com/csaf/white/2026/exd-2026-001.json"}
	if !slices.Equal(asked, addresses) {
		t.Errorf("asked %q", asked)
	}
	if !slices.Equal(result.NotRun, []NotRun{{"6.3.8", "there is no dictionary"}}) {
		t.Errorf("not run: %v", result.NotRun)
	}
}

func TestSpelling(t *testing.T) {
	dictionary := func(language, text string) ([]string, error) {
		switch {
		case language != "de_AT":
			return nil, fmt.Errorf("%q: %w", language, ErrNoDictionary)
		case strings.Contains(text, "A library writes"):
			return []string{"library", "writes"}, nil
		case strings.Contains(text, "Out-of-bounds") || strings.Contains(text, "CVE-") || text == "1234":
			t.Errorf("asked about %q", text)
		}
		return nil, nil
	}
	result, err := Validate(mutate(t, `/document/lang "de-AT"`), Options{Spell: dictionary})
	if err != nil {
		t.Fatal(err)
	}
	if want := []Finding{{"6.3.8", Informative, "/vulnerabilities/0/notes/0/text", "unknown to the dictionary: library, writes"}}; !slices.Equal(result.Findings, want) {
		t.Errorf("got %v", result.Findings)
	}
	result, err = Validate(mutate(t, ""), Options{Spell: dictionary})
	if err != nil || len(result.Findings) > 0 || !slices.Contains(result.NotRun, NotRun{"6.3.8", "no dictionary of en"}) {
		t.Errorf("got %v, %v, %v", result.Findings, result.NotRun, err)
	}
}

func TestFileName(t *testing.T) {
	for id, want := range map[string]string{
		"EXD-2026-001":                 "exd-2026-001.json",
		"cisco-sa-20190513-secureboot": "cisco-sa-20190513-secureboot.json",
		"RHBA-2019:0024":               "rhba-2019_0024.json",
		"2022 #01-A+b":                 "2022_01-a+b.json",
		"../../etc":                    "_etc.json",
	} {
		if got := FileName(id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

func FuzzValidate(f *testing.F) {
	base, err := os.ReadFile("testdata/base.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(base)
	f.Add([]byte(`{"vulnerabilities": [{"scores": [{"cvss_v2": {"vectorString": "AV:N/AV:N"}}]}]}`))
	f.Add([]byte(`{"product_tree": {"relationships": [{"full_product_name": {"product_id": "a"}, "product_reference": "a"}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		result, err := Validate(text, Options{})
		if err != nil {
			return
		}
		again, err := Validate(text, Options{})
		if err != nil || !slices.Equal(result.Findings, again.Findings) {
			t.Errorf("two runs differ: %v", err)
		}
	})
}
