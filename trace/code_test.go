package trace

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

func TestParseCode(t *testing.T) {
	for text, want := range map[string]string{
		"a/b.go#Pump.Start":        "a/b.go [Pump Start] 0 ",
		"./a//b.cc#ns::Pump::stop": "a/b.cc [ns Pump stop] 0 ",
		"a.cc#Pump::~Pump":         "a.cc [Pump ~Pump] 0 ",
		"a b/c.py:12":              "a b/c.py [] 12 ",
		"#req-012":                 " [] 0 req-012",
		"net/setup.conf.in":        "net/setup.conf.in [] 0 ",
		"x#größe":                  "x [größe] 0 ",
	} {
		ref, err := ParseCode(text)
		if got := fmt.Sprint(ref.Path, " ", ref.Symbol, " ", ref.Line, " ", ref.Tag); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "#", "#.a", "#a.", "#a b", ".", "a/..", "a:b", "a.go:", "a.go:0", "a.go:-1", "a.go#", "#a#b", "a.go#1x", "a.go#a b", "a.go#a..b", "/a.go:1",
		"../a.go:1", "a/../../b.go:1", `a\b.go:1`, "C:/a.go:1", "a/:1", ":1", "a.go:1234567890", strings.Repeat("a", 600) + ".go:1",
	} {
		if ref, err := ParseCode(text); err == nil {
			t.Errorf("%q is accepted as %+v", text, ref)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("a/b.go#Pump.Start")
	f.Add("a.py:12")
	f.Add("#req-1")
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := ParseCode(text)
		if err != nil {
			return
		}
		count := 0
		for _, set := range []bool{len(ref.Symbol) > 0, ref.Line > 0, ref.Tag != ""} {
			if set {
				count++
			}
		}
		if count > 1 || (ref.Path != "") == (ref.Tag != "") || ref.Path != "" && model.LeavesFolder(ref.Path) {
			t.Errorf("%q: %+v", text, ref)
		}
	})
}

// fixture is a security file beside the sources of testdata, with one
// requirement that names code.
func fixture(t *testing.T, folders string, code ...string) *model.File {
	t.Helper()
	top := t.TempDir()
	if err := os.CopyFS(filepath.Join(top, "src"), os.DirFS("testdata/src")); err != nil {
		t.Fatal(err)
	}
	text := "product: { name: n, regulation: MDR, class: I, source-code: [" + folders + "] }\n" +
		"requirements:\n  rq:\n    title: t\n    code:\n"
	for _, c := range code {
		text += fmt.Sprintf("      - %q\n", c)
	}
	return loadIn(t, top, "file", map[string]string{"theriac.workspace": "", "file/theriac.yaml": text})
}

