package psirt

import (
	"fmt"
	"strings"

	"theriac/model"
)

// Acknowledgement is the first answer that a reporter gets, for the one who sends it. It
// promises nothing that the security file does not state.
func Acknowledgement(file *model.File, c *model.Case, clocks []Clock) string {
	var b strings.Builder
	name := c.Reporter.Name
	if name == "" {
		name = "reader"
	}
	product := "our product"
	if p := file.Product; p != nil && p.Name != "" {
		product = p.Name
	}
	fmt.Fprintf(&b, "Dear %s,\n\nthank you for your report about %s", name, product)
	if c.Title != "" {
		fmt.Fprintf(&b, ", %q", c.Title)
	}
	fmt.Fprintf(&b, ". We received it on %s and handle it as %s; please name this number in your answers.\n", Show(c.Aware.Time(), Zone(file)), c.ID)
	if k := clockOf(clocks, "own.assessed"); k != nil {
		fmt.Fprintf(&b, "\nYou will hear from us what we found out by %s at the latest.\n", k.Due.In(Zone(file)).Format("2 January 2006"))
	}
	if !c.Embargo.IsZero() {
		fmt.Fprintf(&b, "\nYou asked us to keep the matter confidential until %s. We do so until we have agreed with you on a day.\n", Show(c.Embargo.Time(), Zone(file)))
	}
	switch credit := c.Reporter.Credit; {
	case credit == model.Yes && c.Reporter.Name == "":
		b.WriteString("\nPlease tell us by which name our advisory may name you.\n")
	case credit == model.Yes:
		fmt.Fprintf(&b, "\nOur advisory will name you as %s.\n", name)
	case credit == model.Unknown:
		b.WriteString("\nPlease tell us whether our advisory may name you, and how.\n")
	}
	if v := file.VulnerabilityHandling; v != nil && v.Contact.Encryption != "" {
		fmt.Fprintf(&b, "\nFor confidential details: %s\n", v.Contact.Encryption)
	}
	b.WriteString("\nKind regards\n")
	if m := manufacturer(file); m != "" {
		b.WriteString("Product security, " + m + "\n")
	}
	return b.String()
}

func clockOf(clocks []Clock, key string) *Clock {
	for i := range clocks {
		if clocks[i].Key == key && !clocks[i].Due.IsZero() {
			return &clocks[i]
		}
	}
	return nil
}

func manufacturer(file *model.File) string {
	if v := file.VulnerabilityHandling; v != nil && v.Publisher.Name != "" {
		return v.Publisher.Name
	}
	if file.Product != nil {
		return file.Product.Manufacturer.Name
	}
	return ""
}
