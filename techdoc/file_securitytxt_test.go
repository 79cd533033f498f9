package techdoc

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// securityTxt reads a security.txt by the grammar of RFC 9116 section 4, and refuses
// what the RFC does not allow: fields of one line each, Contact, exactly one Expires,
// at most one Preferred-Languages, addresses of the web with https.
func securityTxt(text string) (map[string][]string, error) {
	fields := map[string][]string{}
	if !strings.HasSuffix(text, "\n") {
		return nil, fmt.Errorf("the last line has no end")
	}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return nil, fmt.Errorf("line %d: control character", i+1)
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := regexp.MustCompile(`^([!-9;-~]+): (\S.*)$`).FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("line %d is no field", i+1)
		}
		name := strings.ToLower(m[1])
		fields[name] = append(fields[name], m[2])
	}
	for name, values := range fields {
		if err := securityTxtField(name, values); err != nil {
			return nil, err
		}
	}
	if len(fields["contact"]) == 0 || len(fields["expires"]) != 1 {
		return nil, fmt.Errorf("no contact, or not one day on which it expires")
	}
	return fields, nil
}

func securityTxtField(name string, values []string) error {
	for _, v := range values {
		switch name {
		case "contact", "encryption", "canonical", "policy", "acknowledgments", "hiring", "csaf":
			u, err := url.Parse(v)
			switch {
			case err != nil || u.Scheme == "" || strings.ContainsAny(v, " <>\"{}|\\^`"):
				return fmt.Errorf("%s: %q is no URI", name, v)
			case u.Scheme == "http" || u.Scheme == "https" && u.Host == "":
				return fmt.Errorf("%s: %q is no address with https", name, v)
			}
		case "expires":
			if _, err := time.Parse(time.RFC3339, v); err != nil {
				return err
			}
		case "preferred-languages":
			if len(values) > 1 || !regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*(, ?[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)*$`).MatchString(v) {
				return fmt.Errorf("languages %q", values)
			}
		default:
			return fmt.Errorf("unknown field %s", name)
		}
	}
	return nil
}

func TestSecurityTxt(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       map[string][]string // nil for no file
	}{
		{"no handling", "", nil},
		{"no contact", "vulnerability-handling: {owner: PSIRT}", nil},
		{"contact that is none", "vulnerability-handling: {contact: {email: call us, url: 'http://a.example'}}", nil},
		{"line break", `vulnerability-handling: {contact: {email: "a@b.example\nContact: mailto:evil@c.example"}}`, nil},
		{"mail", "vulnerability-handling: {contact: {email: 'psirt+new@a.example'}}",
			map[string][]string{"contact": {"mailto:psirt%2Bnew@a.example"}}},
		{"all", `vulnerability-handling:
  contact: {email: p@a.example, url: 'https://a.example/sec', security-txt: 'https://a.example/.well-known/security.txt', encryption: 'openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f'}
  disclosure: https://a.example/policy
  advisories: "CSAF at https://a.example/.well-known/csaf/provider-metadata.json, mail; see https://a.example/sec."
publication: {languages: [de, en-GB, de, "!!"]}`,
			map[string][]string{
				"contact": {"mailto:p@a.example", "https://a.example/sec"}, "canonical": {"https://a.example/.well-known/security.txt"},
				"encryption": {"openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f"}, "policy": {"https://a.example/policy"},
				"preferred-languages": {"de, en-GB"}, "csaf": {"https://a.example/.well-known/csaf/provider-metadata.json"},
			}},
		{"prose is no address", `vulnerability-handling:
  contact: {url: 'https://a.example', encryption: OpenPGP key on https://a.example}
  disclosure: See https://a.example/policy
  advisories: CSAF 2.0 feed`, map[string][]string{"contact": {"https://a.example"}, "policy": {"https://a.example"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := machineFile(t, writtenBook(t, c.file+"\n"), "security.txt")
			if c.want == nil {
				if text != nil {
					t.Errorf("made of nothing:\n%s", text)
				}
				return
			}
			got, err := securityTxt(string(text))
			if err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			c.want["expires"] = []string{"2027-11-21T00:00:00Z"}
			if len(got) != len(c.want) {
				t.Errorf("got %v", got)
			}
			for name, values := range c.want {
				if !slices.Equal(got[name], values) {
					t.Errorf("%s: got %q, want %q", name, got[name], values)
				}
			}
		})
	}
}

// TestSecurityTxtReader: the reader refuses what the RFC forbids.
func TestSecurityTxtReader(t *testing.T) {
	const good = "Contact: mailto:a@b.example\nExpires: 2027-11-21T00:00:00Z\n"
	if _, err := securityTxt(good); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{
		"", strings.TrimSuffix(good, "\n"), "Contact: mailto:a@b.example\n", "Expires: 2027-11-21T00:00:00Z\n", good + good,
		good + "Contact: http://a.example\n", good + "Policy: see there\n", good + "no field\n", good + "Preferred-Languages: de\nPreferred-Languages: en\n",
		good + "Preferred-Languages: de;en\n", good + "More: x\n", good + "Policy:https://a.example\n", strings.Replace(good, "Z", "", 1), good + "# \x07\n",
	} {
		if _, err := securityTxt(bad); err == nil {
			t.Errorf("taken:\n%s", bad)
		}
	}
}
