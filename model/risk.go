package model

// Hazard is a potential source of harm (ISO 14971 3.4), as the safety file
// numbers it.
type Hazard struct {
	Base
	SafetyFile string `yaml:"safety-file" doc:"its number in the ISO 14971 risk management file"`
}

// Situation is a hazardous situation (ISO 14971 3.5): people exposed to a hazard.
type Situation struct {
	Base
	Hazard     Ref[*Hazard] `yaml:"hazard" theriac:"required" doc:"the hazard"`
	Sequence   string       `yaml:"sequence" doc:"sequence of events that leads to it"`
	Harms      []Ref[*Harm] `yaml:"harms" doc:"harm that can follow"`
	SafetyFile string       `yaml:"safety-file" doc:"its number in the ISO 14971 risk management file"`
}

// Harm is injury or damage to people (ISO 14971 3.3).
type Harm struct {
	Base
	Severity   string `yaml:"severity" theriac:"required" doc:"a level of policy.risk.severity"`
	SafetyFile string `yaml:"safety-file" doc:"its number in the ISO 14971 risk management file"`
}

// Threat is something that may go wrong on purpose or by misuse.
type Threat struct {
	Base
	Category      ThreatCategory    `yaml:"category" theriac:"required" doc:"STRIDE category, misuse or environment"`
	Targets       []Ref[Element]    `yaml:"targets" doc:"elements of the architecture it aims at"`
	Assets        []Ref[*Asset]     `yaml:"assets" doc:"assets it endangers"`
	Agent         string            `yaml:"agent" doc:"who or what could do it"`
	Description   string            `yaml:"description" doc:"how it would happen (Markdown)"`
	LeadsTo       []Ref[*Situation] `yaml:"leads-to" doc:"hazardous situations it can bring about"`
	References    []string          `yaml:"references" doc:"CWE, CAPEC, ATT&CK or EMB3D identifiers"`
	Patterns      []string          `yaml:"patterns" doc:"derived threats that it answers for each of its targets, by the name of their pattern, for example hl7-v2-forged-order"`
	NotApplicable string            `yaml:"not-applicable" doc:"why it needs no risk; leave out when a risk treats it"`
}

// Risk is a security risk: threats, what they would cost, and what is done.
type Risk struct {
	Base
	Threats     []Ref[*Threat]   `yaml:"threats" theriac:"required" doc:"threats that it sums up"`
	Harms       []Ref[*Harm]     `yaml:"harms" doc:"harm to people that can follow; empty when no one can come to harm"`
	Impact      string           `yaml:"impact" doc:"what happens if it comes true (Markdown)"`
	Initial     Score            `yaml:"initial" doc:"before controls"`
	Controls    []Ref[*Control]  `yaml:"controls" doc:"controls that lower it"`
	PostControl Score            `yaml:"post-control" doc:"after the controls of device and manufacturer alone, where environment or users provide some as well"`
	Residual    Score            `yaml:"residual" doc:"after all controls"`
	Decision    RiskDecision     `yaml:"decision" doc:"reduce, accept, avoid, transfer"`
	Priority    string           `yaml:"priority-justification" doc:"why no safer design or protective measure was taken, where only information remains (Annex I 4)"`
	Acceptance  Acceptance       `yaml:"acceptance" doc:"who accepted what remains, why, and until when"`
	BenefitRisk string           `yaml:"benefit-risk" doc:"why the benefit outweighs a residual risk above the acceptance policy"`
	Information []Ref[*Document] `yaml:"information" doc:"documents that tell users about the residual risk"`
}

// Score is a risk value on the scales of policy.risk. What it was computed from
// is kept beside it: a CVSS vector with the answers that led to it, or the
// factors of attack feasibility.
type Score struct {
	Exploitability string         `yaml:"exploitability" doc:"a level of policy.risk.exploitability"`
	Severity       string         `yaml:"severity" doc:"a level of policy.risk.severity"`
	CVSS           string         `yaml:"cvss" doc:"CVSS vector, where that is the method"`
	Rubric         []RubricAnswer `yaml:"rubric" doc:"questions of the medical-device rubric and their answers, from which the vector follows"`
	Feasibility    Feasibility    `yaml:"feasibility" doc:"factors of attack feasibility, where that is the method"`
	Rationale      string         `yaml:"rationale" doc:"why these levels"`
}

