package csaf

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/mail"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/gocsaf/csaf/v3/csaf"
)

// Names of lists below our folder. The name of the feed is that of CSAF 2.0 section
// 7.1.15.
const (
	feedName     = "white/csaf-feed-tlp-white.json"
	serviceName  = "service.json"
	categoryName = "white/category-white.json"
	metadataName = "provider-metadata.json"
	securityName = ".well-known/security.txt"
	schemaURL    = "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json"
	informType   = "urn:ietf:params:rolie:category:information-type"
)

// lists are the files that tell what is there, those that others point to first.
func (p Provider) lists(server fs.FS, all []*served) ([]Served, error) {
	key, err := p.Key.Public()
	if err != nil {
		return nil, err
	}
	index, changes, err := directory(all)
	if err != nil {
		return nil, err
	}
	feed, err := p.feed(all)
	if err != nil {
		return nil, err
	}
	service, err := written(p.service(all))
	if err != nil {
		return nil, err
	}
	category, err := written(categories(all))
	if err != nil {
		return nil, err
	}
	metadata, err := p.metadata(server, all)
	if err != nil {
		return nil, err
	}
	security, err := p.security(server)
	if err != nil {
		return nil, err
	}
	return append(listings(all), []Served{
		{folder + "/" + p.keyName(), key}, {folder + "/white/index.txt", index}, {folder + "/white/changes.csv", changes},
		{folder + "/" + feedName, feed}, {folder + "/" + serviceName, service}, {folder + "/" + categoryName, category},
		{folder + "/" + metadataName, metadata}, {securityName, security},
	}...), nil
}

// listings are pages that list the folders, for servers that list none by
// themselves (CSAF 2.0 section 7.1.14).
func listings(all []*served) []Served {
	years := map[string][]string{}
	for _, d := range all {
		year, name := path.Split(d.path)
		years[year] = append(years[year], name, name+".asc", name+".sha256", name+".sha512")
	}
	var pages []Served
	folders := slices.Sorted(maps.Keys(years))
	for _, year := range folders {
		slices.Sort(years[year])
		pages = append(pages, Served{folder + "/white/" + year + "index.html", listing(years[year])})
	}
	names := slices.Concat(folders, []string{"changes.csv", "index.txt", path.Base(feedName), path.Base(categoryName)})
	return append(pages, Served{folder + "/white/index.html", listing(names)})
}

// listing is a page of links. Names of files hold nothing that HTML escapes.
func listing(names []string) []byte {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>CSAF documents</title>\n<ul>\n")
	for _, name := range names {
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a></li>\n", name, name)
	}
	b.WriteString("</ul>\n</html>\n")
	return []byte(b.String())
}

func (p Provider) keyName() string { return "openpgp/" + p.Key.Fingerprint() + ".asc" }

// written is what a type of the library writes.
func written(doc io.WriterTo) ([]byte, error) {
	var b bytes.Buffer
	_, err := doc.WriteTo(&b)
	return b.Bytes(), err
}

// directory is index.txt and changes.csv (CSAF 2.0 sections 7.1.12 and 7.1.13),
// the newest first.
func directory(all []*served) (index, changes []byte, err error) {
	var paths, table bytes.Buffer
	w := csv.NewWriter(&table)
	for _, d := range all {
		paths.WriteString(d.path + "\n")
		if err := w.Write([]string{d.path, d.doc.root.text("document", "tracking", "current_release_date")}); err != nil {
			return nil, nil, err
		}
	}
	w.Flush()
	return paths.Bytes(), table.Bytes(), w.Error()
}

