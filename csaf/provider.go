package csaf

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"theriac/psirt"
)

// folder is where a provider's files lie below the root of its web server.
const folder = ".well-known/csaf"

// maxServed is how many documents a provider has at most.
const maxServed = 20_000

// Provider is a trusted provider of CSAF documents of label TLP:WHITE (CSAF 2.0
// section 7.2.3), served as static files.
type Provider struct {
	URL      string // at which the root of the web server is served, as https://example.com
	Key      *Key
	At       time.Time // of the publication
	Last     time.Time // which documents may bear, where only the day of the publication is known; At where zero
	Contacts []string  // addresses of the maker's security contact, for a new security.txt

	// Security are further fields of a new security.txt; Contacts go before its own.
	Security psirt.SecurityTxt
}

// Text is a document that is to be published, with the name of its file for
// messages.
type Text struct {
	Name  string
	Bytes []byte
}

// Served is a file of a provider, by its slash path below the root of the server.
type Served struct {
	Path  string
	Bytes []byte
}

// served is a document that is published.
type served struct {
	name, path       string // of the file for messages; below the folder white
	text             []byte
	id, version      string
	title            string
	initial, current time.Time
	doc              *advisory
}

// Publish adds documents to what a server has. It returns the files that are new or
// change, the documents first and what lists them last, so that a reader who comes
// in between finds nothing that is not there.
//
// A document that is not valid, no final one, under embargo, not of label
// TLP:WHITE, dated later than the publication, or known already with another text
// of the same or a higher version, is refused, and with it all. So is a server that has
// a document without a signature of the key, unless the document is among those added.
func (p Provider) Publish(server fs.FS, documents []Text) ([]Served, error) {
	known, err := p.known(server)
	if err != nil {
		return nil, err
	}
	bases := map[string]*served{} // those of the server by the names of their files
	for _, d := range known {
		bases[path.Base(d.path)] = d
	}
	var faults []error
	seen := map[string]string{}
	for _, d := range documents {
		doc, err := p.admit(d, bases)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: %w", d.Name, err))
		case seen[doc.path] != "":
			faults = append(faults, fmt.Errorf("%s: %s has the same tracking id", d.Name, seen[doc.path]))
		default:
			seen[doc.path] = d.Name
			known[doc.path], bases[path.Base(doc.path)] = doc, doc
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if len(known) == 0 {
		return nil, errors.New("there is no document to publish")
	}
	if err := p.signed(server, known, seen); err != nil {
		return nil, err
	}
	var all []*served
	for _, d := range known {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b *served) int { // the newest first
		if c := b.current.Compare(a.current); c != 0 {
			return c
		}
		return strings.Compare(a.path, b.path)
	})
	if err := samePublisher(all); err != nil {
		return nil, err
	}
	return p.changed(server, all)
}

