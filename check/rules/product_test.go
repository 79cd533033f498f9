package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
)

func TestProductRules(t *testing.T) {
	for _, m := range []marked{
		{"class D under MDR", "T1001", device("MDR", "D # want T1001")},
		{"class Ir under MDR", "T1001", device("MDR", "Ir")},
		{"highest rule of MDR", "T1002", device("MDR", "IIb", "rule: \"22\"")},
		{"rule 23", "T1002", device("MDR", "IIb", "rule: \"23\" # want T1002")},
		{"rule 0", "T1002", device("MDR", "IIb", "rule: \"0\" # want T1002")},
		{"rule in words", "T1002", device("MDR", "IIb", "rule: Rule 9")},
		{"rule with a letter", "T1002", device("IVDR", "B", "rule: 4(a)")},
		{"rule 8 of IVDR", "T1002", device("IVDR", "B", "rule: \"8\" # want T1002")},
		{"no number", "T1002", device("IVDR", "B", "rule: software # want T1002")},
		{"rule 1 gives D", "T1003", device("IVDR", "C # want T1003", "rule: \"1\"")},
		{"rule 2 gives C or D", "T1003", device("IVDR", "D", "rule: \"2\"")},
		{"rule 6 gives B", "T1003", device("IVDR", "A # want T1003", "rule: \"6\"")},
		{"self-test of class D", "T1003", device("IVDR", "D # want T1003", "rule: \"4\"", "facts:", "  near-patient: false")},
		{"near-patient test", "T1003", device("IVDR", "D", "rule: \"4\"", "facts:", "  near-patient: true")},
		{"rule 22 gives III", "T1003", device("MDR", "IIb # want T1003", "rule: \"22\"")},
		{"rule 11 gives no sterile class", "T1003", device("MDR", "Is # want T1003", "rule: \"11\"")},
		{"rule 12 is not in the table", "T1003", device("MDR", "IIb", "rule: \"12\"")},
		{"class of the other regulation is another finding", "T1003", device("IVDR", "IIb", "rule: \"1\"")},
		{"no software at all", "T1004", device("MDR", "IIb", "rule: \"11\" # want T1004", "facts:", "  software: false")},
		{"not known", "T1004", device("MDR", "IIb", "rule: \"11\"")},
		{"rule 11 under IVDR is another finding", "T1004", device("IVDR", "C", "rule: \"11\"", "facts:", "  is-software: false")},
		{"class A may be sterile", "T1005", device("IVDR", "A", "notified-body:", "  name: Body")},
		{"five digits", "T1006", device("MDR", "IIb", "notified-body:", "  number: \"01234\" # want T1006")},
		{"letters", "T1006", device("MDR", "IIb", "notified-body:", "  number: CE12 # want T1006")},
		{"absent", "T1006", device("MDR", "IIb", "notified-body:", "  name: Body")},
		{"another issuing agency", "T1007", device("MDR", "IIb", "udi-di: +A123BJC5D6E71G")},
		{"too short to be a GTIN", "T1007", device("MDR", "IIb", "udi-di: \"0952123454321\"")},
		{"of a variant", "T1007", device("MDR", "IIb", "udi-di: \"09521234543213\"") +
			"variants:\n  va-home:\n    title: Home\n    udi-di: \"09521234543210\" # want T1007\n"},
		{"lay by intended users", "T1008", device("MDR", "IIb", "intended-users: [patient]", "facts:", "  lay-users: false # want T1008")},
		{"unknown facts", "T1008", device("MDR", "IIb", "facts:", "  is-software: true")},
		{"connected only inside", "T1009", device("MDR", "IIb", "facts:", "  connected: false") + `components:
  co-a:
    title: Board
    type: hardware
interfaces:
  if-a:
    title: Internal network
    component: co-a
    medium: ethernet
    exposure: internal
  if-b:
    title: Port that is not fitted
    component: co-a
    medium: wifi
    exposure: site
    state: disabled
`},
		{"personal data", "T1009", device("MDR", "IIb", "facts:", "  personal-data: false # want T1009") + `assets:
  as-a:
    title: Patient record
    type: data
    personal-data: health
`},
		{"software by components", "T1009", device("MDR", "IIb", "facts:", "  software: false # want T1009") + `components:
  co-a:
    title: Library
    type: soup
`},
		{"phone", "T1009", device("MDR", "IIb", "facts:", "  mobile: false # want T1009") + `components:
  co-a:
    title: App
    type: mobile
`},
		{"therapy", "T1009", device("MDR", "IIb", "facts:", "  therapy: false # want T1009") + `assets:
  as-a:
    title: Dose
    type: function
    affects: [result, therapy]
`},
		{"facts not stated", "T1009", device("MDR", "IIb") + `assets:
  as-a:
    title: Dose
    type: function
    affects: [therapy]
`},
		{"ward", "T1010", device("MDR", "IIb", "environments: [general ward]", "facts:", "  acute-care: false")},
		{"capitals", "T1010", device("MDR", "IIb", "environments: [Emergency Department] # want T1010", "facts:", "  acute-care: false")},
		{"not stated", "T1010", device("MDR", "IIb", "environments: [intensive care]")},
		{"personal data unknown", "T1011", device("MDR", "IIb", "laws:", "  - law: gdpr", "    applies: false")},
		{"no personal data", "T1011", device("MDR", "IIb", "facts:", "  personal-data: false", "laws:", "  - law: gdpr", "    applies: false")},
		{"applies", "T1012", device("MDR", "IIb", "laws:", "  - law: cra", "    applies: true # want T1012")},
		{"right under MDR", "T1012", device("MDR", "IIb", "laws:", "  - law: cra", "    applies: false", "    basis: Article 2 (2) (a)")},
		{"wrong under MDR", "T1012", device("MDR", "IIb", "laws:", "  - law: cra", "    applies: false", "    basis: Art. 2(2)(b) # want T1012")},
		{"both named", "T1012", device("MDR", "IIb", "laws:", "  - law: cra", "    applies: false", "    basis: Art. 2(2)(a), not 2(2)(b)")},
		{"not judged", "T1012", device("MDR", "IIb", "laws:", "  - law: cra")},
		{"another law", "T1012", device("MDR", "IIb", "laws:", "  - law: nis2", "    applies: true")},
		{"under MDR", "T1013", device("MDR", "IIb", "standards: [iec-tr-60601-4-5]")},
		{"equal in other units", "T1014", device("MDR", "IIb", "lifetime: 1 year", "support-period: 12 months")},
		{"one month short", "T1014", device("MDR", "IIb", "lifetime: 1 year", "support-period: 11 months # want T1014")},
		{"lifetime unknown", "T1014", device("MDR", "IIb", "support-period: 1 month")},
		{"no roles yet", "T1015", device("MDR", "IIb", "intended-users: [professional, service]")},
		{"patients as users", "T1015", device("MDR", "IIb", "intended-users: [patient, it] # want T1015") + `roles:
  role-a:
    title: Patient
    type: user
    authentication: pin
`},
	} {
		m.run(t)
	}
}

