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
	"theriac/catalog":              {"diag", "syntax"},
	"theriac/model":                {"diag", "syntax"},
	"theriac/check":                {"diag", "catalog", "model"},
	"theriac/check/rules":          {"diag", "catalog", "model", "check"},
	"theriac":                      {"diag", "catalog", "model", "check", "check/rules"},
	"theriac/report":               {"diag", "catalog", "model", "check", "check/rules"},
	"theriac/schema":               {"model"},
	"theriac/format":               {},
	"theriac/internal/reference":   {"catalog", "model", "check", "check/rules", "schema"},
	"theriac/internal/synthetic":   {},
	"theriac/internal/tools/gen":   {"internal/synthetic"},
	"theriac/internal/tools/bench": {"", "check", "internal/synthetic"},
	"theriac/cmd/theriac":          {"", "diag", "syntax", "catalog", "model", "check", "check/rules", "report", "schema", "format"},
}

// heavy are modules that only outer packages may link.
var heavy = map[string][]string{
	"github.com/spf13/":   {"theriac/cmd/theriac"},
	"charm.land/":         {"theriac/cmd/theriac", "theriac/report"},
	"go.yaml.in/yaml":     {"theriac/syntax", "theriac/format"},
	"github.com/invopop/": {"theriac/schema"},
	"net/http":            {},
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
