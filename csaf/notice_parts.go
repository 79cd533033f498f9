package csaf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/document"
	"theriac/model"
)

// about says to whom the notice goes, and which action it is.
func (n *notice) about() *document.Section {
	t := &document.Terms{}
	term := func(name string, blocks ...document.Block) {
		t.Terms = append(t.Terms, document.Term{Name: document.T("%s", n.say(name)), Blocks: blocks})
	}
	term("To", n.para("All who use, operate or maintain the devices named here, and those who answer for safety and for networks where they are used."))
	field := n.Case.FieldAction.Reference
	if field == "" {
		term("Reference of the action", n.gap("the reference of the action", n.Case.ID+": field-action.reference"))
	} else {
		term("Reference of the action", say(field))
	}
	term("Date", say(n.Day.String()))
	if n.Case.Advisory != "" {
		term("Security advisory", say(n.Case.Advisory))
	}
	s := n.section("about", "About this notice", t)
	if n.Case.FieldAction.Urgent == model.Yes {
		s.Blocks = append([]document.Block{&document.Callout{Kind: document.Warning, Title: n.say("Urgent"), Blocks: []document.Block{n.para("Please act at once.")}}}, s.Blocks...)
	}
	return s
}

// devices are the devices concerned and their manufacturer.
func (n *notice) devices() (*document.Section, error) {
	versions, err := n.versions()
	if err != nil {
		return nil, err
	}
	product, affected := n.File.Product, strings.TrimSpace(n.Case.FieldAction.Affected)
	t := &document.Table{Columns: []document.Column{{Title: n.say("Device"), Width: 4}, {Title: n.say("Software version"), Width: 2}, {Title: "UDI-DI", Kind: document.Code, Width: 3}}}
	for _, m := range n.models() {
		for _, r := range versions {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(m.name), document.W(r.Version), n.stated(m.identifier(r))}})
		}
		if len(versions) == 0 {
			version := document.W(n.say("see below"))
			if affected == "" {
				version = n.stated("")
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(m.name), version, n.stated(m.udi)}})
		}
	}
	s := n.section("devices", "Which devices", t)
	switch {
	case affected != "":
		s.Blocks = append(s.Blocks, n.prose(n.Case, "field-action.affected", affected, "")...)
	case len(versions) == 0:
		s.Blocks = append(s.Blocks, n.gap("which devices are concerned", n.Case.ID+": field-action.affected"))
	}
	who := &document.Table{Columns: []document.Column{{Title: n.say("Manufacturer"), Width: 3}, {Title: n.say("Address"), Width: 4}, {Title: "SRN", Kind: document.Code, Width: 2}}}
	by := product.Manufacturer
	who.Rows = []document.Row{{Cells: []document.Cell{n.stated(by.Name), n.stated(by.Address), n.stated(by.SRN)}}}
	s.Blocks = append(s.Blocks, who)
	return s, nil
}

// versions are the releases that are out and in the range of the case.
func (n *notice) versions() (list []*model.Release, err error) {
	if n.Case.Releases == "" {
		return nil, nil
	}
	for _, r := range n.File.Releases {
		if !isOut(r, n.Day) {
			continue
		}
		in, err := n.Covers(n.Case.Releases, r.Version)
		if err != nil {
			return nil, fmt.Errorf("cases.%s.releases: %w", n.Case.ID, err)
		}
		if in {
			list = append(list, r)
		}
	}
	return list, nil
}

// deviceModel is a device as it is sold.
type deviceModel struct {
	name, udi string
	variant   bool
}

// identifier is the UDI-DI of a release.
func (m deviceModel) identifier(r *model.Release) string {
	if r.UDIDI != "" && !m.variant {
		return r.UDIDI
	}
	return m.udi
}

// models are the product, and the variants that have a name or UDI-DI of their own.
func (n *notice) models() []deviceModel {
	list := []deviceModel{{n.File.Product.Name, n.File.Product.UDIDI, false}}
	for _, v := range n.File.Variants {
		if v.Name != "" || v.UDIDI != "" {
			m := deviceModel{v.Name, v.UDIDI, true}
			if m.name == "" {
				m.name = n.File.Product.Name + ", " + n.title(v)
			}
			list = append(list, m)
		}
	}
	return list
}

