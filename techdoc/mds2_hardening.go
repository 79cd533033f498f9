package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// The system itself and what the operator is told: PLOK, SAHD and SGUD.
var _ = mds2Answers(map[string]mds2Rule{
	"PLOK-1": byFact("is-software", "The software itself is the device", "The device has hardware of its own"),
	"PLOK-2": withHardware(disclose("how parts with personal data are secured against removal", "controls: capabilities plok",
		deviceSays("plok", `screw|\btools?\b|\bseal|housing|enclosure`))),
	"PLOK-3": withHardware(disclose("whether these parts are behind a lock with its own key", "controls: capabilities plok",
		deviceSays("plok", `\bkeyed\b|\bown key\b|individual key|cylinder`))),
	"PLOK-4": withHardware(mediaLock),

	"SAHD-1":   hardeningStandards,
	"SAHD-2":   certified,
	"SAHD-3":   startVerified("The software is checked at start"),
	"SAHD-3.1": startVerified("Only software that is signed by the manufacturer starts"),
	"SAHD-3.2": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		if u.Signed == model.No {
			return d.no("The device takes updates that are not signed", u).at("signed")
		}
		return onlySigned(d, u, d.yes, "The device refuses what the manufacturer did not sign", "whether updates are signed")
	}),
	"SAHD-4": disclose("whether the operator can check the integrity", "controls: capabilities sahd, igau",
		deviceSays("", `(version|integrity)\b.*\b(result|check|verif)\w*\b.*\b(screen|shown|shows)\b|\bintegrity (check|failure)\w*\b.*\b(shown|screen|notice)\b`)),
	"SAHD-5":   rightsByData,
	"SAHD-5.1": byRole,
	"SAHD-6":   atDelivery,
	"SAHD-6.1": func(d *disclosure) mds2Reply {
		if r := d.accountKeepers(); len(r) > 0 {
			return d.yes("Accounts are managed by", asEntities(r)...).at("permissions")
		}
		return d.open("who manages accounts", "permissions: allows")
	},
	"SAHD-6.2": leastRights,
	"SAHD-7":   sharedResources,
	"SAHD-8":   unneededPorts,
	"SAHD-9": disclose("which services are removed or off", "controls: capabilities sahd",
		deviceSays("", `\b(no|not|without|remove\w*)\b.*\b(shell|telnet|ftp|remote login|network servers?)\b`)),
	"SAHD-10": disclose("which programs are removed or off", "controls: capabilities sahd",
		deviceSays("", `\b(no|not|without|remove\w*)\b.*\b(compiler|interpreter|package manager|browser|applets?)\b`)),
	"SAHD-11": startVerified("What is not signed does not start, from whatever medium"),
	"SAHD-12": foreignParts,
	"SAHD-13": disclose("whether documents tell of security scans", "documents", siteSays(`\bscan(s|ner|ning)?\b`)),
	"SAHD-14": disclose("whether it can be hardened further", "controls: capabilities cnfs",
		deviceSays("cnfs", `strict|weaker|safest|default|preset`), deviceSays("cnfs", `set|switch`)),
	"SAHD-14.1": documented("which document tells how to harden the device", "mdcg.hcp.hardening", "mdcg.ifu.security-config"),
	"SAHD-15":   bootLoader,
	"SAHD-16": func(d *disclosure) mds2Reply {
		c := thoseThat(d.File.Controls, func(c *model.Control) bool {
			return mds2SpeakerOf(c) == aboutDevice && slices.Contains(c.Features, "hardening")
		})
		if len(c) > 0 {
			return d.yes("By", asEntities(c)...).at("features")
		}
		return d.open("which controls harden the device", "controls: features hardening")
	},

	"SGUD-1": securityDocuments,
	"SGUD-2": erasure,
	"SGUD-3": documented("in which document accounts are described", "mdcg.secdoc.roles"),
	"SGUD-3.1": func(d *disclosure) mds2Reply {
		keepers := d.accountKeepers()
		if len(keepers) == 0 {
			return d.open("who manages accounts", "permissions: allows")
		}
		r := d.notes("Accounts are managed by", asEntities(keepers)...)
		return r.proofs(d, d.people)
	},
	"SGUD-4": compensating,
})

