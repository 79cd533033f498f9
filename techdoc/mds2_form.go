package techdoc

import (
	_ "embed"
	"sync"

	"theriac/syntax"
)

//go:embed data/mds2.yaml
var mds2Data []byte

// mds2Form is the form: its sections in the order of the standard.
type mds2Form struct {
	Title    string        `yaml:"title" theriac:"required"`
	Sections []mds2Section `yaml:"sections" theriac:"required"`
}

// mds2Section is a section of the form.
type mds2Section struct {
	Code      string         `yaml:"code" theriac:"required"` // four letters; "SBOM" for the section that the form calls SBoM
	Title     string         `yaml:"title" theriac:"required"`
	Verified  string         `yaml:"verified" theriac:"required"` // how we know: secondary or memory
	Needs     string         `yaml:"needs"`                       // fact of the product without which it does not apply
	Questions []mds2Question `yaml:"questions" theriac:"required"`
}

// mds2Question is a question of the form, in our own words.
type mds2Question struct {
	ID       string `yaml:"id" theriac:"required"`
	Ask      string `yaml:"ask" theriac:"required"`
	Text     bool   `yaml:"text"`     // asks for words, not for yes or no
	Always   bool   `yaml:"always"`   // asked also where the section does not apply
	Verified string `yaml:"verified"` // where it differs from that of the section
}

// mds2 is the form, read once.
var mds2 = sync.OnceValue(func() *mds2Form {
	root, _, findings := syntax.Parse("techdoc/data/mds2.yaml", mds2Data)
	form := &mds2Form{}
	var d syntax.Decoder
	d.Decode(root, form)
	if findings = append(findings, d.Findings...); len(findings) > 0 {
		panic("techdoc: faulty data: " + findings[0].Span.String() + ": " + findings[0].Message)
	}
	return form
})
