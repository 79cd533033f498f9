package inventory

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/sbom"
)

// database unpacks a database from testdata.
func database(t testing.TB, name string) string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "rpm", name+".gz"))
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
	return string(text)
}

const (
	rocky9  = "ID=\"rocky\"\nVERSION_ID=\"9.3\"\nPRETTY_NAME=\"Rocky Linux 9.3\"\n"
	rhel8   = "ID=rhel\nVERSION_ID=8.8\n"
	sles155 = "ID=\"sles\"\nVERSION_ID=\"15.5\"\n"
)

const (
	opensslLibs = "pkg:rpm/rocky/openssl-libs@3.0.7-27.el9?arch=x86_64&distro=rocky-9.3&epoch=1&upstream=openssl-3.0.7-27.el9.src.rpm"
	openssl     = "pkg:rpm/rocky/openssl@3.0.7-27.el9?arch=x86_64&distro=rocky-9.3&epoch=1&upstream=openssl-3.0.7-27.el9.src.rpm"
	ncursesLibs = "pkg:rpm/rocky/ncurses-libs@6.2-10.20210508.el9?arch=x86_64&distro=rocky-9.3&upstream=ncurses-6.2-10.20210508.el9.src.rpm"
	ncurses     = "pkg:rpm/rocky/ncurses@6.2-10.20210508.el9?arch=x86_64&distro=rocky-9.3&upstream=ncurses-6.2-10.20210508.el9.src.rpm"
	bash        = "pkg:rpm/rocky/bash@5.1.8-9.el9?arch=x86_64&distro=rocky-9.3&upstream=bash-5.1.8-9.el9.src.rpm"
	tzdata      = "pkg:rpm/rocky/tzdata@2024a-1.el9?arch=noarch&distro=rocky-9.3&upstream=tzdata-2024a-1.el9.src.rpm"
	zlib        = "pkg:rpm/rocky/zlib@1.2.11-40.el9?arch=x86_64&distro=rocky-9.3&upstream=zlib-1.2.11-40.el9.src.rpm"
)

func TestRPMWithSQLite(t *testing.T) {
	bom := look(t, tree(t, map[string]string{
		"etc/os-release": rocky9, "var/lib/rpm/rpmdb.sqlite": database(t, "sqlite"), "var/lib/rpm/rpmdb.sqlite-wal": "", "var/lib/rpm/rpmdb.sqlite-journal": "",
	}))
	has(t, bom, []string{opensslLibs, ncursesLibs, bash, openssl, ncurses, tzdata}, nil)
	want := sbom.Component{
		Ref: bash, Type: "library", Name: "bash", Version: "5.1.8-9.el9", PURL: bash, Supplier: "Rocky Enterprise Software Foundation", Description: "A shell",
		Licences: []string{"GPLv3+"}, Links: []sbom.Link{{Kind: "website", URL: "https://example.org/bash"}}, Parent: -1,
	}
	if got := bom.Components[2]; !reflect.DeepEqual(got, want) {
		t.Errorf("bash is %+v, want %+v", got, want)
	}
	if got := bom.Components[0].Version; got != "1:3.0.7-27.el9" {
		t.Errorf("openssl-libs has the version %s", got)
	}
	for from, on := range map[string][]string{bash: {ncursesLibs}, openssl: {opensslLibs}, tzdata: {}} {
		if got := bom.Depends[from]; !slices.Equal(got, on) {
			t.Errorf("%s depends on %q, want %q", from, got, on)
		}
	}
}

// TestRPMLog: what stands in the log alone counts, what it removes does not.
func TestRPMLog(t *testing.T) {
	text, log := database(t, "sqlite"), database(t, "sqlite-wal")
	after := []string{opensslLibs, ncursesLibs, openssl, ncurses, tzdata, zlib}
	before := []string{opensslLibs, ncursesLibs, bash, openssl, ncurses, tzdata}
	damaged := []byte(log)
	damaged[8] ^= 1
	altered := []byte(log)
	altered[logHead+logFrame+4000] ^= 1 // of the first page: nothing after it counts
	for name, test := range map[string]struct {
		log      string
		want     []string
		problems []string
	}{
		"whole":         {log, after, nil},
		"left over":     {log + strings.Repeat("old", 4000), after, nil},
		"not committed": {log[:logHead+2*(logFrame+4096)], before, nil},
		"altered":       {string(altered), before, nil},
		"head damaged": {string(damaged), before, []string{
			"var/lib/rpm/rpmdb.sqlite: its log cannot be read: its head is damaged; newer packages may be missing, and removed ones listed",
		}},
		"head cut short": {log[:20], before, []string{
			"var/lib/rpm/rpmdb.sqlite: its log cannot be read: it is cut short; newer packages may be missing, and removed ones listed",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			has(t, look(t, tree(t, map[string]string{
				"etc/os-release": rocky9, "var/lib/rpm/rpmdb.sqlite": text, "var/lib/rpm/rpmdb.sqlite-wal": test.log,
			})), test.want, test.problems)
		})
	}
}

