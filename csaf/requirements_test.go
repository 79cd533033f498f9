package csaf

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ProtonMail/gopenpgp/v3/crypto"
	"github.com/gocsaf/csaf/v3/csaf"
)

// visitor looks at a provider from outside and notes by requirement of CSAF 2.0 section
// 7.1 what it finds wrong.
type visitor struct {
	t      *testing.T
	client *http.Client
	root   string // of the server, as https://127.0.0.1:1234
	faults map[int][]string
	keys   []*crypto.Key
}

func (v *visitor) fault(requirement int, format string, args ...any) {
	v.faults[requirement] = append(v.faults[requirement], fmt.Sprintf(format, args...))
}

// get fetches a file for a requirement; nil where it is not served as it is.
func (v *visitor) get(requirement int, url string) []byte {
	if !strings.HasPrefix(url, "https://") {
		v.fault(3, "%s is not served with TLS", url)
	}
	response, err := v.client.Get(url)
	if err != nil {
		v.fault(requirement, "%s: %v", url, err)
		return nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		v.fault(requirement, "%s: %s, %v", url, response.Status, err)
		return nil
	}
	if page := bytes.ToLower(body); bytes.Contains(page, []byte("<script")) || bytes.Contains(page, []byte("http-equiv")) {
		v.fault(6, "%s may lead elsewhere by script or page", url)
	}
	return body
}

// visit goes through the requirements in their order.
func (v *visitor) visit() {
	url := v.root + "/.well-known/csaf/provider-metadata.json"
	text := v.get(9, url)
	if text == nil {
		return
	}
	pmd, err := csaf.LoadProviderMetadata(bytes.NewReader(text))
	if err != nil || pmd.Validate() != nil {
		v.fault(7, "it is not valid: %v", err)
		return
	}
	if string(*pmd.CanonicalURL) != url || *pmd.Role != csaf.MetadataRoleTrustedProvider {
		v.fault(7, "canonical address %s, role %s", *pmd.CanonicalURL, *pmd.Role)
	}
	if security := v.get(8, v.root+"/.well-known/security.txt"); !slices.Contains(strings.Split(string(security), "\n"), "CSAF: "+url) {
		v.fault(8, "no line leads to the metadata")
	}
	v.publicKeys(pmd)
	listed := v.directory(pmd)
	fed := v.rolie(pmd)
	for _, name := range slices.Sorted(slices.Values(listed)) {
		if !slices.Contains(fed, name) {
			v.fault(15, "%s is not in the feed", name)
		}
		v.document(name)
	}
	if len(fed) != len(listed) {
		v.fault(12, "%d documents are listed and %d fed", len(listed), len(fed))
	}
}

// publicKeys are those of requirement 20.
func (v *visitor) publicKeys(pmd *csaf.ProviderMetadata) {
	for _, k := range pmd.PGPKeys {
		key, err := crypto.NewKeyFromArmored(string(v.get(20, *k.URL)))
		if err != nil || !strings.EqualFold(key.GetFingerprint(), string(k.Fingerprint)) || key.IsPrivate() {
			v.fault(20, "the key of %s: %v", *k.URL, err)
			continue
		}
		v.keys = append(v.keys, key)
	}
	if len(v.keys) == 0 {
		v.fault(20, "there is no key")
	}
}

var (
	inYear    = regexp.MustCompile(`^[0-9]{4}/[^/]+\.json$`)
	linksOf   = regexp.MustCompile(`href="([^"]+)"`)
	validName = regexp.MustCompile(`^[a-z0-9+\-]+(_[a-z0-9+\-]+)*\.json$`)
)

