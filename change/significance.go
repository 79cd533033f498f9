package change

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"theriac/model"
	"theriac/syntax"
)

//go:embed data/*.yaml
var data embed.FS

// Criterion is a question by which a change may be significant.
type Criterion struct {
	ID string `yaml:"-"`

	Title    string   `yaml:"title" theriac:"required" doc:"what it is about"`
	MDR      string   `yaml:"mdr" doc:"clause of the catalogue for devices under the MDR"`
	IVDR     string   `yaml:"ivdr" doc:"clause of the catalogue for devices under the IVDR"`
	Source   string   `yaml:"source" doc:"document, where it is no clause of the catalogue"`
	Applies  string   `yaml:"applies" theriac:"required" doc:"when it is to be asked, which the file does not always say"`
	Asks     string   `yaml:"asks" theriac:"required" doc:"the question, in own words"`
	Signals  []string `yaml:"signals" theriac:"required" doc:"what in a difference speaks for asking it"`
	Verified string   `yaml:"verified" theriac:"required" doc:"how far the source was checked: primary, secondary, memory"`

	Against  model.Answer `yaml:"against" doc:"true when a yes speaks against significance"`
	Own      model.Answer `yaml:"own" doc:"true when it concerns the manufacturer and not the notified body"`
	Software model.Answer `yaml:"software" doc:"true when it is only asked of software that is a device"`
}

// SetKey implements syntax.Keyed.
func (c *Criterion) SetKey(key, _ *syntax.Node) { c.ID = key.Value }

// basis is the clause or document for a product.
func (c *Criterion) basis(r model.Regulation) string {
	switch {
	case r == model.IVDR && c.IVDR != "":
		return c.IVDR
	case c.MDR != "":
		return c.MDR
	}
	return c.Source
}

// criteria is the content of data/significance.yaml.
type criteria struct {
	Security []string     `yaml:"security" doc:"signals that make a change relevant for security"`
	Criteria []*Criterion `yaml:"criteria" doc:"criteria by id"`
}

var loadCriteria = sync.OnceValue(func() *criteria {
	c := &criteria{}
	read("significance.yaml", c)
	names := slices.Clone(c.Security)
	for _, one := range c.Criteria {
		names = append(names, one.Signals...)
	}
	checkSignals("significance.yaml", names)
	return c
})

// Criteria lists the criteria of significance.
func Criteria() []*Criterion { return loadCriteria().Criteria }

// read fills a value from a data file of the package, which is right or no program
// at all.
func read(name string, into any) { syntax.Embedded(data, "change", "data/"+name, into) }

func checkSignals(file string, names []string) {
	known := Signals()
	for _, s := range names {
		if !slices.Contains(known, Signal(s)) {
			panic("change: " + file + ": unknown signal " + s)
		}
	}
}

// Significance is what the difference may mean for others: a proposal with
// reasons, never a verdict.
type Significance struct {
	// Security lists why the change is relevant for security; empty when nothing
	// speaks for it.
	Security []Reason
	// Questions are the criteria that something in the difference speaks for.
	Questions []Question
	// Body says whether a device of the class has a notified body, where the class
	// tells; "" where it does.
	Body string
}

// Reason is an item that speaks for or against something.
type Reason struct{ Kind, ID, Label, Text string }

// Question is a criterion with what speaks for asking it.
type Question struct {
	*Criterion
	Basis   string
	Reasons []Reason
}

// judge collects what the criteria ask for.
func (c *Comparison) judge() Significance {
	product := c.After.File.Product
	s := Significance{Security: c.reasons(loadCriteria().Security)}
	if len(s.Security) == 0 && len(c.Items) == 0 {
		return s
	}
	s.Body = bodyNeeded(product)
	for _, one := range Criteria() {
		if one.Software == model.Yes && product.Facts.IsSoftware == model.No || s.Body != "" && one.Own != model.Yes && strings.Contains(one.ID, "annex-ix") {
			continue
		}
		if reasons := c.reasons(one.Signals); len(reasons) > 0 {
			s.Questions = append(s.Questions, Question{one, one.basis(product.Regulation), reasons})
		}
	}
	return s
}

// bodyNeeded says why Annex IX is not asked about, or "".
func bodyNeeded(p *model.Product) string {
	switch p.Class {
	case "I":
		return "a device of class I that is neither sterile nor measuring nor reusable surgical has no notified body"
	case "A":
		return "a device of class A has a notified body only where it is sterile"
	}
	return ""
}

// reasons are the items that give one of the signals, each entity once.
func (c *Comparison) reasons(signals []string) []Reason {
	var found []Reason
	for _, i := range c.Items {
		gives := slices.ContainsFunc(i.Signals, func(s Signal) bool { return slices.Contains(signals, string(s)) })
		known := slices.ContainsFunc(found, func(r Reason) bool { return r.Kind == i.Kind && r.ID == i.ID })
		if gives && !known {
			found = append(found, Reason{i.Kind, i.ID, i.Label(), i.Text})
		}
	}
	return found
}

// Summary counts the changes by kind, in the order of the language: "interfaces 1
// added, 2 changed".
func (c *Comparison) Summary() []string {
	var parts []string
	for _, k := range model.Kinds() {
		count := map[Status]int{}
		for _, one := range c.Changes {
			if one.Kind == k {
				count[one.Status()]++
			}
		}
		var words []string
		for _, s := range []Status{Added, Removed, Renamed, Changed} {
			if count[s] > 0 {
				words = append(words, fmt.Sprintf("%d %s", count[s], s))
			}
		}
		if len(words) > 0 && k.Single {
			parts = append(parts, strings.ReplaceAll(k.Name+" "+words[0], " 1 ", " "))
		} else if len(words) > 0 {
			parts = append(parts, k.Name+" "+strings.Join(words, ", "))
		}
	}
	return parts
}
