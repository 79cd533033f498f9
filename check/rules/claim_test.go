package rules

import (
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
)

// claiming is a document of a product that claims clauses.
func claiming(product, clauses string) string {
	return product + "documents:\n  doc-a:\n    title: Document\n    type: procedure\n    clauses: " + clauses + "\n"
}

func TestClaims(t *testing.T) {
	mdr, ivdr := device("MDR", "IIb"), device("IVDR", "C")
	for _, m := range []marked{
		{"in a product", "T0017", device("MDR", "IIb", "clauses: [mdcg.99] # want T0017")},
		{"capitals", "T0017", claiming(mdr, "[MDR.annex-i.17.2] # want T0017")},
		{"known", "T0017", claiming(mdr, "[mdr.annex-i.17.2, ivdr.annex-i.16.2, sota.sbom]")},
		{"MDR under IVDR", "T2001", claiming(ivdr, "[mdr.annex-i.18.8] # want T2001")},
		{"both regulations at once", "T2001", claiming(ivdr, "[mdr.annex-i.17.2, ivdr.annex-i.16.2]")},
		{"own", "T2001", claiming(ivdr, "[ivdr.annex-i.16.2, mdcg.3.6.i1]")},
		{"orientation of the other regulation is another finding", "T2002", claiming(mdr, "[ivdr.annex-i.18.8]")},
		{"surface temperature", "T2002", claiming(ivdr, "[ivdr.annex-i.18.8] # want T2002")},
		{"duty", "T2002", claiming(mdr, "[mdr.annex-i.3]")},
		{"standard that is not applied", "T2003", claiming(mdr, "[62443-4-1.sm-1] # want T2003")},
		{"standard that is applied", "T2003", claiming(device("MDR", "IIb", "standards: [iec-62443-4-1]"), "[62443-4-1.sm-1]")},
		{"class", "T2003", claiming(mdr, "[mdr.art.85] # want T2003")},
		{"not known whether it applies", "T2003", claiming(mdr, "[mdr.annex-i.17.3]")},
	} {
		m.run(t)
	}
}

// TestClaimsOfLibrary sees that a library may claim clauses of both regulations.
func TestClaimsOfLibrary(t *testing.T) {
	marked{"library", "T2001", `
-- theriac.yaml --
product:
  name: Example analyser
  regulation: IVDR
  class: C
imports:
  im-shared:
    path: shared
processes:
  pr-own:
    title: Own process
    practice: guidelines
    clauses: [mdr.annex-i.17.2] # want T2001
-- shared/library.yaml --
processes:
  pr-shared:
    title: Shared process
    practice: update-management
    clauses: [mdr.annex-i.17.2]
`}.run(t)
}

// helpOf returns the remedy of the only finding of a rule.
func helpOf(t *testing.T, code, text string) string {
	t.Helper()
	found := apply(t, Find(code), text)
	if len(found) != 1 {
		t.Fatalf("%d findings: %s", len(found), messages(found))
	}
	return found[0].Help
}

