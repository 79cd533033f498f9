package threat

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"theriac/diag"
	"theriac/expr"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/syntax"
)

//go:embed data/*.yaml
var data embed.FS

// Group is one data file of patterns: a protocol, a medium, a part of the life of
// a device.
type Group struct {
	Title    string     `yaml:"group" theriac:"required" doc:"what the patterns are about"`
	Patterns []*Pattern `yaml:"patterns" doc:"patterns by id"`
}

// Pattern is a way in which things go wrong, wherever its condition holds.
type Pattern struct {
	ID    string `yaml:"-"`
	Group *Group `yaml:"-"`

	Title    string               `yaml:"title" theriac:"required" doc:"the threat, as a short statement"`
	On       string               `yaml:"on" theriac:"required" doc:"kind of element, in the singular, for example interface"`
	Category model.ThreatCategory `yaml:"category" theriac:"required" doc:"STRIDE category, misuse or environment"`
	When     string               `yaml:"when" doc:"condition over the element; a base question without one never arises"`
	// Otherwise makes a base pattern: a STRIDE question that is asked of every
	// element of the kind.
	Otherwise    string             `yaml:"otherwise" doc:"why the question does not arise where the condition does not hold"`
	How          string             `yaml:"how" doc:"what would happen, in one or two sentences"`
	Agent        string             `yaml:"agent" doc:"who or what could do it"`
	Contents     []model.Content    `yaml:"contents" doc:"what the data at stake are about; empty for all of the element"`
	Effects      []model.Effect     `yaml:"effects" doc:"what it can touch: therapy, result, alarm, availability-of-care, privacy, security"`
	Capabilities []model.Capability `yaml:"capabilities" doc:"security capabilities of MDCG 2019-16 3.3 that usually help"`
	Controls     string             `yaml:"controls" doc:"what usually helps"`
	References   []string           `yaml:"references" doc:"CWE, CAPEC, ATT&CK for ICS and EMB3D ids; names in references.yaml"`
	// Fires and Silent are elements on which it does and does not fire, among
	// the surroundings of testdata/hospital.yaml.
	Fires  string `yaml:"fires" doc:"fields of an element on which it fires"`
	Silent string `yaml:"silent" doc:"fields of an element on which it does not"`

	condition expr.Expr
	kind      *model.Kind
}

// SetKey implements syntax.Keyed.
func (p *Pattern) SetKey(key, _ *syntax.Node) { p.ID = key.Value }

// Base reports whether the pattern is one of the STRIDE questions that every
// element is asked.
func (p *Pattern) Base() bool { return p.Otherwise != "" }

// Condition is what must hold for the pattern to fire.
func (p *Pattern) Condition() expr.Expr { return p.condition }

// eval is the truth of the condition for an element. A pattern fires unless it is
// known not to: what the file leaves unsaid counts as if it held.
func (p *Pattern) eval(facts expr.Facts) expr.Truth {
	if !p.Arises() {
		return expr.False
	}
	return p.condition.Eval(facts)
}

// Arises reports whether the pattern can fire at all. Some base questions arise
// for no element of their kind.
func (p *Pattern) Arises() bool { return p.When != "" }

// answeredBy reports whether a threat with the right target is meant for the
// pattern. That a special threat does not apply, named by its patterns, is no
// reason why no other of the category should.
func (p *Pattern) answeredBy(t *model.Threat) bool {
	if slices.Contains(t.Patterns, p.ID) {
		return true
	}
	special := t.NotApplicable != "" && len(t.Patterns) > 0
	return p.Base() && t.Category == p.Category && !special
}

// library is what the data files hold.
type library struct {
	groups   []*Group
	patterns map[string]*Pattern
	ids      []string
	byKind   map[*model.Kind][]*Pattern // base questions last
	findings diag.List
}

var loaded = sync.OnceValue(func() *library {
	l := read()
	if len(l.findings) > 0 {
		panic("threat: faulty data: " + l.findings[0].Message)
	}
	return l
})

// Groups lists the patterns by group.
func Groups() []*Group { return loaded().groups }

