package vuln

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"theriac/trust"
)

// content is what goes into a database.
type content struct {
	records   []Record
	exploited []Exploited
	likely    []Likelihood
	cycles    []Cycle
	sources   []Source
}

func (c content) addTo(t testing.TB, b *Builder) {
	t.Helper()
	for _, r := range c.records {
		check(t, b.Add(&r))
	}
	for _, x := range c.exploited {
		check(t, b.AddExploited(x))
	}
	for _, l := range c.likely {
		check(t, b.AddLikelihood(l))
	}
	for _, x := range c.cycles {
		check(t, b.AddCycle(x))
	}
	for _, s := range c.sources {
		b.AddSource(s)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// build makes a database in a folder of its own.
func build(t testing.TB, c content, o Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vuln.db")
	b, err := NewBuilder(path, o)
	check(t, err)
	c.addTo(t, b)
	_, err = b.Finish(t.Context())
	check(t, err)
	left, err := os.ReadDir(filepath.Dir(path))
	check(t, err)
	if len(left) != 1 {
		t.Fatalf("left behind: %v", left)
	}
	return path
}

func open(t testing.TB, path string, trusted ...*trust.PublicKey) *DB {
	t.Helper()
	db, err := Open(path, trusted...)
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	return db
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	check(t, err)
	return b
}

var day = time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC)

// scene makes records of a random source, over few ids and packages so that they
// meet.
func scene(r *rand.Rand, n int) content {
	var c content
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	for range n {
		id := fmt.Sprintf("X-%d", r.IntN(n))
		rec := Record{ID: id, Source: pick("osv", "nvd"), Summary: strings.Repeat(pick("a", "é", "text "), r.IntN(400)), Modified: day.Add(time.Duration(r.IntN(50)) * time.Hour)}
		if r.IntN(9) == 0 {
			rec.Withdrawn = day
		}
		if r.IntN(2) == 0 {
			rec.Aliases = []string{fmt.Sprintf("CVE-%d", r.IntN(n))}
		}
		for range r.IntN(4) {
			a := Affected{Ecosystem: pick("Go", "PyPI", "Debian:11", "Debian:12", "Debian-like"), Name: fmt.Sprintf("Name_%d", r.IntN(n/2+1))}
			a.Ranges = []Range{{RangeKind(r.IntN(3)), []Event{{Introduced, "0"}, {Fixed, fmt.Sprint(r.IntN(100))}}}}
			for range r.IntN(20) {
				a.Versions = append(a.Versions, fmt.Sprintf("%d.%d", r.IntN(50), r.IntN(50)))
			}
			rec.Affected = append(rec.Affected, a)
		}
		c.records = append(c.records, rec)
	}
	for i := range n / 4 {
		cve := fmt.Sprintf("CVE-%d", r.IntN(n))
		c.exploited = append(c.exploited, Exploited{CVE: cve, Added: fmt.Sprintf("2026-01-%02d", 1+r.IntN(28)), Ransomware: i%2 == 0, Name: "name"})
		c.likely = append(c.likely, Likelihood{cve, fmt.Sprintf("0.%05d", r.IntN(1e5)), "0.5", fmt.Sprintf("2026-01-%02d", 1+r.IntN(28))})
		c.cycles = append(c.cycles, Cycle{Product: pick("debian", "go"), Name: fmt.Sprint(i), End: "2027-01-01", IDs: []string{pick("pkg:a/b", "cpe:2.3:a:b:c")}})
	}
	c.sources = []Source{{Name: "osv", What: "all.zip", Newest: day, Count: n, NotUnderstood: map[string]int{"no id": r.IntN(5)}}}
	return c
}

func with(a, b content) content {
	return content{slices.Concat(a.records, b.records), slices.Concat(a.exploited, b.exploited), slices.Concat(a.likely, b.likely), slices.Concat(a.cycles, b.cycles), slices.Concat(a.sources, b.sources)}
}

// stays are the records that a database keeps, and what they say of packages.
func stays(c content) map[[2]string]Record {
	best := map[[2]string]Record{}
	for _, r := range c.records {
		key := [2]string{r.ID, r.Source}
		_, a, err := freshRecord(&r)
		if err != nil {
			panic(err)
		}
		if old, ok := best[key]; ok {
			_, b, _ := freshRecord(&old)
			if cmp.Or(r.Modified.Compare(old.Modified), bytes.Compare(a[:markSize], b[:markSize])) <= 0 {
				continue
			}
		}
		best[key] = r
	}
	return best
}

func entriesOf(all map[[2]string]Record, ecosystem, name string) []Entry {
	var want []Entry
	for _, r := range all {
		for _, a := range r.Affected {
			if a.Ecosystem == ecosystem && Normal(ecosystem, a.Name) == Normal(ecosystem, name) {
				want = append(want, Entry{r.ID, r.Source, !r.Withdrawn.IsZero(), a})
			}
		}
	}
	slices.SortStableFunc(want, func(a, b Entry) int {
		return bytes.Compare(keyOf(a.Record, a.Source), keyOf(b.Record, b.Source))
	})
	return want
}

// TestEntries compares look-ups with a search through everything, for blocks and
// memory of any size.
func TestEntries(t *testing.T) {
	for seed := range uint64(12) {
		c := scene(rand.New(rand.NewPCG(seed, 1)), 20<<(seed%5))
		o := Options{Memory: []int{0, 2000}[seed%2], blockSize: []int{0, 64, 300, 2000}[seed%4]}
		db := open(t, build(t, c, o))
		all := stays(c)
		for _, ecosystem := range []string{"Go", "PyPI", "Debian:11", "Debian:12", "Debian-like", "Debian", "npm", "G", ""} {
			for i := range len(c.records)/2 + 3 {
				name := fmt.Sprintf("Name_%d", i)
				got, err := db.Entries(ecosystem, name)
				check(t, err)
				if want := entriesOf(all, ecosystem, name); !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d: %s %s:\n%+v\nwant\n%+v", seed, ecosystem, name, got, want)
				}
			}
		}
		for i := range c.records {
			id := c.records[i].ID
			got, err := db.Records(id)
			check(t, err)
			want := 0
			for _, source := range []string{"nvd", "osv"} {
				if r, ok := all[[2]string{id, source}]; ok {
					if want++; want > len(got) || got[want-1].Modified != r.Modified || got[want-1].Source != source || !slices.Equal(got[want-1].Aliases, r.Aliases) {
						t.Fatalf("%s: %+v, want %+v", id, got, r)
					}
				}
			}
			if len(got) != want {
				t.Fatalf("%s: %d records, want %d", id, len(got), want)
			}
		}
		check(t, db.Verify(t.Context()))
	}
}

