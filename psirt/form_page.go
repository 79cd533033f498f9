package psirt

import (
	"errors"
	"html"
	"net/url"
	"strconv"
	"strings"

	"theriac/model"
)

// FormPage is a web page with the form of reports, in HTML without scripts. The fields
// are those that ReadPost reads; a browser posts them to an address of https, or to a
// path of the server that the page is on.
func FormPage(file *model.File, action string) (string, error) {
	if u, err := url.Parse(action); err != nil || u.User != nil || u.Fragment != "" ||
		!(u.Scheme == "https" && u.Host != "" || u.Scheme == "" && u.Host == "" && strings.HasPrefix(action, "/") && !strings.HasPrefix(action, "//")) {
		return "", errors.New("the form is posted to an address as https://example.com/report, or to a path as /report")
	}
	w := &formPage{}
	w.head(file)
	w.WriteString(`<form method="post" accept-charset="utf-8" action="` + html.EscapeString(action) + `">` + "\n" +
		`<input type="hidden" name="` + fieldForm + `" value="` + FormName + `">` + "\n")
	w.WriteString("<fieldset>\n<legend>The vulnerability</legend>\n")
	w.input(fieldTitle, "Title", "", `type="text" maxlength="200" required`)
	w.input(fieldProduct, "Product and version", "As they stand on the label or the screen.", `type="text" maxlength="200"`)
	w.area(fieldDescription, "What you found", "What an attacker needs and can do, whether patients could be harmed, and steps that show it. Please no data of patients.", 14, "required")
	w.area(fieldVulnerabilities, "Known numbers", "For example CVE-2026-12345, divided by blanks or commas.", 2, "")
	w.input(fieldEmbargo, "Please publish nothing before", "As YYYY-MM-DD; leave it empty if you have no wish.", `type="date"`)
	w.WriteString("</fieldset>\n<fieldset>\n<legend>About you</legend>\n<p>You can report without a name. Without an address we cannot answer.</p>\n")
	w.input(fieldName, "Name", "", `type="text" maxlength="200" autocomplete="name"`)
	w.input(fieldContact, "Mail address", "", `type="text" inputmode="email" maxlength="200" autocomplete="email"`)
	w.credit()
	w.WriteString("</fieldset>\n")
	w.expect(file)
	w.privacy(file)
	w.WriteString("<p><button type=\"submit\">Send the report</button></p>\n</form>\n</main>\n</body>\n</html>\n")
	return w.String(), nil
}

// expect says when an answer comes, and where the policy stands.
func (w *formPage) expect(file *model.File) {
	w.WriteString("<h2>What happens next</h2>\n")
	var v model.VulnerabilityHandling
	if file.VulnerabilityHandling != nil {
		v = *file.VulnerabilityHandling
	}
	var longest, shortest model.Duration
	for _, l := range v.TimeLimits {
		if l.Acknowledge.IsZero() {
			continue
		}
		if longest.IsZero() || l.Acknowledge.Span() > longest.Span() {
			longest = l.Acknowledge
		}
		if shortest.IsZero() || l.Acknowledge.Span() < shortest.Span() {
			shortest = l.Acknowledge
		}
	}
	switch {
	case longest.IsZero():
		w.gap("within which time you get an answer is not stated (vulnerability-handling.time-limits).")
	case longest == shortest:
		w.WriteString("<p>If you give an address, you get a first answer within " + html.EscapeString(longest.String()) + ".</p>\n")
	default:
		w.WriteString("<p>If you give an address, you get a first answer within " + html.EscapeString(shortest.String()) + " to " + html.EscapeString(longest.String()) + ", the sooner the graver the vulnerability is.</p>\n")
	}
	at := PolicyAddress(file)
	if at == "" {
		w.gap("the address of the disclosure policy is not stated (vulnerability-handling.contact.url).")
		return
	}
	w.WriteString(`<p><a href="` + html.EscapeString(at) + `">How we handle reports: our disclosure policy</a></p>` + "\n")
}

