package trace

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"theriac/internal/synthetic"
	"theriac/model"
)

const (
	anyDigest = "0123456789abcdef0123456789abcdef"
	anyLine   = "link vf verifies rq " + anyDigest + " 2026-05-04 Test lead"
)

var day = func() model.Date {
	d, err := model.ParseDate("2026-05-04")
	if err != nil {
		panic(err)
	}
	return d
}()

func TestParseReviews(t *testing.T) {
	r := ParseReviews("x", []byte(reviewHeader+"\r\n"+anyLine+"\r\nderived hl7-forged if-lan 2026-01-02 Entwicklung für Geräte"))
	if len(r.Findings) > 0 || len(r.Links) != 1 || len(r.Derived) != 1 {
		t.Fatalf("got %+v", r)
	}
	if want := (Reviewed{Link{"vf", "verifies", "rq"}, anyDigest, day, "Test lead", 2}); r.Links[0] != want {
		t.Errorf("got %+v", r.Links[0])
	}
	if d := r.Derived[0]; d.Pattern != "hl7-forged" || d.Element != "if-lan" || d.By != "Entwicklung für Geräte" || d.Line != 3 {
		t.Errorf("got %+v", d)
	}
	if want := reviewHeader + "\n" + anyLine + "\nderived hl7-forged if-lan 2026-01-02 Entwicklung für Geräte\n"; r.Text() != want {
		t.Errorf("got %s", r.Text())
	}
	if r := ParseReviews("x", []byte(reviewHeader+"\n\n"+anyLine+"\n\n")); len(r.Findings) > 0 || len(r.Links) != 1 || r.Links[0].Line != 3 {
		t.Errorf("blank lines: %+v", r)
	}
	if r := ParseReviews("x", []byte(reviewHeader+"\n")); len(r.Findings) > 0 || len(r.Links) > 0 {
		t.Errorf("empty file: %+v", r)
	}
}

// TestParseReviewsRefuses: each line is a finding at its place, and does not
// keep the lines around it from being read.
func TestParseReviewsRefuses(t *testing.T) {
	spoil := func(old, new string) string { return strings.Replace(anyLine, old, new, 1) }
	for _, c := range []struct{ line, want string }{
		{" ", "expected a line"},
		{"# comment", "expected a line"},
		{"LINK" + anyLine[4:], "expected a line"},
		{"link", "expected link"},
		{"link vf verifies rq", "expected link"},
		{spoil("vf ", "v/f "), "not an id"},
		{spoil("link vf", "link  vf"), "not an id"},
		{spoil("rq", "1q"), "not an id"},
		{spoil("verifies", "Verifies"), "not the name of a field"},
		{spoil("0123", "012"), "not a digest"},
		{spoil("abcdef", "ABCDEF"), "not a digest"},
		{spoil("2026-05-04", "2026-5-4"), "date"},
		{spoil("2026-05-04", "2026-02-30"), "date"},
		{spoil("Test lead", ""), "nobody is named"},
		{spoil("Test lead", " Test lead"), "blanks"},
		{anyLine + " ", "blanks"},
		{spoil("Test lead", "Test\tlead"), "blanks"},
		{spoil("Test lead", "Test \u202e lead"), "blanks"},
		{spoil("Test lead", strings.Repeat("a", 201)), "longer than 200 characters"},
		{spoil("Test lead", strings.Repeat("a", 2000)), "longer than 1024 bytes"},
		{spoil("Test", "T\xffst"), "UTF-8"},
		{"derived p e 2026-05-04", "expected derived"},
		{"derived p - 2026-05-04 x", "not a name"},
		{"derived p e 2026 x", "date"},
		{"<<<<<<< ours", "unfinished merge"},
		{"=======", "unfinished merge"},
		{strings.Replace(anyLine, "vf", "first", 1), "same as line 2"},
	} {
		text := reviewHeader + "\n" + strings.Replace(anyLine, "vf", "first", 1) + "\n" + c.line + "\n" + strings.Replace(anyLine, "vf", "last", 1) + "\n"
		r := ParseReviews("x", []byte(text))
		if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, c.want) || r.Findings[0].Span.Line != 3 {
			t.Errorf("%q: got %v, want %q on line 3", c.line, r.Findings, c.want)
		}
		if len(r.Links) != 2 || r.Links[1].Source != "last" || r.Links[1].Line != 4 {
			t.Errorf("%q: lines around it are lost: %v", c.line, r.Links)
		}
	}
}

