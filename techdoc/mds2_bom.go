package techdoc

import (
	"fmt"
	"strings"

	"theriac/check"
	"theriac/sbom"
)

// mds2Bom is what the form asks of a bill of materials.
type mds2Bom struct {
	format string // with version
	parts  []*sbom.Component
}

// bom answers from the bill of materials of the release; open where it cannot be read
// whole, or is not the one that the release names.
func (d *disclosure) bom(rule func(*mds2Bom) mds2Reply) mds2Reply {
	if d.Release == nil || d.Release.SBOM.Path == "" {
		return d.open("the bill of materials", "releases: sbom")
	}
	b := d.bill()
	if b.State != check.BillWhole {
		r := d.open("a bill of materials that can be read", "releases: sbom", d.Release)
		r.Notes = append(r.Notes, d.line(cutShort(b.Why), nil))
		return r
	}
	list := &mds2Bom{format: formatOf(b.BOM)}
	for _, i := range b.Entries() {
		list.parts = append(list.parts, &b.BOM.Components[i])
	}
	return rule(list)
}

// toldOf is what else a bill of materials tells of a component.
func toldOf(c *sbom.Component) (more []string) {
	tell := func(what string, is bool) {
		if is {
			more = append(more, what)
		}
	}
	tell("package URL", c.PURL != "")
	tell("CPE", len(c.CPEs) > 0)
	tell("licence", len(c.Licences)+len(c.Declared) > 0)
	tell("digest", len(c.Hashes) > 0)
	return more
}

// bomTells answers whether each component has something.
func bomTells(what string, has func(*sbom.Component) bool) mds2Rule {
	return func(d *disclosure) mds2Reply {
		return d.bom(func(b *mds2Bom) mds2Reply {
			n := len(thoseThat(b.parts, has))
			reason := fmt.Sprintf("%d of %d components have %s", n, len(b.parts), what)
			switch {
			case len(b.parts) == 0:
				return d.no("It lists no component").on(d.Release, "sbom")
			case n == len(b.parts):
				return d.yes(reason).on(d.Release, "sbom")
			case n == 0:
				return d.no(reason).on(d.Release, "sbom")
			}
			return d.notes(reason).on(d.Release, "sbom")
		})
	}
}

// bomMore counts what else is told of components.
func bomMore(d *disclosure) mds2Reply {
	return d.bom(func(b *mds2Bom) mds2Reply {
		count := map[string]int{}
		for _, p := range b.parts {
			for _, what := range toldOf(p) {
				count[what]++
			}
		}
		if len(count) == 0 {
			return d.no("It tells no more of components").on(d.Release, "sbom")
		}
		var list []string
		for _, what := range sortedKeys(count) {
			list = append(list, fmt.Sprintf("%s (%d)", what, count[what]))
		}
		return d.yes(fmt.Sprintf("For its %d components it tells: %s", len(b.parts), strings.Join(list, ", "))).on(d.Release, "sbom")
	})
}
