package psirt

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"theriac/model"
)

const simpleMail = "Received: from a by mx.example.com; Mon, 2 Nov 2026 14:30:07 +0100\r\n" +
	"Received: from laptop by a; Mon, 2 Nov 2020 10:00:00 +0000\r\n" +
	"From: Jo Doe <jo@finder.example>\r\nReply-To: box@finder.example\r\nSubject: CVE-2026-12345\r\nMessage-ID: <a1@finder.example>\r\n" +
	"Date: Mon, 2 Nov 2026 13:29:00 +0000\r\n\r\nSee CVE-2026-12345, CVE-2026-1234567 and xCVE-2026-9999.\r\n\r\n\r\nBye.\r\n"

func mustRead(t *testing.T, mail string, hosts ...string) *Report {
	t.Helper()
	r, err := ReadMail([]byte(mail), hosts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadMail(t *testing.T) {
	r := mustRead(t, simpleMail)
	if r.Name != "Jo Doe" || r.Contact != "box@finder.example" || r.ID != "a1@finder.example" || r.Title != "CVE-2026-12345" {
		t.Errorf("got %+v", r)
	}
	if want := "See CVE-2026-12345, CVE-2026-1234567 and xCVE-2026-9999.\n\nBye."; r.Text != want {
		t.Errorf("text %q, want %q", r.Text, want)
	}
	if !slices.Equal(r.Vulnerabilities, []string{"CVE-2026-12345", "CVE-2026-1234567"}) {
		t.Errorf("vulnerabilities %q", r.Vulnerabilities)
	}
	if len(r.Unread) > 0 || r.Encrypted != "" || len(r.Attachments) > 0 {
		t.Errorf("got %+v", r)
	}
}

// TestReceived: only lines of trusted servers tell when a mail arrived.
func TestReceived(t *testing.T) {
	at := func(r *Report) string {
		if r.Received.IsZero() {
			return "none"
		}
		return r.Received.UTC().Format("2006-01-02T15:04")
	}
	for _, test := range []struct {
		name, mail, want string
		hosts            []string
	}{
		{"topmost", simpleMail, "2026-11-02T13:30", nil},
		{"trusted", simpleMail, "2026-11-02T13:30", []string{"MX.example.com"}},
		{"two of ours", simpleMail, "2020-11-02T10:00", []string{"mx.example.com", "a"}},
		{"stranger's", simpleMail, "none", []string{"in.example.com"}},
		{"no line", simpleMail[strings.Index(simpleMail, "From:"):], "none", nil},
		{"no date", "Received: from a by b\r\n" + simpleMail, "none", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := at(mustRead(t, test.mail, test.hosts...)); got != test.want {
				t.Errorf("received %s, want %s", got, test.want)
			}
		})
	}
}

func TestEncrypted(t *testing.T) {
	for kind, want := range map[string]string{
		`multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x`: "PGP/MIME", "application/pkcs7-mime; smime-type=enveloped-data": "S/MIME",
		"application/pkcs7-mime; smime-type=signed-data": "", "text/plain": "OpenPGP", "text/markdown": "OpenPGP", "application/octet-stream": "",
	} {
		body := "-----BEGIN PGP MESSAGE-----\r\n"
		r := mustRead(t, "From: a@b.example\r\nContent-Type: "+kind+"\r\n\r\n"+body)
		if r.Encrypted != want {
			t.Errorf("%s: got %q, want %q", kind, r.Encrypted, want)
		}
	}
}

// TestHostileMail: what is too much is not read, and is named.
func TestHostileMail(t *testing.T) {
	var deep, wide strings.Builder
	deep.WriteString("From: a@b.example\r\n")
	for i := range 50 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	deep.WriteString("\r\nInside.\r\n")
	wide.WriteString("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n")
	for range 1000 {
		wide.WriteString("--x\r\nContent-Type: application/zip\r\n\r\nPK\r\n")
	}
	wide.WriteString("--x--\r\n")
	head := "From: a@b.example\r\n"
	for name, test := range map[string]struct{ mail, note string }{
		"deep":       {deep.String(), "parts inside each other"},
		"wide":       {wide.String(), "the rest was not read"},
		"cut":        {head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nText", "unexpected EOF"},
		"charset":    {head + "Content-Type: text/plain; charset=klingon\r\n\r\nText", "klingon"},
		"encoding":   {head + "Content-Transfer-Encoding: rot13\r\n\r\nText", "rot13"},
		"base64":     {head + "Content-Transfer-Encoding: base64\r\n\r\n!!!!", "damaged"},
		"kind":       {head + "Content-Type: ;;;\r\n\r\nText", "Content-Type"},
		"long":       {head + "\r\n" + strings.Repeat("word ", 20_000), "are kept"},
		"from":       {"From: <<<\r\nSubject: x\r\n\r\nText", "From"},
		"no message": {"From: a@b.example\r\nMessage-ID: nonsense\r\n\r\nText", "Message-ID"},
	} {
		t.Run(name, func(t *testing.T) {
			r := mustRead(t, test.mail)
			if !strings.Contains(strings.Join(r.Unread, "\n"), test.note) {
				t.Errorf("%q is not named in %q", test.note, r.Unread)
			}
			sound(t, r)
		})
	}
	for name, mail := range map[string]string{"empty": "", "text": "Just a note.\n", "html": "<html>\n", "header alone": "X-Spam: yes\r\n\r\nText", "too large": strings.Repeat("x", MaxMail+1)} {
		if _, err := ReadMail([]byte(mail), nil); err == nil {
			t.Errorf("%s is taken for a mail", name)
		}
	}
}

// sound checks what holds of any report.
func sound(t *testing.T, r *Report) {
	t.Helper()
	if len(r.Text) > maxText+maxLine || len(r.Attachments) > maxListed || len(r.Unread) > maxStrange+1 || len(r.Vulnerabilities) > maxListed {
		t.Errorf("too much is kept: %d bytes, %d attachments, %d remarks", len(r.Text), len(r.Attachments), len(r.Unread))
	}
	for _, s := range append([]string{r.ID, r.Title, r.Name, r.Contact, r.Affected}, r.Unread...) {
		if len(s) > maxName+10 || strings.ContainsAny(s, "\n\r\x00\x1b\u202e") || !utf8.ValidString(s) {
			t.Errorf("unfit line %q", s)
		}
	}
	for l := range strings.Lines(r.Text) {
		if len(l) > maxLine+1 || strings.ContainsAny(l, "\r\x00\x1b\u202e\u2028\ufeff\t") || !utf8.ValidString(l) {
			t.Errorf("unfit line of text %q", l)
		}
	}
	for _, id := range r.Vulnerabilities {
		if !WellFormed(id) {
			t.Errorf("%q is listed as a vulnerability", id)
		}
	}
}

// TestLongLine: a text of one line, as some programs send it, is kept up to its limit.
func TestLongLine(t *testing.T) {
	for name, body := range map[string]string{"words": strings.Repeat("word ", 20_000), "one word": strings.Repeat("\u00fc", 60_000), "second": "First.\r\n" + strings.Repeat("word ", 20_000)} {
		r := mustRead(t, "From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+body)
		if len(r.Text) < maxText-maxLine || !strings.Contains(strings.Join(r.Unread, ""), "are kept") {
			t.Errorf("%s: %d bytes are kept, %q", name, len(r.Text), r.Unread)
		}
		sound(t, r)
	}
}

// TestManyVulnerabilities: those that are not listed are counted.
func TestManyVulnerabilities(t *testing.T) {
	var ids []string
	for i := range 150 {
		ids = append(ids, fmt.Sprintf("CVE-2026-%d", 10_000+i))
	}
	const note = "vulnerabilities that are not listed, beyond 100: 50"
	mail := mustRead(t, "From: a@b.example\r\n\r\n"+strings.Join(ids, "\r\n"))
	form, err := ReadForm([]byte(strings.Replace(simpleForm, `"CVE-2026-12345"`, `"`+strings.Join(ids, `","`)+`"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*Report{mail, form} {
		if len(r.Vulnerabilities) != maxListed || !slices.Equal(r.Unread, []string{note}) {
			t.Errorf("%d are listed, %q", len(r.Vulnerabilities), r.Unread)
		}
	}
}

func TestTextOfHTML(t *testing.T) {
	in := `<head><title>no</title></head><p>One <b>two</b></p><ul><li>three<li>four</ul><style>no</style><script>no</script>` +
		`<a href="https://evil.example/">https://bank.example/</a> <a href="mailto:a@b.example">a@b.example</a><br>&lt;end&gt;`
	shown, err := textOfHTML([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := keep(shown)
	want := "One two\n\n- three\n- four\nhttps://bank.example/ <https://evil.example/> a@b.example\n<end>"
	if text != want {
		t.Errorf("got %q, want %q", text, want)
	}
}

func TestReadMailbox(t *testing.T) {
	box := "From a Mon\n" + simpleMail + "\r\nFrom b Tue\nSubject: two\n\n>From here\n>>From there\nFrom is no separator here\n\nFrom c Wed\nnothing\n"
	reports, refused, err := ReadMailbox([]byte(box), nil)
	if err != nil || len(reports) != 2 || len(refused) != 1 {
		t.Fatalf("got %d reports, %d refused, %v", len(reports), len(refused), err)
	}
	if want := "From here\n>From there\nFrom is no separator here"; reports[1].Text != want {
		t.Errorf("text %q, want %q", reports[1].Text, want)
	}
	if line := strings.Split(box, "\n")[refused[0].Line-1]; line != "From c Wed" {
		t.Errorf("refused at line %d, which is %q", refused[0].Line, line)
	}
	if _, _, err := ReadMailbox([]byte(simpleMail), nil); err == nil {
		t.Error("a mail is taken for a mailbox")
	}
}

const simpleForm = `{"form":"theriac-report-1","id":"web-17","received":"2026-11-03T08:00:00+01:00","reporter":{"name":"Jo","contact":"jo@finder.example","credit":false},` +
	`"product":"Pump 1.3","title":"Default password","description":"On the label.","vulnerabilities":["CVE-2026-12345"],"embargo":"2027-02-01T00:00:00+01:00"}`

func TestReadForm(t *testing.T) {
	r, err := ReadForm([]byte(simpleForm))
	if err != nil {
		t.Fatal(err)
	}
	if r.ID != "web-17" || r.Credit != model.No || r.Affected != "Pump 1.3" || !r.Embargo.Equal(time.Date(2027, 1, 31, 23, 0, 0, 0, time.UTC)) || !slices.Equal(r.Vulnerabilities, []string{"CVE-2026-12345"}) {
		t.Errorf("got %+v", r)
	}
	for _, change := range [][2]string{
		{`"id":"web-17"`, `"id":" "`}, {"report-1", "report-2"}, {`"title":`, `"tittle":`}, {`"id":"web-17"`, `"id":"web-17","id":"web-18"`}, {"2026-11-03T08:00:00+01:00", "yesterday"},
		{"2027-02-01T00:00:00+01:00", "2027-02-01"}, {"CVE-2026-12345", "CVE-2026"}, {"}", "} x"}, {"false", "null"}, {`"On the label."`, `7`},
	} {
		text := strings.Replace(simpleForm, change[0], change[1], 1)
		if change[1] == "null" {
			if r, err := ReadForm([]byte(text)); err != nil || r.Credit != model.Unknown {
				t.Errorf("an open question of credit: %v", err)
			}
		} else if _, err := ReadForm([]byte(text)); err == nil {
			t.Errorf("%s is taken for %s", change[1], change[0])
		}
	}
}

func TestWellFormed(t *testing.T) {
	for _, id := range []string{"CVE-2026-1234", "CVE-1999-0001", "GHSA-jfh8-c2jp-5v3q", "GO-2026-0001", "DSA-5417-1", "RHSA-2026:1234", "ICSMA-17-009-01A", "ICSA-24-001-01", "VU#123456", "EUVD-2026-1", "ALPINE-CVE-2026-1234", "SNYK-JS-LODASH-1"} {
		if !WellFormed(id) {
			t.Errorf("%q is refused", id)
		}
	}
	for _, id := range []string{"", "-", "CVE", "CVE-", "CVE-26-1234", "CVE-2026-123", "cve-2026-1234", "CVE-2026-1234 ", "CVE-2026-12345x", "CVE-2026-" + strings.Repeat("1", 90), "GHSA-jfh8-c2jp", "GHSA-JFH8-c2jp-5v3q", "openssl", "heart bleed-1", "DSA-x", "\u202eCVE-2026-1234"} {
		if WellFormed(id) {
			t.Errorf("%q is taken for an id", id)
		}
	}
}

func FuzzMail(f *testing.F) {
	f.Add([]byte(simpleMail))
	f.Add([]byte("From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html; charset=utf-16\n\n<p>a\n--x--"))
	f.Add([]byte("Subject: =?utf-8?B?gA==?=\nReceived: by ;\nContent-Type: multipart/encrypted\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := ReadMail(data, []string{"mx.example.com"}); err == nil {
			sound(t, r)
		}
	})
}

func FuzzMailbox(f *testing.F) {
	f.Add([]byte("From a\n" + simpleMail + "\r\nFrom b\n\n>From c\n"))
	f.Add([]byte("From \n\nFrom \n\nFrom "))
	f.Fuzz(func(t *testing.T, data []byte) {
		reports, refused, err := ReadMailbox(data, nil)
		if err != nil {
			return
		}
		// Each message is read or refused: as many as there are From lines behind empty ones.
		n := 1
		text := bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		_, text, _ = bytes.Cut(text, []byte("\n"))
		if bytes.HasPrefix(text, []byte("\nFrom ")) {
			n++
			text = text[1:]
		}
		n += bytes.Count(text, []byte("\n\nFrom "))
		if len(reports)+len(refused) < 1 || len(reports)+len(refused) > n+1 {
			t.Errorf("%d read and %d refused of about %d", len(reports), len(refused), n)
		}
		for _, r := range reports {
			sound(t, r)
		}
	})
}

func FuzzForm(f *testing.F) {
	f.Add([]byte(simpleForm))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadForm(data)
		if err != nil {
			return
		}
		sound(t, r)
		if r.Received.IsZero() {
			t.Error("a form without time was read")
		}
	})
}
