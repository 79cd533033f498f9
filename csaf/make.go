package csaf

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gocsaf/csaf/v3/csaf"

	"theriac/model"
	"theriac/psirt"
)

// Input is what a document is made of.
type Input struct {
	File      *model.File
	Case      *model.Case       // nil for a VEX of decisions alone
	Decisions []*model.Decision // those of the case where left out
	VEX       bool              // profile csaf_vex; csaf_security_advisory where false
	ID        string            // tracking id; where left out that of the case, for a VEX with -VEX behind it
	Day       model.Date        // on which the document is made
	Names     [][]string        // ids of one vulnerability each, so that an embargo holds by whatever name
	Label     string            // AMBER or RED for recipients who may know what is under embargo
	// Covers tells whether a version of the product is in a range such as >=1.2 <2.
	Covers func(releases, version string) (bool, error)
}

// Make makes an advisory, or a VEX document, about the releases of the product.
// Products are releases as a whole, since that is what users can tell; components
// are named in the texts.
//
// What another case keeps under embargo makes the document of a case one of TLP:AMBER,
// and is left out of one of decisions alone (Withheld), unless it has a label.
//
// A document is a draft with TLP:AMBER while its embargo lasts, a draft while no
// step of the case says that it was published, and final afterwards, with a
// revision for each such step. The error names every field of the security file
// that is missing or keeps the document from passing the mandatory tests.
func Make(in Input) (*csaf.Advisory, error) {
	m := &maker{Input: in, file: in.File, embargo: in.embargoes()}
	if m.Case != nil {
		own := m.Case.Advisory
		if m.VEX && own != "" { // its advisory is another document
			own += "-VEX"
		}
		m.ID = cmp.Or(m.ID, own)
		if m.Decisions == nil {
			for _, ref := range m.Case.Decisions {
				if ref.To != nil {
					m.Decisions = append(m.Decisions, ref.To)
				}
			}
		}
	}
	advisory := &csaf.Advisory{Document: m.document(), ProductTree: m.productTree(), Vulnerabilities: m.vulnerabilities()}
	if len(m.faults) > 0 {
		return nil, errors.Join(m.faults...)
	}
	text, err := Encode(advisory)
	if err != nil {
		return nil, err
	}
	result, err := Validate(text, Options{})
	if err != nil {
		return nil, err
	}
	for _, f := range result.Findings {
		if f.Class == Mandatory {
			return nil, fmt.Errorf("the document would not be valid: %s, test %s: %s", f.Pointer, f.Test, f.Message)
		}
	}
	return advisory, nil
}

// maker makes one document and collects what keeps it from being made.
type maker struct {
	Input
	file   *model.File
	faults []error
	listed []*model.Release // of the product tree

	embargo *psirt.Embargo
}

// fault notes a field of the security file, as a path from its root.
func (m *maker) fault(field, format string, args ...any) {
	m.faults = append(m.faults, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
}

// caseField is the path of a field of the case.
func (m *maker) caseField(name string) string {
	if m.Case == nil {
		return name
	}
	return "cases." + m.Case.ID + "." + name
}

func (m *maker) document() *csaf.Document {
	category := csaf.DocumentCategory(profileAdvisory)
	if m.VEX {
		category = profileVEX
	}
	label := csaf.TLPLabel(csaf.TLPLabelWhite)
	if m.embargoed() || m.Case != nil && m.kept() {
		label = csaf.TLPLabelAmber
	}
	if m.Label != "" {
		label = csaf.TLPLabel(m.Label)
	}
	d := &csaf.Document{
		Category: &category, CSAFVersion: new(csaf.CSAFVersion20), Lang: new(csaf.Lang("en")),
		Distribution: &csaf.DocumentDistribution{TLP: &csaf.TLP{DocumentTLPLabel: &label, URL: new("https://www.first.org/tlp/")}},
		Publisher:    m.publisher(), Title: new(m.title()), Tracking: m.tracking(), References: m.references(), Notes: m.notes(),
	}
	if m.Case == nil {
		return d
	}
	if m.Case.Severity != "" {
		d.AggregateSeverity = &csaf.AggregateSeverity{Text: new(m.Case.Severity)}
	}
	if r := m.Case.Reporter; r.Credit == model.Yes {
		if r.Name == "" {
			m.fault(m.caseField("reporter.name"), "the reporter wants to be named")
		} else {
			d.Acknowledgements = &csaf.Acknowledgements{{Names: []*string{new(r.Name)}, Summary: new("Reported the vulnerability.")}}
		}
	}
	return d
}

// product is the trade name.
func (m *maker) product() string {
	if m.file.Product == nil {
		return ""
	}
	return m.file.Product.Name
}

func (m *maker) title() string {
	if m.Case != nil && m.Case.Title != "" {
		return m.product() + ": " + m.Case.Title
	}
	if m.VEX {
		return m.product() + ": status of vulnerabilities"
	}
	return m.product() + ": security advisory"
}

func (m *maker) publisher() *csaf.DocumentPublisher {
	var by model.Publisher
	var contact model.Contact
	if h := m.file.VulnerabilityHandling; h != nil {
		by, contact = h.Publisher, h.Contact
	}
	if by.Name == "" && m.file.Product != nil {
		by.Name = m.file.Product.Manufacturer.Name
	}
	if by.Name == "" {
		m.fault("vulnerability-handling.publisher.name", "who issues advisories is not stated")
	}
	if by.Namespace == "" {
		m.fault("vulnerability-handling.publisher.namespace", "an address under control of the publisher is not stated")
	}
	p := &csaf.DocumentPublisher{Category: new(csaf.CSAFCategoryVendor), Name: new(by.Name), Namespace: new(by.Namespace)}
	if by.Authority != "" {
		p.IssuingAuthority = new(by.Authority)
	}
	if details := joined(", ", contact.Email, contact.URL); details != "" {
		p.ContactDetails = new(details)
	}
	return p
}

// joined are texts that are not empty.
func joined(separator string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), separator)
}

