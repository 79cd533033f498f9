package collect

import (
	"testing"

	"theriac/evidence"
)

func TestCobertura(t *testing.T) { goldens(t, Find("cobertura")) }
func TestLcov(t *testing.T)      { goldens(t, Find("lcov")) }
func TestGoCover(t *testing.T)   { goldens(t, Find("gocover")) }

// Lines, branches and statements that an input has several times are one.
func TestCoverageMerges(t *testing.T) {
	const class = `<class filename="a.c"><methods><method><lines><line number="1" hits="1"/></lines></method></methods><lines>`
	for name, in := range map[string]struct {
		collector, data string
		want            evidence.Coverage
	}{
		"lcov":      {"lcov", "TN:one\nSF:a.c\nDA:1,0\nDA:2,1\nBRDA:1,0,0,-\nend_of_record\nTN:two\nSF:a.c\nDA:1,3\nDA:2,0\nBRDA:1,0,0,2\nend_of_record\n", evidence.Coverage{Lines: 2, Covered: 2, Branches: 1, BranchesTrue: 1}},
		"gocover":   {"gocover", "mode: set\na.go:1.1,2.2 3 0\na.go:1.1,2.2 3 1\na.go:3.1,4.2 2 0\n", evidence.Coverage{Lines: 5, Covered: 3}},
		"cobertura": {"cobertura", `<coverage line-rate="1">` + class + `<line number="1" hits="0"/><line number="2" hits="1" branch="true" condition-coverage="50% (1/2)"/></lines></class>` + class + `<line number="1" hits="2"/></lines></class></coverage>`, evidence.Coverage{Lines: 2, Covered: 2, Branches: 2, BranchesTrue: 1}},
	} {
		report, err := Find(in.collector).Read(&Source{Data: []byte(in.data)})
		if err != nil {
			t.Fatal(name, err)
		}
		if *report.Coverage != in.want || report.Whole != evidence.Pass {
			t.Errorf("%s: got %+v, %s", name, *report.Coverage, report.Whole)
		}
	}
}

func TestCoverageOfNothing(t *testing.T) {
	for collector, data := range map[string]string{"lcov": "SF:a.c\nend_of_record\n", "gocover": "mode: set\n", "cobertura": `<coverage line-rate="1"/>`} {
		report, err := Find(collector).Read(&Source{Data: []byte(data)})
		if err != nil || report.Whole != evidence.Open {
			t.Errorf("%s: got %+v, %v", collector, report, err)
		}
	}
}

func TestCoberturaTime(t *testing.T) {
	for stamp, want := range map[string]string{"1700000000": "2023-11-14T22:13:20Z", "1700000000123": "2023-11-14T22:13:20Z", "0": ""} {
		report, err := Find("cobertura").Read(&Source{Data: []byte(`<coverage line-rate="1" timestamp="` + stamp + `"/>`)})
		if err != nil || report.Finished != timeOf(want) {
			t.Errorf("%s: got %v, %v", stamp, report.Finished, err)
		}
	}
}

func TestCoberturaRefuses(t *testing.T) {
	root := func(inner string) string { return "<coverage line-rate='1'>\n" + inner + "</coverage>" }
	line := func(attributes string) string {
		return root("<class filename='a'><lines>\n<line " + attributes + "/></lines></class>")
	}
	refuses(t, Find("cobertura"), refused{
		"empty":      {"", "empty"},
		"clover":     {"<coverage generated='1'/>", "not the <coverage> of Cobertura"},
		"no file":    {root("<class/>"), "line 2: a class names no file"},
		"outside":    {root("<line number='1' hits='1'/>"), "line 2: a line outside"},
		"no hits":    {line("number='1'"), "line 3: the number of hits"},
		"minus":      {line("number='1' hits='-1'"), "line 3"},
		"condition":  {line("number='1' hits='1' branch='true' condition-coverage='most'"), "line 3: condition-coverage"},
		"more taken": {line("number='1' hits='1' branch='true' condition-coverage='150% (3/2)'"), "more branches"},
		"time":       {"<coverage line-rate='1' timestamp='now'/>", "time stamp"},
		"late":       {"<coverage line-rate='1' timestamp='999999999999999999'/>", "no year"},
		"entity":     {"<!DOCTYPE coverage [<!ENTITY a 'b'>]><coverage line-rate='1'/>", "declarations"},
	})
}

func TestLcovRefuses(t *testing.T) {
	refuses(t, Find("lcov"), refused{
		"empty":      {"", "empty"},
		"no section": {"TN:\n", "no section"},
		"no end":     {"SF:a.c\nDA:1,1\n", "before the end_of_record"},
		"cut":        {"SF:a.c\nDA:1", "line 2: the file ends in the middle"},
		"outside":    {"SF:a.c\nend_of_record\nDA:1,1\n", "line 3"},
		"two ends":   {"SF:a.c\nend_of_record\nend_of_record\n", "line 3"},
		"two files":  {"SF:a.c\nSF:b.c\n", "line 2"},
		"unknown":    {"SF:a.c\nXY:1\nend_of_record\n", "line 2: the record XY"},
		"minus":      {"SF:a.c\nDA:1,-1\nend_of_record\n", "line 2: the count"},
		"count":      {"SF:a.c\nDA:1\nend_of_record\n", "line 2"},
		"branch":     {"SF:a.c\nBRDA:1,0,0\nend_of_record\n", "line 2"},
		"prose":      {"SF:a.c\nhello\nend_of_record\n", "line 2: not a record"},
	})
}

func TestGoCoverRefuses(t *testing.T) {
	refuses(t, Find("gocover"), refused{
		"empty":      {"", "empty"},
		"mode":       {"mode: some\n", "line 1"},
		"cut":        {"mode: set\na.go:1.1,2.2 1", "line 2: the file ends in the middle"},
		"joined":     {"mode: set\na.go:1.1,2.2 1 1\nmode: set\n", "line 3: not a block"},
		"other code": {"mode: set\na.go:1.1,2.2 1 1\na.go:1.1,2.2 2 1\n", "line 3: the block stands twice"},
		"many":       {"mode: set\na.go:1.1,2.2 9999999 1\n", "line 2: a block with"},
		"overflow":   {"mode: set\na.go:1.1,2.2 1 99999999999999999999\n", "line 2: the count"},
	})
}

func TestCoverageCut(t *testing.T) {
	cuts(t, Find("cobertura"), "cobertura/gcovr.xml", false)
	cuts(t, Find("lcov"), "lcov/lcov.info", true)
	cuts(t, Find("gocover"), "gocover/set.out", true)
}

func FuzzCobertura(f *testing.F) { seeds(f, Find("cobertura")) }
func FuzzLcov(f *testing.F)      { seeds(f, Find("lcov")) }
func FuzzGoCover(f *testing.F)   { seeds(f, Find("gocover")) }
