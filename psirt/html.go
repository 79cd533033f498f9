package psirt

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textOfHTML is what a reader sees of a mail in HTML. Addresses of links that differ
// from their text follow in brackets, since that is what has to be looked at. The error
// says that the rest could not be read.
func textOfHTML(data []byte) (string, error) {
	z := html.NewTokenizer(bytes.NewReader(data))
	z.SetMaxBuf(MaxMail) // images stand in attributes
	var w htmlText
	for w.out.Len() < 2*maxText {
		switch z.Next() {
		case html.ErrorToken:
			w.end(atom.A) // a link that is left open
			if err := z.Err(); err != io.EOF {
				return w.out.String(), err
			}
			return w.out.String(), nil
		case html.TextToken:
			w.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token())
		case html.EndTagToken:
			w.end(z.Token().DataAtom)
		}
	}
	return w.out.String(), nil // it is cut, and said to be, where it is kept
}

// htmlText collects the text of a page.
type htmlText struct {
	out    strings.Builder
	hidden atom.Atom // the element that hides what is in it; 0 for none
	link   string    // address of the link that is open
	from   int       // where its text begins
}

func (w *htmlText) text(s string) {
	if w.hidden != 0 {
		return
	}
	words := strings.Join(strings.Fields(s), " ")
	if strings.TrimLeft(s, " \t\r\n") != s && words != "" {
		words = " " + words
	}
	if strings.TrimRight(s, " \t\r\n") != s {
		words += " "
	}
	w.out.WriteString(words)
}

func (w *htmlText) start(t html.Token) {
	if w.hidden == atom.Head && t.DataAtom == atom.Body {
		w.hidden = 0
	}
	if w.hidden != 0 {
		return
	}
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Template:
		if t.Type == html.StartTagToken {
			w.hidden = t.DataAtom
		}
	case atom.Li:
		w.out.WriteString("\n- ")
	case atom.A:
		w.end(atom.A) // links do not stand inside each other
		w.link, w.from = "", w.out.Len()
		for _, a := range t.Attr {
			if a.Key == "href" {
				w.link = line(a.Val)
			}
		}
	default:
		w.breakAt(t.DataAtom)
	}
}

func (w *htmlText) end(a atom.Atom) {
	switch {
	case w.hidden != 0:
		if a == w.hidden {
			w.hidden = 0
		}
	case a == atom.A && w.link != "":
		if shown := strings.TrimSpace(w.out.String()[w.from:]); shown != w.link && "mailto:"+shown != w.link {
			w.out.WriteString(" <" + w.link + ">")
		}
		w.link = ""
	default:
		w.breakAt(a)
	}
}

// breakAt ends the line at elements that stand on their own.
func (w *htmlText) breakAt(a atom.Atom) {
	switch a {
	case atom.Br, atom.Tr, atom.Div, atom.Ul, atom.Ol, atom.Dt, atom.Dd:
		w.out.WriteByte('\n')
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Pre, atom.Blockquote, atom.Table, atom.Hr:
		w.out.WriteString("\n\n")
	case atom.Td, atom.Th:
		w.out.WriteByte(' ')
	}
}
