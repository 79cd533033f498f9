package feed

import (
	"os"
	"slices"
	"strings"
	"testing"

	"theriac/vuln"
)

// TestMakers: the makers of the medical advisories of CISA that have a list, or look as
// if they had one.
func TestMakers(t *testing.T) {
	for vendor, want := range map[string][]string{
		"ENEA, Green Hills Software, ITRON, IP Infusion, and Wind River": {"ENEA", "Green Hills Software", "ITRON", "IP Infusion", "Wind River"},
		"Silex Technology and GE Healthcare":                             {"Silex Technology", "GE Healthcare"},
		"BMC Medical, 3B Medical":                                        {"BMC Medical", "3B Medical"},
		"Becton, Dickinson and Company (BD)":                             nil,
		"SOOIL Developments Co, Ltd.":                                    nil,
		"Natus Medical, Inc. (Natus)":                                    nil,
		"Bausch and Lomb":                                                nil,
		"Philips":                                                        nil,
		"A, ":                                                            nil,
		"":                                                               nil,
		strings.Repeat("maker, ", 1000) + "maker":                        nil,
	} {
		if got := makers(vendor); got[0] != vendor || !slices.Equal(got[1:], want) {
			t.Errorf("%.60q: %q, want %q", vendor, got[1:], want)
		}
	}
}

// TestCSAFMakers: a product of a branch for several makers is found under each of them.
func TestCSAFMakers(t *testing.T) {
	records, _ := recordsOf(t, func(emit func(*vuln.Record) error) (Stats, error) {
		return CSAF(t.Context(), "../../csaf/testdata/icsma/icsma-19-274-01.json", emit)
	})
	names := map[string]bool{}
	for _, r := range records {
		for _, a := range r.Affected {
			names[a.Name] = true
		}
	}
	for _, want := range []string{
		"enea-green-hills-software-itron-ip-infusion-wind-river/ipnet-tcp-ip-stack",
		"wind-river/ipnet-tcp-ip-stack", "enea/ose", "green-hills-software/integrity-rtos", "wind-river/vxworks",
	} {
		if !names[want] {
			t.Errorf("%s is not there: %v", want, names)
		}
	}
}

// TestCustomRanges: releases that are no versions of the module tell of the fix, and the
// module is affected in all its versions all the same.
func TestCustomRanges(t *testing.T) {
	text, err := os.ReadFile("testdata/osv/GO-2024-2428.json")
	if err != nil {
		t.Fatal(err)
	}
	all := vuln.Range{Kind: vuln.SemVer, Events: []vuln.Event{{Kind: vuln.Introduced, Version: "0"}}}
	custom := vuln.Range{Kind: vuln.InEcosystem, Events: []vuln.Event{{Kind: vuln.Introduced, Version: "0"}, {Kind: vuln.Fixed, Version: "1.9.0"}}}
	for name, c := range map[string]struct {
		old, new string
		want     []vuln.Range
	}{
		"as published":   {"", "", []vuln.Range{all, custom}},
		"of other shape": {`"custom_ranges"`, `"custom_ranges":[7,{"type":"ECOSYSTEM","events":"x"}],"x"`, []vuln.Range{all}},
		"of other type":  {`"type":"ECOSYSTEM"`, `"type":"GIT"`, []vuln.Range{all}},
	} {
		compact := strings.NewReplacer("\n", "", " ", "").Replace(string(text))
		if c.old != "" && !strings.Contains(compact, c.old) {
			t.Fatalf("%s: %s is not in the record", name, c.old)
		}
		document, _, err := parseOSV([]byte(strings.Replace(compact, c.old, c.new, 1)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := osvRecord(document).Affected[0].Ranges
		if !slices.EqualFunc(got, c.want, func(a, b vuln.Range) bool { return a.Kind == b.Kind && slices.Equal(a.Events, b.Events) }) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
