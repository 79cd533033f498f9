package inventory

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"theriac/sbom"
)

// Manifest reads a list that a build system left behind, in the form that its content
// shows: license.manifest, NAME.manifest and the result of cve-check of Yocto; the
// output of show-info and manifest.csv of legal-info of Buildroot. What create-spdx of
// Yocto writes is SPDX, which sbom.Read reads.
func Manifest(r io.Reader, name string) (*sbom.BOM, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(4 << 10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, reason(err)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	var l *list
	err = nil
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		l, err = jsonManifest(in)
	case bytes.HasPrefix(text, []byte("PACKAGE NAME:")):
		l = newList("Yocto license.manifest")
		l.yoctoLicences(in, name)
	case isLegalInfo(text):
		l = newList("Buildroot legal-info")
		err = l.legalInfo(in, name)
	case isImageManifest(text):
		l = newList("Yocto image manifest")
		l.yoctoImage(in, name)
	default:
		return nil, errNothing
	}
	if err != nil {
		return nil, err
	}
	if len(l.bom.Components) == 0 {
		l.lost(0, "%s lists no package", name)
	}
	return l.finish(), nil
}

// yoctoLicences reads license.manifest: blocks with package, version, recipe and licence.
func (l *list) yoctoLicences(r io.Reader, name string) {
	l.stanzas(r, name, func(s *stanza) {
		pkg := s.field("PACKAGE NAME")
		if pkg == "" {
			l.lost(s.line, "%s: a package has no name; it is left out", name)
			return
		}
		c := sbom.Component{Ref: "package:" + pkg, Type: "library", Name: pkg, Version: s.field("PACKAGE VERSION"), Parent: -1, Line: s.line}
		if licence := s.field("LICENSE"); licence != "" {
			c.Licences = []string{yoctoExpression(licence)}
		}
		if recipe := s.field("RECIPE NAME"); recipe != "" {
			c.Properties = []sbom.Property{{Name: "theriac:yocto:recipe", Value: recipe}}
		}
		l.add(c)
	})
}

// yoctoExpression writes AND and OR as SPDX does.
func yoctoExpression(s string) string {
	s = strings.NewReplacer("&", " AND ", "|", " OR ").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// isImageManifest reports whether the first line has three words that could be
// package, architecture and version.
func isImageManifest(head []byte) bool {
	line, _, _ := strings.Cut(string(head), "\n")
	words := strings.Fields(line)
	if len(words) != 3 || !strings.ContainsAny(words[2], "0123456789") {
		return false
	}
	return strings.Trim(words[0], "abcdefghijklmnopqrstuvwxyz0123456789+.-_") == "" && strings.Trim(words[1], "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// yoctoImage reads the manifest beside an image: package, architecture and version.
func (l *list) yoctoImage(r io.Reader, name string) {
	l.readLines(r, name, func(n int, text string) {
		words := strings.Fields(text)
		switch {
		case len(words) == 0:
		case len(words) != 3:
			l.lost(n, "%s: the line is not package, architecture and version", name)
		default:
			l.add(sbom.Component{
				Ref: "package:" + words[0], Type: "library", Name: clipValue(words[0]), Version: clipValue(words[2]), Parent: -1, Line: n,
				Properties: []sbom.Property{{Name: "theriac:yocto:architecture", Value: clipValue(words[1])}},
			})
		}
	})
}

// jsonManifest reads the result of cve-check, or the output of show-info.
func jsonManifest(r io.Reader) (*list, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxJSON+1))
	switch {
	case err != nil:
		return nil, reason(err)
	case len(data) > maxJSON:
		return nil, fmt.Errorf("it is larger than %d bytes", maxJSON)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, fmt.Errorf("it is no JSON object: %w", err)
	}
	if packages, there := members["package"]; there && members["version"] != nil {
		l := newList("Yocto cve-check")
		return l, l.cveCheck(packages)
	}
	l := newList("Buildroot show-info")
	if !l.showInfo(members) {
		return nil, errNothing
	}
	return l, nil
}

// cvePackage is a recipe in the result of cve-check.
type cvePackage struct {
	Name     string `json:"name"`
	Layer    string `json:"layer"`
	Version  string `json:"version"`
	Products []struct {
		Product string `json:"product"`
	} `json:"products"`
	Issues []struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	} `json:"issue"`
}

