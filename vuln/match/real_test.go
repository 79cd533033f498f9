package match

import (
	"context"
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
	"theriac/vuln"
	"theriac/vuln/feed"
)

// realAdvisories reads extracts of what the NVD, Red Hat and AlmaLinux publish.
func realAdvisories(t *testing.T) *memory {
	t.Helper()
	m := newMemory()
	add := func(r *vuln.Record) error {
		m.add(r)
		return nil
	}
	if stats, err := feed.NVD(context.Background(), "testdata/nvd", add); err != nil || stats.Records != 20 || len(stats.NotUnderstood) > 0 {
		t.Fatalf("the NVD was not read: %+v, %v", stats, err)
	}
	if stats, err := feed.CSAF(context.Background(), "../feed/testdata/csaf/rhsa-2024_4546.json", add); err != nil || stats.Records == 0 {
		t.Fatalf("the advisory of Red Hat was not read: %+v, %v", stats, err)
	}
	if stats, err := feed.OSV(context.Background(), "testdata/almalinux", add); err != nil || stats.Records != 4 || len(stats.NotUnderstood) > 0 {
		t.Fatalf("the records of AlmaLinux were not read: %+v, %v", stats, err)
	}
	return m
}

// TestRealCPE has what the records of testdata/nvd say of vendored libraries and systems.
func TestRealCPE(t *testing.T) {
	db := realAdvisories(t)
	plugin := "clickbank:affiliate_ads_for_clickbank_products:"
	for name, c := range map[string]struct {
		cpe            string
		version        string // of the component, where it is not that of the CPE name
		found, unknown string
	}{
		"openssl before Heartbleed":       {"a:openssl:openssl:1.0.0t:*:*:*:*:*:*:*", "", "CVE-2016-2107", ""},
		"openssl with Heartbleed":         {"a:openssl:openssl:1.0.1f:*:*:*:*:*:*:*", "", "CVE-2014-0160 CVE-2014-3505 CVE-2016-2107", ""},
		"openssl that fixed Heartbleed":   {"a:openssl:openssl:1.0.1g:*:*:*:*:*:*:*", "", "CVE-2014-3505 CVE-2016-2107", ""},
		"openssl, two letters":            {"a:openssl:openssl:0.9.8za:*:*:*:*:*:*:*", "", "CVE-2014-3505 CVE-2016-2107", ""},
		"openssl that fixed all":          {"a:openssl:openssl:1.0.2h:*:*:*:*:*:*:*", "", "", ""},
		"openssl, listed beta":            {"a:openssl:openssl:1.0.1:beta2:*:*:*:*:*:*", "", "CVE-2014-0160 CVE-2014-3505 CVE-2016-2107", ""},
		"openssl, beta in the version":    {"a:openssl:openssl:1.0.2-beta1:*:*:*:*:*:*:*", "", "CVE-2016-2107", ""},
		"openssl, any update of 1.0.2":    {"a:openssl:openssl:1.0.2:beta9:*:*:*:*:*:*", "", "CVE-2016-2107", ""},
		"openssl, build of Red Hat":       {"a:openssl:openssl:1.0.1e-25.el7:*:*:*:*:*:*:*", "", "CVE-2014-0160 CVE-2015-3216 CVE-2016-2107", ""},
		"busybox 1.22.1":                  {"a:busybox:busybox:1.22.1:*:*:*:*:*:*:*", "", "CVE-2014-9645 CVE-2015-9261 CVE-2016-2147 CVE-2016-6301", ""},
		"busybox 1.25.1":                  {"a:busybox:busybox:1.25.1:*:*:*:*:*:*:*", "", "CVE-2015-9261", ""},
		"busybox 1.27.2":                  {"a:busybox:busybox:1.27.2:*:*:*:*:*:*:*", "", "CVE-2017-15873", ""},
		"busybox 1.36.1":                  {"a:busybox:busybox:1.36.1:*:*:*:*:*:*:*", "", "", ""},
		"busybox, version apart":          {"a:busybox:busybox:*:*:*:*:*:*:*:*", "1.27.2", "CVE-2017-15873", ""},
		"wpa_supplicant 2.0":              {"a:w1.fi:wpa_supplicant:2.0:*:*:*:*:*:*:*", "", "CVE-2014-3686 CVE-2015-8041 CVE-2016-4476", ""},
		"wpa_supplicant 2.5":              {"a:w1.fi:wpa_supplicant:2.5:*:*:*:*:*:*:*", "", "CVE-2016-4476", ""},
		"wpa_supplicant 2.6":              {"a:w1.fi:wpa_supplicant:2.6:*:*:*:*:*:*:*", "", "", ""},
		"openssh, update apart":           {"a:openbsd:openssh:7.2:p2:*:*:*:*:*:*", "", "CVE-2015-8325 CVE-2016-10009", "CVE-2016-3115"},
		"openssh, update in the version":  {"a:openbsd:openssh:7.2p2:*:*:*:*:*:*:*", "", "CVE-2015-8325 CVE-2016-10009", "CVE-2016-3115"},
		"openssh, earlier update":         {"a:openbsd:openssh:7.1:p1:*:*:*:*:*:*", "", "CVE-2016-10009 CVE-2016-3115", "CVE-2015-8325"},
		"openssh, last vulnerable":        {"a:openbsd:openssh:7.3p1:*:*:*:*:*:*:*", "", "CVE-2016-10009", ""},
		"openssh that fixed all":          {"a:openbsd:openssh:7.4:p1:*:*:*:*:*:*", "", "", ""},
		"Windows has no version":          {"o:microsoft:windows_7:-:sp1:*:*:*:*:*:*", "", "CVE-2014-1824 CVE-2017-0004", ""},
		"Windows with that of its build":  {"o:microsoft:windows_7:-:sp1:*:*:*:*:*:*", "6.1.7601", "CVE-2014-1824 CVE-2017-0004", ""},
		"Windows with another update":     {"o:microsoft:windows_7:-:sp2:*:*:*:*:*:*", "", "", ""},
		"Windows by its build alone":      {"o:microsoft:windows_7:6.1.7601:sp1:*:*:*:*:*:*", "", "CVE-2014-1824", "CVE-2017-0004"},
		"plugin of WordPress":             {"a:" + plugin + "1.6:*:*:*:*:wordpress:*:*", "", "CVE-2017-18011", ""},
		"plugin of something else":        {"a:" + plugin + "1.6:*:*:*:*:drupal:*:*", "", "", ""},
		"plugin of nobody knows what":     {"a:" + plugin + "1.6:*:*:*:*:*:*:*", "", "", "CVE-2017-18011"},
		"plugin, of a later version":      {"a:" + plugin + "1.7:*:*:*:*:wordpress:*:*", "", "", ""},
		"hardware of the name of a thing": {"h:busybox:busybox:1.22.1:*:*:*:*:*:*:*", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bom := &sbom.BOM{Components: []sbom.Component{{Name: "part", Version: c.version, CPEs: []string{"cpe:2.3:" + c.cpe}}}}
			got, err := Match(bom, db, Options{})
			if err != nil || idsIn(got.Findings) != c.found || idsIn(got.Unknown) != c.unknown || len(got.Unmonitored) > 0 {
				t.Errorf("found %q, unknown %q, unmonitored %v, want %q, %q; %v", idsIn(got.Findings), idsIn(got.Unknown), got.Unmonitored, c.found, c.unknown, err)
			}
		})
	}
}

