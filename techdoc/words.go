package techdoc

import (
	"theriac/check"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

// shortNames are the names by which people cite the sources of the catalogue.
var shortNames = map[string]string{
	"mdr": "MDR", "ivdr": "IVDR", "mdcg": "MDCG 2019-16", "81001-5-1": "IEC 81001-5-1", "62443-4-1": "IEC 62443-4-1",
	"62443-4-2": "IEC 62443-4-2", "60601-4-5": "IEC TR 60601-4-5", "14971": "ISO 14971", "aami": "AAMI", "mds2": "MDS2",
	"ig-nb": "IG-NB questionnaire", "gdpr": "GDPR", "cra": "CRA", "nis2": "NIS 2", "fda": "FD&C Act", "imdrf": "IMDRF",
	"sota": "state of the art",
}

// State is a badge for the state of evidence.
func (b *Book) State(s evidence.State) document.Span {
	return document.Badge(toneOf(s), b.Say(s.Words()))
}

func toneOf(s evidence.State) document.Tone {
	switch s {
	case evidence.Passed:
		return document.Good
	case evidence.Failed:
		return document.Bad
	case evidence.Missing:
		return document.Neutral
	}
	return document.Partly
}

// Status is a badge for the coverage of a clause.
func (b *Book) Status(s check.Status) document.Span {
	tone, words := document.Bad, string(s)
	switch s {
	case check.Satisfied:
		tone, words = document.Good, "fulfilled"
	case check.Partial:
		tone, words = document.Partly, "in part"
	case check.NotApplicable:
		tone, words = document.Neutral, "not applicable"
	}
	return document.Badge(tone, b.Say(words))
}

// Result is a badge for how a verification came out.
func (b *Book) Result(r model.Result) document.Span {
	tone := document.Neutral
	switch r {
	case "passed":
		tone = document.Good
	case "failed":
		tone = document.Bad
	}
	return document.Badge(tone, b.Say(string(r)))
}
