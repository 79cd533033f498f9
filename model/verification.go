package model

// Verification is a test, analysis or review that shows that requirements are met.
type Verification struct {
	Base
	Verifies  []Ref[*Requirement] `yaml:"verifies" doc:"requirements that it verifies"`
	Method    Method              `yaml:"method" doc:"how: security-feature-test, fuzz-test, penetration-test, static-analysis ..."`
	Tool      string              `yaml:"tool" doc:"tool with version"`
	Code      []string            `yaml:"code" doc:"test code: path#symbol, path:line, or #tag for a tag in a comment"`
	Procedure string              `yaml:"procedure" doc:"what is done and what passes (Markdown), or where it is written"`
	Covers    []Ref[Element]      `yaml:"covers" doc:"interfaces and components in scope"`
	Tester    Tester              `yaml:"tester" doc:"who did it"`
	Date      Date                `yaml:"date" doc:"when it was last done"`
	Release   Ref[*Release]       `yaml:"release" doc:"release on which it was done"`
	Result    Result              `yaml:"result" doc:"planned, passed, failed; leave out where signers are listed: evidence decides then"`

	Deviations []Deviation `yaml:"deviations" doc:"failures that may stand, each with the accepted risk that covers it"`
}

// Tester says who tested and how independent they were.
type Tester struct {
	Who          string       `yaml:"who" doc:"role, team or laboratory"`
	Independence Independence `yaml:"independence" doc:"author, same-team, other-team, external"`
	Skills       string       `yaml:"skills" doc:"qualification, where it matters (penetration tests)"`
}

// Deviation is a failure that may stand, because the risk of it was accepted.
type Deviation struct {
	Failure string     `yaml:"failure" theriac:"required" doc:"the failure, by the id under which evidence lists it"`
	Risk    Ref[*Risk] `yaml:"risk" theriac:"required" doc:"accepted risk that covers it"`
	Reason  string     `yaml:"reason" doc:"why the risk covers it"`
}

// Release is a version of the product's software, frozen by the digests of what
// is shipped. Evidence speaks of a release by those digests.
type Release struct {
	Base
	Version   string     `yaml:"version" theriac:"required" doc:"version as shown on the device"`
	Date      Date       `yaml:"date" doc:"date of release, or planned date"`
	Frozen    Date       `yaml:"frozen" doc:"day on which the artefacts were built; evidence from before does not speak of them"`
	Commit    string     `yaml:"commit" doc:"revision of the source code from which the artefacts were built"`
	UDIDI     string     `yaml:"udi-di" doc:"UDI-DI under which the release is placed on the market, where it is not the product's"`
	Artefacts []Artefact `yaml:"artefacts" doc:"what is shipped, by path and digest"`
	SBOM      Artefact   `yaml:"sbom" doc:"software bill of materials of the release"`
	Baseline  string     `yaml:"baseline" doc:"name of the baseline that freezes the security file of the release"`
}

// Artefact is a file that belongs to a release.
type Artefact struct {
	Path   string `yaml:"path" theriac:"required" doc:"name of the file; where it lies below the security file, its path"`
	Digest string `yaml:"digest" theriac:"required" doc:"digest of the file, as sha256: and 64 hexadecimal digits"`
}

// Method is a verification method.
type Method string

func (Method) Values() Values {
	return Values{
		{"inspection", "looking at the thing"}, {"review", "reading design or code"}, {"analysis", "calculation or argument"},
		{"functional-test", "test of ordinary function"}, {"security-feature-test", "test of a security function, good and bad input"},
		{"fuzz-test", "malformed and random input"}, {"vulnerability-scan", "scan for known weaknesses"},
		{"penetration-test", "attack by skilled people"}, {"static-analysis", "tool reads the code"},
		{"dynamic-analysis", "tool watches the running program"}, {"composition-analysis", "SBOM against known vulnerabilities"},
		{"configuration-scan", "settings against a baseline"}, {"load-test", "behaviour under overload and denial of service"},
		{"usability-test", "people use it as intended and as foreseen"},
	}
}

// Independence orders testers by their distance from the author.
type Independence string

func (Independence) Values() Values {
	return Values{{"author", "who wrote it"}, {"same-team", "a colleague of the author"}, {"other-team", "another department"}, {"external", "another organisation"}}
}

// Result is the outcome of a verification.
type Result string

func (Result) Values() Values {
	return Values{{"planned", "not done yet"}, {"passed", "done, all passed"}, {"failed", "done, something failed"}}
}
