package collect

import (
	"fmt"
	"strconv"
	"time"

	"theriac/evidence"
	"theriac/model"
	"theriac/syntax"
)

// form is what a form may say. The tags are its language; the kinds in
// form_kinds.go say what each of them must state beside the required fields.
type form struct {
	Version       string             `yaml:"evidence-form" theriac:"required" doc:"version of the format: 1"`
	Kind          model.EvidenceKind `yaml:"kind" theriac:"required" doc:"kind of evidence"`
	For           []string           `yaml:"for" doc:"ids of the verifications that it speaks of"`
	Started       moment             `yaml:"started" doc:"when the work began: YYYY-MM-DD, or a time with its zone as in RFC 3339"`
	Finished      moment             `yaml:"finished" theriac:"required" doc:"when the work ended, written like its beginning"`
	Performer     formPerformer      `yaml:"performer" doc:"who did the work"`
	Authors       []string           `yaml:"authors" doc:"who made what was looked at: signers of the roster, or teams"`
	Tool          formTool           `yaml:"tool" doc:"what was used"`
	Commit        string             `yaml:"commit" doc:"revision of the source code that was looked at"`
	Scope         []string           `yaml:"scope" doc:"ids of the interfaces, components and other elements that were touched"`
	Checks        []formCheck        `yaml:"checks" doc:"single checks, each with its outcome"`
	Analysis      *formAnalysis      `yaml:"analysis" doc:"what a tool that reads or watches a program found"`
	Fuzzing       *formFuzzing       `yaml:"fuzzing" doc:"runs of a fuzzer; each crash is a check that failed"`
	Scan          *formScan          `yaml:"scan" doc:"search for known vulnerabilities"`
	Penetration   *formPenetration   `yaml:"penetration" doc:"attack by skilled people"`
	Review        *formReview        `yaml:"review" doc:"people reading code"`
	SBOM          *formSBOM          `yaml:"sbom" doc:"list of components"`
	Configuration *formConfiguration `yaml:"configuration" doc:"comparison of settings with a baseline"`
	Record        *formRecord        `yaml:"record" doc:"record of training or of a process"`
	Inspection    *formInspection    `yaml:"inspection" doc:"somebody looked at a thing or a document"`
	Supplier      *formSupplier      `yaml:"supplier" doc:"statement of a supplier"`
	Attachments   []string           `yaml:"attachments" doc:"names of files beside the form that belong to it: reports, photographs"`
	Notes         string             `yaml:"notes" doc:"anything a reader should know; kept with the form"`
}

type formPerformer struct {
	Who          string             `yaml:"who" doc:"role, team, laboratory or signer of the roster"`
	Independence model.Independence `yaml:"independence" doc:"author, same-team, other-team, external"`
	Skills       string             `yaml:"skills" doc:"qualification, where it matters"`
}

type formTool struct {
	Name    string `yaml:"name" doc:"name of the tool"`
	Version string `yaml:"version" doc:"its version"`
}

type formCheck struct {
	ID       string   `yaml:"id" theriac:"required" doc:"name of the check, the same in each run; deviations refer to it"`
	Title    string   `yaml:"title" doc:"what was checked"`
	Outcome  outcome  `yaml:"outcome" theriac:"required" doc:"passed, failed, inconclusive, skipped"`
	Severity grade    `yaml:"severity" doc:"critical, high, medium, low, info; of a finding"`
	At       string   `yaml:"at" doc:"file and line, component, port, address"`
	For      []string `yaml:"for" doc:"ids of the verifications that this check alone speaks of"`
}

type formAnalysis struct {
	FailAt     grade    `yaml:"fail-at" doc:"severity from which findings are failures; medium when it is left out"`
	Findings   formBins `yaml:"findings" theriac:"required" doc:"number of findings of each severity"`
	Suppressed int      `yaml:"suppressed" doc:"number of findings that the code or the configuration of the tool silences"`
}

// formBins counts findings by severity.
type formBins struct {
	Critical count `yaml:"critical" doc:"number of critical findings"`
	High     count `yaml:"high" doc:"number of high findings"`
	Medium   count `yaml:"medium" doc:"number of medium findings"`
	Low      count `yaml:"low" doc:"number of low findings"`
	Info     count `yaml:"info" doc:"number of findings for information"`
}

type formFuzzing struct {
	Targets    []string `yaml:"targets" theriac:"required" doc:"names of the fuzz targets"`
	Executions count    `yaml:"executions" theriac:"required" doc:"number of inputs that were tried"`
	Seconds    count    `yaml:"seconds" theriac:"required" doc:"duration of all runs"`
	Corpus     count    `yaml:"corpus" doc:"number of inputs that were kept"`
	Sanitizers []string `yaml:"sanitizers" doc:"sanitizers that were built in"`
}

type formScan struct {
	FailAt     grade    `yaml:"fail-at" doc:"severity from which findings are failures; medium when it is left out"`
	Findings   formBins `yaml:"findings" theriac:"required" doc:"number of findings of each severity"`
	Components int      `yaml:"components" doc:"number of components that were looked at"`
	Database   string   `yaml:"database" theriac:"required" doc:"database of vulnerabilities that was used"`
	Data       moment   `yaml:"data" theriac:"required" doc:"how old its data are: YYYY-MM-DD, or a time as in RFC 3339"`
}

