package change

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"theriac/model"
)

func day(t *testing.T, text string) model.Date {
	t.Helper()
	d, err := model.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// workspace is a security file with a library beside it, a variant, reviews, a
// nested security file and files that do not belong.
func workspace(t *testing.T) (dir string) {
	t.Helper()
	top := put(t, t.TempDir(), map[string]string{
		"theriac.workspace":   "",
		"lib/library.yaml":    "imports:\n  im-deep: {path: ../deep}\n",
		"lib/controls.yaml":   "controls:\n  ct-lib: {title: From the library, priority: design}\n",
		"deep/library.yaml":   "roles:\n  ro-deep: {title: From far, type: service}\n",
		"unused/library.yaml": "controls:\n  ct-unused: {title: Unused, priority: design}\n",
		"pump/theriac.yaml": `
product: {name: Example pump, regulation: MDR, class: IIb}
imports:
  im-lib: {path: ../lib}
variants:
  va-home: {title: Home}
ignore: [notes.yaml]
`,
		"pump/parts/more.yml":        "components:\n  co-main: {title: Main, type: application}\n  co-home: {title: Home, type: application, only-in: [va-home]}\n",
		"pump/notes.yaml":            "anything: at all\n",
		"pump/.hidden/a.yaml":        "anything: at all\n",
		"pump/other/theriac.yaml":    "product: {name: Another, regulation: MDR, class: I}\n",
		"pump/theriac.reviews":       "theriac reviews 1\nderived component-spoofing co-main 2026-01-01 Head\n",
		"pump/evidence/report.pdf":   "%PDF",
		"pump/baselines/ignored.txt": "",
	})
	return filepath.Join(top, "pump")
}

func freeze(t *testing.T, dir, name string) ([]byte, *Manifest) {
	t.Helper()
	archive, m, err := Freeze(t.Context(), dir, name, day(t, "2026-11-22"), "")
	if err != nil {
		t.Fatal(err)
	}
	return archive, m
}

func keep(t *testing.T, dir, name string, archive []byte) {
	t.Helper()
	put(t, dir, map[string]string{"baselines/" + name + ".zip": string(archive)})
}

func TestFreeze(t *testing.T) {
	dir := workspace(t)
	archive, m := freeze(t, dir, "before")
	if again, _ := freeze(t, dir, "before"); !bytes.Equal(archive, again) {
		t.Error("two runs give different bytes")
	}
	var names []string
	for _, f := range m.Files {
		names = append(names, f.Path)
	}
	want := []string{"deep/library.yaml", "lib/controls.yaml", "lib/library.yaml", "pump/parts/more.yml", "pump/theriac.reviews", "pump/theriac.yaml", "theriac.workspace"}
	if !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	ids := func(s ManifestState) string {
		var list []string
		for _, e := range s.Entities {
			list = append(list, e.ID)
		}
		return strings.Join(list, " ")
	}
	if len(m.States) != 2 || strings.Contains(ids(m.States[0]), "co-home") || !strings.Contains(ids(m.States[1]), "co-home") || !strings.Contains(ids(m.States[0]), "ct-lib") || !strings.Contains(ids(m.States[0]), "ro-deep") {
		t.Errorf("states: %+v", m.States)
	}
	if len(m.States[0].Threats) == 0 {
		t.Error("no derived threats")
	}
	keep(t, dir, "before", archive)
	b, err := LoadBaseline(dir, "before")
	if err != nil {
		t.Fatal(err)
	}
	if notes, err := b.Verify(t.Context()); err != nil || len(notes) > 0 {
		t.Errorf("verify: %q, %v", notes, err)
	}
	if names, err := Baselines(dir); err != nil || !slices.Equal(names, []string{"before"}) {
		t.Errorf("list: %q, %v", names, err)
	}
}

// A baseline shows what the folder was, whatever happened to it since.
func TestOpenBaseline(t *testing.T) {
	dir := workspace(t)
	archive, _ := freeze(t, dir, "before")
	keep(t, dir, "before", archive)
	put(t, dir, map[string]string{"../lib/controls.yaml": "controls:\n  ct-lib: {title: From the library, priority: information}\n"})
	before, err := Open(t.Context(), dir, "before")
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	was, err := before.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	c := Compare(was, load(t, dir))
	if got := lines(c); len(c.Changes) != 1 || !strings.Contains(got, "controls worse control ct-lib: place in the order of Annex I 4 design → information") {
		t.Errorf("%d changes\n%s", len(c.Changes), got)
	}
	if before.String() != "baseline before of 2026-11-22" {
		t.Errorf("named %q", before)
	}
	temp := before.temp
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(temp); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the unpacked state is still there: %v", err)
	}
}

