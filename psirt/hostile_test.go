package psirt

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"theriac/model"
)

// TestForgedReceived: a stranger who writes lines in the name of our servers cannot make
// the mail younger, nor add a server behind the one that took it from him.
func TestForgedReceived(t *testing.T) {
	const genuine = "Received: from evil.example by mx.example.com; Mon, 2 Nov 2026 14:30:00 +0100\r\n"
	const inner = "Received: from mx.example.com by store.example.com; Mon, 2 Nov 2026 14:31:00 +0100\r\n"
	const rest = "From: a@b.example\r\nSubject: x\r\n\r\nText"
	forged := func(from, by, date string) string {
		return "Received: from " + from + " by " + by + "; " + date + "\r\n"
	}
	helo := strings.Replace(genuine, "evil.example", "mx.example.com", 1)
	for name, c := range map[string]struct{ mail, want, note string }{
		"behind the border":   {inner + genuine + forged("x", "mx.example.com", "Mon, 2 Nov 2020 10:00:00 +0000"), "2026-11-02T13:30", ""},
		"in the future":       {helo + forged("x", "mx.example.com", "Mon, 2 Nov 2099 10:00:00 +0000"), "2026-11-02T13:30", "stands below"},
		"absurd year":         {helo + forged("x", "mx.example.com", "Mon, 2 Nov 9999 10:00:00 +0000"), "2026-11-02T13:30", "no year"},
		"localhost alone":     {forged("x", "localhost", "Mon, 2 Nov 2020 10:00:00 +0000"), "", ""},
		"filter of ours":      {forged("localhost", "mx.example.com", "Mon, 2 Nov 2026 14:30:09 +0100") + forged("mx.example.com", "localhost", "Mon, 2 Nov 2026 14:30:08 +0100") + genuine, "2026-11-02T13:30", ""},
		"name of ours":        {strings.Replace(genuine, "evil.example", "localhost (evil.example [192.0.2.7])", 1) + forged("x", "mx.example.com", "Mon, 2 Nov 1970 10:00:00 +0000"), "2026-11-02T13:30", ""},
		"name without one":    {strings.Replace(genuine, "evil.example", "mx.example.com (unknown [192.0.2.7])", 1) + forged("x", "mx.example.com", "Mon, 2 Nov 1970 10:00:00 +0000"), "2026-11-02T13:30", ""},
		"name behind a word":  {strings.Replace(genuine, "evil.example", "unknown (HELO mx.example.com) (192.0.2.7)", 1) + forged("x", "mx.example.com", "Mon, 2 Nov 1970 10:00:00 +0000"), "2026-11-02T13:30", ""},
		"host of ours":        {strings.Replace(inner, "mx.example.com", "mx.example.com (MX.example.com [10.0.0.5])", 1) + genuine, "2026-11-02T13:30", ""},
		"address of ours":     {strings.Replace(inner, "mx.example.com", "mx.example.com ([10.0.0.5])", 1) + genuine, "2026-11-02T13:30", ""},
		"long address":        {strings.Replace(inner, "mx.example.com", "mx.example.com ([IPv6:2001:db8::5])", 1) + genuine, "2026-11-02T13:30", ""},
		"clocks of our hosts": {inner + strings.Replace(genuine, "14:30:00", "14:33:00", 1), "2026-11-02T13:33", ""},
	} {
		r := mustRead(t, c.mail+rest, "mx.example.com", "store.example.com")
		got := ""
		if !r.Received.IsZero() {
			got = r.Received.UTC().Format("2006-01-02T15:04")
		}
		if got != c.want || c.note != "" && !strings.Contains(strings.Join(r.Unread, "\n"), c.note) {
			t.Errorf("%s: %q, notes %q", name, got, r.Unread)
		}
	}
}

// TestNoTextIsLost: what a reader of the mail sees is in the report, in whatever part.
func TestNoTextIsLost(t *testing.T) {
	mixed := func(kind string, parts ...string) string {
		text := "From: a@b.example\r\nContent-Type: multipart/" + kind + "; boundary=x\r\n\r\n"
		for _, p := range parts {
			text += "--x\r\nContent-Type: " + p + "\r\n"
		}
		return text + "--x--\r\n"
	}
	const page = "text/html\r\n\r\n<p>The pump can be stopped from the network by anybody who sends a long name.</p>"
	for name, c := range map[string]struct{ mail, want, not string }{
		"footer of a list":  {mixed("mixed", page, "text/plain\r\n\r\nThis is the footer of a mailing list."), "can be stopped", ""},
		"stub":              {mixed("alternative", "text/plain\r\n\r\nNo HTML?", page), "can be stopped", ""},
		"alternative":       {mixed("alternative", "text/plain\r\n\r\nThe pump can be stopped from the network.", page), "stopped from", "a long name"},
		"empty alternative": {mixed("alternative", "text/plain\r\n\r\n \r\n", page), "can be stopped", ""},
		"head left open":    {mixed("mixed", "text/html\r\n\r\n<html><head><title>x</title><body>Here."), "Here.", ""},
		"noscript":          {mixed("mixed", "text/html\r\n\r\n<noscript>Here.</noscript>"), "Here.", ""},
		"large image":       {mixed("mixed", "text/html\r\n\r\n<img src=\"data:"+strings.Repeat("A", 3<<20)+"\">Here."), "Here.", ""},
		"link left open":    {mixed("mixed", `text/html`+"\r\n\r\n"+`<a href="https://evil.example">bank`), "<https://evil.example>", ""},
		"text with a name":  {mixed("mixed", "text/plain; name=message.txt\r\nContent-Disposition: inline\r\n\r\nHere.\r\n"), "Here.", ""},
		"page with a name":  {mixed("mixed", "text/html; name=message.html\r\n\r\n<p>Here."), "Here.", ""},
		"markdown":          {mixed("mixed", "text/markdown\r\n\r\n# Here."), "# Here.", ""},
		"invitation":        {mixed("mixed", "text/plain\r\n\r\nThere.", "text/calendar; name=invite.ics\r\n\r\nBEGIN:VCALENDAR"), "There.", "VCALENDAR"},
		"attached text":     {mixed("mixed", "text/plain\r\nContent-Disposition: attachment; filename=log.txt\r\n\r\nHere.", "text/plain\r\n\r\nThere."), "There.", "Here."},
		"link in a link":    {mixed("mixed", `text/html`+"\r\n\r\n"+`<a href="https://evil.example">bank<a href="https://b.example">x</a>`), "<https://evil.example>", ""},
	} {
		r := mustRead(t, c.mail)
		if !strings.Contains(r.Text, c.want) || c.not != "" && strings.Contains(r.Text, c.not) {
			t.Errorf("%s: %q", name, r.Text)
		}
		sound(t, r)
	}
}

