package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"theriac/approval"
	"theriac/check"
	"theriac/model"
)

// signed is an approval.
type signed struct {
	id, role string
	fault    string // name of the file; "" for a sound one
	codes    string // of the findings at the file; CODE@ID of those at an entity
	done     string

	as       string // signer that it names
	keys     []string
	edit     func(*approval.Predicate) error
	payload  func([]byte) ([]byte, error)
	envelope func([]byte) ([]byte, error)
}

const (
	riskManager = "Risk management"
	regulatory  = "Regulatory affairs"
)

// holders are who signs in a role: signer and key.
var holders = map[string][2]string{
	riskManager: {"risk-manager", "risk-manager"}, regulatory: {"regulatory-head", "regulatory-affairs"}, "Root of trust": {"root", "root"},
}

var approvals = []signed{
	{id: approval.RosterID, role: "Root of trust"},
	{id: "rk-library-error", role: riskManager},
	{id: "rk-build", role: riskManager},
	{id: "rk-signing-keys", role: riskManager},

	{id: "rel-1-3-0", role: regulatory, fault: "release-changed", codes: "T7602@rel-1-3-0", done: "the release was frozen anew since", edit: saw("frozen", "2025-10-06")},
	{id: "rk-soup-vulnerability", role: riskManager, fault: "risk-changed", codes: "T7602@rk-soup-vulnerability", done: "the risk was rated anew since", edit: saw("residual.exploitability", "very-low")},
	{id: "rk-unattended", role: regulatory, fault: "role-not-asked-for", codes: "T7601@rk-unattended", done: "signed in a role that the policy does not ask for"},
	{id: "rk-emergency-abuse", role: riskManager, fault: "altered", codes: "T7603", done: "the day was changed after signing", envelope: inside("2026-09-28T", "2026-06-12T")},
	{id: "rk-build", role: riskManager, fault: "truncated", codes: "T7603", done: "the second half of the file is gone", envelope: half},
	{id: "rk-build", role: riskManager, fault: "other-content", codes: "T7603", done: "its subject is not the content that it holds", payload: change(`"value":"reduce"`, `"value":"accept"`)},
	{id: "rk-build", role: riskManager, fault: "no-meaning", codes: "T7603", done: "the meaning of the signature is none that is known", payload: change(`"meaning":"approved"`, `"meaning":"seen"`)},
	{id: "rk-bench-mcu", role: riskManager, fault: "role-not-held", codes: "T7604", done: "the signer does not hold the role", as: "regulatory-head", keys: []string{"regulatory-affairs"}},
	{id: "rk-stop-key", role: "Build system", fault: "machine", codes: "T7604,T7601@rk-stop-key", done: "a machine approved, in its own role", as: "ci-system", keys: []string{"build-system"}},
	{id: "rk-update-malicious", role: riskManager, fault: "stranger", codes: "T7604", done: "signed with a key that is not on the roster", keys: []string{"stranger"}},
	{id: "rk-library-error", role: riskManager, fault: "other-name", codes: "T7604", done: "it names another signer than the one whose key signed", as: "regulatory-head"},
	{id: "rk-signing-keys", role: riskManager, fault: "two-signatures", codes: "T7604", done: "two people signed one approval", keys: []string{"risk-manager", "regulatory-affairs"}},
	{id: "rk-signing-keys", role: riskManager, fault: "in-the-future", codes: "T7604", done: "signed for next year", edit: nextYear},
}

// saw lets the signer have seen another value.
func saw(path, value string) func(*approval.Predicate) error {
	return func(p *approval.Predicate) error {
		i := slices.IndexFunc(p.Content, func(l approval.Line) bool { return l.Path == path })
		if i < 0 || p.Content[i].Value == value {
			return fmt.Errorf("it has no %s to change", path)
		}
		p.Content[i].Value = value
		return nil
	}
}

func nextYear(p *approval.Predicate) error {
	p.Signed = at(2027, 1, 15)
	return nil
}

func (x *example) approvals() error {
	root, err := check.FolderOf(x.file)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, a := range approvals {
		p, err := x.predicate(a, root)
		if err != nil {
			return fmt.Errorf("%s: %w", a.id, err)
		}
		if err := x.approve(a, p); err != nil {
			return fmt.Errorf("%s: %w", a.id, err)
		}
	}
	stray := approval.Folder + "/minutes.txt"
	x.files[stray] = []byte("Minutes of the risk board: all risks approved.\n")
	x.tell(stray, "T7411", "minutes lie among the approvals and are none")
	return nil
}

// predicate is a sound approval of the present content, edited.
func (x *example) predicate(a signed, root *os.Root) (*approval.Predicate, error) {
	target, err := approval.Find(x.file, root.FS(), a.id)
	if err != nil {
		return nil, err
	}
	content, err := approval.Content(x.file, root.FS(), target)
	if err != nil {
		return nil, err
	}
	p := &approval.Predicate{Of: target.Of, ID: target.ID, Meaning: "approved", Role: a.role, Signed: time.Date(2026, 9, 28, 10, 0, 0, 0, time.UTC), Content: content}
	if target.Of == "releases" {
		p.Meaning = "released"
	}
	p.Signer = holders[a.role][0]
	if a.as != "" {
		p.Signer = a.as
	}
	s, ok := x.file.Lookup(p.Signer).(*model.Signer)
	if !ok {
		return nil, fmt.Errorf("there is no signer %s", p.Signer)
	}
	if p.Name = s.Title; a.edit != nil {
		return p, a.edit(p)
	}
	return p, nil
}

func (x *example) approve(a signed, p *approval.Predicate) error {
	payload, err := approval.Encode(p)
	if err != nil {
		return err
	}
	names := a.keys
	if names == nil {
		names = []string{holders[a.role][1]}
	}
	name := approval.Folder + "/" + string(p.Of) + "/" + p.ID + ".json"
	if a.fault != "" {
		name = approval.Folder + "/" + string(p.Of) + "/fault-" + a.fault + ".json"
		x.tell(name, a.codes, a.done)
	}
	x.files[name], err = x.sealed(payload, a.payload, a.envelope, names...)
	return err
}
