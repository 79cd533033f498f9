package model

import (
	"path"
	"strings"
)

// Translations is the folder of the translations of a security file.
const Translations = "translations"

// IsTranslation tells by its slash path below the folder of a security file whether a
// file holds translations of its texts.
func IsTranslation(name string) bool {
	return path.Dir(name) == Translations && strings.HasSuffix(name, ".po")
}

// PublicationFolder is where a security file keeps its logo and template.
const PublicationFolder = "publication"

// IsPublished tells by its slash path below the folder of a security file whether a file
// belongs to the state of the file although it is no YAML: a translation, a logo, a
// template.
func IsPublished(name string) bool {
	return IsTranslation(name) || strings.HasPrefix(name, PublicationFolder+"/")
}

// Languages are those in which the file wants documents for users, in lower case.
func (f *File) Languages() []string {
	if f.Publication == nil || len(f.Publication.Languages) == 0 {
		return []string{"en"}
	}
	var tags []string
	for _, l := range f.Publication.Languages {
		tags = append(tags, strings.ToLower(l))
	}
	return tags
}

// Publication is how the generated documents look and read. What it leaves out is
// as theriac has it.
type Publication struct {
	Base
	Logo       string      `yaml:"logo" doc:"PNG or JPEG for the first page, in the folder publication, for example publication/logo.png"`
	Template   string      `yaml:"template" doc:"DOCX whose styles, page, header and footer are used, in the folder publication"`
	Paper      Paper       `yaml:"paper" doc:"a4 or letter"`
	Numbering  Numbering   `yaml:"numbering" doc:"numbers of sections: decimal or none"`
	Languages  []string    `yaml:"languages" doc:"languages of the documents for users, as BCP 47 codes; texts of the file are translated in translations/LANGUAGE.po"`
	SourceLink string      `yaml:"source-link" doc:"address of a line of the security file, for example https://git.example/pump/blob/{commit}/{path}#L{line}"`
	Documents  []Published `yaml:"documents" doc:"which documents of the file the generated ones are, where several have the same type"`
	Wording    []Wording   `yaml:"wording" doc:"own wording and order of sections"`
}

// Published says that a generated document is a document of the file, from which it has
// number, revision and approvals.
type Published struct {
	Document string         `yaml:"document" theriac:"required" doc:"name of the generated document, as theriac build --list has it"`
	Is       Ref[*Document] `yaml:"is" theriac:"required" doc:"document of the file that it is"`
}

// Wording changes a section of a generated document, or adds one.
type Wording struct {
	Document string `yaml:"document" theriac:"required" doc:"name of the document, as theriac build --list has it"`
	Section  string `yaml:"section" doc:"id of the section, as theriac build --list DOCUMENT has it; empty for the document itself"`
	Language string `yaml:"language" doc:"language of the texts here; empty for all"`
	Title    string `yaml:"title" doc:"title in place of the generated one"`
	Before   string `yaml:"before" doc:"text before what is generated (Markdown)"`
	Text     string `yaml:"text" doc:"text in place of what is generated (Markdown); a paragraph {{id}} puts what is generated for that entity, {{generated}} all of it"`
	After    string `yaml:"after" doc:"text after what is generated (Markdown)"`
	Omit     Answer `yaml:"omit" doc:"true leaves the section out"`
	Follows  string `yaml:"follows" doc:"id of the section of the same chapter after which it comes, or first"`
	Reason   string `yaml:"reason" doc:"why a section is left out"`
}

// Paper is the format of pages.
type Paper string

func (Paper) Values() Values {
	return Values{{"a4", "210 by 297 mm"}, {"letter", "8.5 by 11 inches"}}
}

// Numbering is how sections are numbered.
type Numbering string

func (Numbering) Values() Values {
	return Values{{"decimal", "1, 1.1, 1.1.1"}, {"none", "titles alone"}}
}
