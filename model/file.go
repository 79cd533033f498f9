package model

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// File is a security file: everything the team says about its product, linked.
// Slices keep source order (files by path, entities by place).
type File struct {
	Product *Product `yaml:"product" doc:"the device; only in theriac.yaml"`

	Imports  []*Import  `yaml:"imports" doc:"shared libraries; only in theriac.yaml"`
	Variants []*Variant `yaml:"variants" doc:"variants of the product"`
	Ignore   []string   `yaml:"ignore" doc:"files in the folder that do not belong to the security file, as patterns; only in theriac.yaml"`

	Zones      []*Zone      `yaml:"zones" doc:"zones of trust"`
	Boundaries []*Boundary  `yaml:"boundaries" doc:"trust boundaries between zones"`
	Components []*Component `yaml:"components" doc:"hardware, firmware, software, SOUP, cloud and mobile parts"`
	Stores     []*Store     `yaml:"stores" doc:"places where data rest"`
	Actors     []*Actor     `yaml:"actors" doc:"people and systems outside"`
	Interfaces []*Interface `yaml:"interfaces" doc:"places where the device can be reached"`
	Flows      []*Flow      `yaml:"flows" doc:"data that move"`
	Assets     []*Asset     `yaml:"assets" doc:"what deserves protection"`

	Roles       []*Role       `yaml:"roles" doc:"who may do what"`
	Permissions []*Permission `yaml:"permissions" doc:"rights that roles have"`
	Keys        []*Key        `yaml:"keys" doc:"keys, certificates and machine credentials"`

	Hazards      []*Hazard      `yaml:"hazards" doc:"hazards of the safety file"`
	Situations   []*Situation   `yaml:"situations" doc:"hazardous situations of the safety file"`
	Harms        []*Harm        `yaml:"harms" doc:"harms with their severity"`
	Threats      []*Threat      `yaml:"threats" doc:"what may go wrong"`
	Risks        []*Risk        `yaml:"risks" doc:"security risks before and after controls"`
	Controls     []*Control     `yaml:"controls" doc:"measures that lower risk"`
	Requirements []*Requirement `yaml:"requirements" doc:"security requirements"`

	Verifications []*Verification `yaml:"verifications" doc:"tests, analyses and reviews"`
	Releases      []*Release      `yaml:"releases" doc:"versions of the product's software"`
	Deployments   []*Deployment   `yaml:"deployments" doc:"what became of releases in the field"`
	Signers       []*Signer       `yaml:"signers" doc:"roster of people and machines whose signatures count"`

	Processes             []*Process             `yaml:"processes" doc:"the eight secure-development practices"`
	VulnerabilityHandling *VulnerabilityHandling `yaml:"vulnerability-handling" doc:"how weaknesses are handled after release"`
	PostMarket            *PostMarket            `yaml:"post-market" doc:"post-market surveillance and vigilance"`
	Decisions             []*Decision            `yaml:"decisions" doc:"what was decided about vulnerabilities of components (VEX)"`
	Cases                 []*Case                `yaml:"cases" doc:"vulnerabilities and incidents that are being handled, with their time limits"`

	Environment  []*EnvironmentRequirement `yaml:"environment" doc:"requirements on the operating environment"`
	UpdatePolicy *UpdatePolicy             `yaml:"update-policy" doc:"how updates reach the device"`
	Logging      *Logging                  `yaml:"logging" doc:"security event records"`
	Documents    []*Document               `yaml:"documents" doc:"technical documentation and user documents"`
	Approvals    []*Approval               `yaml:"approvals" doc:"who approved which documents"`
	Policy       *Policy                   `yaml:"policy" doc:"the manufacturer's own limits"`
	Publication  *Publication              `yaml:"publication" doc:"how the generated documents look and read"`

	NotApplicable []*NotApplicable `yaml:"not-applicable" doc:"clauses that do not apply, with the reason"`
	Waivers       []*Waiver        `yaml:"waivers" doc:"findings that may stand for a while"`

	origin     origin
	variant    string
	entities   map[string]Entity
	flaws      map[Entity][]string // paths of fields with a finding about their references
	elsewhere  map[string]bool     // ids that exist in another variant alone
	incomplete bool
}

// Lookup returns the entity with the id, or nil.
func (f *File) Lookup(id string) Entity { return f.entities[id] }

// Elsewhere reports whether an id that is not known here is that of an entity of
// another variant.
func (f *File) Elsewhere(id string) bool { return f.elsewhere[id] }

// Variant is the id of the variant that was loaded, or "" for the product
// itself.
func (f *File) Variant() string { return f.variant }

// Incomplete reports whether part of the text could not be read, so that the
// absence of something proves nothing.
func (f *File) Incomplete() bool { return f.incomplete }

// Flawed reports whether a field of an entity has a finding about its form or
// its references, or contains or is inside one that has. The field is a path of
// names and list indices joined by dots; which item of a list it is does not
// count.
func (f *File) Flawed(e Entity, field string) bool {
	flaws, links := e.base().flaws, f.flaws[e]
	if len(flaws)+len(links) == 0 {
		return false
	}
	path := slices.DeleteFunc(strings.Split(field, "."), func(step string) bool {
		_, err := strconv.Atoi(step)
		return err == nil
	})
	field = strings.Join(path, ".") + "."
	touches := func(flaw string) bool {
		return flaw == "" || strings.HasPrefix(field, flaw+".") || strings.HasPrefix(flaw+".", field)
	}
	return slices.ContainsFunc(flaws, touches) || slices.ContainsFunc(links, touches)
}

// Faulty reports whether any field of an entity has a finding about its form or
// its references.
func (f *File) Faulty(e Entity) bool { return len(e.base().flaws)+len(f.flaws[e]) > 0 }

// Of yields the entities of one kind in source order.
func (f *File) Of(k *Kind) iter.Seq[Entity] { return entitiesOf(f, k) }

// Fullest is the path of the file that holds most entities of some kinds, without
// those of libraries; the first by name of several, "" when there are none.
func (f *File) Fullest(kinds ...*Kind) string {
	count, best := map[string]int{}, ""
	for _, k := range kinds {
		for e := range f.Of(k) {
			if b := e.base(); b.from == "" {
				count[b.Here().Path()]++
			}
		}
	}
	for path, n := range count {
		if n > count[best] || n == count[best] && path < best {
			best = path
		}
	}
	return best
}

// All calls visit for each entity, kind by kind in source order.
func (f *File) All(visit func(Entity)) {
	for _, k := range kinds {
		for e := range entitiesOf(f, k) {
			visit(e)
		}
	}
}
