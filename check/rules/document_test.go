package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/model"
)

// document is a document with further lines.
func document(id, kind string, lines ...string) string {
	text := "  " + id + ":\n    title: Document\n    type: " + kind + "\n"
	for _, l := range lines {
		text += "    " + l + "\n"
	}
	return text
}

func documents(d ...string) string { return "documents:\n" + strings.Join(d, "") }

func approvalBy(of, meaning string) string {
	return "approvals:\n  ap-a:\n    of: [" + of + "]\n    role: Head of quality\n    meaning: " + meaning + "\n    date: 2026-10-01\n"
}

func TestDocumentRules(t *testing.T) {
	for _, m := range []marked{
		{"planned needs no revision", "T8101", documents(document("doc-a", "psur", "number: P-1", "status: planned"))},
		{"draft needs one", "T8101", "documents:\n  doc-a: # want T8101\n    title: Report\n    type: psur\n    number: P-1\n    status: draft\n"},
		{"released", "T8102", documents(document("doc-a", "psur", "status: approved")) + approvalBy("doc-a", "released")},
		{"only reviewed", "T8102", documents(document("doc-a", "psur", "status: approved # want T8102")) + approvalBy("doc-a", "reviewed")},
		{"another one approved", "T8102", documents(document("doc-a", "psur", "status: approved # want T8102"), document("doc-b", "ifu")) + approvalBy("doc-b", "approved")},
		{"draft", "T8102", documents(document("doc-a", "psur", "status: draft"))},
		{"capital letter", "T8103", documents(document("doc-a", "psur", "status: Draft # want T8103"))},
		{"none", "T8103", documents(document("doc-a", "psur"))},
		{"clause as item", "T8104", documents(document("doc-a", "psur", "items: [mdr.art.86]"))},
		{"two unknown", "T8104", documents(document("doc-a", "psur", "items:", "  - mdr.art.866 # want T8104", "  - mdcg.ifu.bakup # want T8104"))},
		{"planned instructions", "T8105", documents(document("doc-a", "ifu", "status: planned"))},
		{"other documents", "T8105", documents(document("doc-a", "psur"))},
		{"region and script", "T8106", documents(document("doc-a", "ifu", "languages: [pt-BR, zh-Hant-TW, sr-Latn, es-419]"))},
		{"underscore", "T8106", documents(document("doc-a", "ifu", "languages: [pt_BR] # want T8106"))},
		{"other items", "T8107", documents(document("doc-a", "risk-plan", "items: [mdr.annex-i.3.a]"))},
		{"security documents", "T8107", documents(document("doc-a", "risk-plan", "items: [mdcg.secdoc.roles] # want T8107"))},
		{"material list", "T8107", documents(document("doc-a", "sbom", "items: [mdcg.secdoc.sbom]"))},
		{"today", "T8108", documents(document("doc-a", "ifu")) + "approvals:\n  ap-a:\n    of: [doc-a]\n    date: 2026-11-22\n"},
		{"tomorrow", "T8108", documents(document("doc-a", "ifu")) + "approvals:\n  ap-a:\n    of: [doc-a]\n    date: 2026-11-23 # want T8108\n"},
		{"complete", "T8109", documents(document("doc-a", "ifu")) + approvalBy("doc-a", "reviewed")},
		{"other revision", "T8110", documents(document("doc-a", "ifu", "number: D-1", "revision: \"1\""), document("doc-b", "ifu", "number: D-1", "revision: \"2\""))},
		{"third of its number", "T8110", documents(document("doc-a", "ifu", "number: D-1"), document("doc-b", "label", "number: D-1 # want T8110"), document("doc-c", "mds2", "number: D-1 # want T8110"))},
		{"no number", "T8110", documents(document("doc-a", "ifu"), document("doc-b", "ifu"))},
	} {
		m.run(t)
	}
}

// TestDocumentQuestions asks for each type of document in each of its states.
func TestDocumentQuestions(t *testing.T) {
	for _, v := range model.DocumentType("").Values() {
		question := "document." + v.Name
		for _, q := range []asked{
			{name: "absent", text: documents(document("doc-x", otherThan(v.Name))), want: check.Unanswered, missing: v.Doc},
			{name: "planned", text: documents(document("doc-a", v.Name, "status: planned")), want: check.Unanswered, missing: "only planned"},
			{name: "draft", text: documents(document("doc-a", v.Name, "status: draft")), want: check.Partial, missing: "doc-a is a draft", by: 1},
			{name: "unknown status", text: documents(document("doc-a", v.Name)), want: check.Partial, missing: "not stated", elsewhere: true},
			{name: "not signed", text: documents(document("doc-a", v.Name, "status: approved")), want: check.Partial, missing: "no approval", elsewhere: true},
			{name: "signed", text: documents(document("doc-b", v.Name, "status: draft"), document("doc-a", v.Name, "status: approved")) + approvalBy("doc-a", "approved"), want: check.Satisfied, by: 1},
		} {
			q.question = question
			q.run(t)
		}
	}
}