// cveCheck reads the recipes of cve-check. Products are those under which the feeds
// know a recipe; what the build says of vulnerabilities (patched, ignored) is kept as
// a property, and is the statement of nobody yet.
func (l *list) cveCheck(text json.RawMessage) error {
	var packages []json.RawMessage
	if err := json.Unmarshal(text, &packages); err != nil {
		return fmt.Errorf("its packages are no list: %w", err)
	}
	for i, raw := range packages {
		var p cvePackage
		if err := json.Unmarshal(raw, &p); err != nil || p.Name == "" {
			l.lost(0, "package %d is not understood; it is left out", i+1)
			continue
		}
		version := strings.SplitN(p.Version, "+git", 2)[0]
		c := sbom.Component{Ref: "recipe:" + p.Name, Type: "library", Name: p.Name, Version: p.Version, Parent: -1}
		for _, product := range p.Products {
			if cpe := anyVendor(product.Product, version); cpe != "" && !slices.Contains(c.CPEs, cpe) {
				c.CPEs = append(c.CPEs, cpe)
			}
		}
		if p.Layer != "" {
			c.Properties = append(c.Properties, sbom.Property{Name: "theriac:yocto:layer", Value: p.Layer})
		}
		states := map[string][]string{}
		for _, issue := range p.Issues {
			if status := strings.ToLower(issue.Status); status == "patched" || status == "ignored" {
				states[status] = append(states[status], issue.ID)
			}
		}
		for _, status := range slices.Sorted(maps.Keys(states)) {
			slices.Sort(states[status])
			c.Properties = append(c.Properties, sbom.Property{Name: "theriac:yocto:" + status, Value: strings.Join(states[status], " ")})
		}
		l.add(c)
	}
	return nil
}

// anyVendor is the CPE of a product whose vendor is not known, or is before a colon.
func anyVendor(product, version string) string {
	vendor, name, found := strings.Cut(product, ":")
	if !found {
		vendor, name = "*", product
	}
	if name == "" || version == "" || vendor == "" {
		return ""
	}
	if vendor != "*" {
		vendor = cpeText(vendor)
	}
	return strings.Join([]string{"cpe:2.3:a", vendor, cpeText(name), cpeText(version), "*:*:*:*:*:*:*"}, ":")
}

// cpeText writes a value of a CPE as a formatted string (NISTIR 7695 clause 6.2):
// what is no letter, digit, underscore, hyphen or dot has a backslash before it.
func cpeText(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r < ' ' || r > '~' {
			continue
		}
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.", r)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// buildrootPackage is an entry of show-info.
type buildrootPackage struct {
	Type         string   `json:"type"` // target, host, rootfs
	Virtual      bool     `json:"virtual"`
	Version      string   `json:"version"`
	Licences     string   `json:"licenses"`
	CPE          string   `json:"cpe-id"`
	Ignored      []string `json:"ignore_cves"`
	Dependencies []string `json:"dependencies"`
	Downloads    []struct {
		Source string   `json:"source"`
		URIs   []string `json:"uris"`
	} `json:"downloads"`
}

// showInfo reads the output of `make show-info`. Packages of the host are tools of
// the build: they are not on the device, and are listed as excluded.
func (l *list) showInfo(members map[string]json.RawMessage) bool {
	packages := map[string]buildrootPackage{}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		var p buildrootPackage
		if err := json.Unmarshal(members[name], &p); err != nil || !slices.Contains([]string{"target", "host", "rootfs", "toolchain"}, p.Type) {
			l.lost(0, "the entry %q is no package as show-info has it; it is left out", clip(name))
			continue
		}
		packages[name] = p
	}
	virtual := 0
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		switch p := packages[name]; {
		case p.Virtual:
			virtual++
		case p.Type == "rootfs":
		default:
			l.buildroot(name, p, packages)
		}
	}
	if virtual > 0 {
		l.problem(0, "%d packages are virtual: others stand for them, and these are listed", virtual)
	}
	return len(packages) > 0
}

