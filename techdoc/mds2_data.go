package techdoc

import (
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// Personal data and how they are kept: MPII, DIDT, DTBK, IGAU and STCF.
var _ = mds2Answers(map[string]mds2Rule{
	"MPII-1": personalData,
	"MPII-2": func(d *disclosure) mds2Reply {
		if s := d.personalStores(); len(s) > 0 {
			return d.yes("Kept in", asEntities(s)...).at("holds")
		}
		return d.keptNowhere()
	},
	"MPII-2.1": volatileOnly,
	"MPII-2.2": internalMedia("Kept on internal media in"),
	"MPII-2.3": storesQuoted("how long personal data stay", "retention", func(s *model.Store) string { return s.Retention }),
	"MPII-2.4": database,
	"MPII-2.5": storesQuoted("how long personal data stay", "retention", func(s *model.Store) string { return s.Retention }),
	"MPII-2.6": personalWith("With systems over", "No interface carries personal data to or from another system", func(i *model.Interface) bool {
		return len(peersOf(i, false))+len(peersOf(i, true)) > 0
	}),
	"MPII-2.7": internalMedia("What is stored stays without power"),
	"MPII-2.8": mediaRemovable,
	"MPII-2.9": apartFromSystem,
	"MPII-3":   personalOver("Over", "No interface moves personal data between systems", byMachine),
	"MPII-3.1": personalOver("Shown on", "No screen shows personal data", ofMedia("screen")),
	"MPII-3.2": personalOver("Printed over", "No interface prints personal data", func(i *model.Interface) bool {
		return i.Medium == "printer" || printProtocol.MatchString(i.Protocol)
	}),
	"MPII-3.3": personalOver("Over", "No interface for removable media moves personal data", ofMedia("removable-media")),
	"MPII-3.4": personalOver("Over", "No serial or USB interface moves personal data", ofMedia("serial", "usb")),
	"MPII-3.5": personalOver("Over", "No wired network carries personal data", ofMedia("ethernet")),
	"MPII-3.6": personalWireless,
	"MPII-3.7": personalWith("To or from systems outside, over", "No interface carries personal data to or from systems outside the operator's network", func(i *model.Interface) bool {
		return len(peersOf(i, true)) > 0
	}),
	"MPII-3.8": func(d *disclosure) mds2Reply {
		if c := d.carriers(ofMedia("barcode")); len(c) > 0 {
			return d.notes("No document scanner is among the interfaces; codes are read by", asEntities(c)...)
		}
		return d.nothingMoves(ofMedia("barcode"), d.no, "No interface scans documents")
	},
	"MPII-3.9": proprietary,
	"MPII-3.10": personalOver("Over", "No other interface moves personal data", func(i *model.Interface) bool {
		return !i.Medium.Network() && !i.Medium.Person() && !ofMedia("wifi", "bluetooth", "cellular", "removable-media", "usb", "serial")(i)
	}),

	"DIDT-1": func(d *disclosure) mds2Reply {
		if c := d.controls("didt"); len(c) > 0 {
			return d.yes("By", c...).quoting(d, d.speak(deviceSays("didt", `patient|identif|personal|name`)))
		}
		return d.open("whether the device takes identifying data out", "controls: capabilities didt")
	},
	"DIDT-1.1": func(d *disclosure) mds2Reply {
		if d.protocolsKnown() && len(speaking(d.ports, dicomProtocol)) == 0 {
			return d.none("The device does not speak DICOM")
		}
		return d.tells("which DICOM profiles for de-identification it follows", "controls: capabilities didt", deviceSays("didt", `dicom`))
	},

	"DTBK-1": func(d *disclosure) mds2Reply {
		if len(d.personalStores()) == 0 {
			return d.keptNowhere()
		}
		return storesQuoted("how long personal data stay", "retention", func(s *model.Store) string { return s.Retention })(d)
	},
	"DTBK-2": disclose("whether it can be reset to the state of delivery", "controls: capabilities dtbk",
		deviceSays("", `delivery state|factory (reset|state|settings)|state of delivery`), deviceSays("", `\beras`, `sets? (it )?up (again|anew)`)),
	"DTBK-3": backsUp("Backed up to removable media over", func(i *model.Interface) bool { return i.Medium == "removable-media" || i.Medium == "usb" },
		`stick|removable|medi(a|um)\b|usb|service port`),
	"DTBK-4": backsUp("Backed up over the network over", onNetwork, `\bshare\b|server|remote|cloud|network|repository|to the ward|syslog`),
	"DTBK-5": func(d *disclosure) mds2Reply {
		if c := d.controls("dtbk"); len(c) > 0 {
			return d.yes("By", c...).quoting(d, d.speak(deviceSays("dtbk", `configuration|settings|previous (one|version|release)|old one`)))
		}
		return d.open("whether configuration and software can be restored", "controls: capabilities dtbk")
	},
	"DTBK-6": disclose("how integrity and origin of a backup are checked", "controls: capabilities dtbk",
		deviceSays("dtbk", `export|backup|back-up|restor`, `\bsign|integrity|check|verif`)),

	"IGAU-1": func(d *disclosure) mds2Reply {
		return d.overStores(func(s *model.Store) model.Answer { return model.States(s.Integrity) }, "Change is shown in", "Change is not shown in",
			"how change of stored personal data is shown", "integrity", func(s *model.Store) string { return s.Integrity })
	},
	"IGAU-2": storesQuoted("how personal data are backed up", "backup", func(s *model.Store) string { return s.Backup }),

	"STCF-1":   encryptedStores,
	"STCF-1.1": allEncrypted,
	"STCF-1.2": encryptedByDefault,
	"STCF-1.3": func(d *disclosure) mds2Reply {
		switch r := encryptedByDefault(d); {
		case r.Answer == mds2Yes:
			return d.none("Encryption needs no configuration (STCF-1.2)")
		case r.Answer == mds2None:
			return r
		}
		return d.tells("how encryption is configured", "controls: capabilities stcf", deviceSays("stcf cnfs", `encrypt`, `set|configur|administrator`))
	},
	"STCF-2": keysChange,
	"STCF-3": database,
	"STCF-4": databaseOutside,
})

var (
	printProtocol  = lazyregexp.New(`(?i)\b(ipps?|lpd|lpr|jetdirect|pcl|postscript|escpr|print)\b`)
	dicomProtocol  = lazyregexp.New(`(?i)dicom`)
	commonProtocol = lazyregexp.New(`(?i)\b(hl7|mllp|fhir|dicom|https?|ldap|mqtt|ipps?|syslog|astm|lis2|poct1|ftps?|sftp|smb|cifs|nfs|ssh|snmp|coap|opc|ieee 11073|modbus|can-?fd|gs1|code128|iso-?1[0-9]{4}|websocket|exfat|fat32|bluetooth|gatt|ipp|smtp|radius)`)
	databaseWords  = lazyregexp.New(`(?i)\b(databases?|sqlite|sql|postgres(ql)?|mysql|mariadb|mongodb|firebird|oracle|rocksdb|leveldb|lmdb|influxdb|realm)\b`)
)

// personalData answers whether there are personal data at all.
func personalData(d *disclosure) mds2Reply {
	p := d.File.Product
	switch a := p.Facts.PersonalData; {
	case a == model.No && len(d.personal) == 0:
		return d.no("The device processes no personal data", p).at("facts.personal-data")
	case len(d.personal) > 0:
		return d.yes("They are", asEntities(d.personal)...).at("personal-data")
	case a == model.Yes:
		return d.open("which assets are personal data", "assets: personal-data", p)
	}
	return d.open("whether it processes personal data", "product: facts.personal-data", p)
}

// keptNowhere answers no where the stores are listed and none holds personal data.
func (d *disclosure) keptNowhere() mds2Reply {
	if r := personalData(d); r.Missing != "" {
		return r
	}
	if !listed(d.File.Stores) && d.File.Product.Facts.PersonalData != model.No {
		return d.notListed(theStores, "stores: component")
	}
	for _, s := range d.stores {
		if a, ok := model.First(s.Holds, isUnsorted); ok {
			return d.open("whether what a store holds is personal data", "assets: personal-data", a)
		}
	}
	return d.no("No store of the device holds personal data")
}

// noneKept says that a question about kept personal data does not apply.
func (d *disclosure) noneKept() mds2Reply {
	r := d.keptNowhere()
	if r.Missing == "" {
		r.Answer = mds2None
	}
	return r
}

// nothingMoves answers where no interface of some kind carries personal data, as far as
// interfaces and data are listed.
func (d *disclosure) nothingMoves(of func(*model.Interface) bool, say func(string, ...model.Entity) mds2Reply, reason string) mds2Reply {
	if r := personalData(d); r.Missing != "" {
		return r
	}
	if !listed(d.File.Interfaces) && d.File.Product.Facts.PersonalData != model.No {
		return d.notListed(theInterfaces, "interfaces: component")
	}
	for _, i := range d.ports {
		if open := d.unsorted[i]; of(i) && len(open) > 0 {
			return d.open("whether what an interface carries is personal data", "assets: personal-data", asEntities(open)...)
		}
	}
	return say(reason)
}

// personalOver answers whether personal data move over some interfaces.
func personalOver(with, without string, of func(*model.Interface) bool) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if c := d.carriers(of); len(c) > 0 {
			return d.yes(with, asEntities(c)...)
		}
		return d.nothingMoves(of, d.no, without)
	}
}

