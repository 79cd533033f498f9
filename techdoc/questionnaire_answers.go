package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/evidence"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
)

// questions are the answers to the items of the questionnaire, by item. All figures are
// counted; whether a question is answered is decided by the coverage of its row, not
// here.
var questions map[string]question

func init() {
	questions = map[string]question{
		"2.1": {(*Book).answerDiagram, []string{"security-architecture#system-diagram", "threat-model#data-flow"}},
		"2.2": {(*Book).answerContent, []string{"security-architecture#system-diagram", "security-architecture#interfaces", "security-architecture#flows", "security-architecture#stores", "threat-model#boundaries"}},
		"3.1": {(*Book).answerRisk, []string{"risk-plan#method", "risk-plan#acceptance", "risk-report#summary", "risk-report#risks", "risk-report#overall"}},
		"3.2": {(*Book).answerModel, []string{"threat-model#method", "threat-model#threats", "threat-model#derivation"}},
		"3.3": {(*Book).answerComplete, []string{"threat-model#derivation", "threat-model#assets", "threat-model#entry-points", "threat-model#not-applicable"}},
		"3.4": {(*Book).answerEstimates, []string{"risk-plan#method", "risk-plan#matrix", "risk-report#risks", "risk-report#matrix"}},
		"3.5": {(*Book).answerEffects, []string{"risk-report#control-effects", "risk-report#safety-link"}},
		"3.6": {(*Book).answerPriority, []string{"risk-report#priority", "security-architecture#controls"}},
		"3.7": {(*Book).answerFitness, []string{"risk-report#residual", "risk-report#control-effects", "verification-report#requirement-coverage", "traceability-matrix#forward"}},
		"3.8": {(*Book).answerConcept, []string{"security-architecture#capabilities", "security-architecture#interfaces", "security-architecture#stores", "security-architecture#privileges", "security-architecture#cryptography", "ifu-security#environment"}},
		"4.1": {(*Book).answerResponsibilities, []string{"ifu-security#responsibilities", "ifu-security#environment"}},
		"4.2": {(*Book).answerAccompanying, []string{"ifu-security#risks", "ifu-security#setup", "ifu-security#environment", "ifu-security#alert", "ifu-security#updates", "ifu-security#backup", "ifu-security#roles", "ifu-security#logging", "ifu-security#told"}},
		"5.1": {(*Book).answerSOUP, []string{"sbom#components", "sbom#differences", "sbom#support"}},
		"5.2": {(*Book).answerPenetration, []string{"verification-report#penetration", "verification-report#fuzzing", "verification-report#interface-coverage", "verification-report#independence"}},
	}
}

// say is a line of an answer.
func (b *Book) say(text string, args ...any) document.Text {
	return document.Text{{Text: b.Say(text, args...)}}
}

// count is a number with its noun, in the language of the document.
func count[T any](list []T, one, many string) string { return plural(len(list), one, many) }

func (b *Book) answerDiagram() []document.Text {
	f := b.File
	return []document.Text{b.say("The system diagram and the data flow diagram are drawn from the security file itself: %s in %s, with %s to %s outside.",
		count(f.Components, "component", "components"), count(f.Zones, "zone", "zones"), count(f.Flows, "data flow", "data flows"), count(f.Actors, "person or system", "people and systems"))}
}

func (b *Book) answerContent() []document.Text {
	kinds := func(holds func(model.Medium) bool) (n int) {
		for _, i := range b.File.Interfaces {
			if holds(i.Medium) {
				n++
			}
		}
		return n
	}
	wireless, people := kinds(model.Medium.Wireless), kinds(model.Medium.Human)
	removable := kinds(func(m model.Medium) bool { return m == "removable-media" || m == "usb" })
	stated := 0
	for _, i := range b.File.Interfaces {
		if i.Protocol != "" {
			stated++
		}
	}
	return []document.Text{
		b.say("%s are shown with medium, direction, exposure and protection: %d by radio, %d for USB or removable media, %d for people. %d name their protocol with its version.",
			count(b.File.Interfaces, "interface", "interfaces"), wireless, removable, people, stated),
		b.say("Each data flow names the data that it carries; %s and %s are shown.", count(b.File.Boundaries, "trust boundary", "trust boundaries"), count(b.File.Stores, "data store", "data stores")),
	}
}

