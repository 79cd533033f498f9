package feed

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/gocsaf/csaf/v3/csaf"
)

// readAdvisory reads a document, or what can be read of one that the types refuse:
// lost hears of each part that was left out. It is nil where that is no advisory.
func readAdvisory(data []byte, lost func(why string)) *csaf.Advisory {
	advisory := new(csaf.Advisory)
	if err := json.Unmarshal(data, advisory); err != nil {
		if !json.Valid(data) {
			lost(reasonCut)
			return nil
		}
		if advisory = partsOf(data, lost); advisory == nil {
			return nil
		}
	}
	d := advisory.Document
	if d == nil || d.Tracking == nil || value(d.Tracking.ID) == "" {
		lost("not an advisory of CSAF")
		return nil
	}
	return advisory
}

func partsOf(data []byte, lost func(why string)) *csaf.Advisory {
	var parts struct {
		Document        json.RawMessage   `json:"document"`
		ProductTree     json.RawMessage   `json:"product_tree"`
		Vulnerabilities []json.RawMessage `json:"vulnerabilities"`
	}
	if err := json.Unmarshal(data, &parts); err != nil {
		lost("not an advisory of CSAF")
		return nil
	}
	advisory := &csaf.Advisory{Document: readDocument(parts.Document, lost)}
	if parts.ProductTree != nil {
		advisory.ProductTree = readTree(parts.ProductTree, lost)
	}
	for _, raw := range parts.Vulnerabilities {
		v := new(csaf.Vulnerability)
		if !members(raw, v, "vulnerability", lost) {
			v = nil // counted where records are made of it
		}
		advisory.Vulnerabilities = append(advisory.Vulnerabilities, v)
	}
	return advisory
}

func readDocument(raw json.RawMessage, lost func(string)) *csaf.Document {
	document := new(csaf.Document)
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return nil
	}
	tracking := new(csaf.Tracking)
	if members(parts["tracking"], tracking, "document.tracking", lost) {
		document.Tracking = tracking
	}
	delete(parts, "tracking")
	fill(parts, document, "document", lost)
	return document
}

func readTree(raw json.RawMessage, lost func(string)) *csaf.ProductTree {
	tree := new(csaf.ProductTree)
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		lost("product_tree of another shape")
		return nil
	}
	tree.Branches = readBranches(parts["branches"], 0, lost)
	delete(parts, "branches")
	fill(parts, tree, "product_tree", lost)
	return tree
}

// maxRepair is how deep branches are looked through for those that can be read.
const maxRepair = 32

// readBranches keeps what can be read: of a branch that cannot as a whole, the
// branches in it, and its product at least with name and id.
func readBranches(raw json.RawMessage, depth int, lost func(string)) csaf.Branches {
	var list []json.RawMessage
	if raw == nil {
		return nil
	}
	if depth > maxRepair || json.Unmarshal(raw, &list) != nil {
		lost("product_tree.branches of another shape")
		return nil
	}
	var branches csaf.Branches
	for _, element := range list {
		b := new(csaf.Branch)
		if json.Unmarshal(element, b) == nil {
			branches = append(branches, b)
			continue
		}
		var parts map[string]json.RawMessage
		if json.Unmarshal(element, &parts) != nil {
			lost("product_tree.branches of another shape")
			continue
		}
		b = &csaf.Branch{Branches: readBranches(parts["branches"], depth+1, lost)}
		if product := new(csaf.FullProductName); parts["product"] != nil && members(parts["product"], product, "product", lost) {
			b.Product = product
		}
		delete(parts, "branches")
		delete(parts, "product")
		fill(parts, b, "product_tree.branches", lost)
		branches = append(branches, b)
	}
	return branches
}

// members reads an object into a struct, without the members that are refused. It is
// false where it is no object.
func members(raw json.RawMessage, into any, where string, lost func(string)) bool {
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil || parts == nil {
		return false
	}
	fill(parts, into, where, lost)
	return true
}

// fill reads members one by one into a struct, in the order of their names; of a list
// that is refused, the elements that are not.
func fill(parts map[string]json.RawMessage, into any, where string, lost func(string)) {
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if member(name, parts[name], into) {
			continue
		}
		var list, rest []json.RawMessage
		if json.Unmarshal(parts[name], &list) != nil {
			lost(where + "." + known(name) + " of another shape")
			continue
		}
		for _, element := range list {
			if sound(name, slices.Concat([]byte("["), element, []byte("]")), into) {
				rest = append(rest, element)
			} else {
				lost(where + "." + known(name) + " of another shape")
			}
		}
		if all, err := json.Marshal(rest); err != nil || !member(name, all, into) {
			lost(where + "." + known(name) + " of another shape")
		}
	}
}

// member reads one member of an object into a struct that may have others already. A
// member that is refused leaves nothing behind.
func member(name string, value json.RawMessage, into any) bool {
	return sound(name, value, into) && json.Unmarshal(object(name, value), into) == nil
}

// sound says whether a struct of the type of like takes the member.
func sound(name string, value json.RawMessage, like any) bool {
	return json.Unmarshal(object(name, value), reflect.New(reflect.TypeOf(like).Elem()).Interface()) == nil
}

func object(name string, value json.RawMessage) []byte {
	key, err := json.Marshal(name)
	if err != nil {
		return nil // no text is refused
	}
	return slices.Concat([]byte("{"), key, []byte(":"), value, []byte("}"))
}

// known keeps reasons few: members that a hostile document invents have one name.
func known(name string) string {
	switch name {
	case "acknowledgments", "aggregate_severity", "branches", "category", "csaf_version", "current_release_date", "cve", "cwe", "discovery_date", "distribution",
		"flags", "full_product_names", "generator", "id", "ids", "initial_release_date", "involvements", "lang", "name", "notes", "product_groups", "product_id",
		"product_identification_helper", "product_status", "publisher", "references", "relationships", "release_date", "remediations", "revision_history", "scores",
		"source_lang", "status", "threats", "title", "version":
		return name
	}
	return "member"
}
