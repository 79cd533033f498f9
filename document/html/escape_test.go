package html

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain ünïcode, 漢字":          "plain ünïcode, 漢字",
		`<script>alert("'&")`:        "&lt;script&gt;alert(&#34;&#39;&amp;&#34;)",
		"a\x00b\x1bc\x7fd":           "a\ufffdb\ufffdc\ufffdd",
		"line\r\nbreak\tkept":        "line\nbreak\tkept",
		"\u202eturned\u2066 \u200f":  "turned ",
		"zero\u200bwidth\ufeff":      "zerowidth",
		"soft\u00adhyphen \u200d":    "soft\u00adhyphen \u200d",
		"bad \xff\xfe utf-8 \xc3":    "bad \ufffd\ufffd utf-8 \ufffd",
		"lines\u2028of\u2029others":  "lines of others",
		"private \ue000 none \ufffe": "private \ufffd none \ufffd",
		"tag \U000e0041":             "tag ",
	} {
		var w writer
		w.text(in)
		if got := w.String(); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if got := html.UnescapeString(w.String()); got != clean(in) {
			t.Errorf("%q is read as %q, and clean gives %q", in, got, clean(in))
		}
	}
}

func TestAnchor(t *testing.T) {
	for in, want := range map[string]string{
		"rk-build": "rk-build", "mdr.annex-i.17.2": "mdr.annex-i.17.2", "A_b": "A_b", "": "",
		"_main": "~5Fmain", "a b": "a~20b", `"><x`: "~22~3E~3Cx", "ü": "~C3~BC", "a~20b": "a~7E20b",
	} {
		if got := anchor(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestCSSString(t *testing.T) {
	for in, want := range map[string]string{
		"Pump 4 (ward)":        `"Pump 4 (ward)"`,
		`"}</style><script>`:   `"\22 \7d \3c /style\3e \3c script\3e "`,
		"back\\slash\nnew\x00": "\"back\\5c slash\\a new\ufffd\"",
	} {
		if got := cssString(in); got != want {
			t.Errorf("%q becomes %s, want %s", in, got, want)
		}
	}
}

// FuzzText checks that text comes back from a parser as it was cleaned, between tags
// and in an attribute, and that nothing else comes with it.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", `<b a="1">&amp;'`, "\x00\xff\u202e", "&#x41;", "\r\n", "-->"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var w writer
		w.put("<!DOCTYPE html><p")
		w.attr("title", s)
		w.put(">x")
		w.text(s)
		w.put("</p>")
		doc, err := html.Parse(bytes.NewReader(w.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		p := doc.LastChild.LastChild.FirstChild
		if p.NextSibling != nil || p.FirstChild.NextSibling != nil || len(p.Attr) != 1 {
			t.Fatalf("%q brings markup with it: %s", s, w.String())
		}
		if p.Attr[0].Val != clean(s) || p.FirstChild.Data != "x"+clean(s) {
			t.Fatalf("%q is read as %q and %q", s, p.Attr[0].Val, p.FirstChild.Data)
		}
		if i := strings.IndexFunc(clean(s), func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
			t.Fatalf("a control character is left in %q", clean(s))
		}
	})
}