func TestParseReviewsHeader(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "first line is not",
		anyLine + "\n":                   "first line is not",
		"\ufeff" + reviewHeader + "\n":   "first line is not",
		"theriac reviews 2\nsomething\n": `version "2" of the format is not known here`,
		"theriac reviews 10\n":           "not known here",
	} {
		r := ParseReviews("x", []byte(text))
		if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, want) || len(r.Links) > 0 {
			t.Errorf("%q: got %v", text, r.Findings)
		}
	}
	r := ParseReviews("x", []byte(reviewHeader+strings.Repeat("\nbad", 500)))
	if n := len(r.Findings); n != maxReviewFindings || !strings.Contains(r.Findings[n-1].Message, "not listed") {
		t.Errorf("%d findings", n)
	}
	if r := ParseReviews("x", make([]byte, maxReviewFile+1)); len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, "larger than 32 MB") {
		t.Errorf("got %v", r.Findings)
	}
}

func FuzzParseReviews(f *testing.F) {
	f.Add([]byte(reviewHeader + "\n" + anyLine + "\nderived p e 2026-05-04 x\n"))
	f.Add([]byte(reviewHeader + "\r\n<<<<<<< a\n" + anyLine + "\n" + anyLine + "\n"))
	f.Add([]byte("theriac reviews 2\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := ParseReviews("x", text)
		for _, f := range r.Findings {
			if !f.Span.Valid() || f.Message == "" || f.Help == "" {
				t.Errorf("%+v", f)
			}
		}
		again := ParseReviews("x", []byte(r.Text()))
		if len(again.Findings) > 0 || len(again.Links) != len(r.Links) || len(again.Derived) != len(r.Derived) || again.Text() != r.Text() {
			t.Errorf("%q does not read back: %q", r.Text(), again.Text())
		}
	})
}

func states(file *model.File, text string) map[string]Status {
	found := map[string]Status{}
	for _, s := range Review(file, ParseReviews("x", []byte(text))) {
		found[s.Source+" "+s.Field+" "+s.Target] = s.Status
	}
	return found
}

