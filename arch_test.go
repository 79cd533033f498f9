package theriac_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed says which of our packages each package may import. A package that is
// not listed may not exist; an import that is not listed is a change of the
// architecture and belongs into ARCHITECTURE.md as well.
var allowed = map[string][]string{
	"theriac/diag":                      {},
	"theriac/syntax":                    {"diag"},
	"theriac/expr":                      {},
	"theriac/catalog":                   {"diag", "expr", "syntax"},
	"theriac/model":                     {"diag", "syntax"},
	"theriac/threat":                    {"diag", "expr", "model", "syntax"},
	"theriac/attack":                    {"model"},
	"theriac/risk":                      {"diag", "model", "syntax"},
	"theriac/trace":                     {"diag", "model"},
	"theriac/trust":                     {"internal/hsm", "internal/strictjson", "model"},
	"theriac/evidence":                  {"diag", "internal/strictjson", "model", "trust"},
	"theriac/evidence/collect":          {"diag", "evidence", "model", "syntax"},
	"theriac/approval":                  {"diag", "evidence", "internal/strictjson", "model", "trust"},
	"theriac/check":                     {"approval", "catalog", "diag", "evidence", "model", "threat", "trace", "trust", "sbom", "triage"},
	"theriac/check/rules":               {"approval", "catalog", "check", "diag", "evidence", "model", "risk", "threat", "trace", "trust", "psirt", "triage", "sbom"},
	"theriac":                           {"catalog", "change", "check", "check/rules", "diag", "document", "evidence", "model", "techdoc"},
	"theriac/locale":                    {},
	"theriac/policy":                    {"model"},
	"theriac/oscal":                     {},
	"theriac/document":                  {"draw", "locale"},
	"theriac/document/docx":             {"document", "draw", "locale"},
	"theriac/document/html":             {"document", "draw", "locale"},
	"theriac/document/pdf":              {"document", "draw", "locale"},
	"theriac/document/plain":            {"document", "draw", "locale"},
	"theriac/document/xlsx":             {"document", "locale"},
	"theriac/techdoc":                   {"approval", "attack", "catalog", "change", "check", "check/rules", "diag", "document", "draw", "evidence", "evidence/collect", "locale", "model", "oscal", "policy", "report", "risk", "syntax", "threat", "trace", "psirt", "sbom", "triage", "vex"},
	"theriac/publish":                   {"document", "document/docx", "document/html", "document/pdf", "document/plain", "document/xlsx", "techdoc"},
	"theriac/sbom":                      {},
	"theriac/sbom/inventory":            {"sbom"},
	"theriac/vuln":                      {"trust", "internal/strictjson"},
	"theriac/vuln/feed":                 {"vuln"},
	"theriac/vuln/match":                {"sbom", "vuln"},
	"theriac/vuln/portfolio":            {"model", "sbom", "triage", "vuln", "vuln/match"},
	"theriac/internal/heap":             {},
	"theriac/triage":                    {"diag", "model", "risk", "sbom", "syntax", "trace", "vuln", "vuln/match"},
	"theriac/vex":                       {"csaf", "model", "psirt", "triage"},
	"theriac/csaf":                      {"document", "model", "locale", "psirt"},
	"theriac/psirt":                     {"diag", "model", "internal/strictjson"},
	"theriac/change":                    {"attack", "diag", "model", "risk", "syntax", "threat", "trace"},
	"theriac/draw":                      {"model"},
	"theriac/edit":                      {"diag", "format", "syntax"},
	"theriac/sheet":                     {"diag", "edit", "model", "syntax"},
	"theriac/bundle":                    {"", "approval", "catalog", "change", "check", "diag", "evidence", "internal/strictjson", "model", "syntax", "trace", "trust", "triage"},
	"theriac/plan":                      {"approval", "change", "check", "evidence", "model", "threat", "trace"},
	"theriac/report":                    {"catalog", "check", "check/rules", "diag", "evidence", "model"},
	"theriac/schema":                    {"model"},
	"theriac/format":                    {},
	"theriac/internal/reference":        {"catalog", "check", "check/rules", "model", "schema", "threat"},
	"theriac/internal/strictjson":       {},
	"theriac/internal/lazyregexp":       {},
	"theriac/internal/hsm":              {"internal/strictjson"},
	"theriac/internal/hsm/hsmtest":      {"internal/hsm"},
	"theriac/internal/synthetic":        {},
	"theriac/internal/tools/gen":        {"internal/synthetic"},
	"theriac/internal/tools/advisories": {"sbom", "vuln", "vuln/match"},
	"theriac/internal/tools/demo":       {"approval", "change", "check", "evidence", "internal/strictjson", "model", "trust"},
	"theriac/internal/tools/broken":     {"approval", "check", "evidence", "evidence/collect", "model", "trust"},
	"theriac/internal/tools/bench":      {"", "check", "evidence", "internal/synthetic", "trust"},
	"theriac/cmd/theriac":               {"", "approval", "attack", "bundle", "catalog", "change", "check", "check/rules", "diag", "draw", "edit", "evidence", "evidence/collect", "document", "format", "locale", "model", "plan", "policy", "publish", "report", "risk", "schema", "sheet", "syntax", "techdoc", "threat", "trace", "trust", "sbom", "sbom/inventory", "vuln", "vuln/feed", "vuln/match", "triage", "vex", "csaf", "psirt", "document/html", "document/pdf", "internal/heap", "vuln/portfolio", "document/docx", "document/plain"},
	"theriac/cmd/theriac-pkcs11":        {"internal/hsm"},
}

