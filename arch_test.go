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
	"theriac/diag":                 {},
	"theriac/syntax":               {"diag"},
	"theriac/expr":                 {},
	"theriac/catalog":              {"diag", "expr", "syntax"},
	"theriac/model":                {"diag", "syntax"},
	"theriac/threat":               {"diag", "expr", "model", "syntax"},
	"theriac/attack":               {"model"},
	"theriac/risk":                 {"diag", "model", "syntax"},
	"theriac/trace":                {"diag", "model"},
	"theriac/check":                {"catalog", "diag", "model", "threat", "trace"},
	"theriac/check/rules":          {"catalog", "check", "diag", "model", "risk", "threat", "trace"},
	"theriac":                      {"catalog", "check", "check/rules", "diag", "model"},
	"theriac/change":               {"attack", "diag", "model", "risk", "syntax", "threat", "trace"},
	"theriac/draw":                 {"model"},
	"theriac/edit":                 {"diag", "format", "syntax"},
	"theriac/sheet":                {"diag", "edit", "model", "syntax"},
	"theriac/report":               {"catalog", "check", "check/rules", "diag", "model"},
	"theriac/schema":               {"model"},
	"theriac/format":               {},
	"theriac/internal/reference":   {"catalog", "check", "check/rules", "model", "schema", "threat"},
	"theriac/internal/synthetic":   {},
	"theriac/internal/tools/gen":   {"internal/synthetic"},
	"theriac/internal/tools/bench": {"", "check", "internal/synthetic"},
	"theriac/cmd/theriac": {"", "attack", "catalog", "change", "check", "check/rules", "diag", "draw", "edit", "format", "model", "report",
		"risk", "schema", "sheet", "syntax", "threat", "trace"},
}

// heavy are modules that only outer packages may link.
var heavy = map[string][]string{
	"github.com/spf13/":   {"theriac/cmd/theriac"},
	"charm.land/":         {"theriac/cmd/theriac", "theriac/report"},
	"go.yaml.in/yaml":     {"theriac/syntax", "theriac/format"},
	"github.com/invopop/": {"theriac/schema"},
	"net/http":            {},

	"github.com/pandatix/": {"theriac/risk"},
	"github.com/xuri/":     {"theriac/sheet"},
	"os/exec":              {"theriac/change", "theriac/internal/tools/bench"},
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