// A change that exists in a variant alone is seen.
func TestVariant(t *testing.T) {
	dir := workspace(t)
	was := func(variant string) *View {
		v, err := (&State{Source: Working, dir: dir}).Load(t.Context(), variant)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	product, home := was(""), was("va-home")
	more := filepath.Join(dir, "parts", "more.yml")
	text, err := os.ReadFile(more)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, map[string]string{"parts/more.yml": edited(t, string(text), "title: Home, type: application", "title: Home, type: operating-system")})
	c := Compare(product, was(""))
	if !c.Empty() {
		t.Fatalf("the product itself did not change:\n%s", lines(c))
	}
	c.Absorb("va-home", Compare(home, was("va-home")))
	if c.Empty() || len(c.Items) == 0 || c.Items[0].Variant != "va-home" || c.Changes[0].Variant != "va-home" {
		t.Errorf("not seen: %+v", c.Items)
	}
}

func TestFreezeRefuses(t *testing.T) {
	dir := workspace(t)
	for _, name := range []string{"", "a..b", "../a", "a/b", "-a", ".a", "a.", "con", "NUL.x", "HEAD", "a b", strings.Repeat("a", 65), "git:a", "ä"} {
		if _, _, err := Freeze(t.Context(), dir, name, day(t, "2026-11-22"), ""); err == nil {
			t.Errorf("name %q is taken", name)
		}
	}
	if _, _, err := Freeze(t.Context(), dir, "a", day(t, "2026-11-22"), "rel-9"); err == nil || !strings.Contains(err.Error(), `no release "rel-9"`) {
		t.Errorf("unknown release: %v", err)
	}
	put(t, dir, map[string]string{"faulty.yaml": "components:\n  co-x: {title: X, type: nothing}\n"})
	if _, _, err := Freeze(t.Context(), dir, "a", day(t, "2026-11-22"), ""); !errors.Is(err, ErrForm) || !strings.Contains(err.Error(), "faulty.yaml:2:") {
		t.Errorf("faults of form: %v", err)
	}
}

// The digest of entities is the one that the manifest names.
func TestContentDefinition(t *testing.T) {
	v := view(t, base(t))
	e := v.File.Lookup("if-hl7")
	var b strings.Builder
	put := func(s string) { b.WriteString(strconv.Itoa(len(s)) + ":" + s + ",") }
	put(manifestContent)
	put("interfaces")
	put("if-hl7")
	for _, f := range model.ContentOf(e) {
		put(f.Path)
		put(f.Value)
	}
	sum := sha256.Sum256([]byte(b.String()))
	if want := hex.EncodeToString(sum[:])[:32]; model.Digest(e) != want {
		t.Errorf("model.Digest is not defined as %q says: give manifestContent a new name", manifestContent)
	}
}

// archive writes a ZIP with entries of our choice.
func archive(t *testing.T, change func(*zip.FileHeader), entries ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e[0], Method: zip.Store}
		if change != nil {
			change(h)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(e[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// manifestOf describes files, in the order that is given.
func manifestOf(t *testing.T, files ...[2]string) *Manifest {
	t.Helper()
	m := &Manifest{Format: manifestFormat, Version: 1, Name: "x", Date: "2026-11-22", Product: "P", Folder: ".", Content: manifestContent, States: []ManifestState{{Entities: []ManifestEntity{}, Threats: []ManifestThreat{}}}}
	for _, f := range files {
		sum := sha256.Sum256([]byte(f[1]))
		m.Files = append(m.Files, ManifestFile{f[0], len(f[1]), hex.EncodeToString(sum[:])})
	}
	return m
}

func encoded(t *testing.T, m *Manifest) string {
	t.Helper()
	text, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReadRefuses(t *testing.T) {
	one, two := [2]string{"a.yaml", "a: b\n"}, [2]string{"b.yaml", "c: d\n"}
	stored := func(f [2]string) [2]string { return [2]string{"files/" + f[0], f[1]} }
	head := func(m *Manifest) [2]string { return [2]string{"manifest.json", encoded(t, m)} }
	with := func(change func(*Manifest)) [2]string {
		m := manifestOf(t, one)
		change(m)
		return head(m)
	}
	if _, err := ReadBaseline(reader(archive(t, nil, head(manifestOf(t, one, two)), stored(one), stored(two)))); err != nil {
		t.Fatalf("a right one: %v", err)
	}
	escaping := func(name string) []byte {
		return archive(t, nil, head(manifestOf(t, [2]string{name, "x"})), [2]string{"files/" + name, "x"})
	}
	for name, text := range map[string][]byte{
		"empty":           {},
		"no archive":      []byte("PK"),
		"no entries":      archive(t, nil),
		"no manifest":     archive(t, nil, stored(one)),
		"manifest later":  archive(t, nil, stored(one), head(manifestOf(t, one))),
		"another program": archive(t, nil, [2]string{"manifest.json", `{"format":"other","version":1}`}),
		"newer version":   archive(t, nil, with(func(m *Manifest) { m.Version = 2 }), stored(one)),
		"not canonical":   archive(t, nil, [2]string{"manifest.json", strings.Replace(encoded(t, manifestOf(t, one)), "\n", "\n ", 1)}, stored(one)),
		"twice in JSON":   archive(t, nil, [2]string{"manifest.json", strings.Replace(encoded(t, manifestOf(t, one)), `"date"`, `"name": "y", "date"`, 1)}, stored(one)),
		"bad name":        archive(t, nil, with(func(m *Manifest) { m.Name = "../x" }), stored(one)),
		"bad date":        archive(t, nil, with(func(m *Manifest) { m.Date = "today" }), stored(one)),
		"bad folder":      archive(t, nil, with(func(m *Manifest) { m.Folder = "../x" }), stored(one)),
		"no states":       archive(t, nil, with(func(m *Manifest) { m.States = []ManifestState{} }), stored(one)),
		"file missing":    archive(t, nil, head(manifestOf(t, one, two)), stored(one)),
		"file too many":   archive(t, nil, head(manifestOf(t, one)), stored(one), stored(two)),
		"file twice":      archive(t, nil, head(manifestOf(t, one, one)), stored(one), stored(one)),
		"other order":     archive(t, nil, head(manifestOf(t, two, one)), stored(two), stored(one)),
		"altered":         archive(t, nil, head(manifestOf(t, one)), [2]string{"files/a.yaml", "a: c\n"}),
		"longer":          archive(t, nil, head(manifestOf(t, one)), [2]string{"files/a.yaml", "a: b\n\n"}),
		"compressed":      archive(t, func(h *zip.FileHeader) { h.Method = zip.Deflate }, head(manifestOf(t, one)), stored(one)),
		"climbing":        escaping("../a.yaml"),
		"climbing inside": escaping("a/../../b.yaml"),
		"absolute":        escaping("/a.yaml"),
		"backslash":       escaping(`a\b.yaml`),
		"drive":           escaping("c:a.yaml"),
		"device":          escaping("sub/nul.yaml"),
	} {
		if b, err := ReadBaseline(reader(text)); !errors.Is(err, ErrBaseline) {
			t.Errorf("%s: %v, %v", name, b, err)
		}
	}
}

func reader(text []byte) (*bytes.Reader, int64) { return bytes.NewReader(text), int64(len(text)) }

// No byte of a baseline can be changed without being refused, or without giving
// the same files.
func TestDamage(t *testing.T) {
	dir := workspace(t)
	whole, _ := freeze(t, dir, "before")
	want, err := ReadBaseline(reader(whole))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range whole {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x41
		got, err := ReadBaseline(reader(damaged))
		if err != nil {
			refused++
			continue
		}
		if !equal(got, want) {
			t.Fatalf("byte %d is changed, and other files are read without complaint", i)
		}
	}
	if refused < len(whole)*9/10 {
		t.Errorf("only %d of %d damages were noticed", refused, len(whole))
	}
}

// TestBehind: nothing may stand behind the archive.
func TestBehind(t *testing.T) {
	whole, _ := freeze(t, workspace(t), "before")
	if _, err := ReadBaseline(reader(append(bytes.Clone(whole), 'x'))); err == nil || !strings.Contains(err.Error(), "bytes behind the archive") {
		t.Errorf("got %v", err)
	}
}

func equal(a, b *Baseline) bool {
	if !slices.Equal(a.Files.Names(), b.Files.Names()) || a.Files.Folder != b.Files.Folder {
		return false
	}
	for name, text := range a.Files.data {
		if !bytes.Equal(text, b.Files.data[name]) {
			return false
		}
	}
	return true
}

// An entity that the manifest describes otherwise is found, although all digests
// of files are right.
func TestVerifyEntities(t *testing.T) {
	dir := workspace(t)
	whole, m := freeze(t, dir, "before")
	b, err := ReadBaseline(reader(whole))
	if err != nil {
		t.Fatal(err)
	}
	digest := &m.States[0].Entities[1].Digest
	was := *digest
	*digest = strings.Repeat("0", len(was))
	if _, err := (&Baseline{m, b.Files}).Verify(t.Context()); !errors.Is(err, ErrBaseline) || !strings.Contains(err.Error(), m.States[0].Entities[1].ID) {
		t.Errorf("other digest: %v", err)
	}
	*digest = was
	m.States[0].Threats = m.States[0].Threats[1:]
	if notes, err := (&Baseline{m, b.Files}).Verify(t.Context()); err != nil || len(notes) != 1 || !strings.Contains(notes[0], "derive 1 more from it, and 0 no longer") {
		t.Errorf("other patterns: %q, %v", notes, err)
	}
	m.Content = "theriac content 9"
	*digest = strings.Repeat("0", len(was))
	if notes, err := (&Baseline{m, b.Files}).Verify(t.Context()); err != nil || !strings.Contains(strings.Join(notes, " "), "theriac content 9") {
		t.Errorf("other definition: %q, %v", notes, err)
	}
}

func TestLoadBaseline(t *testing.T) {
	dir := workspace(t)
	whole, _ := freeze(t, dir, "before")
	keep(t, dir, "other", whole)
	if _, err := LoadBaseline(dir, "other"); !errors.Is(err, ErrBaseline) {
		t.Errorf("under another name: %v", err)
	}
	if _, err := LoadBaseline(dir, "none"); !errors.Is(err, ErrUnknown) {
		t.Errorf("not there: %v", err)
	}
	if _, err := LoadBaseline(dir, "../before"); !errors.Is(err, ErrUnknown) {
		t.Errorf("no name: %v", err)
	}
	if err := os.Symlink(filepath.Join(dir, "baselines", "other.zip"), filepath.Join(dir, "baselines", "link.zip")); err != nil {
		t.Skip("no symbolic links here")
	}
	if _, err := LoadBaseline(dir, "link"); !errors.Is(err, ErrBaseline) {
		t.Errorf("a link: %v", err)
	}
}

func FuzzBaseline(f *testing.F) {
	files := &Files{Folder: ".", data: map[string][]byte{"theriac.yaml": []byte("a: b\n"), "lib/library.yaml": nil}}
	m := &Manifest{Format: manifestFormat, Version: 1, Name: "x", Date: "2026-11-22", Folder: ".", States: []ManifestState{{}}}
	for _, name := range files.Names() {
		sum := sha256.Sum256(files.data[name])
		m.Files = append(m.Files, ManifestFile{name, len(files.data[name]), hex.EncodeToString(sum[:])})
	}
	whole, err := pack(m, files)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := ReadBaseline(reader(whole)); err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ReadBaseline(reader(text))
		if err != nil {
			if !errors.Is(err, ErrBaseline) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		for _, name := range b.Files.Names() {
			if !safePath(name) {
				t.Errorf("unsafe path %q", name)
			}
		}
		again, err := pack(b.Manifest, b.Files)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := ReadBaseline(reader(again)); err != nil || !equal(b, c) {
			t.Errorf("written again it is another one: %v", err)
		}
	})
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format":"theriac baseline","version":1}`))
	m := &Manifest{Format: manifestFormat, Version: 1, Name: "x", Date: "2026-11-22", Folder: ".", States: []ManifestState{{}}}
	text, err := m.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decodeManifest(text)
		if err != nil {
			return
		}
		if again, err := m.encode(); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%q is read and written as %q", text, again)
		}
	})
}
