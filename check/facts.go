package check

import (
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/model"
)

// Facts gives the catalogue's expressions the product's answers, with what
// follows from them: software as a device is software and active, lay users
// are those among the intended users.
type Facts struct{ Product *model.Product }

// Fact implements expr.Facts.
func (f Facts) Fact(name string) catalog.Truth {
	p := f.Product
	if answer := p.Facts.Answer(name); answer.Known() {
		return catalog.Truth(answer)
	}
	switch name {
	case "software":
		return known(p.Facts.IsSoftware == model.Yes)
	case "active":
		return known(p.Facts.IsSoftware == model.Yes && p.Regulation == model.MDR)
	case "measuring":
		return known(p.Class == "Im")
	case "lay-users":
		if len(p.IntendedUsers) > 0 {
			return truth(slices.Contains(p.IntendedUsers, "lay") || slices.Contains(p.IntendedUsers, "patient"))
		}
	case "notified-body":
		return notifiedBody(p.Class)
	}
	return catalog.Undecided
}

// known is True when something is known to hold, else Undecided.
func known(holds bool) catalog.Truth {
	if holds {
		return catalog.True
	}
	return catalog.Undecided
}

func truth(holds bool) catalog.Truth {
	if holds {
		return catalog.True
	}
	return catalog.False
}

// notifiedBody tells whether the class needs one (MDR Art. 52, IVDR Art. 48).
func notifiedBody(c model.Class) catalog.Truth {
	switch c {
	case "":
		return catalog.Undecided
	case "I", "A":
		return catalog.False
	}
	return catalog.True
}

// Is implements expr.Facts.
func (f Facts) Is(property string, values []string) catalog.Truth {
	if property == "standard" {
		return truth(slices.ContainsFunc(values, f.applies))
	}
	value := f.value(property)
	if value == "" {
		return catalog.Undecided
	}
	return truth(slices.Contains(values, value))
}

// Say implements expr.Facts.
func (f Facts) Say(property string, values []string) string {
	if property == "standard" {
		verb := " is not applied"
		if slices.ContainsFunc(values, f.applies) {
			verb = " is applied"
		}
		return "standard " + strings.Join(values, " or ") + verb
	}
	if value := f.value(property); value != "" {
		return property + " is " + value
	}
	return property + " is not stated"
}

func (f Facts) value(property string) string {
	switch property {
	case "regulation":
		return string(f.Product.Regulation)
	case "class":
		return string(f.Product.Class)
	}
	return ""
}

func (f Facts) applies(standard string) bool {
	return slices.Contains(f.Product.Standards, model.Standard(standard))
}
