package psirt

import (
	"fmt"
	"html"
	"strings"

	"theriac/model"
)

// Policy is a disclosure policy (ISO/IEC 29147) made of what the security file
// states.
type Policy struct {
	Title    string
	Sections []PolicySection
	Missing  []string // what a finder would look for and the security file does not say
}

// PolicySection is a part of a policy. Paragraphs stand before the list or the table.
type PolicySection struct {
	Title string
	Text  []string
	List  []string
	Table [][]string // the first row is its head
	Gaps  []string   // what the security file does not say, for the reader of a draft
}

// DisclosurePolicy makes the policy.
func DisclosurePolicy(file *model.File) *Policy {
	m := policyMaker{file: file, p: &Policy{Title: "Vulnerability disclosure policy"}}
	if file.VulnerabilityHandling != nil {
		m.v = *file.VulnerabilityHandling
	}
	if name := manufacturer(file); name != "" {
		m.p.Title += " of " + name
	}
	m.contact()
	m.scope()
	m.expect()
	m.disclosure()
	m.prose("Safe harbour", m.v.SafeHarbour, "safe-harbour", "what finders who act in good faith need not fear is not stated")
	m.add(PolicySection{Title: "Your personal data", Text: paragraphs(m.v.Privacy)})
	m.credit()
	return m.p
}

type policyMaker struct {
	file *model.File
	v    model.VulnerabilityHandling
	p    *Policy
}

func (m *policyMaker) add(s PolicySection) {
	if len(s.Text)+len(s.List)+len(s.Table)+len(s.Gaps) > 0 {
		m.p.Sections = append(m.p.Sections, s)
	}
}

// lacks notes a field that is not stated, and gives the gap that stands in its place.
func (m *policyMaker) lacks(field, what string) string {
	m.p.Missing = append(m.p.Missing, "vulnerability-handling."+field)
	return "Open: " + what + " (vulnerability-handling." + field + ")."
}

func (m *policyMaker) prose(title, text, field, what string) {
	s := PolicySection{Title: title, Text: paragraphs(text)}
	if len(s.Text) == 0 {
		s.Gaps = []string{m.lacks(field, what)}
	}
	m.add(s)
}

func (m *policyMaker) contact() {
	c := m.v.Contact
	s := PolicySection{Title: "How to report"}
	if c.Email == "" && c.URL == "" {
		s.Gaps = append(s.Gaps, m.lacks("contact", "where to report is not stated"))
	} else {
		s.Text = append(s.Text, "Please report suspected vulnerabilities of our products here:")
	}
	if c.Email != "" {
		s.List = append(s.List, "By mail: "+c.Email)
	}
	if c.URL != "" {
		s.List = append(s.List, "On the web: "+c.URL)
	}
	if c.Encryption != "" {
		s.List = append(s.List, "Encryption: "+c.Encryption)
	} else {
		s.Gaps = append(s.Gaps, m.lacks("contact.encryption", "how to encrypt a report is not stated"))
	}
	if c.SecurityTxt != "" {
		s.List = append(s.List, "security.txt: "+c.SecurityTxt)
	}
	m.add(s)
	m.add(PolicySection{Title: "What helps us", List: []string{
		"product, version and serial number, and how the device was configured",
		"what an attacker needs and can do, in particular whether patients could be harmed",
		"steps that show it; please no data of patients",
		"whether somebody else knows of it, and when you intend to publish",
		"how you want to be named, if at all",
	}, Text: []string{"Never test a device that is connected to a patient or could be used on one without a check by its operator."}})
}

func (m *policyMaker) scope() {
	s := PolicySection{Title: "Scope", List: m.v.Scope}
	if len(m.v.Scope) == 0 {
		s.Gaps = []string{m.lacks("scope", "about which products and services reports are welcome is not stated")}
	}
	m.add(s)
}

