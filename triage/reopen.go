package triage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"theriac/model"
)

// Reopening is why a decision no longer holds.
type Reopening string

// The reasons, in the order in which they are given.
const (
	IdentityChanged Reopening = "identity"  // the component has another identity
	VersionOutside  Reopening = "version"   // its version is not among those decided about
	ReleaseOutside  Reopening = "release"   // the release is not
	Expired         Reopening = "expired"   // its last day has passed
	RangeChanged    Reopening = "range"     // the advisories give other vulnerable versions
	NowExploited    Reopening = "exploited" // it is listed as exploited (KEV)
	MoreLikely      Reopening = "epss"      // exploitation became more likely (EPSS)
	CVSSChanged     Reopening = "cvss"      // the advisories give other vectors
	NowFixed        Reopening = "fixed"     // a fixed version of the component is there
	SupportChanged  Reopening = "support"   // support of the component ended, or ends sooner than was known
	ExposureChanged Reopening = "exposure"  // the component is reached in another way
)

// Reason is why a decision is open again, with its words.
type Reason struct {
	Kind Reopening
	Text string // continues "the decision is open again: "
}

// Limits say when a higher probability of exploitation opens a decision again, in
// millionths.
type Limits struct{ Step, Level int }

// LimitsOf are the limits that a security file states, else a rise of 0.1, and 0.1.
func LimitsOf(file *model.File) Limits {
	l := Limits{Step: 100_000, Level: 100_000}
	if v := file.VulnerabilityHandling; v != nil {
		if n := millionths(v.EPSSStep); n >= 0 {
			l.Step = n
		}
		if n := millionths(v.EPSSLevel); n >= 0 {
			l.Level = n
		}
	}
	return l
}

// millionths reads a probability of 0 to 1; -1 where it is none.
func millionths(text string) int {
	p, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(p) || p < 0 || p > 1 {
		return -1
	}
	return int(math.Round(p * 1e6))
}

// Probability reports whether a text is a probability of 0 to 1.
func Probability(text string) bool { return millionths(text) >= 0 }

// changed lists what differs from what a decision rests on. A decision about components
// that are not in the product rests on nothing that advisories say.
func (j *Judge) changed(r *rule, release string, f Finding) []Reason {
	var all []Reason
	add := func(kind Reopening, format string, args ...any) {
		all = append(all, Reason{kind, fmt.Sprintf(format, args...)})
	}
	j.outside(r, release, f, add)
	if !r.Expires.IsZero() && r.Expires.Before(j.today) {
		add(Expired, "it expired on %s", r.Expires)
	}
	if r.Vulnerability != AnyVulnerability {
		j.advisories(r, f, add)
		j.exposure(r, f, add)
	}
	return all
}

type adder func(kind Reopening, format string, args ...any)

// outside compares version and release with those that a decision is bound to.
func (j *Judge) outside(r *rule, release string, f Finding, add adder) {
	set, stated := r.versions, r.Versions
	if stated == "" {
		set, stated = r.known, strings.Join(r.Known.Versions, ", ")
	}
	switch ok, err := j.holds(r, set, f.Component); {
	case r.versionsErr != nil:
		add(VersionOutside, "its versions cannot be read: %s", r.versionsErr)
	case stated == "" && r.Vulnerability == AnyVulnerability:
	case stated == "":
		add(VersionOutside, "it does not say for which versions of the component it holds")
	case err != nil:
		add(VersionOutside, "whether it holds for the component cannot be told: %s", err)
	case !ok:
		add(VersionOutside, "it holds for %s, and version %s is there", stated, f.Component.Version)
	}
	if r.Releases == "" {
		return
	}
	switch ok, err := r.releases.Holds(release, ""); {
	case r.relErr != nil:
		add(ReleaseOutside, "its releases cannot be read: %s", r.relErr)
	case err != nil:
		add(ReleaseOutside, "whether it holds for the release cannot be told: %s", err)
	case !ok:
		add(ReleaseOutside, "it holds for releases %s, and the release is %s", r.Releases, release)
	}
}

// holds is Range.Holds for the versions of a decision, worked out once for all findings in
// a component.
func (j *Judge) holds(r *rule, versions Range, c Component) (bool, error) {
	key := pair{r, c}
	a, known := j.held[key]
	if !known {
		a.ok, a.err = versions.Holds(c.Version, c.Ecosystem())
		j.held[key] = a
	}
	return a.ok, a.err
}

