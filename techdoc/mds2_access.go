package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

// People and their rights: ALOF, AUTH, EMRG and PAUT.
var _ = mds2Answers(map[string]mds2Rule{
	"ALOF-1": idleLogoff,
	"ALOF-2": disclose("whether users or administrators can set the idle time", "controls: capabilities alof, cnfs",
		deviceSays("alof cnfs", `idle|log-?off|without touch|inactiv`, `\bset(s|table)?\b|between|settab|configur|\bpage\b`)),

	"AUTH-1":   keptOut,
	"AUTH-1.1": federated,
	"AUTH-1.2": groupPolicies,
	"AUTH-1.3": func(d *disclosure) mds2Reply {
		if r := federated(d); r.Answer == mds2No {
			return d.none("No federated service gives rights (AUTH-1.1)")
		}
		return d.tells("whether groups or policies of a directory are required", "environment", deviceSays("", `\bgroups?\b.*\b(directory|mapp|role)|\b(directory|mapp|role)\w*\b.*\bgroups?\b`))
	},
	"AUTH-2": func(d *disclosure) mds2Reply { return byRole(d) },
	"AUTH-3": administrators,
	"AUTH-4": apiAuthorised,
	"AUTH-5": disclose("whether it runs in a restricted mode", "controls: description",
		deviceSays("", `kiosk|restricted mode`), deviceSays("", `\bno\b.*\bshell\b|\bshell\b.*\bno\b`)),

	"EMRG-1": emergencyAccess,

	"PAUT-1":   ownAccounts,
	"PAUT-1.1": ownAccounts,
	"PAUT-2":   federated,
	"PAUT-3": func(d *disclosure) mds2Reply {
		if d.File.Policy == nil {
			return d.open("what happens after failed logins", "policy: password.lockout")
		}
		r := d.stated(d.File.Policy, "password.lockout", d.File.Policy.Password.Lockout, "what happens after failed logins")
		if text := d.File.Policy.Password.Lockout; r.Answer == mds2Yes && (!lockWords.MatchString(text) || noLock.MatchString(text)) {
			r.Answer = mds2Notes
		}
		return r
	},
	"PAUT-4": defaultAccounts,
	"PAUT-5": passwordsChange,
	"PAUT-6": passwordRules,
	"PAUT-7": disclose("whether passwords can expire", "controls: capabilities paut", deviceSays("paut cnfs", `passwords?\b.*(expir|renew|every|days|months)|(expir|renew)\w*.*\bpasswords?`)),
	"PAUT-8": byAuthentication("Proven by more than one factor", "No role proves itself by more than one factor", "badge-and-pin", "multi-factor"),
	"PAUT-9": singleSignOn,
	"PAUT-10": func(d *disclosure) mds2Reply {
		list := d.speak(deviceSays("paut auth cnfs", `\baccounts? (shall be|are|can be) (locked|disabled|removed|blocked|withdrawn)`))
		keepers := d.accountKeepers()
		if len(list) == 0 && len(keepers) == 0 {
			return d.open("whether accounts can be disabled", "controls: capabilities paut")
		}
		r := mds2Reply{Answer: mds2Notes}
		if len(keepers) > 0 {
			r = r.and(d, "Accounts are managed by", asEntities(keepers)...)
		}
		return r.quoting(d, list)
	},
	"PAUT-11": byAuthentication("Proven by a feature of the body", "No role proves itself by a feature of the body", "biometric"),
	"PAUT-12": physicalTokens,
	"PAUT-13": func(d *disclosure) mds2Reply {
		r := allOfThem(d, d.people, func(r *model.Role) model.Answer { return r.Shared },
			"One account is used by several people", "Each person has an account of their own", "whether accounts are shared", "roles: shared")
		return r.at("shared")
	},
	"PAUT-14": func(d *disclosure) mds2Reply {
		if s := d.credentialStores(); len(s) > 0 {
			return d.yes("Credentials are kept in", asEntities(s)...)
		}
		if !listed(d.File.Stores) {
			return d.notListed(theStores, "stores: holds")
		}
		return d.no("No store of the device holds credentials")
	},
	"PAUT-14.1": credentialsSafe,
})

var (
	lockWords = lazyregexp.New(`(?i)\block`)
	noLock    = lazyregexp.New(`(?i)\bno (lasting |permanent |hard )?lock`)
)

