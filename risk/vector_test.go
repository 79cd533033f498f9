package risk

import (
	"strings"
	"testing"

	"theriac/model"
)

// TestReferenceVectors: scores that others published. CVE numbers have the base
// scores of the National Vulnerability Database, as quoted by the test data of
// go-cvss and cvssrust and by advisories; those of 2013 and of the patient reader
// were published for v3.0, whose base formula gives the same here. The v4.0 score
// of CVE-2014-6271 is that of the examples document of FIRST; the others are
// from the test data of go-cvss and polycvss.
func TestReferenceVectors(t *testing.T) {
	for _, tt := range []struct{ name, vector, score, basis string }{
		{"CVE-2021-28378", "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", "5.4", "base"},
		{"CVE-2020-14144", "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", "7.2", "base"},
		{"CVE-2021-44228", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "10.0", "base"},
		{"CVE-2014-6271", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "9.8", "base"},
		{"CVE-2020-0601", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:N", "8.1", "base"},
		{"CVE-2020-27252, a patient reader", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", "8.1", "base"},
		{"CVE-2013-1937", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "6.1", "base"},
		{"no impact", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", "0.0", "base"},
		{"temporal", "CVSS:3.1/AV:A/AC:H/PR:L/UI:N/S:C/C:H/I:L/A:L/E:F/RL:U/RC:R", "6.7", "temporal"},
		{"environmental before temporal", "CVSS:3.1/AV:A/AC:H/PR:L/UI:N/S:C/C:H/I:L/A:L/E:F/RL:U/RC:R/CR:H/IR:M/AR:L/MAV:N/MAC:L/MPR:N/MUI:N/MS:C/MC:H/MI:H/MA:H", "9.4", "environmental"},
		{"metrics named and not defined", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:X/MAV:X", "9.8", "base"},
		{"4.0 all", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "10.0", "CVSS-B"},
		{"4.0 CVE-2014-6271", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "9.3", "CVSS-B"},
		{"4.0 low impact", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N", "6.9", "CVSS-B"},
		{"4.0 no impact", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", "0.0", "CVSS-B"},
		{"4.0 threat", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:U", "9.1", "CVSS-BT"},
		{"4.0 environment with safety", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/MVI:L/MSA:S", "9.8", "CVSS-BE"},
		{"4.0 threat and environment", "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:P/VC:N/VI:H/VA:H/SC:N/SI:L/SA:L/E:P/CR:H/IR:M/AR:H/MAV:A/MAT:P/MPR:N/MVI:H/MVA:N/MSI:H/MSA:N/S:N/V:C/U:Amber", "4.7", "CVSS-BTE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := ParseVector(tt.vector)
			if err != nil {
				t.Fatal(err)
			}
			if v.Score.String() != tt.score || !strings.Contains(v.Basis, tt.basis) {
				t.Errorf("%s (%s), want %s (%s)", v.Score, v.Basis, tt.score, tt.basis)
			}
		})
	}
}

func TestVectorFaults(t *testing.T) {
	const whole31, whole40 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
	for _, tt := range []struct{ vector, want string }{
		{"", "does not begin with"},
		{"high", "does not begin with"},
		{"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "another version"},
		{"AV:N/AC:L/Au:N/C:P/I:P/A:P", "another version"},
		{"CVSS:3.1", "another version"},
		{"CVSS:3.1/", `"" is not a metric and its value`},
		{strings.Replace(whole31, "AV:N", "AV:X", 1), `"AV:X" is not a metric of this version`},
		{strings.Replace(whole31, "/A:H", "", 1), "base metric A is missing"},
		{whole31 + "/A:H", `metric "A" stands twice`},
		{whole31 + "/AT:N", `"AT:N" is not a metric of this version`},
		{whole31 + "/", `"" is not a metric and its value`},
		{strings.Replace(whole40, "/SA:N", "", 1), "base metric SA is missing"},
		{strings.Replace(whole40, "AV:N/AC:L", "AC:L/AV:N", 1), "do not stand in the order"},
		{whole40 + "/E:H", `"E:H" is not a metric of this version`},
		{whole31 + strings.Repeat("/E:X", 200), "longer than"},
	} {
		t.Run(tt.vector[:min(len(tt.vector), 60)], func(t *testing.T) {
			if _, err := ParseVector(tt.vector); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestCVSSMethod(t *testing.T) {
	const v31, v40 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
	for _, tt := range []struct {
		name, method string
		score        model.Score
		level        string
		want         string
	}{
		{"3.1", "cvss-3.1", model.Score{CVSS: v31}, "high", ""},
		{"4.0", "cvss-4.0", model.Score{CVSS: v40}, "high", ""},
		{"the other version", "cvss-3.1", model.Score{CVSS: v40}, "", "version cvss"},
		{"an older version", "cvss-4.0", model.Score{CVSS: "CVSS:3.0/AV:N"}, "", "version cvss"},
		{"none", "cvss-4.0", model.Score{}, "", "no-input cvss"},
		{"unreadable", "cvss-4.0", model.Score{CVSS: "9.8"}, "", "unreadable cvss"},
		{"factors beside it", "cvss-3.1", model.Score{CVSS: v31, Feasibility: model.Feasibility{Time: "one-day"}}, "high", "unused feasibility"},
		{"judged with a vector of either version", "judged", model.Score{CVSS: v40}, "", ""},
		{"judged with one of none", "judged", model.Score{CVSS: "9.8"}, "", "unreadable cvss"},
		{"judged alone", "judged", model.Score{Exploitability: "low"}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := MethodOf(scoringPolicy(tt.method, "0.0", "4.0", "7.0")).Estimate(tt.score)
			if tt.method == "judged" {
				e = MethodOf(model.RiskPolicy{Scoring: "judged"}).Estimate(tt.score)
			}
			if e.Level != tt.level || faults(e.Problems) != tt.want || e.Known != (tt.level != "") {
				t.Errorf("level %q, known %v, problems %q", e.Level, e.Known, faults(e.Problems))
			}
		})
	}
}

// FuzzVector: whatever stands in a file, reading it ends, and what was read scores
// within the range and has all base metrics.
func FuzzVector(f *testing.F) {
	for _, seed := range []string{"", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A",
		"CVSS:4.0/", "CVSS:3.1///", "CVSS:3.1/AV", "CVSS:4.0//AV:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:L"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseVector(text)
		if err != nil {
			return
		}
		base := base31
		if v.Version == "cvss-4.0" {
			base = base40
		}
		for _, m := range base {
			if v.Metric(m) == "" || v.Metric(m) == "X" {
				t.Errorf("%q is read without %s", text, m)
			}
		}
		if v.Score < 0 || v.Score > 100 || v.Basis == "" {
			t.Errorf("%q scores %s (%s)", text, v.Score, v.Basis)
		}
	})
}
