package collect

import (
	"strings"
	"testing"

	"theriac/evidence"
)

func TestSPDX(t *testing.T) { goldens(t, Find("spdx")) }

func FuzzSPDX(f *testing.F) { seeds(f, Find("spdx")) }

func TestSPDXRefuses(t *testing.T) {
	refuses(t, Find("spdx"), refused{
		"empty":            {"", "the file is empty"},
		"no tags":          {"# only a comment\n", "no tag SPDXVersion"},
		"stray line":       {"SPDXVersion: SPDX-2.3\nPackageName: a\nstray\n", "line 3: neither a tag with a value nor a comment"},
		"open text":        {"SPDXVersion: SPDX-2.3\nDocumentComment: <text>never\nclosed\n", "line 3: neither a tag with a value nor a comment"},
		"unknown version":  {"SPDXVersion: SPDX-1.2\nDataLicense: CC0-1.0\n", "unsupported SPDX version"},
		"unknown tag":      {"SPDXVersion: SPDX-2.3\nNoSuchTag: x\n", "NoSuchTag"},
		"JSON version":     {`{"spdxVersion":"SPDX-9.9","SPDXID":"SPDXRef-DOCUMENT"}`, "not a valid SPDX document"},
		"JSON id":          {`{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[{"name":"a","SPDXID":"a"}]}`, "failed to parse ElementID"},
		"JSON name":        {`{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[{"SPDXID":"SPDXRef-a"}]}`, "a package has no name"},
		"JSON cut":         {"{\"spdxVersion\":\"SPDX-2.3\",\n\"packages\":[", "line 2: the input ends in the middle of a JSON value"},
		"JSON named twice": {"{\"spdxVersion\":\"SPDX-2.3\",\n\"packages\":[],\"packages\":[]}", "line 2: the member \"packages\" stands twice"},
		"other context":    {`{"@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld","https://example.com/x.jsonld"],"@graph":[]}`, "context is not known"},
		"no document":      {`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}`, "no SPDX document found"},
	})
}

func TestSPDXCut(t *testing.T) {
	cuts(t, Find("spdx"), "spdx/spdx-appbomination.spdx.json", false)
}

// The two versions of one list say the same.
func TestSPDXVersionsAgree(t *testing.T) {
	var lists []evidence.SBOM
	for _, path := range []string{"spdx/spdx-appbomination.spdx.json", "spdx/appbomination.spdx3.json"} {
		report, err := Find("spdx").Read(source(t, path))
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, *report.Details.SBOM)
	}
	if lists[0].Components != lists[1].Components || lists[0].Unnamed != lists[1].Unnamed || lists[0].Components == 0 {
		t.Errorf("%+v", lists)
	}
	if lists[0].Format != "SPDX-2.2" || lists[1].Format != "SPDX-3.0.1" {
		t.Errorf("%+v", lists)
	}
}

// Documents of 3.0.0 differ from those of 3.0.1 by the address of the context.
func TestSPDX300(t *testing.T) {
	in := source(t, "spdx/appbomination.spdx3.json")
	in.Data = []byte(strings.ReplaceAll(string(in.Data), "spdx.org/rdf/3.0.1/", "spdx.org/rdf/3.0.0/"))
	report, err := Find("spdx").Read(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := report.Details.SBOM; got.Format != "SPDX-3.0.0" || got.Components == 0 {
		t.Errorf("%+v", got)
	}
}

func TestToolOfSPDX(t *testing.T) {
	for text, want := range map[string]evidence.Tool{
		"Microsoft.SBOMTool-1.1.1":  {Name: "Microsoft.SBOMTool", Version: "1.1.1"},
		"syft-v0.60.0":              {Name: "syft", Version: "v0.60.0"},
		"cve-bin-tool-3.3":          {Name: "cve-bin-tool", Version: "3.3"},
		"tern-b8e13d1780cd3a022042": {Name: "tern-b8e13d1780cd3a022042"},
		"example.com/builder":       {Name: "example.com/builder"},
	} {
		if got := toolOfSPDX(text); got != want {
			t.Errorf("%s: %+v", text, got)
		}
	}
}
