package techdoc

import (
	"fmt"
	"slices"

	"theriac/model"
)

// Data in transit and service from afar: TXCF, TXIG and RMOT.
var _ = mds2Answers(map[string]mds2Rule{
	"TXCF-1": cableOnly,
	"TXCF-2": encryptedInTransit,
	"TXCF-2.1": func(d *disclosure) mds2Reply {
		switch r := encryptedInTransit(d); r.Answer {
		case mds2Yes:
			r = d.none("Over network, radio and removable media nothing leaves without encryption (TXCF-2)")
			if bare := d.bareCables(); len(bare) > 0 {
				r = r.and(d, withoutEncryption, asEntities(bare)...)
			}
			return r
		case mds2None:
			return r
		}
		return d.tells("whether encryption in transit can be configured", "controls: capabilities txcf, cnfs", deviceSays("txcf cnfs", `encrypt|\btls\b`, `set|configur|administrator`))
	},
	"TXCF-3": disclose("whether destinations are limited to a fixed list", "controls: capabilities sahd",
		deviceSays("", `(\bonly\b|except|configured|fixed|known|pinned).*\b(peers|address(es)?|names|destinations|connections that are configured|printer)\b|\b(peers|address(es)?|names)\b.*\b(only|configured)\b`,
			`\bports?\b|packets?|connection|outward|outbound|reports go`)),
	"TXCF-4": func(d *disclosure) mds2Reply {
		list := d.exchanges()
		if len(list) == 0 {
			return d.noExchange()
		}
		return allOfThem(d, list, (*model.Interface).Authentic, "The other end proves who it is", "The other end proves nothing",
			"how the other end proves who it is", "interfaces: authentication").at("authentication")
	},
	"TXCF-5": secureMethods,

	"TXIG-1": func(d *disclosure) mds2Reply {
		list := d.exchanges()
		if len(list) == 0 {
			list = d.clinicalServices()
		}
		if len(list) == 0 {
			return d.noServices("The device sends no data over a network or media")
		}
		return allOfThem(d, list, (*model.Interface).Intact, "Change in transit is prevented or shown", "Change in transit is not shown",
			"how change in transit is shown", "interfaces: integrity").at("integrity")
	},
	"TXIG-2": subcomponents,

	"RMOT-1":   remoteService,
	"RMOT-1.1": inRemoteSession("who starts a session of remote service", `\bconsent|\bopens a session|session code|switch(es|ed) it on`),
	"RMOT-1.2": inRemoteSession("whether the device shows that a session is on", `\bbar\b|\bmark|\bshown|indicat|\bframe\b|display|banner|lamp`),
	"RMOT-1.3": patientsInSession,
	"RMOT-2":   maintenanceData,
	"RMOT-3":   otherRemote,
})

// exchanges are the interfaces over which personal data move between machines by
// network, radio or removable media.
func (d *disclosure) exchanges() []*model.Interface { return d.carriers(isExchange) }

func isExchange(i *model.Interface) bool { return onNetwork(i) || i.Medium == "removable-media" }

// noExchange says that a question about exchanges does not apply.
func (d *disclosure) noExchange() mds2Reply {
	return d.nothingMoves(isExchange, d.none, "No personal data move over a network or media")
}

func cableOnly(d *disclosure) mds2Reply {
	cables := d.carriers(ofMedia("serial", "usb"))
	switch list := d.exchanges(); {
	case len(list) > 0:
		return d.no("They also move over", asEntities(list)...)
	case len(cables) > 0:
		return d.yes("Over", asEntities(cables)...)
	}
	return d.nothingMoves(byMachine, d.none, "No personal data move between systems")
}

func encryptedInTransit(d *disclosure) mds2Reply {
	list := d.exchanges()
	if len(list) == 0 {
		return d.noExchange()
	}
	r := allOfThem(d, list, (*model.Interface).Confidential, "Encrypted", "Not encrypted",
		"how personal data are encrypted in transit", "interfaces: encryption").at("encryption")
	if bare := d.bareCables(); len(bare) > 0 {
		r = r.and(d, withoutEncryption, asEntities(bare)...)
	}
	return r
}

const withoutEncryption = "Over serial lines and USB, which this question leaves out, without encryption"

// bareCables are the serial lines and USB connections that carry personal data and are
// not known to encrypt them.
func (d *disclosure) bareCables() []*model.Interface {
	return thoseThat(d.carriers(ofMedia("serial", "usb")), func(i *model.Interface) bool { return i.Confidential() != model.Yes })
}

// secureMethods quotes protocol and encryption of each exchange.
func secureMethods(d *disclosure) mds2Reply {
	list := d.exchanges()
	if len(list) == 0 {
		return d.noExchange()
	}
	know := func(i *model.Interface) model.Answer {
		c, n := i.Confidential(), i.Intact()
		switch {
		case c == model.Yes && n == model.Yes:
			return model.Yes
		case c == model.No || n == model.No:
			return model.No
		}
		return model.Unknown
	}
	r := allOfThem(d, list, know, "Encrypted and safe against change", "Not encrypted, or not safe against change",
		"how transmission is protected", "interfaces: encryption, integrity").at("encryption")
	for _, i := range list {
		if i.Protocol != "" && i.Encryption != "" {
			r.Notes = append(r.Notes, d.quoted(i, fmt.Sprintf("%s; %s", i.Protocol, i.Encryption)))
		}
	}
	return r
}

