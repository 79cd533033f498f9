package triage

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/model"
)

// Limits for a report of govulncheck.
const (
	maxCallReport = 256 << 20
	maxCallFrames = 8 // of a path that is told
)

// Calls is what a report of govulncheck says of the vulnerabilities in Go modules.
type Calls struct {
	Tool     string // name and version
	Database string // time at which its database was last changed, as the report has it
	Mode     string // source or binary

	results map[call]result
}

// call is a vulnerability in a module, as the report names them.
type call struct {
	id      string // of the Go vulnerability database
	module  string // in lower case
	version string // without v or go; "" where the report does not say
}

// result is what the report says of it.
type result struct {
	depth int // 1 module, 2 package, 3 symbol
	model.Reachability
}

// callMessage is a message of the report; what is not named here is not needed.
type callMessage struct {
	Config *struct {
		Name    string `json:"scanner_name"`
		Version string `json:"scanner_version"`
		DB      string `json:"db_last_modified"`
		Level   string `json:"scan_level"`
		Mode    string `json:"scan_mode"`
	} `json:"config"`
	Finding *struct {
		OSV   string      `json:"osv"`
		Trace []callFrame `json:"trace"`
	} `json:"finding"`
}

type callFrame struct {
	Module   string `json:"module"`
	Version  string `json:"version"`
	Package  string `json:"package"`
	Function string `json:"function"`
	Receiver string `json:"receiver"`
}

func (f callFrame) String() string {
	name := f.Function
	if f.Receiver != "" {
		name = strings.TrimPrefix(f.Receiver, "*") + "." + name
	}
	return f.Package + "." + name
}

// ReadGovulncheck reads what `govulncheck -format json` wrote. A report that did not look at
// symbols says nothing about calls, and one that was cut short may leave out what is
// called: both are refused. A program that was looked at without its source shows which
// symbols are in it, not which are called.
func ReadGovulncheck(in io.Reader, source string) (*Calls, error) {
	limited := &io.LimitedReader{R: in, N: maxCallReport + 1}
	dec := json.NewDecoder(limited)
	calls := &Calls{results: map[call]result{}}
	for {
		var m callMessage
		err := dec.Decode(&m)
		switch {
		case limited.N <= 0:
			return nil, fmt.Errorf("report is larger than %d MB", maxCallReport>>20)
		case errors.Is(err, io.EOF) && calls.Mode == "":
			return nil, errors.New("the report has no configuration: it is none of govulncheck -format json, or was cut short")
		case errors.Is(err, io.EOF):
			return calls, nil
		case err != nil:
			return nil, fmt.Errorf("the report cannot be read: %w", err)
		}
		if err := calls.message(m, source); err != nil {
			return nil, err
		}
	}
}

func (c *Calls) message(m callMessage, source string) error {
	if m.Config != nil {
		switch {
		case c.Mode != "":
			return errors.New("the report holds two configurations")
		case m.Config.Level != "symbol":
			return fmt.Errorf("the report looked at level %q; only level symbol says what is called", clip(m.Config.Level))
		case m.Config.Mode != "source" && m.Config.Mode != "binary":
			return fmt.Errorf("the report is of mode %q; expected source or binary", clip(m.Config.Mode))
		}
		c.Tool, c.Database, c.Mode = strings.TrimSpace(m.Config.Name+" "+m.Config.Version), m.Config.DB, m.Config.Mode
	}
	if m.Finding == nil || m.Finding.OSV == "" || len(m.Finding.Trace) == 0 {
		return nil
	}
	if c.Mode == "" {
		return errors.New("a finding stands before the configuration")
	}
	trace := m.Finding.Trace
	key, level := call{m.Finding.OSV, strings.ToLower(trace[0].Module), plainVersion(trace[0].Version)}, 1
	switch {
	case trace[0].Function != "":
		level = 3
	case trace[0].Package != "":
		level = 2
	}
	if c.results[key].depth < level {
		c.results[key] = result{level, c.result(level, trace, source)}
	}
	return nil
}

// plainVersion is a version of a module, or of Go, without the letters before it.
func plainVersion(version string) string {
	return strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(version), "go"), "v")
}

func (c *Calls) result(level int, trace []callFrame, source string) model.Reachability {
	r := model.Reachability{Result: "not-reachable", Method: "call-graph", Source: source}
	switch {
	case level == 3 && c.Mode == "binary":
		r.Result, r.Detail = "reachable", "the program holds "+trace[0].String()+"; whether it is called cannot be told from a program"
	case level == 3:
		path := slices.Clone(trace)
		slices.Reverse(path)
		var steps []string
		for i, f := range path {
			if i >= maxCallFrames-1 && i < len(path)-1 {
				continue
			}
			steps = append(steps, f.String())
		}
		r.Result, r.Detail = "reachable", "path of calls: "+strings.Join(steps, " → ")
	case c.Mode == "binary":
		r.Result, r.Detail = "not-present", "none of the vulnerable functions of "+trace[0].Module+" is in the program"
	case level == 2:
		r.Detail = "package " + trace[0].Package + " is imported, and no path of calls leads to its vulnerable functions"
	default:
		r.Detail = "module " + trace[0].Module + " is required, and none of its vulnerable packages is imported"
	}
	return r
}

// Of is what the report says about a finding; false where it does not name the module in
// that version: it may be in another program than the one that was looked at.
func (c *Calls) Of(f Finding) (model.Reachability, bool) {
	p, err := packageurl.FromString(f.Component.PURL)
	if err != nil || p.Type != "golang" {
		return model.Reachability{}, false
	}
	best := result{}
	for _, id := range f.IDs() {
		for _, module := range modulesOf(p) {
			for _, version := range []string{plainVersion(cmp.Or(p.Version, f.Component.Version)), ""} {
				if r := c.results[call{id, module, version}]; r.depth > best.depth {
					best = r
				}
			}
		}
	}
	return best.Reachability, best.depth > 0
}

// modulesOf are the modules that a package URL may mean, in lower case: a subpath is part of
// the module or a package in it.
func modulesOf(p packageurl.PackageURL) []string {
	path := strings.ToLower(strings.TrimPrefix(p.Namespace+"/"+p.Name, "/"))
	switch {
	case p.Subpath != "":
		return []string{path, path + "/" + strings.ToLower(p.Subpath)}
	case path == "std":
		return []string{"stdlib"}
	}
	return []string{path}
}

// Rules are the decisions that the report supports by itself: not affected, where nothing
// vulnerable can be reached, in the versions that it saw. They are in the order of the findings.
func (c *Calls) Rules(found []Found, by, reason string, expires model.Date) []*Rule {
	var rules []*Rule
	seen := map[string]bool{}
	for _, f := range found {
		r, ok := c.Of(f.Finding)
		if !ok || r.Result == "reachable" {
			continue
		}
		key := f.Finding.ID + " " + f.Finding.Component.Names()[0]
		if seen[key] {
			continue
		}
		seen[key] = true
		same := func(f Finding) bool {
			other, ok := c.Of(f)
			return ok && other.Result == r.Result
		}
		rule := &Rule{
			only:          same,
			Vulnerability: publicID(f.Finding), Packages: f.Finding.Component.Names()[:1], Status: "not-affected",
			Justification: "vulnerable-code-not-in-execute-path", Reason: orElse(reason, upperFirst(r.Detail)+" ("+c.Tool+")."), Reachability: r, By: by, Expires: expires,
		}
		if r.Result == "not-present" {
			rule.Justification = "vulnerable-code-not-present"
		}
		rules = append(rules, rule)
	}
	return rules
}

func upperFirst(s string) string { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }
