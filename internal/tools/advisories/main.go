// Command advisories cuts an export of OSV records down to those that speak of a package
// in some bills of materials: of all its releases, withdrawn ones as well. The records
// themselves stay as they are. It makes vuln/match/testdata/osv:
//
//	go run ./internal/tools/advisories -osv EXPORT -sbom sbom/testdata -o vuln/match/testdata/osv
//
// EXPORT has <ecosystem>/all.zip; what is written has <ecosystem>.zip with the same bytes
// for the same input.
package main

import (
	"archive/zip"
	"compress/flate"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"theriac/sbom"
	"theriac/vuln"
	"theriac/vuln/match"
)

func main() {
	osv := flag.String("osv", "", "folder with <ecosystem>/all.zip")
	sboms := flag.String("sbom", "sbom/testdata", "folder with bills of materials")
	out := flag.String("o", "", "folder to write to")
	flag.Parse()
	if err := run(*osv, *sboms, *out); err != nil {
		fmt.Fprintln(os.Stderr, "advisories:", err)
		os.Exit(2)
	}
}

func run(osv, sboms, out string) error {
	keys, err := named(sboms)
	if err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(osv, "*", "all.zip"))
	if err != nil || len(archives) == 0 {
		return fmt.Errorf("no archives below %s", osv)
	}
	for _, name := range archives {
		ecosystem := filepath.Base(filepath.Dir(name))
		n, err := excerpt(name, filepath.Join(out, ecosystem+".zip"), keys)
		if err != nil {
			return fmt.Errorf("%s: %w", ecosystem, err)
		}
		fmt.Printf("%-12s %d records\n", ecosystem, n)
	}
	return nil
}

// named are the packages that bills of materials name, whatever their release: the
// ecosystem is without it.
func named(dir string) (map[match.Key]bool, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	keys := map[match.Key]bool{}
	for _, file := range files {
		if file.IsDir() || strings.HasSuffix(file.Name(), ".md") {
			continue
		}
		bom, err := read(filepath.Join(dir, file.Name()))
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file.Name(), err)
			continue
		}
		for i := range bom.Components {
			for _, k := range match.Keys(&bom.Components[i]) {
				keys[withoutRelease(k.Ecosystem, k.Name)] = true
			}
		}
	}
	return keys, nil
}

func withoutRelease(ecosystem, name string) match.Key {
	base, _, _ := strings.Cut(ecosystem, ":")
	return match.Key{Ecosystem: base, Name: vuln.Normal(ecosystem, name)}
}

func read(name string) (*sbom.BOM, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sbom.Read(f, sbom.Limits{})
}

// excerpt copies the records that speak of a package, in the order of their names.
func excerpt(from, to string, keys map[match.Key]bool) (int, error) {
	in, err := zip.OpenReader(from)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	f, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	w := zip.NewWriter(f)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	n := 0
	for _, member := range in.File {
		data, err := content(member)
		if err != nil {
			return n, err
		}
		if !speaks(data, keys) {
			continue
		}
		n++
		if err := add(w, member.Name, data); err != nil {
			return n, err
		}
	}
	if err := w.Close(); err != nil {
		return n, err
	}
	if n == 0 {
		return n, os.Remove(to)
	}
	return n, f.Sync()
}

func content(member *zip.File) ([]byte, error) {
	r, err := member.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func add(w *zip.Writer, name string, data []byte) error {
	out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err == nil {
		_, err = out.Write(data)
	}
	return err
}

// speaks reports whether a record names one of the packages.
func speaks(data []byte, keys map[match.Key]bool) bool {
	var record struct {
		Affected []struct {
			Package struct{ Ecosystem, Name string }
			Ranges  []struct{ Repo string }
		}
	}
	if json.Unmarshal(data, &record) != nil {
		return false
	}
	for _, a := range record.Affected {
		if keys[withoutRelease(a.Package.Ecosystem, a.Package.Name)] {
			return true
		}
		for _, r := range a.Ranges {
			if keys[withoutRelease("GIT", vuln.Repository(r.Repo))] {
				return true
			}
		}
	}
	return false
}
