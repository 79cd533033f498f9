package match

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"theriac/sbom/inventory"
)

// TestInstalledRPM: packages as the inventory lists them from a database of RPM are found
// in the ecosystem of their distribution, by the name that its advisories have, and in no other.
func TestInstalledRPM(t *testing.T) {
	for name, c := range map[string]struct {
		database, place, release string
		ecosystem, pack, fixed   string
		want                     []string // names of components
	}{
		"Rocky Linux":                {"sqlite", "rpmdb.sqlite", "ID=rocky\nVERSION_ID=9.3\n", "Rocky Linux:9", "openssl-libs", "1:3.0.7-28.el9", []string{"openssl-libs"}},
		"Rocky Linux, source":        {"sqlite", "rpmdb.sqlite", "ID=rocky\nVERSION_ID=9.3\n", "Rocky Linux:9", "ncurses", "6.2-11.el9", []string{"ncurses", "ncurses-libs"}},
		"Rocky Linux, fixed":         {"sqlite", "rpmdb.sqlite", "ID=rocky\nVERSION_ID=9.3\n", "Rocky Linux:9", "openssl-libs", "1:3.0.7-27.el9", nil},
		"Rocky Linux, another epoch": {"sqlite", "rpmdb.sqlite", "ID=rocky\nVERSION_ID=9.3\n", "Rocky Linux:9", "openssl-libs", "3.0.8-1.el9", nil},
		"Rocky Linux, other release": {"sqlite", "rpmdb.sqlite", "ID=rocky\nVERSION_ID=8.9\n", "Rocky Linux:9", "openssl-libs", "1:3.0.7-28.el9", nil},
		"AlmaLinux":                  {"sqlite", "rpmdb.sqlite", "ID=almalinux\nVERSION_ID=9.3\n", "AlmaLinux:9", "openssl-libs", "1:3.0.7-28.el9", []string{"openssl-libs"}},
		"Red Hat":                    {"berkeley", "Packages", "ID=rhel\nVERSION_ID=8.8\n", "Red Hat:enterprise_linux:8::baseos", "libuuid", "2.32.1-43.el8", []string{"libuuid"}},
		"SUSE":                       {"ndb", "Packages.db", "ID=sles\nVERSION_ID=15.5\n", "SUSE:Linux Enterprise Server 15 SP5", "bzip2", "1.0.6-5.12.1", []string{"libbz2-1"}},
		"openSUSE":                   {"ndb", "Packages.db", "ID=opensuse-leap\nVERSION_ID=15.5\n", "openSUSE:Leap 15.5", "zlib", "1.2.11-4.1", []string{"libz1"}},
		"Tumbleweed":                 {"ndb", "Packages.db", "ID=opensuse-tumbleweed\nVERSION_ID=20231101\n", "openSUSE:Tumbleweed", "elfutils", "0.168-5.1", []string{"libelf1"}},
	} {
		t.Run(name, func(t *testing.T) {
			root := installed(t, c.database, c.place, c.release)
			bom, err := inventory.Root(t.Context(), root)
			if err != nil {
				t.Fatal(err)
			}
			result, err := Match(bom, newMemory(record("X-1", c.ecosystem, c.pack, "0", "<"+c.fixed)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range result.Findings {
				got = append(got, f.Name)
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) || bom.Lost > 0 {
				t.Errorf("found for %q, want %q; unmonitored %v", got, c.want, result.Unmonitored)
			}
		})
	}
}

// installed is a root file system with a database of RPM.
func installed(t *testing.T, database, place, release string) *os.Root {
	t.Helper()
	dir := t.TempDir()
	f, err := os.Open(filepath.Join("..", "..", "sbom", "inventory", "testdata", "rpm", database+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"var/lib/rpm/" + place: text, "etc/os-release": []byte(release)} {
		whole := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(whole), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(whole, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}
