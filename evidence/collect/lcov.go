package collect

import (
	"bytes"
	"strconv"
	"strings"

	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// The tracefile of lcov (man geninfo, section FILES) has a section for each file
// of source code. Lines and branches that several sections name, of several
// tests, are one: covered when any of the tests ran them. Totals in the file are
// not used.
var _ = add(Collector{
	Name: "lcov", Title: "lcov tracefile", Kind: "test-result",
	Looks: func(_ string, head []byte) bool {
		return lcovStart.Match(head) && !bytes.ContainsRune(head, 0)
	},
	Read: readLcov,
})

var lcovStart = lazyregexp.New(`^(#[^\n]*\n|TN:[^\n]*\n|VER:[^\n]*\n|\s*\n)*SF:[^\n]+\n`)

// lcovOther are records of which only the name is looked at.
var lcovOther = []string{"TN", "VER", "FN", "FNDA", "FNF", "FNH", "FNL", "FNA", "LF", "LH", "BRF", "BRH", "MCDC", "MRF", "MRH", "MCF", "MCH"}

func readLcov(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	l := lcovReader{lines: coveredSet{}, branches: coveredSet{}}
	if err := eachLine(in.Data, func(line int, text []byte) error { return l.see(line, string(text)) }); err != nil {
		return nil, err
	}
	if l.file != "" {
		return nil, malformed(0, "the file ends before the end_of_record of %s", clean(l.file))
	}
	if !l.any {
		return nil, malformed(0, "no section of a file (SF)")
	}
	return coverageReport(l.lines, l.branches), nil
}

type lcovReader struct {
	file            string
	any             bool
	lines, branches coveredSet
}

func (l *lcovReader) see(line int, text string) error {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "#") {
		return nil
	}
	if text == "end_of_record" {
		if l.file == "" {
			return malformed(line, "end_of_record outside of a section")
		}
		l.file = ""
		return nil
	}
	name, value, ok := strings.Cut(text, ":")
	if !ok {
		return malformed(line, "not a record of a tracefile")
	}
	return l.record(line, name, value)
}

func (l *lcovReader) record(line int, name, value string) error {
	switch {
	case name == "SF" && l.file != "":
		return malformed(line, "a section begins before the last one ended")
	case name == "SF" && value == "":
		return malformed(line, "a section names no file")
	case name == "SF":
		l.file, l.any = value, true
		return nil
	case name == "DA":
		return l.data(line, value)
	case name == "BRDA":
		return l.branch(line, value)
	}
	for _, known := range lcovOther {
		if name == known {
			return nil
		}
	}
	return malformed(line, "the record %s is not known", clean(name))
}

// data reads DA:<line>,<count>[,<checksum>].
func (l *lcovReader) data(line int, value string) error {
	fields := strings.Split(value, ",")
	if l.file == "" || len(fields) < 2 || len(fields) > 3 {
		return malformed(line, "DA does not say how often a line of a file was run")
	}
	of, err := number(line, "the line", fields[0])
	if err != nil {
		return err
	}
	count, err := number(line, "the count", fields[1])
	if err != nil {
		return err
	}
	return l.lines.add(line, l.file+":"+strconv.FormatInt(of, 10), count > 0)
}

// branch reads BRDA:<line>,<block>,<branch>,<taken>, where taken is - when the
// branch was never reached, and the branch may be an expression with commas.
func (l *lcovReader) branch(line int, value string) error {
	last := strings.LastIndexByte(value, ',')
	if l.file == "" || strings.Count(value, ",") < 3 {
		return malformed(line, "BRDA does not say how often a branch of a file was taken")
	}
	if value[last+1:] == "-" {
		return l.branches.add(line, l.file+":"+value[:last], false)
	}
	count, err := number(line, "the count", value[last+1:])
	if err != nil {
		return err
	}
	return l.branches.add(line, l.file+":"+value[:last], count > 0)
}

// coveredSet says of each line, statement or branch whether it was run.
type coveredSet map[string]bool

// maxCovered bounds the lines, statements or branches of a report.
const maxCovered = 4_000_000

func (s coveredSet) add(line int, what string, covered bool) error {
	s[what] = s[what] || covered
	if len(s) > maxCovered {
		return malformed(line, "more than %d lines or branches", maxCovered)
	}
	return nil
}

func (s coveredSet) covered() (n int) {
	for _, ran := range s {
		if ran {
			n++
		}
	}
	return n
}

// coverageReport is the report of an input that has coverage alone: it passes
// by being there, if any line could have been covered.
func coverageReport(lines, branches coveredSet) *Report {
	c := &evidence.Coverage{Lines: len(lines), Covered: lines.covered(), Branches: len(branches), BranchesTrue: branches.covered()}
	return &Report{Coverage: c, Whole: wholeOf(nil, c.Lines > 0)}
}
