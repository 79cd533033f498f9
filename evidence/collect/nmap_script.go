package collect

import (
	"strings"

	"theriac/evidence"
)

// nmapScript is what a script reports: a tree of tables.
type nmapScript struct {
	ID     string      `xml:"id,attr"`
	Output string      `xml:"output,attr"`
	Tables []nmapTable `xml:"table"`
}

type nmapTable struct {
	Key      string      `xml:"key,attr"`
	Elements []nmapValue `xml:"elem"`
}

type nmapValue struct {
	Key  string `xml:"key,attr"`
	Text string `xml:",chardata"`
}

func (t *nmapTable) value(key string) string {
	for _, e := range t.Elements {
		if e.Key == key {
			return strings.TrimSpace(e.Text)
		}
	}
	return ""
}

// script judges what a script says of a place. A table of the library vulns has
// a title and a state.
func (r *nmapReader) script(s *nmapScript, at string) {
	for _, t := range s.Tables {
		title, state := t.value("title"), t.value("state")
		if title == "" || state == "" {
			continue
		}
		name := t.Key
		if name == "" || strings.HasPrefix(name, "NMAP-") { // a number of the library's own
			name = title
		}
		c := Case{ID: clean(s.ID + "/" + name + "@" + at), Title: clean(title + ": " + state), At: at, Items: cleanAll([]string{s.ID, name, r.args})}
		switch {
		case state == "NOT VULNERABLE":
			c.Outcome = evidence.Pass
		case strings.HasPrefix(state, "VULNERABLE") || state == "LIKELY VULNERABLE":
			c.Severity = riskFactor(s.Output, title)
			// The number of cases is bounded with that of the ports.
			_ = r.found.found(c)
			continue
		default:
			c.Outcome = evidence.Open
		}
		r.report.Cases = append(r.report.Cases, c)
	}
}

// riskFactor finds the risk factor of a weakness in the text for people: the
// tables leave it out.
func riskFactor(output, title string) evidence.Severity {
	_, about, _ := strings.Cut(output, title)
	_, about, _ = strings.Cut(about, "State: ")
	about, _, _ = strings.Cut(about, "State: ") // of the next one
	_, text, found := strings.Cut(about, "Risk factor: ")
	if !found {
		return unrated
	}
	word, _, _ := strings.Cut(text, "\n")
	word, _, _ = strings.Cut(word, " ") // scores follow
	return severityOf(word)
}