// withHardware does not apply to devices that are software.
func withHardware(rule mds2Rule) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if p := d.File.Product; p.Facts.IsSoftware == model.Yes {
			return d.none("The software itself is the device (PLOK-1)", p).at("facts.is-software")
		}
		return rule(d)
	}
}

func mediaLock(d *disclosure) mds2Reply {
	media := thoseThat(d.ports, ofMedia("removable-media"))
	if len(media) == 0 {
		if !listed(d.File.Interfaces) {
			return d.notListed(theInterfaces, "interfaces: component")
		}
		return d.none("No interface is for removable media (CONN-1.2.3)")
	}
	return d.tells("whether removable media can be locked", "controls: capabilities plok",
		deviceSays("plok mldp sahd", `\busb\b|media\b|stick|ports can`, `\block|switched off|\bcover`))
}

// hardeningStandards names technical standards of the product, and clauses that
// hardening controls follow.
func hardeningStandards(d *disclosure) mds2Reply {
	p := d.File.Product
	var cited []string
	for _, s := range []struct {
		name  model.Standard
		cited string
	}{{"iec-62443-4-2", "IEC 62443-4-2"}, {"iec-tr-60601-4-5", "IEC TR 60601-4-5"}} {
		if slices.Contains(p.Standards, s.name) {
			cited = append(cited, s.cited)
		}
	}
	if len(cited) > 0 {
		return d.yes("The manufacturer applies "+strings.Join(cited, ", "), p).at("standards")
	}
	var by []*model.Control
	for _, c := range d.File.Controls {
		if slices.Contains(c.Capabilities, "sahd") && mds2SpeakerOf(c) == aboutDevice && len(c.Standards) > 0 {
			by, cited = append(by, c), append(cited, c.Standards...)
		}
	}
	if len(by) > 0 {
		slices.Sort(cited)
		return d.notes("Hardening follows "+strings.Join(slices.Compact(cited), ", "), asEntities(by)...).at("standards")
	}
	return d.open("by which standard it is hardened", "product: standards", p)
}

var (
	securityScheme = lazyregexp.New(`(?i)common criteria|iso/iec 15408|fips 140|\bsesip\b|\bpsa certified\b|\bisasecure\b|\biec 62443-\d-\d\b|\bul 2900|\beucc\b`)
	certificate    = lazyregexp.New(`(?i)\bcertif(ied|icates?|ication)\b`)
)

// certified quotes the certificates of the device for security. A certificate of a
// part answers nothing of the device, and is told as what it is.
func certified(d *disclosure) mds2Reply {
	p := d.File.Product
	both := func(text string) bool { return securityScheme.MatchString(text) && certificate.MatchString(text) }
	if own := thoseThat(p.OtherStandards, both); len(own) > 0 {
		return mds2Reply{Answer: mds2Notes}.quote(d, p, "other-standards", strings.Join(own, "; "))
	}
	r := d.open("whether the device has been certified for security by a third party", "product: other-standards", p)
	parts := thoseThat(d.File.Components, func(c *model.Component) bool { return model.OnDevice(c) && both(c.Notes) })
	if len(parts) > 0 {
		r = r.and(d, "What follows is said of parts, not of the device")
		for _, c := range parts[:min(mostQuoted, len(parts))] {
			r = r.quote(d, c, "notes", c.Notes)
		}
	}
	return r
}