func (l *list) buildroot(name string, p buildrootPackage, all map[string]buildrootPackage) {
	c := sbom.Component{Ref: "package:" + name, Type: "library", Name: strings.TrimPrefix(name, "host-"), Version: p.Version, Parent: -1}
	if p.Type == "host" {
		c.Scope = "excluded"
	}
	if p.CPE != "" {
		c.CPEs = []string{p.CPE}
	}
	if p.Licences != "" {
		c.Licences = []string{p.Licences}
	}
	if len(p.Ignored) > 0 {
		c.Properties = []sbom.Property{{Name: "theriac:buildroot:ignored", Value: strings.Join(slices.Sorted(slices.Values(p.Ignored)), " ")}}
	}
	for _, d := range p.Downloads {
		for _, uri := range d.URIs {
			if address := download(uri, d.Source); address != "" {
				c.Links = append(c.Links, sbom.Link{Kind: "distribution", URL: address})
				break
			}
		}
	}
	if l.add(c) < 0 {
		return
	}
	l.provide(name, c.Ref)
	var names [][]string
	for _, d := range p.Dependencies {
		if all[d].Virtual {
			names = append(names, all[d].Dependencies) // who stands for it
			continue
		}
		names = append(names, []string{d})
	}
	l.wanted = append(l.wanted, want{c.Ref, names})
}

// download is the address of a source archive: "https+https://host/dir" and its file.
func download(uri, source string) string {
	if _, plain, found := strings.Cut(uri, "+"); found && strings.Contains(plain, "://") {
		uri = plain
	}
	if !strings.HasPrefix(uri, "https://") && !strings.HasPrefix(uri, "http://") {
		return ""
	}
	return strings.TrimSuffix(uri, "/") + "/" + source
}

// isLegalInfo reports whether a table begins with the columns of legal-info.
func isLegalInfo(head []byte) bool {
	line, _, _ := strings.Cut(string(head), "\n")
	return strings.HasPrefix(strings.ReplaceAll(line, `"`, ""), "PACKAGE,VERSION,LICENSE")
}

// legalInfo reads manifest.csv of `make legal-info`.
func (l *list) legalInfo(r io.Reader, name string) error {
	in := csv.NewReader(io.LimitReader(r, maxText))
	in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = -1, true, true
	columns := map[string]int{}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			l.lost(0, "%s cannot be read further: %v", name, err)
			return nil
		}
		line, _ := in.FieldPos(0)
		if len(columns) == 0 {
			for i, title := range row {
				columns[strings.TrimPrefix(title, "\ufeff")] = i
			}
			continue
		}
		l.legalRow(row, columns, line, name)
	}
}

func (l *list) legalRow(row []string, columns map[string]int, line int, file string) {
	value := func(title string) string {
		if i, there := columns[title]; there && i < len(row) && row[i] != "not saved" && row[i] != "unknown" {
			return clipValue(strings.TrimSpace(row[i]))
		}
		return ""
	}
	name := value("PACKAGE")
	if name == "" {
		l.lost(line, "%s: a package has no name; it is left out", file)
		return
	}
	c := sbom.Component{Ref: "package:" + name, Type: "library", Name: name, Version: value("VERSION"), Parent: -1, Line: line}
	if licence := value("LICENSE"); licence != "" {
		c.Licences = []string{licence}
	}
	if site, archive := value("SOURCE SITE"), value("SOURCE ARCHIVE"); archive != "" {
		if address := download(site, archive); address != "" {
			c.Links = []sbom.Link{{Kind: "distribution", URL: address}}
		}
	}
	l.add(c)
}