// feed is the ROLIE feed (CSAF 2.0 section 7.1.15).
func (p Provider) feed(all []*served) ([]byte, error) {
	isCSAF := []csaf.ROLIECategory{{Scheme: informType, Term: "csaf"}}
	feed := csaf.ROLIEFeed{Feed: csaf.FeedData{
		ID: "csaf-feed-tlp-white", Title: publisherOf(all).text("name") + ": CSAF feed (TLP:WHITE)", Category: isCSAF, Updated: csaf.TimeStamp(all[0].current.UTC()),
		Link: []csaf.Link{{Rel: "self", HRef: p.address(feedName)}, {Rel: "service", HRef: p.address(serviceName)}},
	}}
	for _, d := range all {
		url := p.address("white/" + d.path)
		feed.Feed.Entry = append(feed.Feed.Entry, &csaf.Entry{
			ID: d.id, Titel: d.title, Published: csaf.TimeStamp(d.initial.UTC()), Updated: csaf.TimeStamp(d.current.UTC()),
			Link: []csaf.Link{
				{Rel: "self", HRef: url}, {Rel: "hash", HRef: url + ".sha256"}, {Rel: "hash", HRef: url + ".sha512"}, {Rel: "signature", HRef: url + ".asc"},
			},
			Content: csaf.Content{Type: "application/json", Src: url},
			Format:  csaf.Format{Schema: schemaURL, Version: "2.0"},
		})
	}
	return written(&feed)
}

// service is the ROLIE service document (CSAF 2.0 section 7.1.16).
func (p Provider) service(all []*served) *csaf.ROLIEServiceDocument {
	isCSAF := csaf.ROLIEServiceWorkspaceCollectionCategories{Category: []csaf.ROLIEServiceWorkspaceCollectionCategoriesCategory{{Scheme: informType, Term: "csaf"}}}
	collection := csaf.ROLIEServiceWorkspaceCollection{Title: "CSAF feed (TLP:WHITE)", HRef: p.address(feedName), Categories: isCSAF}
	return &csaf.ROLIEServiceDocument{Service: csaf.ROLIEService{Workspace: []csaf.ROLIEServiceWorkspace{
		{Title: publisherOf(all).text("name"), Collection: []csaf.ROLIEServiceWorkspaceCollection{collection}},
	}}}
}

// categories is the ROLIE category document (CSAF 2.0 section 7.1.17): the vendors
// and products of the documents.
func categories(all []*served) *csaf.ROLIECategoryDocument {
	var terms []string
	for _, d := range all {
		d.doc.branches(func(b *node) {
			if c := b.text("category"); c == "vendor" || c == "product_name" {
				terms = append(terms, b.text("name"))
			}
		})
	}
	return csaf.NewROLIECategoryDocument(terms...)
}

func publisherOf(all []*served) *node { return all[0].doc.root.get("document", "publisher") }

// metadata is provider-metadata.json (CSAF 2.0 section 7.1.7). Its date moves only
// when something else in it does.
func (p Provider) metadata(server fs.FS, all []*served) ([]byte, error) {
	by := publisherOf(all)
	category := csaf.Category(by.text("category"))
	feedURL, serviceURL, categoryURL := csaf.JSONURL(p.address(feedName)), csaf.JSONURL(p.address(serviceName)), csaf.JSONURL(p.address(categoryName))
	m := csaf.NewProviderMetadata(p.address(metadataName))
	m.Role = new(csaf.MetadataRoleTrustedProvider)
	m.ListOnCSAFAggregators, m.MirrorOnCSAFAggregators = new(true), new(true)
	m.Publisher = &csaf.Publisher{Category: &category, Name: new(by.text("name")), Namespace: new(by.text("namespace")),
		ContactDetails: by.text("contact_details"), IssuingAuthority: by.text("issuing_authority")}
	m.SetPGP(p.Key.Fingerprint(), p.address(p.keyName()))
	feed := csaf.Feed{Summary: "Security advisories (TLP:WHITE)", TLPLabel: new(csaf.TLPLabel(csaf.TLPLabelWhite)), URL: &feedURL}
	m.Distributions = []csaf.Distribution{
		{Rolie: &csaf.ROLIE{Categories: []csaf.JSONURL{categoryURL}, Feeds: []csaf.Feed{feed}, Services: []csaf.JSONURL{serviceURL}}},
		{DirectoryURL: p.address("white/")},
	}
	old, oldErr := fs.ReadFile(server, folder+"/"+metadataName)
	if before, err := csaf.LoadProviderMetadata(bytes.NewReader(old)); oldErr == nil && err == nil {
		m.LastUpdated = before.LastUpdated
		if text, err := written(m); err == nil && bytes.Equal(text, old) {
			return old, nil
		}
	}
	at := csaf.TimeStamp(later(p.At, all[0].current).UTC().Truncate(time.Second)) // not before what it leads to
	m.LastUpdated = &at
	return written(m)
}

