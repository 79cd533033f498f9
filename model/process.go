package model

// Process is one of the eight secure-development practices of MDCG 2019-16
// section 3.1, as the manufacturer lives it.
type Process struct {
	Base
	Practice  Practice         `yaml:"practice" theriac:"required" doc:"which of the eight practices"`
	Owner     string           `yaml:"owner" doc:"role that answers for it"`
	Policy    string           `yaml:"policy" doc:"what is done, or the procedure that says so (Markdown)"`
	Roles     []string         `yaml:"roles" doc:"roles that take part"`
	Metrics   []Metric         `yaml:"metrics" doc:"figures that show whether it works"`
	Artefacts []Ref[*Document] `yaml:"artefacts" doc:"documents that it yields"`
	Reviewed  Date             `yaml:"reviewed" doc:"last review"`
	Review    Duration         `yaml:"review-interval" doc:"how often it is reviewed, for example 1 year"`
}

// Metric is a figure with its aim.
type Metric struct {
	Name   string `yaml:"name" theriac:"required" doc:"what is counted"`
	Target string `yaml:"target" doc:"aim, with unit"`
}

// VulnerabilityHandling is how weaknesses are found, judged, fixed and told.
type VulnerabilityHandling struct {
	Base
	Owner       string         `yaml:"owner" doc:"role that answers for it (PSIRT)"`
	Sources     []string       `yaml:"sources" doc:"what is watched: advisories, CSIRTs, suppliers, KEV, customers ..."`
	Interval    Duration       `yaml:"interval" doc:"how often the SBOM is matched against new advisories, for example 1 day"`
	Contact     Contact        `yaml:"contact" doc:"where a finder reports"`
	TimeLimits  []TimeLimit    `yaml:"time-limits" doc:"own time limits by severity"`
	MailHosts   []string       `yaml:"mail-hosts" doc:"own mail servers, as they name themselves in Received lines; their time of receipt counts as awareness"`
	Disclosure  string         `yaml:"disclosure" doc:"coordinated disclosure policy (ISO/IEC 29147), Markdown or document"`
	Scope       []string       `yaml:"scope" doc:"products and services about which reports are welcome, and what is left out"`
	SafeHarbour string         `yaml:"safe-harbour" doc:"what finders who act in good faith need not fear, in the words of the manufacturer (Markdown)"`
	Privacy     string         `yaml:"privacy" doc:"what those who report are told of their personal data: who keeps them, for what and on which legal basis, how long, and their rights (GDPR Art. 13; Markdown)"`
	Advisories  string         `yaml:"advisories" doc:"how users are told: CSAF, letter, portal"`
	SBOM        string         `yaml:"sbom" doc:"SBOM format and where it is kept"`
	Scoring     string         `yaml:"scoring" doc:"how severity is judged, for example CVSS v4.0 with the medical rubric"`
	TimeZone    TimeZone       `yaml:"time-zone" doc:"where days are counted, as a name of the IANA time zone database, for example Europe/Berlin"`
	MaxDataAge  Duration       `yaml:"max-data-age" doc:"oldest advisories that a scan may rest on, for example 2 days"`
	Signed      Answer         `yaml:"signed-findings" doc:"true where the record of findings has to be signed (theriac vuln scan --record --key)"`
	EPSSStep    string         `yaml:"epss-step" doc:"rise of the probability of exploitation (EPSS) that opens a decision again, 0 to 1 (0.1 where left out)"`
	EPSSLevel   string         `yaml:"epss-level" doc:"probability of exploitation (EPSS) above which a decision made below it is open again, 0 to 1 (0.1 where left out)"`
	Country     string         `yaml:"country" doc:"country of the manufacturer, or of its authorised representative, as ISO 3166 code; its public holidays are not counted as working days"`
	Holidays    []Date         `yaml:"holidays" doc:"public holidays of the country, where a time limit may end on one"`
	Publisher   Publisher      `yaml:"publisher" doc:"who issues advisories, as CSAF names it"`
	Plan        Ref[*Document] `yaml:"plan" doc:"plan or procedure"`
}

