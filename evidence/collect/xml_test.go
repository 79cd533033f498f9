package collect

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"
)

type xmlNote struct {
	XMLName xml.Name
	To      string `xml:"to,attr"`
	Lines   []int  `xml:"line"`
}

func TestDecodeXML(t *testing.T) {
	var n xmlNote
	data := "\ufeff<?xml version='1.0' encoding='US-ASCII'?>\n<!DOCTYPE note SYSTEM 'http://localhost/never-loaded.dtd'>\n<!-- c --><note to='&lt;you&#10;'><line>1</line><line>2</line></note>\n"
	if err := decodeXML([]byte(data), &n, "memo", "note"); err != nil {
		t.Fatal(err)
	}
	if n.To != "<you\n" || len(n.Lines) != 2 || n.Lines[1] != 2 {
		t.Errorf("got %+v", n)
	}
}

func TestDecodeXMLRefuses(t *testing.T) {
	for name, in := range map[string]struct{ data, message string }{
		"nothing":        {"", "no XML element"},
		"prose":          {"hello", "text outside"},
		"other root":     {"<memo/>", "the root element is <memo>, not <note>"},
		"second root":    {"<note/><note/>", "a second root"},
		"text behind":    {"<note/>\nmore", "line 2: text outside"},
		"cut":            {"<note>\n<line>1</line>\n", "line 3: not well-formed"},
		"not closed":     {"<note><line></note>", "not well-formed"},
		"number":         {"<note>\n<line>one</line></note>", "line 2"},
		"subset":         {"<!DOCTYPE note [ <!ENTITY a 'aaaa'> ]><note/>", "declarations"},
		"entity":         {"<note>&a;</note>", "not well-formed"},
		"bare entity":    {"<!ENTITY a 'aaaa'><note/>", "declarations"},
		"encoding":       {"<?xml version='1.0' encoding='EBCDIC'?><note/>", "line 1: the encoding EBCDIC"},
		"invalid UTF-8":  {"<note to='\xff'/>", "not well-formed"},
		"nesting":        {strings.Repeat("<note>", maxDepth+1), "nested more than"},
		"attribute once": {"<note to='a' to='b'/>", "the attribute to stands twice"},
	} {
		err := decodeXML([]byte(in.data), new(xmlNote), "note")
		if _, ok := errors.AsType[*Malformed](err); !ok || !strings.Contains(err.Error(), in.message) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestRootXML(t *testing.T) {
	for data, want := range map[string]string{
		"<a": "", "<a/>": "a", "<?xml version='1.0'?>\n<!-- c -->\n<a b='c'><d": "a", "text<a/>": "", "": "", "\ufeff <a>": "a", "{}": "",
	} {
		root, ok := rootXML([]byte(data))
		if root.Name.Local != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v", data, root.Name.Local, ok)
		}
	}
}
