// Package publish makes files of documents: it paints each in its forms, writes down
// what was made of what, puts all of it into a folder at once, and tells later whether
// the folder is still what the security file says.
//
// # Format
//
// A folder with index.html, a folder for each form, machine/ for the files of machines,
// and build.json, the manifest. See docs/formats/build-json.md.
//
// # Errors
//
// A document that cannot be painted is an error that names it, and nothing is written.
package publish

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"theriac/document"
	"theriac/document/docx"
	"theriac/document/html"
	"theriac/document/pdf"
	"theriac/document/plain"
	"theriac/document/xlsx"
	"theriac/techdoc"
)

// Forms lists the forms, in the order of the help.
func Forms() []techdoc.Form {
	return []techdoc.Form{techdoc.HTML, techdoc.DOCX, techdoc.PDF, techdoc.XLSX, techdoc.JSON, techdoc.Markdown}
}

// painters paint one document each. HTML is a site of all documents.
var painters = map[techdoc.Form]func(*document.Set, *document.Document) ([]byte, error){
	techdoc.DOCX: docx.Write, techdoc.PDF: pdf.Write, techdoc.XLSX: xlsx.Write,
	techdoc.JSON: plain.JSON, techdoc.Markdown: plain.Markdown,
}

// Choice is what of a set becomes files.
type Choice struct {
	Documents []string       // names of documents and of files for machines; empty for all
	Forms     []techdoc.Form // empty for all that each document has
	// Browser prints the PDFs, if it is set, in place of our own painter.
	Browser *Browser
	// Progress is called after each file, possibly from several goroutines; nil for
	// nobody who waits.
	Progress func(done, of int)
}

func (c Choice) wants(name string) bool {
	return len(c.Documents) == 0 || slices.Contains(c.Documents, name)
}

func (c Choice) in(f techdoc.Form) bool { return len(c.Forms) == 0 || slices.Contains(c.Forms, f) }

// Sink takes a file by its slash path below the folder of the build. It is called from
// several goroutines.
type Sink func(name string, text []byte) error

// Paint makes the files of a set, each given to the sink once it is done, so that they
// need not be in memory together.
func Paint(ctx context.Context, set *document.Set, c Choice, sink Sink) error {
	if len(c.Documents) > 0 {
		set = set.Keep(func(d *document.Document) bool { return d.Reference || c.wants(d.Name) })
		set.Files = slices.DeleteFunc(slices.Clone(set.Files), func(f document.File) bool { return !c.wants(f.Name) })
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel())
	jobs := jobsOf(ctx, set, c)
	progress := counter(len(jobs), c.Progress)
	for _, j := range jobs {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := j.paint(sink); err != nil {
				return fmt.Errorf("%s: %w", j.name, err)
			}
			progress()
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, f := range set.Files {
		if err := sink(path.Join(MachineFolder, f.Name), f.Bytes); err != nil {
			return err
		}
	}
	return nil
}

// Digests are the SHA-256 of the files of a set, by path.
func Digests(ctx context.Context, set *document.Set, c Choice) (map[string]string, error) {
	var mu sync.Mutex
	digests := map[string]string{}
	err := Paint(ctx, set, c, func(name string, text []byte) error {
		sum := digest(text)
		mu.Lock()
		defer mu.Unlock()
		digests[name] = sum
		return nil
	})
	return digests, err
}

// MachineFolder is where the files for machines are.
const MachineFolder = "machine"

// job paints one file, or the site.
type job struct {
	name  string
	paint func(Sink) error
}

// jobsOf lists what is to paint, the longest work first.
func jobsOf(ctx context.Context, set *document.Set, c Choice) []job {
	var jobs []job
	if c.in(techdoc.HTML) {
		jobs = append(jobs, job{"HTML", func(sink Sink) error { return site(set, sink) }})
	}
	for _, f := range []techdoc.Form{techdoc.PDF, techdoc.XLSX, techdoc.DOCX, techdoc.JSON, techdoc.Markdown} {
		if !c.in(f) {
			continue
		}
		for _, d := range set.Documents {
			if !slices.Contains(formsOf(d), f) {
				continue
			}
			name := path.Join(string(f), set.FileName(d)+"."+string(f))
			jobs = append(jobs, job{name, func(sink Sink) error {
				b, err := c.paint(ctx, f, set, d)
				if err != nil {
					return err
				}
				return sink(name, b)
			}})
		}
	}
	return jobs
}

// site paints the set as HTML.
func site(set *document.Set, sink Sink) error {
	files, err := html.Site(set)
	if err != nil {
		return err
	}
	for _, name := range sortedNames(files) {
		if err := sink(name, files[name]); err != nil {
			return err
		}
	}
	return nil
}

// paint paints one document in one form.
func (c Choice) paint(ctx context.Context, f techdoc.Form, set *document.Set, d *document.Document) ([]byte, error) {
	if f == techdoc.PDF && c.Browser != nil {
		return c.Browser.PDF(ctx, set, d)
	}
	return painters[f](set, d)
}

// formsOf lists the forms of a document. Those to look things up have no declaration
// of their own.
func formsOf(d *document.Document) []techdoc.Form {
	if def := techdoc.Find(d.Name); def != nil {
		return def.In()
	}
	return []techdoc.Form{techdoc.HTML, techdoc.JSON}
}

func parallel() int { return max(2, runtime.GOMAXPROCS(0)) }

// counter tells progress, if somebody wants to know.
func counter(of int, tell func(done, of int)) func() {
	if tell == nil {
		return func() {}
	}
	var mu sync.Mutex
	done := 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		tell(done, of)
	}
}