// reason says why there is an action, and who can come to harm.
func (n *notice) reason() *document.Section {
	s := n.section("reason", "Why you get this notice", n.prose(n.Case, "field-action.reason", n.Case.FieldAction.Reason, "why there is an action, with its risk")...)
	risks := n.risks()
	var harms []*model.Harm
	for _, r := range risks {
		for h := range model.Targets(r.Harms) {
			if !slices.Contains(harms, h) {
				harms = append(harms, h)
			}
		}
	}
	slices.SortStableFunc(harms, func(a, b *model.Harm) int { return n.rank(b.Severity) - n.rank(a.Severity) })
	switch {
	case len(risks) == 0:
		s.Blocks = append(s.Blocks, n.gap("which risks the case touches", n.Case.ID+": risks"))
	case len(harms) == 0:
		s.Blocks = append(s.Blocks, n.para("By what is known nobody comes to harm."))
	default:
		l := &document.List{}
		for _, h := range harms {
			text := n.say("%s (severity: %s)", n.title(h), n.level(h.Severity))
			l.Items = append(l.Items, document.Item{Blocks: []document.Block{say(text)}, Source: document.Source{Entity: h.ID}})
		}
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Warning, Title: n.say("This harm can follow"), Blocks: []document.Block{l}})
	}
	for _, r := range risks {
		if r.Impact != "" {
			s.Blocks = append(s.Blocks, n.prose(r, "impact", r.Impact, "")...)
		}
	}
	return s
}

// annex names the vulnerabilities, for those who answer for networks; nil where there are
// none.
func (n *notice) annex() *document.Section {
	ids := n.vulnerabilities()
	if len(ids) == 0 {
		return nil
	}
	return n.section("annex", "Annex for those who answer for networks", n.para("Vulnerabilities: %s", strings.Join(ids, ", ")))
}

// rank is the place of a level on the scale of severity, from the lowest; -1 for none.
func (n *notice) rank(level string) int {
	if n.File.Policy == nil {
		return -1
	}
	return slices.Index(n.File.Policy.Risk.Severity, level)
}

// level is a level of the scale of severity, in the words of the file.
func (n *notice) level(name string) string {
	if i := n.rank(name); i >= 0 {
		return n.tell(n.File.Policy, "risk.severity."+strconv.Itoa(i), name)
	}
	return name
}

// risks are those that the case and its decisions name, each once.
func (n *notice) risks() []*model.Risk {
	list := slices.Collect(model.Targets(n.Case.Risks))
	for d := range model.Targets(n.Case.Decisions) {
		if d.Risk.OK() && d.Status == isAffected && !slices.Contains(list, d.Risk.To) {
			list = append(list, d.Risk.To)
		}
	}
	return list
}

