package feed

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// file is a member of what a test packs.
type file struct{ name, text string }

func zipped(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		m, err := w.Create(f.name)
		must(t, err)
		_, err = io.WriteString(m, f.text)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

func tarred(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		must(t, w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.text)), Typeflag: tar.TypeReg}))
		_, err := io.WriteString(w, f.text)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

func zstandard(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	must(t, err)
	_, err = w.Write(data)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// written puts files into a new folder.
func written(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(to), 0o755))
		must(t, os.WriteFile(to, data, 0o644))
	}
	return dir
}

// walked is what a walk over where reads: "name=text" in order.
func walked(t *testing.T, where string, bounds limits) ([]string, Stats, error) {
	t.Helper()
	var list []string
	var stats Stats
	w := &walker{ctx: t.Context(), limits: bounds, stats: &stats, suffixes: []string{".json"}}
	w.visit = func(name string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			stats.lost(name, reason(err))
			return nil
		}
		list = append(list, name+"="+string(data))
		return nil
	}
	err := w.walk(where)
	return list, stats, err
}

func TestWalkFolder(t *testing.T) {
	dir := written(t, map[string][]byte{
		"b.json":         []byte("1"),
		"a/c.JSON":       []byte("2"),
		"a/d.json.gz":    gzipped(t, []byte("3")),
		"Go/all.zip":     zipped(t, file{"z.json", "5"}, file{"x.json", "4"}, file{"notes.doc", "?"}),
		"e.tar.zst":      zstandard(t, tarred(t, file{"q.json", "6"}, file{"p.json", "7"})),
		"f.tgz":          gzipped(t, tarred(t, file{"r.json", "8"})),
		"b.json.asc":     []byte("signature"),
		"README.md":      []byte("text"),
		".git/x.json":    []byte("hidden"),
		"table.csv":      []byte("other"),
		"g.tar":          tarred(t, file{"in.zip", string(zipped(t, file{"s.json", "9"}))}),
		"h.json":         []byte("10"),
		"h/deep/er.json": []byte("11"),
	})
	must(t, os.Symlink(filepath.Join(dir, "b.json"), filepath.Join(dir, "link.json")))
	got, stats, err := walked(t, dir, usual)
	must(t, err)
	want := []string{
		"Go/all.zip/x.json=4", "Go/all.zip/z.json=5", "a/c.JSON=2", "a/d.json=3", "b.json=1",
		"e.tar/q.json=6", "e.tar/p.json=7", "f.tar/r.json=8", "h/deep/er.json=11", "h.json=10",
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %q\nwant %q", got, want)
	}
	reasons := map[string]int{reasonForeign: 2, reasonNested: 1, reasonLink: 1}
	if !maps.Equal(stats.NotUnderstood, reasons) {
		t.Errorf("not understood: %v, want %v", stats.NotUnderstood, reasons)
	}
}

func TestWalkFile(t *testing.T) {
	for name, data := range map[string][]byte{
		"one":         []byte("1"),
		"one.json":    []byte("1"),
		"one.json.gz": gzipped(t, []byte("1")),
		"one.gz":      gzipped(t, gzipped(t, []byte("1"))),
		"one.zst":     zstandard(t, []byte("1")),
		"all.zip":     zipped(t, file{"one.json", "1"}),
		"all.tar":     tarred(t, file{"one.json", "1"}),
		"all.tar.gz":  gzipped(t, tarred(t, file{"one.json", "1"})),
		"download":    gzipped(t, tarred(t, file{"one.json", "1"})),
	} {
		dir := written(t, map[string][]byte{name: data})
		got, stats, err := walked(t, filepath.Join(dir, name), usual)
		must(t, err)
		if len(got) != 1 || !strings.HasSuffix(got[0], "=1") || len(stats.NotUnderstood) > 0 {
			t.Errorf("%s: read %q, not understood %v", name, got, stats.NotUnderstood)
		}
	}
}

