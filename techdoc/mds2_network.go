package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/document"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/policy"
)

// Connections: CONN and NAUT.
var _ = mds2Answers(map[string]mds2Rule{
	"CONN-1":     connects("No interface of the device is for cables, media or radio", "", func(i *model.Interface) bool { return i.Medium.Wireless() || isPhysical(i) }),
	"CONN-1.1":   connects("No wireless interface is used", switchedOff, func(i *model.Interface) bool { return i.Medium.Wireless() }),
	"CONN-1.1.1": connects("No interface is Wi-Fi", switchedOff, ofMedia("wifi")),
	"CONN-1.1.2": connects("No interface that is used is Bluetooth", switchedOff, ofMedia("bluetooth")),
	"CONN-1.1.3": connects("No interface is of another wireless network", switchedOff, ofMedia("cellular", "radio")),
	"CONN-1.1.4": connects("No other radio link is used", switchedOff, ofMedia("nfc", "rfid")),
	"CONN-1.2":   connects("No interface is for cables or media", "", isPhysical),
	"CONN-1.2.1": connects("No interface is Ethernet", switchedOff, ofMedia("ethernet")),
	"CONN-1.2.2": connects("No interface is USB", switchedOff, isUSB),
	"CONN-1.2.3": connects("No interface is for removable media", switchedOff, ofMedia("removable-media")),
	"CONN-1.2.4": connects("There is no other", switchedOff, ofMedia("serial", "sensor", "printer", "power", "debug")),
	"CONN-2":     portList,
	"CONN-3":     communicates(false, "With", "No interface has a system of the customer at its other end"),
	"CONN-4":     communicates(true, "With", "No interface has a system outside the customer's at its other end"),
	"CONN-5":     apiCalls,
	"CONN-6":     needsInternet,
	"CONN-7":     supportsTLS,
	"CONN-7.1": disclose("whether TLS can be configured", "controls: capabilities txcf, cnfs",
		deviceSays("", `\btls\b|link protection`, `administrator|allowed|on request|\bset\b|settab|configur`)),
	"CONN-8": remoteOperation,

	"NAUT-1":   mutual,
	"NAUT-2":   firewalled,
	"NAUT-2.1": rulesDocumented,
	"NAUT-3":   byCertificate,
})

const switchedOff = "Switched off, or not fitted"

// isPhysical are interfaces with a cable, contact or medium.
func isPhysical(i *model.Interface) bool {
	return ofMedia("ethernet", "usb", "removable-media", "serial", "sensor", "printer", "power", "debug")(i)
}

var usbWords = lazyregexp.New(`(?i)\busb\b|memory stick`)

func isUSB(i *model.Interface) bool {
	return i.Medium == "usb" || i.Medium == "removable-media" && usbWords.MatchString(i.Title+" "+i.Protocol)
}

// connects answers whether interfaces of some kind are there; those that are switched
// off are named.
func connects(without, off string, of func(*model.Interface) bool) mds2Rule {
	return func(d *disclosure) mds2Reply {
		var sockets, services []*model.Interface
		for _, i := range thoseThat(d.ports, of) {
			if slices.Contains(d.services, i) {
				services = append(services, i)
			} else {
				sockets = append(sockets, i)
			}
		}
		r := d.no(without)
		switch {
		case len(sockets) > 0:
			r = d.yes("", asEntities(sockets)...).at("medium")
		case len(services) > 0:
			r = mds2Reply{Answer: mds2Yes}
		case !listed(d.File.Interfaces):
			r = d.notListed(theInterfaces, "interfaces: component")
		}
		if len(services) > 0 {
			r = r.and(d, plural(len(services), "network service uses it (CONN-2)", "network services use it (CONN-2)")).on(services[0], "medium")
		}
		if shut := thoseThat(d.shut, of); off != "" && len(shut) > 0 {
			r = r.and(d, off, asEntities(shut)...)
		}
		return r
	}
}

