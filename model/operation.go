package model

// EnvironmentRequirement is something that the operator's surroundings must
// provide for the device to be secure (MDR Annex I 17.4, IVDR Annex I 16.4).
type EnvironmentRequirement struct {
	Base
	Category    EnvironmentCategory `yaml:"category" theriac:"required" doc:"network, firewall, physical-access, protocol, hardware, third-party-software, user-skills, organisation"`
	Text        string              `yaml:"text" doc:"what is required, as it will be told to the operator"`
	Interfaces  []Ref[*Interface]   `yaml:"interfaces" doc:"interfaces that it is about"`
	Responsible Party               `yaml:"responsible" doc:"operator, integrator, user, manufacturer"`
	Essential   Answer              `yaml:"essential" doc:"true when an essential security function rests on it"`
	Rationale   string              `yaml:"rationale" doc:"why the device cannot or should not do it itself"`
	Told        []Ref[*Document]    `yaml:"told-in" doc:"documents that tell the operator, usually the instructions for use"`
}

// UpdatePolicy is how software and content updates reach the device.
type UpdatePolicy struct {
	Base
	Signed        Answer            `yaml:"signed" doc:"the device refuses what is not signed by the manufacturer"`
	Key           Ref[*Key]         `yaml:"key" doc:"key that signs"`
	Rollback      Answer            `yaml:"rollback-protection" doc:"the device refuses versions older than the security baseline"`
	Recovery      string            `yaml:"recovery" doc:"what happens when an update fails"`
	Over          []Ref[*Interface] `yaml:"over" doc:"interfaces through which updates come"`
	Preconditions string            `yaml:"preconditions" doc:"state of the device and the patient in which an update may run"`
	Instructions  Ref[*Document]    `yaml:"instructions" doc:"document that tells the operator how"`
	Approval      string            `yaml:"approval" doc:"who starts an update on the device"`
	Notification  string            `yaml:"notification" doc:"how operators learn of updates"`
	Validation    string            `yaml:"validation" doc:"what is tested before release"`
	EndOfSupport  string            `yaml:"end-of-support" doc:"what happens and who is told when support ends"`
	Content       []Ref[*Asset]     `yaml:"content" doc:"what can be updated: software, libraries, calibration"`
}

// Logging is what the device records of security events, and how records are
// kept safe.
type Logging struct {
	Base
	Records    []SecurityEvent   `yaml:"records" doc:"kinds of events that are recorded"`
	Store      Ref[*Store]       `yaml:"store" doc:"where records are kept"`
	Protection string            `yaml:"protection" doc:"how change and deletion are prevented or shown"`
	TimeSource string            `yaml:"time-source" doc:"where the time of a record comes from"`
	TimeVia    Ref[*Interface]   `yaml:"time-via" doc:"interface through which the time is set"`
	Retention  string            `yaml:"retention" doc:"how long, and what happens when storage is full"`
	Export     []Ref[*Interface] `yaml:"export" doc:"interfaces through which records leave"`
	Review     string            `yaml:"review" doc:"who looks at them, and when"`
	Detail     []string          `yaml:"detail" doc:"what a record holds: time, actor, action, object, outcome"`
}

// Document is a document of the technical documentation or for users.
type Document struct {
	Base
	Type      DocumentType `yaml:"type" theriac:"required" doc:"what document it is"`
	Number    string       `yaml:"number" doc:"document number"`
	Revision  string       `yaml:"revision" doc:"revision"`
	File      string       `yaml:"file" doc:"path, where it is kept beside the security file"`
	Status    string       `yaml:"status" doc:"planned, draft, approved"`
	Items     []string     `yaml:"items" doc:"catalogue items that it contains, for example mdcg.ifu.backup-restore"`
	Languages []string     `yaml:"languages" doc:"languages it exists in, as BCP 47 codes"`
}

// Approval records that somebody reviewed, approved or released a document.
type Approval struct {
	Base
	Of      []Ref[*Document] `yaml:"of" theriac:"required" doc:"documents"`
	Role    string           `yaml:"role" doc:"role of the signer"`
	Meaning Meaning          `yaml:"meaning" doc:"reviewed, approved, released"`
	Date    Date             `yaml:"date" doc:"when"`
}