// published are the steps by which the document was made public, up to the day.
func (m *maker) published() []model.Step {
	var steps []model.Step
	if m.Case == nil {
		return nil
	}
	for _, s := range m.Case.Steps {
		if s.Step == "published" && !m.Day.Before(model.DateOf(s.At.Time().UTC())) {
			steps = append(steps, s)
		}
	}
	slices.SortStableFunc(steps, func(a, b model.Step) int { return a.At.Time().Compare(b.At.Time()) })
	return steps
}

// embargoed reports whether the embargo is not over. On its last day it is over
// when the document was published after it.
func (m *maker) embargoed() bool {
	if m.Case == nil || m.Case.Embargo.IsZero() {
		return false
	}
	end := m.Case.Embargo.Time()
	steps := m.published()
	for _, s := range steps {
		if s.At.Time().Before(end) {
			m.fault(m.caseField("steps"), "published on %s, before the embargo ends on %s", s.At, m.Case.Embargo)
			return true
		}
	}
	return psirt.EmbargoRuns(m.Case, m.Day)
}

func (m *maker) tracking() *csaf.Tracking {
	if m.ID == "" {
		m.fault(m.caseField("advisory"), "the advisory has no tracking id")
	} else if strings.TrimSpace(m.ID) != m.ID || strings.ContainsAny(m.ID, "\r\n\t") {
		m.fault(m.caseField("advisory"), "blanks around %q", m.ID)
	}
	t := &csaf.Tracking{ID: new(csaf.TrackingID(m.ID)), Status: new(csaf.CSAFTrackingStatusFinal)}
	add := func(at time.Time, summary string) {
		number := csaf.RevisionNumber(strconv.Itoa(len(t.RevisionHistory) + 1))
		t.RevisionHistory = append(t.RevisionHistory, &csaf.Revision{Date: new(at.UTC().Format(time.RFC3339)), Number: &number, Summary: new(summary)})
	}
	steps := m.published()
	for i, s := range steps {
		usual := "Update."
		if i == 0 {
			usual = "First release."
		}
		add(s.At.Time(), cmp.Or(s.Note, usual))
	}
	if len(steps) == 0 {
		day, _ := time.Parse(time.DateOnly, m.Day.String()) // a Date is one
		add(day, "Draft.")
		t.Status = new(csaf.CSAFTrackingStatusDraft)
	}
	first, last := t.RevisionHistory[0], t.RevisionHistory[len(t.RevisionHistory)-1]
	t.InitialReleaseDate, t.CurrentReleaseDate, t.Version = first.Date, last.Date, last.Number
	return t
}

func (m *maker) notes() csaf.Notes {
	var notes csaf.Notes
	if m.Case != nil && m.Case.Description != "" {
		notes = append(notes, note(csaf.CSAFNoteCategorySummary, "Summary", m.Case.Description))
	}
	if m.Case != nil && m.Case.FieldAction.Reference != "" {
		text := joined("\n\n", m.Case.FieldAction.Action, m.Case.FieldAction.Reason, m.Case.FieldAction.Users)
		notes = append(notes, note(csaf.CSAFNoteCategoryDetails, "Field safety corrective action "+m.Case.FieldAction.Reference, cmp.Or(text, m.Case.FieldAction.Reference)))
	}
	return notes
}

func note(category csaf.NoteCategory, title, text string) *csaf.Note {
	return &csaf.Note{NoteCategory: &category, Title: new(title), Text: new(strings.TrimSpace(text))}
}

// references name the canonical address, where the publisher states its folder.
func (m *maker) references() csaf.References {
	h := m.file.VulnerabilityHandling
	if h == nil || h.Publisher.Directory == "" || m.ID == "" {
		return nil
	}
	first := m.Day.String()
	if steps := m.published(); len(steps) > 0 {
		first = steps[0].At.Time().UTC().Format(time.DateOnly)
	}
	url := strings.TrimSuffix(h.Publisher.Directory, "/") + "/white/" + first[:4] + "/" + FileName(m.ID)
	return csaf.References{{ReferenceCategory: new(string(csaf.CSAFReferenceCategorySelf)), Summary: new("This document"), URL: new(url)}}
}