// TestContradictions builds each contradiction and sees it reported, alone.
func TestContradictions(t *testing.T) {
	for i, text := range []string{
		device("MDR", "IIa", "facts:", "  software: false # want T1008", "  is-software: true"),
		device("MDR", "IIa", "facts:", "  software: false", "  connected: true # want T1008"),
		device("MDR", "IIa", "facts:", "  software: false", "  mobile: true # want T1008"),
		device("MDR", "IIa", "facts:", "  software: false", "  ai: true # want T1008"),
		device("MDR", "IIa", "facts:", "  active: false # want T1008", "  is-software: true"),
		device("MDR", "IIa", "facts:", "  active: false # want T1008", "  software: true", "  is-software: false"),
		device("MDR", "IIa", "facts:", "  active: false", "  battery-safety: true # want T1008"),
		device("MDR", "IIa", "facts:", "  active: false", "  mains-safety: true # want T1008"),
		device("MDR", "Im", "facts:", "  measuring: false # want T1008"),
		device("MDR", "IIa", "intended-users: [lay]", "facts:", "  lay-users: false # want T1008"),
		device("MDR", "IIa", "intended-users: [professional]", "facts:", "  lay-users: true # want T1008"),
		device("MDR", "IIa", "facts:", "  near-patient: true # want T1008"),
		device("IVDR", "C", "facts:", "  no-medical-purpose: true # want T1008"),
		device("IVDR", "C", "facts:", "  implantable: true # want T1008"),
		device("IVDR", "C", "facts:", "  therapy: true # want T1008"),
	} {
		file, _ := load(t, text)
		if !contradictions[i].holds(file.Product) {
			t.Errorf("contradiction %d (%s) does not hold", i, contradictions[i].message)
		}
		marked{contradictions[i].message, "T1008", text}.run(t)
	}
}

