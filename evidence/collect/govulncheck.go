package collect

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"theriac/evidence"
)

// The govulncheck collector reads the stream of `govulncheck -format json`: a
// case for each vulnerability of a module. One whose vulnerable function the
// code calls is a failure, for the Go vulnerability database does not grade;
// one that is only imported or required is low. Where the tool did not look for
// calls (-scan package or module), nothing is known to be harmless, and each is a
// failure. Of a binary, functions that are in it count as called.
//
// A stream that ends before the comparison began is inconclusive.
//
// Source: golang.org/x/vuln/internal/govulncheck, protocol v1.0.0.
var _ = add(Collector{
	Name:  "govulncheck",
	Title: "govulncheck JSON",
	Kind:  "vulnerability-scan",
	Looks: func(_ string, data []byte) bool {
		h := headOf(data)
		return !h.List && h.has("config") && bytes.Contains(data, []byte(`"scanner_name"`)) && bytes.Contains(data, []byte(`"protocol_version"`))
	},
	Read: readGovulncheck,
})

// vulnMessage is a value of the stream: exactly one member is set.
type vulnMessage struct {
	Config *struct {
		Protocol string    `json:"protocol_version"`
		Name     string    `json:"scanner_name"`
		Version  string    `json:"scanner_version"`
		DB       string    `json:"db"`
		Modified time.Time `json:"db_last_modified"`
		Level    string    `json:"scan_level"`
	} `json:"config"`
	SBOM *struct {
		Modules []struct {
			Path string `json:"path"`
		} `json:"modules"`
	} `json:"SBOM"`
	Progress *struct {
		Message string `json:"message"`
	} `json:"progress"`
	OSV *struct {
		ID      string   `json:"id"`
		Summary string   `json:"summary"`
		Aliases []string `json:"aliases"`
	} `json:"osv"`
	Finding *vulnFinding `json:"finding"`
}

type vulnFinding struct {
	OSV   string      `json:"osv"`
	Trace []vulnFrame `json:"trace"` // from the vulnerable function to the code
}

type vulnFrame struct {
	Module   string `json:"module"`
	Version  string `json:"version"`
	Package  string `json:"package"`
	Function string `json:"function"`
	Receiver string `json:"receiver"`
}

// vulnScan is what the messages so far say.
type vulnScan struct {
	r       *Report
	scan    evidence.Scan
	f       *findings
	begun   bool   // the comparison began
	symbols bool   // calls are looked for
	quiet   []Case // findings without a call
	titles  map[string]string
	aliases map[string][]string
}

func readGovulncheck(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	s := &vulnScan{r: &Report{}, f: newFindings(limit(in, evidence.Medium)), titles: map[string]string{}, aliases: map[string][]string{}}
	err := eachJSON(in.Data, func(line int, value json.RawMessage) error {
		var m vulnMessage
		if err := intoJSON(line, value, &m); err != nil {
			return err
		}
		return s.take(line, &m)
	})
	if err != nil {
		return nil, err
	}
	if s.r.Tool.Name == "" {
		return nil, malformed(0, "no config message: this is no output of govulncheck")
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	s.f.scan(s.r, s.begun && s.scan.Components > 0, s.scan)
	return s.r, nil
}

func (s *vulnScan) take(line int, m *vulnMessage) error {
	if (m.Config == nil) == (s.r.Tool.Name == "") {
		return malformed(line, "the config message stands first, and once")
	}
	switch {
	case m.Config != nil:
		return s.config(line, m)
	case m.SBOM != nil:
		s.scan.Components = len(m.SBOM.Modules)
	case m.Progress != nil:
		s.begun = s.begun || strings.HasPrefix(m.Progress.Message, "Checking the ")
	case m.OSV != nil:
		s.titles[m.OSV.ID], s.aliases[m.OSV.ID] = m.OSV.Summary, m.OSV.Aliases
	case m.Finding != nil:
		return s.finding(line, m.Finding)
	}
	return nil
}

func (s *vulnScan) config(line int, m *vulnMessage) error {
	c := m.Config
	if c.Name == "" || !strings.HasPrefix(c.Protocol, "v1.") {
		return malformed(line, "protocol %q is not read, only v1", clean(c.Protocol))
	}
	s.r.Tool = evidence.Tool{Name: clean(c.Name), Version: clean(c.Version)}
	s.symbols = c.Level == "symbol"
	s.scan.Database = clean(c.DB)
	s.scan.Data = timeOf(c.Modified.Format(time.RFC3339))
	return nil
}

// finding takes a finding. The tool reports the same one several times, each
// time more precisely.
func (s *vulnScan) finding(line int, found *vulnFinding) error {
	if found.OSV == "" || len(found.Trace) == 0 || found.Trace[0].Module == "" {
		return malformed(line, "a finding without a vulnerability or a module")
	}
	at := found.Trace[0]
	c := Case{
		ID: found.OSV + "@" + label(at.Module, at.Version), Title: s.titles[found.OSV],
		Severity: unrated, At: at.symbol(), Items: append([]string{found.OSV, at.Module}, s.aliases[found.OSV]...),
	}
	if at.Function == "" && s.symbols {
		s.quiet = append(s.quiet, c)
		return counted(len(s.quiet))
	}
	return s.f.found(c)
}

// settle notes the findings that no call was found for.
func (s *vulnScan) settle() error {
	for _, c := range s.quiet {
		if called, ok := s.f.cases[clean(c.ID)]; ok && called.Severity == unrated {
			continue
		}
		c.Severity = evidence.Low
		if err := s.f.found(c); err != nil {
			return err
		}
	}
	return nil
}

// symbol is the place that is vulnerable, as precisely as it is known.
func (f *vulnFrame) symbol() string {
	name := f.Function
	if f.Receiver != "" {
		name = f.Receiver + "." + name
	}
	if name == "" {
		return f.Package
	}
	return f.Package + "." + name
}
