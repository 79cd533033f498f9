// Package theriac is the compiler for security files of medical devices: it
// reads the file, links it, checks it against the catalogue and computes how
// far each clause is answered.
//
// The packages are the words of that sentence, in order: catalog (the law),
// model (what the team wrote), check (what is missing), report (what we say).
package theriac

import (
	"context"
	"slices"

	"theriac/catalog"
	"theriac/check"
	"theriac/check/rules"
	"theriac/diag"
	"theriac/model"
)

// Options change what a check looks at.
type Options struct {
	Today   model.Date // the day on which expiries are judged
	Variant string     // check only this variant; empty checks the product and all variants
	Only    []string   // codes to keep; empty keeps all
	Skip    []string   // codes to leave out
}

// Result is a checked security file.
type Result struct {
	File     *model.File
	Catalog  *catalog.Catalog
	Findings diag.List
	Coverage []check.Row
}

// Session checks a security file again and again, as an editor does: files
// that have not changed are not read again. It is not safe for concurrent use.
type Session struct {
	loader model.Loader
}

// Check loads and checks the security file in a folder. The error is about
// the run; everything about the file is a finding.
func (s *Session) Check(ctx context.Context, dir string, o Options) (*Result, error) {
	cat := catalog.Load()
	result := &Result{Catalog: cat}
	variants := []string{o.Variant}
	for i := 0; i < len(variants); i++ {
		s.loader.Variant = variants[i]
		file, findings, err := s.loader.Load(ctx, dir)
		if err != nil {
			return nil, err
		}
		checked := check.Run(file, cat, rules.All(), o.Today)
		result.merge(append(findings, checked.Findings...), variants[i], i == 0)
		if i == 0 {
			result.File, result.Coverage = file, checked.Coverage
			if o.Variant == "" {
				for _, v := range file.Variants {
					variants = append(variants, v.ID)
				}
			}
		}
	}
	result.Findings = slices.DeleteFunc(result.Findings, func(f diag.Finding) bool {
		return len(o.Only) > 0 && !slices.Contains(o.Only, f.Code) || slices.Contains(o.Skip, f.Code)
	})
	result.Findings.Sort()
	return result, nil
}

// merge adds the findings of a variant that the product itself does not have.
func (r *Result) merge(findings diag.List, variant string, first bool) {
	if first {
		r.Findings = findings
		return
	}
	type key struct {
		code, message string
		span          diag.Span
	}
	known := map[key]bool{}
	for _, f := range r.Findings {
		f.Span.Source = nil
		known[key{f.Code, f.Message, f.Span}] = true
	}
	for _, f := range findings {
		k := key{f.Code, f.Message, f.Span}
		k.span.Source = nil
		if !known[k] {
			f.Variant = variant
			r.Findings.Add(f)
		}
	}
}
