package csaf

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/document/html"
	"theriac/document/pdf"
	"theriac/document/plain"
)

func TestPage(t *testing.T) {
	set, err := Page(advisoryText(t), signed)
	if err != nil {
		t.Fatal(err)
	}
	told, err := plain.Markdown(set, set.Documents[0])
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "exd-2026-001.md", told)
	web, err := html.Page(set, set.Documents[0])
	if err != nil || !bytes.Contains(web, []byte("Keep the pump on a network of its own.")) {
		t.Errorf("HTML: %v", err)
	}
	for range 2 {
		paper, err := pdf.Write(set, set.Documents[0])
		if err != nil || !bytes.HasPrefix(paper, []byte("%PDF-")) {
			t.Errorf("PDF: %v", err)
		}
	}
}

// TestPageStanding: a page is approved by signature alone, and never a draft once the
// advisory is public.
func TestPageStanding(t *testing.T) {
	for _, c := range []struct {
		status string
		by     Approval
		want   string
	}{
		{"final", signed, "Approved"}, {"final", Approval{}, "Final"}, {"interim", Approval{}, "Interim"}, {"interim", signed, "Interim"},
		{"draft", signed, "Draft"}, {"draft", Approval{}, "Draft"},
	} {
		text := bytes.Replace(advisoryText(t), []byte(`"status": "final"`), []byte(`"status": "`+c.status+`"`), 1)
		set, err := Page(text, c.by)
		if err != nil {
			t.Fatal(err)
		}
		why := "nobody signed an approval of the case"
		if c.by.Given {
			why = "approved on 2026-02-04 by A. Signer, PSIRT lead"
		}
		if got := set.Stamp.Standing(); got != c.want || set.Stamp.Approved != (got == "Approved") || !slices.Contains(set.Stamp.Why, why) {
			t.Errorf("%s: %s, %q", c.status, got, set.Stamp.Why)
		}
		page, err := html.Page(set, set.Documents[0])
		paper, err2 := plain.Markdown(set, set.Documents[0])
		if err != nil || err2 != nil || !bytes.Contains(page, []byte(c.want+"</p><ul>")) || !bytes.Contains(paper, []byte("**"+c.want+"**")) {
			t.Errorf("%s is not painted: %v, %v", c.want, err, err2)
		}
	}
}

// TestPagesOfOthers shows every published advisory, and what is hostile in a text
// as text.
func TestPagesOfOthers(t *testing.T) {
	names, err := filepath.Glob("testdata/icsma/*.json")
	if err != nil || len(names) != 96 {
		t.Fatalf("%d documents, %v", len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		set, err := Page(text, Approval{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		told, err := html.Page(set, set.Documents[0])
		if id := strings.TrimSuffix(filepath.Base(name), ".json"); err != nil || !strings.Contains(strings.ToLower(string(told)), id) {
			t.Errorf("%s: %v", name, err)
		}
	}
	set, err := Page([]byte(`{"document": {"title": "<script>x</script>", "references": [{"summary": "s", "url": "javascript:x"}], "notes": [{"text": "<img src=x>"}]}, "vulnerabilities": [null, {"title": "<b>"}]}`), Approval{})
	if err != nil {
		t.Fatal(err)
	}
	told, err := html.Page(set, set.Documents[0])
	if err != nil || bytes.Contains(told, []byte("<script>x")) || bytes.Contains(told, []byte("javascript:")) || bytes.Contains(told, []byte("<img src=x")) {
		t.Errorf("hostile: %v, %s", err, told)
	}
	if _, err := Page([]byte(`{}`), Approval{}); err == nil {
		t.Error("a page without title")
	}
}

func FuzzPage(f *testing.F) {
	base, err := os.ReadFile("testdata/base.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(base)
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := Page(text, Approval{})
		if err != nil {
			return
		}
		if _, err := html.Page(set, set.Documents[0]); err != nil {
			t.Error(err)
		}
	})
}
