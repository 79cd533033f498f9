package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// Software, its updates and protection against foreign software: CSUP and MLDP.
var _ = mds2Answers(map[string]mds2Rule{
	"CSUP-1": contains("The device runs", "No component of the device is software", func(*model.Component) bool { return true }),

	"CSUP-7": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		return d.stated(u, "notification", u.Notification, "how operators learn of updates")
	}),
	"CSUP-8": updates(byItself),
	"CSUP-9": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		return onlySigned(d, u, d.no, "No software of others may be installed: the device refuses what the manufacturer did not sign", "whether there is a list of permitted software")
	}),
	"CSUP-10": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		return onlySigned(d, u, d.no, "The device refuses what the manufacturer did not sign", "whether the operator can install software")
	}),
	"CSUP-10.1": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		return onlySigned(d, u, d.yes, "The device refuses what the manufacturer did not sign", "what prevents the installation of other software")
	}),
	"CSUP-11": func(d *disclosure) mds2Reply {
		v := d.File.VulnerabilityHandling
		if v == nil || len(v.Sources) == 0 {
			return d.open("how vulnerabilities are found", "vulnerability-handling: sources")
		}
		return mds2Reply{Answer: mds2Yes}.quote(d, v, "sources", strings.Join(v.Sources, "; "))
	},
	"CSUP-11.1": func(d *disclosure) mds2Reply {
		v := d.File.VulnerabilityHandling
		if v == nil {
			return d.open("how customers are told of vulnerabilities", "vulnerability-handling: advisories")
		}
		return d.stated(v, "advisories", v.Advisories, "how customers are told of vulnerabilities")
	},
	"CSUP-11.2": func(d *disclosure) mds2Reply {
		v := d.File.VulnerabilityHandling
		if v == nil || v.Interval.IsZero() {
			return d.open("how often advisories are matched with the software", "vulnerability-handling: interval")
		}
		return d.yes("Advisories are matched with the bill of materials at an interval of "+v.Interval.String(), v).at("interval")
	},

	"MLDP-1": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		return onlySigned(d, u, d.no, "Programs come as signed updates alone", "whether programs can be put on the device").
			quoting(d, d.speak(deviceSays("mldp sahd", `execut|program`, `cannot|no |only|without|refuse|verif|accept`)))
	}),
	"MLDP-2":   againstMalware,
	"MLDP-2.1": contains("It is", "No component of the device is anti-malware software", isAntiMalware),
	"MLDP-2.2": withoutAntiMalware(disclose("whether anti-malware software is an option", "environment: category third-party-software",
		siteSays(`malware|anti-?virus`, `\bdo not\b|\bnone\b|\bnever\b`), siteSays(`install`, `\bdo not\b|\bnone\b`))),
	"MLDP-2.3": withoutAntiMalware(updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		return onlySigned(d, u, d.no, "The device refuses what the manufacturer did not sign", "whether the operator may install anti-malware software")
	})),
	"MLDP-2.4": ifAntiMalware("whether the operator can change its settings"),
	"MLDP-2.5": ifAntiMalware("whether the user interface tells of malware"),
	"MLDP-2.6": ifAntiMalware("who repairs a device on which malware was found"),
	"MLDP-2.7": ifAntiMalware("whether finds are recorded"),
	"MLDP-2.8": ifAntiMalware("which limits there are on its use"),
	"MLDP-3": func(d *disclosure) mds2Reply {
		if c := d.controls("mldp"); len(c) > 0 {
			return d.yes("In its place stand", c...)
		}
		return d.open("which measures stand in place of anti-malware software", "controls: capabilities mldp")
	},
	"MLDP-4": disclose("whether only permitted programs run", "controls: capabilities mldp, sahd",
		deviceSays("", `white-?list|allow-?list|permitted programs|verity|(programs|execut\w*).*(cannot|only|without|refuse)|mounted without execution`)),
	"MLDP-5":   disclose("whether intrusion on the host is detected", "controls: capabilities mldp", deviceSays("", `intrusion`)),
	"MLDP-5.1": ifIntrusion("whether the customer can configure it"),
	"MLDP-5.2": updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
		return onlySigned(d, u, d.no, "The device refuses what the manufacturer did not sign", "whether the customer can install it")
	}),
})

// Parts 2 to 6 of CSUP ask the same four questions of five kinds of software.
var _ = mds2Answers(upgradeRules())

func upgradeRules() map[string]mds2Rule {
	rules := map[string]mds2Rule{}
	for _, part := range []struct {
		id      string
		without string
		of      func(*model.Component) bool
	}{
		{"CSUP-2", "No component of the device is an operating system", isType("operating-system")},
		{"CSUP-3", "No component of the device is firmware", isType("firmware")},
		{"CSUP-4", "No component of the device is anti-malware software", isAntiMalware},
		{"CSUP-5", "No component of the device is off-the-shelf software", func(c *model.Component) bool { return c.Type == "soup" && !isAntiMalware(c) }},
		{"CSUP-6", "No component of the device is further software", isType("application", "service")},
	} {
		has := contains("It is", part.without, part.of)
		rules[part.id] = has
		for i, rule := range []mds2Rule{updateInstructions, serviceInstalls, remoteInstallation, foreignUpdates} {
			rules[fmt.Sprintf("%s.%d", part.id, i+1)] = func(d *disclosure) mds2Reply {
				if r := has(d); r.Answer == mds2No {
					return d.none(part.without + " (" + part.id + ")")
				}
				return rule(d)
			}
		}
	}
	return rules
}

