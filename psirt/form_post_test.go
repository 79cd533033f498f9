package psirt

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"theriac/model"
)

const simplePost = "form=theriac-report-1&reporter.name=Jo&reporter.contact=jo%40finder.example&reporter.credit=false&product=Pump+1.3&title=Default+password" +
	"&description=On+the+label.%0D%0AAnd+more.&vulnerabilities=CVE-2026-12345%2C+CVE-2026-12346+CVE-2026-12345&embargo=2027-02-01"

func TestReadPost(t *testing.T) {
	r, err := ReadPost([]byte(simplePost + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Title != "Default password" || r.Text != "On the label.\nAnd more." || r.Name != "Jo" || r.Contact != "jo@finder.example" || r.Credit != model.No || r.Affected != "Pump 1.3" {
		t.Errorf("got %+v", r)
	}
	if got := r.Embargo.UTC().Format("2006-01-02T15:04"); got != "2027-02-01T00:00" || !r.Received.IsZero() {
		t.Errorf("embargo %s, received %s", got, r.Received)
	}
	if !slices.Equal(r.Vulnerabilities, []string{"CVE-2026-12345", "CVE-2026-12346"}) {
		t.Errorf("vulnerabilities %q", r.Vulnerabilities)
	}
	again, err := ReadPost([]byte(simplePost))
	if err != nil || again.ID != r.ID || !strings.HasPrefix(r.ID, "sha256:") {
		t.Errorf("the same body is %q and %q, %v", r.ID, again.ID, err)
	}
}

func TestReadPostRefuses(t *testing.T) {
	for _, change := range [][2]string{
		{"report-1", "report-2"}, {"&title=Default+password", ""}, {"title=Default+password", "title=+"}, {"&product=", "&produkt="}, {"&product=", "&title="}, {"Pump+1.3", "Pump%zz"},
		{"Pump+1.3", "Pump%ff"}, {"credit=false", "credit=maybe"}, {"CVE-2026-12345%2C", "CVE-26-1%2C"}, {"2027-02-01", "soon"}, {"&embargo=2027-02-01", "&embargo"}, {"&embargo=2027-02-01", "&"},
		{simplePost, ""}, {simplePost, "form=theriac-report-1"}, {"On+the+label.", strings.Repeat("x", MaxForm)}, {"&product=", "&%70roduct=a&product="},
	} {
		body := strings.Replace(simplePost, change[0], change[1], 1)
		if body == simplePost {
			t.Errorf("%q changes nothing", change)
		} else if _, err := ReadPost([]byte(body)); err == nil {
			t.Errorf("%.40q is taken for %q", change[1], change[0])
		}
	}
	for value, want := range map[string]model.Answer{"true": model.Yes, "": model.Unknown} {
		if r, err := ReadPost([]byte(strings.Replace(simplePost, "credit=false", "credit="+value, 1))); err != nil || r.Credit != want {
			t.Errorf("credit %q: %v", value, err)
		}
	}
}

// controls are the names of the fields of a page with what they are, and which of their
// ids have no label.
func controls(t *testing.T, page string) (names map[string]string, unlabelled []string) {
	t.Helper()
	names, labels, ids := map[string]string{}, map[string]bool{}, map[string]string{}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		at := map[string]string{}
		for _, a := range token.Attr {
			at[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("a script in %s", a.Key)
			}
		}
		switch token.Data {
		case "script":
			t.Error("a script")
		case "label":
			labels[at["for"]] = true
		case "input", "textarea":
			names[at["name"]] = token.Data + " " + at["type"] + at["value"]
			if at["type"] != "hidden" {
				ids[at["id"]] = at["name"]
			}
		}
	}
	for id := range ids {
		if !labels[id] {
			unlabelled = append(unlabelled, id)
		}
	}
	return names, unlabelled
}

// TestFormPage: what a browser posts for the page is what ReadPost reads.
func TestFormPage(t *testing.T) {
	file := loadText(t, "product: {name: P, regulation: MDR, class: IIb, manufacturer: {name: \"<b>Works</b>\"}}\nvulnerability-handling: {contact: {email: a@b.example, encryption: \"\\\"><script>\"}}\n")
	page, err := FormPage(file, "/report?a=1&b=2")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page, "<b>Works") || !strings.Contains(page, `action="/report?a=1&amp;b=2"`) {
		t.Error("text of the file is markup, or the address is not")
	}
	for _, gap := range []string{"vulnerability-handling.time-limits", "vulnerability-handling.contact.url", "vulnerability-handling.privacy; GDPR Art. 13"} {
		if !strings.Contains(page, gap+").</strong>") {
			t.Errorf("no gap for %s", gap)
		}
	}
	told, err := FormPage(loadText(t, product+handling+"  contact: {url: \"https://example.com/security\"}\n  privacy: Kept for 2 <years>.\n"), "/report")
	if err != nil || strings.Contains(told, "Open:") != strings.Contains(told, "product.manufacturer") || !strings.Contains(told, "within 2 days to 5 days") ||
		!strings.Contains(told, `<a href="https://example.com/security">`) || !strings.Contains(told, "<p>Kept for 2 &lt;years&gt;.</p>") {
		t.Errorf("what the file states is not told: %v\n%s", err, told)
	}
	names, unlabelled := controls(t, page)
	if len(unlabelled) > 0 {
		t.Errorf("without label: %q", unlabelled)
	}
	body := url.Values{}
	for name := range names {
		value := map[string]string{fieldForm: FormName, fieldTitle: "T", fieldDescription: "D", fieldCredit: "true"}[name]
		body.Set(name, value)
	}
	if len(names) != len(postFields) {
		t.Errorf("the page has %d fields, %d are read", len(names), len(postFields))
	}
	r, err := ReadPost([]byte(body.Encode()))
	if err != nil || r.Title != "T" || r.Credit != model.Yes {
		t.Errorf("%v, %+v", err, r)
	}
	for _, action := range []string{"", "report", "//evil.example/x", "http://example.com/report", "javascript:alert(1)", "https://", "https://a@b.example/", "/x#y", "data:text/html,x"} {
		if _, err := FormPage(file, action); err == nil {
			t.Errorf("%q is taken for an address", action)
		}
	}
}

func FuzzPost(f *testing.F) {
	f.Add([]byte(simplePost))
	f.Add([]byte("form=theriac-report-1&title=%00&description=%E2%80%AE"))
	f.Add([]byte("&&=&=="))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadPost(data)
		if err != nil {
			return
		}
		sound(t, r)
		if r.ID == "" || !r.Received.IsZero() {
			t.Error("a body has an id, and says nothing of when it arrived")
		}
	})
}
