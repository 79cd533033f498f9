// Package theriac is the compiler for security files of medical devices: it
// reads the file, links it, checks it against the catalogue and computes how
// far each clause is answered.
//
// The packages are the words of that sentence, in order: catalog (the law),
// model (what the team wrote), check (what is missing), report (what we say),
// techdoc (what we hand in).
package theriac

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"theriac/catalog"
	"theriac/change"
	"theriac/check"
	"theriac/check/rules"
	"theriac/diag"
	"theriac/document"
	"theriac/model"
	"theriac/techdoc"
)

// Options change what a check looks at.
type Options struct {
	Today   model.Date // the day on which expiries are judged
	Variant string     // check only this variant; empty checks the product and all variants
	Release string     // version or id of the release that evidence is judged for; empty takes the newest that is out
	Only    []string   // codes to keep; empty keeps all
	Skip    []string   // codes to leave out

	// Files holds what is signed, and the files that it speaks of, where that is
	// not the folder itself: an archive. Nil takes the folder.
	Files fs.FS
}

// Result is a checked security file.
type Result struct {
	File     *model.File
	Catalog  *catalog.Catalog
	Findings diag.List
	Coverage []check.Row
	Showing  *check.Showing // nil where signatures decide nothing
	Proof    *check.Proof   // its Files are open only where they came with the options
}

// Session checks a security file again and again, as an editor does: files
// that have not changed are not read again. It is not safe for concurrent use.
type Session struct {
	loader model.Loader
	memory check.Memory
}

// Check loads and checks the security file in a folder, and with it each of
// its variants. The error is about the run; everything about the file is a
// finding. The result stands until the next Check.
func (s *Session) Check(ctx context.Context, dir string, o Options) (*Result, error) {
	r, err := s.one(ctx, dir, o.Variant, o)
	if err != nil {
		return nil, err
	}
	if variants := r.File.Variants; o.Variant == "" && len(variants) > 0 {
		product := r.Findings
		for _, v := range variants {
			of, err := s.one(ctx, dir, v.ID, o)
			if err != nil {
				return nil, err
			}
			product = append(product, onlyIn(v.ID, of.Findings, r.Findings)...)
		}
		// Loading a variant linked the file anew; link it once more as itself.
		if r, err = s.one(ctx, dir, "", o); err != nil {
			return nil, err
		}
		r.Findings = product
	}
	if err := s.wording(ctx, dir, r, o); err != nil {
		return nil, err
	}
	r.Findings = o.wanted(r)
	r.Findings.Sort()
	return r, nil
}

// wording adds what is wrong with the manufacturer's own wording of the documents,
// where there is any: the documents have to be made to know what it would drop.
func (s *Session) wording(ctx context.Context, dir string, r *Result, o Options) error {
	if r.File.Publication == nil || len(r.File.Publication.Wording) == 0 || r.File.Product == nil || r.File.Incomplete() {
		return nil
	}
	if o.Files == nil {
		root, err := check.FolderOf(r.File)
		if err != nil {
			return err
		}
		defer root.Close()
		o.Files = root.FS()
	}
	_, found, err := s.make(ctx, dir, r, o, r.File.Languages(), time.Time{})
	if err != nil {
		return err
	}
	check.Waive(r.File, found, o.Today)
	r.Findings = append(r.Findings, found...)
	return nil
}

// wanted are the findings to keep. Where the file was not judged, errors about
// its form stay when nothing else would: that no other code occurs means
// nothing there.
func (o Options) wanted(r *Result) diag.List {
	judged := r.File.Product != nil && !r.File.Incomplete()
	var kept, errors diag.List
	for _, f := range r.Findings {
		switch {
		case (len(o.Only) == 0 || slices.Contains(o.Only, f.Code)) && !slices.Contains(o.Skip, f.Code):
			kept.Add(f)
		case !judged && f.Severity == diag.Error:
			errors.Add(f)
		}
	}
	if kept.Worst(diag.Error) {
		return kept
	}
	return append(kept, errors...)
}

// Documentation is a checked security file with the documents made from it.
type Documentation struct {
	Result
	Set *document.Set
	// Wording is what is wrong with the manufacturer's own wording; with an error in
	// it the set is not fit for use.
	Wording diag.List
}

