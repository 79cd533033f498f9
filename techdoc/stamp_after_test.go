package techdoc

import (
	"testing"

	"theriac/change"
)

// TestSameRelease: decisions, cases and what became of releases in files of their own leave a release as it was;
// anything else does not, wherever it stands.
func TestSameRelease(t *testing.T) {
	const decisions, cases, risks = "decisions:\n  vx: {title: x}\n", "cases:\n  case-1: {title: x}\n", "risks:\n  rk: {title: x}\n"
	frozen := map[string]string{"theriac.yaml": "product: {name: x}\n", "risks.yaml": risks, "decisions.yaml": decisions}
	for name, c := range map[string]struct {
		file, text string
		same       bool
	}{
		"nothing":                   {"risks.yaml", risks, true},
		"new decision":              {"decisions.yaml", decisions + "  vx-2: {title: y}\n", true},
		"no decisions any more":     {"decisions.yaml", "", true},
		"cases in a new file":       {"cases.yaml", cases, true},
		"releases in the field":     {"field.yaml", "deployments:\n  field-1: {release: rel-1, withdrawn: 2026-11-01}\n", true},
		"both in one":               {"decisions.yaml", decisions + cases, true},
		"risk":                      {"risks.yaml", risks + "  rk-2: {title: y}\n", false},
		"risk in a new file":        {"more.yaml", risks, false},
		"risk beside decisions":     {"decisions.yaml", decisions + risks, false},
		"decisions instead of risk": {"risks.yaml", decisions, false},
		"risk gone":                 {"risks.yaml", "", false},
		"unreadable":                {"decisions.yaml", "decisions: [\n", false},
		"empty":                     {"empty.yaml", "# nothing\n", false},
		"other file":                {"theriac.reviews", "theriac reviews 1\n", false},
	} {
		now := map[string][]byte{}
		before := map[string][]byte{}
		for name, text := range frozen {
			before[name], now[name] = []byte(text), []byte(text)
		}
		if c.text == "" {
			delete(now, c.file)
		} else {
			now[c.file] = []byte(c.text)
		}
		if got := sameRelease(change.NewFiles(".", before), change.NewFiles(".", now)); got != c.same {
			t.Errorf("%s: same release %t, want %t", name, got, c.same)
		}
	}
}