func TestRPMWithBerkeleyDB(t *testing.T) {
	bom := look(t, tree(t, map[string]string{"etc/os-release": rhel8, "var/lib/rpm/Packages": database(t, "berkeley")}))
	has(t, bom, []string{"pkg:rpm/redhat/libuuid@2.32.1-42.el8_8?arch=x86_64&distro=rhel-8.8&upstream=util-linux-2.32.1-42.el8_8.src.rpm"}, nil)
	if c := bom.Components[0]; c.Supplier != "Red Hat, Inc." || !slices.Equal(c.Licences, []string{"BSD"}) {
		t.Errorf("libuuid is %+v", c)
	}
}

func TestRPMWithNDB(t *testing.T) {
	bom := look(t, tree(t, map[string]string{"etc/os-release": sles155, "usr/lib/sysimage/rpm/Packages.db": database(t, "ndb")}))
	var names []string
	for _, c := range bom.Components {
		names = append(names, c.Name+" "+c.Version)
		if !strings.HasPrefix(c.PURL, "pkg:rpm/suse/"+c.Name+"@") || !strings.Contains(c.PURL, "distro=sles-15.5&upstream=") || c.Supplier != "SUSE LLC" || c.Contact != "https://www.suse.com/" {
			t.Errorf("%s of %s", c.PURL, c.Supplier)
		}
	}
	slices.Sort(names)
	if want := []string{"libbz2-1 1.0.6-5.11.1", "libcap2 2.26-4.6.1", "libelf1 0.168-4.5.3", "liblua5_3-5 5.3.6-3.6.1", "libz1 1.2.11-3.21.1"}; !slices.Equal(names, want) || bom.Lost > 0 {
		t.Errorf("packages %q, problems %v; want %q", names, bom.Problems, want)
	}
}

// TestRPMCutShort: what is there is read or told of, and nothing is told twice.
func TestRPMCutShort(t *testing.T) {
	for name, test := range map[string]struct {
		release, file string
		length        int
		packages      int
		problems      []string
	}{
		"empty": {rocky9, "rpmdb.sqlite", 0, 0, []string{"the database is not read: the form of the database is not known; packages in it are missing from this list"}},
		"head":  {rocky9, "rpmdb.sqlite", 50, 0, []string{"the database is not read: the form of the database is not known; packages in it are missing from this list"}},
		"one page": {rocky9, "rpmdb.sqlite", 4096, 0, []string{
			"the database is cut short: it has 1 of 57 pages",
			"page 33 is not there, or is used twice; packages on it are missing", // of the schema
			"page 35 is not there, or is used twice; packages on it are missing",
			"the database is not read: it has no table Packages; packages in it are missing from this list",
		}},
		"most": {rocky9, "rpmdb.sqlite", 54 * 4096, 4, []string{
			"the database is cut short: it has 54 of 57 pages",
			"page 55 is not there, or is used twice; packages on it are missing", "page 57 is not there, or is used twice; packages on it are missing",
		}},
		"Berkeley": {rhel8, "Packages", 60000, 0, []string{
			"the database is cut short: it has 14 of 23 pages", "page 2, item 1: a package is not read: it is larger than the database, or than 67108864 bytes",
		}},
		"ndb": {sles155, "Packages.db", 1_180_000, 4, []string{"slot 32: a package is not read: it is cut short"}},
	} {
		t.Run(name, func(t *testing.T) {
			form := map[string]string{"rpmdb.sqlite": "sqlite", "Packages": "berkeley", "Packages.db": "ndb"}[test.file]
			bom := look(t, tree(t, map[string]string{"etc/os-release": test.release, "var/lib/rpm/" + test.file: database(t, form)[:test.length]}))
			var got []string
			for _, p := range bom.Problems {
				got = append(got, strings.TrimPrefix(p.What, "var/lib/rpm/"+test.file+": "))
			}
			if len(bom.Components) != test.packages || !slices.Equal(got, test.problems) || bom.Lost != len(got) {
				t.Errorf("%d packages, problems %q", len(bom.Components), got)
			}
		})
	}
}