func (b *Book) answerRisk() []document.Text {
	a := risk.Assess(b.File)
	lines := []document.Text{b.say("The plan states method, scales and acceptance; the report holds %s, each with its value before and after controls.", count(a.Risks, "security risk", "security risks"))}
	if above := a.AbovePolicy(); len(above) > 0 {
		return append(lines, b.say("%s remain above the acceptance policy; the report gives benefit and acceptance of each.", count(above, "risk", "risks")))
	}
	return append(lines, b.say("No residual risk is above the acceptance policy."))
}

func (b *Book) answerModel() []document.Text {
	tally := tallyOf(b.Pass.Derived())
	return []document.Text{b.say("The six STRIDE questions and %d patterns of threats to medical devices are put to every element of the architecture; they raised %d threats for this device. %s of the team answer them.",
		patterns(), total(tally), count(b.File.Threats, "threat", "threats"))}
}

// patterns counts the patterns of threats that are tried.
func patterns() (n int) {
	for _, g := range threat.Groups() {
		n += len(g.Patterns)
	}
	return n
}

func tallyOf(d *threat.Derivation) map[threat.Status]int {
	n := map[threat.Status]int{}
	for _, c := range d.Tally() {
		n[c.Status] += c.N
	}
	return n
}

func total(n map[threat.Status]int) (sum int) {
	for _, v := range n {
		sum += v
	}
	return sum
}

func (b *Book) answerComplete() []document.Text {
	n := tallyOf(b.Pass.Derived())
	return []document.Text{
		b.say("Of %d derived threats %d are treated by a risk, %d are not applicable for a stated reason, and %d wait for an answer.",
			total(n), n[threat.AsRisk], n[threat.NotApplicable], n[threat.Open]+n[threat.Undecided]+n[threat.Reopened]),
		b.say("The threat model knows %s and %s of reasonably foreseeable misuse.", count(b.File.Assets, "asset", "assets"), count(b.File.Product.Misuse, "case", "cases")),
	}
}

func (b *Book) answerEstimates() []document.Text {
	a := risk.Assess(b.File)
	before, after := 0, 0
	for _, r := range a.Risks {
		if r.Initial.At.Known() {
			before++
		}
		if r.Residual.At.Known() {
			after++
		}
	}
	return []document.Text{b.say("Risk combines exploitability and severity on the manufacturer's own scales; severity comes from the harms of the safety file. %d of %d risks are estimated before controls, %d after.", before, len(a.Risks), after)}
}

func (b *Book) answerEffects() []document.Text {
	looked, possible, linked := 0, 0, 0
	for _, c := range b.File.Controls {
		if c.SafetyEffect.Possible.Known() {
			looked++
		}
		if c.SafetyEffect.Possible != model.Yes {
			continue
		}
		possible++
		if len(c.SafetyEffect.Situations) > 0 {
			linked++
		}
	}
	return []document.Text{b.say("%d of %s were looked at for effects on safety; %d of them can delay, block or change clinical use, and %d of these lead to hazardous situations of the safety file.",
		looked, count(b.File.Controls, "control", "controls"), possible, linked)}
}

func (b *Book) answerPriority() []document.Text {
	n := map[model.ControlPriority]int{}
	outside := 0
	for _, c := range b.File.Controls {
		n[c.Priority]++
		if risk.Outside(c) {
			outside++
		}
	}
	return []document.Text{
		b.say("%d controls are part of design and manufacture, %d are protective measures, %d inform users.", n["design"], n["protective"], n["information"]),
		b.say("%d of %d controls are provided by the surroundings or by users; the instructions for use say which.", outside, len(b.File.Controls)),
	}
}

func (b *Book) answerFitness() []document.Text {
	introduced := 0
	for _, c := range b.File.Controls {
		introduced += len(c.Introduces)
	}
	lines := []document.Text{b.say("Each risk names its controls and the value that remains; controls bring %d further risks with them, which are in the report.", introduced)}
	if s := b.Showing; s != nil {
		return append(lines, b.say("%d of %d security requirements are shown to be met by signed evidence for this release.", s.Met(), len(s.Requirements)))
	}
	return append(lines, b.say("No signed evidence decides yet whether requirements are met."))
}

