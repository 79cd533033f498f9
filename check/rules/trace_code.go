package rules

import (
	"context"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/trace"
)

// designClauses ask for design information that lets the reader understand what
// was built.
var designClauses = []string{"mdr.annex-ii.3", "ivdr.annex-ii.3"}

// coded is a device whose source code lies beside its security file.
const coded = `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
  source-code: [src]
-- src/lock.c --
#include "screen.h"

/* theriac:screen-timer */
static int idle_seconds;

int lock_screen(void)
{
	return screen_off();
}
-- src/screen.conf --
timeout=300
`

var _ = add(check.Rule{
	Code: "T2203", Severity: diag.Error,
	Title:   "code reference that leads nowhere",
	Clauses: designClauses,
	Why:     "the documents would send the reader to code that is not there, as happens when code moves and the reference stays",
	Fix: "correct the path (relative to a folder of product.source-code), the name, the line or the tag; a symbol or a tag outlives more changes than a line. " +
		"The tag #req-7 is written in the source code as theriac:req-7, in one place",
	Bad: coded + `
-- requirements.yaml --
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after 5 minutes without input.
    code:
      - lock.c#lock_screen
      - lock.c#lock_keypad # want T2203
      - timer.c:12 # want T2203
      - "#screen-time" # want T2203
      - lock.c:start # want T2203
      - lock.c:100 # want T2203
`,
	Good: coded + `
-- requirements.yaml --
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after 5 minutes without input.
    code: [lock.c#lock_screen, "#screen-timer", "lock.c:4", screen.conf]
`,
	Run: func(p *check.Pass) {
		if p.File.Variant() != "" {
			return // the code is that of the product
		}
		report, err := trace.ResolveCode(context.Background(), p.File)
		if err != nil {
			return // T2205 speaks
		}
		absent := len(report.Folders) > 0 || len(p.File.Product.SourceCode) == 0
		for _, r := range report.References {
			switch {
			case r.Status == trace.CodeFound:
			case absent && r.Status != trace.CodeMalformed:
				// T2204 or T2205 speaks; what was not found may be there.
			default:
				unresolved(p, r)
			}
		}
	},
})

// unresolved reports a code reference that leads nowhere.
func unresolved(p *check.Pass, r trace.Resolution) {
	ref, _ := trace.ParseCode(r.Text)
	report := func(format string, args ...any) *check.Finding {
		return p.Report(r.Entity, r.At, model.Label(r.Entity)+": "+format, args...)
	}
	switch r.Status {
	case trace.CodeMalformed:
		report("%q is no code reference: %s", r.Text, r.Why)
	case trace.CodeNoFile:
		report("no file %s in the source code", ref.Path)
	case trace.CodeUnreadable:
		report("%s is not a source file: it is binary, too large, or cannot be read", ref.Path)
	case trace.CodeNoSymbol:
		report("%s declares no %s", ref.Path, strings.Join(ref.Symbol, "."))
	case trace.CodeBeyondEnd:
		report("%s has no line %d", ref.Path, ref.Line)
	case trace.CodeNoTag:
		report("no %s%s in the source code", trace.TagPrefix, ref.Tag)
	case trace.CodeAmbiguous:
		var places []string
		for _, at := range r.Places {
			places = append(places, at.String())
		}
		report("%q may mean %s", r.Text, strings.Join(places, " or ")).Fix("let the reference lead to one place: name another tag, or a path that only one folder has")
	case trace.CodeUnsearched:
		report("%s%s was not found in as much of the source code as is searched", trace.TagPrefix, ref.Tag).
			Fix("name the folders of the device's own code under product.source-code, without generated files and foreign code")
	}
}

var _ = add(check.Rule{
	Code: "T2204", Severity: diag.Open,
	Title:   "code references without source code to look in",
	Clauses: designClauses,
	Why:     "references to code that cannot be followed are claims that nobody can check, and go stale unseen",
	Fix:     "name the folders of the source code under product.source-code, relative to the folder of theriac.yaml; with " + model.WorkspaceFile + " in a folder above they may lie beside it",
	Bad: `
-- theriac.yaml --
product: # want T2204
  name: Example device
  regulation: MDR
  class: IIb
requirements:
  rq-lock:
    title: Screen lock
    code: [lock.c#lock_screen]
-- src/lock.c --
int lock_screen(void);
`,
	Good: `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
  source-code: [src]
requirements:
  rq-lock:
    title: Screen lock
    code: [lock.c#lock_screen]
-- src/lock.c --
int lock_screen(void);
`,
	Run: func(p *check.Pass) {
		if p.File.Variant() != "" || len(p.File.Product.SourceCode) > 0 || p.File.Flawed(p.File.Product, "source-code") {
			return
		}
		var naming []model.Entity
		p.File.All(func(e model.Entity) {
			if len(trace.CodeOf(e)) > 0 {
				naming = append(naming, e)
			}
		})
		if len(naming) == 0 {
			return
		}
		entities := "entities name"
		if len(naming) == 1 {
			entities = "entity names"
		}
		p.Report(p.File.Product, "", "%d %s code, but product.source-code names no folder", len(naming), entities).Relate(naming[0], "code.0", "named here")
	},
})

var _ = add(check.Rule{
	Code: "T2205", Severity: diag.Error,
	Title:   "folder of source code that cannot be used",
	Clauses: designClauses,
	Why:     "references into a folder that is not there cannot be checked, and a folder outside the workspace is not the same on each computer",
	Fix:     "correct the path; it counts from the folder of theriac.yaml. Put an empty file " + model.WorkspaceFile + " into the folder that holds both the security file and the source code",
	Bad: `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
  source-code:
    - src
    - firmware # want T2205
    - ../firmware # want T2205
    - /usr/src # want T2205
-- src/lock.c --
int lock_screen(void);
`,
	Good: `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
  source-code: [src]
-- src/lock.c --
int lock_screen(void);
`,
	Run: func(p *check.Pass) {
		if p.File.Variant() != "" {
			return
		}
		faults, err := trace.SourceFaults(p.File)
		if err != nil {
			p.Report(p.File.Product, "source-code", "the folder of the security file cannot be read to find the source code")
		}
		for _, f := range faults {
			p.Report(p.File.Product, f.At, "folder of source code %q %s", f.Path, f.Problem)
		}
	},
})