// heavy are modules that only outer packages may link.
var heavy = map[string][]string{
	"github.com/spf13/":   {"theriac/cmd/theriac"},
	"charm.land/":         {"theriac/cmd/theriac", "theriac/report"},
	"go.yaml.in/yaml":     {"theriac/syntax", "theriac/format"},
	"github.com/invopop/": {"theriac/schema"},
	"net/http":            {"theriac/csaf", "theriac/trust", "theriac/vuln/feed"},

	"github.com/pandatix/": {"theriac/csaf", "theriac/risk", "theriac/evidence/collect", "theriac/vuln/match"},
	"github.com/emersion/": {"theriac/psirt"},
	"github.com/xuri/":     {"theriac/sheet", "theriac/document/xlsx"},
	"os/exec":              {"theriac/change", "theriac/evidence/collect", "theriac/trust", "theriac/internal/hsm/hsmtest", "theriac/internal/tools/bench", "theriac/publish", "theriac/cmd/theriac"},

	"github.com/miekg/":              {"theriac/cmd/theriac-pkcs11"},
	"github.com/digitorus/":          {"theriac/trust", "theriac/policy"},
	"github.com/secure-systems-lab/": {"theriac/trust"},
	"github.com/in-toto/":            {"theriac/approval", "theriac/evidence"},
	"github.com/CycloneDX/":          {"theriac/evidence/collect", "theriac/techdoc", "theriac/sbom", "theriac/vex", "theriac/internal/synthetic"},
	"github.com/spdx/":               {"theriac/evidence/collect", "theriac/sbom"},
	"github.com/owenrumney/":         {"theriac/evidence/collect", "theriac/cmd/theriac"},
	"github.com/joshdk/":             {"theriac/evidence/collect"},

	"codeberg.org/go-pdf/":   {"theriac/document/pdf"},
	"github.com/go-fonts/":   {"theriac/document/pdf"},
	"github.com/yuin/":       {"theriac/document"},
	"github.com/google/uuid": {"theriac/oscal", "theriac/sbom"},
}

func TestImports(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg, imports := fields[0], fields[1:]
		may, known := allowed[pkg]
		if !known {
			t.Errorf("package %s is not in the table", pkg)
		}
		for _, imp := range imports {
			own := imp == "theriac" || strings.HasPrefix(imp, "theriac/")
			own = own && imp != "theriac/internal/lazyregexp" // stands for a package of the library
			if own && !slices.Contains(may, strings.TrimPrefix(strings.TrimPrefix(imp, "theriac"), "/")) {
				t.Errorf("%s may not import %s", pkg, imp)
			}
			for prefix, users := range heavy {
				if strings.HasPrefix(imp, prefix) && !slices.Contains(users, pkg) {
					t.Errorf("%s may not import %s", pkg, imp)
				}
			}
		}
	}
}
