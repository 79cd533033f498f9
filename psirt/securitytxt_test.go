package psirt

import (
	"strings"
	"testing"
)

func TestSecurityTxt(t *testing.T) {
	file := loadText(t, product+`
publication: {languages: [de, en, de]}
vulnerability-handling:
  disclosure: https://example.com/policy
  advisories: "CSAF at https://example.com/.well-known/csaf/provider-metadata.json."
  publisher: {namespace: "https://example.com", directory: "https://example.com/.well-known/csaf/"}
  contact:
    email: psirt@example.com
    url: https://example.com/security
    security-txt: https://example.com/.well-known/security.txt
    encryption: "openpgp4fpr:0123456789abcdef"
`)
	const want = `Contact: mailto:psirt@example.com
Contact: https://example.com/security
Expires: 2027-11-21T00:00:00Z
Encryption: openpgp4fpr:0123456789abcdef
Preferred-Languages: de, en
Canonical: https://example.com/.well-known/security.txt
Policy: https://example.com/policy
CSAF: https://example.com/.well-known/csaf/provider-metadata.json
`
	if got := SecurityTxtOf(file, dayIn(t, "2026-11-22")).Text(); got != want {
		t.Errorf("got\n%s", got)
	}
	hostile := loadText(t, product+`
vulnerability-handling:
  disclosure: Words of a policy.
  contact: {email: "A <a@b>", url: "https://example.com/a\nPolicy: https://evil.example", encryption: a key}
`)
	s := SecurityTxtOf(hostile, dayIn(t, "2026-11-22"))
	if len(s.Contacts) > 0 || s.Policy != "" || strings.Count(s.Text(), "\n") != 1 {
		t.Errorf("what is no URI is a field: %q", s.Text())
	}
}

func FuzzSecurityTxt(f *testing.F) {
	f.Add("psirt@example.com", "https://example.com")
	f.Add("a\r\nPolicy: x@b", "https://x\n")
	f.Fuzz(func(t *testing.T, email, address string) {
		for _, uri := range []string{MailURI(email), WebAddress(address), keyAddress(address)} {
			if strings.ContainsAny(uri, "\r\n \t") {
				t.Errorf("%q breaks a line", uri)
			}
		}
	})
}

// TestSecurityTxtExpires: less than a year, across leap days (RFC 9116 section 2.5.5).
func TestSecurityTxtExpires(t *testing.T) {
	file := loadText(t, product+"\nvulnerability-handling: {contact: {email: psirt@example.com}}\n")
	for day, want := range map[string]string{"2026-11-22": "2027-11-21", "2027-03-01": "2028-02-29", "2028-02-29": "2029-02-28", "2026-01-01": "2026-12-31"} {
		if got := SecurityTxtOf(file, dayIn(t, day)).Expires.Format("2006-01-02"); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
}
