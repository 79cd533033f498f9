package csaf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gocsaf/csaf/v3/csaf"
)

// unknownNames starts what the schema says of members that it does not know. The
// library has the strict form of the schema, by which test 6.2.20 judges; the
// schema of the standard lets them be.
const unknownNames = "additional properties "

// checkForm holds a document against the JSON schema of the standard. What it
// says of CVSS objects is left to test 6.1.8.
func checkForm(d *advisory, result *Result) error {
	form := reporter{test: Test{Number: Schema, Class: Mandatory}}
	for _, n := range d.twice {
		form.at(n, "name stands twice in its object")
	}
	faults, err := csaf.ValidateCSAF(d.root.plain())
	if err != nil {
		return fmt.Errorf("schema of CSAF 2.0: %w", err)
	}
	for _, fault := range faults {
		pointer, message, _ := strings.Cut(fault, ": ")
		n := d.at(pointer)
		switch {
		case strings.HasPrefix(message, unknownNames):
		case n.score() != nil:
			d.scoreFaults = append(d.scoreFaults, formFault{n, message})
		default:
			form.at(n, "%s", message)
		}
	}
	result.Findings = form.done()
	return nil
}

// formFault is a complaint of the JSON schema.
type formFault struct {
	at      *node
	message string
}

// at finds the place of a JSON pointer, or the nearest one above it.
func (d *advisory) at(pointer string) *node {
	n := d.root
	for _, part := range strings.Split(pointer, "/")[1:] {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		next := n.get(part)
		if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(n.list) {
			next = n.list[i]
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// score is the CVSS object that a place is in.
func (n *node) score() *node {
	for ; n != nil; n = n.up {
		if n.up != nil && n.up.up != nil && n.up.up.key == "scores" && (n.key == "cvss_v2" || n.key == "cvss_v3") {
			return n
		}
	}
	return nil
}