// Policy holds the manufacturer's own rules and limits.
type Policy struct {
	Base
	Risk     RiskPolicy     `yaml:"risk" doc:"scales, matrix and acceptance"`
	Password PasswordPolicy `yaml:"password" doc:"rules for passwords"`
	Session  SessionPolicy  `yaml:"session" doc:"rules for sessions"`
	Crypto   CryptoPolicy   `yaml:"cryptography" doc:"limits for algorithms and keys"`
	Evidence EvidencePolicy `yaml:"evidence" doc:"how old evidence may be, and who may sign it"`

	Approvals []ApprovalPolicy `yaml:"approvals" doc:"which signed approvals are required, and in which roles"`
}

// RiskPolicy is the acceptance policy: two ordered scales and the combinations
// that are acceptable.
type RiskPolicy struct {
	Method         string   `yaml:"method" doc:"how risk is estimated, and why that is fitting (Markdown)"`
	Exploitability []string `yaml:"exploitability" doc:"levels from lowest to highest"`
	Severity       []string `yaml:"severity" doc:"levels from lowest to highest"`
	Scoring        Scoring  `yaml:"scoring" doc:"how exploitability is found: judged, cvss-3.1, cvss-4.0, feasibility"`
	// Levels turns the figure of a scoring method into a level of exploitability.
	Levels []ScoreLevel `yaml:"levels" doc:"from which figure each level of exploitability begins, where a method computes one"`
	// Acceptable holds, for each exploitability level, the highest severity
	// that is acceptable without further reasoning.
	Acceptable []AcceptableUpTo `yaml:"acceptable" doc:"for each exploitability level the highest acceptable severity; a level left out accepts nothing"`
	Overall    string           `yaml:"overall" doc:"how overall residual risk is judged"`
	Judgement  RiskJudgement    `yaml:"judgement" doc:"what the judgement of the overall residual risk came to (ISO 14971 8)"`
	Meanings   []LevelMeaning   `yaml:"meanings" doc:"what each level of the two scales means, so that two people judge alike"`
	Plan       Ref[*Document]   `yaml:"plan" doc:"risk management plan that contains the policy"`
	Report     Ref[*Document]   `yaml:"report" doc:"risk management report"`
	Review     string           `yaml:"review" doc:"when the risk file is looked at again"`
}

// RiskJudgement is the outcome of judging the overall residual risk.
type RiskJudgement struct {
	Acceptable Answer `yaml:"acceptable" doc:"true when the overall residual risk is acceptable in view of the benefit"`
	Reason     string `yaml:"reason" doc:"why"`
	By         string `yaml:"by" doc:"role or board that judged"`
	Date       Date   `yaml:"date" doc:"when"`
}

// LevelMeaning says what a level of a scale of the risk policy means.
type LevelMeaning struct {
	Level string `yaml:"level" theriac:"required" doc:"a level of policy.risk.exploitability or policy.risk.severity"`
	Means string `yaml:"means" theriac:"required" doc:"when it is chosen"`
}

// ScoreLevel is where a level of exploitability begins on the figure that the
// scoring method computes.
type ScoreLevel struct {
	Level string  `yaml:"level" theriac:"required" doc:"a level of policy.risk.exploitability"`
	From  Decimal `yaml:"from" theriac:"required" doc:"lowest figure of the level, with at most one decimal: a CVSS score (0.0-10.0) or the sum of feasibility points, of which more mean less exploitable"`
}

// Scoring is how the exploitability of a risk is found.
type Scoring string

func (Scoring) Values() Values {
	return Values{
		{"judged", "people choose the level and say why"},
		{"cvss-3.1", "from a CVSS v3.1 vector with environmental metrics"},
		{"cvss-4.0", "from a CVSS v4.0 vector with environmental metrics"},
		{"feasibility", "from what an attack takes: time, expertise, knowledge, opportunity, equipment"},
	}
}

// AcceptableUpTo is one line of the acceptance matrix.
type AcceptableUpTo struct {
	Exploitability string `yaml:"exploitability" theriac:"required" doc:"a level of the scale"`
	Severity       string `yaml:"severity" theriac:"required" doc:"highest acceptable level of severity"`
}

