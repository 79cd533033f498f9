package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"theriac/diag"
)

// writeGitHub writes workflow commands, which GitHub shows beside the lines of
// a pull request. GitHub shows only the first few of each level in a step.
func writeGitHub(w io.Writer, in Input) error {
	b := bufio.NewWriter(w)
	for _, f := range in.Findings {
		if f.Waiver == nil {
			fmt.Fprintln(b, command(f))
		}
	}
	fmt.Fprintln(b, counts(in.Findings.Summary()))
	return b.Flush()
}

func command(f diag.Finding) string {
	message := clean(f.Message)
	if f.Variant != "" {
		message += fmt.Sprintf(" [variant %s]", clean(f.Variant))
	}
	if f.Help != "" {
		message += "\nfix: " + clean(f.Help)
	}
	var where []string
	if s := f.Span; s.Valid() {
		where = append(where, "file="+property(s.Path()), fmt.Sprintf("line=%d,col=%d,endLine=%d,endColumn=%d", s.Line, s.Column, s.EndLine, s.EndColumn))
	}
	where = append(where, "title="+property(f.Code+" "+f.Severity.String()))
	return fmt.Sprintf("::%s %s::%s", gitHubLevel(f.Severity), strings.Join(where, ","), data(message))
}

func gitHubLevel(s diag.Severity) string {
	switch s {
	case diag.Error:
		return "error"
	case diag.Warning:
		return "warning"
	}
	return "notice"
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(s string) string     { return dataEscapes.Replace(s) }
func property(s string) string { return propertyEscapes.Replace(clean(s)) }
