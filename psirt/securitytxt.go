package psirt

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"theriac/model"
)

// SecurityTxt are the fields of a security.txt (RFC 9116), each a URI that it allows.
type SecurityTxt struct {
	Contacts   []string
	Expires    time.Time
	Encryption string
	Languages  []string // BCP 47
	Canonical  string
	Policy     string
	CSAF       []string // addresses of provider metadata (CSAF 2.0 section 7.1.8)
}

// SecurityTxtOf takes the fields from a security file. It holds for one year less a day
// (RFC 9116 section 2.5.5). What is stated in another form than the RFC allows is left
// out; one without contacts is none.
func SecurityTxtOf(file *model.File, day model.Date) SecurityTxt {
	h := file.VulnerabilityHandling
	if h == nil {
		return SecurityTxt{}
	}
	at, _ := time.Parse(time.DateOnly, day.String()) // a Date is one
	s := SecurityTxt{
		Expires: at.AddDate(1, 0, -1), Encryption: keyAddress(h.Contact.Encryption), Languages: languageTags(file.Publication),
		Canonical: WebAddress(h.Contact.SecurityTxt), Policy: PolicyAddress(file),
	}
	for _, contact := range []string{MailURI(h.Contact.Email), WebAddress(h.Contact.URL)} {
		if contact != "" {
			s.Contacts = append(s.Contacts, contact)
		}
	}
	if folder := WebAddress(h.Publisher.Directory); folder != "" {
		s.addCSAF(strings.TrimSuffix(folder, "/") + "/" + metadataName)
	}
	for word := range strings.FieldsSeq(h.Advisories) {
		if at := WebAddress(strings.Trim(word, "<>()[],;.\"'")); strings.HasSuffix(at, "/"+metadataName) {
			s.addCSAF(at)
		}
	}
	return s
}

// metadataName is the file that leads to the advisories of a provider (CSAF 2.0 section
// 7.1.7).
const metadataName = "provider-metadata.json"

func (s *SecurityTxt) addCSAF(address string) {
	if !slices.Contains(s.CSAF, address) {
		s.CSAF = append(s.CSAF, address)
	}
}

// Text are the lines of the file, without a comment.
func (s SecurityTxt) Text() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	for _, c := range s.Contacts {
		line("Contact", c)
	}
	line("Expires", s.Expires.UTC().Format(time.RFC3339))
	line("Encryption", s.Encryption)
	line("Preferred-Languages", strings.Join(s.Languages, ", "))
	line("Canonical", s.Canonical)
	line("Policy", s.Policy)
	for _, c := range s.CSAF {
		line("CSAF", c)
	}
	return b.String()
}

// PolicyAddress is where the disclosure policy is read: the address that disclosure is,
// else the disclosure page; "" where there is none.
func PolicyAddress(file *model.File) string {
	h := file.VulnerabilityHandling
	if h == nil {
		return ""
	}
	if at := WebAddress(h.Disclosure); at != "" {
		return at
	}
	return WebAddress(h.Contact.URL)
}

// MailURI is a mail address as a URI; "" where the text is none.
func MailURI(address string) string {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != strings.TrimSpace(address) {
		return ""
	}
	local, domain, _ := strings.Cut(a.Address, "@")
	uri := "mailto:" + strings.ReplaceAll(url.PathEscape(local), "+", "%2B") + "@" + domain
	if !PlainURI(uri) {
		return ""
	}
	return uri
}

// WebAddress is an address that begins with https; "" where the text is something
// else or more than that.
func WebAddress(text string) string {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || !PlainURI(text) {
		return ""
	}
	return text
}

// keyAddress is where a key is found: https, the DNS, or an OpenPGP fingerprint (RFC
// 9116 section 2.5.4).
func keyAddress(text string) string {
	text = strings.TrimSpace(text)
	if (strings.HasPrefix(text, "dns:") || strings.HasPrefix(text, "openpgp4fpr:")) && PlainURI(text) {
		return text
	}
	return WebAddress(text)
}

// PlainURI reports whether a text consists of the characters of URIs alone (RFC 3986
// section 2).
func PlainURI(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~:/?#[]@!$&'()*+,;=%", r))
	}) < 0
}

// languageTags are the languages of the manufacturer's publications.
func languageTags(p *model.Publication) (tags []string) {
	if p == nil {
		return nil
	}
	for _, l := range p.Languages {
		if t, err := language.Parse(l); err == nil && !slices.Contains(tags, t.String()) {
			tags = append(tags, t.String())
		}
	}
	return tags
}