func resolved(t *testing.T, file *model.File) *CodeReport {
	t.Helper()
	r, err := ResolveCode(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResolveCode(t *testing.T) {
	cases := [][2]string{
		{"pump.go#Pump", "found ../src/pump.go:15"},
		{"pump.go#Start", "found ../src/pump.go:32"},
		{"pump.go#Pump.Start", "found ../src/pump.go:32"},
		{"pump.go#Ring.Push", "found ../src/pump.go:29"},
		{"pump.go#Ring.Start", "no such symbol"},
		{"pump.go#Pump.Volume", "found ../src/pump.go:16"},
		{"pump.go#Valve.Close", "found ../src/pump.go:22"},
		{"pump.go#maxRate", "found ../src/pump.go:11"},
		{"pump.go#ErrRate", "found ../src/pump.go:7"},
		{"pump.go#stop", "found ../src/pump.go:40"},
		{"pump.go#rate", "no such symbol"},    // a parameter
		{"pump.go#errors", "no such symbol"},  // used, not declared
		{"pump.go#Mention", "no such symbol"}, // only in a comment
		{"pump.go:40", "found ../src/pump.go:40"},
		{"pump.go:41", "line beyond the end"},
		{"order.c#verify_order", "found ../src/order.c:17"}, // not its use
		{"order.c#verify_ord", "no such symbol"},            // part of a word
		{"order.c#ORDER_MAX", "found ../src/order.c:3"},
		{"order.c#cached_key", "found ../src/order.c:5"},
		{"order.c#order_queue", "found ../src/order.c:7"},
		{"library.py#check_library", "found ../src/library.py:8"},
		{"library.py#Library.check_library", "found ../src/library.py:8"},
		{"library.py#Pump.check_library", "no such symbol"},
		{"library.py#LIMIT", "found ../src/library.py:4"},
		{"library.py#missing", "no such symbol"},
		{"absent.py#x", "no such file"},
		{"../file/theriac.yaml:1", "malformed"},
		{"pump.go", "found ../src/pump.go"},
		{"setup.conf", "no such file"},
		{"pump.go:", "malformed"},
		{"#req-start", "found ../src/pump.go:31"},
		{"#req-stop", "found ../src/pump.go:40"}, // behind it a sentence ends
		{"#library.check-1", "found ../src/library.py:8"},
		{"#twice", "ambiguous ../src/library.py:1 ../src/order.c:19"},
		{"#not-a-tag", "no such tag"},
		{"#order", "no such tag"},
	}
	var code []string
	for _, c := range cases {
		code = append(code, c[0])
	}
	// Naming a folder twice, or one inside the other, finds nothing twice.
	report := resolved(t, fixture(t, "../src, ../src/., ..", code...))
	if len(report.Folders) > 0 || len(report.References) != len(cases) {
		t.Fatalf("got %+v", report)
	}
	for i, r := range report.References {
		got := string(r.Status)
		for _, p := range r.Places {
			got += " " + p.String()
		}
		if got != cases[i][1] {
			t.Errorf("%s: got %s, want %s", cases[i][0], got, cases[i][1])
		}
		if r.At != fmt.Sprint("code.", i) || r.Text != cases[i][0] {
			t.Errorf("%s: place %s, text %s", cases[i][0], r.At, r.Text)
		}
	}
}

func TestSourceFolders(t *testing.T) {
	for folder, want := range map[string]string{
		"../src":         "",
		"../src/":        "",
		"..":             "",
		"../..":          "leaves the workspace",
		"../../other":    "leaves the workspace",
		"/etc":           "is not relative with forward slashes",
		`..\\src`:        "is not relative with forward slashes",
		"../src/none":    "does not exist",
		"../src/pump.go": "is not a folder",
		"../linked":      "is or passes a symbolic link, which is not followed",
		"../linked/src":  "is or passes a symbolic link, which is not followed",
	} {
		file := fixture(t, `"`+folder+`"`, "pump.go:1")
		if err := os.Symlink("src", filepath.Join(file.Dir(), "../linked")); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range resolved(t, file).Folders {
			got = append(got, f.Problem)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: got %q, want %q", folder, got, want)
		}
	}
}

// TestHostileSources: links lead nowhere, binary and huge files are no source
// code, hidden folders and the security file are not searched, and two files of
// one name are none.
func TestHostileSources(t *testing.T) {
	file := fixture(t, "../src, ../more, ..", "secret.c:1", "binary.c:1", "huge.c:1", "pump.go:1", "dir/pump.go:1", "#hidden", "#in-file", "#only")
	top := filepath.Join(file.Dir(), "..")
	outside := filepath.Join(t.TempDir(), "secret.c")
	for name, text := range map[string]string{
		outside: "x\n", "src/binary.c": "a\x00b\n// theriac:hidden\n", "more/pump.go": "package more\n", "more/only.c": "// theriac:only\n",
		"src/.git/a.c": "// theriac:hidden\n", "src/.hidden.c": "// theriac:hidden\n", "file/note.c": "// theriac:in-file\n",
		"src/huge.c": strings.Repeat("// theriac:hidden\n", maxSource/10),
	} {
		if !filepath.IsAbs(name) {
			name = filepath.Join(top, name)
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for at, to := range map[string]string{"src/secret.c": outside, "src/dir": "../more"} {
		if err := os.Symlink(to, filepath.Join(top, at)); err != nil {
			t.Fatal(err)
		}
	}
	// "more" was absent when the file was loaded; folders are looked at now.
	var got []CodeStatus
	for _, r := range resolved(t, file).References {
		got = append(got, r.Status)
	}
	want := []CodeStatus{CodeNoFile, CodeUnreadable, CodeUnreadable, CodeAmbiguous, CodeNoFile, CodeNoTag, CodeNoTag, CodeFound}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestResolveNothing(t *testing.T) {
	if r := resolved(t, fixture(t, "", "pump.go:1", "#x")); r.References[0].Status != CodeNoFile || r.References[1].Status != CodeNoTag {
		t.Errorf("got %+v", r.References)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ResolveCode(ctx, fixture(t, "../src", "#x")); err == nil {
		t.Error("a cancelled run says nothing")
	}
}

// BenchmarkResolveCode looks up 1,000 references, half of them tags, in 1,000
// files of 20 kB.
func BenchmarkResolveCode(b *testing.B) {
	top := b.TempDir()
	files := map[string]string{"theriac.workspace": ""}
	text := "product: { name: n, regulation: MDR, class: I, source-code: [../src] }\nrequirements:\n  rq:\n    title: t\n    code:\n"
	for i := range 1000 {
		files[fmt.Sprintf("src/f%d.c", i)] = strings.Repeat("static int counter;\n", 1000) + fmt.Sprintf("int func_%d(void); // theriac:tag-%d\n", i, i)
		if i%2 == 0 {
			text += fmt.Sprintf("      - f%d.c#func_%d\n", i, i)
		} else {
			text += fmt.Sprintf("      - \"#tag-%d\"\n", i)
		}
	}
	files["file/theriac.yaml"] = text
	file := loadIn(b, top, "file", files)
	b.ReportAllocs()
	for b.Loop() {
		r, err := ResolveCode(b.Context(), file)
		if err != nil || slices.ContainsFunc(r.References, func(r Resolution) bool { return r.Status != CodeFound }) {
			b.Fatal(err)
		}
	}
}
