package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
)

// duties are what falls to a role.
type duties struct {
	role                              string // as it is first written
	answers, takesPart, signs         []document.Text
	heldBy                            []document.Text
	source                            document.Source
	watched, accepted, waived, tested int
}

// dutyList collects roles in the order in which the file names them.
type dutyList struct {
	b    *lifeBook
	list []*duties
	by   map[string]*duties
}

// of is what falls to a role; names that differ in case and blanks alone are one role.
func (l *dutyList) of(role string, source document.Source) *duties {
	key := strings.ToLower(strings.Join(strings.Fields(role), " "))
	if d := l.by[key]; d != nil {
		return d
	}
	d := &duties{role: role, source: source}
	l.list, l.by[key] = append(l.list, d), d
	return d
}

// roles lists each role that the file names with its duties.
func (b *lifeBook) roles() *document.Section {
	l := &dutyList{b: b, by: map[string]*duties{}}
	l.fromPractices()
	l.fromOperation()
	l.fromElements()
	l.fromPolicy()
	s := b.Section("roles", b.Say("Roles and responsibilities"),
		b.Para("Every role that the security file names, with all that falls to it. Names of people stand where a roster of signers holds them."),
		withRows(l.table("responsibilities", b.Say("Who answers for what, and takes part"), b.Say("Answers for"), b.Say("Takes part in"), func(d *duties) (one, two []document.Text) { return d.answers, d.takesPart }),
			b.Gap(nil, "", b.Say("who answers for security"))))
	for _, t := range []*document.Table{
		l.table("watching", b.Say("Who watches, tests and accepts"), b.Say("What"), "", func(d *duties) (one, two []document.Text) { return l.deciding(d), nil }),
		l.table("signing", b.Say("Who signs"), b.Say("Signs"), b.Say("Held by"), func(d *duties) (one, two []document.Text) { return d.signs, d.heldBy }),
	} {
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, t)
		}
	}
	if missing := b.ownerless(); len(missing) > 0 {
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: b.Say("Open"), Blocks: []document.Block{
			document.P(document.Source{}, document.Span{Text: b.Say("Nobody is named who answers for: %s.", strings.Join(missing, "; "))})}})
	}
	return s
}