func TestWalkWhatIsNotThere(t *testing.T) {
	if _, _, err := walked(t, filepath.Join(t.TempDir(), "none"), usual); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// What leads outside of an archive is read under a name inside.
func TestWalkNamesStayInside(t *testing.T) {
	for name, data := range map[string][]byte{
		"a.zip": zipped(t, file{"../../up.json", "1"}, file{"/etc/x.json", "2"}),
		"a.tar": tarred(t, file{"../../up.json", "1"}, file{"/etc/x.json", "2"}),
	} {
		got, _, err := walked(t, filepath.Join(written(t, map[string][]byte{name: data}), name), usual)
		must(t, err)
		slices.Sort(got)
		if want := []string{name + "/etc/x.json=2", name + "/up.json=1"}; !slices.Equal(got, want) {
			t.Errorf("read %q, want %q", got, want)
		}
	}
}

func TestWalkTruncated(t *testing.T) {
	long := strings.Repeat("abcdefgh", 1000)
	archive := tarred(t, file{"a.json", "1"}, file{"b.json", "2"}, file{"c.json", long})
	for name, c := range map[string]struct {
		data  []byte
		files int
		why   string
	}{
		"in a member": {archive[:len(archive)-5000], 2, reasonCut},
		"in a header": {archive[:1024+300], 1, reasonCut},
		"between":     {archive[:2048], 2, reasonEnd},
		"packed":      {gzipped(t, []byte(long))[:30], 0, reasonCut},
		"tar.gz":      {func() []byte { d := gzipped(t, archive); return d[:len(d)-10] }(), 3, ""},
		"zip":         {zipped(t, file{"a.json", "1"}, file{"b.json", "2"})[:100], 0, reasonArchive},
		"empty":       {nil, 1, ""},
	} {
		dir := written(t, map[string][]byte{"x": c.data})
		got, stats, err := walked(t, filepath.Join(dir, "x"), usual)
		must(t, err)
		total := 0
		for _, n := range stats.NotUnderstood {
			total += n
		}
		if len(got) != c.files || stats.NotUnderstood[c.why] != total || total > 1 || (total == 1) != (c.why != "") {
			t.Errorf("%s: read %d files, not understood %v", name, len(got), stats.NotUnderstood)
		}
	}
}

func TestWalkLimits(t *testing.T) {
	zeros := strings.Repeat("0", 100_000)
	small := limits{files: 3, file: 50_000, total: 120_000, ratio: 10, free: 20_000, download: 1000, directory: 20_000}
	var members []file
	for i := range 1000 {
		members = append(members, file{strconv.Itoa(i) + ".txt", ""})
	}
	for name, c := range map[string]struct {
		data []byte
		err  error
		why  string
	}{
		"large":  {tarred(t, file{"a.json", zeros[:50_001]}), nil, errLarge.Error()},
		"files":  {tarred(t, file{"1.json", ""}, file{"2.json", ""}, file{"3.json", ""}, file{"4.json", ""}), errFiles, ""},
		"total":  {tarred(t, file{"1.json", zeros[:49_000]}, file{"2.json", zeros[:49_000]}, file{"3.json", zeros[:49_000]}), errTotal, errTotal.Error()},
		"gzip":   {gzipped(t, []byte(zeros)), nil, errBomb.Error()},
		"zstd":   {zstandard(t, []byte(zeros)), nil, errBomb.Error()},
		"zip":    {zipped(t, file{"a.json", zeros}), nil, errBomb.Error()},
		"many":   {zipped(t, members...), nil, errMany.Error()},
		"nested": {gzipped(t, gzipped(t, gzipped(t, gzipped(t, []byte("1"))))), nil, reasonNested},
	} {
		dir := written(t, map[string][]byte{"x": c.data})
		_, stats, err := walked(t, filepath.Join(dir, "x"), small)
		if !errors.Is(err, c.err) || c.why != "" && stats.NotUnderstood[c.why] == 0 {
			t.Errorf("%s: %v, not understood %v", name, err, stats.NotUnderstood)
		}
	}
}

func TestWalkEnds(t *testing.T) {
	dir := written(t, map[string][]byte{"a.json": []byte("1"), "b.json": []byte("2")})
	stop := errors.New("stop")
	n := 0
	err := walk(t.Context(), dir, new(Stats), []string{".json"}, func(string, io.Reader) error { n++; return stop })
	if err != stop || n != 1 {
		t.Errorf("%v after %d files", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = walk(ctx, dir, new(Stats), []string{".json"}, func(string, io.Reader) error { t.Error("visited"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v after cancelling", err)
	}
}

func TestWalkURL(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/data/all.zip", func(w http.ResponseWriter, _ *http.Request) {
		w.Write(zipped(t, file{"a.json", "1"}))
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/data/all.zip", http.StatusFound)
	})
	mux.HandleFunc("/circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) })
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 2000)) })
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Write([]byte("short"))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	t.Setenv("TMPDIR", t.TempDir())
	bounds := usual
	bounds.download = 1000
	for _, path := range []string{"/data/all.zip", "/moved"} {
		got, stats, err := walked(t, server.URL+path, bounds)
		if err != nil || len(got) != 1 || !strings.HasSuffix(got[0], "/a.json=1") || len(stats.NotUnderstood) > 0 {
			t.Errorf("%s: %q, %v, %v", path, got, stats.NotUnderstood, err)
		}
	}
	for path, want := range map[string]string{"/none": "404", "/circle": "five times", "/large": "larger", "/cut": "EOF"} {
		if got, _, err := walked(t, server.URL+path, bounds); err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%s: %q, error %v", path, got, err)
		}
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRedirectNeverLosesTLS(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	request := func(address string) *http.Request {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		must(t, err)
		return r
	}
	if err := redirect(request(plain.URL), []*http.Request{request("https://127.0.0.1/")}); err == nil {
		t.Error("redirected from https to http")
	}
	if err := redirect(request("https://127.0.0.1/b"), []*http.Request{request("https://127.0.0.1/a")}); err != nil {
		t.Error(err)
	}
}

func TestPasswordsOfURLsAreNotShown(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, _, err := walked(t, strings.Replace(server.URL, "http://", "http://user:hidden@", 1), usual)
	if err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("error %v", err)
	}
}

func FuzzWalk(f *testing.F) {
	f.Add(zipped(f, file{"a.json", "1"}, file{"../b.json", "2"}))
	f.Add(tarred(f, file{"a.json", "1"}, file{"b.json", "22"}))
	f.Add(gzipped(f, tarred(f, file{"a.json", "1"})))
	f.Add(zstandard(f, []byte("{}")))
	f.Add([]byte(`{"a": 1}`))
	small := limits{files: 100, file: 1 << 16, total: 1 << 18, ratio: 50, free: 1 << 14, download: 1}
	f.Fuzz(func(t *testing.T, data []byte) {
		where := filepath.Join(t.TempDir(), "x")
		must(t, os.WriteFile(where, data, 0o600))
		first, _, err := walked(t, where, small)
		if err != nil && !errors.Is(err, errFiles) && !errors.Is(err, errTotal) {
			t.Error(err)
		}
		for _, f := range first {
			if name, _, _ := strings.Cut(f, "="); strings.HasPrefix(name, "/") || strings.Contains("/"+name+"/", "/../") {
				t.Errorf("name %q", name)
			}
		}
		if again, _, _ := walked(t, where, small); fmt.Sprint(again) != fmt.Sprint(first) {
			t.Errorf("%q, then %q", first, again)
		}
	})
}