// Documents checks the security file in a folder and makes its technical
// documentation, the documents for users in the languages given. The options must
// hold the files of the folder. A file of which part could not be read has no
// documents: Set is nil then.
func (s *Session) Documents(ctx context.Context, dir string, o Options, languages []string, at time.Time) (*Documentation, error) {
	r, err := s.Check(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	d := &Documentation{Result: *r}
	if r.File.Product == nil || r.File.Incomplete() {
		return d, nil
	}
	d.Set, d.Wording, err = s.make(ctx, dir, r, o, languages, at)
	return d, err
}

// make makes the documents of a checked security file.
func (s *Session) make(ctx context.Context, dir string, r *Result, o Options, languages []string, at time.Time) (*document.Set, diag.List, error) {
	text, err := change.Collect(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	release, err := o.releaseOf(r.File)
	if err != nil {
		return nil, nil, err
	}
	proof := *r.Proof
	proof.Files = o.Files
	pass := check.NewPass(check.Input{File: r.File, Catalog: r.Catalog, Rules: rules.All(), Today: o.Today, Release: release, Proof: &proof, Memory: &s.memory})
	set, found, err := techdoc.Make(ctx, techdoc.Input{
		File: r.File, Catalog: r.Catalog, Findings: r.Findings, Coverage: r.Coverage, Showing: r.Showing, Proof: &proof, Pass: pass,
		Release: releaseWith(r.File, release, o.Today), Day: o.Today, Time: at, Text: text, Files: o.Files,
	}, languages)
	giveReasons(found)
	return set, found, err
}

// one checks the product itself or one of its variants.
func (s *Session) one(ctx context.Context, dir, variant string, o Options) (*Result, error) {
	go catalog.Load() // beside reading the file; needed below
	s.loader.Variant = variant
	file, findings, err := s.loader.Load(ctx, dir)
	if err != nil {
		return nil, err
	}
	release, err := o.releaseOf(file)
	if err != nil {
		return nil, err
	}
	files := o.Files
	if files == nil {
		root, err := check.FolderOf(file)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		files = root.FS()
	}
	proof, err := check.ReadProof(ctx, file, files, o.Today, &s.memory.Hashes)
	if err != nil {
		return nil, err
	}
	cat := catalog.Load()
	giveReasons(findings)
	checked := check.Run(check.Input{File: file, Catalog: cat, Rules: rules.All(), Today: o.Today, Release: release, Proof: proof, Memory: &s.memory})
	return &Result{file, cat, append(findings, checked.Findings...), checked.Coverage, checked.Showing, proof}, nil
}

// ErrNoRelease says that the security file has no release of that name.
var ErrNoRelease = errors.New("no such release")

// releaseOf is the id of the release that is named. One that may stand in a part
// of the file that could not be read is not missed.
func (o Options) releaseOf(file *model.File) (string, error) {
	for _, r := range file.Releases {
		if o.Release != "" && (r.Version == o.Release || r.ID == o.Release) {
			return r.ID, nil
		}
	}
	if o.Release == "" || file.Incomplete() || file.Product == nil {
		return "", nil
	}
	return "", fmt.Errorf("%w: %s; the security file has %s", ErrNoRelease, o.Release, versions(file))
}

// releaseWith is the release with an id; without one the current release.
func releaseWith(file *model.File, id string, today model.Date) *model.Release {
	if r, ok := file.Lookup(id).(*model.Release); ok {
		return r
	}
	return check.CurrentRelease(file, today)
}

func versions(file *model.File) string {
	var names []string
	for _, r := range file.Releases {
		names = append(names, r.Version)
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// giveReasons adds the reason to findings about form, whose packages know only
// the code.
func giveReasons(findings diag.List) {
	for i := range findings {
		if r := rules.Find(findings[i].Code); r != nil {
			findings[i].Why = r.Why
		}
	}
}

// onlyIn returns the findings of a variant that the product does not have, or
// has in a milder form: waived, or justified.
func onlyIn(variant string, findings, product diag.List) diag.List {
	type key struct {
		code, message string
		severity      diag.Severity
		waived        bool
		line, column  int
		path          string
	}
	keyOf := func(f diag.Finding) key {
		return key{f.Code, f.Message, f.Severity, f.Waiver != nil, f.Span.Line, f.Span.Column, f.Span.Path()}
	}
	known := map[key]bool{}
	for _, f := range product {
		known[keyOf(f)] = true
	}
	var own diag.List
	for _, f := range findings {
		if !known[keyOf(f)] {
			f.Variant = variant
			own.Add(f)
		}
	}
	return own
}