// privacy tells what becomes of personal data (GDPR Art. 13): who answers for them, and
// the words of the manufacturer for the rest.
func (w *formPage) privacy(file *model.File) {
	w.WriteString("<h2>Your personal data</h2>\n")
	who := ""
	if file.Product != nil { // the one that the law knows, not the team
		who = file.Product.Manufacturer.Name
	}
	if who != "" && file.Product.Manufacturer.Address != "" {
		who += ", " + strings.Join(strings.Fields(file.Product.Manufacturer.Address), " ")
	}
	if who == "" {
		w.gap("who answers for the data is not stated (product.manufacturer).")
	} else {
		w.WriteString("<p>" + html.EscapeString(who) + " gets what you send and answers for it. You need not give name or address.</p>\n")
	}
	text := ""
	if file.VulnerabilityHandling != nil {
		text = file.VulnerabilityHandling.Privacy
	}
	told := paragraphs(text)
	for _, p := range told {
		w.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	if len(told) == 0 {
		w.gap("purpose, legal basis, how long the data are kept, and your rights are not stated (vulnerability-handling.privacy; GDPR Art. 13).")
	}
}

// gap shows what the security file leaves open.
func (w *formPage) gap(what string) {
	w.WriteString("<p class=\"gap\"><strong>Open: " + html.EscapeString(what) + "</strong></p>\n")
}

type formPage struct{ strings.Builder }

const formStyle = `body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}` +
	`label,legend{font-weight:600}label{display:block}fieldset{border:1px solid #6b7480;border-radius:4px;margin:0 0 1.5rem}` +
	`input[type=text],input[type=date],textarea{font:inherit;width:100%;box-sizing:border-box;padding:.4rem;border:1px solid #6b7480;border-radius:3px}` +
	`.choice label{display:inline;font-weight:400}.hint{margin:0;color:#4a525c}button{font:inherit;padding:.5rem 1.2rem}` +
	`:focus-visible{outline:3px solid #1f5fa8;outline-offset:2px}.gap{border-left:4px solid #a3391d;padding:.4rem .8rem}`

func (w *formPage) head(file *model.File) {
	title := "Report a vulnerability"
	if name := manufacturer(file); name != "" {
		title += " to " + name
	}
	title = html.EscapeString(title)
	w.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<title>" + title + "</title>\n<style>" + formStyle + "</style>\n</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n")
	if v := file.VulnerabilityHandling; v != nil {
		if v.Contact.Email != "" {
			w.WriteString("<p>You can write a mail as well: " + html.EscapeString(v.Contact.Email) + "</p>\n")
		}
		if v.Contact.Encryption != "" {
			w.WriteString("<p>For confidential details, encrypted: " + html.EscapeString(v.Contact.Encryption) + "</p>\n")
		}
	}
	w.WriteString("<p>Fields marked with “required” must be filled in.</p>\n")
}

// label opens a field with its label and hint, and gives the attributes that tie them
// to it.
func (w *formPage) label(name, title, hint, attributes string) (tied string) {
	id := strings.ReplaceAll(name, ".", "-")
	if strings.HasSuffix(attributes, "required") {
		title += " (required)"
	}
	w.WriteString(`<p><label for="` + id + `">` + html.EscapeString(title) + "</label>\n")
	tied = ` id="` + id + `" name="` + name + `"`
	if hint != "" {
		w.WriteString(`<span class="hint" id="` + id + `-hint">` + html.EscapeString(hint) + "</span>\n")
		tied += ` aria-describedby="` + id + `-hint"`
	}
	if attributes != "" {
		tied += " " + attributes
	}
	return tied
}

func (w *formPage) input(name, title, hint, attributes string) {
	tied := w.label(name, title, hint, attributes)
	w.WriteString("<input" + tied + "></p>\n")
}

func (w *formPage) area(name, title, hint string, rows int, attributes string) {
	tied := w.label(name, title, hint, attributes)
	w.WriteString("<textarea rows=\"" + strconv.Itoa(rows) + "\"" + tied + "></textarea></p>\n")
}

// credit asks whether the reporter wants to be named. Nothing is chosen beforehand.
func (w *formPage) credit() {
	w.WriteString("<fieldset class=\"choice\">\n<legend>May our advisory name you?</legend>\n")
	for _, c := range [][2]string{{"true", "Yes, by the name above"}, {"false", "No"}} {
		id := "reporter-credit-" + c[0]
		w.WriteString(`<p><input type="radio" id="` + id + `" name="` + fieldCredit + `" value="` + c[0] + `"> <label for="` + id + `">` + c[1] + "</label></p>\n")
	}
	w.WriteString("</fieldset>\n")
}
