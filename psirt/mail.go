package psirt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails in other charsets than UTF-8
	"github.com/emersion/go-message/mail"
)

const (
	maxParts = 200 // parts of a mail
	maxDepth = 10  // multiparts inside each other
)

// ErrNoMail says that a file is no mail.
var ErrNoMail = errors.New("no mail")

// ReadMail reads a mail (RFC 5322). Hosts are those of the manufacturer's own mail
// servers: the time of receipt is that which the first of them noted. Without hosts
// the topmost Received line counts, which is that of the last server.
func ReadMail(data []byte, hosts []string) (*Report, error) {
	if len(data) > MaxMail {
		return nil, fmt.Errorf("%w: %d bytes are more than %d", ErrNoMail, len(data), MaxMail)
	}
	top, err := message.Read(bytes.NewReader(data))
	if top == nil {
		return nil, fmt.Errorf("%w: %w", ErrNoMail, err)
	}
	h := mail.Header{Header: top.Header}
	if h.Get("From") == "" && h.Get("Subject") == "" && h.Get("Message-Id") == "" {
		return nil, fmt.Errorf("%w: neither From nor Subject nor Message-ID", ErrNoMail)
	}
	r := &Report{}
	r.envelope(h, hosts)
	w := mailReader{report: r}
	w.part(top, err, 0)
	if w.unlisted > 0 {
		r.note("attachments that are not listed, beyond %d: %d", maxListed, w.unlisted)
	}
	r.Text = w.text()
	r.finish()
	return r, nil
}

// envelope reads who wrote a mail, when, and what about.
func (r *Report) envelope(h mail.Header, hosts []string) {
	subject, err := h.Text("Subject")
	if err != nil {
		r.note("subject: %v", err)
	}
	r.Title = subject
	for _, key := range []string{"Reply-To", "From"} { // the later one names the person, the former where answers go
		list, err := h.AddressList(key)
		if err != nil {
			r.note("%s: %v", key, err)
		}
		if len(list) == 0 {
			continue
		}
		if r.Contact == "" {
			r.Contact = list[0].Address
		}
		r.Name = list[0].Name
	}
	if r.ID, err = h.MessageID(); err != nil {
		r.ID = strings.Trim(h.Get("Message-Id"), "<> ")
		r.note("Message-ID: %v", err)
	}
	if sent, err := h.Date(); err == nil {
		r.Sent = sent
	}
	r.Received = r.received(h, hosts)
}

// received is when the first of the trusted servers took a mail. What stands below
// their lines was written by strangers, who may write the names of our servers: the
// lines go back in time, and from one server of ours to the next.
func (r *Report) received(h mail.Header, hosts []string) time.Time {
	ours := func(name string) bool {
		return name == "localhost" || slices.ContainsFunc(hosts, func(host string) bool { return strings.EqualFold(host, name) })
	}
	var at time.Time
	fields := h.FieldsByKey("Received")
	for n := 0; fields.Next() && n < 100; n++ {
		value := fields.Value()
		if by := following(value, "by"); len(hosts) > 0 && (by == "localhost" && at.IsZero() || !ours(by)) {
			break
		}
		t, err := netmail.ParseDate(strings.TrimSpace(value[strings.LastIndexByte(value, ';')+1:]))
		switch {
		case err != nil:
			r.note("Received: %v", err)
			return at
		case t.Year() < 1970 || t.Year() > 9000:
			r.note("Received: %d is no year", t.Year())
			return at
		case !at.IsZero() && t.After(at.Add(clockSkew)):
			r.note("Received: a line of %s stands below one of %s", t.Format(time.RFC3339), at.Format(time.RFC3339))
			return at
		}
		at = t
		if from := following(value, "from"); len(hosts) == 0 || from != "" && !ours(from) {
			break
		}
		if name := resolved(value); name != "" && !ours(name) {
			break
		}
	}
	return at
}

// clockSkew is by how much clocks of servers of ours may differ.
const clockSkew = 10 * time.Minute

// following is the word behind the first one of a kind in a Received line: the host
// behind by or from.
func following(value, word string) string {
	words := strings.Fields(value)
	for i, w := range words[:max(len(words)-1, 0)] {
		if strings.EqualFold(w, word) {
			return strings.TrimRight(words[i+1], ";")
		}
	}
	return ""
}

// resolved is the name that the server of a Received line found for the host that it
// took the mail from, which stands in brackets behind the name that the host gave itself;
// "" where it found none or noted the address alone.
func resolved(value string) string {
	words := strings.Fields(value)
	if len(words) < 3 || !strings.EqualFold(words[0], "from") || !strings.HasPrefix(words[2], "(") {
		return ""
	}
	name := strings.Trim(words[2], "()[]")
	if _, err := netip.ParseAddr(strings.TrimPrefix(name, "IPv6:")); err == nil {
		return ""
	}
	return name
}