// personalWith is personalOver for a condition of the other ends, which must be known.
func personalWith(with, without string, of func(*model.Interface) bool) mds2Rule {
	return func(d *disclosure) mds2Reply {
		open := withStrangers(d.carriers(byMachine))
		if len(d.carriers(of)) == 0 && len(open) > 0 {
			return d.open("who is at the other end of some interfaces", "interfaces: peers", asEntities(open)...)
		}
		return personalOver(with, without, of)(d)
	}
}

// personalWireless counts services on a network that the device can join by radio.
func personalWireless(d *disclosure) mds2Reply {
	direct := d.carriers(func(i *model.Interface) bool { return i.Medium.Wireless() })
	if len(direct) > 0 {
		return d.yes("Over", asEntities(direct)...)
	}
	links := thoseThat(d.ports, func(i *model.Interface) bool { return i.Medium.Wireless() && i.Medium.Network() })
	services := d.carriers(func(i *model.Interface) bool { return slices.Contains(d.services, i) })
	if len(links) > 0 && len(services) > 0 {
		return d.yes("The network can be joined over", asEntities(links)...).and(d, "Services with personal data", asEntities(services)...)
	}
	return d.nothingMoves(func(i *model.Interface) bool { return i.Medium.Wireless() }, d.no, "No wireless interface carries personal data")
}

