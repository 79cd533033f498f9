package html

import (
	"encoding/json"
	"net/url"

	"theriac/document"
)

// searchData lists what the search finds: of each document its title and file, of each
// section its document, anchor, title and number, or in documents to look things up
// its id. It is a script, since pages that are opened as files may load no data.
func (s *site) searchData() []byte {
	type doc [2]string
	data := struct {
		Documents []doc    `json:"documents"`
		Sections  [][4]any `json:"sections"`
	}{Documents: []doc{}, Sections: [][4]any{}}
	for i, d := range s.set.Documents {
		p := s.page(d)
		p.name()
		title := clean(d.Title)
		if s.langs[d.Name][0] != d {
			title += " (" + endonym(d.Lang) + ")"
		}
		data.Documents = append(data.Documents, doc{title, s.files[d]})
		d.Walk(func(sec *document.Section, _ int) {
			number := sec.Number
			if d.Reference {
				number = sec.ID
			}
			data.Sections = append(data.Sections, [4]any{i, p.anchors[sec], clean(sec.Title), clean(number)})
		})
	}
	text, err := json.Marshal(data)
	if err != nil {
		panic(err) // strings and numbers
	}
	return append(append([]byte("theriacSearch("), text...), ");\n"...)
}

// escapePath is a file name as a part of an address.
func escapePath(name string) string { return url.PathEscape(clean(name)) }