// idleLogoff answers yes where each role of people has an idle time, and no where none
// has and no control claims it.
func idleLogoff(d *disclosure) mds2Reply {
	if len(d.people) == 0 {
		return d.open("the roles of people", "roles")
	}
	var with, without []*model.Role
	for _, r := range d.people {
		if r.AutoLogoff.Span() > 0 {
			with = append(with, r)
		} else {
			without = append(without, r)
		}
	}
	switch {
	case len(without) == 0:
		return d.yes(idleTimes(with), asEntities(with)...).at("auto-logoff")
	case len(with) > 0:
		return d.open("after which idle time the session of some roles ends", "roles: auto-logoff", asEntities(without)...).and(d, idleTimes(with), asEntities(with)...)
	}
	if c := d.controls("alof"); len(c) > 0 {
		return d.open("after which idle time a session ends", "roles: auto-logoff", asEntities(without)...).and(d, "It is claimed by", c...)
	}
	return d.no("No role has an idle time after which its session ends", asEntities(without)...).at("auto-logoff")
}

// idleTimes is the range of the idle times of roles.
func idleTimes(roles []*model.Role) string {
	shortest, longest := roles[0].AutoLogoff, roles[0].AutoLogoff
	for _, r := range roles {
		if shortest.Longer(r.AutoLogoff) {
			shortest = r.AutoLogoff
		}
		if r.AutoLogoff.Longer(longest) {
			longest = r.AutoLogoff
		}
	}
	if shortest.Span() == longest.Span() {
		return fmt.Sprintf("After %s", shortest)
	}
	return fmt.Sprintf("After %s to %s", shortest, longest)
}

// keptOut answers by how roles of people prove who they are.
func keptOut(d *disclosure) mds2Reply {
	r := allOfThem(d, d.people, authenticates, "These roles prove who they are", "These roles need no proof",
		"how some roles prove who they are", "roles: authentication").at("authentication")
	if e := d.emergencyRoles(); len(e) > 0 {
		r = r.and(d, "Beside them stands emergency access (EMRG-1)", asEntities(e)...)
	}
	return r
}

func authenticates(r *model.Role) model.Answer {
	switch r.Authentication {
	case "":
		return model.Unknown
	case "none", "physical-presence":
		return model.No
	}
	return model.Yes
}

func (d *disclosure) emergencyRoles() []*model.Role {
	return thoseThat(d.File.Roles, func(r *model.Role) bool { return r.Type == "emergency" })
}

var federation = lazyregexp.New(`(?i)\b(ldaps?(v3)?|oauth2?|oidc|openid|saml|kerberos|radius|scim|active directory)\b`)

// federated answers by the protocols of the network services.
func federated(d *disclosure) mds2Reply {
	if found := speaking(d.services, federation); len(found) > 0 {
		return d.yes("Over", asEntities(found)...).at("protocol")
	}
	if !d.protocolsKnown() {
		return d.open("which protocols the network services speak", "interfaces: protocol")
	}
	return d.no("No network service of the device speaks a protocol for it, such as LDAP, OAuth or SAML")
}

func groupPolicies(d *disclosure) mds2Reply {
	if list := d.speak(deviceSays("", `group polic`)); len(list) > 0 {
		return d.notes("").quoting(d, list)
	}
	if r := federated(d); r.Answer == mds2No {
		return d.no("The device belongs to no directory that could push policies (AUTH-1.1)")
	}
	return d.open("whether group policies can be pushed", "controls: capabilities auth")
}

// byRole answers yes where roles of people have different rights.
func byRole(d *disclosure) mds2Reply {
	rights := map[string]bool{}
	for _, r := range d.people {
		var ids []string
		for _, p := range r.Permissions {
			ids = append(ids, p.ID)
		}
		slices.Sort(ids)
		rights[strings.Join(ids, " ")] = true
	}
	switch {
	case len(d.people) == 0 || len(rights) == 1 && rights[""]:
		return d.open("the rights of roles", "roles: permissions")
	case len(rights) == 1:
		return d.no("All roles have the same rights", asEntities(d.people)...).at("permissions")
	}
	return d.yes("Each with rights of its own", asEntities(d.people)...).at("permissions")
}

