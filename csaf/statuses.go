package csaf

// statusTests are about what holds for which product (CSAF 2.0 sections 6.1.6,
// 6.1.29, 6.1.32, 6.1.33).
var statusTests = []Test{
	{"6.1.6", "no product has two states that contradict each other", Mandatory, contradictingStatus},
	{"6.1.29", "every remediation says for which products", Mandatory, remediationWithoutProduct},
	{"6.1.32", "every flag says for which products", Mandatory, flagWithoutProduct},
	{"6.1.33", "no product has two justifications", Mandatory, justifiedTwice},
}

// statusGroups are lists of product_status whose products are in one state.
var statusGroups = [][]string{
	{"first_affected", "known_affected", "last_affected"},
	{"known_not_affected"},
	{"first_fixed", "fixed"},
	{"under_investigation"},
}

func contradictingStatus(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		first := map[string]int{}
		where := map[string]string{}
		for group, lists := range statusGroups {
			for _, name := range lists {
				for _, id := range v.texts("product_status", name) {
					if g, seen := first[id.value]; seen && g != group {
						r.at(id, "the product %q is in %s as well", id.value, where[id.value])
					} else if !seen {
						first[id.value], where[id.value] = group, name
					}
				}
			}
		}
	}
}

func remediationWithoutProduct(d *advisory, r *reporter) { withoutProduct(d, r, "remediations") }

func flagWithoutProduct(d *advisory, r *reporter) { withoutProduct(d, r, "flags") }

func withoutProduct(d *advisory, r *reporter, name string) {
	for _, v := range d.vulnerabilities {
		for _, item := range v.all(name) {
			if item.get("product_ids") == nil && item.get("group_ids") == nil {
				r.at(item, "neither product_ids nor group_ids")
			}
		}
	}
}

// justifiedTwice looks at flags: all labels of CSAF 2.0 are justifications.
func justifiedTwice(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		by := map[string]*node{}
		for _, flag := range v.all("flags") {
			for _, id := range d.covered(flag) {
				if other := by[id]; other != nil && other != flag {
					r.at(flag, "the product %q has a flag already, %s", id, other.pointer())
					break
				}
				by[id] = flag
			}
		}
	}
}