// TestRPMAltered alters bytes, close to each other where structure stands: the reader
// ends, and soon.
func TestRPMAltered(t *testing.T) {
	for _, form := range []string{"sqlite", "berkeley", "ndb"} {
		text := []byte(database(t, form))
		start := time.Now()
		for at := 0; at < len(text); at += 1 + at/512 {
			for _, b := range []byte{0, 1, 0x7f, 0xff} {
				old := text[at]
				text[at] = b
				sound(t, readDatabase(t, text, nil))
				text[at] = old
			}
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: %v", form, took)
		}
	}
}

// readDatabase lists what a database has.
func readDatabase(t *testing.T, text, log []byte) *sbom.BOM {
	t.Helper()
	l := newList("test")
	l.distro = distro{id: "rocky", version: "9.3"}
	d := &rpmDatabase{file: bytes.NewReader(text), size: int64(len(text)), log: bytes.NewReader(log), logSize: int64(len(log))}
	if err := l.rpm(t.Context(), d, "db"); err != nil {
		t.Fatal(err)
	}
	return l.finish()
}

// TestRPMCycle: chains and trees that come back to themselves end.
func TestRPMCycle(t *testing.T) {
	chain := []byte(database(t, "berkeley"))
	for page := 2; page < len(chain)/4096; page++ {
		binary.LittleEndian.PutUint32(chain[page*4096+16:], 14) // the next page of each
	}
	bom := readDatabase(t, chain, nil)
	if len(bom.Components) != 0 || bom.Lost != 1 || !strings.Contains(bom.Problems[0].What, "is that of another package") {
		t.Errorf("Berkeley DB: %+v", bom.Problems)
	}
	tree := []byte(database(t, "sqlite"))
	tree[100] = sqliteInterior // the schema, below itself
	binary.BigEndian.PutUint32(tree[108:], 1)
	binary.BigEndian.PutUint16(tree[103:], 0)
	has(t, readDatabase(t, tree, nil), nil, []string{
		"db: page 1 is not there, or is used twice; packages on it are missing",
		"db: the database is not read: it has no table Packages; packages in it are missing from this list",
	})
	slots := []byte(database(t, "ndb"))
	var first []byte
	for at := 32; at < 4096; at += ndbSlot {
		if slot := slots[at : at+ndbSlot]; binary.LittleEndian.Uint32(slot[4:]) > 0 && first == nil {
			first = slot
		} else if first != nil {
			copy(slot, first)
		}
	}
	if bom := readDatabase(t, slots, nil); len(bom.Components) != 1 || bom.Lost < 200 {
		t.Errorf("ndb: %d packages, %d problems", len(bom.Components), bom.Lost)
	}
}

// TestRPMChecksum: a package of ndb that was altered is told of.
func TestRPMChecksum(t *testing.T) {
	text := []byte(database(t, "ndb"))
	at := bytes.Index(text, []byte("libcap2\x00"))
	copy(text[at:], "libcap3")
	bom := readDatabase(t, text, nil)
	if len(bom.Components) != 4 || bom.Lost != 1 || !strings.Contains(bom.Problems[0].What, "its checksum is another one") {
		t.Errorf("%d packages, problems %v", len(bom.Components), bom.Problems)
	}
}

// headerOf makes the header of a package from tags, types and values.
func headerOf(values ...any) []byte {
	var index, data []byte
	for i := 0; i < len(values); i += 3 {
		text := values[i+2].(string)
		count := uint32(strings.Count(text, "\x00"))
		if values[i+1] == rpmInt32 {
			count = uint32(len(text) / 4)
		}
		for _, n := range []uint32{uint32(values[i].(int)), uint32(values[i+1].(int)), uint32(len(data)), count} {
			index = binary.BigEndian.AppendUint32(index, n)
		}
		data = append(data, text...)
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(index)/16))
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	return append(append(out, index...), data...)
}