// TestIDsStayApart: two ids that differ where it is not kept are two reports.
func TestIDsStayApart(t *testing.T) {
	read := func(id string) string {
		return mustRead(t, "From: a@b.example\r\nMessage-ID: <"+id+"@x>\r\n\r\nText").ID
	}
	long := strings.Repeat("a", 300)
	if a, b := read(long+"1"), read(long+"2"); a == b || len(a) > maxName {
		t.Errorf("long ids %q and %q", a, b)
	}
	if a := read("a1"); a != "a1@x" {
		t.Errorf("a plain id became %q", a)
	}
}

// TestBombs: headers, parts and messages in messages take time in proportion to them.
func TestBombs(t *testing.T) {
	nested := strings.Repeat("Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\n", 100)
	for name, mail := range map[string]string{
		"headers":    "From: a@b.example\r\n" + strings.Repeat("X: y\r\n", 100_000) + "\r\nText",
		"addresses":  "From: " + strings.Repeat("a@b.example, ", 50_000) + "a@b.example\r\n\r\nText",
		"comments":   "From: " + strings.Repeat("(", 100_000) + "\r\n\r\nText",
		"words":      "From: a@b.example\r\nSubject: " + strings.Repeat("=?utf-8?q?a?= ", 50_000) + "\r\n\r\nText",
		"parts":      "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\n\r\nText\r\n", 10_000),
		"messages":   "From: a@b.example\r\n" + nested + "\r\nText",
		"parameters": "From: a@b.example\r\nContent-Type: text/plain" + strings.Repeat("; a*0=b", 50_000) + "\r\n\r\nText",
		"tags":       "From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + strings.Repeat("<a href=x>", 300_000),
	} {
		start := time.Now()
		r, err := ReadMail([]byte(mail), nil)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if err == nil {
			sound(t, r)
		}
	}
}

// TestCalendarInjection: no title, product or reason of strangers adds a line to a
// calendar.
func TestCalendarInjection(t *testing.T) {
	const bad = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTACH:file:///etc/passwd\rX:\u2028Y;a,b\\n"
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	text, err := Calendar([]Entry{{Product: bad, Zone: time.UTC, Clock: Clock{Case: &model.Case{Base: model.Base{ID: "case-1", Title: bad}, Aware: model.MomentOf(from)},
		Key: "own.fixed", Name: bad, Clause: bad, From: from, Due: from.AddDate(0, 0, 9), Open: true, How: bad}}})
	if err != nil {
		t.Fatal(err)
	}
	cal, err := ical.NewDecoder(bytes.NewReader(text)).Decode()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if n := len(cal.Events()); n != 1 {
		t.Errorf("%d events", n)
	}
	for l := range bytes.Lines(text) {
		if bytes.HasPrefix(l, []byte("ATTACH")) || bytes.HasPrefix(l, []byte("X:")) || !bytes.HasSuffix(l, []byte("\r\n")) || bytes.ContainsAny(bytes.TrimSuffix(l, []byte("\r\n")), "\r\n") {
			t.Errorf("line %q", l)
		}
	}
}

// TestFarTimes: a case of the first or last years has clocks that can be written.
func TestFarTimes(t *testing.T) {
	for _, text := range []string{"0001-01-02T00:00:00Z", "9999-12-31T23:59:59Z", "1900-02-28T00:00:00+14:00"} {
		at, err := model.ParseMoment(text)
		if err != nil {
			t.Fatal(err)
		}
		c := &model.Case{Base: model.Base{ID: "case-1", Title: "x"}, Aware: at, Source: "reporter"}
		var entries []Entry
		for _, k := range Clocks(&model.File{Product: &model.Product{}}, c, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)) {
			entries = append(entries, Entry{Product: "Pump", Zone: time.UTC, Clock: k})
			if s := fmt.Sprint(Show(k.Due, time.UTC)); len(s) > 20 {
				t.Errorf("%s: due %s", text, s)
			}
		}
		if _, err := Calendar(entries); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