// accepted is the review file after a review of links, all when none is named.
func accepted(t testing.TB, file *model.File, before string, a Acceptance, links ...Link) string {
	t.Helper()
	r := ParseReviews("x", []byte(before))
	if a.Links = links; len(links) == 0 {
		for _, s := range Review(file, r) {
			if s.Status != Gone {
				a.Links = append(a.Links, s.Link)
			}
		}
	}
	a.Date, a.By = day, "Test lead"
	text, err := Accept(file, r, a)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestReview(t *testing.T) {
	file := pumpFile(t)
	for link, s := range states(file, reviewHeader) {
		if s != Unreviewed {
			t.Errorf("%s is %s in the beginning", link, s)
		}
	}
	text := accepted(t, file, reviewHeader, Acceptance{})
	for link, s := range states(file, text) {
		if s != Current {
			t.Errorf("%s is %s after review", link, s)
		}
	}
	changed := load(t, map[string]string{"theriac.yaml": strings.NewReplacer(
		"Refuse unsigned orders", "Refuse unsigned and old orders", // suspect
		"verifies: [rq], result: failed", "verifies: [rq-open], result: failed", // gone and unreviewed
		"title: Own network", "notes: as agreed\n    title: Own network", // silent
	).Replace(strings.Replace(pump, "  en: { title: Own network, category: network, interfaces: [if-lan], told-in: [ifu] }",
		"  en:\n    title: Own network\n    category: network\n    interfaces: [if-lan]\n    told-in: [ifu]", 1))})
	want := map[string]Status{
		"vf verifies rq": Suspect, "vf-open verifies rq": Gone, "vf-open verifies rq-open": Unreviewed,
		"en told-in ifu": Current, "ct environment en": Current,
	}
	got := states(changed, text)
	for link, s := range want {
		if got[link] != s {
			t.Errorf("%s is %s, want %s", link, got[link], s)
		}
	}
	for link, s := range got {
		if _, named := want[link]; !named && s != Current {
			t.Errorf("%s is %s", link, s)
		}
	}
}

// TestAccept: what was reviewed is entered, lines of what is gone go when somebody
// says so, and all others stay as they are.
func TestAccept(t *testing.T) {
	file := pumpFile(t)
	old := func(source, field, target string) string {
		return fmt.Sprintf("link %s %s %s %s 2020-01-02 Former lead\n", source, field, target, anyDigest)
	}
	before := reviewHeader + "\n" + old("vf", "verifies", "rq") + old("vf", "verifies", "rq-lost") + old("lost", "verifies", "rq") +
		old("vf", "verifies", "rq-open") + old("en", "told-in", "ifu") + "derived p if-lan 2020-01-02 Former lead\nderived p if-lost 2020-01-02 Former lead\n"
	line := func(source, field, target string) string {
		return fmt.Sprintf("link %s %s %s %s 2026-05-04 Test lead\n", source, field, target, newDigests(file).of(file.Lookup(target)))
	}
	rest := "derived p if-lan 2020-01-02 Former lead\n"
	gone, lost := old("lost", "verifies", "rq"), old("vf", "verifies", "rq-lost")
	for name, c := range map[string]struct {
		a     Acceptance
		links []Link
		want  string
	}{
		"one": {Acceptance{}, []Link{{"vf", "verifies", "rq"}},
			old("en", "told-in", "ifu") + gone + line("vf", "verifies", "rq") + lost + old("vf", "verifies", "rq-open") + rest},
		"new": {Acceptance{}, []Link{{"ct", "protects", "co"}},
			line("ct", "protects", "co") + old("en", "told-in", "ifu") + gone + old("vf", "verifies", "rq") + lost + old("vf", "verifies", "rq-open") + rest},
		"prune": {Acceptance{Prune: true}, []Link{{"en", "told-in", "ifu"}},
			line("en", "told-in", "ifu") + old("vf", "verifies", "rq") + rest},
		"lost": {Acceptance{Lost: []Link{{"lost", "verifies", "rq"}, {"vf", "verifies", "rq"}}}, []Link{{"en", "told-in", "ifu"}},
			line("en", "told-in", "ifu") + old("vf", "verifies", "rq") + lost + old("vf", "verifies", "rq-open") + rest},
		"vanished": {Acceptance{Vanished: [][2]string{{"p", "if-lan"}}}, []Link{{"en", "told-in", "ifu"}},
			line("en", "told-in", "ifu") + gone + old("vf", "verifies", "rq") + lost + old("vf", "verifies", "rq-open")},
		"derived": {Acceptance{Derived: [][2]string{{"a", "co"}}}, []Link{{"en", "told-in", "ifu"}},
			line("en", "told-in", "ifu") + gone + old("vf", "verifies", "rq") + lost + old("vf", "verifies", "rq-open") + "derived a co 2026-05-04 Test lead\n" + rest},
	} {
		if got := accepted(t, file, before, c.a, c.links...); got != reviewHeader+"\n"+c.want {
			t.Errorf("%s: got\n%swant\n%s", name, got, c.want)
		}
	}
}

func TestAcceptRefuses(t *testing.T) {
	file := pumpFile(t)
	for name, c := range map[string]struct {
		text string
		a    Acceptance
	}{
		"malformed file":  {reviewHeader + "\nbad\n", Acceptance{Date: day, By: "x"}},
		"unknown link":    {reviewHeader, Acceptance{Links: []Link{{"vf", "verifies", "rq-open"}}, Date: day, By: "x"}},
		"unknown element": {reviewHeader, Acceptance{Derived: [][2]string{{"p", "lost"}}, Date: day, By: "x"}},
		"bad pattern":     {reviewHeader, Acceptance{Derived: [][2]string{{"p p", "co"}}, Date: day, By: "x"}},
		"no day":          {reviewHeader, Acceptance{By: "x"}},
		"nobody":          {reviewHeader, Acceptance{Date: day}},
		"two lines":       {reviewHeader, Acceptance{Date: day, By: "x\ny"}},
	} {
		if text, err := Accept(file, ParseReviews("x", []byte(c.text)), c.a); err == nil {
			t.Errorf("%s: accepted as %q", name, text)
		}
	}
}

// TestAcceptProperty: whatever is reviewed in whatever order, the links that
// were are current, all others are not, and the text does not depend on the
// order.
func TestAcceptProperty(t *testing.T) {
	file := pumpFile(t)
	all := Review(file, ParseReviews("x", []byte(reviewHeader)))
	if len(all) < 25 {
		t.Fatalf("only %d links", len(all))
	}
	rapid.Check(t, func(t *rapid.T) {
		chosen := rapid.Permutation(all).Draw(t, "links")[:rapid.IntRange(1, len(all)).Draw(t, "count")]
		text, back := reviewHeader+"\n", reviewHeader+"\n"
		for i := range chosen {
			text = must(Accept(file, ParseReviews("x", []byte(text)), Acceptance{Links: []Link{chosen[i].Link}, Date: day, By: "a b"}))
			back = must(Accept(file, ParseReviews("x", []byte(back)), Acceptance{Links: []Link{chosen[len(chosen)-1-i].Link}, Date: day, By: "a b"}))
		}
		if text != back {
			t.Fatalf("order counts:\n%s\n%s", text, back)
		}
		if lines := strings.Split(text, "\n")[1 : len(chosen)+1]; !slices.IsSorted(lines) || len(strings.Split(text, "\n")) != len(chosen)+2 {
			t.Fatalf("not sorted, or of another length: %s", text)
		}
		for _, s := range Review(file, ParseReviews("x", []byte(text))) {
			reviewed := slices.ContainsFunc(chosen, func(c State) bool { return c.Link == s.Link })
			if (s.Status == Current) != reviewed || s.Status == Gone {
				t.Fatalf("%v is %s", s.Link, s.Status)
			}
		}
	})
}

func must(text string, err error) string {
	if err != nil {
		panic(err)
	}
	return text
}

func TestReadReviews(t *testing.T) {
	file := pumpFile(t)
	name := filepath.Join(file.Dir(), ReviewFile)
	read := func() *Reviews {
		r, err := ReadReviews(file)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := read(); len(r.Links)+len(r.Findings) > 0 || r.Source.Path != filepath.ToSlash(name) {
		t.Errorf("absent: %+v", r)
	}
	if err := os.WriteFile(name, []byte(reviewHeader+"\n"+anyLine+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := read(); len(r.Links) != 1 || len(r.Findings) > 0 {
		t.Errorf("got %+v", r)
	}
	if err := os.Rename(name, name+".real"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(ReviewFile+".real", name); err != nil {
		t.Fatal(err)
	}
	if r := read(); len(r.Links) > 0 || len(r.Findings) != 1 {
		t.Errorf("link: %+v", r)
	}
}

// BenchmarkReview compares a file of 10,000 entities with its reviews.
func BenchmarkReview(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "file")
	if _, err := synthetic.Write(dir, 10000); err != nil {
		b.Fatal(err)
	}
	var l model.Loader
	file, _, err := l.Load(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(accepted(b, file, reviewHeader, Acceptance{}))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range Review(file, ParseReviews("x", text)) {
			if s.Status != Current {
				b.Fatal(s)
			}
		}
	}
}

// BenchmarkGraph builds the graph of 10,000 entities and a matrix over it.
func BenchmarkGraph(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "file")
	if _, err := synthetic.Write(dir, 10000); err != nil {
		b.Fatal(err)
	}
	var l model.Loader
	file, _, err := l.Load(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		m, err := Build(file, nil).Matrix("assets", "verifications")
		if err != nil || len(m.Rows) == 0 {
			b.Fatal(err)
		}
	}
}