func TestProductQuestions(t *testing.T) {
	const misuse = "misuse: [A visitor charges a telephone.]"
	threat := func(category string) string {
		return "threats:\n  th-a:\n    title: Telephone\n    category: " + category + "\n"
	}
	for _, q := range []asked{
		{name: "nothing", question: "product.description", text: device("MDR", "IIb"), want: check.Partial, missing: "`intended-purpose`, `intended-users`, `patients`, `environments`"},
		{name: "no places", question: "product.description", text: device("MDR", "IIb", "intended-purpose: x", "intended-users: [it]", "patients: x"), want: check.Partial, missing: "no `environments`"},
		{name: "class I", question: "product.classification", text: device("MDR", "I", "rule: \"1\""), want: check.Satisfied},
		{name: "class I sterile", question: "product.classification", text: device("MDR", "Is", "rule: \"1\""), want: check.Partial, missing: "class Is needs a notified body"},
		{name: "no number", question: "product.classification", text: device("IVDR", "B", "rule: \"6\"", "notified-body:", "  name: Body"), want: check.Partial, missing: "number"},
		{name: "absent", question: "product.udi", text: device("MDR", "I"), want: check.Unanswered, missing: "udi-di"},
		{name: "absent", question: "product.lifetime", text: device("MDR", "I"), want: check.Unanswered, missing: "`lifetime`, `support-period`"},
		{name: "no support period", question: "product.lifetime", text: device("MDR", "I", "lifetime: 5 years"), want: check.Partial, missing: "`support-period`"},
		{name: "none listed", question: "product.misuse", text: device("MDR", "I") + threat("misuse"), want: check.Unanswered, missing: "no foreseeable"},
		{name: "other threats only", question: "product.misuse", text: device("MDR", "I", misuse) + threat("tampering"), want: check.Partial, missing: "no threat of category misuse"},
		{name: "taken up", question: "product.misuse", text: device("MDR", "I", misuse) + threat("misuse"), want: check.Satisfied, by: 2},
		{name: "none", question: "product.laws", text: device("MDR", "I"), want: check.Unanswered, missing: "NIS 2"},
		{name: "not said whether", question: "product.laws", text: device("MDR", "I", "laws:", "  - law: cra", "    basis: x"), want: check.Partial, missing: "not said whether the Cyber Resilience Act applies"},
		{name: "no basis", question: "product.laws", text: device("MDR", "I", "laws:", "  - law: nis2", "    applies: true"), want: check.Partial, missing: "no `basis` for the judgement on the NIS 2 directive"},
		{name: "none", question: "product.standards", text: device("MDR", "I"), want: check.Unanswered, missing: "no `standards`"},
		{name: "life cycle", question: "product.standards", text: device("MDR", "I", "standards: [iec-62443-4-1]"), want: check.Satisfied},
		{name: "security techniques alone", question: "product.standards", text: device("MDR", "I", "standards: [iec-62443-4-2]"), want: check.Partial, missing: "life cycle"},
	} {
		q.run(t)
	}
}

// TestFactsQuestion leaves out each fact in turn and sees it named.
func TestFactsQuestion(t *testing.T) {
	for _, regulation := range []string{"MDR", "IVDR"} {
		class := map[string]string{"MDR": "IIb", "IVDR": "C"}[regulation]
		file, _ := load(t, device(regulation, class))
		names := factsOf(file.Product.Regulation)
		for _, absent := range names {
			stated := []string{"facts:"}
			for _, name := range names {
				if name != absent {
					stated = append(stated, fmt.Sprintf("  %s: false", name))
				}
			}
			asked{name: regulation, question: "product.facts", text: device(regulation, class, stated...), want: check.Partial, missing: "facts that are not stated: " + absent}.run(t)
		}
	}
	for _, name := range catalog.FactNames {
		if name != "notified-body" && !slices.Contains(factsOf("MDR"), name) && !slices.Contains(factsOf("IVDR"), name) {
			t.Errorf("fact %s is asked under neither regulation", name)
		}
	}
}

// TestFactsOfRegulation sees that no clause of a regulation depends on a fact
// that is not asked under it.
func TestFactsOfRegulation(t *testing.T) {
	for _, s := range catalog.Load().Sources {
		if s.ID != "mdr" && s.ID != "ivdr" {
			continue
		}
		asked := factsOf(regulationOf(s.ID + "."))
		for _, e := range s.Entries {
			for _, name := range catalog.FactNames {
				named := slices.Contains(strings.FieldsFunc(e.Applies, func(r rune) bool { return strings.ContainsRune(" ()", r) }), name)
				if named && name != "notified-body" && !slices.Contains(asked, name) {
					t.Errorf("%s depends on %s, which is not asked", e.ID, name)
				}
			}
		}
	}
}
