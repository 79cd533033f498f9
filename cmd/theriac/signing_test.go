package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"theriac/internal/hsm/hsmtest"
)

// Signing with keys that live outside files: the commands against the real SSH
// agent, a real token and a real time-stamp authority.

const signingFile = `product: {name: Example pump, regulation: MDR, class: IIb, demonstration: true}
requirements:
  rq-lock: {title: The screen locks}
verifications:
  vf-lock: {title: Screen lock, method: security-feature-test, verifies: [rq-lock]}
policy:
  evidence:
    signers:
      - {kinds: [test-result], roles: [Build system]}
  approvals:
    - {of: releases, meaning: released, roles: [Regulatory affairs]}
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-01-20
    artefacts:
      - {path: pump.img, digest: "sha256:6105d6cc76af400325e94d588ce511be5bfdbb73b437dc51eca43917d7a43e3d"}
`

const signingReport = `<testsuite name="lock" timestamp="2026-01-21T10:00:00Z" time="12.5"><testcase name="vf-lock locks"/></testsuite>`

// signing is a security file and a report in a folder of their own.
type signing struct {
	t           *testing.T
	dir, report string
}

func newSigning(t *testing.T) *signing {
	t.Helper()
	s := &signing{t: t, dir: place(t, signingFile), report: filepath.Join(t.TempDir(), "report.xml")}
	write(t, s.report, signingReport)
	return s
}

// want runs a command and wants an exit status and a text in what it says.
func (s *signing) want(status int, says string, args ...string) string {
	s.t.Helper()
	got, out, talk := command(s.t, args...)
	if got != status || !strings.Contains(out+talk, says) {
		s.t.Fatalf("theriac %s: exit status %d, want %d with %q\n%s%s", strings.Join(args, " "), got, status, says, out, talk)
	}
	return out
}

// enterAndSign enters a key into the roster, lets it sign evidence and an
// approval, and wants both to count.
func (s *signing) enterAndSign(machine, person string, more ...string) {
	s.t.Helper()
	s.want(0, "signer ci has key", append([]string{"keys", "new", "ci", s.dir, "--type", "machine", "--role", "Build system", "--from", "2026-01-01", "--sign", machine}, more...)...)
	s.want(0, "signer affairs has key", append([]string{"keys", "new", "affairs", s.dir, "--type", "person", "--role", "Regulatory affairs", "--from", "2026-01-01", "--sign", person}, more...)...)
	s.want(0, "vf-lock: passed", append([]string{"evidence", "add", s.dir, "--from", s.report, "--sign", machine}, more...)...)
	s.want(0, "release rel-1 released by Regulatory affairs", append([]string{"approve", "1.0.0", s.dir, "--as", "Regulatory affairs", "--meaning", "released", "--sign", person, "--yes"}, more...)...)
	s.want(0, "1 as signed, 0 not", "evidence", "verify", s.dir)
	s.want(0, "", "approvals", s.dir)
	out := s.want(0, "1 of 1 requirement shown", "check", s.dir, "--release", "1.0.0", "--only", "T7401,T7402,T7405,T7410,T7601,T7603,T7604")
	if strings.Contains(out, "T7") {
		s.t.Error(out)
	}
}

func TestSignWithAgent(t *testing.T) {
	hsmtest.Need(t, "ssh-agent", "ssh-keygen", "ssh-add")
	keys := startAgent(t)
	s := newSigning(t)
	s.enterAndSign("ssh-agent:build server", "ssh-agent:"+filepath.Join(keys, "affairs.pub"))
	s.want(2, "no such key", "evidence", "add", s.dir, "--from", s.report, "--sign", "ssh-agent:nobody")
	t.Setenv("SSH_AUTH_SOCK", filepath.Join(t.TempDir(), "none"))
	s.want(2, "theriac: ", "evidence", "add", s.dir, "--from", s.report, "--sign", "ssh-agent:build server")
}

