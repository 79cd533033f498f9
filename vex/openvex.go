package vex

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	openvex "github.com/openvex/go-vex/pkg/vex"

	"theriac/csaf"
	"theriac/model"
)

// statuses are the states by their names in OpenVEX.
var statuses = map[openvex.Status]model.VEXStatus{
	openvex.StatusNotAffected: "not-affected", openvex.StatusAffected: "affected", openvex.StatusFixed: "fixed", openvex.StatusUnderInvestigation: "under-investigation",
}

// timeOf is the beginning of a day, nil where there is none.
func timeOf(d model.Date) *time.Time {
	t, err := time.Parse(time.DateOnly, d.String())
	if err != nil {
		return nil
	}
	return &t
}

// dayOf is the day of a time in UTC.
func dayOf(t *time.Time) model.Date {
	if t == nil || t.IsZero() {
		return model.Date{}
	}
	return model.DateOf(t.UTC())
}

// WriteOpenVEX writes a document as OpenVEX.
func WriteOpenVEX(d *Document) ([]byte, error) {
	if d.Label != "" && d.Label != "WHITE" {
		return nil, errors.New("OpenVEX has no place for a traffic light (TLP); CSAF and CycloneDX have one")
	}
	if id := d.ambiguous(); id != "" {
		return nil, fmt.Errorf("OpenVEX tells versions of a product by its package URL, and several have the name %s; state a package URL (--product-id)", clip(id))
	}
	out := &openvex.VEX{Metadata: openvex.Metadata{Context: openvex.ContextLocator(), Author: d.Author, AuthorRole: d.Role, Version: 1, Timestamp: timeOf(d.Day)}}
	out.Statements = []openvex.Statement{}
	for _, s := range d.Statements {
		one := openStatement(s)
		if err := one.Validate(); err != nil {
			return nil, fmt.Errorf("statement about %s (%s): %w", s.Vulnerability, s.Source, err)
		}
		out.Statements = append(out.Statements, one)
	}
	write := func() ([]byte, error) {
		var text bytes.Buffer
		err := out.ToJSON(&text)
		return text.Bytes(), err
	}
	text, err := write()
	if err != nil {
		return nil, err
	}
	out.ID = d.ID
	if out.ID == "" {
		out.ID = contentID(d.Namespace, openvex.PublicNamespace+"/public", text)
	}
	return write()
}

// ambiguous is an id under which several versions of a product stand; "" where there is none.
func (d *Document) ambiguous() string {
	versions := map[string]string{}
	for _, s := range d.Statements {
		for _, p := range s.Products {
			if before, known := versions[p.ID]; known && before != p.Version {
				return p.ID
			}
			versions[p.ID] = p.Version
		}
	}
	return ""
}

// contentID is an address made of a content.
func contentID(namespace, other string, text []byte) string {
	if namespace == "" {
		namespace = other
	}
	sum := sha256.Sum256(text)
	return namespace + "/vex-" + hex.EncodeToString(sum[:])
}

func openStatement(s Statement) openvex.Statement {
	one := openvex.Statement{
		Vulnerability: openvex.Vulnerability{Name: openvex.VulnerabilityID(s.Vulnerability), Description: s.Description},
		Timestamp:     timeOf(s.Day), Status: openvex.Status(strings.ReplaceAll(string(s.Status), "-", "_")),
	}
	for _, a := range s.Aliases {
		one.Vulnerability.Aliases = append(one.Vulnerability.Aliases, openvex.VulnerabilityID(a))
	}
	switch s.Status {
	case "not-affected":
		one.Justification, one.ImpactStatement = openvex.Justification(strings.ReplaceAll(string(s.Justification), "-", "_")), s.Reason
	case "affected":
		one.ActionStatement, one.StatusNotes = s.Action, s.Reason
		if s.Fix != "" {
			one.ActionStatement = strings.TrimSpace(s.Action + " " + fixText(s))
		}
	default:
		one.StatusNotes = s.Reason
	}
	for _, p := range s.Products {
		product := openvex.Product{Component: openComponent(p.ID)}
		for _, part := range p.Parts {
			product.Subcomponents = append(product.Subcomponents, openvex.Subcomponent{Component: openComponent(part)})
		}
		one.Products = append(one.Products, product)
	}
	return one
}

// fixedIn introduces the fixed version behind an action, where a format has no field
// for it.
const fixedIn = " Fixed in version "

// fixText tells the version that is fixed, or is to be.
func fixText(s Statement) string {
	if s.Planned {
		return csaf.PlannedFix(s.Fix, s.FixDay)
	}
	return strings.TrimSpace(fixedIn) + " " + s.Fix + "."
}

