package techdoc

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"theriac/catalog"
	"theriac/check"
	"theriac/evidence"
	"theriac/model"
	"theriac/oscal"
)

var _ = addFile(FileDefinition{
	Name:  "oscal-component-definition.json",
	Title: "OSCAL component definition",
	About: "the device with its parts and how it meets each clause, for programs that read OSCAL",
	Order: 30,
	Make:  func(b *Book) ([]byte, error) { return newOSCAL(b).componentDefinition() },
})

// oscalMaker makes one OSCAL document.
type oscalMaker struct {
	machine
	ids       oscal.IDs
	witnesses []*witness
	used      map[*evidence.Piece]bool // evidence to which the document refers
}

func newOSCAL(b *Book) *oscalMaker {
	m := machine{b}
	return &oscalMaker{machine: m, ids: oscal.For(m.productKey()), witnesses: m.witnesses(), used: map[*evidence.Piece]bool{}}
}

func (o *oscalMaker) componentDefinition() ([]byte, error) {
	d := &oscal.ComponentDefinition{UUID: o.ids.Of("component-definition", o.version()), Metadata: o.metadata("Security of")}
	product := o.product()
	for _, rows := range o.bySource() {
		product.ControlImplementations = append(product.ControlImplementations, o.implementation(rows))
	}
	d.Components = append([]oscal.Component{product}, o.parts()...)
	d.BackMatter = o.backMatter(nil)
	return oscal.Encode(&oscal.Document{ComponentDefinition: d})
}

// eudamed is the scheme of single registration numbers.
const eudamed = "https://ec.europa.eu/tools/eudamed"

// metadata says what the document is of, and whether it is a draft.
func (o *oscalMaker) metadata(about string) oscal.Metadata {
	p, stamp := o.File.Product, o.set.Stamp
	m := oscal.Metadata{
		Title:        oscal.Line(about + " " + p.Name + " (" + o.version() + ")"),
		LastModified: cmp.Or(oscal.At(o.Time), dayTime(o.Day)), Version: oscal.Plain(o.version()), OSCALVersion: oscal.Version,
		Remarks: oscal.Prose("Made by theriac from the security file. Clauses are paraphrased and not quoted. " +
			"What is not known is never called satisfied."),
	}
	m.Props = ownProps("product", p.Name, "udi-di", p.UDIDI, "regulation", string(p.Regulation), "class", string(p.Class),
		"state-sha256", stamp.Baseline, "judged-on", o.Day.String(), "status", map[bool]string{true: "approved", false: "draft"}[stamp.Approved])
	for _, why := range stamp.Why {
		m.Props = append(m.Props, oscal.Own("status-why", why))
	}
	if maker := p.Manufacturer; maker.Name != "" {
		party := oscal.Party{UUID: o.maker(), Type: "organization", Name: oscal.Plain(maker.Name)}
		if maker.SRN != "" {
			party.ExternalIDs = []oscal.ExternalID{{Scheme: eudamed, ID: oscal.Plain(maker.SRN)}}
		}
		if maker.Address != "" {
			party.Addresses = []oscal.Address{{Lines: []string{oscal.Plain(maker.Address)}}}
		}
		m.Parties = []oscal.Party{party}
		m.Roles = []oscal.Role{{ID: "prepared-by", Title: "Manufacturer"}}
		m.ResponsibleParties = []oscal.ResponsibleParty{{RoleID: "prepared-by", PartyUUIDs: []string{o.maker()}}}
	}
	return m
}

func (o *oscalMaker) maker() string { return o.ids.Of("party", "manufacturer") }

// ownProps are properties of ours, given as names and values; those without a value are
// left out.
func ownProps(pairs ...string) []oscal.Property {
	var list []oscal.Property
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.TrimSpace(pairs[i+1]) != "" {
			list = append(list, oscal.Own(pairs[i], pairs[i+1]))
		}
	}
	return list
}

// product is the device.
func (o *oscalMaker) product() oscal.Component {
	p := o.File.Product
	c := oscal.Component{UUID: o.ids.Of("product"), Type: "system", Title: oscal.Line(p.Name), Description: oscal.Prose(p.IntendedPurpose)}
	if p.Facts.IsSoftware == model.Yes {
		c.Type = "software"
	}
	if o.Release != nil {
		c.Props = []oscal.Property{{Name: "version", Value: oscal.Plain(o.version())}}
		c.Props = append(c.Props, ownProps("commit", o.Release.Commit)...)
		for _, a := range o.Release.Artefacts {
			c.Props = append(c.Props, oscal.Own("artefact", a.Digest+" "+a.Path))
		}
	}
	return c
}

