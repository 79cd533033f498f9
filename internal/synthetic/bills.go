package synthetic

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// Bills writes bills of materials of as many components each, made of the components of
// real ones in CycloneDX JSON: those of one ecosystem, shuffled. The same input gives the
// same files. Where the real ones have too few components of an ecosystem, some stand
// there more than once.
func Bills(dir string, real []string, bills, components int) (Stats, error) {
	var stats Stats
	pool, err := componentsOf(real)
	if err != nil {
		return stats, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return stats, err
	}
	for n := range bills {
		random := rand.New(rand.NewPCG(1, uint64(n)))
		list := pool[n%len(pool)]
		order := random.Perm(len(list))
		bom := cdx.NewBOM()
		bom.Metadata = &cdx.Metadata{Component: &cdx.Component{Type: cdx.ComponentTypeFirmware, Name: fmt.Sprintf("Device %d", n), Version: "1.0"}}
		chosen := make([]cdx.Component, components)
		for i := range chosen {
			chosen[i] = list[order[i%len(order)]]
			chosen[i].BOMRef = fmt.Sprintf("c%d", i)
		}
		bom.Components = &chosen
		name := filepath.Join(dir, fmt.Sprintf("device-%04d.cdx.json", n))
		if err := writeBill(name, bom); err != nil {
			return stats, err
		}
		info, err := os.Stat(name)
		if err != nil {
			return stats, err
		}
		stats.Entities += components
		stats.Files++
		stats.Bytes += int(info.Size())
	}
	return stats, nil
}

func writeBill(name string, bom *cdx.BOM) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
	return errors.Join(err, w.Flush(), f.Close())
}

// componentsOf are the components with package URLs of real bills, by ecosystem; those of
// which there are a hundred.
func componentsOf(real []string) ([][]cdx.Component, error) {
	groups := map[string][]cdx.Component{}
	for _, name := range real {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		bom := new(cdx.BOM)
		err = errors.Join(cdx.NewBOMDecoder(f, cdx.BOMFileFormatJSON).Decode(bom), f.Close())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if bom.Components == nil {
			continue
		}
		for _, c := range *bom.Components {
			kind, rest, found := strings.Cut(strings.TrimPrefix(c.PackageURL, "pkg:"), "/")
			if !found || rest == "" {
				continue
			}
			groups[kind] = append(groups[kind], c)
		}
	}
	var pool [][]cdx.Component
	for _, kind := range sortedKeys(groups) {
		if list := distinct(groups[kind]); len(list) >= 100 {
			pool = append(pool, list)
		}
	}
	if len(pool) == 0 {
		return nil, errors.New("no ecosystem with a hundred components")
	}
	return pool, nil
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// distinct leaves out components with a package URL that came before.
func distinct(list []cdx.Component) []cdx.Component {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(c cdx.Component) bool {
		again := seen[c.PackageURL]
		seen[c.PackageURL] = true
		return again
	})
}

// Advisories writes an archive of records of the OSV schema, as many times over: each
// further copy is about packages of other names, so that a database grows in every way.
func Advisories(name string, records []json.RawMessage, times int) (Stats, error) {
	var stats Stats
	f, err := os.Create(name)
	if err != nil {
		return stats, err
	}
	archive := zip.NewWriter(f)
	for n := range times {
		if err = copies(archive, records, n, &stats); err != nil {
			break
		}
	}
	stats.Files = 1
	return stats, errors.Join(err, archive.Close(), f.Close())
}

func copies(archive *zip.Writer, records []json.RawMessage, n int, stats *Stats) error {
	for i, text := range records {
		out := []byte(text)
		if n > 0 {
			var record map[string]any
			err := json.Unmarshal(text, &record)
			if err != nil {
				return fmt.Errorf("record %d: %w", i, err)
			}
			rename(record, fmt.Sprintf("-x%d", n))
			if out, err = json.Marshal(record); err != nil {
				return err
			}
		}
		w, err := archive.Create(fmt.Sprintf("%02d-%06d.json", n, i))
		if err != nil {
			return err
		}
		if _, err := w.Write(out); err != nil {
			return err
		}
		stats.Entities++
		stats.Bytes += len(out)
	}
	return nil
}

// rename gives a record and its packages other names.
func rename(record map[string]any, suffix string) {
	if id, ok := record["id"].(string); ok {
		record["id"] = id + suffix
	}
	for _, field := range []string{"aliases", "related", "upstream"} {
		list, _ := record[field].([]any)
		for i, v := range list {
			if s, ok := v.(string); ok {
				list[i] = s + suffix
			}
		}
	}
	affected, _ := record["affected"].([]any)
	for _, a := range affected {
		entry, _ := a.(map[string]any)
		if p, ok := entry["package"].(map[string]any); ok {
			if name, ok := p["name"].(string); ok {
				p["name"] = name + suffix
			}
		}
	}
}
