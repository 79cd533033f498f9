package locale

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestWords: our own files are read, and each translation takes as many arguments as
// its text, whatever their order.
func TestWords(t *testing.T) {
	if len(Known()) < 2 {
		t.Fatalf("known are %v", Known())
	}
	for _, tag := range Known() {
		l, err := Open(tag, nil)
		if err != nil {
			t.Fatal(err)
		}
		for m, said := range l.words {
			if strings.Contains(m.Text, "%") && !sameVerbs(m.Text, said) {
				t.Errorf("%s: %q and its translation %q take other arguments", tag, m.Text, said)
			}
		}
	}
}

func TestSayAndTell(t *testing.T) {
	files := fstest.MapFS{"translations/de.po": {Data: []byte(`
msgctxt "env-a text"
msgid "Close the port."
msgstr "Schließen Sie den Anschluss."

msgid "Port"
msgstr "Anschluss"

msgctxt "env-b title"
msgid "Port"
msgstr "Hafen"

msgctxt "env-d text"
msgid "Lock the door."
msgstr "\u200b "

#, fuzzy
msgctxt "env-c text"
msgid "Guess"
msgstr "Vermutung"

msgid "Contents"
msgstr "Verzeichnis"
`)}}
	l, err := Open("de", files)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ context, text, want string }{
		{"env-a text", "Close\n  the port.\n", "Schließen Sie den Anschluss."},
		{"env-a title", "Port", "Anschluss"},
		{"env-b title", "Port", "Hafen"},
		{"env-c text", "Guess", "Guess"},
		{"env-d text", "Lock the door.", "Lock the door."},
		{"env-a text", "Close the door.", "Close the door."},
		{"env-a text", " ", " "},
	} {
		if got := l.Tell(c.context, c.text); got != c.want {
			t.Errorf("Tell(%q, %q) = %q, want %q", c.context, c.text, got, c.want)
		}
	}
	if got := l.Say("Contents"); got != "Inhalt" {
		t.Errorf("a manufacturer's word counts before ours: %q", got)
	}
	if got := l.Say("Table %d", 3); got != "Tabelle 3" {
		t.Errorf("got %q", got)
	}
	missing := l.Missing()
	if len(missing) != 3 || missing[0] != (Missing{"env-a text", "Close the door."}) || missing[1] != (Missing{"env-c text", "Guess"}) {
		t.Errorf("missing are %v", missing)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		tag, file, want string
	}{
		{"xx", "", "there is none for xx"},
		{"../de", "", "no language tag"},
		{"", "", "no language tag"},
		{"fr", "msgid \"a\nmsgstr", "translations/fr.po: line 1"},
	} {
		files := fstest.MapFS{}
		if c.file != "" {
			files["translations/"+c.tag+".po"] = &fstest.MapFile{Data: []byte(c.file)}
		}
		if _, err := Open(c.tag, files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.tag, err, c.want)
		}
	}
	if _, err := Open("fr", fstest.MapFS{"translations/fr.po": {Data: []byte("msgid \"Contents\"\nmsgstr \"Sommaire\"\n")}}); err != nil {
		t.Error(err)
	}
}

// TestVerbs: a translation that would hide an argument, or print it at length, is none.
func TestVerbs(t *testing.T) {
	for _, c := range []struct {
		text, said string
		same       bool
	}{
		{"%d of %d", "%[1]d von %[2]d", true}, {"%d of %d", "%[2]d, davon %[1]d", true}, {"100 %% of %s", "100 %% von %s", true},
		{"%d of %d", "%d", false}, {"%s", "%.0s", false}, {"%s", "%999999s", false}, {"%s", "%*s", false}, {"%d of %d", "%[1]d %[1]d", false}, {"a", "b %", false},
	} {
		if got := sameVerbs(c.text, c.said); got != c.same {
			t.Errorf("%q and %q: %v", c.text, c.said, got)
		}
	}
}

// TestKey: a text is the same however its author broke its lines.
func TestKey(t *testing.T) {
	if got := Key("  One\n two.\n\n Three\n"); got != "One two.\n\nThree" {
		t.Errorf("got %q", got)
	}
}
