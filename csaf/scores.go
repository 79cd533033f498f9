package csaf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
)

// scoreTests are about CVSS (CSAF 2.0 sections 6.1.7 to 6.1.10).
var scoreTests = []Test{
	{"6.1.7", "no product has two scores of one version of CVSS", Mandatory, scoredTwice},
	{"6.1.8", "CVSS objects have the form of their schema", Mandatory, invalidScore},
	{"6.1.9", "scores and severities follow from the vector", Mandatory, wrongScore},
	{"6.1.10", "metrics are those of the vector", Mandatory, wrongMetric},
}

// metric is a metric of CVSS with its name in JSON and the names of its values.
type metric struct {
	short, name string
	values      map[string]string // by their letters in a vector
}

const metrics2 = `
AV accessVector L=LOCAL A=ADJACENT_NETWORK N=NETWORK
AC accessComplexity H=HIGH M=MEDIUM L=LOW
Au authentication M=MULTIPLE S=SINGLE N=NONE
C confidentialityImpact N=NONE P=PARTIAL C=COMPLETE
I integrityImpact N=NONE P=PARTIAL C=COMPLETE
A availabilityImpact N=NONE P=PARTIAL C=COMPLETE
E exploitability U=UNPROVEN POC=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH ND=NOT_DEFINED
RL remediationLevel OF=OFFICIAL_FIX TF=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE ND=NOT_DEFINED
RC reportConfidence UC=UNCONFIRMED UR=UNCORROBORATED C=CONFIRMED ND=NOT_DEFINED
CDP collateralDamagePotential N=NONE L=LOW LM=LOW_MEDIUM MH=MEDIUM_HIGH H=HIGH ND=NOT_DEFINED
TD targetDistribution N=NONE L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
CR confidentialityRequirement L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
IR integrityRequirement L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
AR availabilityRequirement L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED`

const metrics3 = `
AV attackVector N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL
AC attackComplexity H=HIGH L=LOW
PR privilegesRequired H=HIGH L=LOW N=NONE
UI userInteraction N=NONE R=REQUIRED
S scope U=UNCHANGED C=CHANGED
C confidentialityImpact N=NONE L=LOW H=HIGH
I integrityImpact N=NONE L=LOW H=HIGH
A availabilityImpact N=NONE L=LOW H=HIGH
E exploitCodeMaturity U=UNPROVEN P=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH X=NOT_DEFINED
RL remediationLevel O=OFFICIAL_FIX T=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE X=NOT_DEFINED
RC reportConfidence U=UNKNOWN R=REASONABLE C=CONFIRMED X=NOT_DEFINED
CR confidentialityRequirement L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
IR integrityRequirement L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
AR availabilityRequirement L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
MAV modifiedAttackVector N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL X=NOT_DEFINED
MAC modifiedAttackComplexity H=HIGH L=LOW X=NOT_DEFINED
MPR modifiedPrivilegesRequired H=HIGH L=LOW N=NONE X=NOT_DEFINED
MUI modifiedUserInteraction N=NONE R=REQUIRED X=NOT_DEFINED
MS modifiedScope U=UNCHANGED C=CHANGED X=NOT_DEFINED
MC modifiedConfidentialityImpact N=NONE L=LOW H=HIGH X=NOT_DEFINED
MI modifiedIntegrityImpact N=NONE L=LOW H=HIGH X=NOT_DEFINED
MA modifiedAvailabilityImpact N=NONE L=LOW H=HIGH X=NOT_DEFINED`

var (
	version2Metrics = sync.OnceValue(func() []metric { return readMetrics(metrics2) })
	version3Metrics = sync.OnceValue(func() []metric { return readMetrics(metrics3) })
)

func readMetrics(table string) []metric {
	var all []metric
	for line := range strings.Lines(strings.TrimPrefix(table, "\n")) {
		fields := strings.Fields(line)
		m := metric{fields[0], fields[1], map[string]string{}}
		for _, value := range fields[2:] {
			letters, name, _ := strings.Cut(value, "=")
			m.values[letters] = name
		}
		all = append(all, m)
	}
	return all
}

// calculator is what the versions of CVSS have in common.
type calculator interface {
	Get(metric string) (string, error)
	Set(metric, value string) error
	BaseScore() float64
	TemporalScore() float64
	EnvironmentalScore() float64
}

// metricsOf are the metrics of the version of a CVSS object.
func metricsOf(score *node) []metric {
	if score.key == "cvss_v2" {
		return version2Metrics()
	}
	return version3Metrics()
}

// vectorOf are the metrics that a vector states, by their letters.
func vectorOf(score *node) map[string]string {
	stated := map[string]string{}
	for _, part := range strings.Split(score.text("vectorString"), "/") {
		if letters, value, ok := strings.Cut(part, ":"); ok && letters != "CVSS" {
			stated[letters] = value
		}
	}
	return stated
}

