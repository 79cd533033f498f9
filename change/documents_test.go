package change

import (
	"strings"
	"testing"
)

// TestSignedApprovals: documents are in force by signed approvals as well, and are
// up to date when one was signed since.
func TestSignedApprovals(t *testing.T) {
	text := base(t)
	text = text[:strings.Index(text, "\napprovals:")] + "\n"
	text = edited(t, text, `revision: "1", status: draft`, `revision: "1"`)
	changed := edited(t, text, "text: Keep guests off the network.", "text: Keep others off the network.")
	old := Approved{"a1", "doc-ifu", day(t, "2026-04-02")}
	const again = "documents neutral document doc-ifu: IFU-1 revision 3"
	for _, c := range []struct {
		name          string
		before, after []Approved
		want          string
	}{
		{"none", nil, nil, again + "; since"},
		{"not since", []Approved{old}, []Approved{old}, again + ", approved 2026-04-02; since"},
		{"stale since", []Approved{old}, nil, again + ", approved 2026-04-02; since"},
		{"another document", []Approved{old}, []Approved{{"a2", "doc-sbom", day(t, "2026-05-01")}}, again + ", approved 2026-04-02; since"},
		{"since", []Approved{old}, []Approved{{"a2", "doc-ifu", day(t, "2026-05-01")}}, ""},
		{"for the first time", nil, []Approved{old}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := view(t, text), view(t, changed)
			before.Approved, after.Approved = c.before, c.after
			got := lines(Compare(before, after))
			switch {
			case c.want == "" && strings.Contains(got, "document doc-ifu"):
				t.Errorf("it is to be approved again:\n%s", got)
			case !strings.Contains(got, c.want):
				t.Errorf("it lacks %q:\n%s", c.want, got)
			}
		})
	}
	draft := edited(t, text, `number: IFU-1, revision: "3", status: approved`, `number: IFU-1, revision: "3"`)
	changed = edited(t, draft, "text: Keep guests off the network.", "text: Keep others off the network.")
	before, after := view(t, draft), view(t, changed)
	if got := lines(Compare(before, after)); strings.Contains(got, "document doc-ifu") {
		t.Errorf("a document that nobody approved is to be approved again:\n%s", got)
	}
	before.Approved = []Approved{old}
	if got := lines(Compare(before, after)); !strings.Contains(got, "document doc-ifu") {
		t.Errorf("a document that somebody signed is not in force:\n%s", got)
	}
}