func TestRPMHeader(t *testing.T) {
	name, version := []any{rpmName, rpmString, "a\x00"}, []any{rpmVersion, rpmString, "1\x00"}
	with := func(more ...any) []byte { return headerOf(slices.Concat(name, version, more)...) }
	whole := with()
	for text, want := range map[string]string{
		string(whole): "a 1",
		string(with(rpmRelease, rpmString, "2\x00", rpmEpoch, rpmInt32, "\x00\x00\x00\x03")):      "a 3:1-2",
		string(with(rpmEpoch, rpmInt32, "\x00\x00\x00\x00")):                                      "a 1",
		string(with(rpmSummary, rpmLanguages, "one\x00eins\x00", rpmVersion, rpmString, "4\x00")): "a 4", // later values win
		string(with(rpmVendor, rpmString, "\xff\x00")):                                            "a 1",
		string(whole[:len(whole)-1]):                                                              "it is cut short",
		string(whole[:7]):                                                                         "it is cut short",
		"\xff\xff\xff\xff\xff\xff\xff\xff":                                                        "it is cut short",
		string(with(rpmEpoch, rpmString, "1\x00")):                                                "its epoch is no number",
		string(with(rpmArch, rpmInt32, "\x00\x00\x00\x03")):                                       "its value 1022: the type 4 is none of a text",
	} {
		p, err := readRPM([]byte(text))
		got := fmt.Sprint(err)
		if err == nil {
			got = p.name + " " + p.evr()
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// ndbOf makes a database of packages.
func ndbOf(headers ...[]byte) []byte {
	order := binary.LittleEndian
	pages := (len(headers)+2)/256 + 1
	out := make([]byte, pages*ndbPage)
	for at := 32; at < len(out); at += ndbSlot {
		copy(out[at:], "Slot")
	}
	copy(out, "RpmP")
	order.PutUint32(out[12:], uint32(pages))
	for i, header := range headers {
		slot := out[32+i*ndbSlot:]
		order.PutUint32(slot[4:], uint32(i+1))
		order.PutUint32(slot[8:], uint32(len(out)/ndbBlock))
		blob := order.AppendUint32([]byte("BlbS"), uint32(i+1))
		blob = order.AppendUint32(append(blob, 0, 0, 0, 0), uint32(len(header)))
		blob = append(blob, header...)
		blob = append(blob, make([]byte, (32-(len(blob)+12)%16)%16)...)
		blob = order.AppendUint32(blob, adler32.Checksum(blob))
		blob = append(order.AppendUint32(blob, uint32(len(header))), "BlbE"...)
		order.PutUint32(slot[12:], uint32(len(blob)/ndbBlock))
		out = append(out, blob...)
	}
	return out
}

func TestRPMPackages(t *testing.T) {
	bom := readDatabase(t, ndbOf(
		headerOf(rpmName, rpmString, "a\x00", rpmVersion, rpmString, "1\x00", rpmModule, rpmString, "nodejs:16:8050020210810\x00", rpmPackager, rpmString, "Jane Roe <jane@example.org>\x00",
			rpmRequires, rpmStrings, "rpmlib(CompressedFileNames)\x00(b if c)\x00lib(x)\x00a\x00"),
		headerOf(rpmName, rpmString, "b\x00", rpmVersion, rpmString, "1\x00", rpmProvides, rpmStrings, "b\x00lib(x)\x00"),
		headerOf(rpmName, rpmString, "a\x00", rpmVersion, rpmString, "1\x00"),
		headerOf(rpmName, rpmString, "gpg-pubkey\x00", rpmVersion, rpmString, "8124cb39\x00"),
		headerOf(rpmName, rpmString, "nameless\x00"),
		[]byte("no header"),
	), nil)
	has(t, bom, []string{"pkg:rpm/rocky/a@1?distro=rocky-9.3", "pkg:rpm/rocky/b@1?distro=rocky-9.3"}, []string{
		"db: slot 6: a package has no name or no version; it is left out",
		"db: slot 7: a package is not understood: it is cut short",
		"db: 1 packages are listed already; they are not listed again",
	})
	if c := bom.Components[0]; c.Contact != "jane@example.org" || !slices.Equal(c.Properties, []sbom.Property{{Name: "theriac:rpm:module", Value: "nodejs:16:8050020210810"}}) {
		t.Errorf("a is %+v", c)
	}
	if got := bom.Depends[bom.Components[0].Ref]; !slices.Equal(got, []string{bom.Components[1].Ref}) {
		t.Errorf("a depends on %q", got)
	}
	if bom.Lost != 2 {
		t.Errorf("%d problems lost something", bom.Lost)
	}
}

// TestRPMRelations: names without number are bounded.
func TestRPMRelations(t *testing.T) {
	many := strings.Repeat("x\x00", 900_000)
	var headers [][]byte
	for _, name := range []string{"a\x00", "b\x00", "c\x00"} {
		headers = append(headers, headerOf(rpmName, rpmString, name, rpmVersion, rpmString, "1\x00", rpmRequires, rpmStrings, many))
	}
	has(t, readDatabase(t, ndbOf(headers...), nil), []string{"pkg:rpm/rocky/a@1?distro=rocky-9.3", "pkg:rpm/rocky/b@1?distro=rocky-9.3", "pkg:rpm/rocky/c@1?distro=rocky-9.3"}, []string{
		"db: slot 4: packages provide and require more than 2000000 names; those of c are left out",
	})
}

func TestRPMLinks(t *testing.T) {
	root := tree(t, map[string]string{"etc/os-release": rocky9, "var/lib/rpm/rpmdb.sqlite": database(t, "sqlite"), "data/log": database(t, "sqlite-wal")})
	if err := os.Symlink("../../../data/log", filepath.Join(root.Name(), "var/lib/rpm/rpmdb.sqlite-wal")); err != nil {
		t.Fatal(err)
	}
	bom := look(t, root)
	if len(bom.Components) != 6 || len(bom.Problems) != 1 || bom.Problems[0].What != "var/lib/rpm/rpmdb.sqlite-wal cannot be read: it is no file" {
		t.Errorf("%d packages, problems %v", len(bom.Components), bom.Problems)
	}
}

func TestRPMBrokenOff(t *testing.T) {
	bom := look(t, tree(t, map[string]string{"etc/os-release": rocky9, "var/lib/rpm/rpmdb.sqlite": database(t, "sqlite"), "var/lib/rpm/rpmdb.sqlite-journal": "x"}))
	if len(bom.Components) != 6 || bom.Lost != 1 || !strings.Contains(bom.Problems[0].What, "was broken off") {
		t.Errorf("%d packages, problems %v", len(bom.Components), bom.Problems)
	}
}

func TestRPMCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, form := range []string{"sqlite", "berkeley", "ndb"} {
		text := database(t, form)
		d := &rpmDatabase{file: strings.NewReader(text), size: int64(len(text))}
		if err := newList("test").rpm(ctx, d, "db"); err == nil {
			t.Errorf("%s: a run that was called off went on", form)
		}
	}
}

func TestVendor(t *testing.T) {
	for id, want := range map[string]string{"rhel": "redhat", "opensuse-leap": "opensuse", "sles": "suse", "almalinux": "almalinux", "fedora": "fedora", "": ""} {
		if got := (distro{id: id}).vendor(); got != want {
			t.Errorf("vendor of %q is %q, want %q", id, got, want)
		}
	}
}

func FuzzRPM(f *testing.F) {
	for _, form := range []string{"sqlite", "berkeley", "ndb"} {
		f.Add([]byte(database(f, form)), []byte{})
	}
	f.Add([]byte(database(f, "sqlite")), []byte(database(f, "sqlite-wal")))
	f.Add(ndbOf(headerOf(rpmName, rpmString, "a\x00", rpmVersion, rpmString, "1\x00")), []byte{})
	f.Fuzz(func(t *testing.T, text, log []byte) { sound(t, readDatabase(t, text, log)) })
}

func FuzzRPMHeader(f *testing.F) {
	f.Add(headerOf(rpmName, rpmString, "a\x00", rpmVersion, rpmString, "1\x00", rpmEpoch, rpmInt32, "\x00\x00\x00\x03", rpmProvides, rpmStrings, "a\x00b\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, err := readRPM(text); err == nil && len(p.provides)+len(p.requires) > 2*len(text) {
			t.Fatalf("%d names of %d bytes", len(p.provides)+len(p.requires), len(text))
		}
	})
}
