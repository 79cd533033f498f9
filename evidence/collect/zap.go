package collect

import (
	"cmp"
	"strings"

	"theriac/evidence"
)

// The ZAP collector reads the traditional JSON report, with or without requests
// and responses: a case for each alert on each site. Alerts fail from medium on
// unless told otherwise; those that were marked as false positives are skipped.
// Queries of addresses are left out, because they may hold secrets.
//
// The time is taken from the member created, which ZAP writes since 2.14; the
// older @generated has no zone.
//
// Source: ZAP report generation, templates traditional-json and
// traditional-json-plus.
var _ = add(Collector{
	Name:  "zap",
	Title: "ZAP JSON",
	Kind:  "dynamic-analysis",
	Looks: func(_ string, data []byte) bool {
		h := headOf(data)
		return !h.List && (strings.HasSuffix(h.Members["@programName"], "ZAP") || h.has("@version", "site"))
	},
	Read: readZAP,
})

type zapReport struct {
	Program string     `json:"@programName"`
	Version string     `json:"@version"`
	Created string     `json:"created"`
	Sites   *[]zapSite `json:"site"`
}

type zapSite struct {
	Name   string     `json:"@name"`
	Alerts []zapAlert `json:"alerts"`
}

type zapAlert struct {
	Plugin     string `json:"pluginid"`
	Ref        string `json:"alertRef"`
	Alert      string `json:"alert"`
	Name       string `json:"name"`
	Risk       string `json:"riskcode"`
	Confidence string `json:"confidence"`
	CWE        string `json:"cweid"`
	Instances  []struct {
		URI    string `json:"uri"`
		Method string `json:"method"`
		Param  string `json:"param"`
	} `json:"instances"`
	Tags []struct {
		Tag string `json:"tag"`
	} `json:"tags"`
}

func readZAP(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	var report zapReport
	if err := decodeJSON(in.Data, &report); err != nil {
		return nil, err
	}
	if report.Sites == nil || report.Version == "" {
		return nil, malformed(0, "no sites, or no version of ZAP")
	}
	f, suppressed := newFindings(limit(in, evidence.Medium)), 0
	for i := range *report.Sites {
		s := &(*report.Sites)[i]
		for j := range s.Alerts {
			if s.Alerts[j].Confidence == falsePositive {
				suppressed++
			}
			if err := s.Alerts[j].note(f, s.Name); err != nil {
				return nil, err
			}
		}
	}
	r := &Report{Tool: evidence.Tool{Name: clean(cmp.Or(report.Program, "ZAP")), Version: clean(report.Version)}, Finished: timeOf(report.Created)}
	f.analysis(r, len(*report.Sites) > 0, suppressed)
	return r, nil
}

// risks are ZAP's grades of risk.
var risks = map[string]evidence.Severity{"0": evidence.Info, "1": evidence.Low, "2": evidence.Medium, "3": evidence.High}

// falsePositive is the confidence that a tester gives to an alert that is none.
const falsePositive = "0"

func (a *zapAlert) note(f *findings, site string) error {
	rule := cmp.Or(a.Ref, a.Plugin)
	severity, known := risks[a.Risk]
	if rule == "" || !known {
		return malformed(0, "alert %q on %s has no rule, or the risk %q", clean(cmp.Or(a.Name, a.Alert)), clean(site), clean(a.Risk))
	}
	c := Case{ID: rule + "@" + site, Title: cmp.Or(a.Name, a.Alert), Severity: severity, Outcome: outcomeOf(severity, f.FailAt), Items: a.words()}
	if a.Confidence == falsePositive {
		c.Outcome = evidence.Skips
	}
	if len(a.Instances) == 0 {
		return f.note(c)
	}
	for _, i := range a.Instances {
		c.At = placeOfRequest(i.Method, i.URI, i.Param)
		if err := f.note(c); err != nil {
			return err
		}
	}
	return nil
}

func (a *zapAlert) words() []string {
	words := []string{a.Ref, a.Plugin, a.Name, a.Alert}
	if a.CWE != "" && a.CWE != "-1" && a.CWE != "0" {
		words = append(words, "CWE-"+a.CWE)
	}
	for _, t := range a.Tags {
		words = append(words, t.Tag)
	}
	return words
}

// placeOfRequest is the address that a request went to, and the parameter.
func placeOfRequest(method, uri, param string) string {
	if cut := strings.IndexAny(uri, "?#"); cut >= 0 {
		uri = uri[:cut]
	}
	place := strings.TrimSpace(method + " " + uri)
	if param != "" {
		place += " (" + param + ")"
	}
	return place
}