// TestSameBytes: neither the order of what is added nor the memory, and no update
// instead of a build from everything, shows in the file.
func TestSameBytes(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 2))
		a, b := scene(r, 150), scene(r, 10<<(seed%5))
		o := Options{blockSize: 500}
		whole := read(t, build(t, with(a, b), o))
		mixed := with(a, b)
		r.Shuffle(len(mixed.records), reflect.Swapper(mixed.records))
		r.Shuffle(len(mixed.exploited), reflect.Swapper(mixed.exploited))
		r.Shuffle(len(mixed.likely), reflect.Swapper(mixed.likely))
		slices.Reverse(mixed.sources)
		if !bytes.Equal(read(t, build(t, mixed, Options{blockSize: 500, Memory: 3000})), whole) {
			t.Fatalf("seed %d: other order, other bytes", seed)
		}
		base := open(t, build(t, a, o))
		if !bytes.Equal(read(t, build(t, b, Options{blockSize: 500, Base: base})), whole) {
			t.Fatalf("seed %d: the update has other bytes", seed)
		}
		if again := read(t, build(t, content{}, Options{blockSize: 500, Base: open(t, build(t, with(a, b), o))})); !bytes.Equal(again, whole) {
			t.Fatalf("seed %d: an update with nothing has other bytes", seed)
		}
	}
}

// TestUpdateOfItself: what is read by the builder may be what it replaces.
func TestUpdateOfItself(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	a, b := scene(r, 300), scene(r, 30)
	path := build(t, a, Options{})
	builder, err := NewBuilder(path, Options{Base: open(t, path)})
	check(t, err)
	b.addTo(t, builder)
	built, err := builder.Finish(t.Context())
	check(t, err)
	if !bytes.Equal(read(t, path), read(t, build(t, with(a, b), Options{}))) {
		t.Error("other bytes")
	}
	kept := len(stays(with(a, b)))
	if want := (Built{kept, len(b.records), len(stays(a)) + len(b.records) - kept}); built != want {
		t.Errorf("%+v, want %+v", built, want)
	}
}

// fill sets every field to something that is not zero, so that a field that is
// forgotten shows.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(day.Add(time.Duration(*n) * time.Nanosecond)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("no value for " + v.Type().String())
	}
}

