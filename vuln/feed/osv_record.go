package feed

import (
	"slices"
	"strings"
	"time"

	"github.com/ossf/osv-schema/bindings/go/osvschema"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"theriac/vuln"
)

// maxURLs bounds the addresses kept of a record.
const maxURLs = 8

// osvRecord is the record of an OSV document.
func osvRecord(v *osvschema.Vulnerability) *vuln.Record {
	r := &vuln.Record{
		ID:        v.GetId(),
		Source:    "osv",
		Aliases:   v.GetAliases(),
		Related:   v.GetRelated(),
		Upstream:  v.GetUpstream(),
		Summary:   v.GetSummary(),
		Published: timeOf(v.GetPublished()),
		Modified:  timeOf(v.GetModified()),
		Withdrawn: timeOf(v.GetWithdrawn()),
	}
	if r.Summary == "" {
		r.Summary, _, _ = strings.Cut(strings.TrimSpace(v.GetDetails()), "\n")
	}
	database := v.GetDatabaseSpecific()
	r.Severities = osvSeverities(v.GetSeverity(), database)
	r.CWEs = textsOf(database, "cwe_ids")
	for _, a := range v.GetAffected() {
		r.Affected = append(r.Affected, osvAffected(a)...)
		for _, cwe := range weaknesses(a.GetDatabaseSpecific()) {
			if !slices.Contains(r.CWEs, cwe) {
				r.CWEs = append(r.CWEs, cwe)
			}
		}
	}
	passOn(r)
	r.URLs = osvURLs(v)
	return r
}

// passOn moves the CVEs that an errata of AlmaLinux lists as related to those that it
// passes on: it is what they are, and OSV had no word for it when they were made.
func passOn(r *vuln.Record) {
	if !strings.HasPrefix(r.ID, "AL") || len(r.Upstream) > 0 {
		return
	}
	isCVE := func(id string) bool { return strings.HasPrefix(id, "CVE-") }
	for _, id := range r.Related {
		if isCVE(id) {
			r.Upstream = append(r.Upstream, id)
		}
	}
	r.Related = slices.DeleteFunc(slices.Clone(r.Related), isCVE)
}

// timeOf is a time of a document; zero where it says none, or one before there were
// computers (the Go project writes the year 1).
func timeOf(t *timestamppb.Timestamp) time.Time {
	if t == nil || t.GetSeconds() <= 0 || !t.IsValid() {
		return time.Time{}
	}
	return t.AsTime()
}

// osvAffected is what a document says of a package: under its ecosystem, and under
// each repository of which it names commits.
func osvAffected(a *osvschema.Affected) []vuln.Affected {
	p := vuln.Affected{
		Ecosystem:  a.GetPackage().GetEcosystem(),
		Name:       a.GetPackage().GetName(),
		Versions:   a.GetVersions(),
		Severities: osvSeverities(a.GetSeverity(), a.GetDatabaseSpecific(), a.GetEcosystemSpecific()),
		Imports:    osvImports(a.GetEcosystemSpecific()),
	}
	var repositories []vuln.Affected
	for _, r := range a.GetRanges() {
		switch r.GetType() {
		case osvschema.Range_ECOSYSTEM:
			p.Ranges = append(p.Ranges, vuln.Range{Kind: vuln.InEcosystem, Events: osvEvents(r)})
		case osvschema.Range_SEMVER:
			p.Ranges = append(p.Ranges, vuln.Range{Kind: vuln.SemVer, Events: osvEvents(r)})
		case osvschema.Range_GIT:
			repositories = inRepository(repositories, r)
		}
	}
	if everyVersion(p.Ranges) {
		p.Ranges = append(p.Ranges, osvCustom(a.GetEcosystemSpecific())...)
	}
	// Versions of a package in a registry are those of the registry, not tags.
	if p.Ecosystem == "" || p.Ecosystem == "OSS-Fuzz" {
		for i := range repositories {
			repositories[i].Versions = p.Versions
			repositories[i].Severities = p.Severities
		}
	}
	if p.Name == "" || p.Ecosystem == "" {
		return repositories
	}
	return append([]vuln.Affected{p}, repositories...)
}

// osvUnplaced names what a document says of no package and no repository that has a name
// here: nobody can be told of it.
func osvUnplaced(v *osvschema.Vulnerability) (lost []string) {
	for _, a := range v.GetAffected() {
		placed := a.GetPackage().GetName() != "" && a.GetPackage().GetEcosystem() != ""
		for _, r := range a.GetRanges() {
			known := r.GetType() == osvschema.Range_GIT && vuln.Repository(r.GetRepo()) != ""
			if placed = placed || known; r.GetType() == osvschema.Range_GIT && !known {
				lost = append(lost, "range of commits without the address of a repository")
			}
		}
		if !placed {
			lost = append(lost, "affected without package or ecosystem")
		}
	}
	return lost
}

// everyVersion tells whether ranges hold all versions and name no fix.
func everyVersion(list []vuln.Range) bool {
	return len(list) == 1 && len(list[0].Events) == 1 && list[0].Events[0] == vuln.Event{Kind: vuln.Introduced, Version: "0"}
}