type formPenetration struct {
	Method   string        `yaml:"method" theriac:"required" doc:"black box, grey box, white box, or the guide that was followed"`
	Days     model.Decimal `yaml:"days" doc:"days of work"`
	Findings []formFinding `yaml:"findings" doc:"what was found and what became of it; [] when nothing was found"`
}

type formFinding struct {
	ID        string     `yaml:"id" theriac:"required" doc:"number of the finding; deviations refer to it"`
	Title     string     `yaml:"title" theriac:"required" doc:"what was found"`
	Severity  grade      `yaml:"severity" theriac:"required" doc:"critical, high, medium, low, info"`
	Fate      fate       `yaml:"fate" theriac:"required" doc:"open, fixed, retested, accepted"`
	Where     []string   `yaml:"where" doc:"ids of the elements in which it was found"`
	Retested  model.Date `yaml:"retested" doc:"day on which the attack was tried again, in vain"`
	Reference string     `yaml:"reference" doc:"where more is written: CVE, CWE, page of the report"`
}

type formReview struct {
	Changes    int      `yaml:"changes" theriac:"required" doc:"number of changes that were looked at"`
	Unreviewed []string `yaml:"unreviewed" doc:"changes that nobody but their author looked at"`
	Reviewers  []string `yaml:"reviewers" theriac:"required" doc:"who looked at them"`
}

type formSBOM struct {
	Format     string `yaml:"format" theriac:"required" doc:"format of the list, with its version"`
	Components int    `yaml:"components" theriac:"required" doc:"number of components"`
	Unnamed    int    `yaml:"unnamed" doc:"number of components without a version or an identifier"`
}

type formConfiguration struct {
	Profile string `yaml:"profile" theriac:"required" doc:"baseline with its version"`
	Target  string `yaml:"target" doc:"what was compared with it"`
}

type formRecord struct {
	Process    string     `yaml:"process" doc:"id of the process"`
	Document   string     `yaml:"document" theriac:"required" doc:"number under which the record is kept"`
	Revision   string     `yaml:"revision" doc:"its revision"`
	Took       []string   `yaml:"took" doc:"roles that took part"`
	ValidUntil model.Date `yaml:"valid-until" doc:"last day on which it holds"`
}

type formInspection struct {
	Procedure string `yaml:"procedure" theriac:"required" doc:"what was done and what passes, or where it is written"`
	Observed  string `yaml:"observed" theriac:"required" doc:"what was seen"`
	Document  string `yaml:"document" doc:"number under which the record is kept"`
}

type formSupplier struct {
	Supplier   string     `yaml:"supplier" theriac:"required" doc:"who states it"`
	Item       string     `yaml:"item" theriac:"required" doc:"what it delivers, with version"`
	Document   string     `yaml:"document" theriac:"required" doc:"number of the statement"`
	ValidUntil model.Date `yaml:"valid-until" doc:"last day on which it holds"`
}

// outcome, grade and fate are the enumerations of package evidence as a form
// writes them.
type (
	outcome evidence.Outcome
	grade   evidence.Severity
	fate    evidence.Fate
)

func names[T ~string](values ...T) model.Values {
	var list model.Values
	for _, v := range values {
		list = append(list, model.Value{Name: string(v)})
	}
	return list
}

// Values implements the enumeration.
func (outcome) Values() model.Values {
	return names(evidence.Pass, evidence.Fail, evidence.Open, evidence.Skips)
}

// Values implements the enumeration.
func (grade) Values() model.Values { return names(severities...) }

// Values implements the enumeration.
func (fate) Values() model.Values {
	return names(evidence.FateOpen, evidence.FateFixed, evidence.FateRetested, evidence.FateAccepted)
}

// moment is a day or a time. A day counts from its first second in UTC, which
// makes the work older than it is rather than younger.
type moment struct {
	time.Time
	day bool
}

// SetScalar implements syntax.ScalarValue.
func (m *moment) SetScalar(n *syntax.Node) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, n.Value); err == nil && sensible(t) {
			*m = moment{t.UTC().Truncate(time.Second), layout == time.DateOnly}
			return nil
		}
	}
	return fmt.Errorf("expected a day as YYYY-MM-DD or a time as YYYY-MM-DDThh:mm:ssZ, from 1971 to 9998, found %q", n.Value)
}

// sensible reports whether a time can be written as RFC 3339 in UTC and is not
// the zero of some clock.
func sensible(t time.Time) bool { return t.Year() >= 1971 && t.Year() < 9999 }

// count is a number that may be large, and may be absent.
type count struct {
	n      int64
	stated bool
}

// SetScalar implements syntax.ScalarValue.
func (c *count) SetScalar(n *syntax.Node) error {
	v, err := strconv.ParseUint(n.Value, 10, 63)
	if err != nil {
		return fmt.Errorf("expected a whole number, found %q", n.Value)
	}
	*c = count{int64(v), true}
	return nil
}
