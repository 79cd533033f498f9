package trust

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// keysOfAgent are put into a real agent: file, arguments of ssh-keygen, comment.
var keysOfAgent = []struct {
	name, comment string
	args          []string
}{
	{"ed", "test lead", []string{"-t", "ed25519"}},
	{"ec", "build server", []string{"-t", "ecdsa", "-b", "256"}},
	{"ed2", "twice", []string{"-t", "ed25519"}},
	{"ec2", "twice", []string{"-t", "ecdsa", "-b", "256"}},
	{"p384", "other curve", []string{"-t", "ecdsa", "-b", "384"}},
	{"rsa", "old", []string{"-t", "rsa", "-b", "2048"}},
}

// startAgent starts OpenSSH's agent, fills it, and returns the folder with the
// keys. The socket stands in a short folder: its path has at most 104 bytes.
func startAgent(t *testing.T) string {
	t.Helper()
	program := need(t, "ssh-agent")
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "socket")
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-D", "-a", socket)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() })
	t.Setenv("SSH_AUTH_SOCK", socket)
	waitFor(t, socket)
	for _, k := range keysOfAgent {
		path := filepath.Join(dir, k.name)
		run(t, "ssh-keygen", append([]string{"-q", "-N", "", "-C", k.comment, "-f", path}, k.args...)...)
		run(t, "ssh-add", "-q", path)
	}
	return dir
}

