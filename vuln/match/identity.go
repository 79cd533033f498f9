package match

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	packageurl "github.com/package-url/packageurl-go"

	"theriac/sbom"
	"theriac/vuln"
)

// Confidence says on what an identification rests.
type Confidence string

// From the surest to the least sure.
const (
	Exact         Confidence = "exact"          // the package that the advisory names
	SourcePackage Confidence = "source-package" // built from the package that the advisory names
	ByCPE         Confidence = "cpe"            // vendor and product of a CPE name
	ByName        Confidence = "name"           // names of maker and product, as advisories of makers write them
)

// target is a package that a component is looked up as.
type target struct {
	ecosystem  string
	name       string // in normal form
	version    string // in the form of the ecosystem
	arch       string
	binary     string // package that was built from this one; "" where it is itself
	confidence Confidence
}

// identity is what a package URL says.
type identity struct {
	// targets are places to look in. Where exclusive is set, the first that the data know is
	// the right one; else all are.
	targets   []target
	exclusive bool
	cause     Cause  // why there are none
	problem   string // the same in words
	apart     string // why it is no software that runs
	distro    bool   // its versions have changes of a distribution
	sourced   bool   // it names the package that it was built from
	unsourced bool   // it could, and does not
	namespace string
}

// registries are the types of package URLs whose packages have one name space all over
// the world: the ecosystem, and what stands between name space and name.
var registries = map[string]struct{ ecosystem, between string }{
	"npm": {"npm", "/"}, "pypi": {"PyPI", "/"}, "maven": {"Maven", ":"}, "nuget": {"NuGet", "/"}, "gem": {"RubyGems", "/"},
	"composer": {"Packagist", "/"}, "cargo": {"crates.io", "/"}, "hex": {"Hex", "/"}, "pub": {"Pub", "/"}, "swift": {"SwiftURL", "/"},
	"cran": {"CRAN", "/"}, "hackage": {"Hackage", "/"}, "githubactions": {"GitHub Actions", "/"}, "bitnami": {"Bitnami", "/"},
	"julia": {"Julia", "/"}, "bioconductor": {"Bioconductor", "/"}, "vscode-extension": {"VSCode", "/"},
}

// identify says where a component is looked up. It goes by the package URL alone, never by
// the name of the component; its version counts where the package URL has none.
func identify(c *sbom.Component) identity {
	if strings.TrimSpace(c.PURL) == "" {
		return identity{cause: NoIdentity, problem: "no package URL"}
	}
	p, err := packageurl.FromString(strings.TrimSpace(c.PURL))
	if err != nil {
		return identity{cause: Unreadable, problem: "the package URL cannot be read: " + err.Error()}
	}
	if p.Version == "" {
		p.Version = strings.TrimSpace(c.Version)
	}
	q := p.Qualifiers.Map()
	var id identity
	switch p.Type {
	case "golang":
		id = golang(p)
	case "deb":
		id = debian(p, q)
	case "apk":
		id = alpine(p, q)
	case "alpine": // as tools wrote it before there was apk
		if p.Namespace == "" {
			p.Namespace = "alpine"
		}
		id = alpine(p, q)
	case "rpm":
		id = rpm(p, q)
	case "conan": // user and channel are no part of the name in ConanCenter
		id = only("ConanCenter", p.Name, p.Version)
	case "github", "gitlab", "bitbucket":
		id = hosted(p)
	case "generic":
		id = generic(p, q)
	default:
		r, known := registries[p.Type]
		if !known {
			id = identity{cause: NoData, problem: "no data are about package URLs of type " + p.Type}
			break
		}
		name := p.Name
		if p.Namespace != "" {
			name = p.Namespace + r.between + p.Name
		}
		id = only(r.ecosystem, name, p.Version)
	}
	id.namespace = p.Namespace
	if len(id.targets) == 0 && id.cause == NoData && q["vcs_url"] != "" {
		return generic(p, q)
	}
	return id
}

// only is the identity of a package with one name.
func only(ecosystem, name, version string) identity {
	return identity{targets: []target{{ecosystem: ecosystem, name: vuln.Normal(ecosystem, name), version: version, confidence: Exact}}}
}

// majorVersion is the end of the path of a Go module from its second major version on.
var majorVersion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^v[0-9]+$`) })

// golang identifies a Go module. Paths are compared without case. The subpath is part
// of the path of the module: tools put there what follows the third element. Only where the
// data do not know such a module, and the subpath is no major version, it is taken as
// a package inside the module, as the specification of package URLs has it.
func golang(p packageurl.PackageURL) identity {
	path := p.Name
	if p.Namespace != "" {
		path = p.Namespace + "/" + p.Name
	}
	if p.Subpath == "" && (path == "stdlib" || path == "std") {
		return only("Go", "stdlib", strings.TrimPrefix(p.Version, "go"))
	}
	id := only("Go", path, p.Version)
	if p.Subpath == "" {
		return id
	}
	whole := only("Go", path+"/"+p.Subpath, p.Version)
	if majorVersion().MatchString(p.Subpath) {
		return whole
	}
	return identity{targets: append(whole.targets, id.targets...), exclusive: true}
}

// hosted identifies a repository at a host of repositories.
func hosted(p packageurl.PackageURL) identity {
	host := map[string]string{"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}[p.Type]
	return only("GIT", vuln.Repository("https://"+host+"/"+p.Namespace+"/"+p.Name), p.Version)
}

// generic identifies what has an address of a repository, with a revision or not. The
// name alone says nothing: anybody may call anything so.
func generic(p packageurl.PackageURL, q map[string]string) identity {
	repository := vuln.Repository(q["vcs_url"])
	if repository == "" {
		return identity{cause: NoData, problem: "a package URL of type " + p.Type + " says nothing that data go by, unless it has a vcs_url"}
	}
	return only("GIT", repository, revision(q["vcs_url"], p.Version))
}

// revision is the revision that an address of a repository ends with, else the version.
func revision(address, version string) string {
	if _, path, ok := strings.Cut(address, "://"); ok {
		if _, rev, ok := strings.Cut(path[strings.LastIndexByte(path, '/')+1:], "@"); ok && rev != "" {
			rev, _, _ = strings.Cut(rev, "#")
			return rev
		}
	}
	return version
}

// Key is a name under which a component is looked up.
type Key struct{ Ecosystem, Name string }

// Keys are all names under which a component may be looked up, in order: when entries of
// none of them changed, nothing changed for the component.
func Keys(c *sbom.Component) []Key {
	var list []Key
	add := func(ecosystem, name string) {
		if k := (Key{ecosystem, name}); name != "" && !slices.Contains(list, k) {
			list = append(list, k)
		}
	}
	id := identify(c)
	for _, t := range id.targets {
		add(t.ecosystem, t.name)
	}
	if id.distro {
		return list
	}
	for _, link := range c.Links {
		if link.Kind == "vcs" && revision(link.URL, "") != "" {
			add("GIT", vuln.Repository(link.URL))
		}
	}
	for _, text := range c.CPEs {
		if name, err := parseCPE(text); err == nil {
			add("CPE", name.product)
		}
	}
	for _, maker := range []string{c.Manufacturer, c.Supplier} {
		if maker != "" {
			add("Product", vuln.NormalProduct(maker, c.Name))
		}
	}
	return list
}
