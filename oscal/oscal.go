// Package oscal is the part of OSCAL that theriac writes: component definitions and
// assessment results as JSON.
//
// # Format
//
// OSCAL 1.2.0, models component-definition and assessment-results. Types have the
// fields that theriac fills, in the order of the specification; empty ones are left
// out, because OSCAL has no empty lists.
//
// # Values
//
// Ids are version 5 UUIDs (RFC 9562 section 5.5): the same thing of the same product
// has the same id in every document. Times are RFC 3339 in UTC. Texts are markup in
// OSCAL; see Plain, Line and Prose.
//
// # Errors
//
// Encode gives no errors but those of encoding/json, of which these types have none.
//
// # Sources
//
// NIST, Open Security Controls Assessment Language 1.2.0, and its JSON schemas.
package oscal

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Version is the version of OSCAL that is written.
const Version = "1.2.0"

// Namespace qualifies the properties that OSCAL does not define.
const Namespace = "urn:theriac:oscal:1"

// space is the name space of all ids: version 5, of the URL urn:theriac:oscal.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:theriac:oscal"))

// IDs makes the ids of one product.
type IDs struct{ product uuid.UUID }

// For gives the ids of the product with a key, which is to be its own: a UDI-DI,
// or else the names of manufacturer and product.
func For(key string) IDs { return IDs{uuid.NewSHA1(space, []byte(key))} }

// Of is the id of a thing of some kind. Kind and names may be any text.
func (ids IDs) Of(kind string, names ...string) string {
	var name []byte
	for _, part := range append([]string{kind}, names...) {
		name = appendName(name, part)
	}
	return uuid.NewSHA1(ids.product, name).String()
}

// appendName appends a text and what ends it, so that no two lists of texts give the
// same bytes: 0 within a text is followed by 1, and its end is 0 0.
func appendName(to []byte, s string) []byte {
	for i := range len(s) {
		if to = append(to, s[i]); s[i] == 0 {
			to = append(to, 1)
		}
	}
	return append(to, 0, 0)
}

// At is a time as OSCAL has it; "" for one outside of the years 1900 to 2999, which
// OSCAL cannot express.
func At(t time.Time) string {
	t = t.UTC()
	if t.Year() < 1900 || t.Year() > 2999 {
		return ""
	}
	return t.Format(time.RFC3339)
}

// Document is one document: exactly one of the two is set.
type Document struct {
	ComponentDefinition *ComponentDefinition `json:"component-definition,omitempty"`
	AssessmentResults   *AssessmentResults   `json:"assessment-results,omitempty"`
}

// Encode writes a document.
func Encode(d *Document) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(d)
	return b.Bytes(), err
}