// startAgent starts OpenSSH's agent with two keys and returns the folder of their
// public parts. The path of a socket must be short.
func startAgent(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "socket")
	ctx, cancel := context.WithCancel(context.Background())
	agent := exec.CommandContext(ctx, "ssh-agent", "-D", "-a", socket)
	if err := agent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = agent.Wait(); os.RemoveAll(dir) })
	t.Setenv("SSH_AUTH_SOCK", socket)
	for range 500 {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	program(t, dir, "ssh-keygen", "-q", "-N", "", "-C", "build server", "-t", "ecdsa", "-b", "256", "-f", "ci")
	program(t, dir, "ssh-keygen", "-q", "-N", "", "-C", "affairs", "-t", "ed25519", "-f", "affairs")
	program(t, dir, "ssh-add", "-q", "ci", "affairs")
	return dir
}

// program runs a program that has to succeed.
func program(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

func TestSignWithToken(t *testing.T) {
	m := hsmtest.New(t)
	m.Token("release")
	m.Key("release", "EC:prime256v1", "build", "01")
	m.Key("release", "EC:edwards25519", "affairs", "02")
	t.Setenv("THERIAC_PKCS11", hsmtest.Build(t, t.TempDir()))
	pin := filepath.Join(t.TempDir(), "pin")
	write(t, pin, hsmtest.PIN+"\n")
	s := newSigning(t)
	s.enterAndSign(m.URI("release", "build"), m.URI("release", "affairs"), "--passphrase-file", pin)

	s.want(2, "holds no private key that fits", "evidence", "add", s.dir, "--from", s.report, "--sign", m.URI("release", "none"), "--passphrase-file", pin)
	wrong := filepath.Join(t.TempDir(), "wrong")
	write(t, wrong, "000000\n")
	s.want(2, "PIN", "evidence", "add", s.dir, "--from", s.report, "--sign", m.URI("release", "build"), "--passphrase-file", wrong)
	s.want(2, "there is no terminal to ask at", "evidence", "add", s.dir, "--from", s.report, "--sign", m.URI("release", "build"))
}

// TestSignWithTimeStamp: where the policy asks for time stamps nothing counts
// without one, and with one evidence outlives the compromise of its key.
func TestSignWithTimeStamp(t *testing.T) {
	a := newStampAuthority(t)
	s := newSigning(t)
	root := filepath.Join(s.dir, "theriac.yaml")
	write(t, root, strings.Replace(signingFile, "  evidence:\n", "  evidence:\n    time-stamps: true\n", 1))
	s.want(0, "", "keys", "new", "ci", s.dir, "--type", "machine", "--role", "Build system", "--from", "2026-01-01", "--sign", "demo:build-system")
	s.want(0, "", "keys", "new", "tsa", s.dir, "--type", "time-stamp-authority", "--public", filepath.Join(a.dir, "ca.pem"))

	add := []string{"evidence", "add", s.dir, "--from", s.report, "--sign", "demo:build-system"}
	s.want(1, "has no time stamp, which policy.evidence.time-stamps asks for", add...)
	time.Sleep(1100 * time.Millisecond) // another second is another statement
	s.want(0, "vf-lock: passed", append(add, "--time-stamp", a.url)...)
	stamps, err := filepath.Glob(filepath.Join(s.dir, "evidence", "*", "*.json.tsr"))
	if err != nil || len(stamps) != 1 {
		t.Fatalf("stamps %q, %v", stamps, err)
	}
	id := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(stamps[0]), "test-result-"), ".json.tsr")
	s.want(0, "time stamp 20", "evidence", "show", id, s.dir)

	tomorrow := time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	s.want(0, "", "keys", "revoke", "ci", s.dir, "--reason", "compromised", "--date", tomorrow)
	list := s.want(0, id, "evidence", "list", s.dir, "--date", tomorrow)
	if !regexp.MustCompile(`(?m)^passed +vf-lock .*` + id).MatchString(list) {
		t.Errorf("the stamped evidence does not outlive the key:\n%s", list)
	}

	a.broken = true
	s.want(2, a.url, append(add, "--time-stamp", a.url)...)
}