// startVerified answers by the parts whose start the file describes.
func startVerified(with string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		parts := thoseThat(d.File.Components, func(c *model.Component) bool {
			return model.OnDevice(c) && (c.Boot.Verified.Known() || c.Type == "operating-system")
		})
		return allOfThem(d, parts, func(c *model.Component) model.Answer { return c.Boot.Verified }, with,
			"The start of these is not verified", "whether the start of the software is verified", "components: boot.verified").at("boot.verified")
	}
}

// atDelivery answers by the credentials with which roles are delivered.
func atDelivery(d *disclosure) mds2Reply {
	unknown := thoseThat(d.people, func(r *model.Role) bool { return r.Default == "" })
	if len(unknown) > 0 || len(d.people) == 0 {
		return d.open("which roles are delivered with credentials", "roles: default-credential", asEntities(unknown)...)
	}
	fixed := thoseThat(d.people, func(r *model.Role) bool { return r.Default == "fixed" })
	r := mds2Reply{Answer: mds2Yes, Field: "default-credential"}
	if len(fixed) > 0 {
		r.Answer = mds2Notes
	}
	for _, v := range model.DefaultCredential("").Values() {
		if roles := thoseThat(d.people, func(r *model.Role) bool { return string(r.Default) == v.Name }); len(roles) > 0 {
			r = r.and(d, sentenceCase(v.Doc), asEntities(roles)...)
		}
	}
	return r
}

func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// leastRights compares the rights of service roles with those that their tasks need.
func leastRights(d *disclosure) mds2Reply {
	service := thoseThat(d.people, func(r *model.Role) bool { return r.Type == "service" })
	if len(service) == 0 {
		return d.open("the roles of service staff", "roles: type service")
	}
	return allOfThem(d, service, func(r *model.Role) model.Answer {
		for p := range model.Targets(r.Permissions) {
			if len(p.NeededBy) == 0 {
				return model.Unknown
			}
			if !model.Refers(p.NeededBy, r.ID) {
				return model.No
			}
		}
		return model.Yes
	}, "They have no right that their tasks do not need", "They have more rights than their tasks need", "which rights the tasks of service staff need", "permissions: needed-by").at("permissions")
}

// rightsByData says that rights are given over kinds of data, where they are.
func rightsByData(d *disclosure) mds2Reply {
	over := thoseThat(d.File.Permissions, func(p *model.Permission) bool {
		_, ok := model.First(p.Allows, func(a *model.Asset) bool { return a.Type == "data" })
		return ok && len(model.Users[*model.Role](p)) > 0
	})
	if len(over) == 0 {
		return d.open("over which data rights are given", "permissions: allows")
	}
	return d.notes("Rights are given by role, over kinds of data and not over single patients or files", asEntities(over)...).at("allows")
}

var shareProtocol = lazyregexp.New(`(?i)\b(smb|cifs|nfs|ftps?|tftp|afp|webdav|rsync)\b`)

func sharedResources(d *disclosure) mds2Reply {
	if !d.protocolsKnown() {
		return d.open("which protocols the network services speak", "interfaces: protocol")
	}
	if shares := speaking(d.services, shareProtocol); len(shares) > 0 {
		return d.notes("File sharing is among the network services", asEntities(shares)...).at("protocol")
	}
	return d.yes("No network service of the device shares files")
}

// unneededPorts answers no where something listens that no interface declares, and else
// by what is switched off and what the controls say.
func unneededPorts(d *disclosure) mds2Reply {
	for _, c := range d.software {
		for _, l := range c.Listens {
			t, port, ok := model.ListenAt(l)
			declared := slices.ContainsFunc(d.ports, func(i *model.Interface) bool { return i.Transport == t && i.Port == port && i.Listening() })
			if ok && !declared {
				return d.no(fmt.Sprintf("%s listens, and no interface says what for", l), c).at("listens")
			}
		}
	}
	said := d.speak(deviceSays("", `\bports?\b|interface|radio|bluetooth|inbound|packets`, `\bno open port\b|closed|\bdrop|\boff\b|not fitted|shall not be part|unused`))
	if len(said) == 0 {
		return d.open("that ports which are not needed are off", "controls: capabilities sahd", asEntities(d.shut)...)
	}
	r := mds2Reply{Answer: mds2Yes}.quoting(d, said)
	if len(d.shut) > 0 {
		r = r.and(d, "Switched off", asEntities(d.shut)...)
	}
	return r
}