// calculate reads the vector of a CVSS object. The schema of CSAF lets metrics
// stand in any order, and single ones of a group; the library for CVSS v2 does not,
// so it reads the base metrics and is told of the others.
func calculate(score *node) (calculator, error) {
	parts := strings.Split(score.text("vectorString"), "/")
	if score.key == "cvss_v3" {
		if parts[0] == "CVSS:3.0" {
			return wrap(gocvss30.ParseVector(strings.Join(parts, "/")))
		}
		return wrap(gocvss31.ParseVector(strings.Join(parts, "/")))
	}
	stated := vectorOf(score)
	if len(stated) != len(parts) {
		return nil, errors.New("a metric stands twice")
	}
	var base []string
	for _, m := range version2Metrics()[:6] {
		base = append(base, m.short+":"+stated[m.short])
		delete(stated, m.short)
	}
	c, err := wrap(gocvss20.ParseVector(strings.Join(base, "/")))
	if err != nil {
		return nil, err
	}
	for letters, value := range stated {
		if err := c.Set(letters, value); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// wrap keeps a nil pointer from becoming an interface that is not nil.
func wrap[T calculator](c T, err error) (calculator, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

// scores visits the CVSS objects that have a vector.
func (d *advisory) scores(visit func(*node)) {
	for _, v := range d.vulnerabilities {
		for _, s := range v.all("scores") {
			for _, name := range []string{"cvss_v2", "cvss_v3"} {
				if c := s.get(name); c.text("vectorString") != "" {
					visit(c)
				}
			}
		}
	}
}

func scoredTwice(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		seen := map[[2]string]bool{}
		for _, s := range v.all("scores") {
			for _, name := range []string{"cvss_v2", "cvss_v3"} {
				version := s.text(name, "version")
				if version == "" {
					continue
				}
				for _, id := range s.texts("products") {
					if key := [2]string{id.value, version}; seen[key] {
						r.at(id, "the product %q has another score of CVSS %s", id.value, version)
					} else {
						seen[key] = true
					}
				}
			}
		}
	}
}

func invalidScore(d *advisory, r *reporter) {
	faulty := map[*node]bool{}
	for _, f := range d.scoreFaults {
		faulty[f.at.score()] = true
		r.at(f.at, "%s", f.message)
	}
	d.scores(func(s *node) {
		if faulty[s] {
			return
		}
		if _, err := calculate(s); err != nil {
			r.at(s.get("vectorString"), "no vector of CVSS: %v", err)
		} else if v := s.text("version"); s.key == "cvss_v3" && !strings.HasPrefix(s.text("vectorString"), "CVSS:"+v+"/") {
			r.at(s.get("version"), "the vector is not of version %s", v)
		}
	})
}

func wrongScore(d *advisory, r *reporter) {
	d.scores(func(s *node) {
		c, err := calculate(s)
		if err != nil {
			return // 6.1.8
		}
		for name, want := range map[string]float64{"base": c.BaseScore(), "temporal": c.TemporalScore(), "environmental": c.EnvironmentalScore()} {
			if is, ok := s.number(name + "Score"); ok && is != want {
				r.at(s.get(name+"Score"), "the vector has the score %.1f", want)
			}
			severity := s.text(name + "Severity")
			if s.key == "cvss_v2" || severity == "" {
				continue // CVSS v2 has no severities
			}
			if rating, err := gocvss31.Rating(want); err == nil && rating != severity {
				r.at(s.get(name+"Severity"), "the score %.1f is %s", want, rating)
			}
		}
	})
	slices.SortFunc(r.findings, func(a, b Finding) int { return strings.Compare(a.Pointer, b.Pointer) })
}

func wrongMetric(d *advisory, r *reporter) {
	d.scores(func(s *node) {
		stated := vectorOf(s)
		for _, m := range metricsOf(s) {
			is, want := s.text(m.name), m.values[stated[m.short]]
			if is != "" && want != "" && is != want {
				r.at(s.get(m.name), "%s, the vector says %s", is, want)
			}
		}
	})
}

// environmental is the environmental score by the vector and, for what it leaves
// out, by the metrics beside it.
func environmental(score *node) (float64, error) {
	c, err := calculate(score)
	if err != nil {
		return 0, err
	}
	stated := vectorOf(score)
	for _, m := range metricsOf(score) {
		if _, there := stated[m.short]; there {
			continue
		}
		for letters, name := range m.values {
			if name == score.text(m.name) {
				if err := c.Set(m.short, letters); err != nil {
					return 0, fmt.Errorf("%s: %w", m.name, err)
				}
			}
		}
	}
	return c.EnvironmentalScore(), nil
}