// volatileOnly answers by data that move over interfaces and rest in no store.
func volatileOnly(d *disclosure) mds2Reply {
	var passing []*model.Asset
	for _, a := range d.personal {
		moves := slices.ContainsFunc(d.ports, func(i *model.Interface) bool { return slices.Contains(d.moving[i], a) })
		rests := slices.ContainsFunc(d.stores, func(s *model.Store) bool { return model.Refers(s.Holds, a.ID) })
		if moves && !rests {
			passing = append(passing, a)
		}
	}
	if len(passing) > 0 && len(d.stores) > 0 {
		return d.yes("These pass through and are kept in no store of the device", asEntities(passing)...)
	}
	return d.open("which personal data are in working memory alone", "stores: holds")
}

// internalMedia answers yes where a store that cannot be taken out holds personal data.
func internalMedia(with string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		stores := d.personalStores()
		if len(stores) == 0 {
			return d.keptNowhere()
		}
		_, fixed, unknown := sortedByKnown(stores, func(s *model.Store) model.Answer { return s.Removable })
		switch {
		case len(fixed) > 0:
			return d.yes(with, asEntities(fixed)...).at("holds")
		case len(unknown) > 0:
			return d.open("whether stores can be taken out", "stores: removable", asEntities(unknown)...)
		}
		return d.no("All stores with personal data are removable media", asEntities(stores)...).at("removable")
	}
}

// mediaRemovable is about stores that can be taken out and are no media for exchange.
func mediaRemovable(d *disclosure) mds2Reply {
	inside := thoseThat(d.personalStores(), func(s *model.Store) bool {
		return !slices.ContainsFunc(d.ports, func(i *model.Interface) bool { return i.Medium == "removable-media" && model.Refers(i.Peers, s.ID) })
	})
	if len(inside) == 0 {
		return d.keptNowhere()
	}
	return allOfThem(d, inside, func(s *model.Store) model.Answer { return s.Removable }, "They can be taken out", "They cannot be taken out",
		"whether stores can be taken out", "stores: removable").at("removable")
}