// Publisher issues advisories (CSAF 2.0 section 3.2.1.8).
type Publisher struct {
	Name      string `yaml:"name" doc:"name of the issuing party; the manufacturer's where left out"`
	Namespace string `yaml:"namespace" doc:"address under control of the publisher, for example https://example.com"`
	Authority string `yaml:"authority" doc:"what the publisher is responsible for"`
	Directory string `yaml:"directory" doc:"address of the folder in which advisories are served, for example https://example.com/.well-known/csaf"`
}

// Contact is where reports of vulnerabilities arrive.
type Contact struct {
	Email       string `yaml:"email" doc:"mail address of the PSIRT"`
	URL         string `yaml:"url" doc:"disclosure page"`
	SecurityTxt string `yaml:"security-txt" doc:"address of security.txt (RFC 9116)"`
	Encryption  string `yaml:"encryption" doc:"public key for encrypted reports"`
}

// TimeLimit is the manufacturer's own limit for vulnerabilities of a severity.
type TimeLimit struct {
	Severity    string   `yaml:"severity" theriac:"required" doc:"critical, high, medium, low"`
	Acknowledge Duration `yaml:"acknowledge" doc:"until the finder has an answer"`
	Assess      Duration `yaml:"assess" doc:"until exposure of the device is known"`
	Fix         Duration `yaml:"fix" doc:"until a fix or mitigation is out"`
}

// PostMarket is the post-market surveillance and vigilance of the security of
// the device (MDR Art. 83-90, IVDR Art. 78-85).
type PostMarket struct {
	Base
	Owner         string         `yaml:"owner" doc:"role that answers for it"`
	Plan          Ref[*Document] `yaml:"plan" doc:"PMS plan (Annex III)"`
	Report        Ref[*Document] `yaml:"report" doc:"PMS report or PSUR"`
	Cycle         Duration       `yaml:"cycle" doc:"how often the report is updated, for example 1 year"`
	Sources       []string       `yaml:"sources" doc:"where information comes from: complaints, incidents, logs, literature, similar devices"`
	Indicators    []string       `yaml:"indicators" doc:"thresholds that start a reassessment of risk"`
	Vigilance     Vigilance      `yaml:"vigilance" doc:"reporting of serious incidents and field safety corrective actions"`
	Trend         string         `yaml:"trend" doc:"how trends of non-serious incidents are watched (MDR Art. 88, IVDR Art. 83)"`
	FieldAction   string         `yaml:"field-action" doc:"how field safety corrective actions and notices are done"`
	Feedback      string         `yaml:"feedback" doc:"how findings flow back into risk management"`
	ChangeControl string         `yaml:"change-control" doc:"how changes are judged: significance for the notified body, new UDI-DI"`
}

// Vigilance holds the manufacturer's reporting limits, which may not be longer
// than those of MDR Art. 87 or IVDR Art. 82. Days are counted from awareness.
type Vigilance struct {
	Owner              string   `yaml:"owner" doc:"role that reports"`
	SeriousIncident    Duration `yaml:"serious-incident" doc:"at most 15 days"`
	Death              Duration `yaml:"death-or-unanticipated-deterioration" doc:"at most 10 days"`
	PublicHealthThreat Duration `yaml:"public-health-threat" doc:"at most 2 days"`
	Investigation      string   `yaml:"investigation" doc:"how a serious incident is investigated"`
	SecurityCriteria   string   `yaml:"security-criteria" doc:"when a security event counts as an incident or serious incident"`
}

// Practice is one of the eight secure-development practices.
type Practice string

func (Practice) Values() Values {
	return Values{
		{"security-management", "practice 1"}, {"specification-of-requirements", "practice 2"},
		{"secure-by-design", "practice 3"}, {"secure-implementation", "practice 4"},
		{"verification-and-validation", "practice 5"}, {"management-of-security-issues", "practice 6"},
		{"update-management", "practice 7"}, {"guidelines", "practice 8: guidelines for users"},
	}
}