// directory is requirements 11 to 14. It returns the addresses of the documents.
func (v *visitor) directory(pmd *csaf.ProviderMetadata) (urls []string) {
	for _, d := range pmd.Distributions {
		if d.DirectoryURL == "" {
			continue
		}
		dir := strings.TrimSuffix(d.DirectoryURL, "/") + "/"
		listed := map[string]bool{}
		for l := range strings.Lines(string(v.get(12, dir+"index.txt"))) {
			name := strings.TrimSuffix(l, "\n")
			if !inYear.MatchString(name) {
				v.fault(11, "%s is in no folder of a year", name)
			}
			listed[name] = true
			urls = append(urls, dir+name)
			if page := v.get(14, dir+path.Dir(name)+"/"); !slices.Contains(links(page), path.Base(name)) {
				v.fault(14, "%s is not in the listing of its folder", name)
			}
			if page := v.get(14, dir); !slices.Contains(links(page), path.Dir(name)+"/") {
				v.fault(14, "the folder of %s is not listed", name)
			}
		}
		v.changes(v.get(13, dir+"changes.csv"), listed)
	}
	if len(urls) == 0 {
		v.fault(12, "no document is listed")
	}
	return urls
}

func links(page []byte) (names []string) {
	for _, m := range linksOf.FindAllSubmatch(page, -1) {
		names = append(names, string(m[1]))
	}
	return names
}

// changes is requirement 13: each document with the time of its last change, the newest
// first.
func (v *visitor) changes(text []byte, listed map[string]bool) {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) != len(listed) {
		v.fault(13, "%d rows for %d documents, %v", len(rows), len(listed), err)
	}
	var last time.Time
	for i, row := range rows {
		at, err := time.Parse(time.RFC3339, row[len(row)-1])
		if len(row) != 2 || err != nil || !listed[row[0]] || i > 0 && at.After(last) {
			v.fault(13, "row %q", row)
		}
		last = at
	}
}

// rolie is requirements 15 to 17. It returns the addresses of the documents.
func (v *visitor) rolie(pmd *csaf.ProviderMetadata) (urls []string) {
	for _, d := range pmd.Distributions {
		if d.Rolie == nil {
			continue
		}
		for _, f := range d.Rolie.Feeds {
			urls = append(urls, v.feed(string(*f.URL), *f.TLPLabel)...)
		}
		for _, s := range d.Rolie.Services {
			v.service(string(s), d.Rolie.Feeds)
		}
		for _, c := range d.Rolie.Categories {
			if doc, err := csaf.LoadROLIECategoryDocument(bytes.NewReader(v.get(17, string(c)))); err != nil || len(doc.Categories.Category) == 0 {
				v.fault(17, "%s: %v", c, err)
			}
		}
	}
	return urls
}

func (v *visitor) feed(url string, label csaf.TLPLabel) (urls []string) {
	text := v.get(15, url)
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		v.fault(15, "%s: %v", url, err)
		return nil
	}
	faults, err := csaf.ValidateROLIE(plain)
	feed, loadErr := csaf.LoadROLIEFeed(bytes.NewReader(text))
	if err != nil || loadErr != nil || len(faults) > 0 {
		v.fault(15, "%s: %v, %v, %v", url, faults, err, loadErr)
		return nil
	}
	if want := "csaf-feed-tlp-" + strings.ToLower(string(label)) + ".json"; path.Base(url) != want {
		v.fault(15, "%s is not named %s", url, want)
	}
	for _, e := range feed.Feed.Entry {
		rels := map[string]int{}
		for _, l := range e.Link {
			rels[l.Rel]++
			if l.Rel == "self" && l.HRef != e.Content.Src || !strings.HasPrefix(l.HRef, e.Content.Src) {
				v.fault(15, "%s leads to %s", e.ID, l.HRef)
			}
		}
		if rels["self"] != 1 || rels["hash"] < 1 || rels["signature"] != 1 {
			v.fault(15, "%s has the links %v", e.ID, rels)
		}
		urls = append(urls, e.Content.Src)
	}
	return urls
}

func (v *visitor) service(url string, feeds []csaf.Feed) {
	doc, err := csaf.LoadROLIEServiceDocument(bytes.NewReader(v.get(16, url)))
	if err != nil {
		v.fault(16, "%s: %v", url, err)
		return
	}
	var offered []string
	for _, w := range doc.Service.Workspace {
		for _, c := range w.Collection {
			offered = append(offered, c.HRef)
		}
	}
	for _, f := range feeds {
		if !slices.Contains(offered, string(*f.URL)) {
			v.fault(16, "%s is not offered", *f.URL)
		}
	}
}

