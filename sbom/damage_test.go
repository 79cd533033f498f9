package sbom

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// outline is a list in a few words: each component, then each problem with its line.
func outline(b *BOM) string {
	var out strings.Builder
	for _, c := range b.Components {
		fmt.Fprintf(&out, "%s\n", strings.TrimRight(strings.Join([]string{c.Name, c.Version, c.PURL, strings.Join(c.CPEs, " ")}, " "), " "))
	}
	for _, p := range b.Problems {
		lost := ""
		if p.Lost {
			lost = "!"
		}
		fmt.Fprintf(&out, "%s%d: %s\n", lost, p.Line, p.What)
	}
	return strings.TrimRight(out.String(), "\n")
}

const (
	cdxHead = `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[` + "\n"
	xmlHead = `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components>` + "\n"
	tagHead = "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\n"
)

// damaged are lists with one thing wrong each, and what is read of them.
var damaged = map[string]struct{ in, want string }{
	"elements of another kind": {
		cdxHead + `7, null, "x", [], {"name":"ok","version":"1"}]}`,
		"ok 1\n!2: a component is a number, not an object\n!2: a component is null, not an object\n" +
			"!2: a component is a text, not an object\n!2: a component is a list, not an object",
	},
	"fields of another kind": {
		cdxHead + `{"name":"a","version":1.20,"purl":["x"],"cpe":{},"hashes":"x","licenses":{"expression":"MIT"},"scope":true,"group":null}]}`,
		"a 1.20\n2: version is a number, not a text; it is read as it is written\n!2: purl is a list, not a text\n" +
			"!2: cpe is an object, not a text\n!2: hashes is a text, not a list\n" +
			"2: licenses is an object, not a list; it is read as the only one\n" +
			"2: scope is true or false, not a text; it is read as it is written",
	},
	"commas": {
		cdxHead + `{"name":"a" "version":"1",},,{"name":"b"}{"name":"c"},]}`,
		"a 1\nb\nc\n2: a comma is missing\n2: a comma is too many\n2: a comma is too many\n2: a comma is missing\n2: a comma is too many",
	},
	"text that is not closed": {
		cdxHead + "{\"name\":\"a\",\n\"version\":\"1,\n\"purl\":\"pkg:npm/a@1\"}]}",
		"a  pkg:npm/a@1\n!3: a text is not closed at the end of its line\n4: a comma is missing",
	},
	"brace that is missing": {
		cdxHead + "{\"name\":\"a\"\n,{\"name\":\"b\"}]}",
		"a\nb\n!3: a } is missing\n3: a comma is missing",
	},
	"bracket that is missing": {
		cdxHead + "{\"name\":\"a\",\"hashes\":[{\"alg\":\"MD5\",\"content\":\"1\"},\n\"version\":\"1\"}]}",
		"a\n!3: a hash is a text, not an object\n!3: \":\" is no element of a list\n3: a comma is missing\n!3: a hash is a text, not an object\n!3: a ] is missing",
	},
	"words that are no JSON": {
		cdxHead + "{\"name\":\"a\",\"version\":NaN},{'name':1,\n\"name\":\"b\"}]}",
		"a\nb\n!2: \"NaN\" is no JSON\n!2: a member of an object has no name\n!2: \"'name'\" is no JSON\n" +
			"!2: a member of an object has no name\n!2: a member of an object has no name",
	},
	"signs between values": {
		cdxHead + "{\"name\":\"a\"}, @@ " + "\xd5\xd5" + " ;\n{\"name\":\"b\", ??? : 1, \"version\":\"2\"}]}",
		"a\nb 2\n!2: \"@@ \\xd5\\xd5 ;\" is no JSON\n3: a comma is missing\n!3: a member of an object has no name\n" +
			"!3: \"??? \" is no JSON\n!3: a member of an object has no name\n!3: a member of an object has no name",
	},
	"members that stand twice": {
		cdxHead + `{"name":"a","name":"b"}],"components":[{"name":"c"}]}`,
		"b\nc\n!2: member \"name\" stands twice in an object; the last counts\n" +
			"2: member \"components\" stands twice in an object; both are read",
	},
	"members that are strange": {
		cdxHead + `{"name":"a","versoin":"1"},{"name":"b","versoin":"1"}],"extra":1}`,
		"a\nb\n2: a component has the member \"versoin\", which the format does not know\n2: the document has the member \"extra\", which the format does not know",
	},
	"no name": {
		cdxHead + `{"purl":"pkg:npm/a@1"},{"version":"1"},{}]}`,
		"  pkg:npm/a@1\n2: a component has no name\n!2: a component has neither name nor package URL nor CPE; it is left out\n" +
			"!2: a component has neither name nor package URL nor CPE; it is left out",
	},
	"codes of characters": {
		cdxHead + `{"name":"\u0041\ud83d\ude00\n","version":"\ud83d","description":"\q"}]}`,
		"A\U0001F600\n \uFFFD\n2: a text has a character code that is none\n2: a text has the escape \\q, which JSON does not know",
	},
	"not UTF-8": {
		cdxHead + "{\"name\":\"a\xff\"}]}",
		"a\uFFFD\n2: a text is not UTF-8; what is not has been replaced",
	},
	"references": {
		cdxHead + `{"name":"a","bom-ref":"a"},{"name":"b","bom-ref":"a"}],"dependencies":[{"ref":"a","dependsOn":["x","a"]},{"ref":"a"},{"dependsOn":["a"]}]}`,
		"a\nb\n2: bom-ref \"a\" stands twice; it is first in line 2\n2: the dependencies of \"a\" stand twice; both count\n" +
			"!2: dependencies do not say of what they are\n2: bom-ref \"x\" of a dependency is not in the file\n2: \"a\" depends on itself",
	},
	"references to other documents": {
		cdxHead + `{"name":"a","bom-ref":"a"}],"dependencies":[{"ref":"a","dependsOn":["urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#b"]}]}`,
		"a\n!2: \"urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#b\" is in another document, which is not read",
	},
	"something after the end": {
		cdxHead + `{"name":"a"}]} {"name":"b"}`,
		"a\n!2: something stands after the end of the list; it was not read",
	},
	"another format name": {
		`{"bomFormat":"Cyclone","specVersion":"9.9","components":[{"name":"a"}]}`,
		"a\n1: bomFormat is \"Cyclone\", not CycloneDX\n0: version \"9.9\" of CycloneDX is not known; it is read like 1.7",
	},
	"XML: entities": {
		`<!DOCTYPE bom [<!ENTITY a "aaa">]>` + xmlHead + "<component><name>x&a;y</name><version>1</version><purl>pkg:npm/x@1</purl></component><component><name>b &amp; c</name></component></components></bom>",
		" 1 pkg:npm/x@1\nb & c\n1: a document type declaration is not read, and what it declares is not known\n" +
			"!2: no well-formed XML (invalid character entity &a;); reading goes on with the next tag\n2: a component has no name",
	},
	"XML: tags": {
		xmlHead + "<component><name>a</name><version>1</versoin></component>\n<component><name>b</name>\n<component><name>c</name></component></components></bom>",
		"a 1\nb\nc\n2: </versoin> closes nothing\n!2: </version> is missing before </component>\n" +
			"4: <component> stands in another one without <components>; it is read as a part of it\n!4: </component> is missing before </components>",
	},
	"XML: no tag": {
		xmlHead + "<component><name>a</name><ver=1>1</version></component>\n< <component><name>b</name></component>text</components></bom>",
		"a\nb\n!2: no well-formed XML (expected attribute name in element); reading goes on with the next tag\n2: </version> closes nothing\n" +
			"!3: no well-formed XML (expected element name after <); reading goes on with the next tag\n!3: the text \"text\" stands where elements stand",
	},
	"XML: strange elements": {
		xmlHead + `<part/><component><name>a</name><versoin>1</versoin><name>b</name></component></components><extra/></bom>`,
		"b\n2: components has the element \"part\", which the format does not know\n2: a component has the element \"versoin\", which the format does not know\n" +
			"2: element \"name\" stands twice; the last one counts\n2: the document has the element \"extra\", which the format does not know",
	},
	"XML: names of others": {
		`<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.4" xmlns:o="urn:o"><b:components><b:component><b:name>a</b:name><o:name>x</o:name></b:component></b:components></b:bom>`,
		"a",
	},
	"tags: text that is not closed": {
		tagHead + "PackageCopyrightText: <text>never\nclosed\nPackageName: b\nSPDXID: SPDXRef-b\nPackageComment: <text>a\nb",
		"a\nb\n!4: a text that begins here is not closed before line 6\n!8: a text that begins here is not closed; the file ends in it",
	},
	"tags: lines": {
		tagHead + "PackageVersion: 1\nackageSupplier\nFoo: bar\nFoo: bar\nExternalRef: SECURITY\nPackageChecksum: x\nRelationship: a b\nRelationship: a DEPENDS_ON SPDXRef-a\nRelationship: a IS_LIKE a\n",
		"a 1\n!5: \"ackageSupplier\" is no tag with a value\n6: tag \"Foo\" is not one that SPDX knows\n!8: \"SECURITY\" is no external reference\n" +
			"!9: \"x\" is no checksum, or one too many\n!10: \"a b\" is no relationship\n11: \"a\" has no SPDXRef-; it is taken as meant\n11: \"SPDXRef-a\" depends on itself\n12: relationship \"IS_LIKE\" is not one that SPDX knows",
	},
	"SPDX 3: elements": {
		`{"@context":"x","@graph":[{"type":"software_Package","spdxId":"a","name":"a"},{"spdxId":"b"},5,{"type":"Relationship","to":["a"]},{"type":"CreationInfo","specVersion":"3.0.1"}]}`,
		"a\n!1: an element has no type\n!1: an element is a number, not an object\n!1: a relationship does not say what it joins",
	},
}