// subcomponents answers by devices and accessories at the other end of a cable.
func subcomponents(d *disclosure) mds2Reply {
	var parts []*model.Component
	for _, i := range d.ports {
		for e := range model.Targets(i.Peers) {
			c, ok := e.(*model.Component)
			if ok && c.Type == "device" && isPhysical(i) && !slices.Contains(parts, c) {
				parts = append(parts, c)
			}
		}
	}
	switch {
	case len(parts) > 0:
		return d.yes("Joined by cable", asEntities(parts)...)
	case !listed(d.File.Interfaces):
		return d.notListed(theInterfaces, "interfaces: component")
	}
	return d.no("No part or accessory is joined by an external cable")
}

// remoteRoles are the service roles that act from afar.
func (d *disclosure) remoteRoles() (remote, unknown []*model.Role) {
	service := thoseThat(d.people, func(r *model.Role) bool { return r.Type == "service" })
	remote, _, unknown = sortedByKnown(service, func(r *model.Role) model.Answer { return r.Remote })
	return remote, unknown
}

// serviceLinks are network services for service staff.
func (d *disclosure) serviceLinks() []*model.Interface {
	return thoseThat(d.services, func(i *model.Interface) bool { return i.Purpose == "service" })
}

func remoteService(d *disclosure) mds2Reply {
	roles, unknown := d.remoteRoles()
	links := d.serviceLinks()
	switch {
	case len(roles) > 0 || len(links) > 0:
		r := mds2Reply{Answer: mds2Yes}
		if len(links) > 0 {
			r = r.and(d, "Over", asEntities(links)...)
		}
		if len(roles) > 0 {
			r = r.and(d, "By", asEntities(roles)...)
		}
		return r
	case len(unknown) > 0 || len(d.File.Roles) == 0 || !listed(d.File.Interfaces):
		return d.open("whether service staff act from afar", "roles: remote", asEntities(unknown)...)
	}
	return d.no("No service role acts from afar, and no network service is for service")
}

// inRemoteSession leaves a question about sessions to what the controls say.
func inRemoteSession(missing string, patterns ...string) mds2Rule {
	of := deviceSays("", patterns...)
	return func(d *disclosure) mds2Reply {
		if r := remoteService(d); r.Answer == mds2No {
			return d.none("Remote service is not possible (RMOT-1)")
		}
		guards := d.remoteGuards()
		var list []mds2Statement
		for _, s := range d.said {
			known := slices.ContainsFunc(list, func(o mds2Statement) bool { return o.of == s.of })
			if !known && len(list) < mostQuoted && slices.Contains(guards, s.of) && of.answeredBy(s) {
				list = append(list, s)
			}
		}
		if len(list) == 0 {
			return d.open(missing, "controls: description")
		}
		return mds2Reply{Answer: mds2Notes}.quoting(d, list)
	}
}

// remoteGuards are the controls that guard the links of remote service, and the
// requirements that make them concrete.
func (d *disclosure) remoteGuards() []model.Entity {
	var list []model.Entity
	for _, i := range d.serviceLinks() {
		for c := range model.Targets(i.Controls) {
			if !slices.Contains(list, model.Entity(c)) {
				list = append(list, c)
			}
		}
	}
	for _, q := range d.File.Requirements {
		if _, ok := model.First(q.Implements, func(c *model.Control) bool { return slices.Contains(list, model.Entity(c)) }); ok {
			list = append(list, q)
		}
	}
	return list
}

func patientsInSession(d *disclosure) mds2Reply {
	links := d.serviceLinks()
	switch {
	case len(links) == 0 && remoteService(d).Answer == mds2No:
		return d.none("Remote service is not possible (RMOT-1)")
	case len(links) == 0:
		return d.open("over which interface remote service goes", "interfaces: purpose service")
	}
	health := thoseThat(links, func(i *model.Interface) bool { return len(d.moving[i]) > 0 })
	if len(health) > 0 {
		return d.yes("Personal data move over", asEntities(health)...).at("shows")
	}
	for _, i := range links {
		if len(i.Shows) == 0 {
			return d.open("what an interface shows", "interfaces: shows", i)
		}
	}
	r := d.no("No personal data move over", asEntities(links)...).at("shows")
	return r.quoting(d, d.speak(deviceSays("didt", `remote|session|diagnos|stream|telemetry`)))
}

func maintenanceData(d *disclosure) mds2Reply {
	links := d.serviceLinks()
	sending := thoseThat(links, func(i *model.Interface) bool {
		_, ok := model.First(i.Shows, func(a *model.Asset) bool { return a.Content == "diagnostics" || a.Content == "status" })
		return ok
	})
	switch {
	case len(sending) > 0:
		return d.yes("Data for service are sent over", asEntities(sending)...).at("shows")
	case len(links) > 0:
		return d.no("What these show is no data for service", asEntities(links)...).at("shows")
	}
	if r := remoteService(d); r.Answer == mds2No {
		return d.no("Remote service is not possible (RMOT-1)")
	}
	return d.open("over which interface remote service goes", "interfaces: purpose service")
}

// otherRemote are network services with systems outside the customer's that are for
// something else than service.
func otherRemote(d *disclosure) mds2Reply {
	others := thoseThat(d.services, func(i *model.Interface) bool { return i.Purpose != "service" && len(peersOf(i, true)) > 0 })
	switch {
	case len(others) > 0:
		return d.yes("Over", asEntities(others)...).at("purpose")
	case !listed(d.File.Interfaces):
		return d.notListed(theInterfaces, "interfaces: component")
	}
	if open := withStrangers(d.services); len(open) > 0 {
		return d.open("who is at the other end of some services", "interfaces: peers", asEntities(open)...)
	}
	return d.no("No other network service has a system outside the customer's at its other end")
}
