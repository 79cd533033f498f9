package csaf

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestResolver(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/get" && r.Method != http.MethodGet:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusGone)
		}
	}))
	resolve := Resolver(t.Context())
	for address, want := range map[string]string{
		server.URL + "/":     "",
		server.URL + "/get":  "",
		server.URL + "/gone": "answers with status 410",
		"ftp://127.0.0.1/":   `cannot visit an address of scheme "ftp"`,
		"http://%zz":         "not an address",
	} {
		got := ""
		if err := resolve(address); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	closed := server.URL
	server.Close()
	if err := resolve(closed); err == nil || err.Error() != "does not answer" {
		t.Errorf("closed: %v", err)
	}
}
