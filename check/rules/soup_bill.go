package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/sbom"
)

// billed is a security file with a bill of materials, for examples; what stands behind
// the product comes first, then the lines of the list with its digest.
func billed(file, digest, lines string) string {
	return "-- theriac.yaml --\nproduct:\n  name: Example device\n  regulation: MDR\n  class: IIb\nreleases:\n  rel-1:\n    title: Release 1.0.0\n    version: 1.0.0\n    sbom:\n" +
		"      path: device.cdx.json\n      digest: sha256:" + digest + "\n" + file + "-- device.cdx.json --\n" + lines
}

// markedPath marks the path of the bill of materials for a rule.
func markedPath(example, code string) string {
	return strings.Replace(example, "path: device.cdx.json", "path: device.cdx.json # want "+code, 1)
}

// Bills of materials of examples, with their digests.
const (
	twoParts = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
 {"type":"library","name":"openssl","version":"3.5.1","purl":"pkg:generic/openssl@3.5.1"},
 {"type":"library","name":"zlib","version":"1.3.1","purl":"pkg:generic/zlib@1.3.1"}]}`
	twoPartsDigest = "97e1d63f09a8fceadf9667270c8b86ed70f38ac43a54e1a98dac8b3c9cd85970"
	namelessPart   = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
 {"type":"library","name":"openssl","version":"3.5.1","purl":"pkg:generic/openssl@3.5.1"},
 {"type":"library","version":"1.3.1"}]}`
	namelessPartDigest = "847124742edd6a929c0dad2c7663b98ef14821923590981d328465ffdf65b88f"
)

// SOUP items of examples.
const (
	billTLS = `components:
  soup-tls:
    title: TLS library
    type: soup
    version: 3.5.1
    purl: pkg:generic/openssl@3.5.1
`
	billZlib = `  soup-zlib:
    title: Compression library
    type: soup
    version: 1.3.1
    purl: pkg:generic/zlib@1.3.1
`
)

var _ = add(check.Rule{
	Code: "T3407", Severity: diag.Open,
	Title:   "software in the release that no component of the security file stands for",
	Clauses: []string{"sota.sbom", "ig-nb.5.1", "62443-4-1.sm-9", "81001-5-1.4.1.5"},
	Why: "the build ships it, and nobody is named who watches it, knows until when its maker supports it, or judges what its failure would do; " +
		"IEC 62304 8.1.2 asks for each SOUP item",
	Fix:  "add SOUP items, one for several packages where these are one thing to you (`packages:`); `theriac sbom soup` proposes them",
	Bad:  markedPath(billed(billTLS, twoPartsDigest, twoParts), "T3407"),
	Good: billed(billTLS+billZlib, twoPartsDigest, twoParts),
	Run: func(p *check.Pass) {
		const most = 10
		b := billOf(p)
		if b == nil || !b.Usable() {
			return
		}
		uncovered := b.Uncovered()
		if len(uncovered) == 0 {
			return
		}
		var told []string
		for _, c := range uncovered[:min(most, len(uncovered))] {
			told = append(told, partName(c))
		}
		p.Report(b.Release, "sbom.path", "no component of the security file stands for %d of %s of release %s: %s", len(uncovered), count(len(b.Entries()), "component"), b.Release.Version, orMore(told, len(uncovered)))
	},
})

// billOf is the bill of materials of the release; nil for a variant, since the product is
// what is checked, and where there is no folder in which one could be.
func billOf(p *check.Pass) *check.Bill {
	if p.File.Variant() != "" || p.Proof().Files == nil || softwareUnclear(p.File) {
		return nil
	}
	return p.Bill()
}

// softwareUnclear reports whether a component of software has a finding about its form:
// what it stands for in a bill of materials cannot be told then.
func softwareUnclear(file *model.File) bool {
	return slices.ContainsFunc(file.Components, func(c *model.Component) bool {
		return c.Type != "hardware" && c.Type != "device" && file.Faulty(c)
	})
}

// partName names an entry of a bill of materials.
func partName(c *sbom.Component) string {
	text := check.ClipText(c.Designation())
	switch {
	case c.PURL != "":
		return check.ClipText(c.PURL)
	case len(c.CPEs) > 0:
		return cmp.Or(text, check.ClipText(c.CPEs[0]))
	}
	return text
}

var _ = add(check.Rule{
	Code: "T3408", Severity: diag.Error,
	Title:   "version of a component contradicts the bill of materials",
	Clauses: []string{"sota.sbom", "ig-nb.5.1", "62443-4-1.sm-9", "81001-5-1.4.1.5"},
	Why: "the file and the build name different versions of one component; what was judged, scored and told of the one does not hold for " +
		"the other that is shipped",
	Fix:  "correct the version in the security file, with its package URL, or build the release anew",
	Bad:  billed(strings.Replace(billTLS, "  version: 3.5.1\n    purl: pkg:generic/openssl@3.5.1", "  version: 3.5.4 # want T3408\n    purl: pkg:generic/openssl@3.5.4", 1)+billZlib, twoPartsDigest, twoParts),
	Good: billed(billTLS+billZlib, twoPartsDigest, twoParts),
	Run: func(p *check.Pass) {
		b := billOf(p)
		if b == nil || !b.Usable() {
			return
		}
		for _, c := range p.File.Components {
			if b.Contradicts(c) {
				p.Report(c, "version", "component %q is of version %s, and the bill of materials of release %s lists %s", c.ID, c.Version, b.Release.Version, clippedList(b.Versions(c))).
					Relate(b.Release, "sbom.path", "the bill of materials")
			}
		}
	},
})

