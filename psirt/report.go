package psirt

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"theriac/model"
)

// Limits of what arrives.
const (
	MaxMail    = 32 << 20  // bytes of a mail
	MaxMailbox = 512 << 20 // bytes of a mailbox
	MaxForm    = 1 << 20   // bytes of a form

	maxText    = 64 << 10 // bytes of a report that are kept
	maxLine    = 900      // bytes of a line of it; longer ones are broken
	maxName    = 200      // bytes of a name, title or address
	maxListed  = 100      // attachments and vulnerabilities that are listed
	maxStrange = 20       // remarks about one report
)

// Report is a report of a vulnerability as it arrived.
type Report struct {
	ID              string // Message-ID without its brackets, or the id that the form gave; "" for none
	Title           string
	Text            string
	Name            string // of the reporter
	Contact         string
	Credit          model.Answer // whether the reporter wants to be named
	Received        time.Time    // zero where nothing trustworthy says so
	Sent            time.Time    // as the sender says; no proof
	Vulnerabilities []string     // CVE ids that it names
	Embargo         time.Time    // as the reporter asks
	Affected        string       // product and version, as the reporter names them
	Attachments     []Attachment
	Encrypted       string   // how, where the text cannot be read: PGP/MIME, OpenPGP, S/MIME
	Unread          []string // what was not understood or not kept
}

// Attachment is a file that came with a report. It is not kept.
type Attachment struct {
	Name   string
	Type   string
	Size   int64
	Digest string // sha256: and 64 hexadecimal digits, of the decoded bytes
}

func (a Attachment) String() string {
	name := a.Name
	if name == "" {
		name = "(no name)"
	}
	return fmt.Sprintf("%s, %s, %d bytes, %s", name, a.Type, a.Size, a.Digest)
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// note remembers something that was not understood.
func (r *Report) note(format string, args ...any) {
	switch text := line(fmt.Sprintf(format, args...)); {
	case len(r.Unread) < maxStrange:
		r.Unread = append(r.Unread, text)
	case len(r.Unread) == maxStrange:
		r.Unread = append(r.Unread, "and more of the kind")
	}
}

// finish cuts and cleans what was read.
func (r *Report) finish() {
	var cut bool
	if r.Text, cut = keep(r.Text); cut {
		r.note("only the first %d bytes of the text are kept", maxText)
	}
	r.Title, r.Name, r.Contact, r.Affected = line(r.Title), line(r.Name), line(r.Contact), line(r.Affected)
	if r.ID = strings.TrimSpace(r.ID); line(r.ID) != r.ID { // two that differ must not become one
		r.ID = digestOf([]byte(r.ID))
	}
	r.listVulnerabilities(append(r.Vulnerabilities, cves(r.Title+"\n"+r.Text)...))
}

// listVulnerabilities lists ids, each once, and counts those that are too many.
func (r *Report) listVulnerabilities(ids []string) {
	r.Vulnerabilities = nil
	seen, unlisted := map[string]bool{}, 0
	for _, id := range ids {
		switch {
		case seen[id]:
		case len(r.Vulnerabilities) < maxListed:
			r.Vulnerabilities = append(r.Vulnerabilities, id)
		default:
			unlisted++
		}
		seen[id] = true
	}
	if unlisted > 0 {
		r.note("vulnerabilities that are not listed, beyond %d: %d", maxListed, unlisted)
	}
}

// keep makes text of strangers fit for a security file: no control or direction
// characters, lines that are not too long, and an end.
func keep(s string) (text string, cut bool) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", "    ").Replace(strings.ToValidUTF8(s, "\ufffd"))
	var b strings.Builder
	blank := 0
	for l := range strings.Lines(s) {
		l = strings.TrimRightFunc(strings.Map(visible, l), unicode.IsSpace)
		if l == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", min(blank, 1)+1))
		}
		blank = 0
		if room := maxText - b.Len(); len(l) > room {
			for room > 0 && !utf8.RuneStart(l[room]) {
				room--
			}
			b.WriteString(broken(l[:max(room, 0)]))
			return strings.TrimRight(b.String(), "\n "), true
		}
		b.WriteString(broken(l))
	}
	return b.String(), false
}

// broken breaks a line that is too long, at a blank where there is one.
func broken(l string) string {
	var parts []string
	for len(l) > maxLine {
		at := maxLine
		for at > 0 && !utf8.RuneStart(l[at]) {
			at--
		}
		if blank := strings.LastIndexByte(l[:at], ' '); blank > maxLine/2 {
			at = blank
		}
		parts = append(parts, strings.TrimRight(l[:at], " "))
		l = strings.TrimLeft(l[at:], " ")
	}
	return strings.TrimRight(strings.Join(append(parts, l), "\n"), "\n ")
}

// visible drops characters that show nothing or change how others are shown.
func visible(r rune) rune {
	if r != '\n' && r != ' ' && !unicode.IsGraphic(r) || r == 0xfeff {
		return -1
	}
	return r
}

// line is text of strangers on one line.
func line(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if len(s) > 4*maxName {
		s = strings.ToValidUTF8(s[:4*maxName], "")
	}
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return visible(r)
	}, s)), " ")
	if len(s) > maxName {
		s = strings.ToValidUTF8(s[:maxName], "") + "..."
	}
	return s
}

// cves are the CVE ids in a text, in its order.
func cves(text string) []string {
	var all []string
	for rest := text; ; {
		at := strings.Index(rest, "CVE-")
		if at < 0 {
			return all
		}
		before := at > 0 && isWord(rest[at-1])
		rest = rest[at:]
		n := cveLength(rest)
		if n > 0 && !before {
			all = append(all, rest[:n])
		}
		rest = rest[max(n, 4):]
	}
}

// cveLength is how long the CVE id is with which a text begins, or 0.
func cveLength(s string) int {
	n := len("CVE-")
	for _, want := range []struct{ least, most int }{{4, 4}, {4, 19}} {
		digits := 0
		for n+digits < len(s) && s[n+digits] >= '0' && s[n+digits] <= '9' {
			digits++
		}
		if digits < want.least || digits > want.most {
			return 0
		}
		n += digits
		if want.most == 4 {
			if n >= len(s) || s[n] != '-' {
				return 0
			}
			n++
		}
	}
	if n < len(s) && isWord(s[n]) {
		return 0
	}
	return n
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