// TestRealDevice: of the CPE names in the list of a real device hardly a vendor is known.
func TestRealDevice(t *testing.T) {
	got, err := Match(readBOM(t, "meddev-narrow.cdx.json"), realAdvisories(t), Options{})
	if err != nil || len(got.Findings)+len(got.Unknown) > 0 || got.Status != Failed {
		t.Fatalf("%d findings, %d unknown, %s, %v", len(got.Findings), len(got.Unknown), got.Status, err)
	}
	reasons := map[string]string{}
	for _, u := range got.Unmonitored {
		reasons[u.Name] = u.Reason
	}
	for name, want := range map[string]string{
		"Dapper": "no data know the vendor stack_exchange of its CPE name", "log4net": "no data know the vendor the_apache_software_foundation of its CPE name",
		"NETStandard.Library": "no data know the vendor .net_foundation of its CPE name",
	} {
		if !strings.HasSuffix(reasons[name], want) {
			t.Errorf("%s is not watched: %q, want %q", name, reasons[name], want)
		}
	}
}

// TestRealRPM has packages of Red Hat and AlmaLinux.
func TestRealRPM(t *testing.T) {
	db := realAdvisories(t)
	const alma = "pkg:rpm/almalinux/"
	for purl, want := range map[string]string{
		"pkg:rpm/redhat/git-lfs@2.13.3-2.el8?arch=x86_64&distro=rhel-8.6":                                         "CVE-2023-45288",
		"pkg:rpm/redhat/git-lfs@2.13.3-3.el8_6.1?arch=x86_64&distro=rhel-8.6":                                     "",
		"pkg:rpm/redhat/git-lfs@2.13.3-2.el8?arch=aarch64&distro=rhel-8.6":                                        "CVE-2023-45288", // whatever it is built for
		"pkg:rpm/redhat/git-lfs@2.13.3-2.el8?arch=x86_64&distro=rhel-8.8":                                         "",
		alma + "openssl-libs@3.0.1-40.el9_0?arch=x86_64&epoch=1&distro=almalinux-9.0":                             "ALSA-2022:6224 ALSA-2023:3722",
		alma + "openssl-libs@3.0.1-41.el9_0?epoch=1&distro=almalinux-9.0&upstream=openssl-3.0.1-41.el9_0.src.rpm": "ALSA-2023:3722",
		alma + "openssl-libs@3.0.7-16.el9_2?arch=x86_64&epoch=1&distro=almalinux-9":                               "",
		alma + "openssl-libs@3.0.1-40.el9_0?arch=x86_64&epoch=1&distro=almalinux-8.6":                             "",
		alma + "zlib@1.2.11-31.el9?distro=almalinux-9":                                                            "ALSA-2022:7314",
		alma + "redis@7.2.6-1.module_el9.5.0%2B130%2B36ae7635?distro=almalinux-9.5":                               "ALSA-2025:0692",
		alma + "redis@6.2.7-1.el9?distro=almalinux-9.5":                                                           "", // of the base, not of the stream
	} {
		got := scanOf(t, db, purl)
		var ids []string
		for _, f := range got.Findings {
			id := f.ID
			if i := slices.IndexFunc(f.Aliases, func(a string) bool { return strings.HasPrefix(a, "CVE-") }); i >= 0 {
				id = f.Aliases[i]
			}
			ids = append(ids, id)
		}
		if strings.Join(ids, " ") != want || len(got.Unknown) > 0 {
			t.Errorf("%s: found %v, unknown %q, want %q", purl, ids, idsIn(got.Unknown), want)
		}
	}
}