// portList answers with the ports themselves.
func portList(d *disclosure) mds2Reply {
	if len(d.services) == 0 {
		return d.noServices("The device has no network service")
	}
	r := mds2Reply{Answer: mds2Yes, Field: "port"}
	var silent []model.Entity
	for _, s := range d.Policy.Services {
		if s.Port == 0 || s.Transport == "" {
			silent = append(silent, s.Interface)
			continue
		}
		r.Notes = append(r.Notes, document.Text{document.Literal(portWords(s)), {Text: " " + whenWords(s)}, d.Name(s.Interface)})
		r.About = append(r.About, s.Interface)
	}
	if len(silent) > 0 {
		o := d.open("the port of some services", "interfaces: transport, port", silent...)
		o.Notes = append(o.Notes, r.Notes...)
		return o
	}
	if docs := d.documents("mdcg.hcp.ports", "mdcg.secdoc.firewall-rules"); len(docs) > 0 {
		r = r.and(d, "Also in", docs...)
	}
	return r
}

// portWords is a port as people write it in a firewall request: "tcp/2575 in".
func portWords(s policy.Service) string {
	return fmt.Sprintf("%s/%d %s", s.Transport, s.Port, s.Direction)
}

// whenWords says when a service is not always open.
func whenWords(s policy.Service) string {
	switch s.When {
	case policy.Optional:
		return "(if switched on) "
	case policy.InService:
		return "(in service mode) "
	}
	return ""
}

func communicates(outside bool, with, without string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if list := partnersOf(thoseThat(d.ports, func(i *model.Interface) bool { return !i.Medium.Analogue() }), outside); len(list) > 0 {
			return d.yes(with, list...)
		}
		if silent := withStrangers(d.services); len(silent) > 0 || !listed(d.File.Interfaces) {
			return d.open("who is at the other end of some services", "interfaces: peers", asEntities(silent)...)
		}
		return d.no(without)
	}
}

// apiProtocol are protocols by which programs call each other.
var apiProtocol = lazyregexp.New(`(?i)\b(fhir|rest|https?|soap|grpc|graphql|dicomweb|odata|json-?rpc|xml-?rpc|websockets?)\b`)

func apiCalls(d *disclosure) mds2Reply {
	if found := speaking(d.services, apiProtocol); len(found) > 0 {
		return d.yes("Over", asEntities(found)...).at("protocol")
	}
	if !d.protocolsKnown() {
		return d.open("which protocols the network services speak", "interfaces: protocol")
	}
	return d.no("No network service speaks a protocol for it, such as HTTP or FHIR")
}

// needsInternet answers no where the device has no system outside, and else by what the
// file says of work without network.
func needsInternet(d *disclosure) mds2Reply {
	if r := communicates(true, "", "")(d); r.Answer == mds2No {
		return d.no("The device communicates with no system outside the customer's (CONN-4)")
	}
	return d.tells("whether the intended use needs the internet", "controls: description",
		deviceSays("", `\b(works?|needs? no|need not|independent of|loss of)\b.*\b(link|network|server|cloud|hub|internet)\b|\bwith the network cable removed\b`))
}

// supportsTLS names the versions that interfaces of the device state.
func supportsTLS(d *disclosure) mds2Reply {
	var with []*model.Interface
	var versions []string
	for _, i := range d.ports {
		found := model.Transports(i.Encryption)
		if len(found) == 0 {
			continue
		}
		with = append(with, i)
		for _, p := range found {
			if v := strings.ToUpper(p.String()); !slices.Contains(versions, v) {
				versions = append(versions, v)
			}
		}
	}
	if len(with) > 0 {
		slices.Sort(versions)
		return d.yes(strings.Join(versions, ", ")+" on", asEntities(with)...).at("encryption")
	}
	if silent := thoseThat(d.services, func(i *model.Interface) bool { return i.Encryption == "" }); len(silent) > 0 || !listed(d.File.Interfaces) {
		return d.open("how network services are encrypted", "interfaces: encryption", asEntities(silent)...)
	}
	return d.no("No interface states TLS")
}

