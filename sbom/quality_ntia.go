package sbom

import "time"

// ntiaPlace is where the NTIA lists its data fields.
const ntiaPlace = "NTIA, The Minimum Elements For a Software Bill of Materials (2021), Data Fields: "

// ntiaChecks are the data fields of the NTIA.
func ntiaChecks() []check {
	field := func(name, remedy string) Element {
		return Element{Scheme: NTIA, Name: name, Reference: ntiaPlace + name, Secondary: true, Remedy: remedy}
	}
	return []check{
		{Element: field("Author of SBOM Data", "name who made the list"), document: func(q *judging) string {
			if anyStated(q.bom.Authors...) {
				return ""
			}
			return "nobody is named as author of the list"
		}},
		{Element: field("Timestamp", "state when the list was made, as RFC 3339 writes it"), document: timestamp},
		{Element: field("Supplier Name", "name who supplies the component"), component: stated("the supplier", func(c *Component) string {
			if isStated(c.Supplier) {
				return c.Supplier
			}
			return c.Manufacturer
		})},
		{Element: field("Component Name", "give the component a name"), component: stated("the name", func(c *Component) string { return c.Name })},
		{Element: field("Version of the Component", "state the version, or the revision that was taken"), component: stated("the version", func(c *Component) string { return c.Version })},
		{Element: field("Other Unique Identifiers", "add a package URL or a CPE"), component: identified},
		{Element: field("Dependency Relationship", "state what the component depends on or is part of, if only that it depends on nothing"), component: related},
	}
}

func timestamp(q *judging) string {
	switch _, err := time.Parse(time.RFC3339, q.bom.Created); {
	case q.bom.Created == "":
		return "it is not stated when the list was made"
	case err != nil:
		return "the time at which the list was made is not in the form of RFC 3339"
	}
	return ""
}

func identified(_ *judging, c *Component) string {
	if isStated(c.PURL) || anyStated(c.CPEs...) {
		return ""
	}
	return "there is neither a package URL nor a CPE"
}

// related finds a component that is neither part of something nor in a relation:
// one that others depend on is in one, and so is one of which it is said that it
// depends on nothing.
func related(q *judging, c *Component) string {
	if c.Parent >= 0 && c != q.bom.Subject || q.relations()[c.Ref] {
		return ""
	}
	return "no relation to any other component is stated"
}

// relations are the Refs that stand in a relation.
func (q *judging) relations() map[string]bool {
	if q.related != nil {
		return q.related
	}
	q.related = map[string]bool{}
	for from, on := range q.bom.Depends {
		q.related[from] = true
		for _, to := range on {
			q.related[to] = true
		}
	}
	for i := range q.bom.Components {
		if p := q.bom.Components[i].Parent; p >= 0 && p < len(q.bom.Components) {
			q.related[q.bom.Components[p].Ref] = true
		}
	}
	delete(q.related, "")
	return q.related
}