// security is security.txt with the line that leads to us (CSAF 2.0 section 7.1.8).
// What is there is kept.
func (p Provider) security(server fs.FS) ([]byte, error) {
	line := "CSAF: " + p.address(metadataName) + "\n"
	old, err := fs.ReadFile(server, securityName)
	if err == nil {
		return extend(old, line, p.At)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s := p.Security
	if len(p.Contacts) > 0 {
		s.Contacts = p.Contacts
	}
	if len(s.Contacts) == 0 {
		return nil, fmt.Errorf("there is no %s, and no contact to write one (RFC 9116 section 2.5.3)", securityName)
	}
	for _, contact := range s.Contacts {
		if !isContact(contact) {
			return nil, fmt.Errorf("%q is no contact as https://example.com/contact, mailto:psirt@example.com or tel:+49123 (RFC 9116 section 2.5.3)", contact)
		}
	}
	s.Expires = p.At.UTC().AddDate(1, 0, -1)
	s.CSAF = []string{p.address(metadataName)}
	if s.Canonical == "" {
		s.Canonical = strings.TrimSuffix(p.URL, "/") + "/" + securityName
	}
	return []byte(s.Text()), nil
}

// extend adds a line to a security.txt.
func extend(old []byte, line string, at time.Time) ([]byte, error) {
	has := false
	for l := range strings.Lines(string(old)) {
		name, value, _ := strings.Cut(l, ":")
		if strings.EqualFold(name, "Expires") {
			if end, err := time.Parse(time.RFC3339, strings.TrimSpace(value)); err == nil && end.Before(at) {
				return nil, fmt.Errorf("%s expired on %s; give it a later day, or remove it to have a new one", securityName, end.Format(time.DateOnly))
			}
		}
		has = has || strings.TrimSpace(l) == strings.TrimSpace(line)
	}
	switch {
	case has:
		return old, nil
	case bytes.Contains(old, []byte("-----BEGIN PGP")):
		return nil, fmt.Errorf("%s is signed; add the line %q and sign it again", securityName, strings.TrimSpace(line))
	}
	if len(old) > 0 && old[len(old)-1] != '\n' {
		old = append(old, '\n')
	}
	return append(old, line...), nil
}

// Contacts are the addresses in the contact details of the first document that has
// some, as security.txt wants them.
func Contacts(documents []Text) []string {
	for _, d := range documents {
		doc, err := read(d.Bytes)
		if err != nil {
			continue
		}
		var found []string
		between := func(c rune) bool { return c == ',' || c == ';' || unicode.IsSpace(c) || !unicode.IsGraphic(c) }
		for _, word := range strings.FieldsFunc(doc.root.text("document", "publisher", "contact_details"), between) {
			if isMail(word) {
				word = "mailto:" + word
			}
			if isContact(word) {
				found = append(found, word)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// isContact reports whether a text may stand in a Contact line: the address of a page,
// a mailbox or a telephone, in ASCII.
func isContact(text string) bool {
	u, err := url.Parse(text)
	return err == nil && slices.Contains([]string{"https", "mailto", "tel"}, u.Scheme) && u.Host+u.Opaque != "" &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

func isMail(word string) bool {
	a, err := mail.ParseAddress(word)
	return err == nil && a.Address == word
}