// osvCustom are the ranges that the Go project gives of releases which are no versions of
// the module (custom_ranges). The module is affected in all versions all the same; they
// tell which release has the fix.
func osvCustom(s *structpb.Struct) []vuln.Range {
	var list []vuln.Range
	for _, v := range s.GetFields()["custom_ranges"].GetListValue().GetValues() {
		one := v.GetStructValue()
		if textOf(one, "type") != "ECOSYSTEM" {
			continue
		}
		r := vuln.Range{Kind: vuln.InEcosystem}
		for _, event := range one.GetFields()["events"].GetListValue().GetValues() {
			for _, kind := range customEvents {
				if version := textOf(event.GetStructValue(), kind.name); version != "" {
					r.Events = append(r.Events, vuln.Event{Kind: kind.kind, Version: version})
				}
			}
		}
		if len(r.Events) > 0 {
			list = append(list, r)
		}
	}
	return list
}

var customEvents = []struct {
	name string
	kind vuln.EventKind
}{{"introduced", vuln.Introduced}, {"fixed", vuln.Fixed}, {"last_affected", vuln.LastAffected}}

// inRepository adds a range of commits to those of its repository.
func inRepository(list []vuln.Affected, r *osvschema.Range) []vuln.Affected {
	name := vuln.Repository(r.GetRepo())
	if name == "" {
		return list
	}
	commits := vuln.Range{Kind: vuln.InGit, Events: osvEvents(r)}
	for i := range list {
		if list[i].Name == name {
			list[i].Ranges = append(list[i].Ranges, commits)
			return list
		}
	}
	return append(list, vuln.Affected{Ecosystem: "GIT", Name: name, Ranges: []vuln.Range{commits}})
}

// osvEvents are the events of a range in the order of the document.
func osvEvents(r *osvschema.Range) []vuln.Event {
	events := make([]vuln.Event, 0, len(r.GetEvents()))
	add := func(kind vuln.EventKind, version string) {
		if version != "" {
			events = append(events, vuln.Event{Kind: kind, Version: version})
		}
	}
	for _, e := range r.GetEvents() {
		add(vuln.Introduced, e.GetIntroduced())
		add(vuln.Fixed, e.GetFixed())
		add(vuln.LastAffected, e.GetLastAffected())
		add(vuln.Limit, e.GetLimit())
	}
	return events
}

// words are severities as words of different databases.
var words = map[string]string{
	"critical": "critical", "high": "high", "important": "high", "medium": "medium", "moderate": "medium",
	"low": "low", "negligible": "low", "unimportant": "low",
}

// osvSeverities are the vectors of a document, and the word that GHSA, OSS-Fuzz
// (severity) or Debian (urgency) has for it.
func osvSeverities(vectors []*osvschema.Severity, others ...*structpb.Struct) []vuln.Severity {
	var list []vuln.Severity
	for _, s := range vectors {
		switch s.GetType() {
		case osvschema.Severity_CVSS_V2, osvschema.Severity_CVSS_V3, osvschema.Severity_CVSS_V4:
			list = append(list, vuln.Severity{Kind: s.GetType().String(), Value: s.GetScore()})
		default:
			if w := words[strings.ToLower(s.GetScore())]; w != "" {
				list = append(list, vuln.Severity{Kind: "word", Value: w})
			}
		}
	}
	for _, other := range others {
		for _, key := range []string{"severity", "urgency"} {
			if w := words[strings.ToLower(textOf(other, key))]; w != "" {
				list = append(list, vuln.Severity{Kind: "word", Value: w})
			}
		}
	}
	return list
}

// osvImports are the vulnerable packages of a Go module with their symbols, and the
// functions that RustSec names.
func osvImports(s *structpb.Struct) []vuln.Import {
	var list []vuln.Import
	for _, v := range s.GetFields()["imports"].GetListValue().GetValues() {
		one := v.GetStructValue()
		list = append(list, vuln.Import{Path: textOf(one, "path"), Symbols: textsOf(one, "symbols")})
	}
	if functions := textsOf(s.GetFields()["affects"].GetStructValue(), "functions"); len(functions) > 0 {
		list = append(list, vuln.Import{Symbols: functions})
	}
	return list
}

// weaknesses are the CWEs that a database gives for one package.
func weaknesses(s *structpb.Struct) []string {
	var list []string
	for _, v := range s.GetFields()["cwes"].GetListValue().GetValues() {
		if id := textOf(v.GetStructValue(), "cweId"); id != "" {
			list = append(list, id)
		}
	}
	return list
}

// osvURLs are the addresses of a document, the advisory itself first.
func osvURLs(v *osvschema.Vulnerability) []string {
	var list []string
	add := func(url string) {
		if url != "" && len(list) < maxURLs && !slices.Contains(list, url) {
			list = append(list, url)
		}
	}
	add(textOf(v.GetDatabaseSpecific(), "url"))
	for _, first := range []bool{true, false} {
		for _, r := range v.GetReferences() {
			if (r.GetType() == osvschema.Reference_ADVISORY) == first {
				add(r.GetUrl())
			}
		}
	}
	return list
}

func textOf(s *structpb.Struct, key string) string { return s.GetFields()[key].GetStringValue() }

func textsOf(s *structpb.Struct, key string) []string {
	var list []string
	for _, v := range s.GetFields()[key].GetListValue().GetValues() {
		if text := v.GetStringValue(); text != "" {
			list = append(list, text)
		}
	}
	return list
}