// apartFromSystem compares stores of personal data with those of software.
func apartFromSystem(d *disclosure) mds2Reply {
	stores := d.personalStores()
	system := thoseThat(d.stores, func(s *model.Store) bool { return storeHolds(s, "software") })
	switch {
	case len(stores) == 0:
		return d.keptNowhere()
	case len(system) == 0:
		return d.open("in which store the operating system is", "stores: holds")
	}
	shared := thoseThat(stores, func(s *model.Store) bool { return slices.Contains(system, s) })
	if len(shared) > 0 {
		return d.no("Software and personal data are together in", asEntities(shared)...).at("holds")
	}
	return d.yes("Personal data are in", asEntities(stores)...).and(d, "Software is in", asEntities(system)...)
}

// proprietary answers no where each protocol for personal data is a common one.
func proprietary(d *disclosure) mds2Reply {
	machines := d.carriers(byMachine)
	if len(machines) == 0 {
		return d.nothingMoves(byMachine, d.no, "No interface moves personal data between systems")
	}
	if silent := thoseThat(machines, func(i *model.Interface) bool { return i.Protocol == "" }); len(silent) > 0 {
		return d.open("the protocol of some interfaces", "interfaces: protocol", asEntities(silent)...)
	}
	own := thoseThat(machines, func(i *model.Interface) bool { return !commonProtocol.MatchString(i.Protocol) })
	if len(own) == 0 {
		return d.no("All of these speak common protocols", asEntities(machines)...).at("protocol")
	}
	r := d.notes("These protocols are not among the common ones", asEntities(own)...).at("protocol")
	for _, i := range own {
		r = r.quote(d, i, "protocol", i.Protocol)
	}
	return r
}

// database answers by stores and components that are named as databases.
func database(d *disclosure) mds2Reply {
	stores := thoseThat(d.personalStores(), func(s *model.Store) bool {
		return databaseWords.MatchString(s.Title) || slices.ContainsFunc(d.File.Components, func(c *model.Component) bool {
			return s.Component.OK() && c.PartOf.OK() && c.PartOf.To == s.Component.To && databaseWords.MatchString(c.Title)
		})
	})
	if len(stores) > 0 {
		return d.yes("In", asEntities(stores)...)
	}
	if len(d.personalStores()) == 0 {
		return d.keptNowhere()
	}
	engines := thoseThat(d.software, func(c *model.Component) bool { return databaseWords.MatchString(c.Title) })
	if len(engines) > 0 {
		return d.notes("The software includes", asEntities(engines)...).and(d, "Personal data are kept in", asEntities(d.personalStores())...)
	}
	return d.open("whether data are kept in a database", "components, stores")
}

// databaseOutside answers by stores outside of the device, and else by who receives
// personal data, of whom the file does not know how they keep them.
func databaseOutside(d *disclosure) mds2Reply {
	outside := thoseThat(d.File.Stores, func(s *model.Store) bool {
		_, ok := model.First(s.Holds, d.isPersonal)
		return ok && !model.OnDevice(s)
	})
	if len(outside) > 0 {
		return d.yes("In", asEntities(outside)...)
	}
	carriers := d.carriers(always)
	if systems := append(partnersOf(carriers, false), partnersOf(carriers, true)...); len(systems) > 0 {
		return d.notes("No store outside the device is part of it; these systems exchange personal data with it and keep them as their owners decide", systems...)
	}
	return d.nothingMoves(always, d.no, "No store outside the device holds personal data, and none is sent to other systems")
}

// storesQuoted answers with what each store of personal data says in one field.
func storesQuoted(missing, field string, text func(*model.Store) string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		stores := d.personalStores()
		if len(stores) == 0 {
			return d.keptNowhere()
		}
		r := mds2Reply{Answer: mds2Notes}
		for _, s := range stores {
			if strings.TrimSpace(text(s)) == "" {
				return d.open(missing, "stores: "+field, s)
			}
			r = r.quote(d, s, field, text(s))
		}
		return r
	}
}

