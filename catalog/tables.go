package catalog

// Tables are facts of law and guidance that rules and explanations compute with.
// Every row has an id and says how far it was verified. The comment at the head
// of data/tables.yaml describes the columns.
type Tables struct {
	PSURCycle           []PSURCycle         `yaml:"psur-cycle"`
	VigilanceDeadlines  []VigilanceDeadline `yaml:"vigilance-deadlines"`
	ConformityRoutes    []ConformityRoute   `yaml:"conformity-routes"`
	IVDRRules           []ClassRule         `yaml:"ivdr-rules"`
	MDRRules            []ClassRule         `yaml:"mdr-rules"`
	Definitions         []Definition        `yaml:"definitions"`
	UDISoftware         []UDITrigger        `yaml:"udi-software"`
	UDICarrierDates     []UDICarrierDate    `yaml:"udi-carrier-dates"`
	ClauseTraps         []ClauseTrap        `yaml:"clause-traps"`
	GSPRCorrespondence  []Correspondence    `yaml:"gspr-correspondence"`
	DocumentSlips       []DocumentSlip      `yaml:"document-slips"`
	NotInGuidance       []Absence           `yaml:"not-in-guidance"`
	Transition          []Transition        `yaml:"transition"`
	Facts               []Fact              `yaml:"facts"`
	RelatedGuidance     []Guidance          `yaml:"related-guidance"`
	SBOMFields          []SBOMField         `yaml:"sbom-fields"`
	SBOMRules           []SBOMRule          `yaml:"sbom-rules"`
	ReportingClocks     []ReportingClock    `yaml:"reporting-clocks"`
	IMDRFCodes          []IMDRFCode         `yaml:"imdrf-codes"`
	IncidentExamples    []IncidentExample   `yaml:"incident-examples"`
	NISMapping          []NISMeasure        `yaml:"nis-mapping"`
	NamedStandards      []NamedStandard     `yaml:"named-standards"`
	CVSSMedicalVector   []CVSSQuestion      `yaml:"cvss-medical-vector"`
	CapabilityCrosswalk []CapabilityRow     `yaml:"capability-crosswalk"`
}

// PSURCycle is the report on post-market surveillance that a class needs, and its longest cycle (MDR Art. 85-86, IVDR Art. 80-81).
type PSURCycle struct {
	ID         string   `yaml:"id"`
	Regulation string   `yaml:"regulation"`
	Classes    []string `yaml:"classes"`
	Document   string   `yaml:"document"`
	Months     int      `yaml:"months"`
	Update     string   `yaml:"update"`
	To         string   `yaml:"to"`
	Clause     string   `yaml:"clause"`
	Verified   Verified `yaml:"verified"`
}

// VigilanceDeadline is a limit for reporting to authorities, in days from awareness (MDR Art. 87-88, IVDR Art. 82-83).
type VigilanceDeadline struct {
	ID          string   `yaml:"id"`
	Event       string   `yaml:"event"`
	Days        int      `yaml:"days"`
	CountedFrom string   `yaml:"counted-from"`
	Rule        string   `yaml:"rule"`
	MDR         string   `yaml:"mdr"`
	IVDR        string   `yaml:"ivdr"`
	Verified    Verified `yaml:"verified"`
}

// ConformityRoute is how a class is assessed (MDR Art. 52, IVDR Art. 48).
type ConformityRoute struct {
	ID           string   `yaml:"id"`
	Regulation   string   `yaml:"regulation"`
	Class        string   `yaml:"class"`
	Variant      string   `yaml:"variant"`
	Clause       string   `yaml:"clause"`
	NotifiedBody bool     `yaml:"notified-body"`
	Text         string   `yaml:"text"`
	Review       string   `yaml:"review"`
	Verified     Verified `yaml:"verified"`
}

// ClassRule is a classification rule of Annex VIII with the classes that it can give.
type ClassRule struct {
	ID       string   `yaml:"id"`
	Rule     int      `yaml:"rule"`
	Classes  []string `yaml:"classes"`
	Text     string   `yaml:"text"`
	Verified Verified `yaml:"verified"`
}

// Definition is a legal term with its place in both acts.
type Definition struct {
	ID       string   `yaml:"id"`
	Term     string   `yaml:"term"`
	MDR      string   `yaml:"mdr"`
	IVDR     string   `yaml:"ivdr"`
	Text     string   `yaml:"text"`
	Verified Verified `yaml:"verified"`
}

// UDITrigger is a change to software and what it means for the UDI (MDR Annex VI C 6.5, IVDR Annex VI C 6.2).
type UDITrigger struct {
	ID       string   `yaml:"id"`
	Decision string   `yaml:"decision"`
	Basis    string   `yaml:"basis"`
	Trigger  string   `yaml:"trigger"`
	MDR      string   `yaml:"mdr"`
	IVDR     string   `yaml:"ivdr"`
	Verified Verified `yaml:"verified"`
}

// UDICarrierDate is the day from which labels carry the UDI.
type UDICarrierDate struct {
	ID         string   `yaml:"id"`
	Regulation string   `yaml:"regulation"`
	Classes    []string `yaml:"classes"`
	Date       string   `yaml:"date"`
	Note       string   `yaml:"note"`
	Verified   Verified `yaml:"verified"`
}

