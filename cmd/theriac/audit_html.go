package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"theriac/bundle"
	"theriac/report"
)

//go:embed audit.html.tmpl
var auditPageText string

// auditTemplate is the page. What a bundle says is escaped, and characters that
// change how others are shown are made visible.
var auditTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("audit").Funcs(template.FuncMap{
		"fault": firstFault, "excused": excusedWords, "meaning": func() string { return auditMeaning },
		"clean": func(s any) string { return report.Clean(fmt.Sprint(s)) },
		"join":  func(list []string) string { return report.Clean(strings.Join(list, "; ")) },
		"short": shortKey, "day": dayOf, "bytes": bundle.Bytes, "amount": amount, "add": func(a, b int) int { return a + b },
		"mark": func(s bundle.LinkState) string { return linkMarks[s] }, "state": verdictState, "who": signerName,
	}).Parse(auditPageText))
})

// auditHTML writes a report as one page that needs nothing else.
func auditHTML(w io.Writer, r *bundle.Report) error {
	met := 0
	for _, q := range r.Requirements {
		if q.State == "passed" {
			met++
		}
	}
	return auditTemplate().Execute(w, struct {
		*bundle.Report
		Met int
	}{r, met})
}
