package report

import (
	"encoding/json"
	"io"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
)

// The structs are the format docs/formats/check-json.md. Names are for ever.

type jsonReport struct {
	Tool     jsonTool      `json:"tool"`
	Product  *jsonProduct  `json:"product"`
	Findings []jsonFinding `json:"findings"`
	Coverage []jsonRow     `json:"coverage"`
	Release  *jsonRelease  `json:"release"`
	Summary  diag.Summary  `json:"summary"`
}

type jsonTool struct {
	Name      string       `json:"name"`
	Version   string       `json:"version"`
	Catalogue []jsonSource `json:"catalogue"`
}

type jsonSource struct {
	ID      string `json:"id"`
	Edition string `json:"edition"`
}

type jsonProduct struct {
	Name         string `json:"name"`
	Manufacturer string `json:"manufacturer"`
	Regulation   string `json:"regulation"`
	Class        string `json:"class"`
	UDIDI        string `json:"udi-di,omitempty"`
	Variant      string `json:"variant,omitempty"`
}

type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type jsonFinding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	jsonPlace
	EndLine   int      `json:"endLine"`
	EndColumn int      `json:"endColumn"`
	Entity    string   `json:"entity"`
	Clauses   []string `json:"clauses"`
	Why       string   `json:"why"`
	Help      string   `json:"help"`
	// Justification is what the file says in defence of what was found.
	Justification string        `json:"justification"`
	Related       []jsonRelated `json:"related"`
	Variant       string        `json:"variant"`
	Waiver        *jsonWaiver   `json:"waiver"`
}

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

type jsonWaiver struct {
	ID      string `json:"id"`
	Owner   string `json:"owner"`
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

type jsonRow struct {
	Catalogue  string   `json:"catalogue"`
	ID         string   `json:"id"`
	Clause     string   `json:"clause"`
	Title      string   `json:"title"`
	Part       string   `json:"part"`
	Role       string   `json:"role"`
	Applicable *bool    `json:"applicable"`
	Status     string   `json:"status"`
	Reasons    []string `json:"reasons"`
	AnsweredBy []string `json:"answeredBy"`
}

// jsonRelease is what signed evidence shows of a release.
type jsonRelease struct {
	ID            string                 `json:"id"` // "" where the file has no release
	Version       string                 `json:"version"`
	Verifications map[evidence.State]int `json:"verifications"` // number by state
	Excused       int                    `json:"excused"`       // that passed although something failed, whose risk is accepted
	Requirements  []jsonRequirement      `json:"requirements"`
}

type jsonRequirement struct {
	ID    string         `json:"id"`
	State evidence.State `json:"state"`
}

func jsonReleaseOf(s *check.Showing) *jsonRelease {
	if s == nil {
		return nil
	}
	out := &jsonRelease{Verifications: s.Verifications, Excused: s.Excused, Requirements: []jsonRequirement{}}
	if s.Release != nil {
		out.ID, out.Version = s.Release.ID, s.Release.Version
	}
	for _, r := range s.Requirements {
		out.Requirements = append(out.Requirements, jsonRequirement{r.Requirement.ID, r.State})
	}
	return out
}

func writeJSON(w io.Writer, in Input) error {
	r := jsonReport{
		Tool: jsonTool{Name: "theriac", Version: in.Version, Catalogue: jsonSources(in.Catalog)}, Product: jsonProductOf(in),
		Findings: []jsonFinding{}, Coverage: []jsonRow{}, Release: jsonReleaseOf(in.Showing), Summary: in.Findings.Summary(),
	}
	for _, f := range in.Findings {
		r.Findings = append(r.Findings, jsonFindingOf(f))
	}
	for _, row := range in.Coverage {
		r.Coverage = append(r.Coverage, jsonRowOf(row))
	}
	return encode(w, r)
}

// encode writes indented JSON; text is not escaped for HTML.
func encode(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

func jsonSources(cat *catalog.Catalog) []jsonSource {
	list := []jsonSource{}
	for _, s := range cat.Sources {
		list = append(list, jsonSource{s.ID, s.Edition})
	}
	return list
}

func jsonProductOf(in Input) *jsonProduct {
	p := in.Product
	if p == nil {
		return nil
	}
	return &jsonProduct{p.Name, p.Manufacturer.Name, string(p.Regulation), string(p.Class), p.UDIDI, in.Variant}
}

func jsonPlaceOf(s diag.Span) jsonPlace { return jsonPlace{s.Path(), s.Line, s.Column} }

func jsonFindingOf(f diag.Finding) jsonFinding {
	j := jsonFinding{
		Code: f.Code, Severity: f.Severity.String(), Message: f.Message, jsonPlace: jsonPlaceOf(f.Span),
		EndLine: f.Span.EndLine, EndColumn: f.Span.EndColumn, Entity: f.Entity, Clauses: texts(f.Clauses),
		Why: f.Why, Help: f.Help, Justification: f.Justification, Related: []jsonRelated{}, Variant: f.Variant,
	}
	for _, r := range f.Related {
		j.Related = append(j.Related, jsonRelated{jsonPlaceOf(r.Span), r.Message})
	}
	if w := f.Waiver; w != nil {
		j.Waiver = &jsonWaiver{w.ID, w.Owner, w.Reason, w.Expires}
	}
	return j
}

func jsonRowOf(r check.Row) jsonRow {
	e := r.Entry
	j := jsonRow{
		Catalogue: e.Source.ID, ID: e.ID, Clause: e.Clause, Title: e.Title, Part: e.Part, Role: string(e.Role),
		Status: string(r.Status), Reasons: texts(r.Reasons), AnsweredBy: []string{},
	}
	if r.Applicable != catalog.Undecided {
		applies := r.Applicable == catalog.True
		j.Applicable = &applies
	}
	for _, by := range r.By {
		j.AnsweredBy = append(j.AnsweredBy, model.Of(by).ID)
	}
	return j
}

// texts is a list that is never null in JSON.
func texts(list []string) []string { return append([]string{}, list...) }
