package techdoc

import (
	"slices"
	"strconv"

	"theriac/document"
	"theriac/model"
)

// roles says who may do what.
func (g *guide) roles() *document.Section {
	s := g.chapter("roles", g.Para("Give each person the role that the work needs, and no other. No password and no code stands in this document."))
	if len(g.File.Roles) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("roles and their rights")))
		return s
	}
	s.Sections = append(s.Sections, g.roleTable(), g.rights(), g.passwords(), g.emergency())
	return s
}

// roleTable is the roles with how they log in.
func (g *guide) roleTable() *document.Section {
	t := &document.Table{Columns: []document.Column{
		{Title: g.Say("Role"), Width: 3}, {Title: g.Say("Kind"), Width: 1.4}, {Title: g.Say("Login"), Width: 2}, {Title: g.Say("Factory credentials"), Width: 2},
		{Title: g.Say("Logged off after"), Width: 1.3}, {Title: g.Say("From outside the room"), Width: 1.1},
	}}
	s := g.Section("roles-list", g.Say("Roles"), t)
	for _, r := range g.File.Roles {
		off := g.Or(g.span(r.AutoLogoff))
		if r.Type == "node" && r.AutoLogoff.IsZero() {
			off = document.W("–")
		}
		t.Rows = append(t.Rows, document.Row{Source: g.From(r), Cells: []document.Cell{
			document.W(g.Title(r)), document.W(word(g, roleWords, r.Type)), document.W(word(g, authenticationWords, r.Authentication)),
			document.W(word(g, defaultWords, r.Default)), off, g.YesNo(r.Remote),
		}})
	}
	return s
}

// maxRoles is how many roles stand side by side in a table of rights.
const maxRoles = 8

// rights is the matrices of rights and roles: of people and of machines, several where
// there are many.
func (g *guide) rights() *document.Section {
	s := g.Section("roles-rights", g.Say("Rights of the roles"),
		g.Para("“yes” marks the rights of a role. An asterisk marks rights whose abuse can harm patients or the security of the device."))
	var people, machines []*model.Role
	for _, r := range g.File.Roles {
		if r.Type == "node" {
			machines = append(machines, r)
		} else {
			people = append(people, r)
		}
	}
	for _, list := range [][]*model.Role{people, machines} {
		for roles := range slices.Chunk(list, maxRoles) {
			if t := g.matrix(roles); len(t.Rows) > 0 {
				s.Blocks = append(s.Blocks, t)
			}
		}
	}
	return s
}

func (g *guide) matrix(roles []*model.Role) *document.Table {
	t := &document.Table{Wide: true, Caption: g.Say("Rights of the roles"), Columns: []document.Column{{Title: g.Say("Right"), Width: 3}}}
	for _, r := range roles {
		t.Columns = append(t.Columns, document.Column{Title: g.Title(r)})
	}
	for _, p := range g.File.Permissions {
		name := g.Title(p)
		if p.Critical == model.Yes {
			name += " *"
		}
		row, held := document.Row{Cells: []document.Cell{document.W(name)}, Source: g.From(p)}, false
		for _, r := range roles {
			has := model.Refers(r.Permissions, p.ID)
			held = held || has
			mark := ""
			if has {
				mark = g.Say("yes")
			}
			row.Cells = append(row.Cells, document.W(mark))
		}
		if held {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// passwords says what the device asks of passwords and sessions.
func (g *guide) passwords() *document.Section {
	s := g.Section("roles-login", g.Say("Passwords and sessions"))
	p := g.File.Policy
	if p == nil {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("rules for passwords and sessions")))
		return s
	}
	t := &document.Terms{}
	length := ""
	if p.Password.MinLength > 0 {
		length = g.Say("%d characters", p.Password.MinLength)
	}
	g.fact(t, "Shortest password", p, "password.min-length", length)
	g.words(t, "After failed attempts", p, "password.lockout", p.Password.Lockout)
	t.Terms = append(t.Terms, g.answer("Common passwords are refused", p, "password.blocklist", p.Password.Blocklist))
	g.duration(t, "Longest idle time of any role", p, "session.idle-limit", p.Session.IdleLimit)
	s.Blocks = append(s.Blocks, t)
	if list := g.controls("alof"); len(list) > 0 {
		s.Blocks = append(s.Blocks, described(g, list, "description", controlText))
	}
	return s
}

func controlText(c *model.Control) string { return c.Description }

// answer is a name with yes or no.
func (g *guide) answer(name string, e model.Entity, field string, a model.Answer) document.Term {
	source := g.at(e, field)
	c := g.YesNo(a)
	return document.Term{Name: document.T("%s", g.Say(name)), Blocks: []document.Block{&document.Paragraph{Text: c.Lines[0], Source: source}}, Source: source}
}

// emergency says how the device is used when there is no time to log in.
func (g *guide) emergency() *document.Section {
	s := g.Section("roles-emergency", g.Say("Access in an emergency"))
	for _, r := range g.File.Roles {
		if r.Type != "emergency" {
			continue
		}
		rights := All(r.Permissions)
		s.Blocks = append(s.Blocks, document.P(g.From(r), document.Bold(g.Title(r))))
		if r.Justification != "" {
			s.Blocks = append(s.Blocks, g.sentence(r, "justification", r.Justification))
		}
		if len(rights) > 0 {
			s.Blocks = append(s.Blocks, document.P(g.From(r, "permissions"), document.Span{Text: g.Say("Rights: %s", titles(g, rights))}))
		}
	}
	if list := g.controls("emrg"); len(list) > 0 {
		s.Blocks = append(s.Blocks, described(g, list, "description", controlText))
	}
	if len(s.Blocks) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device has no access for emergencies."))
	}
	return s
}

