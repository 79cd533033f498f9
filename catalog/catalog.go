// Package catalog is the law as data: clauses of regulations, guidance and
// standards, each with its exact place, our own paraphrase, when it applies,
// what answers it, and how far it was checked.
//
// # Format
//
// data/<source>.yaml holds one Source. Entry ids start with the source's name
// for it and are unique in the whole catalogue: mdr.annex-i.17.2, mdcg.3.3.
// data/tables.yaml holds the tables (PSUR cycles, vigilance deadlines ...).
//
// # Values
//
// Verified says how the entry was checked: primary (against the text of the
// act or document), secondary (against published descriptions), memory (not
// checked; treat as a lead). Paraphrases are ours and must not be quoted as
// the legal text.
//
// # Errors
//
// The data are part of the program: Load panics on a fault in them, and the
// package's tests find it first.
//
// # Sources
//
// Named in each data file.
package catalog

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"theriac/diag"
	"theriac/expr"
	"theriac/internal/lazyregexp"
	"theriac/syntax"
)

//go:embed data/*.yaml
var data embed.FS

// Catalog is all sources and tables.
type Catalog struct {
	Sources []*Source
	Tables  Tables
	entries map[string]*Entry
}

// SetKey implements syntax.Keyed.
func (e *Entry) SetKey(key, _ *syntax.Node) { e.ID = key.Value }

// Entry returns the entry with an id, or nil.
func (c *Catalog) Entry(id string) *Entry { return c.entries[id] }