// cutFix takes the version that is fixed, or is to be, off the end of an action.
func cutFix(s *Statement) {
	for _, opening := range []string{fixedIn, " " + csaf.PlannedFix("", model.Date{})} {
		planned := opening != fixedIn
		opening = strings.TrimSuffix(opening, ".")
		at := strings.LastIndex(" "+s.Action, opening)
		if at < 0 {
			continue
		}
		rest := strings.TrimSuffix((" " + s.Action)[at+len(opening):], ".")
		fix, on, dated := strings.Cut(rest, ", for ")
		day, err := model.ParseDate(on)
		if strings.ContainsAny(fix, " \n") || fix == "" || dated && (err != nil || !planned) {
			continue
		}
		s.Fix, s.Planned, s.FixDay, s.Action = fix, planned, day, cleaned((" " + s.Action)[:at])
		return
	}
}

func openComponent(id string) openvex.Component {
	c := openvex.Component{ID: id}
	switch {
	case strings.HasPrefix(id, "pkg:"):
		c.Identifiers = map[openvex.IdentifierType]string{openvex.PURL: id}
	case strings.HasPrefix(id, "cpe:2.3:"):
		c.Identifiers = map[openvex.IdentifierType]string{openvex.CPE23: id}
	}
	return c
}

// readOpenVEX reads an OpenVEX document.
func readOpenVEX(text []byte) (*Document, error) {
	in, err := openvex.Parse(text)
	if err != nil {
		return nil, err
	}
	d := &Document{Format: "openvex", ID: in.ID, Author: in.Author, Role: in.AuthorRole, Day: dayOf(in.Timestamp)}
	if in.LastUpdated != nil {
		d.Day = dayOf(in.LastUpdated)
	}
	for i := range in.Statements {
		d.openStatement(&in.Statements[i], fmt.Sprintf("statement %d", i+1))
	}
	return d, nil
}

func (d *Document) openStatement(in *openvex.Statement, what string) {
	s := Statement{
		Vulnerability: string(in.Vulnerability.Name), Description: in.Vulnerability.Description, Source: in.ID, Status: statuses[in.Status],
		Action: cleaned(in.ActionStatement), Day: dayOf(in.Timestamp),
	}
	if s.Vulnerability == "" {
		s.Vulnerability = in.Vulnerability.ID[strings.LastIndexByte(in.Vulnerability.ID, '/')+1:]
	}
	if in.LastUpdated != nil {
		s.Day = dayOf(in.LastUpdated)
	}
	if s.Day.IsZero() {
		s.Day = d.Day
	}
	s.Reason = cleaned(in.ImpactStatement)
	if s.Reason == "" {
		s.Reason = cleaned(in.StatusNotes)
	}
	if s.Status == "affected" {
		cutFix(&s)
	}
	for _, a := range in.Vulnerability.Aliases {
		if a != "" {
			s.Aliases = append(s.Aliases, string(a))
		}
	}
	slices.Sort(s.Aliases)
	if in.Status != "" && s.Status == "" {
		d.complain("%s: status %q is not known", what, clip(string(in.Status)))
		return
	}
	if in.Justification != "" {
		if s.Justification = justified(strings.ReplaceAll(string(in.Justification), "_", "-")); s.Justification == "" {
			d.complain("%s: justification %q is not known", what, clip(string(in.Justification)))
		}
	}
	for i := range in.Products {
		p := Product{ID: openID(in.Products[i].Component)}
		p.Version = purlVersion(p.ID)
		for _, sub := range in.Products[i].Subcomponents {
			if id := openID(sub.Component); id != "" {
				p.Parts = append(p.Parts, id)
			}
		}
		slices.Sort(p.Parts)
		if p.ID == "" {
			d.complain("%s: a product has no name that is understood here", what)
			continue
		}
		s.Products = append(s.Products, p)
	}
	d.add(s, what)
}

// openID is the name of a component: a package URL before a CPE before its id.
func openID(c openvex.Component) string {
	for _, kind := range []openvex.IdentifierType{openvex.PURL, openvex.CPE23, openvex.CPE22} {
		if id := c.Identifiers[kind]; id != "" {
			return id
		}
	}
	return c.ID
}

// justified is a justification of ours, "" for a text that is none.
func justified(name string) model.Justification {
	for _, v := range model.Justification("").Values() {
		if v.Name == name {
			return model.Justification(name)
		}
	}
	return ""
}