func (b *Book) answerConcept() []document.Text {
	encrypted, network := 0, 0
	for _, s := range b.Policy.Services {
		network++
		if model.Encrypts(s.Interface.Encryption) == model.Yes {
			encrypted++
		}
	}
	stores := 0
	for _, s := range b.File.Stores {
		if model.Encrypts(s.Encryption) == model.Yes {
			stores++
		}
	}
	return []document.Text{
		b.say("%d of %d network services are encrypted; %d of %d data stores are.", encrypted, network, stores, len(b.File.Stores)),
		b.say("%s and %s protect against unauthorised access; %s tell the operator what the surroundings must provide.",
			count(b.File.Roles, "role", "roles"), count(b.File.Permissions, "permission", "permissions"), count(b.File.Environment, "requirement", "requirements")),
	}
}

func (b *Book) answerResponsibilities() []document.Text {
	n := map[model.Party]int{}
	essential := 0
	for _, e := range b.File.Environment {
		n[e.Responsible]++
		if e.Essential == model.Yes {
			essential++
		}
	}
	return []document.Text{
		b.say("The instructions for use keep apart what is for the manufacturer (%d), the integrator (%d), the operator (%d) and the user (%d).", n["manufacturer"], n["integrator"], n["operator"], n["user"]),
		b.say("They say of %d requirements that the device relies on them for an essential security function.", essential),
	}
}

// accompanying are the items of question 4.2 with the question of the coverage and the
// chapter of the instructions for use that tell each.
var accompanying = []struct{ item, section string }{
	{"residual security risks, as warnings", "risks"}, {"installation and configuration of security features", "setup"},
	{"third-party software and minimum requirements", "environment"}, {"fail-safe use, and what to do on an alert", "alert"},
	{"training and skills of users", "environment"}, {"security updates", "updates"}, {"the environment of use", "environment"},
	{"backup and restore", "backup"}, {"roles with their privileges", "roles"}, {"logging", "logging"},
}

func (b *Book) answerAccompanying() (lines []document.Text) {
	for _, a := range accompanying {
		lines = append(lines, document.Text{{Text: b.Say(a.item) + ": "}, At("ifu-security", a.section)})
	}
	return lines
}

func (b *Book) answerSOUP() []document.Text {
	soup, whole := 0, 0
	for _, c := range b.File.Components {
		if c.Type != "soup" {
			continue
		}
		soup++
		if c.Title != "" && c.Manufacturer != "" && c.Version != "" {
			whole++
		}
	}
	lines := []document.Text{b.say("%d of %d SOUP items are documented with title, manufacturer and unique designator.", whole, soup)}
	if n, known := b.bomWithoutSOUP(); known && n > 0 {
		lines = append(lines, b.say("%s of the bill of materials have no record of their own: they are named there with supplier and version, and nobody is named who watches them.", plural(n, "component", "components")))
	}
	if line := b.affectedLine(); line != nil {
		lines = append(lines, line)
	}
	return lines
}

func (b *Book) answerPenetration() []document.Text {
	if b.Showing == nil {
		return []document.Text{b.say("No signed evidence of a penetration test or of fuzz testing counts for this release.")}
	}
	var lines []document.Text
	for _, method := range []model.Method{"penetration-test", "fuzz-test"} {
		n := map[evidence.State]int{}
		var covered []model.Element
		for _, v := range b.File.Verifications {
			if v.Method != method {
				continue
			}
			if standing := b.Showing.Judged.Of(v); standing != nil {
				n[standing.State]++
			}
			for e := range model.Targets(v.Covers) {
				if !slices.Contains(covered, e) {
					covered = append(covered, e)
				}
			}
		}
		switch method {
		case "penetration-test":
			lines = append(lines, b.say("%d penetration tests passed for this release; their scope is %s.", n[evidence.Passed], count(covered, "element", "elements")))
		default:
			lines = append(lines, b.say("%d fuzz tests passed for this release; their scope is %s.", n[evidence.Passed], count(covered, "element", "elements")))
		}
	}
	return lines
}
