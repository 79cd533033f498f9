package sbom

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// stream makes a file of any size while it is read.
type stream struct {
	head, tail string
	part       func(out []byte, i int) []byte
	n, i       int
	buf        []byte
	stage      int
}

func (s *stream) Read(p []byte) (int, error) {
	for len(s.buf) == 0 {
		switch {
		case s.stage == 0:
			s.buf, s.stage = append(s.buf, s.head...), 1
		case s.i < s.n:
			s.buf = s.part(s.buf[:0], s.i)
			s.i++
		case s.stage == 1:
			s.buf, s.stage = append(s.buf[:0], s.tail...), 2
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, s.buf)
	s.buf = s.buf[n:]
	return n, nil
}

// largeJSON has components of about 3,300 bytes, most of which nobody needs.
func largeJSON(n int) *stream {
	evidence := `"evidence":{"occurrences":[{"location":"` + strings.Repeat("/usr/share/x", 250) + `"}]}`
	return &stream{head: `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"first"}`, tail: `]}`, n: n,
		part: func(out []byte, i int) []byte {
			return fmt.Appendf(out, ",\n"+`{"type":"library","bom-ref":"pkg:npm/p%d@1.0","name":"p%d","version":"1.0","purl":"pkg:npm/p%d@1.0","licenses":[{"license":{"id":"MIT"}}],%s}`, i, i, i, evidence)
		}}
}

// TestLarge reads 1 GB: memory follows what is kept.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 1 GB")
	}
	const n = 300_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	bom, err := Read(largeJSON(n), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if len(bom.Components) != n+1 || len(bom.Problems) > 0 || bom.Components[n].Line != n+1 {
		t.Errorf("%d components, the last in line %d, problems %v", len(bom.Components), bom.Components[n].Line, bom.Problems)
	}
	kept, taken := after.HeapAlloc-before.HeapAlloc, after.Sys-before.Sys
	t.Logf("%d MB kept, %d MB taken from the system", kept>>20, taken>>20)
	if after.HeapAlloc > before.HeapAlloc && kept > n*1000 {
		t.Errorf("%d bytes are kept for a component", kept/n)
	}
	if taken > 1<<30 {
		t.Errorf("%d MB were taken to read", taken>>20)
	}
	runtime.KeepAlive(bom)
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat(`{"name":"x","components":[`, 300) + strings.Repeat("]}", 300)
	deepXML := strings.Repeat("<component><name>x</name><components>", 300) + strings.Repeat("</components></component>", 300)
	long := strings.Repeat("x", 100_000)
	for name, c := range map[string]struct {
		in         string
		limits     Limits
		components int
		problem    string
	}{
		"components":                      {cdxHead + `{"name":"a"},{"name":"b"},{"name":"c"}]}`, Limits{Components: 2}, 2, "more than 2 components; 1 were not read"},
		"components, XML":                 {xmlHead + "<component><name>a</name></component><component><name>b</name></component></components></bom>", Limits{Components: 1}, 1, "more than 1 components; 1 were"},
		"components, tags":                {tagHead + "PackageName: b\nPackageVersion: 1\n", Limits{Components: 1}, 1, "more than 1 components; 1 were"},
		"bytes":                           {cdxHead + `{"name":"a"},{"name":"b"}]}`, Limits{Bytes: 75}, 1, "larger than 75 bytes"},
		"depth":                           {cdxHead + deep + "]}", Limits{}, 127, "more than 256 levels deep"},
		"depth of what nobody needs":      {cdxHead + `{"name":"a","evidence":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}]}`, Limits{}, 1, ""},
		"depth, XML":                      {xmlHead + deepXML + "</components></bom>", Limits{}, 127, "more than 256 levels deep"},
		"depth of what nobody needs, XML": {xmlHead + "<component><name>a</name><evidence>" + strings.Repeat("<x>", 30_000), Limits{}, 1, "more than 25600 levels deep; reading ends"},
		"text":                            {cdxHead + `{"name":"a","description":"` + long + `","version":"1"}]}`, Limits{}, 1, "a text is longer than 65536 bytes"},
		"text that is skipped":            {cdxHead + `{"name":"a","evidence":"` + long + `"}]}`, Limits{}, 1, ""},
		"text, XML":                       {xmlHead + "<component><name>a</name><description>" + long + "</description></component></components></bom>", Limits{}, 1, "a text is longer than 65536 bytes"},
		"text, tags":                      {tagHead + "PackageComment: <text>" + strings.Repeat("long\n", 30_000) + "</text>\nPackageName: b\n", Limits{}, 2, "a text is longer than 65536 bytes"},
		"line, tags":                      {tagHead + "PackageComment: " + long + "\nPackageName: b\n", Limits{}, 2, "a line is longer than 65536 bytes"},
		"dependencies":                    {cdxHead + `{"name":"a","bom-ref":"a"}],"dependencies":[{"ref":"a","dependsOn":["a","b","c"]}]}`, Limits{Dependencies: 1}, 1, "more than 1 dependencies; 1 were not read"},
		"entries":                         {cdxHead + `{"name":"a","hashes":[` + strings.Repeat(`{"alg":"MD5","content":"00"},`, mostEntries) + `{}]}]}`, Limits{}, 1, "hashes are more than 10000"},
	} {
		t.Run(name, func(t *testing.T) {
			bom, err := Read(strings.NewReader(c.in), c.limits)
			if err != nil {
				t.Fatal(err)
			}
			if len(bom.Components) != c.components || c.problem != "" && !hasProblem(bom, c.problem) || c.problem == "" && len(bom.Problems) > 0 || c.problem != "" && bom.Lost == 0 {
				t.Errorf("%d components, problems %v", len(bom.Components), bom.Problems)
			}
		})
	}
}