// stampAuthority is OpenSSL's time-stamp authority behind a web server.
type stampAuthority struct {
	t        *testing.T
	dir, url string
	broken   bool // it answers with nonsense
}

func newStampAuthority(t *testing.T) *stampAuthority {
	t.Helper()
	hsmtest.Need(t, "openssl")
	a := &stampAuthority{t: t, dir: t.TempDir()}
	write(t, filepath.Join(a.dir, "tsa.conf"), "[tsa]\ndefault_tsa = config\n[config]\nserial = "+filepath.Join(a.dir, "serial")+
		"\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_alg = sha256\n")
	write(t, filepath.Join(a.dir, "serial"), "01\n")
	write(t, filepath.Join(a.dir, "tsa.ext"), "basicConstraints = critical,CA:false\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping\n")
	ec := []string{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"}
	program(t, a.dir, "openssl", append([]string{"req", "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA"}, ec...)...)
	program(t, a.dir, "openssl", append([]string{"req", "-new", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test time stamps"}, ec...)...)
	program(t, a.dir, "openssl", "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "77", "-days", "1", "-extfile", "tsa.ext", "-out", "tsa.pem")
	server := httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

func (a *stampAuthority) serve(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	if a.broken {
		w.Write([]byte("no time today"))
		return
	}
	write(a.t, filepath.Join(a.dir, "query"), string(query))
	program(a.t, a.dir, "openssl", "ts", "-reply", "-config", "tsa.conf", "-queryfile", "query", "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply")
	reply, err := os.ReadFile(filepath.Join(a.dir, "reply"))
	if err != nil {
		a.t.Error(err)
	}
	w.Write(reply)
}

// TestSignOnce: what is signed a second time, with a time stamp or an input that
// was damaged, changes nothing of what is there.
func TestSignOnce(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795305600")
	a := newStampAuthority(t)
	s := newSigning(t)
	s.want(0, "", "keys", "new", "ci", s.dir, "--type", "machine", "--role", "Build system", "--from", "2026-01-01", "--sign", "demo:build-system")
	add := []string{"evidence", "add", s.dir, "--from", s.report, "--sign", "demo:build-system"}
	s.want(0, "vf-lock: passed", add...)
	s.want(2, "is there already: the same was signed before", append(add, "--time-stamp", a.url)...)
	if stamps, err := filepath.Glob(filepath.Join(s.dir, "evidence", "*", "*.tsr")); err != nil || len(stamps) != 0 {
		t.Errorf("a time stamp came to evidence that it is not of: %q, %v", stamps, err)
	}
	s.want(0, "1 as signed, 0 not", "evidence", "verify", s.dir)
}

// TestAddReadOnly: a folder that cannot be written to stays as it is.
func TestAddReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("nothing is closed to the superuser")
	}
	s := newSigning(t)
	s.want(0, "", "keys", "new", "ci", s.dir, "--type", "machine", "--role", "Build system", "--from", "2026-01-01", "--sign", "demo:build-system")
	for _, closed := range []string{".", "evidence", "evidence/inputs"} {
		folder := filepath.Join(s.dir, filepath.FromSlash(closed))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(folder, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(folder, 0o755) })
		before := filesBelow(t, s.dir)
		s.want(2, "permission denied", "evidence", "add", s.dir, "--from", s.report, "--sign", "demo:build-system")
		if after := filesBelow(t, s.dir); after != before && closed != "evidence" {
			t.Errorf("%s is closed: left behind\n%s\nbefore\n%s", closed, after, before)
		}
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.want(0, "vf-lock: passed", "evidence", "add", s.dir, "--from", s.report, "--sign", "demo:build-system")
}

func filesBelow(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, "\n")
}