func filled[T any]() T {
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

func TestEveryField(t *testing.T) {
	c := content{
		records: []Record{filled[Record]()}, exploited: []Exploited{filled[Exploited]()},
		likely: []Likelihood{filled[Likelihood]()}, cycles: []Cycle{filled[Cycle]()}, sources: []Source{{Name: "osv", What: "x", Newest: day, Count: 3, NotUnderstood: map[string]int{"no id": 2}, Examples: []string{"a.json: no id"}}},
	}
	r := c.records[0]
	db := open(t, build(t, c, Options{}))
	for _, a := range r.Affected {
		got, err := db.Entries(a.Ecosystem, a.Name)
		check(t, err)
		if want := []Entry{{r.ID, r.Source, true, a}}; !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nwant %+v", got, want)
		}
	}
	want := r
	want.Affected = nil
	for _, a := range r.Affected {
		want.Affected = append(want.Affected, Affected{Ecosystem: a.Ecosystem, Name: Normal(a.Ecosystem, a.Name)})
	}
	if got, err := db.Records(r.ID); err != nil || !reflect.DeepEqual(got, []Record{want}) {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	if got, found, err := db.Exploited(c.exploited[0].CVE); err != nil || !found || got != c.exploited[0] {
		t.Errorf("%+v, %v, %v", got, found, err)
	}
	if got, found, err := db.Likelihood(c.likely[0].CVE); err != nil || !found || got != c.likely[0] {
		t.Errorf("%+v, %v, %v", got, found, err)
	}
	if got, err := db.Cycles(c.cycles[0].Product); err != nil || !reflect.DeepEqual(got, c.cycles) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, id := range c.cycles[0].IDs {
		if got, err := db.Products(id); err != nil || !slices.Equal(got, []string{c.cycles[0].Product}) {
			t.Errorf("%s: %v, %v", id, got, err)
		}
	}
	info, err := db.Info()
	check(t, err)
	if !reflect.DeepEqual(info.Sources, c.sources) || info.Withdrawn != 1 || info.Records[r.Source] != 1 || info.Exploited != 1 || info.Likelihoods != 1 || info.Cycles != 1 || len(info.Ecosystems) != 2 || info.Ecosystems[0].Packages != 1 || info.Ecosystems[0].Records != 1 {
		t.Errorf("%+v", info)
	}
	for _, name := range []string{"nothing", "", "text", "a\x00b"} {
		_, x, err1 := db.Exploited(name)
		_, l, err2 := db.Likelihood(name)
		a, err3 := db.Aliases(name)
		e, err4 := db.Entries(name, name)
		p, err5 := db.Products(name)
		y, err6 := db.Cycles(name)
		s, err7 := db.Records(name)
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil || x || l || len(a)+len(e)+len(p)+len(y)+len(s) > 0 {
			t.Errorf("%q is found, or %v", name, err)
		}
	}
}

func TestAliases(t *testing.T) {
	link := func(id string, aliases ...string) Record {
		return Record{ID: id, Source: "osv", Modified: day, Aliases: aliases, Related: []string{"R-1"}, Upstream: []string{"U-1"}}
	}
	gone := link("W-1", "CVE-1", "CVE-4")
	gone.Withdrawn = day
	db := open(t, build(t, content{records: []Record{
		link("GO-1", "CVE-1", "GHSA-1"), link("GHSA-1", "CVE-1"), link("DSA-1"), link("PYSEC-2", "CVE-2", "PYSEC-2"),
		link("GHSA-2", "CVE-2"), gone, link("A", "B"), link("C", "B"), link("D", "C", "", "a\x00b"), link("SELF", "SELF"),
		link("L-1", "L-5", "L-4"), link("L-2", "L-3", "L-4"),
	}}, Options{blockSize: 64}))
	for id, want := range map[string][]string{
		"CVE-1": {"CVE-1", "GHSA-1", "GO-1"}, "GO-1": {"CVE-1", "GHSA-1", "GO-1"}, "GHSA-1": {"CVE-1", "GHSA-1", "GO-1"},
		"CVE-2": {"CVE-2", "GHSA-2", "PYSEC-2"}, "B": {"A", "B", "C", "D"}, "D": {"A", "B", "C", "D"},
		"L-1": {"L-1", "L-2", "L-3", "L-4", "L-5"}, "L-4": {"L-1", "L-2", "L-3", "L-4", "L-5"},
		"DSA-1": nil, "R-1": nil, "U-1": nil, "W-1": nil, "CVE-4": nil, "SELF": nil, "CVE": nil,
	} {
		if got, err := db.Aliases(id); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", id, got, err, want)
		}
	}
	if info, err := db.Info(); err != nil || info.Groups != 4 {
		t.Errorf("%+v, %v", info, err)
	}
}

