package match

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"theriac/sbom"
	"theriac/vuln"
)

// Lifecycles are the known release cycles of products. Where what is given to Match as
// advisories has them, Result.Support is filled.
type Lifecycles interface {
	HasCycles() bool // of any product
	Cycles(product string) ([]vuln.Cycle, error)
	Products(id string) ([]string, error) // that go by a package URL or CPE name
}

// Support is the release cycle that components belong to.
type Support struct {
	Components []Supported // in order
	Product    string
	Title      string // of the product
	Cycle      string
	End        string // last day of support, YYYY-MM-DD; "" where none is known
	Ended      bool   // it ended on a day that is not known
	Latest     string // newest version of the cycle
	By         Confidence
}

// Supported is a component of a cycle.
type Supported struct {
	Component int
	PURL      string // as written
	Name      string
	Version   string
	Line      int
}

// Until is the end as triage compares it: the day, "ended", or "" where it is not known.
func (s *Support) Until() string {
	if s.End == "" && s.Ended {
		return "ended"
	}
	return s.End
}

// Over reports whether support ended before a day, YYYY-MM-DD.
func (s *Support) Over(day string) bool { return s.Ended || s.End != "" && s.End < day }

// supports finds the release cycle of each component. Packages of a distribution are
// supported as long as its release is; what their makers support is another question.
func supports(bom *sbom.BOM, data Lifecycles) ([]Support, error) {
	if !data.HasCycles() {
		return nil, nil
	}
	l := lifecycles{data: data, cycles: map[string][]vuln.Cycle{}, index: map[string]int{}}
	for i := range bom.Components {
		if err := l.component(i, &bom.Components[i]); err != nil {
			return nil, err
		}
	}
	return l.list, nil
}

type lifecycles struct {
	data   Lifecycles
	cycles map[string][]vuln.Cycle
	list   []Support
	index  map[string]int // in list, by product, cycle and confidence
}

// named is a product with a version of it.
type named struct {
	product, version string
	by               Confidence
}

func (l *lifecycles) component(i int, c *sbom.Component) error {
	candidates, err := l.candidates(c)
	if err != nil {
		return err
	}
	for _, n := range candidates {
		cycle, err := l.cycle(n)
		if err != nil {
			return err
		}
		if cycle != nil {
			l.add(Supported{i, c.PURL, c.Name, c.Version, c.Line}, cycle, n.by)
			return nil
		}
	}
	return nil
}

// candidates are the products that a component may be, the surest first.
func (l *lifecycles) candidates(c *sbom.Component) ([]named, error) {
	version := strings.TrimSpace(c.Version)
	var list []named
	if p, err := packageurl.FromString(strings.TrimSpace(c.PURL)); err == nil {
		if product, release := distribution(p); product != "" {
			return []named{{product, release, Exact}}, nil
		}
		if slices.Contains([]string{"deb", "apk", "rpm", "alpine"}, p.Type) {
			return nil, nil
		}
		written, _, _ := strings.Cut(strings.TrimSpace(c.PURL), "?")
		written, _, _ = strings.Cut(written, "#")
		if at := strings.LastIndexByte(written, '@'); at > strings.LastIndexByte(written, '/') {
			written = written[:at]
		}
		own := cmp.Or(p.Version, version)
		p.Version, p.Qualifiers, p.Subpath = "", nil, ""
		if list, err = l.byIDs(own, Exact, p.ToString(), written); err != nil {
			return nil, err
		}
	}
	for _, text := range c.CPEs[:min(len(c.CPEs), maxCPEs)] {
		name, err := parseCPE(text)
		if err != nil {
			continue // the scan itself tells it
		}
		part := strings.ReplaceAll(name.name.GetString("part"), `\`, "") + ":" + name.product
		some, err := l.byIDs(cmp.Or(strings.Trim(name.version, noVersion), version), ByCPE, "cpe:2.3:"+part, "cpe:/"+part)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	if strings.EqualFold(c.Type, "operating-system") {
		list = append(list, named{strings.ToLower(strings.TrimSpace(c.Name)), version, ByName})
	}
	return list, nil
}

func (l *lifecycles) byIDs(version string, by Confidence, ids ...string) ([]named, error) {
	var list []named
	var all error
	for _, id := range slices.Compact(ids) {
		products, err := l.data.Products(id)
		all = errors.Join(all, err)
		for _, p := range products {
			list = append(list, named{p, version, by})
		}
	}
	return list, all
}

// distributions are the products that the releases of distributions are, by type and name
// space of their package URLs, and how many numbers name a release.
var distributions = map[string]struct {
	product, prefix string
	names           map[string]string
	numbers         int
}{
	"deb/debian": {"debian", "debian", debianNames, 1}, "deb/ubuntu": {"ubuntu", "ubuntu", ubuntuNames, 2}, "apk/alpine": {"alpine-linux", "alpine", nil, 2},
	"rpm/almalinux": {"almalinux", "almalinux", nil, 1}, "rpm/rocky": {"rocky-linux", "rocky", nil, 1}, "rpm/redhat": {"rhel", "rhel", nil, 1},
}

// distribution is the distribution of a package and its release.
func distribution(p packageurl.PackageURL) (product, number string) {
	kind, namespace := p.Type, p.Namespace
	if kind == "alpine" {
		kind, namespace = "apk", "alpine"
	}
	d, known := distributions[kind+"/"+namespace]
	if !known {
		return "", ""
	}
	number = release(p.Qualifiers.Map()["distro"], d.prefix, d.names)
	if number == "" {
		return "", ""
	}
	return d.product, parts(number, d.numbers)
}

// cycle is the cycle of a product that a version belongs to: the longest name with which
// the version begins; nil where there is none.
func (l *lifecycles) cycle(n named) (*vuln.Cycle, error) {
	version := strings.TrimPrefix(n.version, "v")
	if version == "" || n.product == "" {
		return nil, nil
	}
	all, asked := l.cycles[n.product]
	if !asked {
		var err error
		if all, err = l.data.Cycles(n.product); err != nil {
			return nil, err
		}
		l.cycles[n.product] = all
	}
	var best *vuln.Cycle
	for i := range all {
		if begunBy(version, all[i].Name) && (best == nil || len(all[i].Name) > len(best.Name)) {
			best = &all[i]
		}
	}
	return best, nil
}

// begunBy reports whether a version is one of a cycle: 1.0.1f of 1.0.1, not 1.10 of 1.1.
func begunBy(version, cycle string) bool {
	rest, ok := strings.CutPrefix(version, cycle)
	return ok && cycle != "" && (rest == "" || rest[0] < '0' || rest[0] > '9')
}

func (l *lifecycles) add(component Supported, c *vuln.Cycle, by Confidence) {
	key := strings.Join([]string{c.Product, c.Name, string(by)}, "\x00")
	at, known := l.index[key]
	if !known {
		at = len(l.list)
		l.index[key] = at
		l.list = append(l.list, Support{Product: c.Product, Title: cmp.Or(c.Title, c.Product), Cycle: c.Name, End: c.End, Ended: c.Ended, Latest: c.Latest, By: by})
	}
	l.list[at].Components = append(l.list[at].Components, component)
}
