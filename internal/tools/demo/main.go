// Command demo brings what is signed about the examples up to date with their
// text: it freezes their baselines anew, and signs their evidence and approvals
// again with the demonstration keys that signed them before. What was found and
// when stays as it is.
//
// It is for examples alone: with keys that everybody has, it states that work was
// done again on a changed file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"theriac/approval"
	"theriac/change"
	"theriac/check"
	"theriac/evidence"
	"theriac/internal/strictjson"
	"theriac/model"
	"theriac/trust"
)

func main() {
	for _, dir := range os.Args[1:] {
		if err := again(context.Background(), dir); err != nil {
			fmt.Fprintf(os.Stderr, "demo: %s: %s\n", dir, err)
			os.Exit(1)
		}
	}
}

// again signs everything of an example again.
func again(ctx context.Context, dir string) error {
	var l model.Loader
	file, findings, err := l.Load(ctx, dir)
	if err != nil {
		return err
	}
	for _, f := range findings {
		return fmt.Errorf("%s: %s", f.Span, f.Message)
	}
	if file.Product.Demonstration != model.Yes {
		return fmt.Errorf("it is no demonstration")
	}
	if err := freeze(ctx, file); err != nil {
		return err
	}
	root, err := check.FolderOf(file)
	if err != nil {
		return err
	}
	defer root.Close()
	s := &signing{ctx: ctx, file: file, root: root}
	if err := s.each(evidence.Folder, s.statement); err != nil {
		return err
	}
	return s.each(approval.Folder, s.approval)
}

// freeze makes the baselines of all releases anew.
func freeze(ctx context.Context, file *model.File) error {
	for _, r := range file.Releases {
		if r.Baseline == "" {
			continue
		}
		archive, _, err := change.Freeze(ctx, file.Dir(), r.Baseline, r.Date, r.ID)
		if err != nil {
			return err
		}
		name := filepath.Join(file.Dir(), change.BaselinePath(r.Baseline))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, archive, 0o644); err != nil {
			return err
		}
	}
	return nil
}

type signing struct {
	ctx  context.Context
	file *model.File
	root *os.Root
}

// each replaces the signed files below a folder by what renew makes of their
// payload.
func (s *signing) each(folder string, renew func(payload []byte) (name string, renewed []byte, err error)) error {
	var names []string
	err := fs.WalkDir(s.root.FS(), folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".json") {
			names = append(names, name)
		}
		if errors.Is(err, fs.ErrNotExist) && name == folder {
			return fs.SkipAll
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.one(name, renew); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (s *signing) one(name string, renew func([]byte) (string, []byte, error)) error {
	text, err := s.root.ReadFile(name)
	if err != nil {
		return err
	}
	e, err := trust.OpenEnvelope(text)
	if err != nil {
		return err
	}
	key, err := demoKey(e.Signatures[0].KeyID)
	if err != nil {
		return err
	}
	to, payload, err := renew(e.Payload)
	if err != nil {
		return err
	}
	envelope, err := trust.Seal(s.ctx, evidence.PayloadType, payload, key)
	if err != nil {
		return err
	}
	if err := s.root.Remove(name); err != nil {
		return err
	}
	return s.root.WriteFile(to, envelope, 0o644)
}

func demoKey(id string) (trust.Signer, error) {
	for _, name := range trust.DemoNames {
		if key, err := trust.Demo(name); err == nil && key.Public().ID() == id {
			return key, nil
		}
	}
	return nil, fmt.Errorf("key %s is no demonstration key", id)
}

// statement renews what a piece of evidence rests on.
func (s *signing) statement(payload []byte) (string, []byte, error) {
	st, reasons := evidence.Decode(payload)
	if st == nil {
		return "", nil, errors.New(reasons[0].Message)
	}
	var list []*model.Verification
	for _, id := range st.For {
		v, ok := s.file.Lookup(id).(*model.Verification)
		if !ok {
			return "", nil, fmt.Errorf("there is no verification %s", id)
		}
		list = append(list, v)
	}
	for _, r := range s.file.Releases {
		if r.Version == st.Release {
			st.Subjects = evidence.SubjectsOf(r)
		}
	}
	st.Basis = evidence.BasisFor(list)
	renewed, err := evidence.Encode(st)
	return evidence.PathOf(st, renewed), renewed, err
}

// approval renews the content that was approved.
func (s *signing) approval(payload []byte) (string, []byte, error) {
	var w evidence.Wire[approval.Predicate]
	if err := strictjson.Decode(payload, &w); err != nil {
		return "", nil, err
	}
	target, err := approval.Find(s.file, s.root.FS(), w.Predicate.ID)
	if err != nil {
		return "", nil, err
	}
	if w.Predicate.Content, err = approval.Content(s.file, s.root.FS(), target); err != nil {
		return "", nil, err
	}
	renewed, err := approval.Encode(&w.Predicate)
	if err != nil {
		return "", nil, err
	}
	return approval.PathOf(&w.Predicate, renewed), renewed, nil
}