// remoteOperation answers by the rights of roles of people that act from afar.
func remoteOperation(d *disclosure) mds2Reply {
	remote, _, unknown := sortedByKnown(d.people, func(r *model.Role) model.Answer { return r.Remote })
	if len(unknown) > 0 || len(d.people) == 0 {
		return d.open("which roles act from afar", "roles: remote", asEntities(unknown)...)
	}
	var can []*model.Role
	for _, r := range remote {
		for p := range model.Targets(r.Permissions) {
			if p.Critical == model.Unknown {
				return d.open("whether a right that is used from afar is critical", "permissions: critical", p)
			}
			if p.Critical == model.Yes && !slices.Contains(can, r) {
				can = append(can, r)
			}
		}
	}
	switch {
	case len(can) > 0:
		return d.yes("Critical rights from afar", asEntities(can)...)
	case len(remote) > 0:
		return d.no("Roles that act from afar have no critical right", asEntities(remote)...)
	}
	return d.no("No role acts from afar", asEntities(d.people)...).at("remote")
}

// clinicalServices are network services other than those of the network itself.
func (d *disclosure) clinicalServices() []*model.Interface {
	return thoseThat(d.services, func(i *model.Interface) bool { return i.Purpose != "infrastructure" && i.Purpose != "time" })
}

// noServices says that a question about network services does not apply, as far as
// interfaces are listed.
func (d *disclosure) noServices(reason string) mds2Reply {
	if !listed(d.File.Interfaces) && d.File.Product.Facts.Connected != model.No {
		return d.notListed(theInterfaces, "interfaces: component")
	}
	return d.none(reason)
}

// provesBoth reports whether both ends of a connection prove who they are.
func provesBoth(i *model.Interface) model.Answer {
	switch i.Authentication {
	case "":
		return model.Unknown
	case "mutual-tls", "pre-shared-key", "challenge-response", "pairing", "wpa2-enterprise", "wpa3-enterprise":
		return model.Yes
	}
	return model.No
}

func mutual(d *disclosure) mds2Reply {
	list := d.clinicalServices()
	if len(list) == 0 {
		return d.noServices("The device has no network service besides those of the network itself")
	}
	return allOfThem(d, list, provesBoth, "Both ends prove who they are", "One end alone proves who it is, or none",
		"how both ends prove who they are", "interfaces: authentication").at("authentication")
}

var firewallWords = lazyregexp.New(`(?i)firewall|packet filter|network filter`)

// firewalled answers yes by the title of a control, and in its words where only the
// description speaks of it.
func firewalled(d *disclosure) mds2Reply {
	named := thoseThat(d.File.Controls, func(c *model.Control) bool {
		return mds2SpeakerOf(c) == aboutDevice && firewallWords.MatchString(c.Title)
	})
	if len(named) > 0 {
		r := d.yes("By", asEntities(named)...)
		for _, c := range named {
			r = r.quote(d, c, "description", c.Description)
		}
		return r
	}
	return d.tells("whether the device controls network access", "controls: capabilities sahd", deviceSays("", `firewall|packet filter|network filter|configured (addresses|peers)`))
}

func rulesDocumented(d *disclosure) mds2Reply {
	if r := firewalled(d); r.Missing != "" {
		return d.open("whether the device controls network access", "controls: capabilities sahd")
	}
	if docs := d.documents("mdcg.secdoc.firewall-rules", "mdcg.hcp.ports"); len(docs) > 0 {
		return d.yes("They are in", docs...)
	}
	return d.open("in which document the firewall rules are", "documents: items mdcg.secdoc.firewall-rules")
}

// byCertificate answers yes where connections or admission to the network rest on
// certificates.
func byCertificate(d *disclosure) mds2Reply {
	net := thoseThat(d.ports, func(i *model.Interface) bool { return i.Medium.Network() })
	with, without, unknown := sortedByKnown(net, func(i *model.Interface) model.Answer {
		switch i.Authentication {
		case "":
			return model.Unknown
		case "mutual-tls", "certificate", "server-tls", "wpa2-enterprise", "wpa3-enterprise":
			return model.Yes
		}
		return model.No
	})
	switch {
	case len(with) > 0 && len(without) == 0 && len(unknown) == 0:
		return d.yes("On", asEntities(with)...).at("authentication")
	case len(with) > 0:
		r := d.yes("On", asEntities(with)...).at("authentication")
		return r.and(d, "Not on", append(asEntities(without), asEntities(unknown)...)...)
	case len(unknown) > 0 || len(net) == 0:
		return d.open("how network connections are authenticated", "interfaces: authentication", asEntities(unknown)...)
	}
	return d.no("No network connection rests on a certificate", asEntities(without)...).at("authentication")
}