// ClauseTrap is a clause number that means different things in the two acts.
type ClauseTrap struct {
	ID       string   `yaml:"id"`
	Number   string   `yaml:"number"`
	MDR      string   `yaml:"mdr"`
	IVDR     string   `yaml:"ivdr"`
	Verified Verified `yaml:"verified"`
}

// Correspondence is a row of table 1 of MDCG 2019-16.
type Correspondence struct {
	ID       string   `yaml:"id"`
	Topic    string   `yaml:"topic"`
	MDR      string   `yaml:"mdr"`
	IVDR     string   `yaml:"ivdr"`
	Note     string   `yaml:"note"`
	Verified Verified `yaml:"verified"`
}

// DocumentSlip is a wrong reference printed in MDCG 2019-16.
type DocumentSlip struct {
	ID       string   `yaml:"id"`
	Where    string   `yaml:"where"`
	Printed  string   `yaml:"printed"`
	Correct  string   `yaml:"correct"`
	Verified Verified `yaml:"verified"`
}

// Absence is something that the guidance is often said to contain and does not.
type Absence struct {
	ID       string   `yaml:"id"`
	Claim    string   `yaml:"claim"`
	Fact     string   `yaml:"fact"`
	Verified Verified `yaml:"verified"`
}

// Transition is a date of the transition periods.
type Transition struct {
	ID         string   `yaml:"id"`
	Regulation string   `yaml:"regulation"`
	Date       string   `yaml:"date"`
	Text       string   `yaml:"text"`
	Verified   Verified `yaml:"verified"`
}

// Fact is a single fact about an act or document.
type Fact struct {
	ID       string   `yaml:"id"`
	Subject  string   `yaml:"subject"`
	Text     string   `yaml:"text"`
	Verified Verified `yaml:"verified"`
}

// Guidance is another guidance document.
type Guidance struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	Text     string   `yaml:"text"`
	Verified Verified `yaml:"verified"`
}

// SBOMField is a field that a source asks of an SBOM.
type SBOMField struct {
	ID       string   `yaml:"id"`
	Source   string   `yaml:"source"`
	Of       string   `yaml:"of"`
	Need     string   `yaml:"need"`
	Field    string   `yaml:"field"`
	Verified Verified `yaml:"verified"`
}

// SBOMRule is a rule that a source sets for SBOMs.
type SBOMRule struct {
	ID       string   `yaml:"id"`
	Source   string   `yaml:"source"`
	Text     string   `yaml:"text"`
	Verified Verified `yaml:"verified"`
}

// ReportingClock is a reporting duty with its first limit in hours.
type ReportingClock struct {
	ID       string   `yaml:"id"`
	Law      string   `yaml:"law"`
	Trigger  string   `yaml:"trigger"`
	Who      string   `yaml:"who"`
	To       string   `yaml:"to"`
	Hours    int      `yaml:"hours"`
	First    string   `yaml:"first"`
	Then     string   `yaml:"then"`
	Verified Verified `yaml:"verified"`
}

// IMDRFCode is a code for adverse-event reports.
type IMDRFCode struct {
	ID       string   `yaml:"id"`
	Code     string   `yaml:"code"`
	Annex    string   `yaml:"annex"`
	Level    int      `yaml:"level"`
	Term     string   `yaml:"term"`
	Note     string   `yaml:"note"`
	Verified Verified `yaml:"verified"`
}

// IncidentExample is an example of MDCG 2019-16 annex II.
type IncidentExample struct {
	ID              string   `yaml:"id"`
	Device          string   `yaml:"device"`
	Serious         bool     `yaml:"serious"`
	Relationship    string   `yaml:"relationship"`
	SecurityHarm    string   `yaml:"security-harm"`
	SafetyHarm      string   `yaml:"safety-harm"`
	SecurityControl string   `yaml:"security-control"`
	SafetyControl   string   `yaml:"safety-control"`
	Note            string   `yaml:"note"`
	Verified        Verified `yaml:"verified"`
}

// NISMeasure is a row of MDCG 2019-16 annex I.
type NISMeasure struct {
	ID       string   `yaml:"id"`
	Part     int      `yaml:"part"`
	Domain   string   `yaml:"domain"`
	Category string   `yaml:"category"`
	Measures []string `yaml:"measures"`
	Verified Verified `yaml:"verified"`
}

// NamedStandard is a standard that MDCG 2019-16 annex III names.
type NamedStandard struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	Verified Verified `yaml:"verified"`
}

// CVSSQuestion is a group of questions of the medical CVSS rubric.
type CVSSQuestion struct {
	ID       string   `yaml:"id"`
	Metric   string   `yaml:"metric"`
	Elements []string `yaml:"elements"`
	Asks     string   `yaml:"asks"`
	Verified Verified `yaml:"verified"`
}

// CapabilityRow maps a security capability to other documents (editorial).
type CapabilityRow struct {
	ID         string   `yaml:"id"`
	Capability string   `yaml:"capability"`
	IEC80001   string   `yaml:"iec-tr-80001-2-2"`
	MDS2       string   `yaml:"mds2"`
	IEC62443   []string `yaml:"iec-62443-4-2"`
	FDA        []string `yaml:"fda"`
	CRA        []string `yaml:"cra"`
	Verified   Verified `yaml:"verified"`
}
