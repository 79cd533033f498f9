package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
)

// mostRoles is how many roles stand side by side in a table.
const mostRoles = 11

// archPrivileges compares the permissions of roles with those that their tasks need.
func (b *Book) archPrivileges() *document.Section {
	s := b.Section("privileges", b.Say("Roles and permissions"))
	if len(b.File.Roles) == 0 || len(b.File.Permissions) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("roles with permissions")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("Least privilege: a role has a permission because its tasks need it. \"has\" is a permission that the role has and needs, \"too much\" one that it has without need, \"lacks\" one that it needs and does not have; an empty cell is neither. Critical permissions are those whose abuse can harm a patient or the security of the device."))
	tables := (len(b.File.Roles) + mostRoles - 1) / mostRoles
	for i := range tables { // as even as can be
		from, to := i*len(b.File.Roles)/tables, (i+1)*len(b.File.Roles)/tables
		s.Blocks = append(s.Blocks, b.privilegeTable(b.File.Roles[from:to], i+1))
	}
	t := &document.Table{ID: "critical", Caption: b.Say("Critical permissions, and who needs them"), Columns: []document.Column{columnOf(b.Say("Permission"), 4), columnOf(b.Say("Lets a holder use or change"), 4), columnOf(b.Say("Needed by"), 3), columnOf(b.Say("Held by"), 3)}}
	for _, p := range b.File.Permissions {
		if p.Critical == model.Yes {
			t.Rows = append(t.Rows, document.Row{ID: p.ID, Source: b.From(p), Cells: []document.Cell{
				b.titleAndID(p), Names(b, All(p.Allows)), orNotStated(b, Names(b, All(p.NeededBy))), Names(b, model.Users[*model.Role](p, "permissions"))}})
		}
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Para("No permission is stated to be critical.")))
	return s
}

func (b *Book) privilegeTable(roles []*model.Role, number int) *document.Table {
	t := &document.Table{ID: fmt.Sprintf("privileges-%d", number), Caption: b.Say("Permissions of roles"), Wide: true, Columns: []document.Column{columnOf(b.Say("Permission"), 3.4), columnOf(b.Say("Critical"), 1.2)}}
	for _, r := range roles {
		t.Columns = append(t.Columns, columnOf(b.Title(r), 1.6, document.State))
	}
	for _, p := range b.File.Permissions {
		row := document.Row{Source: b.From(p), Cells: []document.Cell{b.titleAndID(p), b.YesNo(p.Critical)}}
		for _, r := range roles {
			row.Cells = append(row.Cells, b.privilege(r, p))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// privilege compares what a role has with what it needs.
func (b *Book) privilege(r *model.Role, p *model.Permission) document.Cell {
	has, needs := model.Refers(r.Permissions, p.ID), model.Refers(p.NeededBy, r.ID)
	switch {
	case has && needs:
		return document.C(document.Badge(document.Good, b.Say("has")))
	case has && len(p.NeededBy) == 0:
		return document.C(document.Badge(document.Partly, b.Say("has, need not stated")))
	case has:
		return document.C(document.Badge(document.Bad, b.Say("too much")))
	case needs:
		return document.C(document.Badge(document.Partly, b.Say("lacks")))
	}
	return document.Cell{}
}

// archAccounts says how people and machines prove who they are.
func (b *Book) archAccounts() *document.Section {
	s := b.Section("accounts", b.Say("Accounts, authentication and sessions"))
	t := &document.Table{ID: "accounts", Caption: b.Say("Roles and their authentication"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Role"), 3.4), columnOf(b.Say("Type"), 1.6), columnOf(b.Say("Authentication"), 2.2), columnOf(b.Say("Shared account"), 1.4), columnOf(b.Say("Credential as shipped"), 3.4),
		columnOf(b.Say("Session ends or locks after"), 1.8), columnOf(b.Say("From outside the room"), 1.5), columnOf(b.Say("Why it is acceptable as it is"), 4)}}
	for _, r := range b.File.Roles {
		logoff := b.Or(r.AutoLogoff.String())
		if r.AutoLogoff.IsZero() && r.Type == "node" {
			logoff = document.Cell{}
		}
		t.Rows = append(t.Rows, document.Row{ID: r.ID, Source: b.From(r), Cells: []document.Cell{
			b.titleAndID(r), document.W(string(r.Type)), b.Or(spaced(r.Authentication)), b.YesNo(r.Shared), b.credential(r), logoff, b.YesNo(r.Remote), b.maybeProse(r, "justification", r.Justification)}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("roles"))))
	p := b.File.Policy
	if p == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("rules for passwords and sessions")))
		return s
	}
	f := b.factsOf(p)
	length := b.Or("")
	if p.Password.MinLength > 0 {
		length = document.W(b.Say("%d characters", p.Password.MinLength))
	}
	f.add(b.Say("Shortest password"), "password.min-length", length)
	f.prose(b.Say("After failed attempts"), "password.lockout", p.Password.Lockout)
	f.prose(b.Say("How passwords are kept"), "password.storage", p.Password.Storage)
	f.add(b.Say("Common passwords are refused"), "password.blocklist", b.YesNo(p.Password.Blocklist))
	f.add(b.Say("Longest idle time of any role"), "session.idle-limit", b.Or(p.Session.IdleLimit.String()))
	f.prose(b.Say("What stays usable while the device is locked"), "session.emergency", p.Session.Emergency)
	s.Blocks = append(s.Blocks, f.terms)
	return s
}