// foreignParts answers no where software must be signed and the housing is guarded.
func foreignParts(d *disclosure) mds2Reply {
	u := d.File.UpdatePolicy
	if u == nil || u.Signed != model.Yes {
		return d.open("whether foreign software can be installed", "update-policy: signed")
	}
	housing := d.controls("plok")
	if len(housing) == 0 {
		return d.open("whether foreign hardware can be installed", "controls: capabilities plok")
	}
	return d.no("Software must be signed by the manufacturer", u).at("signed").and(d, "Hardware is guarded by", housing...)
}

// bootLoader leaves the question to what is said of the boot loader, with the state of
// debug access.
func bootLoader(d *disclosure) mds2Reply {
	r := mds2Reply{Answer: mds2Notes}.quoting(d, d.speak(deviceSays("", `boot ?loader`, `\bconsole\b|\binput\b|\blogin\b`)))
	for _, i := range d.shut {
		if i.Medium == "debug" && bootNotes.MatchString(i.Notes) {
			r = r.quote(d, i, "notes", i.Notes)
		}
	}
	if len(r.Notes) == 0 {
		r = d.open("whether access to the boot loader is refused", "components: boot")
	}
	for _, s := range []struct{ state, words string }{
		{"disabled", "Debug access is fused off or not fitted"}, {"locked", "Debug access opens with a secret of the unit alone"}, {"open", "Debug access is open"},
	} {
		some := thoseThat(d.File.Components, func(c *model.Component) bool { return model.OnDevice(c) && string(c.Boot.Debug) == s.state })
		if len(some) > 0 {
			r = r.and(d, s.words, asEntities(some)...)
		}
	}
	return r
}

var bootNotes = lazyregexp.New(`(?i)boot ?loader`)

// securityDocuments are the documents for operators about security.
func securityDocuments(d *disclosure) mds2Reply {
	docs := thoseThat(d.File.Documents, func(doc *model.Document) bool {
		return doc.Status != "planned" && (doc.Type == "security-guide" || doc.Type == "ifu")
	})
	if len(docs) == 0 {
		return d.open("the security documentation for operators", "documents: type security-guide")
	}
	return d.yes("It is", asEntities(docs)...)
}

// erasure answers by how stores of the device are erased.
func erasure(d *disclosure) mds2Reply {
	stores := d.personalStores()
	if len(stores) == 0 {
		stores = d.stores
	}
	if len(stores) == 0 {
		return d.open("where data are kept", "stores")
	}
	r := mds2Reply{Answer: mds2Yes}
	for _, s := range stores {
		if strings.TrimSpace(s.Erasure) == "" {
			return d.open("how some stores are erased", "stores: erasure", s)
		}
		r = r.quote(d, s, "erasure", s.Erasure)
	}
	return r.quoting(d, d.speak(siteSays(`eras|decommission|dispos`)))
}

// compensating answers by the requirements on the surroundings and where they are told.
func compensating(d *disclosure) mds2Reply {
	env := d.File.Environment
	if len(env) == 0 {
		return d.open("what the surroundings must provide", "environment")
	}
	var docs []model.Entity
	for _, e := range env {
		for doc := range model.Targets(e.Told) {
			if !slices.Contains(docs, model.Entity(doc)) {
				docs = append(docs, doc)
			}
		}
	}
	if len(docs) == 0 {
		return d.open("which documents tell what the surroundings must provide", "environment: told-in", asEntities(env)...)
	}
	return d.yes(plural(len(env), "requirement on the surroundings is told in", "requirements on the surroundings are told in"), docs...)
}