// parts are the components of the file, those outside of the device included.
func (o *oscalMaker) parts() []oscal.Component {
	var list []oscal.Component
	for _, c := range o.File.Components {
		list = append(list, o.part(c))
	}
	return list
}

func (o *oscalMaker) part(c *model.Component) oscal.Component {
	part := oscal.Component{
		UUID: o.ids.Of("component", c.ID), Type: partType(c.Type), Title: oscal.Line(cmp.Or(c.Title, c.ID)),
		Description: oscal.Prose(cmp.Or(c.Notes, typeMeaning(c.Type))),
	}
	switch {
	case c.PartOf.OK():
		part.Links = []oscal.Link{{Href: "#" + o.ids.Of("component", c.PartOf.ID), Rel: "part-of"}}
	case model.OnDevice(c):
		part.Links = []oscal.Link{{Href: "#" + o.ids.Of("product"), Rel: "part-of"}}
	}
	if c.Version != "" {
		part.Props = []oscal.Property{{Name: "version", Value: oscal.Plain(c.Version)}}
	}
	trust := ""
	if z := c.InZone(); z != nil {
		trust = string(z.Trust)
	}
	part.Props = append(part.Props, ownProps("id", c.ID, "type", string(c.Type), "trust", trust, "purl", c.PURL,
		"manufacturer", c.Manufacturer, "support-until", c.SupportUntil.String())...)
	for _, i := range model.Users[*model.Interface](c, "component") {
		if p, ok := o.protocol(i); ok {
			part.Protocols = append(part.Protocols, p)
		}
	}
	return part
}

// partType is a type of component as OSCAL has it.
func partType(t model.ComponentType) string {
	switch t {
	case "hardware", "device":
		return "hardware"
	case "cloud":
		return "service"
	}
	return "software"
}

// typeMeaning is what a type of component means.
func typeMeaning(t model.ComponentType) string {
	for _, v := range t.Values() {
		if v.Name == string(t) {
			return v.Doc
		}
	}
	return ""
}

// protocol is a port on which the device listens; false where it does not.
func (o *oscalMaker) protocol(i *model.Interface) (oscal.Protocol, bool) {
	if !i.Used() || !i.Listening() || i.Port == 0 || i.Transport == "" {
		return oscal.Protocol{}, false
	}
	return oscal.Protocol{
		UUID: o.ids.Of("interface", i.ID), Name: oscal.Plain(cmp.Or(i.Protocol, i.ID)), Title: oscal.Line(cmp.Or(i.Title, i.ID)),
		PortRanges: []oscal.PortRange{{Start: i.Port, End: i.Port, Transport: strings.ToUpper(string(i.Transport))}},
	}, true
}

// implementation is how the device meets the clauses of one source.
func (o *oscalMaker) implementation(rows []check.Row) oscal.ControlImplementation {
	src := rows[0].Entry.Source
	c := oscal.ControlImplementation{
		UUID: o.ids.Of("source", src.ID), Source: catalogURI(src),
		Description: oscal.Line(src.Title + ", " + src.Edition),
		Props:       ownProps("source", src.ID, "kind", string(src.Kind)),
	}
	for _, row := range rows {
		c.Requirements = append(c.Requirements, o.clause(row))
	}
	return c
}

// catalogURI names a source of the catalogue to the byte: its id, and the SHA-256 of
// its data file.
func catalogURI(src *catalog.Source) string {
	return "urn:theriac:catalog:" + url.PathEscape(src.ID) + "#" + catalogDigests()[src.ID]
}

// catalogDigests are the SHA-256 of the data files by source.
var catalogDigests = sync.OnceValue(func() map[string]string {
	digests := map[string]string{}
	for _, f := range catalog.DataFiles() {
		digests[f.Source] = f.SHA256
	}
	return digests
})

// maxRelated bounds the evidence that is listed with one thing. Beside the list stands
// how much there is.
const maxRelated = 100

// controlID is the id of a clause as OSCAL can write it.
func controlID(e *catalog.Entry) string { return oscal.Token(e.ID) }

