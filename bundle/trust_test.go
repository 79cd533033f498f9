package bundle

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/trust"
)

// desk is a folder of the auditor.
func desk(t *testing.T, files map[string]string) string {
	t.Helper()
	return raw(t, files).dir
}

func public(t *testing.T, name string) string {
	t.Helper()
	k, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(k.Public().PEM())
}

func TestReadTrust(t *testing.T) {
	dir := desk(t, map[string]string{
		"one.pub": public(t, "root"), "keys/a.pub": public(t, "root"), "keys/b.pub": public(t, "stranger"), "keys/note.txt": "x",
		"odd[1]/a.pub": public(t, "root"), "signers.yaml": small()["signers.yaml"],
	})
	for _, test := range []struct {
		names []string
		want  []string
	}{
		{[]string{"one.pub"}, []string{"root"}},
		{[]string{"keys"}, []string{"root", "stranger"}},
		{[]string{"one.pub", "keys"}, []string{"root", "stranger"}},
		{[]string{"odd[1]"}, []string{"root"}},
		{[]string{"signers.yaml"}, []string{"root"}},
	} {
		var names []string
		for _, n := range test.names {
			names = append(names, filepath.Join(dir, n))
		}
		got, err := ReadTrust(t.Context(), names)
		if err != nil {
			t.Errorf("%v: %v", test.names, err)
			continue
		}
		var keys []string
		for _, a := range got.Anchors {
			keys = append(keys, trust.DemoName(a.Key))
		}
		if !slices.Equal(keys, test.want) {
			t.Errorf("%v: trusts %v, want %v", test.names, keys, test.want)
		}
	}
}

func TestReadTrustRefuses(t *testing.T) {
	signers := small()["signers.yaml"]
	dir := desk(t, map[string]string{
		"no.pub": "no key", "empty/note.txt": "x", "bare.yaml": "signers:\n" + signer("tester", "person", "Test lead", "test-lead"),
		"faulty.yaml": strings.Replace(signers, "type: root", "typ: root", 1), "key.yaml": strings.Replace(signers, "MCow", "AAAA", 1),
		"private.pub": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	})
	for name, want := range map[string]string{
		"": "nothing is trusted", "no.pub": "not one PEM block", "private.pub": "want a PEM block of a PUBLIC KEY", "absent.pub": "no such file",
		"empty": "holds neither", "bare.yaml": "lists no signer of type root", "faulty.yaml": "faulty.yaml, line", "key.yaml": "cannot be used",
	} {
		var names []string
		if name != "" {
			names = append(names, filepath.Join(dir, name))
		}
		if _, err := ReadTrust(t.Context(), names); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		} else if strings.Contains(err.Error(), "theriac-") {
			t.Errorf("%q: names a folder of its own: %v", name, err)
		}
	}
}

// A roster of the auditor's own has to be that of the bundle.
func TestOwnRoster(t *testing.T) {
	text := made(t, small()).bundle()
	roster := small()["signers.yaml"]
	second := func(from, to string) string {
		at := strings.Index(roster, "  tester:")
		return roster[:at] + strings.Replace(roster[at:], from, to, 1)
	}
	for _, test := range []struct{ name, roster, want string }{
		{"the same", roster, ""},
		{"roots alone", "signers:\n" + signer("root", "root", "Root of trust", "root"), ""},
		{"another name", second("Example tester", "Other tester"), "signer tester is not as the trusted roster has it: title was Other tester"},
		{"another key", strings.Replace(roster, pemLine(t, "test-lead"), pemLine(t, "retired"), 1), "signer tester is not as the trusted roster has it: keys.0.public"},
		{"one less", "signers:\n" + signer("root", "root", "Root of trust", "root") + signer("tester", "person", "Test lead", "test-lead"), "signer affairs is on the roster of the bundle and not on the trusted one"},
		{"one more", roster + signer("more", "person", "Test lead", "retired"), "signer more of the trusted roster is not on the roster of the bundle"},
		{"root revoked since", strings.Replace(roster, "-----END PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n        revoked: 2026-06-10\n        reason: compromised\n", 1), "revoked on 2026-06-10 as compromised"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "signers.yaml")
			if err := os.WriteFile(name, []byte(test.roster), 0o600); err != nil {
				t.Fatal(err)
			}
			own, err := ReadTrust(t.Context(), []string{name})
			if err != nil {
				t.Fatal(err)
			}
			r := audit(t, text, own)
			if test.want != "" {
				broken(t, r, Roster, test.want)
			} else if !r.Verified {
				t.Errorf("not verified: %+v", r.Links)
			}
		})
	}
}

// Trust in somebody who signs, but is no root, is not enough.
func TestTrustInSigner(t *testing.T) {
	text := made(t, small()).bundle()
	broken(t, audit(t, text, trusted(t, "regulatory-affairs")), Roster, "an approval of the roster by a signer of type root")
	broken(t, audit(t, text, trusted(t, "regulatory-affairs", "stranger")), Roster, "no root of trust whose key is trusted vouches")
	broken(t, audit(t, text, &Trust{}), Roster, "no root of trust")
	if r := audit(t, text, trusted(t, "stranger", "root")); !r.Verified || len(r.link(Roster).Notes) != 1 {
		t.Errorf("one trusted key of two is enough: %+v", r.link(Roster))
	}
}

func TestTrustOf(t *testing.T) {
	own := TrustOf(made(t, small()).load())
	if len(own.Anchors) != 1 || trust.DemoName(own.Anchors[0].Key) != "root" {
		t.Errorf("trusts %v", own.Anchors)
	}
}
