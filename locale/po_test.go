package locale

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

const oldPO = `# Kept.
msgid ""
msgstr ""
"Language: de\n"

# A note of the translator.
#: old.yaml:1
#, c-format
msgctxt "a title"
msgid "Pump"
msgstr "Pumpe"

msgctxt "b text"
msgid "Old words."
msgstr "Alte Worte."

#, fuzzy
msgctxt "c text"
msgid "Guess"
msgstr "Vermutung"

msgid "Everywhere"
msgstr "Überall"

msgctxt "gone text"
msgid "Gone"
msgstr "Weg"

# At the end.
`

func TestMerge(t *testing.T) {
	file, err := ReadTranslations([]byte(oldPO))
	if err != nil {
		t.Fatal(err)
	}
	needed := []Needed{
		{"a title", "Pump", "a.yaml", 3},
		{"b text", "New \"words\"\n\nin\ttwo \\ parts.", "a.yaml", 4},
		{"c text", "Guess", "a.yaml", 5},
		{"d text", "Everywhere", "a.yaml", 6},
		{"e text", "Pump", "a.yaml", 7},
		{"", "A sentence of ours", "", 0},
	}
	missing, unused := file.Merge("de", needed)
	var lacking []string
	for _, m := range missing {
		lacking = append(lacking, m.Context)
	}
	if !slices.Equal(lacking, []string{"b text", "c text"}) || missing[0].Fuzzy || !missing[1].Fuzzy || unused != 2 {
		t.Errorf("missing %v, %d unused", missing, unused)
	}
	text := string(file.Bytes())
	for _, want := range []string{
		"# Kept.\nmsgid \"\"\nmsgstr \"Language: de\\n\"\n",
		"# A note of the translator.\n#: a.yaml:3\n#, c-format\nmsgctxt \"a title\"\nmsgid \"Pump\"\nmsgstr \"Pumpe\"\n",
		"#: a.yaml:4\n#| msgid \"Old words.\"\nmsgctxt \"b text\"\nmsgid \"\"\n\"New \\\"words\\\"\\n\"\n\"\\n\"\n\"in\\ttwo \\\\ parts.\"\nmsgstr \"\"\n",
		"#: a.yaml:5\n#, fuzzy\nmsgctxt \"c text\"\nmsgid \"Guess\"\nmsgstr \"Vermutung\"\n",
		"msgctxt \"d text\"\nmsgid \"Everywhere\"\nmsgstr \"Überall\"\n",
		"msgctxt \"e text\"\nmsgid \"Pump\"\nmsgstr \"Pumpe\"\n",
		"\nmsgid \"Everywhere\"\nmsgstr \"Überall\"\n",
		"#~ msgctxt \"gone text\"\n#~ msgid \"Gone\"\n#~ msgstr \"Weg\"\n",
		"#~ msgctxt \"b text\"\n#~ msgid \"Old words.\"\n#~ msgstr \"Alte Worte.\"\n",
		"# At the end.\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "A sentence of ours") {
		t.Error("a sentence that theriac has in German is asked for")
	}
	same(t, text, "de", needed)
	revived(t, text)
}

// same merges a file that fits: nothing changes.
func same(t *testing.T, text, lang string, needed []Needed) {
	t.Helper()
	file, err := ReadTranslations([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	file.Merge(lang, needed)
	if got := string(file.Bytes()); got != text {
		t.Errorf("merged again, it is\n%s", got)
	}
}

// revived asks again for a text that was not needed: its translation comes back.
func revived(t *testing.T, text string) {
	t.Helper()
	file, err := ReadTranslations([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	missing, unused := file.Merge("de", []Needed{{"gone text", "Gone", "a.yaml", 1}})
	if len(missing) != 0 || unused == 0 || !strings.Contains(string(file.Bytes()), "\nmsgctxt \"gone text\"\nmsgid \"Gone\"\nmsgstr \"Weg\"\n") {
		t.Errorf("missing %v in\n%s", missing, file.Bytes())
	}
}

// TestMergeNewLanguage asks for all texts in a language of which theriac has none.
func TestMergeNewLanguage(t *testing.T) {
	file := &Translations{}
	missing, _ := file.Merge("fr", []Needed{{"a title", "Pump", "a.yaml", 3}, {"", "A sentence of ours", "", 0}})
	if text := string(file.Bytes()); len(missing) != 2 || !strings.Contains(text, "Language: fr") || !strings.Contains(text, "\nmsgid \"A sentence of ours\"\nmsgstr \"\"\n") {
		t.Errorf("missing %v in\n%s", missing, text)
	}
}

func TestReadTranslationsFaults(t *testing.T) {
	for text, want := range map[string]string{
		"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n": "line 2",
		"msgid \"a\n":                         "line 1",
		"msgid \"a\"\n":                       "no msgstr",
		"msgstr \"a\"\n":                      "line 1",
		"\"a\"\n":                             "line 1",
		"msgid \"a\"\n# note\nmsgstr \"b\"\n": "line 2",
		"msgid \"a\"\nmsgctxt \"b\"\n":        "line 2",
		"nonsense\n":                          "line 1",
		"msgid a\nmsgstr \"b\"\n":             "line 1",
		strings.Repeat("#\n", MaxFile/2):      "",
	} {
		_, err := ReadTranslations([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
	if _, err := ReadTranslations(make([]byte, MaxFile+1)); err == nil {
		t.Error("a file that is too large is read")
	}
}

// FuzzTranslations reads hostile files of translations: neither reader may panic, and
// what was read and written is read as the same.
func FuzzTranslations(f *testing.F) {
	f.Add([]byte(oldPO), "Pump")
	f.Add([]byte("msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=((n%10==1) ? 0 : 1);\\n\"\n"), "")
	f.Add([]byte("#~ msgctxt \"a\"\n#~ msgid \"\\303\\044\"\n#~ msgstr \"\\n\\t\\\\\"\n#, fuzzy\n"), "a")
	f.Add([]byte("# Kept.\nmsgid \"\"\nmsgstr \"\"\n"), "Pump")
	f.Add([]byte("\xef\xbb\xbfmsgid \"x\"\r\nmsgstr \"y\"\r\n"), "x")
	f.Fuzz(func(t *testing.T, text []byte, english string) {
		if l, err := Open("de", fstest.MapFS{Folder + "/de.po": {Data: text}}); err == nil {
			l.Tell("a title", english)
			l.Say(english)
		}
		file, err := ReadTranslations(text)
		if err != nil || !utf8.ValidString(english) {
			return
		}
		file.Merge("de", []Needed{{"a title", english, "a.yaml", 1}})
		written := file.Bytes()
		again, err := ReadTranslations(written)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%q", err, written)
		}
		if second := again.Bytes(); !bytes.Equal(withoutMarks(written), withoutMarks(second)) {
			t.Fatalf("%q became %q", written, second)
		}
	})
}

// withoutMarks leaves out the places, which are made anew by each merge.
func withoutMarks(text []byte) []byte {
	var out [][]byte
	for _, l := range bytes.Split(text, []byte("\n")) {
		if !bytes.HasPrefix(l, []byte("#:")) {
			out = append(out, l)
		}
	}
	return bytes.Join(out, []byte("\n"))
}
