package techdoc

import (
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// disclosure is the form while it is filled in: the book, and what many questions ask.
type disclosure struct {
	*Book
	said     []mds2Statement
	ports    []*model.Interface                  // of the device, within reach of others, not switched off
	shut     []*model.Interface                  // of the device and switched off
	services []*model.Interface                  // network services of the device, in and out
	stores   []*model.Store                      // on the device
	software []*model.Component                  // on the device
	personal []*model.Asset                      // data about people
	people   []*model.Role                       // roles of people, without emergency access
	moving   map[*model.Interface][]*model.Asset // personal data
	unsorted map[*model.Interface][]*model.Asset // data of which the file does not say whether they are
}

func newDisclosure(b *Book) *disclosure {
	f := b.File
	d := &disclosure{Book: b, said: mds2Statements(f), moving: map[*model.Interface][]*model.Asset{}, unsorted: map[*model.Interface][]*model.Asset{}}
	for _, i := range f.Interfaces {
		switch {
		case !i.Component.OK() || !model.OnDevice(i.Component.To) || i.Exposure == "internal":
		case i.State == "disabled":
			d.shut = append(d.shut, i)
		default:
			d.ports = append(d.ports, i)
		}
	}
	for _, s := range b.Policy.Services {
		if !slices.Contains(d.services, s.Interface) {
			d.services = append(d.services, s.Interface)
		}
	}
	d.stores = thoseThat(f.Stores, func(s *model.Store) bool { return model.OnDevice(s) })
	d.software = thoseThat(f.Components, func(c *model.Component) bool {
		return model.OnDevice(c) && c.Type != "hardware" && c.Type != "device"
	})
	d.personal = thoseThat(f.Assets, d.isPersonal)
	d.people = thoseThat(f.Roles, func(r *model.Role) bool { return r.Type != "node" && r.Type != "emergency" })
	d.follow()
	return d
}

// follow finds the personal data that move over interfaces: accepted, shown, or carried
// by a flow.
func (d *disclosure) follow() {
	move := func(i *model.Interface, assets []model.Ref[*model.Asset]) {
		for a := range model.Targets(assets) {
			switch {
			case d.isPersonal(a) && !slices.Contains(d.moving[i], a):
				d.moving[i] = append(d.moving[i], a)
			case isUnsorted(a) && !slices.Contains(d.unsorted[i], a):
				d.unsorted[i] = append(d.unsorted[i], a)
			}
		}
	}
	for _, i := range d.File.Interfaces {
		move(i, i.Accepts)
		move(i, i.Shows)
	}
	for _, l := range d.File.Flows {
		for i := range model.Targets(l.Over) {
			move(i, l.Carries)
		}
	}
}

// isPersonal reports whether an asset is data about people.
func (d *disclosure) isPersonal(a *model.Asset) bool { return a.Type == "data" && a.Personal() }

// isUnsorted reports whether the file leaves open if an asset is data about people.
func isUnsorted(a *model.Asset) bool { return a.Type == "data" && a.PersonalData == "" }

// carriers are the interfaces of some media over which personal data move.
func (d *disclosure) carriers(of func(*model.Interface) bool) []*model.Interface {
	return thoseThat(d.ports, func(i *model.Interface) bool { return len(d.moving[i]) > 0 && of(i) })
}

// ofMedia makes a condition of media.
func ofMedia(media ...model.Medium) func(*model.Interface) bool {
	return func(i *model.Interface) bool { return slices.Contains(media, i.Medium) }
}

// always is the condition of all interfaces; byMachine that of those at which no person
// is the other end.
func always(*model.Interface) bool      { return true }
func byMachine(i *model.Interface) bool { return !i.Medium.Person() }

// onNetwork are services and links of a network, cable or radio.
func onNetwork(i *model.Interface) bool { return i.Medium.Network() || i.Medium.Wireless() }

// personalStores are the stores of the device that hold personal data.
func (d *disclosure) personalStores() []*model.Store {
	return thoseThat(d.stores, func(s *model.Store) bool {
		_, holds := model.First(s.Holds, d.isPersonal)
		return holds
	})
}

// storeHolds reports whether a store holds data of some content.
func storeHolds(s *model.Store, content ...model.Content) bool {
	_, ok := model.First(s.Holds, func(a *model.Asset) bool { return slices.Contains(content, a.Content) })
	return ok
}

// peersOf are the systems at the other ends of an interface, outside the operator's
// network, where outside is true, else those inside of it.
func peersOf(i *model.Interface, outside bool) []model.Entity {
	var list []model.Entity
	for e := range model.Targets(i.Peers) {
		if model.OnDevice(e) || !isSystem(e) {
			continue
		}
		if z := model.ZoneOf(e); z != nil && (z.Trust == "managed" || z.Trust == "public") == outside {
			list = append(list, e)
		}
	}
	return list
}

// withStrangers are interfaces of which the file does not say who is at the other end,
// or where.
func withStrangers(list []*model.Interface) []*model.Interface {
	return thoseThat(list, func(i *model.Interface) bool {
		return len(i.Peers) == 0 || slices.ContainsFunc(All(i.Peers), func(e model.Endpoint) bool { return model.ZoneOf(e) == nil })
	})
}

// isSystem reports whether an endpoint is a machine and no person.
func isSystem(e model.Endpoint) bool {
	a, actor := e.(*model.Actor)
	return !actor || a.Type == "system"
}

// partnersOf are the systems at the other ends of interfaces, each once.
func partnersOf(list []*model.Interface, outside bool) []model.Entity {
	var all []model.Entity
	for _, i := range list {
		for _, e := range peersOf(i, outside) {
			if !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	return all
}

// speaking are the interfaces whose protocol matches.
func speaking(list []*model.Interface, protocol *lazyregexp.Regexp) []*model.Interface {
	return thoseThat(list, func(i *model.Interface) bool { return protocol.MatchString(i.Protocol) })
}

// Lists from which absence can be concluded.
const (
	theInterfaces = "the interfaces of the device"
	theComponents = "the components of the device"
	theStores     = "where data are kept"
)

// listed reports whether the file lists some entities and says of each whether it is
// on the device: only then does absence say something.
func listed[E model.Entity](list []E) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(e E) bool { return model.ZoneOf(e) == nil })
}

// notListed is the answer where a list is absent or in part of unknown place.
func (d *disclosure) notListed(what, where string) mds2Reply {
	return d.open(what+", with the zone of each", where)
}

// protocolsKnown reports whether every network service says what it speaks, so that
// what none speaks is not there.
func (d *disclosure) protocolsKnown() bool {
	return listed(d.File.Interfaces) && !slices.ContainsFunc(d.services, func(i *model.Interface) bool { return i.Protocol == "" })
}

// controls are those of the device that give a capability.
func (d *disclosure) controls(c model.Capability) []model.Entity {
	return asEntities(thoseThat(d.File.Controls, func(k *model.Control) bool {
		return mds2SpeakerOf(k) == aboutDevice && slices.Contains(k.Capabilities, c)
	}))
}

// entitled are the roles of people with a right over an asset for which a condition
// holds.
func (d *disclosure) entitled(to func(*model.Asset) bool) []*model.Role {
	return thoseThat(d.people, func(r *model.Role) bool {
		_, may := model.First(r.Permissions, func(p *model.Permission) bool {
			_, allows := model.First(p.Allows, to)
			return allows
		})
		return may
	})
}

// documents are those of the file that contain one of some items of the catalogue,
// without this one.
func (d *disclosure) documents(items ...string) []model.Entity {
	return asEntities(thoseThat(d.File.Documents, func(doc *model.Document) bool {
		return doc.Type != "mds2" && doc.Status != "planned" &&
			slices.ContainsFunc(items, func(item string) bool { return slices.Contains(doc.Items, item) })
	}))
}

// documented answers yes where a document contains one of some items.
func documented(missing string, items ...string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if docs := d.documents(items...); len(docs) > 0 {
			return d.yes("It is in", docs...)
		}
		return d.open(missing, "documents: items "+items[0])
	}
}

// byFact answers by a fact of the product.
func byFact(name, yes, no string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		p := d.File.Product
		switch p.Facts.Answer(name) {
		case model.Yes:
			return d.yes(yes, p).at("facts." + name)
		case model.No:
			return d.no(no, p).at("facts." + name)
		}
		return d.open("whether "+strings.ToLower(yes[:1])+yes[1:], "product: facts."+name, p)
	}
}
