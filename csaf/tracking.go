package csaf

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/semver"
)

// trackingTests are about the history of the document (CSAF 2.0 sections 6.1.14,
// 6.1.16 to 6.1.22, 6.1.30).
var trackingTests = []Test{
	{"6.1.14", "versions rise with their dates", Mandatory, unsortedHistory},
	{"6.1.16", "the version is that of the latest revision", Mandatory, latestVersion},
	{"6.1.17", "a version before the first release is a draft", Mandatory, undoneVersion},
	{"6.1.18", "a released document has no revision 0", Mandatory, releasedZero},
	{"6.1.19", "revisions are no pre-releases", Mandatory, preReleaseRevision},
	{"6.1.20", "a released document is no pre-release", Mandatory, preReleaseVersion},
	{"6.1.21", "no version is missing in the history", Mandatory, missingRevision},
	{"6.1.22", "no version stands twice in the history", Mandatory, revisionTwice},
	{"6.1.30", "versions are all numbers or all semantic versions", Mandatory, mixedVersions},
}

// revision is an item of the history whose date can be read.
type revision struct {
	at     *node
	date   time.Time
	number string
}

// history is in order of date, then version. Items without a date are left out:
// the schema complains about them.
func (d *advisory) history() []revision {
	var found []revision
	for _, n := range d.revisions {
		if date, err := time.Parse(time.RFC3339, n.text("date")); err == nil && semver.IsValid(version(n.text("number"))) {
			found = append(found, revision{n, date, n.text("number")})
		}
	}
	slices.SortStableFunc(found, func(a, b revision) int {
		return cmp.Or(a.date.Compare(b.date), semver.Compare(version(a.number), version(b.number)))
	})
	return found
}

// version is a version of a document as package semver wants it: a plain number
// is a major version.
func version(number string) string { return "v" + number }

func (d *advisory) status() string { return d.root.text("document", "tracking", "status") }

func (d *advisory) version() *node { return d.root.get("document", "tracking", "version") }

// released reports whether the document is no draft.
func (d *advisory) released() bool { return d.status() == "final" || d.status() == "interim" }

func unsortedHistory(d *advisory, r *reporter) {
	history := d.history()
	for i := 1; i < len(history); i++ {
		a, b := history[i-1], history[i]
		if semver.Compare(version(a.number), version(b.number)) > 0 {
			r.at(b.at, "version %s is later than %s and not higher", b.number, a.number)
		}
	}
}

func latestVersion(d *advisory, r *reporter) {
	history := d.history()
	is := d.version().text()
	if len(history) == 0 || is == "" {
		return
	}
	bare := func(s string) string {
		s, _, _ = strings.Cut(s, "+")
		if d.status() == "draft" {
			s, _, _ = strings.Cut(s, "-")
		}
		return s
	}
	if last := history[len(history)-1].number; bare(last) != bare(is) {
		r.at(d.version(), "the latest revision is %s, not %s", last, is)
	}
}

func undoneVersion(d *advisory, r *reporter) {
	v := version(d.version().text())
	if d.status() != "draft" && semver.IsValid(v) && (semver.Major(v) == "v0" || semver.Prerelease(v) != "") {
		r.at(d.root.get("document", "tracking", "status"), "version %s is that of a draft", d.version().text())
	}
}

func releasedZero(d *advisory, r *reporter) {
	if !d.released() {
		return
	}
	for _, n := range d.revisions {
		if v := version(n.text("number")); semver.IsValid(v) && semver.Major(v) == "v0" {
			r.at(n.get("number"), "a document that is %s has no version %s", d.status(), n.text("number"))
		}
	}
}

func preReleaseRevision(d *advisory, r *reporter) {
	for _, n := range d.revisions {
		if semver.Prerelease(version(n.text("number"))) != "" {
			r.at(n.get("number"), "%s is a pre-release", n.text("number"))
		}
	}
}

func preReleaseVersion(d *advisory, r *reporter) {
	if d.released() && semver.Prerelease(version(d.version().text())) != "" {
		r.at(d.version(), "%s is a pre-release, the document is %s", d.version().text(), d.status())
	}
}

func missingRevision(d *advisory, r *reporter) {
	last := -1
	for i, item := range d.history() {
		major, err := strconv.Atoi(strings.TrimPrefix(semver.Major(version(item.number)), "v"))
		if err != nil {
			return // larger than any history
		}
		switch {
		case i == 0 && major > 1:
			r.at(item.at, "the history starts with version %s, not with 0 or 1", item.number)
		case i > 0 && major > last+1:
			r.at(item.at, "between %d and %s there is no revision", last, item.number)
		}
		last = max(last, major)
	}
}

func revisionTwice(d *advisory, r *reporter) {
	seen := map[string]bool{}
	for _, n := range d.revisions {
		number := n.text("number")
		if number != "" && seen[number] {
			r.at(n.get("number"), "there is another revision %s", number)
		}
		seen[number] = true
	}
}

func mixedVersions(d *advisory, r *reporter) {
	if len(d.revisions) == 0 {
		return
	}
	semantic := func(s string) bool { return strings.Contains(s, ".") }
	first := d.revisions[0].text("number")
	check := func(n *node) {
		if s := n.text(); s != "" && first != "" && semantic(s) != semantic(first) {
			r.at(n, "%s beside %s: plain numbers and semantic versions are not mixed", s, first)
		}
	}
	for _, n := range d.revisions[1:] {
		check(n.get("number"))
	}
	check(d.version())
}
