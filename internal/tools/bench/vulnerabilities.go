package main

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"theriac/internal/synthetic"
)

// The day on which the data are judged: that of the recorded advisories.
const vulnerabilityDay = "2026-08-23"

const scannerVersion = "2.4.0"

// least is the number of components from which on a bill is measured.
const least = 100

// scanner is the peer: it reads the same archives, offline. Version 2.5.0 looks packages
// up by their bare names, which is another task.
var scanner = peer{name: "osv-scanner", module: "github.com/google/osv-scanner/v2/cmd/osv-scanner@v" + scannerVersion, prepare: func(string) error { return nil }}

// withoutGrype is why the other known scanner is no peer here. What fills its database
// (grype/db/v6/build/transformers/osv of version 0.110.0) takes the ecosystem of an OSV
// record as a distribution only where it is AlmaLinux: Debian and Alpine would have no
// releases. It would search in other data than the others.
const withoutGrype = "grype (its database cannot be filled with the same records: of distributions its reader of OSV knows AlmaLinux alone)"

// vulnerabilities measures the database, scans beside the peer, and a portfolio.
// Advisories are archives as OSV exports them: ECOSYSTEM/all.zip or ECOSYSTEM.zip.
func vulnerabilities(program, dir, advisories string, runs int) error {
	v := vulnerabilityBench{program: program, dir: filepath.Join(dir, "vulnerabilities"), runs: runs}
	if err := os.MkdirAll(v.dir, 0o755); err != nil {
		return err
	}
	if err := v.data(advisories); err != nil {
		return err
	}
	// What this process holds counts towards the memory of those that it starts: what is
	// large comes last.
	for _, part := range []func() error{v.database, v.scans, v.portfolio, v.largeDatabase} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

type vulnerabilityBench struct {
	program, dir, db string
	runs             int
	archives         []string // as the peer wants them
}

// data lays the archives out as the peer wants them, and reads their records.
func (v *vulnerabilityBench) data(advisories string) error {
	names, err := filepath.Glob(filepath.Join(advisories, "*.zip"))
	if err != nil {
		return err
	}
	more, err := filepath.Glob(filepath.Join(advisories, "*", "all.zip"))
	if err != nil {
		return err
	}
	for _, name := range append(names, more...) {
		ecosystem := strings.TrimSuffix(filepath.Base(name), ".zip")
		if ecosystem == "all" {
			ecosystem = filepath.Base(filepath.Dir(name))
		}
		if err := v.archive(name, filepath.Join(v.dir, "osv-scanner", ecosystem)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(v.archives) == 0 {
		return fmt.Errorf("no archives of advisories in %s", advisories)
	}
	return nil
}

func (v *vulnerabilityBench) archive(name, to string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	to = filepath.Join(to, "all.zip")
	v.archives = append(v.archives, to)
	return os.WriteFile(to, text, 0o644)
}

// eachRecord reads the records of an archive.
func eachRecord(name string, use func(json.RawMessage)) error {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			return err
		}
		record, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close()); err != nil {
			return err
		}
		use(record)
	}
	return nil
}

const databaseHead = "\n| Records | MB of JSON | Wall s | CPU s | Peak MB | MB of JSON per s |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n"

// database measures making the database.
func (v *vulnerabilityBench) database() error {
	v.db = filepath.Join(v.dir, "vuln.db")
	records, size := 0, 0
	for _, name := range v.archives {
		if err := eachRecord(name, func(r json.RawMessage) { records, size = records+1, size+len(r) }); err != nil {
			return err
		}
	}
	fmt.Print(databaseHead)
	return v.build(filepath.Join(v.dir, "osv-scanner"), v.db, records, size)
}

func (v *vulnerabilityBench) build(source, db string, records, size int) error {
	s, err := measure(min(v.runs, 3), v.program, "vuln", "db", "build", "--osv", source, "-o", db)
	if err != nil {
		return err
	}
	mb := float64(size) / 1e6
	fmt.Printf("| %d | %.0f | %s | %.1f |\n", records, mb, s, mb/s.wall.Seconds())
	return nil
}