// TestClaimRemedies sees that a claim by the wrong number leads to the right one.
func TestClaimRemedies(t *testing.T) {
	for _, c := range []struct{ name, code, text, want string }{
		{"misspelt", "T0017", claiming(device("MDR", "IIb"), "[mdr.annex-i.17.22]"), `"mdr.annex-i.17.2"`},
		{"counterpart", "T2001", claiming(device("IVDR", "C"), "[mdr.annex-i.17.4]"), `"ivdr.annex-i.16.4"`},
		{"no counterpart", "T2001", claiming(device("IVDR", "C"), "[mdr.annex-i.18.8]"), "no counterpart to MDR Annex I §18.8"},
		{"18.8 of the other regulation", "T2002", claiming(device("IVDR", "C"), "[ivdr.annex-i.18.8]"), "has no counterpart here"},
		{"17.2 of the other regulation", "T2003", claiming(device("IVDR", "C", "facts:", "  battery-safety: false"), "[ivdr.annex-i.17.2]"), "ivdr.annex-i.16.2"},
		{"unknown clause", "T2011", "not-applicable:\n  mdcg.cap.emgr:\n    reason: The device is never used in an emergency.\n", `"mdcg.cap.emrg"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := helpOf(t, c.code, c.text); !strings.Contains(got, c.want) {
				t.Errorf("remedy %q, want %q in it", got, c.want)
			}
		})
	}
}

func TestRepeatedLists(t *testing.T) {
	for _, m := range []marked{
		{"words", "T0018", device("MDR", "IIb", "intended-users: [it, service, it] # want T0018")},
		{"clauses", "T0018", claiming(device("MDR", "IIb"), "[mdcg.3.6.i1, mdcg.3.6.i1] # want T0018")},
		{"once", "T0018", claiming(device("MDR", "IIb", "misuse: [a, b]"), "[mdcg.3.6.i1]")},
		{"item of a block", "T0018", device("MDR", "IIb", "misuse:", "  - A session stays open.", "  - A session stays open. # want T0018")},
	} {
		m.run(t)
	}
}

func TestNotApplicable(t *testing.T) {
	declared := func(id, reason string) string {
		return "not-applicable:\n  " + id + ":" + reason + "\n"
	}
	const good = "\n    reason: The device is a web service without parts that a visitor could open."
	for _, m := range []marked{
		{"orientation", "T2012", declared("mdcg.2.5.i8", " # want T2012"+good)},
		{"not known", "T2012", device("MDR", "IIb") + declared("mdr.annex-i.17.3", good)},
		{"other regulation", "T2012", device("MDR", "IIb") + declared("ivdr.annex-i.16.2", " # want T2012"+good)},
		{"post-market surveillance", "T2013", device("IVDR", "C") + declared("ivdr.art.78", " # want T2013"+good)},
		{"duty of the other regulation", "T2013", device("IVDR", "C") + declared("mdr.art.83", good)},
		{"information for users", "T2013", declared("mdr.annex-i.23.2.m", good)},
		{"electronic instructions", "T2013", declared("mdr.annex-i.23.1.f", good)},
		{"clause with a condition", "T2013", declared("mdr.annex-i.14.2.d", good)},
		{"guidance", "T2013", declared("mdcg.3.6.i1", good)},
		{"claimed", "T2014", declared("mdcg.3.6.i4", " # want T2014"+good) + "documents:\n  doc-a:\n    title: Guide\n    type: security-guide\n    clauses: [mdcg.3.6.i4]\n"},
		{"feature", "T2014", declared("sota.feature.secure-boot", " # want T2014"+good) + "controls:\n  ct-a:\n    title: Boot\n    priority: design\n    features: [secure-boot]\n"},
		{"item of a document", "T2014", declared("mdcg.ifu.failsafe", " # want T2014"+good) + "documents:\n  doc-a:\n    title: Manual\n    type: ifu\n    items: [mdcg.ifu.failsafe]\n"},
		{"another item", "T2014", declared("mdcg.ifu.failsafe", good) + "documents:\n  doc-a:\n    title: Manual\n    type: ifu\n    items: [mdcg.ifu.installation]\n"},
		{"claim of the entry itself", "T2014", declared("mdcg.ifu.failsafe", good+"\n    clauses: [mdcg.ifu.failsafe]")},
		{"a clear reason", "T2015", declared("mdcg.cap.plok", good)},
		{"19 characters", "T2015", declared("mdcg.cap.plok", "\n    reason: nineteen characters # want T2015")},
	} {
		m.run(t)
	}
}

// TestBindsAll names clauses on either side of the line.
func TestBindsAll(t *testing.T) {
	for id, want := range map[string]bool{
		"mdr.annex-i.1": true, "mdr.annex-i.4.a": true, "mdr.art.87.3": true, "ivdr.art.10.2": true, "ivdr.annex-ii.4": true,
		"mdr.annex-i.17.2": false, "mdr.annex-i.18.8": false, "mdr.annex-i.23.4.ab": false, "ivdr.annex-i.20.4.1.ah": false,
		"ivdr.annex-i.20.2.m": false, "mdr.art.85": false, "gdpr.32": false, "sota.sbom": false, "mdcg.cap.alof": false,
	} {
		if e := catalog.Load().Entry(id); e == nil || e.BindsAll() != want {
			t.Errorf("%s: binds all is not %v", id, want)
		}
	}
}

// TestClaimQuestion sees that clauses which only a claim answers are reported
// once, all together, and no more when they are claimed or declared.
func TestClaimQuestion(t *testing.T) {
	run := func(text string) diag.List {
		file, _ := load(t, text)
		return check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{asking(t, check.ClaimQuestion)}, Today: today}).Findings
	}
	found := run(device("MDR", "IIb"))
	if len(found) != 1 || !strings.Contains(found[0].Message, "mdr.annex-i.23.1.f") {
		t.Fatalf("nothing claimed: %s", messages(found))
	}
	open := found[0].Clauses
	if found := run(claiming(device("MDR", "IIb"), "["+strings.Join(open, ", ")+"]")); len(found) > 0 {
		t.Errorf("all claimed: %s", messages(found))
	}
	found = run(claiming(device("MDR", "IIb"), "["+strings.Join(open[1:], ", ")+"]"))
	if len(found) != 1 || !strings.Contains(found[0].Message, "1 clauses") || !strings.HasSuffix(found[0].Message, open[0]) {
		t.Errorf("all but %s claimed: %s", open[0], messages(found))
	}
}