func (b *Book) credential(r *model.Role) document.Cell {
	if r.Default == "" {
		return b.Or("")
	}
	words := b.Say(meaningOf(r.Default.Values(), string(r.Default)))
	if r.Default == "fixed" {
		return document.C(document.Badge(document.Bad, words))
	}
	return document.W(words)
}

// archCryptography is the inventory of keys, protocols and limits.
func (b *Book) archCryptography() *document.Section {
	s := b.Section("cryptography", b.Say("Cryptography"))
	if p := b.File.Policy; p != nil {
		f := b.factsOf(p)
		f.prose(b.Say("Catalogue of algorithms that is followed"), "cryptography.reference", p.Crypto.Reference)
		f.add(b.Say("Lowest version of TLS"), "cryptography.min-tls", b.Or(p.Crypto.MinTLS))
		f.add(b.Say("Algorithms and protocols that may be used"), "cryptography.allowed", b.Or(strings.Join(p.Crypto.Allowed, ", ")))
		s.Blocks = append(s.Blocks, f.terms)
	} else {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("limits for algorithms and keys")))
	}
	what := &document.Table{ID: "keys", Caption: b.Say("Keys, certificates and machine credentials"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Key"), 3.6), columnOf(b.Say("Purpose"), 2.4), columnOf(b.Say("Algorithm"), 2), columnOf(b.Say("Bits"), 0.9, document.Figure), columnOf(b.Say("Kept in"), 2.6), columnOf(b.Say("Public part alone"), 1.3),
		columnOf(b.Say("Never leaves hardware"), 2.4), columnOf(b.Say("Each unit has its own"), 1.3), columnOf(b.Say("Used by"), 3)}}
	life := &document.Table{ID: "key-life", Caption: b.Say("Life of keys"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Key"), 2.2), columnOf(b.Say("Put there by"), 3.4), columnOf(b.Say("Valid for"), 1.3), columnOf(b.Say("Rotation"), 3.4), columnOf(b.Say("Revocation"), 3.4), columnOf(b.Say("Destruction"), 3.4), columnOf(b.Say("Why it is acceptable as it is"), 3)}}
	for _, k := range b.File.Keys {
		size := document.Cell{}
		if k.Size > 0 {
			size = document.N(k.Size)
		}
		what.Rows = append(what.Rows, document.Row{ID: k.ID, Source: b.From(k), Cells: []document.Cell{
			b.titleAndID(k), document.W(meaningOf(k.Purpose.Values(), string(k.Purpose))), b.Or(k.Algorithm), size, refName(b, k.HeldIn), b.YesNo(k.Public), b.inHardware(k), b.YesNo(k.PerDevice), idCell(b, keyUsers(k))}})
		life.Rows = append(life.Rows, document.Row{Source: b.From(k), Cells: []document.Cell{
			document.Lines(document.Text{b.ID(k)}), b.proseLines(k, "provisioned", k.Provisioned), document.W(k.Validity.String()), b.proseLines(k, "rotation", k.Rotation), b.proseLines(k, "revocation", k.Revocation),
			b.proseLines(k, "destruction", k.Destruction), b.maybeProse(k, "justification", k.Justification)}})
	}
	if len(what.Rows) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("keys")))
	} else {
		s.Blocks = append(s.Blocks, what, life)
	}
	s.Blocks = append(s.Blocks, b.protocolTable())
	return s
}

// keyUsers are the entities that use a key, of the architecture and of updates.
func keyUsers(k *model.Key) (list []model.Entity) {
	for _, e := range model.Users[model.Entity](k) {
		switch e.(type) {
		case *model.Interface, *model.Store, *model.Component, *model.UpdatePolicy:
			if !slices.Contains(list, e) {
				list = append(list, e)
			}
		}
	}
	return list
}

func (b *Book) inHardware(k *model.Key) document.Cell {
	if k.Public == model.Yes && !k.Hardware.Known() {
		return document.Cell{}
	}
	c := b.YesNo(k.Hardware)
	if k.HardwareIn.OK() {
		c.Lines = append(c.Lines, document.Text{b.Name(k.HardwareIn.To)})
	}
	return c
}

// protocolTable lists what protects connections and stored data, with where it is used.
func (b *Book) protocolTable() document.Block {
	type use struct{ in, at []model.Entity }
	uses := map[string]*use{}
	note := func(protection string, e model.Entity, rest bool) {
		if model.States(protection) != model.Yes {
			return
		}
		name := strings.Join(strings.Fields(protection), " ")
		if uses[name] == nil {
			uses[name] = &use{}
		}
		if rest {
			uses[name].at = append(uses[name].at, e)
		} else {
			uses[name].in = append(uses[name].in, e)
		}
	}
	for _, i := range b.File.Interfaces {
		note(i.Encryption, i, false)
	}
	for _, f := range b.File.Flows {
		note(f.Encryption, f, false)
	}
	for _, st := range b.File.Stores {
		note(st.Encryption, st, true)
	}
	t := &document.Table{ID: "protocols", Caption: b.Say("Encryption in use"), Columns: []document.Column{columnOf(b.Say("Encryption"), 4), columnOf(b.Say("In transit"), 4), columnOf(b.Say("At rest"), 4)}}
	for _, name := range sortedKeys(uses) {
		u := uses[name]
		t.Rows = append(t.Rows, document.Row{Source: b.From(slices.Concat(u.in, u.at)[0], "encryption"), Cells: []document.Cell{document.W(name), idCell(b, u.in), idCell(b, u.at)}})
	}
	return withRows(t, b.Para("No encryption is stated for interfaces, flows or stores."))
}