// table lists the roles that have something in one of two columns; without a title for
// the second it has but one.
func (l *dutyList) table(id, caption, one, two string, of func(*duties) (one, two []document.Text)) *document.Table {
	t := &document.Table{ID: id, Caption: caption, Columns: []document.Column{columnOf(l.b.Say("Role"), 3), columnOf(one, 4)}}
	if two != "" {
		t.Columns = append(t.Columns, columnOf(two, 4))
	}
	for _, d := range l.list {
		first, second := of(d)
		if len(first)+len(second) == 0 {
			continue
		}
		row := document.Row{Source: d.source, Cells: []document.Cell{document.C(document.Bold(d.role)), {Lines: first}}}
		if two != "" {
			row.Cells = append(row.Cells, document.Cell{Lines: second})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ownerless names what nobody answers for.
func (b *lifeBook) ownerless() (missing []string) {
	for _, v := range model.Practice("").Values() {
		list := b.processesOf(model.Practice(v.Name))
		if !slices.ContainsFunc(list, func(pr *model.Process) bool { return strings.TrimSpace(pr.Owner) != "" }) {
			missing = append(missing, b.practiceTitle(model.Practice(v.Name)))
		}
	}
	if v := b.File.VulnerabilityHandling; v == nil || v.Owner == "" {
		missing = append(missing, b.Say("handling of vulnerabilities"))
	}
	if m := b.File.PostMarket; m == nil || m.Owner == "" {
		missing = append(missing, b.Say("post-market surveillance"))
	}
	if m := b.File.PostMarket; m == nil || m.Vigilance.Owner == "" {
		missing = append(missing, b.Say("vigilance reports"))
	}
	if b.File.Product.Manufacturer.PRRC == "" {
		missing = append(missing, b.Say("regulatory compliance"))
	}
	return missing
}

func (l *dutyList) fromPractices() {
	for _, pr := range l.b.File.Processes {
		title := document.Text{{Text: l.b.practiceTitle(pr.Practice)}}
		if strings.TrimSpace(pr.Owner) != "" {
			d := l.of(pr.Owner, l.b.From(pr, "owner"))
			d.answers = append(d.answers, title)
		}
		for _, role := range pr.Roles {
			d := l.of(role, l.b.From(pr, "roles"))
			if strings.EqualFold(strings.TrimSpace(role), strings.TrimSpace(pr.Owner)) {
				continue
			}
			d.takesPart = append(d.takesPart, title)
		}
	}
}

// fromOperation adds what falls to roles after release, and by law.
func (l *dutyList) fromOperation() {
	f := l.b.File
	answer := func(role string, source document.Source, text document.Text) {
		if strings.TrimSpace(role) != "" {
			d := l.of(role, source)
			d.answers = append(d.answers, text)
		}
	}
	if v := f.VulnerabilityHandling; v != nil {
		answer(v.Owner, l.b.From(v, "owner"), document.Text{document.Link(l.b.Say("Handling of vulnerabilities"), "doc:"+postMarketName+"#handling")})
	}
	if m := f.PostMarket; m != nil {
		answer(m.Owner, l.b.From(m, "owner"), document.Text{document.Link(l.b.Say("Post-market surveillance"), "doc:"+postMarketName+"#surveillance")})
		answer(m.Vigilance.Owner, l.b.From(m, "vigilance", "owner"), document.Text{document.Link(l.b.Say("Vigilance reports"), "doc:"+postMarketName+"#vigilance")})
	}
	answer(f.Product.Manufacturer.PRRC, l.b.From(f.Product, "manufacturer", "prrc"), l.b.say("Regulatory compliance (Art. 15)"))
}

// fromElements counts what roles watch, accept, waive and test.
func (l *dutyList) fromElements() {
	count := func(role string, source document.Source, add func(*duties)) {
		if strings.TrimSpace(role) != "" {
			add(l.of(role, source))
		}
	}
	for _, c := range l.b.File.Components {
		count(c.Owner, l.b.From(c, "owner"), func(d *duties) { d.watched++ })
	}
	for _, r := range l.b.File.Risks {
		count(r.Acceptance.By, l.b.From(r, "acceptance", "by"), func(d *duties) { d.accepted++ })
	}
	for _, w := range l.b.File.Waivers {
		count(w.Owner, l.b.From(w, "owner"), func(d *duties) { d.waived++ })
	}
	for _, v := range l.b.File.Verifications {
		count(v.Tester.Who, l.b.From(v, "tester", "who"), func(d *duties) { d.tested++ })
	}
}

// deciding says what a role decides and watches.
func (l *dutyList) deciding(d *duties) []document.Text {
	var lines []document.Text
	for _, c := range []struct {
		n               int
		what, one, many string
	}{
		{d.watched, "watches %s for vulnerabilities", "component", "components"}, {d.accepted, "accepted %s", "risk", "risks"},
		{d.waived, "answers for %s", "waived finding", "waived findings"}, {d.tested, "carries out %s", "verification", "verifications"},
	} {
		if c.n > 0 {
			lines = append(lines, l.b.say(c.what, plural(c.n, c.one, c.many)))
		}
	}
	return lines
}

// fromPolicy adds what roles of the roster sign, and who holds them.
func (l *dutyList) fromPolicy() {
	if pol := l.b.File.Policy; pol != nil {
		for _, s := range pol.Evidence.Signers {
			var kinds []string
			for _, k := range s.Kinds {
				kinds = append(kinds, spaced(k))
			}
			for _, role := range s.Roles {
				d := l.of(role, l.b.From(pol, "evidence", "signers"))
				d.signs = append(d.signs, l.b.say("evidence: %s", strings.Join(kinds, ", ")))
			}
		}
		for _, a := range pol.Approvals {
			for _, role := range a.Roles {
				d := l.of(role, l.b.From(pol, "approvals"))
				d.signs = append(d.signs, l.b.say("%s: %s", string(a.Of), string(a.Meaning)))
			}
		}
	}
	for _, s := range l.b.File.Signers {
		for _, role := range s.Roles {
			d := l.of(role, l.b.From(s))
			name := document.Text{l.b.Name(s)}
			if s.Organisation != "" && !strings.Contains(strings.ToLower(name.String()), strings.ToLower(s.Organisation)) {
				name = append(name, document.Span{Text: ", " + s.Organisation})
			}
			d.heldBy = append(d.heldBy, name)
		}
	}
}
