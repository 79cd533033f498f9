// Package html paints documents as HTML: a whole set as one static site, or one
// document as one file for printing.
//
// # Format
//
// A site is index.html and files below html/: a page for each document, style sheet,
// script, search data and drawings. It needs no server and loads nothing from
// elsewhere, which its Content-Security-Policy holds it to; without script all but the
// search works. Page is one file with its style in it and without script, of which a
// browser prints a tagged PDF.
//
// # Values
//
// Anchors are the ids of sections, rows, tables and pictures; those of ours begin with
// '_'. Text is cleaned of control and direction characters and escaped in one place,
// writer.text.
//
// # Errors
//
// Site and Page fail on names that cannot be file names, and on two documents of one
// name and language.
//
// # Concurrency
//
// All functions are safe for concurrent use on a set that is resolved.
package html

import (
	"embed"
	"fmt"
	"strings"

	"theriac/document"
	"theriac/internal/lazyregexp"
)

//go:embed assets
var assets embed.FS

// asset is a file of ours.
func asset(name string) string {
	b, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(b)
}

// Folder is where all files of a site are but index.html.
const Folder = "html"

// Site paints all documents of a resolved set as one site, by slash path.
func Site(set *document.Set) (map[string][]byte, error) {
	s, err := newSite(set)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{
		"index.html":                 s.index(),
		Folder + "/assets/style.css": []byte(asset("style.css") + pageBoxes(set, nil)),
		Folder + "/assets/site.js":   []byte(asset("site.js")),
		Folder + "/assets/search.js": s.searchData(),
	}
	if kind := logoKind(set.Design.Logo); kind != "" {
		files[Folder+"/assets/logo."+kind] = set.Design.Logo
	}
	for _, d := range set.Documents {
		p := s.page(d)
		files[Folder+"/"+s.files[d]] = p.document()
		for name, svg := range p.drawings {
			files[Folder+"/"+name] = svg
		}
	}
	return files, nil
}

// Page paints one document of a resolved set as one file, for printing.
func Page(set *document.Set, d *document.Document) ([]byte, error) {
	s, err := newSite(set)
	if err != nil {
		return nil, err
	}
	p := s.page(d)
	p.single = true
	return p.document(), nil
}

// site is what the pages of a set have in common.
type site struct {
	set   *document.Set
	files map[*document.Document]string // below Folder
	langs map[string][]*document.Document
}

var nameForm = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9.-]*$`)

func newSite(set *document.Set) (*site, error) {
	s := &site{set: set, files: map[*document.Document]string{}, langs: map[string][]*document.Document{}}
	taken := map[string]bool{}
	for _, d := range set.Documents {
		name := set.FileName(d)
		switch {
		case !nameForm.MatchString(name):
			return nil, fmt.Errorf("html: %q is no name for a file", name)
		case taken[strings.ToLower(name)]:
			return nil, fmt.Errorf("html: two documents are named %s", name)
		}
		taken[strings.ToLower(name)] = true
		s.files[d] = name + ".html"
		s.langs[d.Name] = append(s.langs[d.Name], d)
	}
	return s, nil
}

// reading lists the documents as a reader of one language goes through them: of each
// name the one in that language, or else the first.
func (s *site) reading(lang string) []*document.Document {
	var list []*document.Document
	for _, d := range s.set.Documents {
		same := s.langs[d.Name]
		if same[0] != d {
			continue
		}
		for _, other := range same[1:] {
			if other.Lang == lang && d.Lang != lang {
				d = other
			}
		}
		list = append(list, d)
	}
	return list
}

// groups are the parts of the site, in the order of its navigation.
var groups = []struct{ id, title, heading string }{
	{"documents", "Documents", "Documents"},
	{"extracts", "Extracts", "Extracts on a page or two"},
	{"file", "Security file", "Security file, entry by entry"},
	{"clauses", "Clauses", "Clauses against which it was checked"},
}

// group is the part of the site to which a document belongs, by its place in groups.
func group(d *document.Document) int {
	switch {
	case d.Reference && strings.HasPrefix(d.Name, "clauses-"):
		return 3
	case d.Reference:
		return 2
	case d.Brief:
		return 1
	}
	return 0
}

// logoKind is the extension of the file of a logo; "" where it is no picture.
func logoKind(logo []byte) string {
	switch {
	case strings.HasPrefix(string(logo[:min(len(logo), 8)]), "\x89PNG\r\n\x1a\n"):
		return "png"
	case strings.HasPrefix(string(logo[:min(len(logo), 3)]), "\xff\xd8\xff"):
		return "jpg"
	}
	return ""
}

// mediaTypes are those of logos, by kind.
var mediaTypes = map[string]string{"png": "image/png", "jpg": "image/jpeg"}