// clippedList joins texts of a bill of materials, of which at most five are told.
func clippedList(texts []string) string {
	clipped := make([]string, len(texts))
	for i, t := range texts {
		clipped[i] = check.ClipText(t)
	}
	return orMore(clipped[:min(5, len(clipped))], len(clipped))
}

var _ = add(check.Rule{
	Code: "T3409", Severity: diag.Error,
	Title:   "SOUP item that the bill of materials lacks",
	Clauses: []string{"sota.sbom", "ig-nb.5.1", "62443-4-1.sm-9", "81001-5-1.4.1.5"},
	Why: "either the release does not hold it any more and the file is out of date, or the bill of materials is incomplete and tools that " +
		"match it with vulnerabilities never look for this one",
	Fix: "remove the item, correct its package URL or `packages:`, or have the build list it: theriac sbom merge",
	Bad: billed(billTLS+billZlib+`  soup-xml: # want T3409
    title: XML parser
    type: soup
    version: 2.7.1
    purl: pkg:generic/expat@2.7.1
`, twoPartsDigest, twoParts),
	Good: billed(billTLS+billZlib, twoPartsDigest, twoParts),
	Run: func(p *check.Pass) {
		b := billOf(p)
		if b == nil || b.State != check.BillWhole { // absence proves nothing in part of a list
			return
		}
		for _, c := range p.File.Components {
			if c.Type != "soup" || len(b.Parts(c)) > 0 {
				continue
			}
			f := p.Report(c, "", "the bill of materials of release %s does not list SOUP item %q", b.Release.Version, c.ID).Relate(b.Release, "sbom.path", "the bill of materials")
			if c.PURL == "" && c.CPE == "" && len(c.Packages) == 0 {
				f.Fix("state its package URL or CPE, or under `packages:` what it is in the bill of materials; nothing of that name and version is there")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3410", Severity: diag.Error,
	Title:   "bill of materials that cannot be read whole",
	Clauses: []string{"sota.sbom", "62443-4-1.sm-9", "81001-5-1.4.1.5"},
	Why:     "what could not be read is not compared with the security file and not matched with vulnerabilities; nobody would notice what is missing",
	Fix:     "have the build write it again; `theriac sbom show` lists what was not understood, with lines",
	Bad:     markedPath(billed(billTLS, namelessPartDigest, namelessPart), "T3410"),
	Good:    billed(billTLS+billZlib, twoPartsDigest, twoParts),
	Run: func(p *check.Pass) {
		if b := billOf(p); b != nil && (b.State == check.BillUnread || b.State == check.BillPartial) {
			p.Report(b.Release, "sbom.path", "release %s: %s", b.Release.Version, b.Why)
		} // T7416 speaks of one that was altered
	},
})

var _ = add(check.Rule{
	Code: "T3411", Severity: diag.Open,
	Title:   "release without a bill of materials that could be compared",
	Clauses: []string{"sota.sbom", "ig-nb.5.1", "62443-4-1.sm-9", "81001-5-1.4.1.5"},
	Why: "what the release consists of is then only typed; whether the SOUP items are all that is shipped, and which vulnerabilities are in it, " +
		"nobody can tell",
	Fix: "keep the list that the build writes in the folder and name it under `sbom:` of the release; `theriac sbom import` makes one of an image",
	Bad: `
releases:
  rel-1: # want T3411
    title: Release 1.0.0
    version: 1.0.0
`,
	Good: billed(billTLS+billZlib, twoPartsDigest, twoParts),
	Run: func(p *check.Pass) {
		b := billOf(p)
		if b == nil || b.Release == nil || b.State != check.BillAbsent {
			return
		}
		if b.Release.SBOM.Path == "" {
			p.ReportAbsent(b.Release, []string{"sbom"}, "release %s names no bill of materials", b.Release.Version)
			return
		}
		p.Report(b.Release, "sbom.path", "release %s: %s", b.Release.Version, b.Why)
	},
})

var _ = add(check.Rule{
	Code: "T3412", Severity: diag.Warning,
	Title:   "pattern of packages that nothing in the bill of materials fits",
	Clauses: []string{"sota.sbom", "62443-4-1.sm-9"},
	Why: "the packages were renamed or dropped, or the pattern is misspelt; a pattern left lying about would take the next package of that " +
		"name without anybody looking",
	Fix: "correct the pattern or remove it",
	Bad: billed(strings.Replace(billTLS, "    purl: pkg:generic/openssl@3.5.1\n", "    packages:\n      - pkg:generic/openssl\n      - pkg:generic/libssl* # want T3412\n", 1)+
		billZlib, twoPartsDigest, twoParts),
	Good: billed(strings.Replace(billTLS, "    purl: pkg:generic/openssl@3.5.1\n", "    packages:\n      - pkg:generic/openssl\n", 1)+
		billZlib, twoPartsDigest, twoParts),
	Run: func(p *check.Pass) {
		b := billOf(p)
		if b == nil || b.State != check.BillWhole {
			return
		}
		for _, c := range p.File.Components {
			if len(b.Parts(c)) == 0 && c.Type == "soup" {
				continue // T3409 speaks of it
			}
			for _, i := range b.Idle(c) {
				p.Report(c, fmt.Sprintf("packages.%d", i), "nothing in the bill of materials of release %s fits %q", b.Release.Version, c.Packages[i]).Relate(b.Release, "sbom.path", "the bill of materials")
			}
		}
	},
})
