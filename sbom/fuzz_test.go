package sbom

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func FuzzCycloneDXJSON(f *testing.F) {
	fuzzRead(f, cdxHead+`{"bom-ref":"a","name":"a\u00e9","version":1,"purl":"pkg:npm/a@1","hashes":[{"alg":"MD5","content":"0"}],"components":[{"name":"b"}]}],"dependencies":[{"ref":"a","dependsOn":["a","b"]}]}`,
		`{"bomFormat":"CycloneDX","metadata":{"authors":[{"name":"x"}],"tools":[{"name":"t"}],"component":{"name":"p"}},"services":[{"name":"s","services":[]}],"compositions":[{"aggregate":"complete"}]}`,
		cdxHead+`{"name":"a\u0001`+strings.Repeat("long ", 60)+"\x02\r not closed\n,"+`"version":"`+strings.Repeat("\xff", 300)+`"}]}`)
}

func FuzzCycloneDXXML(f *testing.F) {
	fuzzRead(f, xmlHead+`<component bom-ref="a" type="library"><name>a&amp;b</name><hashes><hash alg="MD5">0</hash></hashes><components><component><name>c</name></component></components></component></components><dependencies><dependency ref="a"><dependency ref="a"/></dependency></dependencies></bom>`,
		`<bom xmlns="http://cyclonedx.org/schema/bom/0"><component><component><name>0</bom>`)
}

func FuzzSPDXJSON(f *testing.F) {
	fuzzRead(f, `{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"SPDXRef-a","name":"a","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/a@1"}]}],"relationships":[{"spdxElementId":"a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-a"}]}`)
}

func FuzzSPDXTags(f *testing.F) {
	fuzzRead(f, tagHead+"PackageChecksum: SHA1: 00\nExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\nPackageCopyrightText: <text>x\ny</text>\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a\n")
}

func FuzzSPDX3(f *testing.F) {
	fuzzRead(f, `{"@context":"x","@graph":[{"type":"software_Package","spdxId":"a","name":"a","suppliedBy":{"type":"Person","name":"p"}},{"type":"Relationship","from":"a","relationshipType":"dependsOn","to":["a"]}]}`)
}

// fuzzRead reads whatever comes, as a whole and byte by byte.
func fuzzRead(f *testing.F, seeds ...string) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	for _, c := range damaged {
		f.Add(c.in)
	}
	limits := Limits{Bytes: 1 << 20, Components: 50, Dependencies: 50, Text: 200, Depth: 12, Problems: 20}
	f.Fuzz(func(t *testing.T, data string) {
		bom, err := Read(strings.NewReader(data), limits)
		if err != nil {
			return
		}
		checkList(t, bom, limits, strings.Count(data, "\n")+1)
		checkPieces(t, data, limits)
	})
}

// checkPieces reads a file byte by byte, which must give what it gives as a whole. The
// head comes in one piece, for the form to be told, so JSON is given some space in it.
func checkPieces(t *testing.T, data string, limits Limits) {
	t.Helper()
	if strings.HasPrefix(data, "{") {
		data = "{" + strings.Repeat(" ", headSize) + data[1:]
	}
	whole, err := Read(strings.NewReader(data), limits)
	pieces, again := Read(iotest.OneByteReader(strings.NewReader(data)), limits)
	if err != again || !reflect.DeepEqual(whole, pieces) {
		t.Errorf("read in pieces it is another list: %v, %v\n%+v\n%+v", err, again, whole, pieces)
	}
}

// checkList says what holds for every list that Read gives.
func checkList(t *testing.T, bom *BOM, limits Limits, lines int) {
	t.Helper()
	refs := map[string]bool{}
	if bom.Subject != nil {
		refs[bom.Subject.Ref] = true
	}
	for i, c := range bom.Components {
		refs[c.Ref] = true
		if c.Parent < -1 || c.Parent >= i || c.Line < 1 || c.Line > lines || c.Name == "" && c.PURL == "" && len(c.CPEs) == 0 && !hasChild(bom, i) {
			t.Errorf("component %d: %+v", i, c)
		}
	}
	for from, list := range bom.Depends {
		for _, to := range append(list, from) {
			if !refs[to] {
				t.Errorf("%q depends on %q: not in the list", from, to)
			}
		}
	}
	if len(bom.Components) > limits.Components || len(bom.Problems) > limits.Problems || bom.Lost > len(bom.Problems)+bom.Unlisted {
		t.Errorf("%d components, %d problems", len(bom.Components), len(bom.Problems))
	}
	for _, p := range bom.Problems {
		if p.Line < 0 || p.Line > lines || p.What == "" {
			t.Errorf("problem %+v", p)
		}
	}
}

func hasChild(bom *BOM, parent int) bool {
	return slices.ContainsFunc(bom.Components, func(c Component) bool { return c.Parent == parent })
}