// known are the documents that a server has, by path.
func (p Provider) known(server fs.FS) (map[string]*served, error) {
	known := map[string]*served{}
	names, err := fs.Glob(server, folder+"/white/[0-9][0-9][0-9][0-9]/*.json")
	if err != nil {
		return nil, err
	}
	if len(names) > maxServed {
		return nil, fmt.Errorf("the server has more than %d documents", maxServed)
	}
	for _, name := range names {
		text, err := fs.ReadFile(server, name)
		if err != nil {
			return nil, err
		}
		d, err := open(name, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if folder+"/white/"+d.path != name {
			return nil, fmt.Errorf("%s: its tracking id and date belong to %s", name, d.path)
		}
		known[d.path] = d
	}
	return known, nil
}

// signed holds the documents that the server has against their signatures. What
// somebody altered there would be listed, and signed anew, as if it were ours; a
// document is signed only when it is named.
func (p Provider) signed(server fs.FS, known map[string]*served, named map[string]string) error {
	var faults []error
	for _, at := range slices.Sorted(maps.Keys(known)) {
		name := folder + "/white/" + at
		if named[at] != "" {
			continue
		}
		signature, err := fs.ReadFile(server, name+".asc")
		if err != nil || !p.Key.Verify(known[at].text, signature) {
			faults = append(faults, fmt.Errorf("%s: it has no signature of this key, so that it may have been altered; name the document as well to sign it again", name))
		}
	}
	return errors.Join(faults...)
}

// open reads what the lists tell of a document.
func open(name string, text []byte) (*served, error) {
	doc, err := read(text)
	if err != nil {
		return nil, err
	}
	tracking := doc.root.get("document", "tracking")
	d := &served{name: name, text: text, doc: doc, id: tracking.text("id"), version: tracking.text("version"), title: doc.root.text("document", "title")}
	if d.initial, err = time.Parse(time.RFC3339, tracking.text("initial_release_date")); err != nil {
		return nil, errors.New("no initial_release_date")
	}
	if d.current, err = time.Parse(time.RFC3339, tracking.text("current_release_date")); err != nil {
		return nil, errors.New("no current_release_date")
	}
	d.path = d.initial.UTC().Format("2006") + "/" + FileName(d.id)
	return d, nil
}

// admit judges a document that is to be published.
func (p Provider) admit(t Text, bases map[string]*served) (*served, error) {
	result, err := Validate(t.Bytes, Options{})
	if err != nil {
		return nil, err
	}
	for _, f := range result.Findings {
		if f.Class == Mandatory {
			return nil, fmt.Errorf("not valid: %s, test %s: %s", f.Pointer, f.Test, f.Message)
		}
	}
	d, err := open(t.Name, t.Bytes)
	if err != nil {
		return nil, err
	}
	if label := d.doc.root.text("document", "distribution", "tlp", "label"); label != "WHITE" {
		return nil, fmt.Errorf("its label is TLP:%s; only TLP:WHITE is for everybody", label)
	}
	switch {
	case d.doc.status() == "draft":
		return nil, errors.New("it is a draft")
	case d.current.After(later(p.At, p.Last)):
		return nil, fmt.Errorf("its date is %s, after the publication", stamp(d.current))
	}
	if err := p.canonical(d); err != nil {
		return nil, err
	}
	return d, d.follows(bases[path.Base(d.path)])
}

// canonical holds the address that a document gives of itself against where it is
// served.
func (p Provider) canonical(d *served) error {
	for _, r := range d.doc.root.all("document", "references") {
		url := r.text("url")
		if r.text("category") == "self" && strings.HasSuffix(url, path.Base(d.path)) && url != p.address("white/"+d.path) {
			return fmt.Errorf("it names %s as its address and would be served at %s", url, p.address("white/"+d.path))
		}
	}
	return nil
}

// follows compares with what is published under the same name; nil for nothing.
func (d *served) follows(old *served) error {
	if old == nil {
		return nil
	}
	order := semver.Compare(version(d.version), version(old.version))
	switch {
	case old.id != d.id:
		return fmt.Errorf("%s is published under this name", old.id)
	case !old.initial.Equal(d.initial):
		return fmt.Errorf("it was released first on %s, and states %s", stamp(old.initial), stamp(d.initial))
	case order < 0:
		return fmt.Errorf("version %s is published, which is higher than %s", old.version, d.version)
	case order == 0 && !bytes.Equal(d.text, old.text):
		return fmt.Errorf("version %s is published with another text; a change needs a new version", d.version)
	case d.current.Before(old.current):
		return fmt.Errorf("version %s is of %s, before version %s, which is published", d.version, stamp(d.current), old.version)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// samePublisher is the publisher that all documents state.
func samePublisher(all []*served) error {
	first := all[0].doc.root.get("document", "publisher")
	for _, d := range all[1:] {
		is := d.doc.root.get("document", "publisher")
		for _, name := range []string{"category", "name", "namespace"} {
			if is.text(name) != first.text(name) {
				return fmt.Errorf("%s: publisher %s is %q, that of %s is %q", d.name, name, is.text(name), all[0].name, first.text(name))
			}
		}
	}
	return nil
}

// address is where a file below our folder is served.
func (p Provider) address(name string) string {
	return strings.TrimSuffix(p.URL, "/") + "/" + folder + "/" + name
}

// changed are the files that the server does not have as they must be.
func (p Provider) changed(server fs.FS, all []*served) ([]Served, error) {
	var files []Served
	put := func(name string, text []byte) {
		if old, err := fs.ReadFile(server, name); err != nil || !bytes.Equal(old, text) {
			files = append(files, Served{name, text})
		}
	}
	for _, d := range slices.Backward(all) {
		name := folder + "/white/" + d.path
		put(name, d.text)
		small, large := checksums(d.text)
		put(name+".sha256", checksumFile(small, d.path))
		put(name+".sha512", checksumFile(large, d.path))
		if old, err := fs.ReadFile(server, name+".asc"); err == nil && p.Key.Verify(d.text, old) {
			continue
		}
		signature, err := p.Key.Sign(d.text)
		if err != nil {
			return nil, err
		}
		put(name+".asc", signature)
	}
	lists, err := p.lists(server, all)
	if err != nil {
		return nil, err
	}
	for _, l := range lists {
		put(l.Path, l.Bytes)
	}
	return files, nil
}

func checksums(text []byte) (small, large []byte) {
	a, b := sha256.Sum256(text), sha512.Sum512(text)
	return a[:], b[:]
}

// checksumFile is a digest as sha256sum writes it.
func checksumFile(sum []byte, name string) []byte {
	return []byte(hex.EncodeToString(sum) + "  " + path.Base(name) + "\n")
}