// vulnerabilities are the ids that the case and its decisions name, each once.
func (n *notice) vulnerabilities() []string {
	list := slices.Clone(n.Case.Vulnerabilities)
	for d := range model.Targets(n.Case.Decisions) {
		for _, id := range d.About() {
			if d.Status == isAffected && id != "*" && !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}

// users says what users must do, in the words of the field action alone: what decisions
// say is for those who know networks, and stands in the advisory.
func (n *notice) users() *document.Section {
	s := n.section("users", "What you must do", n.prose(n.Case, "field-action.users", n.Case.FieldAction.Users, "what users must do")...)
	switch by := n.Case.FieldAction.ActBy; {
	case !by.IsZero():
		s.Blocks = append(s.Blocks, n.para("Please do this by %s.", by.String()))
	case n.Case.FieldAction.Urgent != model.Yes: // which is at once
		s.Blocks = append(s.Blocks, n.gap("by when users must have acted", n.Case.ID+": field-action.act-by"))
	}
	return s
}

// action says what the manufacturer does.
func (n *notice) action() (*document.Section, error) {
	s := n.section("action", "What the manufacturer does", n.prose(n.Case, "field-action.action", n.Case.FieldAction.Action, "what is done with the devices")...)
	var fixes []string
	for d := range model.Targets(n.Case.Decisions) {
		if d.Status != isAffected || d.Fix == "" || slices.Contains(fixes, d.Fix) {
			continue
		}
		fixes = append(fixes, d.Fix)
		by, err := FixedBy(n.File.Releases, d.Fix, n.Day, n.Covers)
		switch {
		case err != nil:
			return nil, fmt.Errorf("decisions.%s.fix: %w", d.ID, err)
		case by != nil:
			s.Blocks = append(s.Blocks, n.para("Fixed in version %s of the software.", by.Version))
		default:
			s.Blocks = append(s.Blocks, n.para("A correction is planned in version %s of the software.", d.Fix))
			if day := PlannedDay(n.File.Releases, d.Fix); !day.IsZero() {
				s.Blocks = append(s.Blocks, n.para("That version is planned for %s.", day.String()))
			}
		}
	}
	if reported := n.done("reported", "field-action"); !reported.IsZero() {
		s.Blocks = append(s.Blocks, n.para("The competent authority was told of this action on %s.", n.dayOf(reported)))
	}
	return s, nil
}

// passOn says who else must read the notice.
func (n *notice) passOn() *document.Section {
	return n.section("pass-on", "Pass this notice on", &document.List{Items: []document.Item{
		{Blocks: []document.Block{n.para("Give this notice to everybody in your organisation who has to know of it, and to each organisation to which the devices were given on.")}},
		{Blocks: []document.Block{n.para("Keep the notice in mind, and beside the devices, until the action is complete.")}},
		{Blocks: []document.Block{n.para("Report every incident with these devices to the manufacturer, and a serious one to the competent authority of your Member State as well.")}},
	}})
}

// contact is where questions go.
func (n *notice) contact() *document.Section {
	s := n.section("contact", "Contact")
	var c model.Contact
	if v := n.File.VulnerabilityHandling; v != nil {
		c = v.Contact
	}
	if c.Email == "" && c.URL == "" {
		s.Blocks = []document.Block{n.gap("whom readers can ask", "vulnerability-handling: contact")}
		return s
	}
	encryption := ""
	if c.Encryption != "" {
		encryption = n.tell(n.File.VulnerabilityHandling, "contact.encryption", c.Encryption)
	}
	s.Blocks = []document.Block{terms([2]string{n.say("Mail"), c.Email}, [2]string{n.say("Web"), c.URL}, [2]string{n.say("Encryption"), encryption})}
	return s
}

// room is a line that stays empty, for handwriting: a no-break space.
const room = "\u00a0"

// slip is what the reader sends back.
func (n *notice) slip() *document.Section {
	t := &document.Table{Columns: []document.Column{{Title: n.say("Please fill in"), Width: 3}, {Title: n.say("Your answer"), Width: 4}}}
	row := func(name, value string) {
		answer := document.W(value)
		if value == "" {
			answer = document.Lines(document.T(room), document.T(room))
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(name), answer}})
	}
	row(n.say("Reference of the action"), n.Case.FieldAction.Reference)
	row(n.say("Device"), n.File.Product.Name)
	for _, name := range []string{
		"Organisation and address", "Department", "Serial numbers of your devices",
		"We read and understood the notice (yes, no)", "It was passed on to all who have to know of it (yes, no)",
		"What the notice asks was done with all devices (yes, no, number of devices)", "Devices that are no longer here, and who has them",
		"Name and role", "Mail and telephone", "Date and signature",
	} {
		row(n.say(name), "")
	}
	s := n.section("slip", "Acknowledgement", n.para("Please send this page back, also when you have none of these devices. It shows that the notice arrived."))
	s.Blocks = append(s.Blocks, n.sendBack()...)
	s.Blocks = append(s.Blocks, t)
	return s
}

// sendBack says by when the slip is wanted and to whom it goes.
func (n *notice) sendBack() []document.Block {
	field := n.Case.FieldAction
	var blocks []document.Block
	if field.AnswerBy.IsZero() {
		blocks = append(blocks, n.gap("by when users must answer", n.Case.ID+": field-action.answer-by"))
	} else {
		blocks = append(blocks, n.para("We need your answer by %s.", field.AnswerBy.String()))
	}
	switch v := n.File.VulnerabilityHandling; {
	case strings.TrimSpace(field.ReturnTo) != "":
		blocks = append(blocks, n.para("Send it to:"))
		blocks = append(blocks, n.prose(n.Case, "field-action.return-to", field.ReturnTo, "")...)
	case v != nil && v.Contact.Email != "":
		blocks = append(blocks, n.para("Send it to:"), say(v.Contact.Email))
	default:
		blocks = append(blocks, n.gap("where the acknowledgement goes", n.Case.ID+": field-action.return-to"))
	}
	return blocks
}
