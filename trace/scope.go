package trace

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"theriac/model"
)

// RestsOn is the field of a link from a document or a test to a whole kind of
// entities: its target is the name of the kind, and nobody states the link. What
// describes all interfaces is out of date as soon as there is another one.
const RestsOn = "rests-on"

// aims is the field of a threat that names what it aims at.
const aims = "targets"

// architecture is what a picture of the device shows.
var architecture = []string{"zones", "boundaries", "components", "stores", "actors", "interfaces", "flows", "assets"}

// documentScopes are the kinds of entities that documents describe as a whole. The
// table is practice, not law: what a document contains is for its authors. It
// leaves out types that nothing in a security file determines.
var documentScopes = map[model.DocumentType][]string{
	"ifu":                      {"product", "interfaces", "roles", "environment", "update-policy", "logging"},
	"security-guide":           {"interfaces", "roles", "permissions", "environment", "update-policy", "logging"},
	"device-description":       {"product", "variants", "components", "interfaces"},
	"gspr-checklist":           {"product", "not-applicable"},
	"risk-plan":                {"policy"},
	"security-risk-report":     {"situations", "harms", "threats", "risks", "controls"},
	"safety-risk-file":         {"hazards", "situations", "harms"},
	"threat-model":             append(slices.Clone(architecture), "product", "roles", "permissions", "keys", "threats"),
	"security-architecture":    append(slices.Clone(architecture), "roles", "permissions", "keys", "controls", "update-policy", "logging"),
	"requirements":             {"controls", "requirements"},
	"verification-plan":        {"interfaces", "requirements"},
	"verification-report":      {"verifications"},
	"penetration-test-report":  {"interfaces"},
	"sbom":                     {"components"},
	"development-plan":         {"processes"},
	"vulnerability-plan":       {"vulnerability-handling"},
	"pms-plan":                 {"post-market"},
	"update-instructions":      {"update-policy"},
	"mds2":                     {"interfaces", "stores", "roles", "keys", "update-policy", "logging", "vulnerability-handling"},
	"privacy-assessment":       {"assets", "stores", "flows"},
	"responsibility-agreement": {"environment"},
}

// DocumentScope lists the kinds of entities that a type of document describes as
// a whole.
func DocumentScope(t model.DocumentType) []string { return documentScopes[t] }

// testScopes are the kinds of entities that a test by one of these methods looks
// at as a whole.
var testScopes = map[model.Method][]string{
	"penetration-test": {"interfaces"}, "vulnerability-scan": {"components"}, "composition-analysis": {"components"},
	"configuration-scan": {"interfaces", "components"},
}

// Scope lists the kinds of entities on which something rests as a whole.
// Documents and tests that are only planned rest on nothing yet.
func Scope(e model.Entity) []string {
	switch e := e.(type) {
	case *model.Document:
		if e.Status != "planned" {
			return documentScopes[e.Type]
		}
	case *model.Verification:
		if e.Result != "planned" {
			return testScopes[e.Method]
		}
	}
	return nil
}

// digests computes digests of link targets, each once.
type digests struct {
	file     *model.File
	entities map[model.Entity]string
	aims     map[model.Entity]string
	kinds    map[string]string
}

func newDigests(file *model.File) *digests {
	return &digests{file, map[model.Entity]string{}, map[model.Entity]string{}, map[string]string{}}
}

// of is the digest of an entity as a link sees it. What a component offers and
// holds is stated elsewhere and belongs to it all the same.
func (d *digests) of(e model.Entity) string {
	if have := d.entities[e]; have != "" {
		return have
	}
	own := model.Digest(e)
	if c, ok := e.(*model.Component); ok {
		var ids []string
		for _, u := range parts(c) {
			ids = append(ids, model.Of(u).ID)
		}
		if len(ids) > 0 {
			slices.Sort(ids)
			own = sum(append([]string{own}, ids...))
		}
	}
	d.entities[e] = own
	return own
}

// aim is the digest of an element as the link of a threat to its target sees it:
// with what decides whether the threat matters there.
func (d *digests) aim(e model.Entity) string {
	if have := d.aims[e]; have != "" {
		return have
	}
	digest := d.of(e)
	var around []string
	for _, g := range surroundings(e) {
		around = append(around, g.Says)
	}
	if len(around) > 0 {
		slices.Sort(around)
		digest = sum(append([]string{digest}, slices.Compact(around)...))
	}
	d.aims[e] = digest
	return digest
}

// target is the digest of what a link leads to.
func (d *digests) target(field, name string, to model.Entity) string {
	switch field {
	case RestsOn:
		return d.ofKind(name)
	case aims:
		return d.aim(to)
	}
	return d.of(to)
}

// ofKind is the digest of all entities of a kind.
func (d *digests) ofKind(name string) string {
	if have := d.kinds[name]; have != "" {
		return have
	}
	var all []string
	for e := range d.file.Of(model.KindOf(name)) {
		all = append(all, model.Digest(e))
	}
	slices.Sort(all)
	d.kinds[name] = sum(all)
	return d.kinds[name]
}

// sum is the digest of a sequence of texts, written as docs/formats/reviews.md
// says.
func sum(texts []string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s,", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
