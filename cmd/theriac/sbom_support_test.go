package main

import "testing"

func TestFits(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"pkg:npm/ms", "pkg:npm/ms", true}, {"pkg:npm/ms", "pkg:npm/msx", false}, {"pkg:npm/*", "pkg:npm/ms", true}, {"*", "", true},
		{"pkg:*/ssl*", "pkg:deb/debian/ssl3", true}, {"a*a", "a", false}, {"a*b*c", "a-b-b-c", true}, {"a*b*c", "a-c", false}, {"", "", true},
	} {
		if got := fitsPattern(c.pattern, c.text); got != c.want {
			t.Errorf("fitsPattern(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

func TestUnversioned(t *testing.T) {
	for text, want := range map[string]string{
		"pkg:deb/debian/openssl@3.0?distro=debian-12": "pkg:deb/debian/openssl", "pkg:npm/@a/b@1": "pkg:npm/@a/b", "pkg:npm/@a/b": "pkg:npm/@a/b", "": "", "pkg:golang/x/y@v1#sub": "pkg:golang/x/y",
	} {
		if got := unversioned(text); got != want {
			t.Errorf("unversioned(%q) = %q, want %q", text, got, want)
		}
	}
}
