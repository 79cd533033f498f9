package theriac_test

import (
	"path/filepath"
	"testing"

	"theriac"
	"theriac/diag"
	"theriac/model"
)

// session checks a file of one text and returns the findings with the code, by
// variant.
func session(t *testing.T, text string, o theriac.Options, code string) map[string][]diag.Finding {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "theriac.yaml"), text)
	day, err := model.ParseDate("2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	o.Today = day
	var s theriac.Session
	r, err := s.Check(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]diag.Finding{}
	for _, f := range r.Findings {
		if f.Code == code {
			found[f.Variant] = append(found[f.Variant], f)
		}
	}
	return found
}

const head = "product:\n  name: Pump\n  regulation: MDR\n  class: IIb\n"

// TestWaiverOfProductOnly: a finding that is waived in the product stands in a
// variant that does not have the waiver.
func TestWaiverOfProductOnly(t *testing.T) {
	found := session(t, head+`variants:
  plain: {title: Plain}
  strict: {title: Strict, omits: [wv]}
components:
  board: {title: Board, type: hardware}
interfaces:
  lan: {title: Socket, component: board, medium: ethernet, exposure: site, port: 70000}
waivers:
  wv: {code: T3212, reason: Old protocol., owner: Head of R&D, expires: 2026-06-01}
`, theriac.Options{}, "T3212")
	if len(found[""]) != 1 || found[""][0].Waiver == nil {
		t.Fatalf("product: %+v, want one waived finding", found[""])
	}
	if len(found["plain"]) != 0 {
		t.Errorf("variant with the waiver repeats the finding: %+v", found["plain"])
	}
	if len(found["strict"]) != 1 || found["strict"][0].Waiver != nil {
		t.Errorf("variant without the waiver: %+v, want one finding that stands", found["strict"])
	}
}

// TestChosenCodes: to look at one code only does not make a file clean that
// could not be judged.
func TestChosenCodes(t *testing.T) {
	const broken = head + "zones:\n  z1: {title: a: b}\n"
	const whole = head + "zones:\n  z1: {title: Zone}\n"
	for name, tt := range map[string]struct {
		text, code string
		options    theriac.Options
		want       int
	}{
		"only, not judged":                {broken, "T0002", theriac.Options{Only: []string{"T3212"}}, 1},
		"skipped, not judged":             {broken, "T0002", theriac.Options{Skip: []string{"T0002"}}, 1},
		"no product":                      {"zones: {}\n", "T0016", theriac.Options{Only: []string{"T3212"}}, 1},
		"only, judged":                    {whole, "T0007", theriac.Options{Only: []string{"T3212"}}, 0},
		"skipped, judged":                 {whole, "T0007", theriac.Options{Skip: []string{"T0007"}}, 0},
		"not judged, and an error stands": {broken + "unknown: x\n", "T0004", theriac.Options{Only: []string{"T0002"}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := session(t, tt.text, tt.options, tt.code)[""]; len(got) != tt.want {
				t.Errorf("%d findings of %s, want %d", len(got), tt.code, tt.want)
			}
		})
	}
}
