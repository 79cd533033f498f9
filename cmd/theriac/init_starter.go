package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"text/template"
	"unicode"

	"theriac/format"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/report"
)

//go:embed starter.yaml.tmpl
var starterText string

var starterTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("starter").Funcs(template.FuncMap{"quote": quote, "paragraph": paragraph}).Parse(starterText))
})

// fact is a line of the facts.
type fact struct {
	Name, Doc    string
	Known, Value bool
}

// starter is the text of a new theriac.yaml.
func starter(a answers) ([]byte, error) {
	for _, v := range []struct{ flag, value string }{{"name", a.name}, {"manufacturer", a.manufacturer}, {"rule", a.rule}, {"purpose", a.purpose}} {
		if strings.ContainsFunc(v.value, unwritable) {
			return nil, fmt.Errorf("--%s: %q contains a character that shows nothing", v.flag, v.value)
		}
	}
	var facts []fact
	for _, f := range factFields() {
		value, known := a.facts[f.Name]
		facts = append(facts, fact{f.Name, f.Doc, known, value})
	}
	var b bytes.Buffer
	err := starterTemplate().Execute(&b, map[string]any{
		"Name": a.name, "Manufacturer": a.manufacturer, "Regulation": a.regulation, "Class": a.class, "Rule": a.rule,
		"Purpose": a.purpose, "Facts": facts, "IVDR": a.regulation == string(model.IVDR), "Is": a.facts,
	})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", model.RootFile, err)
	}
	text, err := format.Source(b.Bytes(), model.FieldOrder)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", model.RootFile, err)
	}
	return text, nil
}

// unwritable reports characters that may not stand in a security file, or that
// nobody would see there.
func unwritable(r rune) bool {
	return r != '\n' && !unicode.IsGraphic(r) || r == unicode.ReplacementChar
}

var plain = lazyregexp.New(`^[A-Za-z][A-Za-z0-9 ._/()+-]*[A-Za-z0-9.)]$`)

// quote is a YAML scalar on one line: plain where that cannot be misread.
func quote(s string) string {
	s = oneLine(s)
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off":
	default:
		if plain.MatchString(s) {
			return s
		}
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// paragraph is text as the lines of a literal block.
func paragraph(indent int, s string) string {
	return strings.Join(report.Wrap(s, 88-indent), "\n"+strings.Repeat(" ", indent))
}
