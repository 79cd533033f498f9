package match

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/knqyf263/go-cpe/common"
	"github.com/knqyf263/go-cpe/matching"
	"github.com/knqyf263/go-cpe/naming"

	"theriac/vuln"
)

// cpeName is a CPE name of a component.
type cpeName struct {
	text    string // as written
	product string // vendor:product in normal form
	version string // "-" for a name that has none (NA), "" for any
	none    bool   // the version is NA
	// shortened is set where the version was written with its update, and is read without.
	shortened bool
	name      common.WellFormedName
}

// noVersion is how the NVD lists a product without versions, as it does with releases of
// Windows.
const noVersion = "-"

var errCPE = errors.New("the CPE name cannot be read")

// maxCPE bounds a CPE name, in bytes.
const maxCPE = 1000

// parseCPE reads a CPE name, as formatted string (cpe:2.3:...) or as URI (cpe:/...). The
// library trusts what it takes apart; a name that leads it astray cannot be read.
func parseCPE(text string) (c cpeName, err error) {
	defer func() {
		if recover() != nil {
			c, err = cpeName{}, errCPE
		}
	}()
	text = strings.TrimSpace(text)
	if len(text) > maxCPE {
		return c, errCPE
	}
	if strings.HasPrefix(text, "cpe:/") {
		c.name, err = naming.UnbindURI(text)
	} else {
		c.name, err = naming.UnbindFS(text)
	}
	if err != nil {
		return cpeName{}, errCPE
	}
	vendor, named := c.name.Get(common.AttributeVendor).(string)
	product, called := c.name.Get(common.AttributeProduct).(string)
	if !named || !called {
		return cpeName{}, errors.New("the CPE name has no vendor or no product")
	}
	c.text, c.product = text, vuln.NormalCPE(vendor, product)
	switch v := c.name.Get(common.AttributeVersion).(type) {
	case string:
		c.version = strings.ReplaceAll(v, `\`, "")
	case common.LogicalValue:
		if c.none = v.IsNA(); c.none {
			c.version = noVersion
		}
	}
	return c, nil
}

// Attributes of a name that must fit besides vendor, product and version.
var cpeRest = []string{
	common.AttributePart, common.AttributeUpdate, common.AttributeEdition, common.AttributeSwEdition,
	common.AttributeTargetSw, common.AttributeTargetHw, common.AttributeLanguage, common.AttributeOther,
}

// fits compares a component's name with that of an advisory (NISTIR 7696). They fit
// where the advisory's is the same or wider, not where they contradict each other;
// where the component says less than the advisory asks, open names what is missing. A
// range up to an update, "7.2" with update p2, is one of versions and updates together:
// another update leaves it open.
func (c *cpeName) fits(advisory string, bounded bool) (ok bool, open string) {
	if advisory == "" {
		return true, ""
	}
	a, err := parseCPE(advisory)
	if err != nil {
		return true, "a CPE name of the advisory that cannot be read"
	}
	defer func() {
		if recover() != nil {
			ok, open = true, "a CPE name that cannot be compared"
		}
	}()
	relations := matching.CompareWFNs(a.name, c.name)
	for _, attribute := range cpeRest {
		relation := relations[attribute]
		if attribute == common.AttributeUpdate && bounded && relation == matching.DISJOINT {
			relation = matching.SUBSET
		}
		switch relation {
		case matching.DISJOINT:
			return false, ""
		case matching.SUBSET, matching.UNDEFINED:
			if none, ok := a.name.Get(attribute).(common.LogicalValue); ok && none.IsNA() {
				continue // no update, asked of a name that speaks of none
			}
			open = strings.ReplaceAll(attribute, "_", " ") + " " + strings.ReplaceAll(a.name.GetString(attribute), `\`, "")
		}
	}
	return true, open
}

// updated is a version with its update written as one, for example 7.2p2 or 4.2.8p10.
var updated = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)+)[-_.]?((?:p|sp|rc|beta|alpha|b)[0-9]+)$`)
})

// readings are a name with each version that it may mean: its own, or that of the component
// where it has any; both where it has none; and that without the update which makers write
// into it and the NVD gives apart.
func (c *cpeName) readings(version string) []cpeName {
	list := []cpeName{*c}
	switch {
	case c.version == "":
		list[0].version = version
	case c.none && version != "":
		second := *c
		second.version, second.none = version, false
		list = append(list, second)
	}
	last := list[len(list)-1]
	if any, is := c.name.Get(common.AttributeUpdate).(common.LogicalValue); !is || !any.IsANY() {
		return list
	}
	parts := updated().FindStringSubmatch(strings.ToLower(last.version))
	if parts == nil {
		return list
	}
	last.version, last.none, last.shortened, last.name = parts[1], false, true, maps.Clone(last.name)
	last.name[common.AttributeUpdate] = parts[2]
	return append(list, last)
}

// bounded reports whether a range of an entry ends at a version.
func bounded(e *vuln.Entry) bool {
	return slices.ContainsFunc(e.Ranges, func(r vuln.Range) bool { return !unending(r.Events) })
}

// updateInBounds reports whether an entry itself writes versions with their updates.
func updateInBounds(e *vuln.Entry) bool {
	for _, r := range e.Ranges {
		for _, event := range r.Events {
			if updated().MatchString(strings.ToLower(event.Version)) {
				return true
			}
		}
	}
	return false
}
