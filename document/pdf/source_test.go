package pdf

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"theriac/document"
)

func TestSourceLink(t *testing.T) {
	for _, c := range []struct{ link, commit, path, want string }{
		{"", "c", "a.yaml", ""},
		{"https://git.example.org/{commit}/{path}#L{line}", "c0", "dir/a b.yaml", "https://git.example.org/c0/dir/a%20b.yaml#L7"},
		{"https://git.example.org/{commit}/{path}", "", "a.yaml", ""},
		{"https://git.example.org/{path}", "", "a?b#c.yaml", "https://git.example.org/a%3Fb%23c.yaml"},
		{"javascript:alert('{path}')", "c", "a.yaml", ""},
		{"https://git.example.org/{path}", "c", "", ""},
	} {
		p := &painter{set: &document.Set{Design: document.Design{SourceLink: c.link, Commit: c.commit}}}
		if got := p.sourceLink(document.Source{Path: c.path, Line: 7}); got.url != c.want || got.anchor != "" {
			t.Errorf("%s, %s: %q, not %q", c.link, c.path, got.url, c.want)
		}
	}
}

func TestWebAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a?b=(c)": "https://example.org/a?b=(c)", "https://example.org/ä b": "https://example.org/%C3%A4%20b",
		"https://exa mple.org/": "", "https://example.org/\x00": "", "mailto:psirt@example.org": "mailto:psirt@example.org", "https://müller.example/": "",
	} {
		if got := webAddress(in); strings.Contains(got, " ") || want != "" && got != want || want == "" && got != "" && !strings.Contains(got, "%") {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
}

// TestMarks: the same place is named once, where the last statement from it ends.
func TestMarks(t *testing.T) {
	from := func(line int) document.Source { return at("a.yaml", line) }
	para := func(line int) document.Block {
		return document.P(from(line), document.Span{Text: "words."})
	}
	d := docOf(para(1), para(1), para(2),
		&document.List{Items: []document.Item{{Blocks: []document.Block{para(3)}, Source: from(3)}, {Blocks: []document.Block{para(3)}, Source: from(3)}}},
		&document.List{Items: []document.Item{{Blocks: []document.Block{para(6), &document.List{Items: []document.Item{{Blocks: []document.Block{para(7)}, Source: from(7)}}}}, Source: from(6)}}},
		&document.Callout{Kind: document.Note, Blocks: []document.Block{para(4)}, Source: from(4)},
		&document.Table{Rows: []document.Row{{Cells: []document.Cell{document.W("x")}, Source: from(5)}, {Cells: []document.Cell{document.W("y")}, Source: from(5)}}})
	all := strings.Join(textOf(t, written(t, setOf(t, d), d)), "\n")
	for _, mark := range []string{"a.yaml:1", "a.yaml:2", "a.yaml:3", "a.yaml:4", "a.yaml:5", "a.yaml:6", "a.yaml:7"} {
		if n := strings.Count(all, mark); n != 1 {
			t.Errorf("%s stands there %d times", mark, n)
		}
	}
	d.Quiet = true
	if all := strings.Join(textOf(t, written(t, setOf(t, d), d)), "\n"); strings.Contains(all, "yaml") || !strings.Contains(all, "words.") {
		t.Errorf("a quiet document says %q", all)
	}
}

func TestFitted(t *testing.T) {
	for _, c := range []struct {
		width float64
		want  string
	}{{200, "architecture/parts/interfaces.yaml:120"}, {60, "…/interfaces.yaml:120"}, {32, "…yaml:120"}, {1, "…"}} {
		if got := fitted("architecture/parts/interfaces.yaml:120", markSize, c.width); got != c.want {
			t.Errorf("%g: %q, not %q", c.width, got, c.want)
		}
	}
}

// TestLinks: links lead to places of the file and to the web; those into other
// documents are plain text.
func TestLinks(t *testing.T) {
	d := docOf(document.P(document.Source{}, document.Link("section", "doc:sample#second"), document.Span{Text: " "}, document.Link("web", "https://example.org/x"), document.Span{Text: " "}, document.Link("other", "doc:other#there")))
	d.Sections = append(d.Sections, &document.Section{ID: "second", Title: "Second"})
	other := docOf()
	other.Name, other.Sections[0].ID = "other", "there"
	s := setOf(t, d, other)
	file := written(t, s, d)
	if n := bytes.Count(file, []byte("/S /URI /URI (https://example.org/x)")); n != 1 {
		t.Errorf("%d links to the web", n)
	}
	// Two lines of the contents, and the link to the section.
	if n := bytes.Count(file, []byte("/Subtype /Link")); n != 4 {
		t.Errorf("%d links", n)
	}
}

func TestLogo(t *testing.T) {
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, image.NewGray(image.Rect(0, 0, 40, 20)), nil); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		logo []byte
		fail string
	}{
		"png": {logoPNG(t), ""}, "jpeg": {jpg.Bytes(), ""}, "none": {nil, ""},
		"text": {[]byte("GIF89a"), "the logo cannot be read"}, "cut off": {logoPNG(t)[:60], "the logo cannot be read"},
		"vast": {vastPNG(t), "too many"},
	} {
		t.Run(name, func(t *testing.T) {
			d := docOf()
			s := setOf(t, d)
			s.Design.Logo = c.logo
			file, err := Write(s, d)
			if c.fail != "" {
				if err == nil || !strings.Contains(err.Error(), c.fail) {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			valid(t, file)
			if got := bytes.Contains(file, []byte("/Subtype /Image")); got != (c.logo != nil) {
				t.Errorf("there is a picture: %v", got)
			}
		})
	}
}

// vastPNG says that it has more pixels than any logo.
func vastPNG(t *testing.T) []byte {
	t.Helper()
	b := bytes.Clone(logoPNG(t))
	copy(b[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0})
	crc := crcOf(b[12:29])
	copy(b[29:33], crc[:])
	return b
}

func crcOf(b []byte) [4]byte {
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE(b))
	return sum
}
