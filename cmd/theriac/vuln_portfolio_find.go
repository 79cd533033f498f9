package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"theriac/model"
	"theriac/sbom"
	"theriac/triage"
	"theriac/vuln/portfolio"
)

// usualBills are the names that tools give to bills of materials.
var usualBills = []string{"*.cdx.json", "*.cdx.xml", "*.spdx", "*.spdx.json", "*.spdx3.json", "bom.json", "bom.xml", "sbom.json"}

// Limits of a search for products.
const (
	maxPortfolioDepth = 12
	maxPortfolioBills = 100_000
)

// portfolioSearch collects what is to be scanned.
type portfolioSearch struct {
	ctx      context.Context
	day      model.Date
	patterns []string
	sources  []portfolio.Source
	gaps     []string
}

// portfolioSources are the bills of all releases that are out, and other bills. Gaps
// name products of which there is none.
func portfolioSources(ctx context.Context, args, patterns []string, day model.Date) ([]portfolio.Source, []string, error) {
	if len(patterns) == 0 {
		patterns = usualBills
	}
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil {
			return nil, nil, fmt.Errorf("--sbom: %q is no pattern", p)
		}
	}
	s := portfolioSearch{ctx: ctx, day: day, patterns: patterns}
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			return nil, nil, err
		case info.IsDir():
			err = s.folder(arg)
		default:
			err = s.bill(arg, filepath.Base(arg))
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if len(s.sources) == 0 {
		return nil, nil, errors.New("there is no release in the field and no bill of materials in what was named")
	}
	return s.sources, s.gaps, nil
}

// folder looks for security files and bills below a folder. What lies in the folder of
// a security file belongs to it. Symbolic links are not followed.
func (s *portfolioSearch) folder(top string) error {
	return filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := s.ctx.Err(); err != nil {
			return err
		}
		below, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		shown := filepath.ToSlash(below)
		switch {
		case !entry.IsDir():
			if entry.Type().IsRegular() && s.usual(entry.Name()) {
				return s.bill(name, shown)
			}
			return nil
		case below != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case strings.Count(shown, "/") >= maxPortfolioDepth:
			return fmt.Errorf("%s lies deeper than %d folders", shown, maxPortfolioDepth)
		}
		if info, err := os.Lstat(filepath.Join(name, model.RootFile)); err != nil || !info.Mode().IsRegular() {
			return nil
		}
		if err := s.product(name); err != nil {
			return err
		}
		return fs.SkipDir
	})
}

func (s *portfolioSearch) usual(name string) bool {
	for _, p := range s.patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}

func (s *portfolioSearch) add(one portfolio.Source) error {
	if len(s.sources) >= maxPortfolioBills {
		return fmt.Errorf("there are more than %d bills of materials", maxPortfolioBills)
	}
	s.sources = append(s.sources, one)
	return nil
}

// bill adds a bill of no security file.
func (s *portfolioSearch) bill(name, shown string) error {
	return s.add(portfolio.Source{Product: shown, SBOM: path.Base(shown), Open: func() (*sbom.BOM, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, cause(err)
		}
		defer f.Close()
		return sbom.Read(f, sbom.Limits{})
	}})
}

// cause is an error of the system without the path of the machine.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// product adds the releases of a security file that are out.
func (s *portfolioSearch) product(dir string) error {
	file, _, err := load(s.ctx, []string{dir})
	if err != nil {
		return err
	}
	judge := triage.NewJudge(file, s.day)
	out := 0
	for _, r := range byDate(file.Releases) {
		if r.Date.IsZero() || s.day.Before(r.Date) {
			continue
		}
		out++
		err := s.add(portfolio.Source{Product: file.Product.Name, Release: r.Version, SBOM: path.Clean(r.SBOM.Path), Judge: judge, Open: func() (*sbom.BOM, error) {
			if r.SBOM.Path == "" {
				return nil, errors.New("the release names no bill of materials (sbom)")
			}
			in, err := readRelease(file, dir, r)
			if err != nil {
				return nil, cause(err)
			}
			return in.bom, nil
		}})
		if err != nil {
			return err
		}
	}
	if out == 0 {
		s.gaps = append(s.gaps, fmt.Sprintf("%s has no release that is out on %s", file.Product.Name, s.day))
	}
	return nil
}
