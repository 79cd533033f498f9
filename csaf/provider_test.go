package csaf

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ProtonMail/gopenpgp/v3/crypto"
	"github.com/gocsaf/csaf/v3/csaf"
	"github.com/gocsaf/csaf/v3/util"
)

var publicationDay = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// newKey makes a key of the past; locked by a passphrase where there is one.
func newKey(t *testing.T, passphrase string) []byte {
	t.Helper()
	made := publicationDay.AddDate(0, -1, 0).Unix()
	key, err := crypto.PGP().KeyGeneration().AddUserId("PSIRT", "psirt@example.com").GenerationTime(made).New().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	if passphrase != "" {
		if key, err = crypto.PGP().LockKey(key, []byte(passphrase)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := key.Armor()
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

func provider(t *testing.T) Provider {
	t.Helper()
	key, err := OpenKey(newKey(t, ""), nil, publicationDay)
	if err != nil {
		t.Fatal(err)
	}
	return Provider{URL: "https://example.com", Key: key, At: publicationDay, Contacts: []string{"mailto:psirt@example.com"}}
}

func advisoryText(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/made/exd-2026-001.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// apply puts files where the server has them.
func apply(server fstest.MapFS, files []Served) {
	for _, f := range files {
		server[f.Path] = &fstest.MapFile{Data: f.Bytes}
	}
}

func publish(t *testing.T, p Provider, server fstest.MapFS, documents ...[]byte) []string {
	t.Helper()
	var texts []Text
	for _, d := range documents {
		texts = append(texts, Text{"new.json", d})
	}
	files, err := p.Publish(server, texts)
	if err != nil {
		t.Fatal(err)
	}
	apply(server, files)
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimPrefix(f.Path, ".well-known/csaf/"))
	}
	return names
}

func TestPublish(t *testing.T) {
	p, server := provider(t), fstest.MapFS{}
	names := publish(t, p, server, advisoryText(t))
	advisory := "white/2026/exd-2026-001.json"
	want := []string{advisory, advisory + ".sha256", advisory + ".sha512", advisory + ".asc", "white/2026/index.html", "white/index.html", "openpgp/" + p.Key.Fingerprint() + ".asc",
		"white/index.txt", "white/changes.csv", "white/csaf-feed-tlp-white.json", "service.json", "white/category-white.json", "provider-metadata.json", ".well-known/security.txt"}
	if !slices.Equal(names, want) {
		t.Errorf("got %q\nwant %q", names, want)
	}
	at := func(name string) string { return string(server[".well-known/csaf/"+name].Data) }
	if at("white/index.txt") != "2026/exd-2026-001.json\n" || at("white/changes.csv") != "2026/exd-2026-001.json,2026-03-05T09:00:00Z\n" {
		t.Errorf("index %q, changes %q", at("white/index.txt"), at("white/changes.csv"))
	}
	if got, want := string(server[".well-known/security.txt"].Data), "Contact: mailto:psirt@example.com\nExpires: 2027-03-09T12:00:00Z\nCanonical: https://example.com/.well-known/security.txt\nCSAF: https://example.com/.well-known/csaf/provider-metadata.json\n"; got != want {
		t.Errorf("security.txt %q", got)
	}

	// Nothing changes when it is done again, also later.
	p.At = p.At.AddDate(0, 1, 0)
	if again := publish(t, p, server, advisoryText(t)); len(again) > 0 {
		t.Errorf("written again: %q", again)
	}

	// A new version takes the place of the old one.
	next := strings.NewReplacer(`"version": "2"`, `"version": "3"`, `"number": "2"`, `"number": "3"`).Replace(string(advisoryText(t)))
	next = strings.Replace(next, `        {
          "date": "2026-03-05T09:00:00Z",`, `        {
          "date": "2026-03-03T09:00:00Z",
          "number": "2",
          "summary": "x"
        },
        {
          "date": "2026-03-05T09:00:00Z",`, 1)
	names = publish(t, p, server, []byte(next))
	if !slices.Equal(names, want[:4]) {
		t.Errorf("new version: %q", names)
	}
}

// TestPublishAfterCrash: wherever a publication ended, one that is carried out whole
// leaves what it would have left alone.
func TestPublishAfterCrash(t *testing.T) {
	p, old := provider(t), fstest.MapFS{}
	publish(t, p, old, advisoryText(t))
	p.At = p.At.AddDate(0, 1, 0)
	next := []byte(strings.NewReplacer("EXD-2026-001", "EXD-2026-002", "exd-2026-001", "exd-2026-002", "2026-03-05T09", "2026-03-06T09").Replace(string(advisoryText(t))))
	files, err := p.Publish(old, []Text{{"new.json", next}})
	if err != nil {
		t.Fatal(err)
	}
	want := maps.Clone(old)
	apply(want, files)
	if len(files) < 8 {
		t.Fatalf("only %d files change", len(files))
	}
	for n := range files {
		server := maps.Clone(old)
		apply(server, files[:n])
		publish(t, p, server, next)
		for name, f := range want {
			switch got := server[name]; {
			case got == nil:
				t.Errorf("after %d files: no %s", n, name)
			case strings.HasSuffix(name, ".json.asc"): // no two signatures are alike
				if text := server[strings.TrimSuffix(name, ".asc")].Data; !p.Key.Verify(text, got.Data) {
					t.Errorf("after %d files: %s is of another text", n, name)
				}
			case !bytes.Equal(got.Data, f.Data):
				t.Errorf("after %d files: %s is another", n, name)
			}
		}
		if len(server) != len(want) {
			t.Errorf("after %d files: %d files, want %d", n, len(server), len(want))
		}
	}
}

func TestPublishRefuses(t *testing.T) {
	base := string(advisoryText(t))
	for _, c := range []struct{ old, new, want string }{
		{`"status": "final"`, `"status": "draft"`, "it is a draft"},
		{`"WHITE"`, `"AMBER"`, "its label is TLP:AMBER"},
		{`"version": "2"`, `"version": "9"`, "not valid: /document/tracking/version, test 6.1.16"},
		{"2026-03-05T09", "2026-04-05T09", "its date is 2026-04-05T09:00:00Z, after the publication"},
		{"https://example.com/.well-known/csaf/white", "https://example.com/csaf/white", "it names https://example.com/csaf/white/2026/exd-2026-001.json as its address"},
		{`"The old software has no TLS."`, `"The old software has none."`, "version 2 is published with another text; a change needs a new version"},
		{"2026-03-02T09:00:00Z", "2026-03-01T09:00:00Z", "it was released first on 2026-03-02T09:00:00Z, and states 2026-03-01T09:00:00Z"},
		{"{", "", "line "},
	} {
		p, server := provider(t), fstest.MapFS{}
		publish(t, p, server, []byte(base))
		before := maps.Clone(server)
		changed := strings.ReplaceAll(base, c.old, c.new)
		if c.old == "{" {
			changed = base[1:]
		}
		_, err := p.Publish(server, []Text{{"new.json", []byte(changed)}})
		if err == nil || !strings.Contains(err.Error(), "new.json: "+c.want) {
			t.Errorf("%s: %v, want %s", c.new, err, c.want)
		}
		if !maps.Equal(before, server) {
			t.Errorf("%s: the server changed", c.new)
		}
	}
	p := provider(t)
	lower := strings.NewReplacer(`"version": "2"`, `"version": "1"`).Replace(base)
	i, j := strings.Index(lower, ",\n        {\n          \"date\": \"2026-03-05"), strings.Index(lower, "\n      ],\n      \"status\"")
	lower = lower[:i] + lower[j:]
	server := fstest.MapFS{}
	publish(t, p, server, []byte(base))
	if _, err := p.Publish(server, []Text{{"old.json", []byte(lower)}}); err == nil || !strings.Contains(err.Error(), "version 2 is published, which is higher than 1") {
		t.Errorf("lower: %v", err)
	}
	newer := strings.NewReplacer(`"version": "2"`, `"version": "3"`, `"number": "2"`, `"number": "3"`, "2026-03-05T09", "2026-03-04T09").Replace(base)
	newer = strings.Replace(newer, `        {
          "date": "2026-03-04T09:00:00Z",`, `        {
          "date": "2026-03-03T09:00:00Z",
          "number": "2",
          "summary": "x"
        },
        {
          "date": "2026-03-04T09:00:00Z",`, 1)
	if _, err := p.Publish(server, []Text{{"new.json", []byte(newer)}}); err == nil || !strings.Contains(err.Error(), "version 3 is of 2026-03-04T09:00:00Z, before version 2, which is published") {
		t.Errorf("back in time: %v", err)
	}
	if _, err := p.Publish(fstest.MapFS{}, []Text{{"a.json", []byte(base)}, {"b.json", []byte(base)}}); err == nil || !strings.Contains(err.Error(), "b.json: a.json has the same tracking id") {
		t.Errorf("twice: %v", err)
	}
	if _, err := p.Publish(fstest.MapFS{}, nil); err == nil {
		t.Error("nothing is published")
	}
}

func TestSecurityText(t *testing.T) {
	p := provider(t)
	line := "CSAF: https://example.com/.well-known/csaf/provider-metadata.json\n"
	for old, want := range map[string]string{
		"Contact: mailto:a@example.com":             "Contact: mailto:a@example.com\n" + line,
		"Contact: x\n" + line:                       "Contact: x\n" + line,
		"Expires: 2026-01-01T00:00:00Z\n":           "expired on 2026-01-01; give it a later day, or remove it to have a new one",
		"-----BEGIN PGP SIGNED MESSAGE-----\nx":     "is signed; add the line",
		"Expires: 2026-12-01T00:00:00Z\nContact: x": "Expires: 2026-12-01T00:00:00Z\nContact: x\n" + line,
	} {
		got, err := p.security(fstest.MapFS{securityName: {Data: []byte(old)}})
		if err != nil {
			got = []byte(err.Error())
		}
		if string(got) != want && (err == nil || !strings.Contains(string(got), want)) {
			t.Errorf("%q: %q, want %q", old, got, want)
		}
	}
	p.Contacts = nil
	if _, err := p.security(fstest.MapFS{}); err == nil {
		t.Error("security.txt without contact")
	}
}

func TestKeys(t *testing.T) {
	locked := newKey(t, "horse")
	if _, err := OpenKey(locked, nil, publicationDay); !errors.Is(err, ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if _, err := OpenKey(locked, []byte("cow"), publicationDay); err == nil || errors.Is(err, ErrLocked) {
		t.Errorf("wrong passphrase: %v", err)
	}
	key, err := OpenKey(locked, []byte("horse"), publicationDay)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := key.Sign([]byte("text"))
	if err != nil || !key.Verify([]byte("text"), signature) || key.Verify([]byte("texts"), signature) {
		t.Errorf("signature: %v", err)
	}
	other, err := OpenKey(newKey(t, ""), nil, publicationDay)
	if err != nil || other.Verify([]byte("text"), signature) {
		t.Errorf("signature of another: %v", err)
	}
	public, err := key.Public()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKey(public, nil, publicationDay); err == nil || !strings.Contains(err.Error(), "public one") {
		t.Errorf("public key: %v", err)
	}
	if _, err := OpenKey(locked, []byte("horse"), publicationDay.AddDate(-1, 0, 0)); err == nil {
		t.Error("a key signs before it was made")
	}
	if _, err := OpenKey([]byte("x"), nil, publicationDay); err == nil {
		t.Error("no key")
	}
}

// TestReadByLibrary lets the reader of the library find and check everything from
// the domain alone, over TLS.
func TestReadByLibrary(t *testing.T) {
	server := fstest.MapFS{}
	web := httptest.NewTLSServer(http.FileServerFS(server))
	defer web.Close()
	p := provider(t)
	p.URL = web.URL
	text := bytes.ReplaceAll(advisoryText(t), []byte("https://example.com/.well-known"), []byte(web.URL+"/.well-known"))
	publish(t, p, server, text)

	loaded := csaf.NewProviderMetadataLoader(web.Client()).Load(strings.TrimPrefix(web.URL, "https://"))
	if !loaded.Valid() {
		t.Fatalf("metadata: %v", loaded.Messages)
	}
	if len(loaded.Messages) > 0 {
		t.Errorf("messages: %v", loaded.Messages)
	}
	get := func(url string) []byte {
		response, err := web.Client().Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", url, response.Status, err)
		}
		return body
	}
	pmd, err := csaf.LoadProviderMetadata(bytes.NewReader(get(loaded.URL)))
	if err != nil || pmd.Validate() != nil {
		t.Fatalf("%v, %v", err, pmd.Validate())
	}
	rolie := pmd.Distributions[0].Rolie
	feedText := get(string(*rolie.Feeds[0].URL))
	plain, _, err := parse(feedText)
	if err != nil {
		t.Fatal(err)
	}
	if faults, err := csaf.ValidateROLIE(plain.plain()); err != nil || len(faults) > 0 {
		t.Errorf("feed: %v, %v", faults, err)
	}
	feed, err := csaf.LoadROLIEFeed(bytes.NewReader(feedText))
	if err != nil || len(feed.Feed.Entry) != 1 {
		t.Fatalf("feed: %v", err)
	}
	get(string(rolie.Services[0]))
	directory := pmd.Distributions[1].DirectoryURL
	if index := string(get(directory + "index.txt")); index != "2026/exd-2026-001.json\n" || !bytes.Contains(get(directory), []byte(`href="2026/"`)) || !bytes.Contains(get(directory+"2026/"), []byte(`href="exd-2026-001.json"`)) {
		t.Errorf("directory: %q", index)
	}
	if terms, err := csaf.LoadROLIECategoryDocument(bytes.NewReader(get(string(rolie.Categories[0])))); err != nil || len(terms.Categories.Category) != 2 {
		t.Errorf("categories: %v", err)
	}
	entry := feed.Feed.Entry[0]
	document := get(entry.Content.Src)
	key, err := crypto.NewKeyFromArmored(string(get(*pmd.PGPKeys[0].URL)))
	if err != nil || !strings.EqualFold(key.GetFingerprint(), string(pmd.PGPKeys[0].Fingerprint)) {
		t.Fatalf("key: %v", err)
	}
	for _, link := range entry.Link {
		switch body := get(link.HRef); {
		case link.Rel == "hash":
			is := checksumOf(t, link.HRef, document)
			if want, err := util.HashFromReader(bytes.NewReader(body)); err != nil || !bytes.Equal(want, is) {
				t.Errorf("%s: %v", link.HRef, err)
			}
		case link.Rel == "signature":
			if !(&Key{public: key, at: publicationDay}).Verify(document, body) {
				t.Error("signature does not hold")
			}
		}
	}
}

func checksumOf(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	small, large := checksums(text)
	if strings.HasSuffix(name, ".sha512") {
		return large
	}
	return small
}

func TestServerIsRead(t *testing.T) {
	p := provider(t)
	for name, text := range map[string]string{
		".well-known/csaf/white/2026/x.json":            "{",
		".well-known/csaf/white/2025/exd-2026-001.json": string(advisoryText(t)),
	} {
		server := fstest.MapFS{name: {Data: []byte(text)}}
		if _, err := p.Publish(server, nil); err == nil || !strings.Contains(err.Error(), name) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestContacts(t *testing.T) {
	text := func(details string) Text {
		return Text{"x", []byte(`{"document": {"publisher": {"contact_details": "` + details + `"}}}`)}
	}
	got := Contacts([]Text{{"y", []byte("{")}, text("by letter"), text("PSIRT <x> psirt@example.com, https://example.com/security; mailto:a@example.com")})
	if want := []string{"mailto:psirt@example.com", "https://example.com/security", "mailto:a@example.com"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