// administrators lists the rights of the operator's administrators; one that has every
// right that the file knows is unrestricted.
func administrators(d *disclosure) mds2Reply {
	admins := thoseThat(d.people, func(r *model.Role) bool { return r.Type == "administrator" })
	if len(admins) == 0 || len(d.File.Permissions) == 0 {
		return d.open("the rights of administrators", "roles: permissions")
	}
	for _, r := range admins {
		if !slices.ContainsFunc(d.File.Permissions, func(p *model.Permission) bool { return !model.Refers(r.Permissions, p.ID) }) {
			return d.yes("It has every right", r).at("permissions")
		}
	}
	r := d.notes("The rights of administrators are limited to those of their role", asEntities(admins)...).at("permissions")
	for _, a := range admins {
		r = r.and(d, d.Title(a)+" may", asEntities(All(a.Permissions))...)
	}
	return r.quoting(d, d.speak(deviceSays("", `\bshell\b`)))
}

// apiAuthorised answers by who proves himself at interfaces for programs.
func apiAuthorised(d *disclosure) mds2Reply {
	apis := thoseThat(speaking(d.services, apiProtocol), func(i *model.Interface) bool { return i.Direction != "out" })
	if len(apis) == 0 {
		if !d.protocolsKnown() {
			return d.open("which protocols the network services speak", "interfaces: protocol")
		}
		return d.none("The device offers no programming interface on the network")
	}
	return allOfThem(d, apis, (*model.Interface).Authentic, "Callers prove who they are", "Callers need no proof",
		"how callers prove who they are", "interfaces: authentication").at("authentication")
}

func emergencyAccess(d *disclosure) mds2Reply {
	if roles := d.emergencyRoles(); len(roles) > 0 {
		r := d.yes("As", asEntities(roles)...)
		return r.quoting(d, d.speak(deviceSays("emrg")))
	}
	if c := d.controls("emrg"); len(c) > 0 {
		return d.yes("By", c...)
	}
	if len(d.File.Roles) == 0 {
		return d.open("the roles", "roles")
	}
	return d.no("No role and no control gives emergency access")
}

// ownAccounts answers yes where no account is shared and each role proves who it is.
func ownAccounts(d *disclosure) mds2Reply {
	r := allOfThem(d, d.people, func(r *model.Role) model.Answer {
		switch a := authenticates(r); {
		case r.Shared == model.Yes || a == model.No:
			return model.No
		case r.Shared == model.Unknown || a == model.Unknown:
			return model.Unknown
		}
		return model.Yes
	}, "Each person has an account of their own", "Accounts are shared, or need no proof", "whether accounts are shared, and how their owners prove it", "roles: shared, authentication")
	return r.proofs(d, d.people)
}

// proofs says by what roles prove who they are.
func (r mds2Reply) proofs(d *disclosure, roles []*model.Role) mds2Reply {
	var ways []model.Authentication
	for _, p := range roles {
		if p.Authentication != "" && !slices.Contains(ways, p.Authentication) {
			ways = append(ways, p.Authentication)
		}
	}
	for _, way := range ways {
		by := thoseThat(roles, func(p *model.Role) bool { return p.Authentication == way })
		r.Notes = append(slices.Clip(r.Notes), d.line("By "+spelt(way), asEntities(by)))
	}
	return r
}

// spelt is a way to authenticate in words.
func spelt(a model.Authentication) string {
	return strings.NewReplacer("-", " ", "pin", "PIN", "tls", "TLS", "api", "API").Replace(string(a))
}

// defaultAccounts answers by the credentials with which roles are delivered.
func defaultAccounts(d *disclosure) mds2Reply {
	none, some, unknown := sortedByKnown(d.people, func(r *model.Role) model.Answer {
		switch r.Default {
		case "":
			return model.Unknown
		case "none":
			return model.Yes
		}
		return model.No
	})
	switch {
	case len(unknown) > 0:
		return d.open("which roles are delivered with credentials", "roles: default-credential", asEntities(unknown)...)
	case len(some) == 0 && len(none) > 0:
		return d.none("No role is delivered with a credential", asEntities(none)...).at("default-credential")
	case len(none)+len(some) == 0:
		return d.open("the roles of people", "roles")
	}
	docs := d.documents("mdcg.secdoc.roles", "mdcg.ifu.initial-config")
	if len(docs) == 0 {
		return d.open("in which document the accounts of delivery are listed", "documents: items mdcg.secdoc.roles", asEntities(some)...)
	}
	return d.yes("They are listed in", docs...).and(d, "Delivered with a credential", asEntities(some)...)
}

func passwordsChange(d *disclosure) mds2Reply {
	fixed := thoseThat(d.people, func(r *model.Role) bool { return r.Default == "fixed" })
	if len(fixed) > 0 {
		return d.no("The credential of delivery stays", asEntities(fixed)...).at("default-credential")
	}
	return d.tells("whether all passwords can be changed", "controls: capabilities paut", deviceSays("paut cnfs", `passwords?|\bPINs?\b`, `chang|\bsets?\b|renew`))
}