// Find returns the pattern with the id, or nil.
func Find(id string) *Pattern { return loaded().patterns[id] }

// Nearest returns the id of the pattern that was probably meant, or "".
func Nearest(id string) string { return diag.Suggest(id, loaded().ids) }

func patternsFor(e model.Element) []*Pattern { return loaded().byKind[model.Of(e).Kind()] }

// read loads the data files.
func read() *library {
	l := &library{patterns: map[string]*Pattern{}, byKind: map[*model.Kind][]*Pattern{}}
	entries, err := data.ReadDir("data")
	if err != nil {
		panic(err) // embedded
	}
	for _, entry := range entries {
		if entry.Name() == "references.yaml" || entry.Name() == "protocols.yaml" {
			continue
		}
		text, err := data.ReadFile("data/" + entry.Name())
		if err != nil {
			panic(err) // embedded
		}
		l.enter(entry.Name(), text)
	}
	for _, list := range l.byKind {
		slices.SortStableFunc(list, func(a, b *Pattern) int {
			switch {
			case a.Base() == b.Base():
				return 0
			case a.Base():
				return 1
			}
			return -1
		})
	}
	slices.Sort(l.ids)
	return l
}

// patternID is the form of ids. A dot is left out, since it separates pattern
// and element in the id of a derived threat.
var patternID = lazyregexp.New(`^[a-z][a-z0-9-]{2,39}$`)

func (l *library) enter(name string, text []byte) {
	root, _, findings := syntax.Parse("threat/data/"+name, text)
	l.findings = append(l.findings, findings...)
	group := &Group{}
	var d syntax.Decoder
	d.Decode(root, group)
	l.findings = append(l.findings, d.Findings...)
	l.groups = append(l.groups, group)
	for _, p := range group.Patterns {
		if err := l.add(group, p); err != nil {
			l.findings.Add(diag.Finding{Severity: diag.Error, Message: fmt.Sprintf("%s: %s: %v", name, p.ID, err)})
		}
	}
}

func (l *library) add(group *Group, p *Pattern) error {
	p.Group = group
	for _, k := range model.Kinds() {
		if k.Singular == p.On {
			p.kind = k
		}
	}
	vocabulary := VocabularyOf(p.On)
	switch {
	case p.kind == nil || vocabulary == nil:
		return fmt.Errorf("no kind of element %q", p.On)
	case !patternID.MatchString(p.ID):
		return fmt.Errorf("malformed id")
	case l.patterns[p.ID] != nil:
		return fmt.Errorf("id is used twice")
	case !p.Arises() && !p.Base():
		return fmt.Errorf("no condition")
	case p.Arises() && (p.How == "" || p.Controls == "" || p.Fires == "" || p.Silent == "" && !p.Base()):
		return fmt.Errorf("how, controls, fires or silent is missing")
	}
	condition, err := expr.Parse(p.When, vocabulary)
	if err != nil {
		return err
	}
	p.condition = condition
	p.How, p.Controls, p.Otherwise = oneLine(p.How), oneLine(p.Controls), oneLine(p.Otherwise)
	l.patterns[p.ID] = p
	l.ids = append(l.ids, p.ID)
	l.byKind[p.kind] = append(l.byKind[p.kind], p)
	return nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Stride are the six categories of the base questions.
var Stride = []model.ThreatCategory{"spoofing", "tampering", "repudiation", "disclosure", "denial-of-service", "elevation-of-privilege"}

// References maps the ids of weaknesses, attack patterns and techniques that
// patterns may name to their names.
var References = sync.OnceValue(func() map[string]string {
	text, err := data.ReadFile("data/references.yaml")
	if err != nil {
		panic(err) // embedded
	}
	root, _, findings := syntax.Parse("threat/data/references.yaml", text)
	if len(findings) > 0 {
		panic("threat: faulty data: " + findings[0].Message)
	}
	names := map[string]string{}
	for i := range root.Len() {
		_, list := root.Entry(i)
		for j := range list.Len() {
			id, name := list.Entry(j)
			names[id.Value] = name.Value
		}
	}
	return names
})