// IDs lists all entry ids in order.
func (c *Catalog) IDs() []string {
	ids := make([]string, 0, len(c.entries))
	for id := range c.entries {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Condition is the expression under which the entry applies, that of its
// source included.
func (e *Entry) Condition() expr.Expr { return e.condition }

// Annex I on the information supplied with the device: which particulars are
// needed depends on the device, although the clauses carry no condition.
var information = []string{"mdr.annex-i.23.", "ivdr.annex-i.20."}

// BindsAll reports whether the entry is a duty without condition under one of
// the two regulations, so that no property of a device could take it away and a
// statement that it does not apply is void.
func (e *Entry) BindsAll() bool {
	act := e.Source.ID == "mdr" || e.Source.ID == "ivdr"
	particular := slices.ContainsFunc(information, func(prefix string) bool { return strings.HasPrefix(e.ID, prefix) })
	return act && e.Role == Direct && e.Applies == "" && !particular
}

var load = sync.OnceValues(func() (*Catalog, diag.List) { return read(data, "data") })

// Load returns the catalogue.
func Load() *Catalog {
	c, findings := load()
	if len(findings) > 0 {
		f := findings[0]
		panic(fmt.Sprintf("catalogue: %s: %s (%s)", f.Span, f.Message, f.Help))
	}
	return c
}

var idForm = lazyregexp.New(`^[a-z0-9][a-z0-9.-]*$`)

// read loads and checks all data files of a folder.
func read(files embed.FS, dir string) (*Catalog, diag.List) {
	c := &Catalog{entries: map[string]*Entry{}}
	names, err := files.ReadDir(dir)
	if err != nil {
		panic(err) // the folder is embedded
	}
	parts := make([]part, len(names))
	var group sync.WaitGroup
	for i, d := range names {
		group.Go(func() {
			text, err := files.ReadFile(path.Join(dir, d.Name()))
			if err != nil {
				panic(err)
			}
			parts[i] = readPart(d.Name(), text)
		})
	}
	group.Wait()
	var findings diag.List
	for _, p := range parts {
		findings = append(findings, p.findings...)
		if p.tables != nil {
			c.Tables = *p.tables
		}
		if p.source != nil {
			c.Sources = append(c.Sources, p.source)
			findings = append(findings, c.enter(p)...)
		}
	}
	slices.SortStableFunc(c.Sources, func(a, b *Source) int { return sourceOrder(a) - sourceOrder(b) })
	return c, append(findings, c.crossCheck()...)
}

// part is one data file.
type part struct {
	name     string
	source   *Source
	tables   *Tables
	root     *syntax.Node
	findings diag.List
}

func readPart(name string, text []byte) part {
	p := part{name: name}
	p.root, _, p.findings = syntax.Parse("catalog/data/"+name, text)
	var d syntax.Decoder
	if name == "tables.yaml" {
		p.tables = &Tables{}
		d.Decode(p.root, p.tables)
	} else {
		p.source = &Source{}
		d.Decode(p.root, p.source)
	}
	p.findings = append(p.findings, d.Findings...)
	return p
}

// sourceOrder puts the two acts first, then other law, guidance and standards.
func sourceOrder(s *Source) int {
	if i := slices.Index([]string{"mdr", "ivdr"}, s.ID); i >= 0 {
		return i - 2
	}
	return slices.IndexFunc(Kind("").Values(), func(v Value) bool { return v.Name == string(s.Kind) })
}

// enter indexes the entries of a source and parses their expressions.
func (c *Catalog) enter(p part) diag.List {
	var findings diag.List
	fault := func(id, message string) {
		key, _ := p.root.Get("entries")
		if _, entries := p.root.Get("entries"); entries != nil {
			if k, _ := entries.Get(id); k != nil {
				key = k
			}
		}
		findings.Add(diag.Finding{Severity: diag.Error, Span: key.Span(), Message: id + ": " + message})
	}
	for _, e := range p.source.Entries {
		e.Source = p.source
		if !idForm.MatchString(e.ID) {
			fault(e.ID, "malformed id")
		}
		if c.entries[e.ID] != nil {
			fault(e.ID, "id is used twice")
		}
		c.entries[e.ID] = e
		own, err := ParseCondition(e.Applies)
		if err != nil {
			fault(e.ID, err.Error())
		}
		all, err := ParseCondition(p.source.Applies)
		if err != nil {
			fault(e.ID, err.Error())
		}
		e.condition = expr.Join(all, own)
		if e.Role != Context && len(e.AnsweredBy) == 0 {
			fault(e.ID, "nothing answers it")
		}
	}
	return findings
}

// crossCheck resolves the references between entries.
func (c *Catalog) crossCheck() diag.List {
	var findings diag.List
	for _, s := range c.Sources {
		for _, e := range s.Entries {
			for _, id := range append(slices.Clone(e.See), e.Parallel) {
				if id != "" && c.entries[id] == nil {
					findings.Add(diag.Finding{Severity: diag.Error, Message: e.ID + ": no entry " + id})
				}
			}
		}
	}
	return findings
}

// Nearest returns the entry id nearest to a misspelt one, or "".
func (c *Catalog) Nearest(id string) string { return diag.Suggest(strings.ToLower(id), c.IDs()) }

// Value is one value of an enumeration with its meaning.
type Value struct{ Name, Doc string }

// Kind sorts sources.
type Kind string

// Values lists the kinds in the order in which readers expect them.
func (Kind) Values() []Value {
	return []Value{
		{"law", "binding"}, {"guidance", "endorsed by authorities, not binding"},
		{"questionnaire", "what notified bodies ask"}, {"state-of-the-art", "what is expected beyond law and guidance"},
		{"standard", "voluntary unless claimed"},
	}
}

// Role says what an entry is for.
type Role string

// The roles.
const (
	Direct     Role = "direct"
	Supporting Role = "supporting"
	Context    Role = "context"
)

// Values lists the roles.
func (Role) Values() []Value {
	return []Value{
		{"direct", "names security or must be served by the security process"},
		{"supporting", "security work contributes to it"},
		{"context", "for orientation; asks nothing of the security file"},
	}
}

// Verified says how an entry was checked.
type Verified string

// Values lists the degrees.
func (Verified) Values() []Value {
	return []Value{
		{"primary", "read in the text itself"}, {"secondary", "taken from published descriptions"},
		{"memory", "not checked in any text at hand"},
	}
}