func TestUnlisted(t *testing.T) {
	bom := mustRead(t, []byte(cdxHead+strings.Repeat(`5,`, 1000)+`{"name":"a"}]}`))
	if len(bom.Problems) != 100 || bom.Unlisted != 900 || bom.Lost != 1000 || len(bom.Components) != 1 {
		t.Errorf("%d problems, %d unlisted, %d lost", len(bom.Problems), bom.Unlisted, bom.Lost)
	}
}

// TestFailing reads from what fails.
func TestFailing(t *testing.T) {
	fails := errors.New("disk is gone")
	after := func(text string) io.Reader { return io.MultiReader(strings.NewReader(text), iotest.ErrReader(fails)) }
	if _, err := Read(after(""), Limits{}); !errors.Is(err, fails) {
		t.Errorf("nothing read: %v", err)
	}
	bom, err := Read(after(cdxHead+`{"name":"a"},{"na`), Limits{})
	if err != nil || len(bom.Components) != 1 || !hasProblem(bom, "disk is gone") || bom.Lost == 0 {
		t.Errorf("read before the end: %v, %+v", err, bom)
	}
}

// TestCircles compares the circles that are found with those that a search from each
// node finds.
func TestCircles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n := 1 + random.IntN(8)
		var list strings.Builder
		reach := make([][]bool, n)
		for i := range reach {
			reach[i] = make([]bool, n)
			fmt.Fprintf(&list, `{"name":"x","bom-ref":"%d"},`, i)
		}
		list.WriteString(`{"name":"end"}],"dependencies":[`)
		for range random.IntN(2 * n) {
			from, to := random.IntN(n), random.IntN(n)
			reach[from][to] = true
			fmt.Fprintf(&list, `{"ref":"%d","dependsOn":["%d"]},`, from, to)
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		circles := map[string]bool{}
		for i := range n {
			if reach[i][i] {
				var set []string
				for j := range n {
					if reach[i][j] && reach[j][i] {
						set = append(set, strconv.Itoa(j))
					}
				}
				circles[strings.Join(set, " ")] = true
			}
		}
		bom := mustRead(t, []byte(cdxHead+list.String()+`{"ref":"0"}]}`))
		found := 0
		for _, p := range bom.Problems {
			if strings.Contains(p.What, "depends on itself") {
				found++
			}
		}
		if found != len(circles) {
			t.Fatalf("%d circles are found, there are %v\n%s", found, circles, list.String())
		}
	}
}

// TestLongChain has many components, each of which depends on the next, and the
// last on the first.
func TestLongChain(t *testing.T) {
	const n = 100_000
	parts, chain := &strings.Builder{}, &strings.Builder{}
	for i := range n {
		fmt.Fprintf(parts, `{"name":"x","bom-ref":"%d"},`, i)
		fmt.Fprintf(chain, `{"ref":"%d","dependsOn":["%d"]},`, i, (i+1)%n)
	}
	bom := mustRead(t, []byte(cdxHead+parts.String()+`{"name":"end"}],"dependencies":[`+strings.TrimSuffix(chain.String(), ",")+`]}`))
	if len(bom.Problems) != 1 || !hasProblem(bom, `in a circle with ["1" "2" "3"] and 99996 more`) || !slices.Equal(bom.Depends["5"], []string{"6"}) {
		t.Errorf("problems %v", bom.Problems)
	}
}

// TestSteps bounds the work for what is made to take long: each is read in a second or two
// where a step for each pair of its parts would take hours.
func TestSteps(t *testing.T) {
	const n = 200_000
	for name, c := range map[string]struct{ in, problem string }{
		"end tags":       {xmlHead + "<component><evidence>" + strings.Repeat("<x>", 25_000) + strings.Repeat("</y>", n), "closes nothing"},
		"members":        {cdxHead + "{" + strings.Repeat(`"name":"a",`, n) + `"name":"b"}]}`, "stands twice"},
		"open texts":     {tagHead + strings.Repeat("PackageComment: <text>\nPackageName: b\n", n), "is not closed before"},
		"described":      {`{"spdxVersion":"SPDX-2.3","packages":[` + strings.Repeat(`{"name":"a","SPDXID":"x"},`, n/10) + `{"name":"b","SPDXID":"b"}],"documentDescribes":[` + strings.Repeat(`"b",`, n) + `"b"]}`, "stands twice"},
		"open brackets":  {cdxHead + strings.Repeat("[", n), "ends in the middle"},
		"mistakes, XML":  {xmlHead + strings.Repeat("<<", n), "no well-formed XML"},
		"mistakes, JSON": {cdxHead + strings.Repeat("?}", n), "is no JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			bom := mustRead(t, []byte(c.in))
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if !hasProblem(bom, c.problem) || bom.Unlisted == 0 && len(bom.Problems) > 10 {
				t.Errorf("problems %v", bom.Problems)
			}
		})
	}
}