// setup says how the device is installed and set up securely.
func (g *guide) setup() *document.Section {
	s := g.chapter("setup")
	s.Sections = append(s.Sections, g.firstSteps(), g.settings(), g.seals(), g.optional())
	return s
}

// firstSteps is what is done before first use, in this order.
func (g *guide) firstSteps() *document.Section {
	list := []document.Item{
		bullet(document.Source{}, document.Span{Text: g.Say("Provide what the device relies on:") + " "}, g.ref("environment", g.titleOf("environment")), document.Span{Text: "."}),
		bullet(document.Source{}, document.Span{Text: g.Say("Set up the firewall:") + " "}, g.ref("firewall-rules", g.Say("Rules")), document.Span{Text: "."}),
	}
	for _, r := range g.File.Roles {
		if text := g.credential(r); text != "" {
			list = append(list, bullet(g.From(r, "default-credential"), document.Span{Text: text}))
		}
	}
	list = append(list, bullet(document.Source{}, document.Span{Text: g.Say("Give each person an account of their own:") + " "}, g.ref("roles", g.titleOf("roles")), document.Span{Text: "."}),
		bullet(document.Source{}, document.Span{Text: g.Say("Check the security settings:") + " "}, g.ref("setup-settings", g.Say("Security settings")), document.Span{Text: "."}))
	if g.File.Logging != nil && len(g.File.Logging.Export) > 0 {
		list = append(list, bullet(g.From(g.File.Logging, "export"), document.Span{Text: g.Say("Set up the export of records:") + " "}, g.ref("logging", g.titleOf("logging")), document.Span{Text: "."}))
	}
	list = append(list, bullet(document.Source{}, document.Span{Text: g.Say("Set up the backup and try out a restore:") + " "}, g.ref("backup", g.titleOf("backup")), document.Span{Text: "."}))
	return g.Section("setup-steps", g.Say("Before first use"), numbered(list...))
}

// credential says what is to be done about the factory credentials of a role; ""
// where there are none.
func (g *guide) credential(r *model.Role) string {
	text := ""
	switch r.Default {
	case "unique":
		text = g.Say("%s: the factory credential differs for each unit. Whoever holds it keeps it under lock until it is used.", g.quoted(g.Title(r)))
	case "forced-change":
		text = g.Say("%s: change the factory credential before first use. The device asks for it.", g.quoted(g.Title(r)))
	case "fixed":
		text = g.Say("%s: the factory credential is the same on every unit and cannot be changed. Keep strangers away from the login.", g.quoted(g.Title(r)))
	default:
		return ""
	}
	if r.Justification != "" {
		text += " " + g.tell(r, "justification", r.Justification)
	}
	return text
}

// settings says what can be set for security.
func (g *guide) settings() *document.Section {
	s := g.Section("setup-settings", g.Say("Security settings"))
	list := g.controls("cnfs")
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, g.Gap(nil, "", g.Say("which security settings the device has")))
		return s
	}
	s.Blocks = append(s.Blocks, described(g, list, "description", controlText))
	return s
}

// seals says how the device is protected against hands.
func (g *guide) seals() *document.Section {
	s := g.Section("setup-physical", g.Say("Physical protection"))
	list := g.controls("plok")
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device has no locks or seals of its own."))
		return s
	}
	s.Blocks = append(s.Blocks, described(g, list, "description", controlText))
	return s
}

// optional lists what is off until somebody switches it on, but for what serves only to
// debug the device: no hospital needs that.
func (g *guide) optional() *document.Section {
	s := g.Section("setup-optional", g.Say("What is off until you switch it on"))
	l := &document.List{}
	for _, i := range g.File.Interfaces {
		if (i.State == "optional" || i.State == "service-only") && i.Purpose != "debug" && i.Component.OK() && model.OnDevice(i.Component.To) {
			port := ""
			if i.Port > 0 {
				port = ", " + strconv.Itoa(i.Port)
			}
			l.Items = append(l.Items, bullet(g.From(i, "state"), document.Span{Text: g.Title(i) + " (" + word(g, mediumWords, i.Medium) + port + "): " + g.state(i)}))
		}
	}
	if len(l.Items) == 0 {
		s.Blocks = append(s.Blocks, g.Para("No interface waits to be switched on."))
		return s
	}
	s.Blocks = append(s.Blocks, g.Para("Switch on only what you need, and switch it off again afterwards:"), l)
	return s
}