// document is requirements 1, 2, 4, 5, 11, 18 and 19.
func (v *visitor) document(url string) {
	text := v.get(4, url)
	result, err := Validate(text, Options{})
	if err != nil || slices.ContainsFunc(result.Findings, func(f Finding) bool { return f.Class == Mandatory }) {
		v.fault(1, "%s: %v", url, err)
		return
	}
	d, err := open(url, text)
	if err != nil {
		v.fault(1, "%s: %v", url, err)
		return
	}
	if path.Base(url) != FileName(d.id) || !validName.MatchString(path.Base(url)) {
		v.fault(2, "%s has the tracking id %s", url, d.id)
	}
	if label := d.doc.root.text("document", "distribution", "tlp", "label"); label != "WHITE" {
		v.fault(5, "%s is TLP:%s and open to all", url, label)
	}
	if year := path.Base(path.Dir(url)); year != d.initial.UTC().Format("2006") {
		v.fault(11, "%s is of %s", url, d.initial)
	}
	small, large := checksums(text)
	for ending, want := range map[string][]byte{".sha256": small, ".sha512": large} {
		sum, name, _ := strings.Cut(string(v.get(18, url+ending)), " ")
		if sum != hex.EncodeToString(want) || strings.TrimSpace(name) != path.Base(url) {
			v.fault(18, "%s%s does not hold", url, ending)
		}
	}
	signature := v.get(19, url+".asc")
	if !slices.ContainsFunc(v.keys, func(k *crypto.Key) bool { return (&Key{public: k, at: publicationDay}).Verify(text, signature) }) {
		v.fault(19, "%s is not signed", url)
	}
}

// published is a server with two documents of a provider.
func published(t *testing.T) (web *httptest.Server, files fstest.MapFS) {
	t.Helper()
	files = fstest.MapFS{}
	web = httptest.NewTLSServer(http.FileServerFS(files))
	t.Cleanup(web.Close)
	p := provider(t)
	p.URL = web.URL
	first := bytes.ReplaceAll(advisoryText(t), []byte("https://example.com/.well-known"), []byte(web.URL+"/.well-known"))
	second := bytes.ReplaceAll(first, []byte("EXD-2026-001"), []byte("EXD 2026/002"))
	second = bytes.ReplaceAll(second, []byte("exd-2026-001"), []byte("exd_2026_002"))
	second = bytes.ReplaceAll(second, []byte("2026-03-05T09"), []byte("2026-03-04T09"))
	publish(t, p, files, first, second)
	return web, files
}

func visited(t *testing.T, web *httptest.Server) map[int][]string {
	t.Helper()
	v := &visitor{t: t, client: web.Client(), root: web.URL, faults: map[int][]string{}}
	v.visit()
	return v.faults
}