// passwordRules says which rules are enforced, and what is said of others.
func passwordRules(d *disclosure) mds2Reply {
	p := d.File.Policy
	if p == nil || p.Password.MinLength == 0 && !p.Password.Blocklist.Known() {
		return d.open("the rules for passwords", "policy: password")
	}
	var rules []string
	if n := p.Password.MinLength; n > 0 {
		rules = append(rules, fmt.Sprintf("at least %d characters", n))
	}
	switch p.Password.Blocklist {
	case model.Yes:
		rules = append(rules, "common passwords are refused")
	case model.No:
		rules = append(rules, "common passwords are not refused")
	}
	r := mds2Reply{Answer: mds2Notes, About: []model.Entity{p}, Field: "password"}.and(d, "The device has rules of its own: "+strings.Join(rules, ", "))
	return r.quoting(d, d.speak(deviceSays("cnfs paut", `password rules|complexity`)))
}

// byAuthentication answers whether roles of people prove themselves in some way.
func byAuthentication(with, without string, ways ...model.Authentication) mds2Rule {
	return func(d *disclosure) mds2Reply {
		have, _, unknown := sortedByKnown(d.people, func(r *model.Role) model.Answer {
			switch {
			case slices.Contains(ways, r.Authentication):
				return model.Yes
			case r.Authentication == "":
				return model.Unknown
			}
			return model.No
		})
		switch {
		case len(have) > 0:
			return d.yes(with, asEntities(have)...).at("authentication")
		case len(unknown) > 0 || len(d.people) == 0:
			return d.open("how roles prove who they are", "roles: authentication", asEntities(unknown)...)
		}
		return d.no(without)
	}
}

var ssoProtocol = lazyregexp.New(`(?i)\b(oauth2?|oidc|openid|saml|kerberos)\b`)

func singleSignOn(d *disclosure) mds2Reply {
	if found := speaking(d.services, ssoProtocol); len(found) > 0 {
		return d.yes("Over", asEntities(found)...).at("protocol")
	}
	if list := d.speak(deviceSays("", `single sign-?on|\bsso\b`)); len(list) > 0 {
		return d.notes("").quoting(d, list)
	}
	if !d.protocolsKnown() {
		return d.open("which protocols the network services speak", "interfaces: protocol")
	}
	return d.no("No network service of the device speaks a protocol for it, such as SAML, OpenID or Kerberos")
}

func physicalTokens(d *disclosure) mds2Reply {
	r := byAuthentication("A badge or token is used by", "No role proves itself by a badge or token", "badge", "badge-and-pin", "token")(d)
	if r.Answer == mds2Yes {
		return r
	}
	if list := d.speak(deviceSays("paut", `\bbadges?\b|smart[ -]?cards?|hardware (key|token)|\btokens?\b`)); len(list) > 0 {
		return d.notes("").quoting(d, list)
	}
	return r
}

// credentialStores are the stores of the device that hold credentials.
func (d *disclosure) credentialStores() []*model.Store {
	return thoseThat(d.stores, func(s *model.Store) bool {
		_, ok := model.First(s.Holds, func(a *model.Asset) bool { return a.Type == "credential" })
		return ok
	})
}

func credentialsSafe(d *disclosure) mds2Reply {
	stores := d.credentialStores()
	if len(stores) == 0 {
		return d.open("where credentials are kept", "stores: holds")
	}
	r := allOfThem(d, stores, func(s *model.Store) model.Answer { return model.States(s.Encryption) },
		"Encrypted, or inside a chip made for it", "Not encrypted", "how these stores are encrypted", "stores: encryption").at("encryption")
	if p := d.File.Policy; p != nil && model.States(p.Password.Storage) == model.Yes {
		r = r.and(d, "Passwords: “"+cutShort(flatText(p.Password.Storage))+"”").on(p, "password.storage")
	}
	return r
}

// accountKeepers are the administrators with a right over accounts.
func (d *disclosure) accountKeepers() []*model.Role {
	return thoseThat(d.entitled(isAccounts), func(r *model.Role) bool { return r.Type == "administrator" })
}

var accountWords = lazyregexp.New(`(?i)\b(user )?accounts?\b`)

// isAccounts reports whether an asset is the accounts of users.
func isAccounts(a *model.Asset) bool { return accountWords.MatchString(a.Title) }
