// Package techdoc is the technical documentation: what the notified body, the
// hospital, the user and their machines read, each made from the checked security
// file, so that no two of them can disagree.
//
// To add a document, write a file named for it that calls add in a package
// variable; to add a file for machines, one that calls addFile. The list, the
// selection, the index and the tests follow from the declaration.
//
// # Values
//
// Documents are in English; those for users are made in each language that is
// asked for. Every statement that comes from the security file, from a clause or from
// evidence carries its source. What nobody stated is shown as a gap, never left out.
//
// # Concurrency
//
// Make may run documents side by side; a document only reads its Book.
package techdoc

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"theriac/catalog"
	"theriac/change"
	"theriac/check"
	"theriac/diag"
	"theriac/document"
	"theriac/locale"
	"theriac/model"
	"theriac/policy"
	"theriac/psirt"
)

// Form is a form in which a document can be written.
type Form string

// The forms.
const (
	HTML     Form = "html"
	DOCX     Form = "docx"
	PDF      Form = "pdf"
	XLSX     Form = "xlsx"
	JSON     Form = "json"
	Markdown Form = "md"
)

// Group is for whom a document is.
type Group string

// The groups, in reading order.
const (
	Submission Group = "technical documentation"
	ForUsers   Group = "for users and operators"
	Extract    Group = "extracts"
	LookUp     Group = "reference"
)

// Definition declares a document.
type Definition struct {
	Name  string // stable; file names are made of it
	Title string
	About string // one sentence that says what it is for
	Group Group
	Order int // within all documents

	// Types are the types under which the file lists this document, from which it
	// has its number, revision and approvals; the first is meant where several fit.
	Types []model.DocumentType

	Forms     []Form // beside HTML, DOCX, PDF, JSON and Markdown, which all documents have
	Languages bool   // made in each language for users
	Brief     bool   // one or two pages, without cover and contents
	// Late documents say where others tell something, and are made after them.
	Late bool

	Make func(b *Book) ([]*document.Section, error)
}

// FileDefinition declares a file for machines.
type FileDefinition struct {
	Name  string // of the file, with extension
	Title string
	About string
	Order int
	// Make gives nil where the security file has nothing to say in it.
	Make func(b *Book) ([]byte, error)
}

var (
	definitions []*Definition
	files       []*FileDefinition
)

func add(d Definition) *Definition {
	if slices.ContainsFunc(definitions, func(o *Definition) bool { return o.Name == d.Name }) {
		panic("techdoc: the document " + d.Name + " is declared twice")
	}
	definitions = append(definitions, &d)
	return &d
}

func addFile(d FileDefinition) *FileDefinition {
	if slices.ContainsFunc(files, func(o *FileDefinition) bool { return o.Name == d.Name }) {
		panic("techdoc: the file " + d.Name + " is declared twice")
	}
	files = append(files, &d)
	return &d
}

// Definitions lists the documents in reading order.
func Definitions() []*Definition {
	return slices.SortedFunc(slices.Values(definitions), func(a, b *Definition) int { return cmp.Compare(a.Order, b.Order) })
}

// FileDefinitions lists the files for machines.
func FileDefinitions() []*FileDefinition {
	return slices.SortedFunc(slices.Values(files), func(a, b *FileDefinition) int { return cmp.Compare(a.Order, b.Order) })
}