// PasswordPolicy is what the device asks of passwords.
type PasswordPolicy struct {
	MinLength int    `yaml:"min-length" doc:"shortest password, in characters"`
	Lockout   string `yaml:"lockout" doc:"what happens after failed attempts"`
	Storage   string `yaml:"storage" doc:"how verifiers are stored, for example argon2id"`
	Blocklist Answer `yaml:"blocklist" doc:"common passwords are refused"`
}

// SessionPolicy is what the device asks of sessions.
type SessionPolicy struct {
	IdleLimit Duration `yaml:"idle-limit" doc:"longest idle time of any role"`
	Emergency string   `yaml:"emergency" doc:"what stays usable while locked"`
}

// CryptoPolicy is the manufacturer's limits beyond those of the catalogue.
type CryptoPolicy struct {
	Reference string   `yaml:"reference" doc:"catalogue of algorithms followed, for example SOG-IS or BSI TR-02102"`
	MinTLS    string   `yaml:"min-tls" doc:"lowest TLS version, for example 1.2"`
	Allowed   []string `yaml:"allowed" doc:"algorithms that may be used"`
}

// EvidencePolicy is how fresh evidence must be.
type EvidencePolicy struct {
	MaxAge          Duration `yaml:"max-age" doc:"oldest evidence that counts"`
	PenetrationTest Duration `yaml:"penetration-test" doc:"longest time between penetration tests"`

	Signers    []EvidenceSigners `yaml:"signers" doc:"who may sign which kinds of evidence; a kind that is not listed counts from nobody"`
	TimeStamps Answer            `yaml:"time-stamps" doc:"true when a signature counts only with a time stamp of a listed authority (RFC 3161)"`
}

// EvidenceSigners says who may sign some kinds of evidence.
type EvidenceSigners struct {
	Kinds        []EvidenceKind `yaml:"kinds" theriac:"required" doc:"kinds of evidence: test-result, static-analysis, penetration-test ..."`
	Roles        []string       `yaml:"roles" theriac:"required" doc:"roles of the roster, one of which the signer holds"`
	Independence Independence   `yaml:"independence" doc:"least distance of the signer from the authors: same-team, other-team, external"`
}

// ApprovalPolicy is an approval that every entity of some kind needs.
type ApprovalPolicy struct {
	Of      Approvable `yaml:"of" theriac:"required" doc:"documents, risks, waivers, decisions, cases, baselines, releases, roster"`
	Meaning Meaning    `yaml:"meaning" theriac:"required" doc:"reviewed, approved, released"`
	Roles   []string   `yaml:"roles" theriac:"required" doc:"roles of the roster, one of which the signer holds"`
}

// Approvable is what can be approved.
type Approvable string

func (Approvable) Values() Values {
	return Values{
		{"documents", "documents that are called approved"}, {"risks", "decisions about risks"},
		{"waivers", "waivers of findings"}, {"decisions", "decisions about vulnerabilities (VEX)"},
		{"cases", "cases that tell of an advisory or a field safety corrective action, as readers learn of them"}, {"baselines", "frozen states of the security file"},
		{"releases", "releases with their artefacts"}, {"roster", "the list of signers and what they may sign"},
	}
}

// NotApplicable states that a clause of the catalogue does not apply, although
// the product facts alone do not say so. Its id is the clause's id.
type NotApplicable struct {
	Base
	Reason string `yaml:"reason" theriac:"required" doc:"why, in terms of the product"`
}

// Waiver silences a finding for a while.
type Waiver struct {
	Base
	Code    string      `yaml:"code" theriac:"required" doc:"code of the rule, for example T3004"`
	Entity  Ref[Entity] `yaml:"entity" doc:"entity that the finding is about; without it the whole file"`
	Reason  string      `yaml:"reason" theriac:"required" doc:"why the finding may stand"`
	Owner   string      `yaml:"owner" theriac:"required" doc:"role that answers for it"`
	Expires Date        `yaml:"expires" theriac:"required" doc:"last day on which it holds"`
}

// Import takes entities from a shared library folder.
type Import struct {
	Base
	Path string `yaml:"path" theriac:"required" doc:"folder, relative to the folder of theriac.yaml"`
}