// mailReader walks the parts of a mail.
type mailReader struct {
	report   *Report
	texts    []mailText
	parts    int
	unlisted int // attachments
	kept     int // bytes of text
}

// mailText is the text of a part.
type mailText struct {
	text string
	html bool
}

// text is what the mail says, part by part.
func (w *mailReader) text() string {
	var all []string
	for _, t := range w.texts {
		all = append(all, t.text)
	}
	return strings.Join(all, "\n\n")
}

// stub is how many times longer than its plain text an HTML part must be for the former
// to count as no more than a hint that there is one.
const stub = 4

// choose leaves out the HTML of alternatives of which one is plain text, from a place
// in the texts on. Where the plain text is a mere stub, both are kept: what the
// reporter wrote may stand in either.
func (w *mailReader) choose(from int) {
	plain, other := 0, 0
	for _, t := range w.texts[from:] {
		if n := len(strings.TrimSpace(t.text)); t.html {
			other += n
		} else {
			plain += n
		}
	}
	if plain == 0 || other > stub*plain {
		return
	}
	w.texts = append(w.texts[:from], slices.DeleteFunc(w.texts[from:], func(t mailText) bool { return t.html })...)
}

// part reads a part and those inside it.
func (w *mailReader) part(e *message.Entity, problem error, depth int) {
	if w.parts++; w.parts > maxParts {
		return
	}
	if problem != nil {
		w.report.note("part %d: %v", w.parts, problem)
	}
	kind, params, err := e.Header.ContentType()
	if err != nil {
		w.report.note("part %d: Content-Type: %v", w.parts, err)
		kind = "application/octet-stream"
	}
	kind = strings.ToLower(kind)
	w.encrypted(kind, params)
	if inner := e.MultipartReader(); inner != nil && depth < maxDepth {
		from := len(w.texts)
		w.inside(inner, depth)
		if kind == "multipart/alternative" {
			w.choose(from)
		}
		return
	} else if inner != nil {
		w.report.note("part %d: more than %d parts inside each other; not read", w.parts, maxDepth)
	}
	body, err := io.ReadAll(e.Body)
	if err != nil {
		w.report.note("part %d: cut short or damaged: %v", w.parts, err)
	}
	w.leaf(e, kind, params, body)
}

func (w *mailReader) inside(inner message.MultipartReader, depth int) {
	for w.parts <= maxParts {
		e, err := inner.NextPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if e == nil {
			w.report.note("after part %d: %v", w.parts, err)
			return
		}
		w.part(e, err, depth+1)
	}
	w.report.note("more than %d parts; the rest was not read", maxParts)
}

// leaf keeps a part as text, or lists it as an attachment.
func (w *mailReader) leaf(e *message.Entity, kind string, params map[string]string, body []byte) {
	placement, named, _ := e.Header.ContentDisposition()
	name := named["filename"]
	if name == "" {
		name = params["name"]
	}
	if !strings.EqualFold(placement, "attachment") && w.kept < maxText { // readers show it, with or without a name
		switch {
		case kind == "text/plain", kind != "text/html" && strings.HasPrefix(kind, "text/") && name == "": // RFC 2046 section 4.1.4
			w.texts, w.kept = append(w.texts, mailText{text: string(body)}), w.kept+len(body)
			w.inline(body)
			return
		case kind == "text/html":
			text, err := textOfHTML(body)
			if err != nil {
				w.report.note("part %d: HTML: %v", w.parts, err)
			}
			w.texts = append(w.texts, mailText{text, true})
			return
		}
	}
	if len(w.report.Attachments) >= maxListed {
		w.unlisted++
		return
	}
	w.report.Attachments = append(w.report.Attachments, Attachment{Name: line(name), Type: line(kind), Size: int64(len(body)), Digest: digestOf(body)})
}

// encrypted recognises mails that are encrypted as a whole (RFC 3156, RFC 8551).
func (w *mailReader) encrypted(kind string, params map[string]string) {
	switch {
	case kind == "multipart/encrypted" && strings.EqualFold(params["protocol"], "application/pgp-encrypted"):
		w.report.Encrypted = "PGP/MIME"
	case kind == "multipart/encrypted":
		w.report.Encrypted = "multipart/encrypted"
	case (kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime") && !strings.EqualFold(params["smime-type"], "signed-data"):
		w.report.Encrypted = "S/MIME"
	}
}

// inline recognises an OpenPGP message in the text.
func (w *mailReader) inline(body []byte) {
	if bytes.Contains(body, []byte("-----BEGIN PGP MESSAGE-----")) && w.report.Encrypted == "" {
		w.report.Encrypted = "OpenPGP"
	}
}