// overStores answers by what is known of each store of personal data, and quotes it.
func (d *disclosure) overStores(know func(*model.Store) model.Answer, with, without, missing, field string, text func(*model.Store) string) mds2Reply {
	stores := d.personalStores()
	if len(stores) == 0 {
		return d.noneKept()
	}
	r := allOfThem(d, stores, know, with, without, missing, "stores: "+field).at(field)
	for _, s := range stores {
		if text(s) != "" {
			r = r.quote(d, s, field, text(s))
		}
	}
	return r
}

// backsUp answers yes where a backup goes over some interfaces; else with what the
// stores say of their backup.
func backsUp(with string, of func(*model.Interface) bool, pattern string) mds2Rule {
	words := lazyregexp.New(`(?i)` + pattern)
	return func(d *disclosure) mds2Reply {
		ways := thoseThat(d.ports, func(i *model.Interface) bool {
			_, shows := model.First(i.Shows, func(a *model.Asset) bool { return a.Content == "backup" })
			return shows && of(i)
		})
		if len(ways) > 0 {
			return d.yes(with, asEntities(ways)...).at("shows")
		}
		r := mds2Reply{Answer: mds2Notes}
		for _, s := range d.stores {
			if words.MatchString(s.Backup) {
				r = r.quote(d, s, "backup", s.Backup)
			}
		}
		if len(r.Notes) > 0 {
			return r
		}
		if silent := thoseThat(d.stores, func(s *model.Store) bool { return s.Backup == "" }); len(silent) > 0 || !listed(d.File.Stores) {
			return d.open("how some stores are backed up", "stores: backup", asEntities(silent)...)
		}
		return d.no("No store of the device says so of its backup", asEntities(d.stores)...).at("backup")
	}
}

func encryptedStores(d *disclosure) mds2Reply {
	return d.overStores(func(s *model.Store) model.Answer { return model.Encrypts(s.Encryption) }, "Encrypted", "Not encrypted",
		"how personal data are encrypted", "encryption", func(s *model.Store) string { return s.Encryption })
}

// allEncrypted looks at all stores of the device, of which some hold no secret.
func allEncrypted(d *disclosure) mds2Reply {
	if !listed(d.File.Stores) || len(d.stores) == 0 {
		return d.notListed(theStores, "stores: component")
	}
	r := allOfThem(d, d.stores, func(s *model.Store) model.Answer { return model.States(s.Encryption) }, "Encrypted", "Not encrypted",
		"how some stores are encrypted", "stores: encryption").at("encryption")
	open := thoseThat(d.stores, func(s *model.Store) bool {
		return model.States(s.Encryption) == model.No && model.States(s.Integrity) == model.Yes
	})
	if r.Missing == "" && len(open) > 0 {
		r = r.and(d, "Protected against change, though not encrypted", asEntities(open)...)
	}
	return r
}

var conditionWords = lazyregexp.New(`(?i)\b(optional|if|when|unless|configur|may|can be)\b`)

// encryptedByDefault answers yes where encryption of stores is stated without condition:
// the file describes the device as it is shipped.
func encryptedByDefault(d *disclosure) mds2Reply {
	r := encryptedStores(d)
	if r.Answer != mds2Yes {
		return r
	}
	some := thoseThat(d.personalStores(), func(s *model.Store) bool { return conditionWords.MatchString(s.Encryption) })
	if len(some) > 0 {
		return d.notes("It is said under a condition", asEntities(some)...).at("encryption")
	}
	return d.yes("It is stated without condition, for the device as shipped", asEntities(d.personalStores())...).at("encryption")
}

// keysChange quotes how the keys of stores with personal data are changed.
func keysChange(d *disclosure) mds2Reply {
	r := mds2Reply{Answer: mds2Notes}
	var seen []*model.Key
	for _, s := range d.personalStores() {
		k := s.Key.To
		switch {
		case !s.Key.OK():
			return d.open("the key of a store", "stores: key", s)
		case slices.Contains(seen, k):
		case strings.TrimSpace(k.Rotation) == "":
			return d.open("how a key is changed", "keys: rotation", k)
		default:
			seen = append(seen, k)
			r = r.quote(d, k, "rotation", k.Rotation)
		}
	}
	if len(seen) == 0 {
		return d.noneKept()
	}
	return r
}