func waitFor(t *testing.T, socket string) {
	t.Helper()
	for range 500 {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("ssh-agent does not listen")
}

func TestAgent(t *testing.T) {
	dir := startAgent(t)
	pub := func(name string) string { return filepath.Join(dir, name+".pub") }
	print := func(name string) string {
		return strings.Fields(string(run(t, "ssh-keygen", "-l", "-f", pub(name))))[1]
	}
	for _, c := range []struct {
		name, ref, algorithm string
		want                 error
		says                 string
	}{
		{"file", pub("ed"), Ed25519, nil, ""},
		{"file, ECDSA", pub("ec"), ECDSAP256, nil, ""},
		{"fingerprint", print("ec2"), ECDSAP256, nil, ""},
		{"fingerprint, Ed25519", print("ed2"), Ed25519, nil, ""},
		{"comment", "test lead", Ed25519, nil, ""},
		{"comment, ECDSA", "build server", ECDSAP256, nil, ""},
		{"comment of two", "twice", "", ErrAmbiguous, print("ed2")},
		{"other curve", "other curve", "", ErrAlgorithm, "ecdsa-sha2-nistp384"},
		{"RSA", print("rsa"), "", ErrAlgorithm, "ssh-rsa"},
		{"unknown", "nobody", "", ErrNoKey, `(ssh-ed25519, "test lead")`},
		{"unknown fingerprint", "SHA256:abc", "", ErrNoKey, print("ed")},
		{"part of a fingerprint", print("ed")[:20], "", ErrNoKey, "agent holds"},
		{"nothing", "", "", ErrNoKey, "say which key"},
		{"no file", pub("gone"), "", os.ErrNotExist, "gone.pub"},
		{"no key in the file", file(t, "x.pub", []byte("key")), "", ErrKey, "x.pub"},
		{"private key as file", file(t, "y.pub", []byte(block("OPENSSH PRIVATE KEY", []byte{1}))), "", ErrKey, "y.pub"},
		{"two keys in the file", file(t, "z.pub", bytes.Repeat(readFile(t, pub("ed")), 2)), "", ErrKey, "one public key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := OpenSigner(t.Context(), "ssh-agent:"+c.ref, nil)
			if !errors.Is(err, c.want) {
				t.Fatal(err)
			}
			if err != nil {
				if !strings.Contains(err.Error(), c.says) {
					t.Error(err)
				}
				return
			}
			text, err := Seal(t.Context(), "text/plain", []byte("hello"), s)
			if err != nil {
				t.Fatal(err)
			}
			// Read again, nothing shows where the signature came from.
			key, err := ParsePublic(s.Public().PEM())
			if err != nil || key.Algorithm() != c.algorithm {
				t.Fatalf("%s, %v", s.Public().Algorithm(), err)
			}
			e, err := OpenEnvelope(text)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Verify(key); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("large", func(t *testing.T) {
		s, err := OpenSigner(t.Context(), "ssh-agent:test lead", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Sign(t.Context(), make([]byte, maxAgent)); err != nil {
			t.Errorf("what an agent should take: %v", err)
		}
		if _, err := s.Sign(t.Context(), make([]byte, maxAgent+1)); err == nil || !strings.Contains(err.Error(), "too many") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("removed", func(t *testing.T) {
		s, err := OpenSigner(t.Context(), "ssh-agent:build server", nil)
		if err != nil {
			t.Fatal(err)
		}
		run(t, "ssh-add", "-q", "-D")
		if _, err := s.Sign(t.Context(), []byte("text")); err == nil || !strings.Contains(err.Error(), s.Public().ID()) {
			t.Errorf("got %v", err)
		}
		if _, err := OpenSigner(t.Context(), "ssh-agent:build server", nil); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), "holds no key") {
			t.Errorf("got %v", err)
		}
	})
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNoAgent(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", "")
	if _, err := OpenSigner(t.Context(), "ssh-agent:x", nil); err == nil || !strings.Contains(err.Error(), "SSH_AUTH_SOCK is not set") {
		t.Errorf("got %v", err)
	}
	t.Setenv("SSH_AUTH_SOCK", filepath.Join(t.TempDir(), "gone"))
	if _, err := OpenSigner(t.Context(), "ssh-agent:x", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// badAgent lists its keys and signs something else, or nothing at all.
type badAgent struct {
	agent.Agent
	sign func(key ssh.PublicKey, data []byte) (*ssh.Signature, error)
}

func (b badAgent) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	return b.sign(key, data)
}

func serve(t *testing.T, a agent.Agent) {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	t.Setenv("SSH_AUTH_SOCK", listener.Addr().String())
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(a, conn); conn.Close() }()
		}
	}()
}

// TestBadAgent: what an agent answers is not believed.
func TestBadAgent(t *testing.T) {
	for _, algorithm := range algorithms {
		ring := agent.NewKeyring()
		if err := ring.Add(agent.AddedKey{PrivateKey: generate(t, algorithm).key, Comment: "key"}); err != nil {
			t.Fatal(err)
		}
		bad := badAgent{Agent: ring}
		for _, c := range []struct {
			name string
			sign func(key ssh.PublicKey, data []byte) (*ssh.Signature, error)
			want string
		}{
			{"other text", func(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
				return ring.Sign(key, append(data, 0))
			}, "does not fit"},
			{"other format", func(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
				return &ssh.Signature{Format: "ssh-dss", Blob: make([]byte, 64)}, nil
			}, `a signature of "ssh-dss"`},
			{"garbage", func(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
				return &ssh.Signature{Format: key.Type(), Blob: []byte{0, 0, 0, 9, 1}}, nil
			}, "sign with key"},
			{"more behind", func(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
				s, err := ring.Sign(key, data)
				if err == nil {
					s.Rest = []byte{1}
				}
				return s, err
			}, "the agent answered"},
			{"refusal", func(ssh.PublicKey, []byte) (*ssh.Signature, error) { return nil, errors.New("no") }, "failed to sign"},
		} {
			t.Run(algorithm+", "+c.name, func(t *testing.T) {
				bad.sign = c.sign
				serve(t, bad)
				s, err := OpenSigner(t.Context(), "ssh-agent:key", nil)
				if err != nil {
					t.Fatal(err)
				}
				if sig, err := s.Sign(t.Context(), []byte("text")); sig != nil || err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %x, %v", sig, err)
				}
			})
		}
	}
}

// TestAgentWaits: whoever waits for an agent can give up.
func TestAgentWaits(t *testing.T) {
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: generate(t, Ed25519).key, Comment: "key"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan bool)
	serve(t, badAgent{ring, func(ssh.PublicKey, []byte) (*ssh.Signature, error) {
		cancel()
		<-asked
		return nil, errors.New("too late")
	}})
	t.Cleanup(func() { close(asked) })
	s, err := OpenSigner(ctx, "ssh-agent:key", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(ctx, []byte("text")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
