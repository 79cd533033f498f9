package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/model"
	"theriac/trust"
)

// maxTrust bounds a file that says what is trusted.
const maxTrust = 16 << 20

// Trust is what the auditor trusts without proof: keys of roots of trust, got from
// elsewhere than the bundle.
type Trust struct {
	Anchors []Anchor
	rosters []*model.File // the auditor's own, that list more than roots
}

// Anchor is a trusted key.
type Anchor struct {
	Key  *trust.PublicKey
	From string        // where it was read, as the auditor named it
	By   *trust.Holder // in the auditor's own roster; nil for a bare key
}

// ReadTrust reads public keys and rosters. A name is that of a file with a public
// key or a certificate (PEM), of a folder with such files (*.pub), or of a roster: a
// security file, its folder, or a file with its `signers:`.
func ReadTrust(ctx context.Context, names []string) (*Trust, error) {
	t := &Trust{}
	for _, name := range names {
		if err := t.read(ctx, name); err != nil {
			return nil, err
		}
	}
	if len(t.Anchors) == 0 {
		return nil, errors.New("nothing is trusted: name the public key of the root of trust, which the manufacturer gave you by another way than the bundle")
	}
	return t, nil
}

func (t *Trust) read(ctx context.Context, name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return err
	case !info.IsDir() && model.IsYAML(name):
		return t.rosterFile(ctx, name)
	case !info.IsDir():
		return t.key(name)
	}
	if _, err := os.Lstat(filepath.Join(name, model.RootFile)); err == nil {
		return t.roster(ctx, name, name)
	}
	found, err := filepath.Glob(filepath.Join(escaped(name), "*.pub"))
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fmt.Errorf("folder %s holds neither %s nor public keys (*.pub)", name, model.RootFile)
	}
	for _, file := range found {
		if err := t.key(file); err != nil {
			return err
		}
	}
	return nil
}

// escaped is a path in which no character is a pattern.
func escaped(name string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(name)
}

func (t *Trust) key(name string) error {
	text, err := readSmall(name)
	if err != nil {
		return err
	}
	key, err := trust.ParsePublic(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	t.add(Anchor{Key: key, From: name})
	return nil
}

// add keeps an anchor; of two with the same key, the one of a roster, which says
// more.
func (t *Trust) add(a Anchor) {
	i := slices.IndexFunc(t.Anchors, func(b Anchor) bool { return b.Key.ID() == a.Key.ID() })
	switch {
	case i < 0:
		t.Anchors = append(t.Anchors, a)
	case t.Anchors[i].By == nil:
		t.Anchors[i] = a
	}
}

func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxTrust+1))
	if err == nil && len(text) > maxTrust {
		err = fmt.Errorf("%s is larger than %d MB", name, maxTrust>>20)
	}
	return text, err
}

// stub is what a roster that stands by itself needs to be read as a security file.
// Whether demonstration keys count is decided by the product of the bundle.
const stub = "product: {name: Trusted roster, regulation: MDR, class: I, demonstration: true}\n"

// rosterFile reads a file of YAML by itself.
func (t *Trust) rosterFile(ctx context.Context, name string) error {
	if filepath.Base(name) == model.RootFile {
		return t.roster(ctx, filepath.Dir(name), name)
	}
	text, err := readSmall(name)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "theriac-")
	if err != nil {
		return err
	}
	for file, text := range map[string][]byte{model.RootFile: []byte(stub), "roster.yaml": text, model.WorkspaceFile: nil} {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, file), text, 0o600)
		}
	}
	if err == nil {
		err = t.roster(ctx, dir, name)
	}
	return errors.Join(err, os.RemoveAll(dir))
}

// roster takes the roots of trust of a security file. Where it lists others as
// well, its roster is what the auditor expects.
func (t *Trust) roster(ctx context.Context, dir, shown string) error {
	var l model.Loader
	file, findings, err := l.Load(ctx, dir)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(findings, func(f diag.Finding) bool { return f.Severity == diag.Error }); i >= 0 {
		f := findings[i]
		return fmt.Errorf("roster %s, line %d: %s", shown, f.Span.Line, f.Message)
	}
	roster := trust.NewRoster(file)
	for _, f := range roster.Faults {
		return fmt.Errorf("roster %s: a key of signer %s cannot be used", shown, f.Signer.ID)
	}
	roots := 0
	for _, h := range roster.Holders() {
		if h.Signer.Type == "root" {
			t.add(Anchor{Key: h.Key, From: shown, By: h})
			roots++
		}
	}
	if roots == 0 {
		return fmt.Errorf("roster %s lists no signer of type root", shown)
	}
	if slices.ContainsFunc(file.Signers, func(s *model.Signer) bool { return s.Type != "root" }) {
		t.rosters = append(t.rosters, file)
	}
	return nil
}

// TrustOf trusts the roots that a security file itself names: what its maker can
// say of a bundle before anybody else has it.
func TrustOf(file *model.File) *Trust {
	t := &Trust{}
	for _, h := range trust.NewRoster(file).Holders() {
		if h.Signer.Type == "root" {
			t.add(Anchor{Key: h.Key, From: "signer " + h.Signer.ID})
		}
	}
	return t
}