func isType(types ...model.ComponentType) func(*model.Component) bool {
	return func(c *model.Component) bool { return slices.Contains(types, c.Type) }
}

var antiMalwareWords = lazyregexp.New(`(?i)anti-?(virus|malware)|\bclam ?(av|win)\b|\bdefender\b|endpoint protection`)

func isAntiMalware(c *model.Component) bool { return antiMalwareWords.MatchString(c.Title) }

// contains answers whether some kind of software is on the device.
func contains(with, without string, of func(*model.Component) bool) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if some := thoseThat(d.software, of); len(some) > 0 {
			return d.yes(with, asEntities(some)...).at("type")
		}
		if !listed(d.File.Components) {
			return d.notListed(theComponents, "components: zone")
		}
		return d.no(without)
	}
}

// updates answers from how updates reach the device; open where the file says nothing.
func updates(rule func(d *disclosure, u *model.UpdatePolicy) mds2Reply) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if u := d.File.UpdatePolicy; u != nil {
			return rule(d, u)
		}
		return d.open("how updates reach the device", "update-policy")
	}
}

// onlySigned answers where the device refuses what is not signed; all else is open.
func onlySigned(d *disclosure, u *model.UpdatePolicy, say func(string, ...model.Entity) mds2Reply, reason, missing string) mds2Reply {
	if u.Signed == model.Yes {
		return say(reason, u).at("signed")
	}
	return d.open(missing, "update-policy: signed", u)
}

var updateInstructions = updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
	if u.Instructions.OK() {
		return d.yes("They are in", u.Instructions.To)
	}
	if docs := d.documents("mdcg.ifu.update-steps", "mdcg.ifu.maint-update-steps"); len(docs) > 0 {
		return d.yes("They are in", docs...)
	}
	return d.open("which document tells how updates are installed", "update-policy: instructions", u)
})

// isProgram reports whether an asset is software or an update of it.
func isProgram(a *model.Asset) bool { return a.Content == "update" || a.Content == "software" }

// serviceInstalls answers by who has a right over updates.
var serviceInstalls = updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
	may := d.entitled(isProgram)
	own := thoseThat(may, func(r *model.Role) bool { return r.Type == "administrator" || r.Type == "user" })
	switch {
	case len(own) > 0:
		return d.no("They may be installed by", asEntities(own)...).at("permissions")
	case len(may) > 0:
		return d.notes("They may be installed by these service roles alone", asEntities(may)...).at("permissions")
	}
	return d.open("who may install updates", "permissions: allows", u)
})

// remoteInstallation tells over which network updates come and who starts them.
var remoteInstallation = updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
	if len(u.Over) == 0 {
		return d.open("through which interfaces updates come", "update-policy: over", u)
	}
	net := thoseThat(All(u.Over), func(i *model.Interface) bool { return onNetwork(i) && slices.Contains(d.ports, i) })
	if len(net) == 0 {
		return d.no("Updates come only over", asEntities(All(u.Over))...)
	}
	if u.Approval == "" {
		return d.open("who starts the installation of an update", "update-policy: approval", u)
	}
	return d.notes("They are downloaded over", asEntities(net)...).quote(d, u, "approval", u.Approval)
})

var foreignUpdates = updates(func(d *disclosure, u *model.UpdatePolicy) mds2Reply {
	return onlySigned(d, u, d.no, "The device refuses what the manufacturer did not sign", "whether updates of others may be installed")
})

var automaticWords = lazyregexp.New(`(?i)automatic|by itself|unattended|nobody`)

// byItself answers no where the file names who starts an installation.
func byItself(d *disclosure, u *model.UpdatePolicy) mds2Reply {
	if u.Approval == "" {
		return d.open("who starts the installation of an update", "update-policy: approval", u)
	}
	r := mds2Reply{Answer: mds2No}
	if automaticWords.MatchString(u.Approval) {
		r.Answer = mds2Notes
	}
	return r.quote(d, u, "approval", u.Approval)
}

// againstMalware answers yes by anti-malware software or by controls in its place.
func againstMalware(d *disclosure) mds2Reply {
	if some := thoseThat(d.software, isAntiMalware); len(some) > 0 {
		return d.yes("Anti-malware software is part of the device", asEntities(some)...)
	}
	if c := d.controls("mldp"); len(c) > 0 {
		return d.yes("By other mechanisms", c...)
	}
	return d.open("how the device is protected against malware", "controls: capabilities mldp")
}

// ifAntiMalware does not apply without anti-malware software; the file does not
// describe it where it is part of the device.
func ifAntiMalware(missing string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if listed(d.File.Components) && len(thoseThat(d.software, isAntiMalware)) == 0 {
			return d.none("Anti-malware software is not part of the device (MLDP-2.1)")
		}
		return d.open(missing, "components: notes", asEntities(thoseThat(d.software, isAntiMalware))...)
	}
}

// withoutAntiMalware asks a rule where anti-malware software is no part of the device.
func withoutAntiMalware(rule mds2Rule) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if some := thoseThat(d.software, isAntiMalware); len(some) > 0 {
			return d.none("It is part of the device (MLDP-2.1)", asEntities(some)...)
		}
		return rule(d)
	}
}

func ifIntrusion(missing string) mds2Rule {
	return func(d *disclosure) mds2Reply {
		if list := d.speak(deviceSays("", `intrusion`, `configur|\bset\b|settab|administrator`)); len(list) > 0 {
			return d.notes("").quoting(d, list)
		}
		return d.open(missing, "controls: capabilities mldp")
	}
}