// RubricAnswer is the answer to one question of the rubric for applying CVSS to
// medical devices.
type RubricAnswer struct {
	Question string `yaml:"question" theriac:"required" doc:"name of the question; theriac risk rubric lists them"`
	Answer   string `yaml:"answer" theriac:"required" doc:"one of the answers of the question"`
	Why      string `yaml:"why" doc:"reasoning"`
}

// Feasibility holds what an attack takes (ISO/IEC 18045 B.4, ISO/SAE 21434
// annex G).
type Feasibility struct {
	Time        AttackTime        `yaml:"time" doc:"elapsed time to find and exploit the weakness"`
	Expertise   AttackExpertise   `yaml:"expertise" doc:"skill of the attacker"`
	Knowledge   AttackKnowledge   `yaml:"knowledge" doc:"what must be known about the device"`
	Opportunity AttackOpportunity `yaml:"opportunity" doc:"access to the device that is needed"`
	Equipment   AttackEquipment   `yaml:"equipment" doc:"tools that are needed"`
}

// Acceptance is a decision to live with a risk.
type Acceptance struct {
	By     string `yaml:"by" doc:"role that accepted"`
	Date   Date   `yaml:"date" doc:"when"`
	Until  Date   `yaml:"until" doc:"when it must be looked at again"`
	Reason string `yaml:"reason" doc:"why"`
}

// Control is a measure that lowers risk.
type Control struct {
	Base
	Priority      ControlPriority                `yaml:"priority" theriac:"required" doc:"place in the order of Annex I 4: design, protective, information"`
	By            Provider                       `yaml:"by" doc:"who provides it: device, manufacturer, environment, user (default device)"`
	Capabilities  []Capability                   `yaml:"capabilities" doc:"security capabilities of MDCG 2019-16 3.3 that it gives"`
	Features      []Feature                      `yaml:"features" doc:"on-device capabilities of the state of the art that it gives"`
	Protects      []Ref[Element]                 `yaml:"protects" doc:"elements that have it"`
	Description   string                         `yaml:"description" doc:"how it works (Markdown)"`
	Environment   []Ref[*EnvironmentRequirement] `yaml:"environment" doc:"requirements on the surroundings through which it is provided"`
	Strength      Strength                       `yaml:"strength" doc:"what it takes to overcome it: basic, moderate, high"`
	SafetyEffect  SafetyEffect                   `yaml:"safety-effect" doc:"what the control itself can do to safety (lock-out, delay ...)"`
	Introduces    []Ref[*Risk]                   `yaml:"introduces" doc:"risks that it brings with it"`
	Standards     []string                       `yaml:"standards" doc:"clauses of standards it follows, in free form"`
	Justification string                         `yaml:"justification" doc:"why it is acceptable as it is, where a reviewer will ask"`
}

// SafetyEffect says whether a security control can harm safety.
type SafetyEffect struct {
	Possible   Answer            `yaml:"possible" doc:"true when the control can delay, block or change clinical use"`
	Situations []Ref[*Situation] `yaml:"situations" doc:"hazardous situations in the safety file that cover it"`
	Why        string            `yaml:"why" doc:"reasoning"`
}

// Requirement is a security requirement that the device or process must meet.
type Requirement struct {
	Base
	Text       string          `yaml:"text" doc:"one testable sentence"`
	Implements []Ref[*Control] `yaml:"implements" doc:"controls that it makes concrete"`
	For        []Ref[Element]  `yaml:"for" doc:"elements that must meet it"`
	Code       []string        `yaml:"code" doc:"design or implementation: path#symbol, path:line, or #tag for a tag in a comment"`
	Status     string          `yaml:"status" doc:"free text of the team's own work flow"`
}

// ThreatCategory sorts threats.
type ThreatCategory string

func (ThreatCategory) Values() Values {
	return Values{
		{"spoofing", "pretending to be somebody or something else"}, {"tampering", "changing data, code or hardware"},
		{"repudiation", "denying an action"}, {"disclosure", "information reaches the wrong people"},
		{"denial-of-service", "the device or care stops"}, {"elevation-of-privilege", "gaining rights"},
		{"misuse", "reasonably foreseeable misuse"}, {"environment", "failure or loss in the surroundings"},
	}
}