// Variant is a version of the product that differs in named entities. Entities
// marked only-in belong to the variants they name.
type Variant struct {
	Base
	Name  string        `yaml:"name" doc:"trade name, where it differs"`
	UDIDI string        `yaml:"udi-di" doc:"UDI-DI of the variant"`
	Omits []Ref[Entity] `yaml:"omits" doc:"entities that the variant does not have"`
}

// EnvironmentCategory sorts requirements on the surroundings.
type EnvironmentCategory string

func (EnvironmentCategory) Values() Values {
	return Values{
		{"network", "network characteristics, segmentation"}, {"firewall", "ports and directions to open or close"},
		{"physical-access", "rooms, locks, supervision"}, {"protocol", "protocols and versions that peers must speak"},
		{"hardware", "equipment, workstation, accessories"}, {"third-party-software", "operating systems, malware protection, other software"},
		{"user-skills", "training and skills"}, {"organisation", "processes of the operator: accounts, patches, backup, incident response"},
		{"time", "time service"},
	}
}

// Party is who is responsible, after MDCG 2019-16 section 2.6.
type Party string

func (Party) Values() Values {
	return Values{{"manufacturer", "who places the device on the market"}, {"integrator", "who connects it on site"}, {"operator", "the health institution or laboratory"}, {"user", "who uses it"}}
}

// SecurityEvent is a kind of event that the device records.
type SecurityEvent string

func (SecurityEvent) Values() Values {
	return Values{
		{"login", "successful authentication"}, {"login-failure", "failed authentication and lock-out"}, {"logout", "end of a session"},
		{"emergency-access", "break-glass use"}, {"account-change", "accounts, roles, credentials"},
		{"configuration-change", "settings, security settings included"}, {"therapy-change", "change of therapy, assay or result parameters"},
		{"data-access", "reading or export of personal data"}, {"data-change", "change or deletion of records"},
		{"update", "update installed, refused or failed"}, {"start-stop", "start, stop, boot verification"},
		{"integrity-failure", "a check of code or data failed"}, {"service-access", "service or remote session"},
		{"media", "removable media connected or used"}, {"time-change", "clock set"}, {"log-access", "log read, exported, cleared or full"},
		{"network", "refused connection, protocol error, attack suspected"}, {"key-event", "key or certificate made, renewed, expired, refused"},
	}
}

// DocumentType is a document of the technical documentation or for users.
type DocumentType string

func (DocumentType) Values() Values {
	return Values{
		{"ifu", "instructions for use"}, {"security-guide", "security documentation for operators beyond the instructions for use"},
		{"label", "label"}, {"gspr-checklist", "GSPR checklist (Annex II 4)"},
		{"risk-plan", "risk management plan"}, {"security-risk-report", "security risk management report"}, {"safety-risk-file", "ISO 14971 risk management file"},
		{"threat-model", "threat model"}, {"security-architecture", "security architecture"}, {"requirements", "security requirements and traceability"},
		{"verification-plan", "verification and validation plan"}, {"verification-report", "verification and validation report"},
		{"penetration-test-report", "penetration test report"}, {"sbom", "software bill of materials"},
		{"development-plan", "secure development plan"}, {"coding-standard", "secure coding standard"}, {"procedure", "procedure of the quality management system"},
		{"vulnerability-plan", "vulnerability handling and disclosure plan"}, {"pms-plan", "post-market surveillance plan"}, {"pms-report", "post-market surveillance report"}, {"psur", "periodic safety update report"},
		{"update-instructions", "update instructions"}, {"release-notes", "release notes"}, {"mds2", "manufacturer disclosure statement MDS2"}, {"declaration", "EU declaration of conformity"},
		{"clinical-evaluation", "clinical or performance evaluation"}, {"supplier-agreement", "agreement with a supplier"}, {"responsibility-agreement", "agreement on responsibilities"}, {"training", "training material"},
		{"privacy-assessment", "data protection impact assessment"}, {"device-description", "device description and specification (Annex II 1)"}, {"other", "any other"},
	}
}

// Meaning is what a signature under a document says.
type Meaning string

func (Meaning) Values() Values {
	return Values{{"reviewed", "read and found right"}, {"approved", "in force"}, {"released", "may be used outside"}}
}
