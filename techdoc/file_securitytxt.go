package techdoc

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"theriac/model"
)

var _ = addFile(FileDefinition{
	Name:  "security.txt",
	Title: "security.txt (RFC 9116)",
	About: "where finders of vulnerabilities report, for the manufacturer's web server",
	Order: 35,
	Make:  makeSecurityTxt,
})

// makeSecurityTxt writes the fields that the security file states in a form that
// RFC 9116 allows; nil where it states no contact. The file holds for one year less a
// day from the day on which everything is judged (RFC 9116 section 2.5.5).
func makeSecurityTxt(b *Book) ([]byte, error) {
	h := b.File.VulnerabilityHandling
	if h == nil {
		return nil, nil
	}
	var fields [][2]string
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, [2]string{name, value})
		}
	}
	add("Contact", mailto(h.Contact.Email))
	add("Contact", webAddress(h.Contact.URL))
	if len(fields) == 0 {
		return nil, nil
	}
	add("Expires", lastDay(b.Day)+"T00:00:00Z")
	add("Encryption", keyAddress(h.Contact.Encryption))
	add("Preferred-Languages", strings.Join(languageTags(b.File.Publication), ", "))
	add("Canonical", webAddress(h.Contact.SecurityTxt))
	add("Policy", webAddress(h.Disclosure))
	for _, csaf := range providerMetadata(h.Advisories) {
		add("CSAF", csaf)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "# For /.well-known/security.txt. Made from the security file on %s.\n", b.Day)
	for _, f := range fields {
		fmt.Fprintf(&out, "%s: %s\n", f[0], f[1])
	}
	return []byte(out.String()), nil
}

// lastDay is the day before the same day of the next year, in which the contact is to
// be looked at again.
func lastDay(d model.Date) string {
	t, err := time.Parse(time.DateOnly, d.String())
	if err != nil {
		panic(err) // the form is that of String
	}
	return t.AddDate(1, 0, -1).Format(time.DateOnly)
}

// mailto is a mail address as a URI; "" where the text is none.
func mailto(address string) string {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != strings.TrimSpace(address) {
		return ""
	}
	local, domain, _ := strings.Cut(a.Address, "@")
	uri := "mailto:" + strings.ReplaceAll(url.PathEscape(local), "+", "%2B") + "@" + domain
	if !plainURI(uri) {
		return ""
	}
	return uri
}

// webAddress is an address that begins with https; "" where the text is something
// else or more than that.
func webAddress(text string) string {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || !plainURI(text) {
		return ""
	}
	return text
}

// keyAddress is where a key is found: https, the DNS, or an OpenPGP fingerprint (RFC
// 9116 section 2.5.4).
func keyAddress(text string) string {
	text = strings.TrimSpace(text)
	if (strings.HasPrefix(text, "dns:") || strings.HasPrefix(text, "openpgp4fpr:")) && plainURI(text) {
		return text
	}
	return webAddress(text)
}

// plainURI reports whether a text consists of the characters of URIs alone (RFC 3986
// section 2).
func plainURI(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~:/?#[]@!$&'()*+,;=%", r))
	}) < 0
}

// languageTags are the languages of the manufacturer's publications.
func languageTags(p *model.Publication) []string {
	var tags []string
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

// providerMetadata are addresses of CSAF provider metadata in a text (CSAF 2.0 section
// 7.1.8).
func providerMetadata(text string) []string {
	var found []string
	for _, word := range strings.Fields(text) {
		word = strings.Trim(word, "<>()[],;.\"'")
		if at := webAddress(word); strings.HasSuffix(at, "/provider-metadata.json") && !slices.Contains(found, at) {
			found = append(found, at)
		}
	}
	return found
}