// largeDatabase measures a database of ten times the records.
func (v *vulnerabilityBench) largeDatabase() error {
	var records []json.RawMessage
	for _, name := range v.archives {
		if err := eachRecord(name, func(r json.RawMessage) { records = append(records, r) }); err != nil {
			return err
		}
	}
	large := filepath.Join(v.dir, "large.zip")
	stats, err := synthetic.Advisories(large, records, 10)
	if err != nil {
		return err
	}
	records = nil
	debug.FreeOSMemory()
	fmt.Print(databaseHead)
	return v.build(large, filepath.Join(v.dir, "large.db"), stats.Entities, stats.Bytes)
}

// vulnFinding is a package with the id of an advisory.
type vulnFinding struct{ name, version, id string }

// scans measures one bill after the other, from a cold start each.
func (v *vulnerabilityBench) scans() error {
	bills, err := filepath.Glob("sbom/testdata/*")
	if err != nil {
		return err
	}
	path, why := scanner.find()
	if path != "" {
		if out, err := output(path, "--version"); err != nil || !strings.Contains(string(out), scannerVersion) {
			path, why = "", "on PATH in another version than "+scannerVersion
		}
	}
	if path == "" {
		fmt.Printf("\nAbsent: %s (%s); %s.\n", scanner.name, why, withoutGrype)
	} else if err := os.Setenv("OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY", v.dir); err != nil {
		return err
	} else {
		fmt.Printf("\nAbsent: %s.\n", withoutGrype)
	}
	fmt.Print("\n| Bill | Components | Found by both | theriac alone | peer alone | theriac CPU s | Peak MB | peer CPU s | Peak MB | CPU against theriac |\n" +
		"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	var small, none []string
	for _, bill := range bills {
		args := []string{"vuln", "scan", "--db", v.db, "--date", vulnerabilityDay, "--format", "json", bill}
		own, components, err := v.own(args)
		switch {
		case err != nil:
			none = append(none, filepath.Base(bill))
			continue
		case components < least:
			small = append(small, filepath.Base(bill))
			continue
		}
		row := fmt.Sprintf("| %s | %d ", filepath.Base(bill), components)
		if err := v.beside(path, bill, row, args, own); err != nil {
			return err
		}
	}
	fmt.Printf("\nLeft out: %d bills of less than %d components (%s); %d that cannot be scanned (%s).\n",
		len(small), least, strings.Join(small, ", "), len(none), strings.Join(none, ", "))
	return nil
}

// beside measures both programs on a bill in turn, and prints both; theriac alone where
// there is no peer, or where it refuses the bill.
func (v *vulnerabilityBench) beside(path, bill, row string, ownArgs []string, own map[vulnFinding]bool) error {
	theriac := append([]string{v.program}, ownArgs...)
	args := []string{"scan", "source", "--offline", "--format", "json", "-L", bill}
	refused := ""
	if path != "" {
		theirs, err := peerFindings(path, args)
		if err == nil {
			s, err := inTurn(v.runs, theriac, append([]string{path}, args...))
			if err != nil {
				return err
			}
			both := 0
			for f := range theirs {
				both += count(own[f])
			}
			fmt.Printf("%s| %d | %d | %d | %.3f | %.0f | %.3f | %.0f | %.1f |\n", row, both, len(own)-both, len(theirs)-both,
				s[0].cpu.Seconds(), float64(s[0].memory)/1e6, s[1].cpu.Seconds(), float64(s[1].memory)/1e6, s[1].cpu.Seconds()/s[0].cpu.Seconds())
			return nil
		}
		refused = "refused"
	}
	s, err := inTurn(v.runs, theriac)
	if err != nil {
		return err
	}
	fmt.Printf("%s| | %d | | %.3f | %.0f | %s | | |\n", row, len(own), s[0].cpu.Seconds(), float64(s[0].memory)/1e6, refused)
	return nil
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// output runs a command of which exit status 1 means findings.
func output(name string, args ...string) ([]byte, error) {
	out, err := exec.Command(name, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
		err = nil
	}
	return out, err
}

// own are the findings of theriac, by all records that hold.
func (v *vulnerabilityBench) own(args []string) (map[vulnFinding]bool, int, error) {
	out, err := output(v.program, args...)
	if err != nil {
		return nil, 0, err
	}
	var result struct {
		Findings []struct {
			Package, Version string
			Records          []string
		}
		SBOM struct{ Components int }
	}
	if err := json.Unmarshal(out, &result); err != nil {
		return nil, 0, err
	}
	found := map[vulnFinding]bool{}
	for _, f := range result.Findings {
		for _, id := range f.Records {
			found[vulnFinding{plainName(f.Package), plainVersion(f.Version), id}] = true
		}
	}
	return found, result.SBOM.Components, nil
}

// plainName and plainVersion level how tools write the same package.
func plainName(s string) string {
	return strings.NewReplacer("_", "-", ".", "-").Replace(strings.ToLower(s))
}
func plainVersion(s string) string { return strings.TrimPrefix(s, "v") }

func peerFindings(path string, args []string) (map[vulnFinding]bool, error) {
	out, err := output(path, args...)
	if err != nil {
		return nil, err
	}
	var result struct {
		Results []struct {
			Packages []struct {
				Package         struct{ Name, Version string }
				Vulnerabilities []struct{ ID string }
			}
		}
	}
	if err := json.Unmarshal(out, &result); err != nil {
		return nil, err
	}
	found := map[vulnFinding]bool{}
	for _, r := range result.Results {
		for _, p := range r.Packages {
			for _, x := range p.Vulnerabilities {
				found[vulnFinding{plainName(p.Package.Name), plainVersion(p.Package.Version), x.ID}] = true
			}
		}
	}
	return found, nil
}

const portfolioHead = "\n| Portfolio | Wall s | CPU s | Peak MB |\n| --- | ---: | ---: | ---: |\n"

// endsOfSupport are recorded release cycles.
const endsOfSupport = "vuln/feed/testdata/eol/endoflife-extract.json"

// portfolio measures a thousand bills, without ends of support and with them, what reading
// the bills takes of that, and one new advisory against them.
func (v *vulnerabilityBench) portfolio() error {
	fleet := filepath.Join(v.dir, "fleet")
	var real []string
	for _, name := range []string{"juice-shop-11.1.2", "guac-python", "guac-vault", "guac-consul", "dropwizard-1.3.15", "proton-bridge-1.6.3"} {
		real = append(real, filepath.Join("sbom/testdata", name+".cdx.json"))
	}
	stats, err := synthetic.Bills(fleet, real, 1000, 500)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	state, advisory, ends := filepath.Join(v.dir, "state"), filepath.Join(v.dir, "advisory.json"), filepath.Join(v.dir, "ends.db")
	if _, err := measure(1, v.program, "vuln", "db", "build", "--osv", filepath.Join(v.dir, "osv-scanner"), "--eol", endsOfSupport, "-o", ends); err != nil {
		return err
	}
	text, err := v.recordOf("lodash")
	if err != nil {
		return err
	}
	if err := os.WriteFile(advisory, text, 0o644); err != nil {
		return err
	}
	watch := func(db string, more ...string) []string {
		return append([]string{"--db", db, "--date", vulnerabilityDay, "--format", "json", fleet}, more...)
	}
	fmt.Print(portfolioHead)
	for _, one := range []struct {
		what string
		runs int
		args []string
	}{
		{fmt.Sprintf("%d bills, %d components, %.0f MB", stats.Files, stats.Entities, float64(stats.Bytes)/1e6), 3, watch(v.db, "--state", state)},
		{"the same with ends of support", 3, watch(ends)},
		{"its bills read, nothing looked up", 3, []string{"--date", vulnerabilityDay, fleet, "--contains", "pkg:npm/of-no-bill"}},
		{"one new advisory against it", v.runs, []string{"--state", state, "--advisory", advisory, "--format", "json"}},
	} {
		s, err := measure(min(one.runs, v.runs), v.program, append([]string{"vuln", "portfolio"}, one.args...)...)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %s |\n", one.what, s)
	}
	fmt.Println()
	return os.RemoveAll(fleet)
}

// recordOf is the first record, by its text, about a package of npm.
func (v *vulnerabilityBench) recordOf(name string) (json.RawMessage, error) {
	found := map[string]json.RawMessage{}
	about := func(r json.RawMessage) {
		var x struct {
			Affected []struct {
				Package struct{ Ecosystem, Name string }
			}
		}
		if json.Unmarshal(r, &x) == nil && len(x.Affected) > 0 && x.Affected[0].Package.Ecosystem == "npm" && x.Affected[0].Package.Name == name {
			found[string(r)] = r
		}
	}
	if err := eachRecord(filepath.Join(v.dir, "osv-scanner", "npm", "all.zip"), about); err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no advisory is about %s", name)
	}
	return found[slices.Min(slices.Collect(maps.Keys(found)))], nil
}