// advisories compares what advisories, KEV, EPSS and support data say with what was
// known.
func (j *Judge) advisories(r *rule, f Finding, add adder) {
	k := r.Known
	if k.Ranges != "" && f.Ranges != "" && k.Ranges != f.Ranges {
		add(RangeChanged, "the vulnerable versions are now given as %s", orElse(f.Range, "others"))
	}
	if f.KEV && k.Exploited != model.Yes {
		add(NowExploited, "the vulnerability is listed as exploited")
	}
	j.likelihood(k, f, add)
	if k.Ranges == "" { // nothing was noted when it was made, or of several vulnerabilities
		if k.Support != "" {
			j.support(r, f, add)
		}
		return
	}
	if !slices.Equal(sorted(k.CVSS), sorted(f.CVSS)) {
		add(CVSSChanged, "the CVSS vectors were %s and are %s", orElse(strings.Join(sorted(k.CVSS), ", "), "none"), orElse(strings.Join(sorted(f.CVSS), ", "), "none"))
	}
	var fixes []string
	for _, v := range sorted(f.Fixed) {
		if !slices.Contains(k.Fixed, v) {
			fixes = append(fixes, v)
		}
	}
	if len(fixes) > 0 {
		add(NowFixed, "a fix is there that was not: %s", strings.Join(fixes, ", "))
	}
	j.support(r, f, add)
}

func (j *Judge) likelihood(k model.Known, f Finding, add adder) {
	was, is := millionths(k.EPSS), millionths(f.EPSS)
	if k.EPSS == "" && k.Ranges != "" {
		was = 0 // nobody gave one then
	}
	switch {
	case is < 0 || was < 0 || is <= was:
	case is-was >= j.limits.Step:
		add(MoreLikely, "the probability of exploitation rose from %s to %s", orElse(k.EPSS, "none"), f.EPSS)
	case was < j.limits.Level && is >= j.limits.Level:
		add(MoreLikely, "the probability of exploitation, %s when it was decided, is %s and above the limit", orElse(k.EPSS, "none"), f.EPSS)
	}
}

// support tells whether the end of support came since, or is nearer than was known. One
// that nobody knew of and that is to come changes nothing.
func (j *Judge) support(r *rule, f Finding, add adder) {
	end, err := model.ParseDate(f.Support)
	switch {
	case f.Support == "":
	case err == nil && end.Before(j.today) && !end.Before(r.Date):
		add(SupportChanged, "support of the component ended on %s", end)
	case err != nil && f.Support != r.Known.Support:
		add(SupportChanged, "support of the component ended")
	case err == nil:
		if known, e := model.ParseDate(r.Known.Support); e == nil && end.Before(known) {
			add(SupportChanged, "the end of support of the component was %s and is %s", known, end)
		}
	}
}

func (j *Judge) exposure(r *rule, f Finding, add adder) {
	if r.Known.Exposure == "" || j.spoilt {
		return
	}
	if j.exposureOf(f.Component) != r.Known.Exposure {
		add(ExposureChanged, "the interfaces, flows or boundaries through which the component is reached changed")
	}
}

// exposureOf is the exposure of a component, worked out once for all findings in it.
func (j *Judge) exposureOf(c Component) string {
	key := j.key(c)
	exposure, known := j.exposed[key]
	if !known {
		exposure = j.Reach(c).Exposure()
		j.exposed[key] = exposure
	}
	return exposure
}

// key is what components share that the model does not tell apart.
func (j *Judge) key(c Component) string { return strings.Join(j.names(c), "\n") }

// Reach is what a finding in a component can touch; see ReachOf.
func (j *Judge) Reach(c Component) Reach {
	key := j.key(c)
	r, known := j.reached[key]
	if !known {
		r = ReachOf(j.file, c)
		j.reached[key] = r
	}
	return r
}

// RangesDigest identifies vulnerable versions, given as lines of advisory and range in
// any order: the first 32 hexadecimal digits of the SHA-256 over each line, sorted and
// without repetitions, with its length.
func RangesDigest(lines []string) string {
	var buf []byte
	for _, line := range sorted(lines) {
		buf = model.AppendText(buf, line)
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:])[:32]
}

// sorted is a list in order and without repetitions.
func sorted(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