// clause is how the device meets a clause.
func (o *oscalMaker) clause(row check.Row) oscal.ImplementedRequirement {
	e := row.Entry
	r := oscal.ImplementedRequirement{
		UUID: o.ids.Of("clause", e.ID), ControlID: controlID(e), Description: clauseText(row, row.Reasons),
		Props:   ownProps("coverage", string(row.Status), "clause", Cite(e), "role", string(e.Role), "verified", string(e.Verified)),
		Remarks: oscal.Line("What the clause asks, in the words of the catalogue and not of the document: " + e.Title + ". " + e.Text),
	}
	if e.ID != r.ControlID {
		r.Props = append(r.Props, oscal.Own("id", e.ID))
	}
	for _, by := range row.By {
		switch by := by.(type) {
		case *model.Requirement:
			shown := o.provenBy(by)
			s := o.statement(e, by, by.Text, shown)
			s.Props = append(s.Props, oscal.Own("evidence", fmt.Sprint(len(shown.By))))
			for _, p := range shown.By[:min(maxRelated, len(shown.By))] {
				s.Links = append(s.Links, oscal.Link{Href: "#" + o.resource(p), Rel: "evidence"})
			}
			r.Statements = append(r.Statements, s)
		case *model.Control:
			s := o.statement(e, by, by.Description, o.controlProvenBy(by))
			for _, q := range model.Users[*model.Requirement](by, "implements") {
				s.Props = append(s.Props, oscal.Own("requirement", q.ID))
			}
			r.Statements = append(r.Statements, s)
		default:
			r.Props = append(r.Props, oscal.Own("answered-by", idOf(by)))
		}
	}
	return r
}

// clauseText says how far a clause is met, and why.
func clauseText(row check.Row, reasons []string) string {
	text := oscal.Line(statusWords(row))
	if len(reasons) > 0 {
		text += "\n\n" + oscal.List(reasons)
	}
	return text
}

func statusWords(row check.Row) string {
	switch {
	case row.Status == check.NotApplicable:
		return "Does not apply."
	case row.Applicable == catalog.Undecided:
		return "Open: whether it applies is not known."
	case row.Status == check.Satisfied:
		return "Fulfilled."
	case row.Status == check.Partial:
		return "Fulfilled in part."
	}
	return "Open."
}

// statement is how a requirement or control helps to meet a clause, and whether that
// is shown.
func (o *oscalMaker) statement(clause *catalog.Entry, e model.Entity, text string, shown shownBy) oscal.Statement {
	id := idOf(e)
	s := oscal.Statement{
		StatementID: oscal.Token(clause.ID + "_" + id), UUID: o.ids.Of("statement", clause.ID, id),
		Description: oscal.Line(o.Title(e)),
		Props:       ownProps("id", id, "kind", model.Of(e).Kind().Singular, "shown", string(shown.State)),
	}
	if strings.TrimSpace(text) != "" {
		s.Description += "\n\n" + oscal.Prose(text)
	}
	if !shown.met() {
		s.Description += "\n\n" + oscal.Line("Not shown by verification:") + "\n\n" + oscal.List(shown.Why)
	}
	return s
}

// resource is the id of the resource that is a piece of evidence, which the document
// then has.
func (o *oscalMaker) resource(p *evidence.Piece) string {
	o.used[p] = true
	return o.ids.Of("evidence", p.Path, p.ID)
}

// backMatter lists the evidence to which the document refers, behind other resources.
func (o *oscalMaker) backMatter(list []oscal.Resource) *oscal.BackMatter {
	for _, w := range o.witnesses {
		if o.used[w.Piece] {
			list = append(list, o.evidence(w))
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &oscal.BackMatter{Resources: list}
}

// evidence is a piece of evidence: the signed statement and its inputs, each with its
// digest, by paths below the folder of the security file.
func (o *oscalMaker) evidence(w *witness) oscal.Resource {
	r := oscal.Resource{
		UUID: o.resource(w.Piece), Title: oscal.Line("Evidence " + w.ID), Props: ownProps("evidence", w.ID),
		RLinks: []oscal.RLink{{Href: relativeRef(w.Path), MediaType: "application/json"}},
	}
	if w.SHA256 != "" {
		r.RLinks[0].Hashes = oscal.SHA256(w.SHA256)
	}
	if w.Statement == nil {
		return r
	}
	r.Title = oscal.Line(fmt.Sprintf("Evidence %s (%s) of release %s", w.ID, w.Statement.Kind, w.Statement.Release))
	r.Props = append(r.Props, ownProps("kind", string(w.Statement.Kind), "release", w.Statement.Release)...)
	for _, in := range w.Statement.Inputs {
		r.RLinks = append(r.RLinks, oscal.RLink{Href: relativeRef(evidence.InputFolder + "/" + in.SHA256), Hashes: oscal.SHA256(in.SHA256)})
	}
	return r
}

// relativeRef is a slash path as a relative reference.
func relativeRef(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	if strings.Contains(parts[0], ":") {
		parts = slices.Insert(parts, 0, ".") // or it would be a scheme
	}
	return strings.Join(parts, "/")
}
