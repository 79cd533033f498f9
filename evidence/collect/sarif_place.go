package collect

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// sarifPaths shows the places of a run without those of the machine: absolute
// paths are cut to what comes after the folder that all of them share, so that
// no two files become one.
type sarifPaths struct {
	artifacts []*sarif.Artifact
	base      string // ends in a slash; "" when no path is absolute
}

func newSARIFPaths(run *sarifRun) *sarifPaths {
	p := &sarifPaths{artifacts: run.Artifacts}
	for _, a := range run.Artifacts {
		if a != nil {
			p.widen(p.path(a.Location))
		}
	}
	for _, r := range run.Results {
		if r == nil || len(r.Locations) == 0 || r.Locations[0] == nil || r.Locations[0].PhysicalLocation == nil {
			continue
		}
		p.widen(p.path(r.Locations[0].PhysicalLocation.ArtifactLocation))
	}
	return p
}

// widen shortens the base until it holds an absolute path as well.
func (p *sarifPaths) widen(file string) {
	if !strings.HasPrefix(file, "/") {
		return
	}
	if p.base == "" {
		p.base = folderOf(file)
	}
	for !strings.HasPrefix(file, p.base) {
		p.base = folderOf(strings.TrimSuffix(p.base, "/"))
	}
}

func folderOf(file string) string { return strings.TrimSuffix(path.Dir(file), "/") + "/" }

// path is the path of a file, by its URI or by its index in the run; absolute
// ones begin with a slash.
func (p *sarifPaths) path(a *sarif.ArtifactLocation) string {
	if a == nil {
		return ""
	}
	uri := text(a.URI)
	if uri == "" && a.Index >= 0 && a.Index < len(p.artifacts) {
		if artifact := p.artifacts[a.Index]; artifact != nil && artifact.Location != nil {
			uri = text(artifact.Location.URI)
		}
	}
	if isWeb(uri) {
		return uri
	}
	if plain, err := url.PathUnescape(uri); err == nil {
		uri = plain
	}
	uri = strings.ReplaceAll(strings.TrimPrefix(uri, "file://"), `\`, "/")
	if len(uri) > 1 && uri[1] == ':' { // a drive
		uri = "/" + uri
	}
	return strings.TrimPrefix(uri, "./")
}

func isWeb(uri string) bool {
	return strings.HasPrefix(uri, "http://") || strings.HasPrefix(uri, "https://")
}

// place is the file and line of the first location, or what it is called.
func (p *sarifPaths) place(locations []*sarif.Location) string {
	if len(locations) == 0 || locations[0] == nil {
		return ""
	}
	l := locations[0]
	if at := p.physical(l.PhysicalLocation); at != "" {
		return clean(at)
	}
	for _, logical := range l.LogicalLocations {
		if name := logicalName(logical); name != "" {
			return clean(name)
		}
	}
	return ""
}

func (p *sarifPaths) physical(l *sarif.PhysicalLocation) string {
	if l == nil {
		return ""
	}
	file := p.path(l.ArtifactLocation)
	if p.base != "" {
		file = strings.TrimPrefix(file, p.base)
	}
	if file == "" || l.Region == nil || l.Region.StartLine == nil {
		return file
	}
	return file + ":" + strconv.Itoa(*l.Region.StartLine)
}

func logicalName(l *sarif.LogicalLocation) string {
	if l == nil {
		return ""
	}
	if name := text(l.FullyQualifiedName); name != "" {
		return name
	}
	return text(l.Name)
}

// onNetwork tells whether a result speaks of what was seen on the network.
func onNetwork(r *sarifResult) bool {
	if r.WebRequest != nil || r.WebResponse != nil {
		return true
	}
	for _, l := range r.Locations {
		if l != nil && l.PhysicalLocation != nil && l.PhysicalLocation.ArtifactLocation != nil && isWeb(text(l.PhysicalLocation.ArtifactLocation.URI)) {
			return true
		}
	}
	return false
}
