package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
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
	all      bool // withdrawn releases as well
	sources  []portfolio.Source
	gaps     []string
	leftOut  []portfolio.LeftOut
	ages     map[model.Duration][]string // products by how old data may be for them; zero where nobody says
}

// portfolioSources are the bills of all releases in the field, and other bills. Gaps name
// products of which there is none.
func portfolioSources(ctx context.Context, args []string, flags vulnPortfolioFlags, day model.Date) (*portfolioSearch, error) {
	patterns := flags.sboms
	if len(patterns) == 0 {
		patterns = usualBills
	}
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil {
			return nil, fmt.Errorf("--sbom: %q is no pattern", p)
		}
	}
	s := &portfolioSearch{ctx: ctx, day: day, patterns: patterns, all: flags.all, ages: map[model.Duration][]string{}}
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			err = s.folder(arg)
		default:
			err = s.bill(arg, filepath.Base(arg))
		}
		if err != nil {
			return nil, err
		}
	}
	if len(s.sources) == 0 {
		return nil, errors.New("there is no release in the field and no bill of materials in what was named")
	}
	return s, nil
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
	s.ages[model.Duration{}] = append(s.ages[model.Duration{}], shown)
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

// product adds the releases of a security file that are in the field.
func (s *portfolioSearch) product(dir string) error {
	file, _, err := load(s.ctx, []string{dir})
	if err != nil {
		return err
	}
	judge, limits := triage.NewJudge(file, s.day), triage.LimitsOf(file)
	used, before := 0, len(s.sources)
	for _, r := range byDate(file.Releases) {
		at := r.Standing(s.day)
		if at.State.InUse() {
			used++
		} else if reason := notInField(at); !s.all || at.State != model.Withdrawn {
			s.leftOut = append(s.leftOut, portfolio.LeftOut{Product: file.Product.Name, Release: r.Version, Reason: reason})
			continue
		}
		one := portfolio.Source{Product: file.Product.Name, Release: r.Version, SBOM: path.Clean(r.SBOM.Path), Judge: judge, Limits: limits, Field: standingOf(at)}
		one.Open = func() (*sbom.BOM, error) {
			if r.SBOM.Path == "" {
				return nil, errors.New("the release names no bill of materials (sbom)")
			}
			in, err := readRelease(file, dir, r)
			if err != nil {
				return nil, cause(err)
			}
			return in.bom, nil
		}
		if err := s.add(one); err != nil {
			return err
		}
	}
	if v := file.VulnerabilityHandling; len(s.sources) > before {
		var age model.Duration
		if v != nil {
			age = v.MaxDataAge
		}
		s.ages[age] = append(s.ages[age], file.Product.Name)
	}
	if used == 0 {
		s.gaps = append(s.gaps, fmt.Sprintf("%s has no release in the field on %s", file.Product.Name, s.day))
	}
	return nil
}

// limits are how old data may be, from the shortest on: for all alike where the flag says
// so, else what each security file says, or a week.
func (s *portfolioSearch) limits(flag string) ([]ageLimit, error) {
	if flag != "" {
		limit, err := maxDataAge(flag, &scanInput{})
		return []ageLimit{{limit, nil}}, err
	}
	week, err := maxDataAge("", &scanInput{})
	if err != nil {
		return nil, err
	}
	by := map[model.Duration][]string{}
	for age, products := range s.ages {
		if age.IsZero() {
			age = week
		}
		by[age] = append(by[age], products...)
	}
	var list []ageLimit
	for age, products := range by {
		slices.Sort(products)
		list = append(list, ageLimit{age, slices.Compact(products)})
	}
	slices.SortFunc(list, func(a, b ageLimit) int {
		return cmp.Or(cmp.Compare(a.limit.Span(), b.limit.Span()), cmp.Compare(a.limit.String(), b.limit.String()))
	})
	return list, nil
}

// notInField is why a release is not looked at.
func notInField(at model.Standing) string {
	switch {
	case at.State == model.Withdrawn:
		return "withdrawn since " + at.By.Withdrawn.String()
	case at.Since.IsZero():
		return "no day states that it is out"
	}
	return "not out before " + at.Since.String()
}

// standingOf is how a release stands, as the state of a portfolio keeps it.
func standingOf(at model.Standing) portfolio.Field {
	f := portfolio.Field{State: string(at.State), Since: at.Since.String()}
	if at.By != nil {
		f.Until, f.Units = at.By.SupportUntil.String(), max(0, at.By.Units)
	}
	return f
}
