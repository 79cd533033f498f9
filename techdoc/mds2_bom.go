package techdoc

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"theriac/evidence"
	"theriac/model"
)

// maxBom bounds a bill of materials, in bytes.
const maxBom = 64 << 20

// mds2Bom is what the form asks of a bill of materials.
type mds2Bom struct {
	format string // with version
	parts  []mds2Part
}

// mds2Part is a component of it.
type mds2Part struct {
	name, maker, version string
	more                 []string // what else is told of it
}

// bom answers from the bill of materials of the release; open where it cannot be read,
// or is not the one that the release names.
func (d *disclosure) bom(rule func(*mds2Bom) mds2Reply) mds2Reply {
	if d.Release == nil || d.Release.SBOM.Path == "" {
		return d.open("the bill of materials", "releases: sbom")
	}
	b, err := d.readBom(d.Release.SBOM)
	if err != nil {
		r := d.open("a bill of materials that can be read", "releases: sbom", d.Release)
		r.Notes = append(r.Notes, d.line(cutShort(d.Release.SBOM.Path)+" "+err.Error(), nil))
		return r
	}
	return rule(b)
}

func (d *disclosure) readBom(a model.Artefact) (*mds2Bom, error) {
	if model.LeavesFolder(a.Path) || d.Files == nil {
		return nil, errors.New("is not in the folder")
	}
	text, err := evidence.ReadLimited(d.Files, path.Clean(a.Path), maxBom)
	switch {
	case err != nil:
		return nil, errors.New("is not in the folder")
	case len(text) > maxBom:
		return nil, fmt.Errorf("is larger than %d MB", maxBom>>20)
	}
	sum := sha256.Sum256(text)
	if !strings.EqualFold(a.Digest, "sha256:"+hex.EncodeToString(sum[:])) {
		return nil, errors.New("has another digest than the release states")
	}
	return parseBom(text)
}

// parseBom reads CycloneDX and SPDX in JSON.
func parseBom(text []byte) (*mds2Bom, error) {
	var head struct {
		BOMFormat   string `json:"bomFormat"`
		SpecVersion string `json:"specVersion"`
		SPDXVersion string `json:"spdxVersion"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, errors.New("is no JSON")
	}
	switch {
	case head.BOMFormat == "CycloneDX":
		return parseCycloneDX(text, "CycloneDX "+cutShort(head.SpecVersion))
	case strings.HasPrefix(head.SPDXVersion, "SPDX-"):
		return parseSPDX(text, strings.Replace(cutShort(head.SPDXVersion), "-", " ", 1))
	}
	return nil, errors.New("is neither CycloneDX nor SPDX in JSON")
}

// bomParty is who made a component.
type bomParty struct {
	Name string `json:"name"`
}

func parseCycloneDX(text []byte, format string) (*mds2Bom, error) {
	var doc struct {
		Components []struct {
			Name         string            `json:"name"`
			Version      string            `json:"version"`
			Publisher    string            `json:"publisher"`
			Author       string            `json:"author"`
			Supplier     bomParty          `json:"supplier"`
			Manufacturer bomParty          `json:"manufacturer"`
			PURL         string            `json:"purl"`
			CPE          string            `json:"cpe"`
			Licenses     []json.RawMessage `json:"licenses"`
			Hashes       []json.RawMessage `json:"hashes"`
		} `json:"components"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, errors.New("is no CycloneDX")
	}
	b := &mds2Bom{format: format}
	for _, c := range doc.Components {
		p := mds2Part{name: c.Name, version: c.Version, maker: cmp.Or(c.Supplier.Name, c.Manufacturer.Name, c.Publisher, c.Author)}
		p.tell("package URL", c.PURL != "")
		p.tell("CPE", c.CPE != "")
		p.tell("licence", len(c.Licenses) > 0)
		p.tell("digest", len(c.Hashes) > 0)
		b.parts = append(b.parts, p)
	}
	return b, nil
}

func parseSPDX(text []byte, format string) (*mds2Bom, error) {
	var doc struct {
		Packages []struct {
			Name       string            `json:"name"`
			Version    string            `json:"versionInfo"`
			Supplier   string            `json:"supplier"`
			Originator string            `json:"originator"`
			License    string            `json:"licenseConcluded"`
			Checksums  []json.RawMessage `json:"checksums"`
			References []json.RawMessage `json:"externalRefs"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, errors.New("is no SPDX")
	}
	b := &mds2Bom{format: format}
	for _, c := range doc.Packages {
		p := mds2Part{name: c.Name, version: c.Version, maker: cmp.Or(asserted(c.Supplier), asserted(c.Originator))}
		p.tell("identifier", len(c.References) > 0)
		p.tell("licence", asserted(c.License) != "")
		p.tell("digest", len(c.Checksums) > 0)
		b.parts = append(b.parts, p)
	}
	return b, nil
}

// asserted is a value of SPDX, "" where it says that nothing is asserted.
func asserted(value string) string {
	if value == "NOASSERTION" || value == "NONE" {
		return ""
	}
	return value
}

func (p *mds2Part) tell(what string, is bool) {
	if is {
		p.more = append(p.more, what)
	}
}

// bomTells answers whether each component has something.
func bomTells(what string, has func(mds2Part) bool) mds2Rule {
	return func(d *disclosure) mds2Reply {
		return d.bom(func(b *mds2Bom) mds2Reply {
			n := len(thoseThat(b.parts, has))
			reason := fmt.Sprintf("%d of %d components have %s", n, len(b.parts), what)
			switch {
			case len(b.parts) == 0:
				return d.no("It lists no component").on(d.Release, "sbom")
			case n == len(b.parts):
				return d.yes(reason).on(d.Release, "sbom")
			case n == 0:
				return d.no(reason).on(d.Release, "sbom")
			}
			return d.notes(reason).on(d.Release, "sbom")
		})
	}
}

// bomMore counts what else is told of components.
func bomMore(d *disclosure) mds2Reply {
	return d.bom(func(b *mds2Bom) mds2Reply {
		count := map[string]int{}
		for _, p := range b.parts {
			for _, what := range p.more {
				count[what]++
			}
		}
		if len(count) == 0 {
			return d.no("It tells no more of components").on(d.Release, "sbom")
		}
		var list []string
		for _, what := range sortedKeys(count) {
			list = append(list, fmt.Sprintf("%s (%d)", what, count[what]))
		}
		return d.yes(fmt.Sprintf("For its %d components it tells: %s", len(b.parts), strings.Join(list, ", "))).on(d.Release, "sbom")
	})
}