func TestDamage(t *testing.T) {
	for name, c := range damaged {
		t.Run(name, func(t *testing.T) {
			bom, err := Read(strings.NewReader(c.in), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got := outline(bom); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			lost := 0
			for _, p := range bom.Problems {
				if p.Lost {
					lost++
				}
			}
			if bom.Lost != lost {
				t.Errorf("%d problems lose something, counted are %d", lost, bom.Lost)
			}
			checkPieces(t, c.in, Limits{})
		})
	}
}

func TestNoList(t *testing.T) {
	for in, want := range map[string]error{
		"":                    errNone,
		"hello\nworld: 1\n":   errNone,
		"[]":                  errNone,
		"{}":                  errNone,
		`{"a":1`:              errNone,
		"<html></html>":       errNone,
		"<bom></bom>":         errNone,
		"PackageName":         errNone,
		"\xff\xfe{\x00}\x00":  errUTF16,
		"\x00{":               errUTF16,
		"\x7fELF\x02\x01\x00": errUTF16,
		`<?xml version="1.0" encoding="ISO-8859-1"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>`: errEncoding,
	} {
		if bom, err := Read(strings.NewReader(in), Limits{}); err != want {
			t.Errorf("%q: %v, %+v", in, err, bom)
		}
	}
}

// TestFields reads what is in few files of the wild.
func TestFields(t *testing.T) {
	bom := mustRead(t, []byte("\xef\xbb\xbf"+`{"specVersion":"1.6","metadata":{"timestamp":"2026-01-02T03:04:05Z",
		"authors":[{"name":"Jane Roe","email":"jane@example.org"}],"manufacturer":{"name":"Maker","url":["https://maker.example"]},
		"supplier":{"name":"Shop"},"tools":{"components":[{"name":"tool","version":"1"}]},
		"component":{"bom-ref":"s","name":"product","components":[{"name":"inner","bom-ref":"i"}]}},
		"services":[{"bom-ref":"svc","name":"api","provider":{"name":"P"},"endpoints":["https://api.example"],"services":[{"name":"sub"}]}],
		"components":[{"bom-ref":"o","name":"outer","pedigree":{"ancestors":[{"name":"old"}]},"components":[{"bom-ref":"n","name":"nested"}],
			"licenses":[{"license":{"id":"MIT","acknowledgement":"declared"}},{"expression":"MIT OR ISC","acknowledgement":"concluded"}],
			"publisher":"Pub","authors":[{"name":"A","email":"a@example.org"},{"name":"B"}]}],
		"dependencies":[{"ref":"s","dependsOn":["o","o","svc"]},{"ref":"o"}],"compositions":[{"aggregate":"complete","dependencies":["s"]},{"aggregate":"unknown","assemblies":["o"]},{"aggregate":"incomplete"}],
		"bomFormat":"CycloneDX"}`))
	var names []string
	for _, c := range bom.Components {
		names = append(names, fmt.Sprintf("%s %s %d", c.Type, c.Name, c.Parent))
	}
	outer := bom.Components[3]
	got := []any{names, bom.Authors, bom.Tools, bom.Subject.Supplier, bom.Depends, bom.Aggregates, outer.Patched, outer.Licences, outer.Declared,
		outer.Supplier, outer.Author, outer.Contact, bom.Components[1].Links}
	want := []any{[]string{" inner -1", "service api -1", "service sub 1", " outer -1", " nested 3"},
		[]string{"Jane Roe <jane@example.org>", "Maker <https://maker.example>"}, []string{"tool 1"}, "Shop",
		map[string][]string{"s": {"o", "svc"}, "o": {}}, map[string]string{"s": "complete", "": "incomplete"}, true,
		[]string{"MIT OR ISC"}, []string{"MIT"}, "Pub", "A, B", "a@example.org", []Link{{Kind: "endpoint", URL: "https://api.example"}}}
	if !reflect.DeepEqual(got, want) || len(bom.Problems) > 0 {
		t.Errorf("got  %v\nwant %v\nproblems %v", got, want, bom.Problems)
	}
}

// TestFieldsXML reads the same content in both forms of CycloneDX.
func TestFieldsXML(t *testing.T) {
	asXML := mustRead(t, []byte(`<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:1"><metadata><timestamp>2026-01-02T03:04:05Z</timestamp>
		<tools><components><component type="application"><name>tool</name><version>1</version></component></components></tools>
		<authors><author><name>Jane Roe</name><email>jane@example.org</email></author></authors>
		<component type="device" bom-ref="s"><name>product</name></component>
		<manufacturer><name>Maker</name><url>https://maker.example</url></manufacturer><supplier><name>Shop</name></supplier></metadata>
		<components><component type="library" bom-ref="o"><supplier><name>Sup</name><contact><email>s@example.org</email></contact></supplier>
			<manufacturer><name>Man</name></manufacturer><authors><author><name>A</name></author><author><name>B</name></author></authors><group>g</group><name>outer</name>
			<scope>optional</scope><hashes><hash alg="SHA-1">00</hash></hashes><licenses><license acknowledgement="declared"><id>MIT</id></license><license><name>Own</name></license></licenses>
			<cpe>cpe:2.3:a:v:p:1:*:*:*:*:*:*:*</cpe><purl>pkg:npm/o@1</purl><pedigree><ancestors><component type="library"><name>old</name></component></ancestors></pedigree>
			<externalReferences><reference type="vcs"><url>https://vcs.example</url><hashes><hash alg="MD5">11</hash></hashes></reference></externalReferences>
			<properties><property name="n">v</property></properties><components><component type="file"><name>nested</name></component></components></component></components>
		<services><service bom-ref="svc"><provider><name>P</name><url>https://p.example</url></provider><name>api</name><endpoints><endpoint>https://api.example</endpoint></endpoints>
			<services><service><name>sub</name></service></services></service></services>
		<dependencies><dependency ref="s"><dependency ref="o"/><dependency ref="svc"/></dependency><dependency ref="o"/></dependencies>
		<compositions><composition><aggregate>complete</aggregate><dependencies><dependency ref="s"/></dependencies></composition>
			<composition><aggregate>unknown</aggregate><assemblies><assembly ref="o"/></assemblies></composition><composition><aggregate>incomplete</aggregate></composition></compositions></bom>`))
	asJSON := mustRead(t, []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:1","metadata":{"timestamp":"2026-01-02T03:04:05Z",
		"tools":{"components":[{"type":"application","name":"tool","version":"1"}]},"authors":[{"name":"Jane Roe","email":"jane@example.org"}],
		"component":{"type":"device","bom-ref":"s","name":"product"},"manufacturer":{"name":"Maker","url":["https://maker.example"]},"supplier":{"name":"Shop"}},
		"components":[{"type":"library","bom-ref":"o","supplier":{"name":"Sup","contact":[{"email":"s@example.org"}]},"manufacturer":{"name":"Man"},
			"authors":[{"name":"A"},{"name":"B"}],"group":"g","name":"outer","scope":"optional","hashes":[{"alg":"SHA-1","content":"00"}],
			"licenses":[{"license":{"id":"MIT","acknowledgement":"declared"}},{"license":{"name":"Own"}}],"cpe":"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*","purl":"pkg:npm/o@1",
			"pedigree":{"ancestors":[{"type":"library","name":"old"}]},"externalReferences":[{"type":"vcs","url":"https://vcs.example","hashes":[{"alg":"MD5","content":"11"}]}],
			"properties":[{"name":"n","value":"v"}],"components":[{"type":"file","name":"nested"}]}],
		"services":[{"bom-ref":"svc","provider":{"name":"P","url":["https://p.example"]},"name":"api","endpoints":["https://api.example"],"services":[{"name":"sub"}]}],
		"dependencies":[{"ref":"s","dependsOn":["o","svc"]},{"ref":"o"}],
		"compositions":[{"aggregate":"complete","dependencies":["s"]},{"aggregate":"unknown","assemblies":["o"]},{"aggregate":"incomplete"}]}`))
	for _, bom := range []*BOM{asXML, asJSON} {
		bom.Subject.Line = 0
		for i := range bom.Components {
			bom.Components[i].Line = 0
		}
	}
	if !reflect.DeepEqual(asXML, asJSON) || len(asXML.Components) != 4 || len(asXML.Problems) > 0 {
		t.Errorf("XML  %+v %+v\nJSON %+v %+v", asXML, asXML.Subject, asJSON, asJSON.Subject)
	}
	outer := asXML.Components[0]
	if got := []any{outer.Supplier, outer.Manufacturer, outer.Contact, outer.Author, outer.Licences, outer.Declared, outer.Patched, asXML.Subject.Supplier}; !reflect.DeepEqual(got,
		[]any{"Sup", "Man", "s@example.org", "A, B", []string{"Own"}, []string{"MIT"}, true, "Shop"}) {
		t.Errorf("got %q", got)
	}
}

func TestFieldsSPDX(t *testing.T) {
	bom := mustRead(t, []byte(`{"sbom":{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"doc","creationInfo":{"creators":["Person: Jane Roe (jane@example.org)","Tool: t-1"]},
		"packages":[{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"NOASSERTION","supplier":"Organization: S (s@example.org)","originator":"Person: M ()",
			"licenseConcluded":"NOASSERTION","licenseDeclared":"MIT","downloadLocation":"git+https://example.org/a.git","primaryPackagePurpose":"OPERATING_SYSTEM",
			"checksums":[{"algorithm":"SHA256","checksumValue":"00"}],
			"externalRefs":[{"referenceType":"http://spdx.org/rdf/references/cpe23Type","referenceLocator":"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"},{"referenceType":"purl","referenceLocator":"pkg:npm/a@1"},{"referenceType":"purl","referenceLocator":"pkg:npm/b@1"}]},
			{"SPDXID":"SPDXRef-b","name":"b"}],
		"files":[{"SPDXID":"SPDXRef-f"}],
		"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"},
			{"spdxElementId":"SPDXRef-b","relationshipType":"runtime_dependency_of","relatedSpdxElement":"SPDXRef-a"},
			{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-f"},
			{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"NOASSERTION"},
			{"spdxElementId":"SPDXRef-f","relationshipType":"PATCH_APPLIED","relatedSpdxElement":"SPDXRef-b"}]}}`))
	a := bom.Components[0]
	got := []any{bom.Version, bom.Name, bom.Authors, bom.Tools, bom.Subject.Name, bom.Depends, a.Version, a.Supplier, a.Manufacturer, a.Contact, a.Licences,
		a.Declared, a.Links, a.Type, a.Hashes, a.CPEs, a.PURL, bom.Components[1].Patched, bom.Lost, len(bom.Problems)}
	want := []any{"2.3", "doc", []string{"Jane Roe <jane@example.org>"}, []string{"t-1"}, "a", map[string][]string{"SPDXRef-a": {"SPDXRef-b"}}, "", "S", "M", "s@example.org", []string(nil),
		[]string{"MIT"}, []Link{{Kind: "vcs", URL: "git+https://example.org/a.git"}}, "operating-system", []Hash{{"SHA-256", "00"}},
		[]string{"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"}, "pkg:npm/a@1", true, 1, 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v\nproblems %v", got, want, bom.Problems)
	}
}

// TestFieldsSPDX3 has elements after those that name them, and one inside of another.
func TestFieldsSPDX3(t *testing.T) {
	bom := mustRead(t, []byte(`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
		{"type":"SpdxDocument","spdxId":"urn:doc","name":"doc","rootElement":["urn:a"]},
		{"type":"Relationship","spdxId":"urn:r","from":"urn:a","relationshipType":"hasConcludedLicense","to":["urn:l"]},
		{"type":"Relationship","spdxId":"urn:r2","from":"urn:a","relationshipType":"dependsOn","to":["urn:b","urn:f"],"completeness":"complete"},
		{"type":"software_Package","spdxId":"urn:a","name":"a","software_packageVersion":"1","software_packageUrl":"pkg:npm/a@1","software_primaryPurpose":"operatingSystem",
			"suppliedBy":"urn:s","originatedBy":[{"type":"Organization","name":"Maker"}],
			"externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"cpe23","identifier":"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"}],
			"verifiedUsing":[{"type":"Hash","algorithm":"sha3_256","hashValue":"00"}]},
		{"type":"software_Package","spdxId":"urn:b","name":"b"},
		{"type":"software_File","spdxId":"urn:f","name":"f"},
		{"type":"Organization","spdxId":"urn:s","name":"Shop"},
		{"type":"simplelicensing_LicenseExpression","spdxId":"urn:l","simplelicensing_licenseExpression":"MIT"},
		{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-02T03:04:05Z","createdBy":["urn:s"]}]}`))
	a := bom.Components[0]
	got := []any{bom.Name, bom.Serial, bom.Version, bom.Created, bom.Authors, bom.Subject.Name, bom.Depends, bom.Aggregates, a.Version, a.PURL, a.Type,
		a.Supplier, a.Manufacturer, a.CPEs, a.Hashes, a.Licences, len(bom.Components)}
	want := []any{"doc", "urn:doc", "3.0.1", "2026-01-02T03:04:05Z", []string{"Shop"}, "a", map[string][]string{"urn:a": {"urn:b"}}, map[string]string{"urn:a": "complete"},
		"1", "pkg:npm/a@1", "operating-system", "Shop", "Maker", []string{"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"}, []Hash{{"SHA3-256", "00"}}, []string{"MIT"}, 2}
	if !reflect.DeepEqual(got, want) || len(bom.Problems) > 0 {
		t.Errorf("got  %v\nwant %v\nproblems %v", got, want, bom.Problems)
	}
}
