package collect

import (
	"testing"

	"theriac/evidence"
)

func TestCycloneDX(t *testing.T) { goldens(t, Find("cyclonedx")) }

func FuzzCycloneDX(f *testing.F) { seeds(f, Find("cyclonedx")) }

func TestCycloneDXRefuses(t *testing.T) {
	const xml = `<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">`
	refuses(t, Find("cyclonedx"), refused{
		"empty":              {"", "the file is empty"},
		"other format":       {`{"bomFormat":"SPDX","specVersion":"1.6"}`, `bomFormat is "SPDX", not "CycloneDX"`},
		"unknown version":    {"{\"bomFormat\":\"CycloneDX\",\n\"specVersion\":\"2.0\"}", "invalid specification version"},
		"old version":        {`<bom xmlns="http://cyclonedx.org/schema/bom/1.1"/>`, `"1.1"; 1.2 to 1.7 are read`},
		"no version":         {`{"bomFormat":"CycloneDX","components":[]}`, "1.2 to 1.7 are read"},
		"no name":            {`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","purl":"pkg:npm/a@1"}]}`, `component "pkg:npm/a@1" has no name`},
		"components no list": {"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\n\"components\":{}}", "line 2: components is a JSON object"},
		"vulnerability":      {`{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[{"description":"x"}]}`, "vulnerability 1 has no id"},
		"state":              {`{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[{"id":"CVE-1","analysis":{"state":"fine"}}]}`, `"fine" is no state of an analysis`},
		"entity":             {`<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + xml + `<components/></bom>`, "line 1: declarations in the document type are refused"},
		"neither":            {"hello", "text outside of the root element"},
		"XML cut":            {xml + "\n<components>", "line 2:"},
	})
}

func TestCycloneDXCut(t *testing.T) {
	cuts(t, Find("cyclonedx"), "cyclonedx/bsi-v2.1-compliant-1.6.cdx.json", false)
	cuts(t, Find("cyclonedx"), "cyclonedx/dt-valid-1.5.cdx.xml", false)
}

// Components count wherever they stand among the components, and nowhere else.
func TestCycloneDXCountsComponents(t *testing.T) {
	report, err := Find("cyclonedx").Read(&Source{Data: []byte(`{"bomFormat":"CycloneDX","specVersion":"1.7",
		"metadata":{"component":{"type":"device","name":"pump","version":"1.4.0"}},
		"components":[
			{"type":"library","name":"outer","version":"1","purl":"pkg:generic/outer@1","components":[
				{"type":"library","name":"inner","version":"2","cpe":"cpe:2.3:a:x:inner:2:*:*:*:*:*:*:*","pedigree":{"ancestors":[{"type":"library","name":"origin"}]}}]},
			{"type":"library","name":"no version","purl":"pkg:generic/x"},
			{"type":"library","name":"no identifier","version":"3"},
			{"type":"file","name":"boot.bin","hashes":[{"alg":"SHA-256","content":"00"}]},
			{"type":"file","name":"notes.txt"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	if got := *report.Details.SBOM; got != (evidence.SBOM{Format: "CycloneDX 1.7", Components: 6, Unnamed: 3}) || report.Whole != evidence.Pass {
		t.Errorf("%+v, %s", got, report.Whole)
	}
}

func TestCycloneDXWithoutComponentsIsInconclusive(t *testing.T) {
	for _, data := range []string{`{"bomFormat":"CycloneDX","specVersion":"1.6"}`, `<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><components/></bom>`} {
		report, err := Find("cyclonedx").Read(&Source{Data: []byte(data)})
		if err != nil || report.Whole != evidence.Open || report.Kind != "" {
			t.Errorf("%s: %+v, %v", data, report, err)
		}
	}
}

// What was analysed decides, before the severity does.
func TestCycloneDXAnalysis(t *testing.T) {
	for name, c := range map[string]struct {
		vulnerability string
		outcome       evidence.Outcome
		severity      evidence.Severity
	}{
		"not affected":       {`"analysis":{"state":"not_affected"},"ratings":[{"severity":"critical"}]`, evidence.Pass, evidence.Critical},
		"false positive":     {`"analysis":{"state":"false_positive"},"ratings":[{"severity":"high"}]`, evidence.Pass, evidence.High},
		"resolved":           {`"analysis":{"state":"resolved"}`, evidence.Pass, unrated},
		"with pedigree":      {`"analysis":{"state":"resolved_with_pedigree"}`, evidence.Pass, unrated},
		"in triage":          {`"analysis":{"state":"in_triage"},"ratings":[{"severity":"low"}]`, evidence.Open, evidence.Low},
		"exploitable":        {`"analysis":{"state":"exploitable"},"ratings":[{"severity":"medium"}]`, evidence.Fail, evidence.Medium},
		"not analysed":       {`"ratings":[{"severity":"high"}]`, evidence.Fail, evidence.High},
		"not rated":          {`"description":"x"`, evidence.Fail, unrated},
		"low":                {`"ratings":[{"severity":"low"}]`, evidence.Pass, evidence.Low},
		"worst rating":       {`"ratings":[{"severity":"low"},{"score":9.1,"method":"CVSSv31"}]`, evidence.Fail, evidence.Critical},
		"vector":             {`"ratings":[{"severity":"unknown","vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"}]`, evidence.Fail, evidence.Medium},
		"score of version 2": {`"ratings":[{"score":9.3,"method":"CVSSv2"}]`, evidence.Fail, evidence.High},
		"score of others":    {`"ratings":[{"score":1.0,"method":"OWASP"}]`, evidence.Fail, unrated},
		"rejected":           {`"rejected":"2024-01-01T00:00:00Z"`, evidence.Skips, unrated},
		"versions":           {`"affects":[{"ref":"a","versions":[{"version":"1","status":"unaffected"}]}]`, evidence.Pass, unrated},
		"unknown versions":   {`"affects":[{"ref":"a","versions":[{"version":"1","status":"unaffected"},{"version":"2","status":"unknown"}]}]`, evidence.Open, unrated},
		"some versions":      {`"affects":[{"ref":"a","versions":[{"version":"1","status":"unaffected"},{"version":"2"}]}]`, evidence.Fail, unrated},
	} {
		report, err := Find("cyclonedx").Read(&Source{Data: []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[{"id":"CVE-2026-1",` + c.vulnerability + `}]}`)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := report.Cases[0]; got.Outcome != c.outcome || got.Severity != c.severity || report.Kind != "vulnerability-scan" || report.Details.SBOM != nil {
			t.Errorf("%s: %+v", name, report)
		}
	}
}