// TestAliasChain: aliases that would make one vulnerability of very many are not followed,
// and are counted.
func TestAliasChain(t *testing.T) {
	var chain []Record
	for i := range 2*maxGroup + 1 {
		chain = append(chain, Record{ID: fmt.Sprintf("A-%05d", i), Source: "osv", Modified: day, Aliases: []string{fmt.Sprintf("A-%05d", i+1)}})
	}
	late := Record{ID: "B", Source: "osv", Modified: day, Aliases: []string{"A-00000"}}
	db := open(t, build(t, content{records: append(chain, late)}, Options{}))
	if group, err := db.Aliases(late.ID); err != nil || group != nil {
		t.Errorf("what found no room in a group has the aliases %v, %v", group, err)
	}
	for i := range chain {
		if group, err := db.Aliases(chain[i].ID); err != nil || len(group) > maxGroup {
			t.Fatalf("%s is one of %d ids, %v", chain[i].ID, len(group), err)
		}
	}
	if info, err := db.Info(); err != nil || info.AliasesApart != 3 || info.Groups != 3 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestNewest(t *testing.T) {
	db := open(t, build(t, content{
		exploited: []Exploited{{CVE: "CVE-1", Added: "2026-02-01", Name: "b"}, {CVE: "CVE-1", Added: "2026-01-01", Name: "a"}},
		likely:    []Likelihood{{"CVE-1", "0.9", "1", "2026-02-01"}, {"CVE-1", "0.1", "1", "2026-03-01"}},
		cycles:    []Cycle{{Product: "p", Name: "1", End: "2030-01-01"}, {Product: "p", Name: "1", End: "2027-01-01"}},
		sources: []Source{
			{Name: "osv", What: "a", Newest: day, Count: 1}, {Name: "osv", What: "a", Newest: day.Add(time.Hour), Count: 2}, {Name: "kev", What: "b"},
		},
	}, Options{}))
	x, _, err1 := db.Exploited("CVE-1")
	l, _, err2 := db.Likelihood("CVE-1")
	c, err3 := db.Cycles("p")
	info, err4 := db.Info()
	check(t, errors.Join(err1, err2, err3, err4))
	if x.Name != "b" || l.Score != "0.1" || len(c) != 1 || c[0].End != "2027-01-01" || len(info.Sources) != 2 || info.Sources[0].Name != "kev" || info.Sources[1].Count != 2 {
		t.Errorf("%+v %+v %+v %+v", x, l, c, info.Sources)
	}
}

func TestHas(t *testing.T) {
	db := open(t, build(t, content{records: []Record{{ID: "1", Source: "nvd", Affected: []Affected{
		{Ecosystem: "Debian:11", Name: "x"}, {Ecosystem: "CPE", Name: "OpenSSL:openssl"},
	}}}}, Options{}))
	for ecosystem, want := range map[string]bool{"Debian:11": true, "Debian": false, "Debian:1": false, "CPE": true, "npm": false, "": false} {
		if got, err := db.Has(ecosystem); err != nil || got != want {
			t.Errorf("%s: %v, %v", ecosystem, got, err)
		}
	}
	for vendor, want := range map[string]bool{"openssl": true, "OpenSSL": true, "open": false, "": false} {
		if got, err := db.HasVendor(vendor); err != nil || got != want {
			t.Errorf("%s: %v, %v", vendor, got, err)
		}
	}
}

func TestRefusedRecords(t *testing.T) {
	b, err := NewBuilder(filepath.Join(t.TempDir(), "db"), Options{})
	check(t, err)
	goodOne := Record{ID: "A", Source: "osv", Affected: []Affected{{Ecosystem: "Go", Name: "x"}}}
	for what, spoil := range map[string]func(r *Record){
		"its id is missing":     func(r *Record) { r.ID = "" },
		"its id is missing or":  func(r *Record) { r.ID = "a\x00b" },
		"its source":            func(r *Record) { r.Source = "" },
		"an ecosystem":          func(r *Record) { r.Affected[0].Ecosystem = strings.Repeat("x", maxID+1) },
		"the name of a package": func(r *Record) { r.Affected[0].Name = "" },
		"a date":                func(r *Record) { r.Modified = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) },
		"what it says of x":     func(r *Record) { r.Affected[0].Versions = []string{strings.Repeat("1", maxValue)} },
	} {
		bad := goodOne
		bad.Affected = slices.Clone(goodOne.Affected)
		spoil(&bad)
		if err := b.Add(&bad); !errors.Is(err, ErrRecord) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := b.AddExploited(Exploited{}); !errors.Is(err, ErrRecord) {
		t.Error(err)
	}
	if err := b.AddLikelihood(Likelihood{}); !errors.Is(err, ErrRecord) {
		t.Error(err)
	}
	if err := b.AddCycle(Cycle{Product: "p"}); !errors.Is(err, ErrRecord) {
		t.Error(err)
	}
	if err := b.AddCycle(Cycle{Product: "p", Name: "1", IDs: []string{""}}); !errors.Is(err, ErrRecord) {
		t.Error(err)
	}
	check(t, b.Add(&goodOne))
	built, err := b.Finish(t.Context())
	if err != nil || built.Records != 1 || built.Added != 1 {
		t.Errorf("%+v, %v", built, err)
	}
}

// TestLongRows: what is larger than any block is found all the same.
func TestLongRows(t *testing.T) {
	long := Record{ID: "L", Source: "osv", Summary: strings.Repeat("é", 400), URLs: strings.Fields("1 2 3 4 5 6 7"), Affected: []Affected{{Ecosystem: "Go", Name: "x", Versions: make([]string, 50000)}}}
	for i := range long.Affected[0].Versions {
		long.Affected[0].Versions[i] = fmt.Sprint(i)
	}
	for i := range 5000 {
		long.Affected = append(long.Affected, Affected{Ecosystem: "npm", Name: fmt.Sprint("package-", i)})
	}
	c := scene(rand.New(rand.NewPCG(1, 1)), 100)
	c.records = append(c.records, long)
	db := open(t, build(t, c, Options{Memory: 10000}))
	check(t, db.Verify(t.Context()))
	if e, err := db.Entries("Go", "X"); err != nil || len(e) != 1 || !slices.Equal(e[0].Versions, long.Affected[0].Versions) {
		t.Error(len(e), err)
	}
	r, err := db.Records("L")
	check(t, err)
	if n := len([]rune(r[0].Summary)); n != maxSummary || len(r[0].URLs) != maxURLs || len(r[0].Affected) != 5001 {
		t.Error(n, r[0].URLs, len(r[0].Affected))
	}
}

func TestNormal(t *testing.T) {
	for _, c := range [][3]string{
		{"PyPI", "Flask.SQL__Alchemy-x", "flask-sql-alchemy-x"}, {"PyPI", "-a-", "-a-"}, {"PyPI", "Django", "django"},
		{"Go", "github.com/BurntSushi/toml", "github.com/burntsushi/toml"}, {"npm", "@Angular/Core", "@Angular/Core"},
		{"Packagist", "Symfony/HTTP", "symfony/http"}, {"NuGet", "Newtonsoft.Json", "newtonsoft.json"},
		{"Debian:11", "libX", "libX"}, {"Maven", "org.A:b", "org.A:b"}, {"crates.io", "a_B", "a_B"}, {"CPE", "OpenSSL:openssl", "openssl:openssl"},
		{"GIT", "https://github.com/File/file.git", "github.com/file/file"}, {"GIT", "git@github.com:file/file.git", "github.com/file/file"},
		{"GIT", "git+https://user@example.org/a/b/", "example.org/a/b"}, {"SwiftURL", "ssh://git@example.org/a.git/", "example.org/a"},
		{"GIT", "", ""}, {"GIT", "git://sourceware.org/git/glibc.git", "sourceware.org/git/glibc"}, {"GIT", "Not an address", "not an address"},
	} {
		if got := Normal(c[0], c[1]); got != c[2] {
			t.Errorf("%s %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		ecosystem := rapid.SampledFrom([]string{"PyPI", "Go", "GIT", "CPE", "npm", "SwiftURL"}).Draw(t, "ecosystem")
		name := rapid.StringMatching(`([a-zA-Z._:/@-]|\.git|https://){0,20}`).Draw(t, "name")
		once := Normal(ecosystem, name)
		if twice := Normal(ecosystem, once); twice != once {
			t.Fatalf("%q becomes %q, which becomes %q", name, once, twice)
		}
	})
}
