package csaf

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

// TestAlteredOnServer: a document that somebody altered on the server is not signed as
// if it were ours, and one whose signature is gone neither; naming the document again
// mends the signature, and not the alteration.
func TestAlteredOnServer(t *testing.T) {
	const name = ".well-known/csaf/white/2026/exd-2026-001.json"
	p, server := provider(t), fstest.MapFS{}
	publish(t, p, server, advisoryText(t))
	other := []byte(strings.NewReplacer("EXD-2026-001", "EXD-2026-002", "exd-2026-001", "exd-2026-002").Replace(string(advisoryText(t))))
	altered := bytes.Replace(advisoryText(t), []byte("The old software has no TLS."), []byte("The old software has a TLS."), 1)
	signature := server[name+".asc"].Data
	for what, files := range map[string][2][]byte{"text": {altered, signature}, "signature": {advisoryText(t), []byte("x")}} {
		server[name], server[name+".asc"] = &fstest.MapFile{Data: files[0]}, &fstest.MapFile{Data: files[1]}
		if _, err := p.Publish(server, []Text{{"other.json", other}}); err == nil || !strings.Contains(err.Error(), name+": it has no signature of this key") {
			t.Errorf("altered %s: %v", what, err)
		}
		_, err := p.Publish(server, []Text{{"other.json", other}, {"again.json", advisoryText(t)}})
		if what == "text" && (err == nil || !strings.Contains(err.Error(), "version 2 is published with another text")) || what == "signature" && err != nil {
			t.Errorf("altered %s, named again: %v", what, err)
		}
	}
	delete(server, name+".asc")
	if _, err := p.Publish(server, []Text{{"other.json", other}}); err == nil {
		t.Error("a document without signature is signed")
	}
	server[name], server[name+".asc"] = &fstest.MapFile{Data: advisoryText(t)}, &fstest.MapFile{Data: signature}
	if names := publish(t, p, server, other); len(names) == 0 {
		t.Error("nothing is published beside a sound document")
	}
}

// TestTrackingIDStaysInFolder: no tracking id leads out of the folder, or to a file that
// is something else there.
func TestTrackingIDStaysInFolder(t *testing.T) {
	for id, want := range map[string]string{
		"../../x": "_x.json", "/etc/passwd": "_etc_passwd.json", `..\x`: "_x.json", "a\x00b": "a_b.json", "a\nb": "a_b.json", "INDEX.html": "index_html.json",
		"é": "_.json", "\u212a": "k.json", "<a>&\"": "_a_.json",
	} {
		if got := FileName(id); got != want {
			t.Errorf("%q is %q, want %q", id, got, want)
		}
	}
}

// TestContactsAreSafe: nothing of a document becomes a line of security.txt that it
// should not be.
func TestContactsAreSafe(t *testing.T) {
	for _, details := range []string{"https://a.example\u2028Canonical:https://b.example", "https://a.example\vExpires:x", "mailto:a@b.example\u0085Hiring:x", "https://\x1b[2Ja", "https://a.example\tb"} {
		text := `{"document": {"publisher": {"contact_details": ` + quoted(details) + `}}}`
		for _, c := range Contacts([]Text{{"a.json", []byte(text)}}) {
			if strings.ContainsFunc(c, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Errorf("%q gives the contact %q", details, c)
			}
		}
	}
	p := provider(t)
	for _, contact := range []string{"psirt@example.com", "mailto:a@b.example\nExpires: 2999-01-01T00:00:00Z", "", "javascript:x"} {
		p.Contacts = []string{contact}
		if _, err := p.Publish(fstest.MapFS{}, []Text{{"new.json", advisoryText(t)}}); err == nil || !strings.Contains(err.Error(), "is no contact") {
			t.Errorf("%q: %v", contact, err)
		}
	}
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}