func otherThan(kind string) string {
	if kind == "label" {
		return "ifu"
	}
	return "label"
}

// TestItemQuestions asks for each item that the guidance lists.
func TestItemQuestions(t *testing.T) {
	for prefix, kind := range map[string]string{ifuItem: "ifu", secdocItem: "security-guide"} {
		ids := slices.DeleteFunc(catalog.Load().IDs(), func(id string) bool { return !strings.HasPrefix(id, prefix) })
		if len(ids) < 10 {
			t.Fatalf("%d items under %s", len(ids), prefix)
		}
		for _, id := range ids {
			question := strings.Replace(strings.TrimPrefix(id, "mdcg."), ".", ".item.", 1)
			for _, q := range []asked{
				{name: "listed", text: documents(document("doc-a", kind, fmt.Sprintf("items: [%s]", id))), want: check.Satisfied, by: 1},
				{name: "not listed", text: documents(document("doc-a", kind)), want: check.Unanswered, missing: id},
				{name: "internal", text: documents(document("doc-a", "risk-plan", fmt.Sprintf("items: [%s]", id))), want: check.Unanswered, missing: id, elsewhere: true},
				{name: "planned", text: documents(document("doc-a", kind, "status: planned", fmt.Sprintf("items: [%s]", id))), want: check.Unanswered, missing: id},
				{name: "declared not applicable", text: documents(document("doc-a", kind)) + "not-applicable:\n  " + id + ":\n    reason: The device has none.\n", want: check.Satisfied, by: 1},
				{name: "another one declared", text: documents(document("doc-a", kind)) + "not-applicable:\n  mdcg.cap.plok:\n    reason: The device has none.\n", want: check.Unanswered, missing: id},
			} {
				q.question = question
				q.run(t)
			}
		}
	}
}

func TestInstructionsForUse(t *testing.T) {
	ifu, guide := document("doc-ifu", "ifu"), document("doc-guide", "security-guide")
	environment := func(category, told, essential string) string {
		return "environment:\n  env-a:\n    title: Requirement\n    category: " + category + "\n    essential: " + essential + "\n    told-in: [" + told + "]\n"
	}
	for _, q := range []asked{
		{name: "absent", question: "ifu.present", text: documents(guide), want: check.Unanswered},
		{name: "in force", question: "ifu.present", text: goodIFU, want: check.Satisfied},
		{name: "told in the guide only", question: "ifu.minimum-it", text: documents(ifu, guide) + environment("hardware", "doc-guide", "false"), want: check.Unanswered, missing: "env-a"},
		{name: "essential ones have a rule of their own", question: "ifu.minimum-it", text: documents(ifu, guide) + environment("hardware", "doc-guide", "true"), want: check.Unanswered, elsewhere: true},
		{name: "rooms are no IT", question: "ifu.minimum-it", text: documents(ifu) + environment("physical-access", "doc-ifu", "false"), want: check.Unanswered, elsewhere: true},
		{name: "told in both", question: "ifu.minimum-it", text: documents(ifu, guide) + environment("firewall", "doc-guide, doc-ifu", "false"), want: check.Satisfied},
		{name: "no document", question: "ifu.residual-risk", text: documents(guide), want: check.Unanswered, elsewhere: true},
		{name: "silent", question: "ifu.residual-risk", text: documents(ifu), want: check.Unanswered, missing: "doc-ifu"},
		{name: "listed", question: "ifu.residual-risk", text: documents(document("doc-ifu", "ifu", "items: [mdcg.ifu.risk-profile]")), want: check.Satisfied},
		{name: "no document", question: "ifu.combination", text: documents(guide), want: check.Unanswered, elsewhere: true},
		{name: "workstation", question: "ifu.combination", text: documents(document("doc-ifu", "ifu", "items: [mdcg.ifu.workstation]")), want: check.Satisfied},
		{name: "network only", question: "ifu.combination", text: documents(ifu) + environment("network", "doc-ifu", "false"), want: check.Unanswered, missing: "combined"},
	} {
		q.run(t)
	}
}
