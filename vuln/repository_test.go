package vuln

import "testing"

func TestRepository(t *testing.T) {
	const want = "github.com/wolfssl/wolfssl"
	for _, s := range []string{
		"https://github.com/wolfSSL/wolfssl.git", "https://github.com/wolfssl/wolfssl/", "git+https://github.com/wolfssl/wolfssl.git@v5.6.0",
		"git@github.com:wolfSSL/wolfssl.git", "ssh://git@github.com:22/wolfSSL/wolfssl", "git://github.com/wolfSSL/wolfssl#main", "github.com/wolfSSL/wolfssl",
		"scm:git:https://github.com/wolfSSL/wolfssl.git",
	} {
		if got := Repository(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
	for _, s := range []string{"", "wolfssl", "https://github.com/", "file:///srv/x.git", "/srv/x.git", "C:\\src"} {
		if got := Repository(s); got != "" {
			t.Errorf("%q is %q, want none", s, got)
		}
	}
}

func FuzzRepository(f *testing.F) {
	f.Add("git+https://github.com/wolfssl/wolfssl.git@v5.6.0")
	f.Add("https://github.com/wolfssl/https://github.com/wolfssl")
	f.Fuzz(func(t *testing.T, s string) {
		if once := Repository(s); once != "" && Repository(once) != once {
			t.Errorf("%q becomes %q and then %q", s, once, Repository(once))
		}
	})
}
