package oscal

// AssessmentResults is what an assessment saw and concluded.
type AssessmentResults struct {
	UUID       string      `json:"uuid"`
	Metadata   Metadata    `json:"metadata"`
	ImportAP   ImportAP    `json:"import-ap"`
	Results    []Result    `json:"results"`
	BackMatter *BackMatter `json:"back-matter,omitempty"`
}

// ImportAP names the plan of the assessment.
type ImportAP struct {
	Href    string `json:"href"`
	Remarks string `json:"remarks,omitempty"`
}

// Result is one assessment.
type Result struct {
	UUID             string            `json:"uuid"`
	Title            string            `json:"title"`       // Line
	Description      string            `json:"description"` // Prose
	Start            string            `json:"start"`
	End              string            `json:"end,omitempty"`
	Props            []Property        `json:"props,omitempty"`
	LocalDefinitions *LocalDefinitions `json:"local-definitions,omitempty"`
	ReviewedControls ReviewedControls  `json:"reviewed-controls"`
	Observations     []Observation     `json:"observations,omitempty"`
	Risks            []Risk            `json:"risks,omitempty"`
	Findings         []Finding         `json:"findings,omitempty"`
	Remarks          string            `json:"remarks,omitempty"`
}

// LocalDefinitions are what the result speaks of and what it was made with.
type LocalDefinitions struct {
	Components []Component       `json:"components,omitempty"`
	Assets     *AssessmentAssets `json:"assessment-assets,omitempty"`
}

// AssessmentAssets are the tools of the assessment.
type AssessmentAssets struct {
	Components []Component `json:"components,omitempty"`
	Platforms  []Platform  `json:"assessment-platforms"`
}

// Platform is a set of tools.
type Platform struct {
	UUID  string     `json:"uuid"`
	Title string     `json:"title,omitempty"`
	Props []Property `json:"props,omitempty"`
}

// ReviewedControls lists the controls that were looked at.
type ReviewedControls struct {
	Description string             `json:"description,omitempty"`
	Selections  []ControlSelection `json:"control-selections"`
}

// ControlSelection lists controls of one source.
type ControlSelection struct {
	Description string       `json:"description,omitempty"`
	Props       []Property   `json:"props,omitempty"`
	Include     []ControlRef `json:"include-controls"`
}

// ControlRef names a control.
type ControlRef struct {
	ControlID string `json:"control-id"` // Token
}

// Observation is something that was seen: here, a piece of evidence.
type Observation struct {
	UUID        string             `json:"uuid"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description"`
	Props       []Property         `json:"props,omitempty"`
	Methods     []string           `json:"methods"` // EXAMINE, INTERVIEW, TEST, UNKNOWN
	Types       []string           `json:"types,omitempty"`
	Origins     []Origin           `json:"origins,omitempty"`
	Subjects    []Subject          `json:"subjects,omitempty"`
	Evidence    []RelevantEvidence `json:"relevant-evidence,omitempty"`
	Collected   string             `json:"collected"`
	Remarks     string             `json:"remarks,omitempty"`
}

// Origin is who or what saw or concluded something.
type Origin struct {
	Actors []Actor `json:"actors"`
}

// Actor is a tool, a platform or a party.
type Actor struct {
	Type string `json:"type"` // tool, assessment-platform, party
	UUID string `json:"actor-uuid"`
}

// Subject is what was looked at.
type Subject struct {
	UUID  string     `json:"subject-uuid"`
	Type  string     `json:"type"` // component, inventory-item, location, party, user, resource
	Title string     `json:"title,omitempty"`
	Props []Property `json:"props,omitempty"`
}

// RelevantEvidence leads to a file.
type RelevantEvidence struct {
	Href        string     `json:"href,omitempty"`
	Description string     `json:"description"`
	Props       []Property `json:"props,omitempty"`
}

// Risk is a risk with its state.
type Risk struct {
	UUID                string               `json:"uuid"`
	Title               string               `json:"title"`
	Description         string               `json:"description"`
	Statement           string               `json:"statement"`
	Props               []Property           `json:"props,omitempty"`
	Status              string               `json:"status"` // open, investigating, remediating, deviation-requested, deviation-approved, closed
	Origins             []Origin             `json:"origins,omitempty"`
	Characterizations   []Characterization   `json:"characterizations,omitempty"`
	MitigatingFactors   []MitigatingFactor   `json:"mitigating-factors,omitempty"`
	Deadline            string               `json:"deadline,omitempty"`
	Remediations        []Response           `json:"remediations,omitempty"`
	RelatedObservations []RelatedObservation `json:"related-observations,omitempty"`
}

// Characterization is how somebody rated a risk.
type Characterization struct {
	Props  []Property `json:"props,omitempty"`
	Origin Origin     `json:"origin"`
	Facets []Facet    `json:"facets"`
}

// Facet is one value of a rating.
type Facet struct {
	Name   string `json:"name"` // Token
	System string `json:"system"`
	Value  string `json:"value"` // Plain
}

// MitigatingFactor is what lowers a risk already.
type MitigatingFactor struct {
	UUID        string     `json:"uuid"`
	Description string     `json:"description"`
	Props       []Property `json:"props,omitempty"`
}

// Response is what is done about a risk.
type Response struct {
	UUID        string     `json:"uuid"`
	Lifecycle   string     `json:"lifecycle"` // recommendation, planned, completed
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Props       []Property `json:"props,omitempty"`
}

// RelatedObservation names an observation of the result.
type RelatedObservation struct {
	UUID string `json:"observation-uuid"`
}

// RelatedRisk names a risk of the result.
type RelatedRisk struct {
	UUID string `json:"risk-uuid"`
}

// Finding is a conclusion about one objective.
type Finding struct {
	UUID                string               `json:"uuid"`
	Title               string               `json:"title"`
	Description         string               `json:"description"`
	Props               []Property           `json:"props,omitempty"`
	Origins             []Origin             `json:"origins,omitempty"`
	Target              Target               `json:"target"`
	RelatedObservations []RelatedObservation `json:"related-observations,omitempty"`
	RelatedRisks        []RelatedRisk        `json:"related-risks,omitempty"`
}

// Target is the objective of a finding with its state.
type Target struct {
	Type           string        `json:"type"`      // statement-id, objective-id
	ID             string        `json:"target-id"` // Token
	Title          string        `json:"title,omitempty"`
	Props          []Property    `json:"props,omitempty"`
	Status         TargetStatus  `json:"status"`
	Implementation *TargetStatus `json:"implementation-status,omitempty"` // implemented, partial, planned, alternative, not-applicable
}

// TargetStatus is a state with its reason.
type TargetStatus struct {
	State   string `json:"state"`            // satisfied, not-satisfied; see Target for that of an implementation
	Reason  string `json:"reason,omitempty"` // pass, fail, other
	Remarks string `json:"remarks,omitempty"`
}