// expect tells the manufacturer's own time limits.
func (m *policyMaker) expect() {
	s := PolicySection{Title: "What you can expect from us", Table: [][]string{{"Severity", "First answer within", "Assessment within", "Fix or mitigation within"}}}
	for _, l := range m.v.TimeLimits {
		s.Table = append(s.Table, []string{l.Severity, orOpen(l.Acknowledge), orOpen(l.Assess), orOpen(l.Fix)})
	}
	if len(s.Table) == 1 {
		m.add(PolicySection{Title: s.Title, Gaps: []string{m.lacks("time-limits", "within which time a finder gets an answer is not stated")}})
		return
	}
	s.Text = []string{"Times run from the receipt of your report. Until we have judged the severity, the shortest limits hold."}
	if m.v.TimeZone.IsZero() {
		s.Gaps = append(s.Gaps, m.lacks("time-zone", "where days are counted is not stated"))
	} else {
		s.Text = append(s.Text, fmt.Sprintf("Days are calendar days in %s; the day of receipt is not counted.", m.v.TimeZone))
	}
	m.add(s)
}

func orOpen(d model.Duration) string {
	if d.IsZero() {
		return "not set"
	}
	return d.String()
}

func (m *policyMaker) disclosure() {
	s := PolicySection{Title: "Coordinated disclosure", Text: paragraphs(m.v.Disclosure)}
	if len(s.Text) == 0 {
		s.Gaps = append(s.Gaps, m.lacks("disclosure", "how a vulnerability becomes public is not stated"))
	}
	if m.v.Advisories != "" {
		s.Text = append(s.Text, "How users are told: "+strings.Join(paragraphs(m.v.Advisories), " "))
	}
	if d := m.v.Publisher.Directory; d != "" {
		s.Text = append(s.Text, "Advisories for machines: "+d)
	}
	m.add(s)
}

func (m *policyMaker) credit() {
	m.add(PolicySection{Title: "Credit", Text: []string{"Who reports a vulnerability is named in the advisory, if he or she wants to be, and as he or she wants to be."}})
}

// paragraphs splits text at empty lines; lines of a paragraph are joined.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// Markdown writes the policy as Markdown. Texts of the security file are Markdown.
func (p *Policy) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + p.Title + "\n")
	for _, s := range p.Sections {
		b.WriteString("\n## " + s.Title + "\n")
		for _, t := range s.Text {
			b.WriteString("\n" + t + "\n")
		}
		for _, g := range s.Gaps {
			b.WriteString("\n> **" + g + "**\n")
		}
		for i, item := range s.List {
			if i == 0 {
				b.WriteByte('\n')
			}
			b.WriteString("- " + strings.Join(strings.Fields(item), " ") + "\n")
		}
		for i, row := range s.Table {
			if i == 0 {
				b.WriteByte('\n')
			}
			b.WriteString("| " + strings.ReplaceAll(strings.Join(row, " | "), "\n", " ") + " |\n")
			if i == 0 {
				b.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
			}
		}
	}
	return b.String()
}

// HTML writes the policy as a page of its own that loads nothing.
func (p *Policy) HTML() string {
	var b strings.Builder
	title := html.EscapeString(p.Title)
	b.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>" + title + "</title>\n" +
		"<style>body{font-family:sans-serif;line-height:1.5;max-width:45em;margin:2em auto;padding:0 1em}th,td{text-align:left;padding:.2em 1em .2em 0}.gap{border-left:4px solid #a3391d;padding:.4em .8em}</style>\n" +
		"</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n")
	for _, s := range p.Sections {
		b.WriteString("<h2>" + html.EscapeString(s.Title) + "</h2>\n")
		for _, t := range s.Text {
			b.WriteString("<p>" + html.EscapeString(t) + "</p>\n")
		}
		for _, g := range s.Gaps {
			b.WriteString("<p class=\"gap\"><strong>" + html.EscapeString(g) + "</strong></p>\n")
		}
		htmlList(&b, s.List)
		htmlTable(&b, s.Table)
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	return b.String()
}

func htmlList(b *strings.Builder, items []string) {
	if len(items) == 0 {
		return
	}
	b.WriteString("<ul>\n")
	for _, item := range items {
		b.WriteString("<li>" + html.EscapeString(item) + "</li>\n")
	}
	b.WriteString("</ul>\n")
}

func htmlTable(b *strings.Builder, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	b.WriteString("<table>\n")
	for i, row := range rows {
		b.WriteString("<tr>")
		for _, c := range row {
			if i == 0 {
				b.WriteString("<th scope=\"col\">" + html.EscapeString(c) + "</th>")
			} else {
				b.WriteString("<td>" + html.EscapeString(c) + "</td>")
			}
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}
