package main

import "testing"

// TestEscape: text of a security file is text in a comment, whatever it holds.
func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"@team, see #12":      "&#64;team, see \\#12",
		"<b>bold</b> & *so*":  "&lt;b&gt;bold&lt;/b&gt; &amp; \\*so\\*",
		"a | b\nc `d` [e](f)": "a \\| b c \\`d\\` \\[e\\](f)",
	} {
		if got := escape(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