// TestRequirements holds what is published against each requirement of the role of a
// trusted provider (CSAF 2.0 sections 7.1 and 7.2.3), and what is then altered, to show
// that it is seen. Requirement 10, a name in the DNS, is not in the hands of files.
func TestRequirements(t *testing.T) {
	const base, first = ".well-known/csaf/", ".well-known/csaf/white/2026/exd-2026-001.json"
	replace := func(name, old, new string) func(fstest.MapFS) {
		return func(m fstest.MapFS) {
			text := bytes.ReplaceAll(m[name].Data, []byte(old), []byte(new))
			if bytes.Equal(text, m[name].Data) {
				panic(old + " is not in " + name)
			}
			m[name] = &fstest.MapFile{Data: text}
		}
	}
	without := func(name string) func(fstest.MapFS) { return func(m fstest.MapFS) { delete(m, name) } }
	moved := func(m fstest.MapFS) {
		for _, ending := range []string{"", ".asc", ".sha256", ".sha512"} {
			m[base+"white/2025/exd-2026-001.json"+ending] = m[first+ending]
		}
		replace(base+"white/index.txt", "2026/exd-2026-001", "2025/exd-2026-001")(m)
	}
	for requirement, alter := range map[int][]func(fstest.MapFS){
		1:  {replace(first, `"csaf_version": "2.0"`, `"csaf_version": "1.2"`), replace(first, `"version": "2"`, `"version": "9"`)},
		2:  {replace(first, `"id": "EXD-2026-001"`, `"id": "EXD-2026-003"`)},
		3:  {replace(base+"provider-metadata.json", `"url": "https:`, `"url": "http:`)},
		4:  {without(first)},
		5:  {replace(first, `"label": "WHITE"`, `"label": "AMBER"`)},
		6:  {replace(base+"white/index.html", "<ul>", "<script>location = 'x'</script><ul>")},
		7:  {replace(base+"provider-metadata.json", "csaf_trusted_provider", "csaf_provider"), replace(base+"provider-metadata.json", `"metadata_version"`, `"version"`)},
		8:  {without(".well-known/security.txt"), replace(".well-known/security.txt", "CSAF: ", "CSAF: x")},
		9:  {without(base + "provider-metadata.json")},
		11: {moved},
		12: {without(base + "white/index.txt"), replace(base+"white/index.txt", "2026/exd-2026-001.json\n", "")},
		13: {without(base + "white/changes.csv"), replace(base+"white/changes.csv", "2026-03-05", "2026-03-01")},
		14: {replace(base+"white/2026/index.html", "exd-2026-001.json", "exd.json"), replace(base+"white/index.html", `"2026/"`, `"2025/"`)},
		15: {without(base + "white/csaf-feed-tlp-white.json"), replace(base+"white/csaf-feed-tlp-white.json", `"signature"`, `"related"`), replace(base+"white/csaf-feed-tlp-white.json", "exd-2026-001.json", "x.json")},
		16: {without(base + "service.json"), replace(base+"service.json", "csaf-feed-tlp-white", "csaf-feed-tlp-green")},
		17: {without(base + "white/category-white.json")},
		18: {without(first + ".sha512"), replace(first+".sha256", "  exd", "0  exd")},
		19: {without(first + ".asc"), replace(first, "A server in the way", "Nothing in the way")},
		20: {replace(base+"provider-metadata.json", `"fingerprint": "`, `"fingerprint": "0000`), func(m fstest.MapFS) {
			for name := range m {
				if strings.Contains(name, "/openpgp/") {
					delete(m, name)
				}
			}
		}},
	} {
		for i, change := range alter {
			web, files := published(t)
			if faults := visited(t, web); len(faults) > 0 {
				t.Fatalf("as published: %v", faults)
			}
			change(files)
			if faults := visited(t, web); len(faults[requirement]) == 0 {
				t.Errorf("requirement %d, alteration %d is not seen: %v", requirement, i, faults)
			}
		}
	}
}

// checkerProgram names the csaf_checker of the library, which CI builds.
const checkerProgram = "THERIAC_CSAF_CHECKER"

// TestChecker lets csaf_checker judge a trusted provider over TLS, from the domain alone.
func TestChecker(t *testing.T) {
	program := os.Getenv(checkerProgram)
	if program == "" {
		t.Skip(checkerProgram + " does not name a csaf_checker")
	}
	web, files := published(t)
	check := func() (passed bool, faults []string) {
		out := filepath.Join(t.TempDir(), "report.json")
		if text, err := exec.CommandContext(t.Context(), program, "--insecure", "--format", "json", "--output", out, strings.TrimPrefix(web.URL, "https://")).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		var report struct {
			Domains []struct {
				Passed       bool
				Role         string
				Requirements []struct {
					Num      int
					Messages []struct {
						Type int // 0 told, 1 warning, 2 error
						Text string
					}
				}
			}
		}
		if err := json.Unmarshal(text, &report); err != nil || len(report.Domains) != 1 || report.Domains[0].Role != "csaf_trusted_provider" || len(report.Domains[0].Requirements) != 20 {
			t.Fatalf("report %s: %v", text, err)
		}
		for _, r := range report.Domains[0].Requirements {
			for _, m := range r.Messages {
				if m.Type == 2 && r.Num != 10 { // there is no DNS here
					faults = append(faults, fmt.Sprint(r.Num, ": ", m.Text))
				}
			}
		}
		return report.Domains[0].Passed, faults
	}
	if passed, faults := check(); !passed || len(faults) > 0 {
		t.Errorf("passed %v, %q", passed, faults)
	}
	delete(files, ".well-known/csaf/white/2026/exd-2026-001.json.asc")
	if passed, faults := check(); passed || len(faults) == 0 {
		t.Error("a missing signature is not seen")
	}
}