// RiskDecision is what is done about a risk.
type RiskDecision string

func (RiskDecision) Values() Values {
	return Values{{"reduce", "controls lower it"}, {"accept", "accepted as it is"}, {"avoid", "its cause was removed"}, {"transfer", "another party carries it by agreement"}}
}

// ControlPriority is the place in the order of priority of Annex I 4.
type ControlPriority string

func (ControlPriority) Values() Values {
	return Values{
		{"design", "first: safe design and manufacture, Annex I 4(a)"},
		{"protective", "second: protective measures, alarms, Annex I 4(b)"},
		{"information", "third: information and training, Annex I 4(c)"},
	}
}

// Provider says who provides a control.
type Provider string

func (Provider) Values() Values {
	return Values{{"device", "the device itself"}, {"manufacturer", "the manufacturer's organisation or servers"}, {"environment", "the operator's network, rooms or systems"}, {"user", "the user's behaviour"}}
}

// Strength is what it takes to overcome a control.
type Strength string

func (Strength) Values() Values {
	return Values{
		{"basic", "public tools and little skill"}, {"moderate", "a skilled attacker and days of work"},
		{"high", "experts with special equipment, a new weakness, or an insider"},
	}
}

// AttackTime is the elapsed time of an attack.
type AttackTime string

func (AttackTime) Values() Values {
	return Values{
		{"one-day", "up to a day"}, {"one-week", "up to a week"}, {"one-month", "up to a month"},
		{"six-months", "up to six months"}, {"longer", "more than six months"},
	}
}

// AttackExpertise is the skill that an attack needs.
type AttackExpertise string

func (AttackExpertise) Values() Values {
	return Values{
		{"layman", "no particular skill"}, {"proficient", "knows the kind of system"},
		{"expert", "knows the techniques and could find new ones"}, {"multiple-experts", "experts of several fields together"},
	}
}

// AttackKnowledge is what an attacker must know about the device.
type AttackKnowledge string

func (AttackKnowledge) Values() Values {
	return Values{
		{"public", "can be found by anybody"}, {"restricted", "shared under agreement"},
		{"confidential", "known to few teams of the manufacturer"}, {"strictly-confidential", "known to few persons"},
	}
}

// AttackOpportunity is the access to the device that an attack needs.
type AttackOpportunity string

func (AttackOpportunity) Values() Values {
	return Values{
		{"unlimited", "remote, at any time, without preparation"}, {"easy", "short access or few conditions"},
		{"moderate", "limited access or several conditions"}, {"difficult", "long or rare physical access"},
	}
}

// AttackEquipment is the tools that an attack needs.
type AttackEquipment string

func (AttackEquipment) Values() Values {
	return Values{
		{"standard", "at hand for anybody"}, {"specialised", "can be had with some effort"},
		{"bespoke", "must be made or is under control"}, {"multiple-bespoke", "several kinds of bespoke tools"},
	}
}

// Capability is one of the 18 security capabilities of MDCG 2019-16 section 3.3.
type Capability string

func (Capability) Values() Values {
	return Values{
		{"alof", "automatic logoff"}, {"audt", "audit controls"}, {"auth", "authorisation"},
		{"cnfs", "configuration of security features"}, {"csup", "cybersecurity product upgrades"},
		{"didt", "health data de-identification"}, {"dtbk", "data backup and disaster recovery"},
		{"emrg", "emergency access"}, {"igau", "health data integrity and authenticity"},
		{"mldp", "malware detection and protection"}, {"naut", "node authentication"}, {"paut", "person authentication"},
		{"plok", "physical locks"}, {"sahd", "system and application hardening"}, {"sgud", "security guides"},
		{"stcf", "health data storage confidentiality"}, {"txcf", "transmission confidentiality"}, {"txig", "transmission integrity"},
	}
}

// Feature is one of the eight on-device capabilities that the state of the art
// expects; law and guidance do not name them in these words.
type Feature string

func (Feature) Values() Values {
	return Values{
		{"identity-and-access", "identity and access control"}, {"data-protection", "protection of data at rest and in transit"},
		{"secure-boot", "secure boot and execution"}, {"key-management", "key and credential management"},
		{"logging", "logging and auditing"}, {"hardening", "hardening"}, {"signed-updates", "signed updates"},
		{"operating-environment", "documented operating environment"},
	}
}