// Find returns the document with a name, or nil.
func Find(name string) *Definition {
	for _, d := range definitions {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// In lists the forms of the document.
func (d *Definition) In() []Form {
	if d.Group == LookUp {
		return []Form{HTML, JSON, Markdown}
	}
	return append([]Form{HTML, DOCX, PDF, JSON, Markdown}, d.Forms...)
}

// Input is what the documents are made from.
type Input struct {
	File     *model.File
	Catalog  *catalog.Catalog
	Findings diag.List
	Coverage []check.Row
	Showing  *check.Showing // nil where signatures decide nothing
	Proof    *check.Proof   // with Files open
	Pass     *check.Pass    // for what follows from the file: derived threats, judged evidence
	Release  *model.Release // nil where the file has none
	Day      model.Date     // on which everything is judged
	Time     time.Time      // for the properties of files
	Text     *change.Files  // the text of the security file
	Files    fs.FS          // its folder
}

// Make makes all documents and files, in the languages given. The findings are about
// what the manufacturer's publication asks for; with an error among them the set is
// not fit for use. The error names the document that could not be made.
func Make(ctx context.Context, in Input, languages []string) (*document.Set, diag.List, error) {
	m, err := newMaker(in, languages)
	if err != nil {
		return nil, nil, err
	}
	for _, late := range []bool{false, true} {
		if err := m.documents(ctx, late); err != nil {
			return nil, nil, err
		}
		if !late {
			m.set.Documents = append(m.set.Documents, reference(m.book(m.languages[0]))...)
		}
		m.set.Number(m.numbering)
	}
	m.order()
	if err := m.files(ctx); err != nil {
		return nil, nil, err
	}
	if err := m.set.Resolve(); err != nil {
		return nil, nil, err
	}
	m.unknownDocuments()
	m.ambiguous()
	m.untranslated()
	m.findings.Sort()
	m.findings = slices.CompactFunc(m.findings, func(a, b diag.Finding) bool {
		return a.Code == b.Code && a.Span == b.Span && a.Message == b.Message // of documents in several languages
	})
	return m.set, m.findings, nil
}

// maker makes a set.
type maker struct {
	in        Input
	set       *document.Set
	languages []*locale.Language // English first where only others are asked for
	wanted    []*locale.Language // in which documents for users are made
	numbering document.Numbering
	policy    *policy.Policy
	held      func() *psirt.Embargo
	findings  diag.List
}

func newMaker(in Input, languages []string) (*maker, error) {
	in.Coverage = localReasons(in)
	m := &maker{in: in, set: &document.Set{}, numbering: document.Decimal, policy: policy.Compile(in.File)}
	m.held = sync.OnceValue((&Book{Input: in}).embargo)
	m.languages = []*locale.Language{locale.English()}
	for _, tag := range languages {
		l, err := locale.Open(tag, in.Files)
		if err != nil {
			return nil, err
		}
		m.wanted = append(m.wanted, l)
	}
	if len(m.wanted) == 0 {
		m.wanted = m.languages
	}
	var err error
	if m.set.Stamp, err = stamp(in); err != nil {
		return nil, err
	}
	if m.set.Design, err = design(in); err != nil {
		return nil, err
	}
	if p := in.File.Publication; p != nil && p.Numbering != "" {
		m.numbering = document.Numbering(p.Numbering)
	}
	return m, nil
}

func (m *maker) book(l *locale.Language) *Book {
	return &Book{Input: m.in, Lang: l, Policy: m.policy, set: m.set, held: m.held}
}

// documents makes the documents of one round side by side, each in its languages, and
// then puts the manufacturer's wording into them.
func (m *maker) documents(ctx context.Context, late bool) error {
	type job struct {
		definition *Definition
		language   *locale.Language
	}
	var jobs []job
	for _, d := range Definitions() {
		if d.Late != late {
			continue
		}
		languages := m.languages
		if d.Languages {
			languages = m.wanted
		}
		for _, l := range languages {
			jobs = append(jobs, job{d, l})
		}
	}
	made := make([]*document.Document, len(jobs))
	err := sideBySide(ctx, len(jobs), func(i int) (err error) {
		d := jobs[i].definition
		if made[i], err = m.document(d, jobs[i].language); err != nil {
			err = fmt.Errorf("%s: %w", d.Name, err)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, doc := range made {
		m.reword(doc)
	}
	m.set.Documents = append(m.set.Documents, made...)
	return nil
}

// document makes a document in a language.
func (m *maker) document(d *Definition, l *locale.Language) (*document.Document, error) {
	b := m.book(l)
	sections, err := d.Make(b)
	if err != nil {
		return nil, err
	}
	doc := &document.Document{Name: d.Name, Title: l.Say(d.Title), Lang: l.Tag, Words: l, Brief: d.Brief, Quiet: d.Brief || d.Languages, Sections: sections}
	b.identify(doc, d)
	return doc, nil
}

// files makes the files for machines.
func (m *maker) files(ctx context.Context) error {
	definitions := FileDefinitions()
	made := make([][]byte, len(definitions))
	err := sideBySide(ctx, len(definitions), func(i int) (err error) {
		if made[i], err = definitions[i].Make(m.book(m.languages[0])); err != nil {
			err = fmt.Errorf("%s: %w", definitions[i].Name, err)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, d := range definitions {
		if made[i] != nil {
			m.set.Files = append(m.set.Files, document.File{Name: d.Name, Title: d.Title, Bytes: made[i]})
		}
	}
	return nil
}

// sideBySide does some jobs on all cores. Of several errors it gives that of the first
// job.
func sideBySide(ctx context.Context, n int, do func(i int) error) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	errs := make([]error, n)
	for i := range n {
		g.Go(func() error {
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = do(i)
			}
			return nil
		})
	}
	_ = g.Wait() // the jobs keep their errors
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// order puts the documents into reading order, with those to look things up last.
func (m *maker) order() {
	rank := func(d *document.Document) int {
		if def := Find(d.Name); def != nil {
			return def.Order
		}
		return 1 << 20
	}
	slices.SortStableFunc(m.set.Documents, func(a, b *document.Document) int { return cmp.Compare(rank(a), rank(b)) })
}

// localReasons is the coverage with places named from the folder of the security file
// on, so that documents are the same wherever it lies.
func localReasons(in Input) []check.Row {
	rows := slices.Clone(in.Coverage)
	for i := range rows {
		rows[i].Reasons = slices.Clone(rows[i].Reasons)
		for k, r := range rows[i].Reasons {
			rows[i].Reasons[k] = local(in.File, r)
		}
	}
	return rows
}

// local is a text of the check without the folder in which the security file lies:
// places in it count from the folder.
func local(f *model.File, text string) string {
	text, up := " "+text, ""
	for dir := filepath.Clean(f.Dir()); dir != "." && filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		text = strings.ReplaceAll(text, " "+filepath.ToSlash(dir)+"/", " "+up)
		up += "../"
		if !filepath.IsAbs(dir) {
			break
		}
	}
	return text[1:]
}
