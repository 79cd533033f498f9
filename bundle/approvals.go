package bundle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"theriac/approval"
	"theriac/model"
)

// approvals follows the link from the policy to the approvals that it requires,
// and looks at each approval of the bundle.
func (x *auditor) approvals() {
	var faults []string
	given := 0
	for _, n := range x.needs {
		other := n.Entity != model.Entity(x.release) // of which the link before speaks
		if n.State == approval.Given {
			given += count(other)
			continue
		}
		x.report.Missing = append(x.report.Missing, NeedLine{n.Of, n.ID, n.Meaning, append([]string{}, n.Roles...), n.State, needReasons(n)})
		if other {
			faults = append(faults, needWords(n))
		}
	}
	for _, a := range x.proof.Approvals.Approvals {
		state, reasons := x.state(a)
		x.report.Approvals = append(x.report.Approvals, approvalLine(a, state, reasons))
		if state == Refused || state == Damaged {
			faults = append(faults, fmt.Sprintf("approval %s (%s) is %s: %s", a.ID, a.Path, stateWords[state], strings.Join(reasons, "; ")))
		}
	}
	x.conclude(Approved, faults, "%s; %s in the bundle", required(given), amount(len(x.proof.Approvals.Approvals), "approval"))
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func required(n int) string {
	switch n {
	case 0:
		return "no further approval is required"
	case 1:
		return "1 further required approval is given"
	}
	return fmt.Sprintf("all %d further required approvals are given", n)
}

func needWords(n *approval.Need) string {
	roles := strings.Join(n.Roles, " or ")
	switch reasons := strings.Join(needReasons(n), "; "); n.State {
	case approval.Stale:
		return fmt.Sprintf("%s changed since %s %s it: %s", n.Target, n.By.Name, n.Meaning, reasons)
	case approval.Refused:
		return fmt.Sprintf("%s has to be %s by %s, and the approval that is there does not count: %s", n.Target, n.Meaning, roles, reasons)
	}
	return fmt.Sprintf("%s has not been %s by %s", n.Target, n.Meaning, roles)
}

func needReasons(n *approval.Need) []string {
	reasons := []string{}
	if n.By != nil {
		reasons = slices.Concat(reasons, n.By.Damage, n.By.Refused)
	}
	if n.State == approval.Stale {
		reasons = append(reasons, changeWords(n.Changes)...)
	}
	return reasons
}

func approvalLine(a *approval.Approval, state ApprovalState, reasons []string) ApprovalLine {
	line := ApprovalLine{ID: a.ID, Path: a.Path, State: state, Stamped: instant(a.Stamped), Reasons: append([]string{}, reasons...)}
	if a.Readable {
		line.Of, line.Subject, line.Meaning, line.Signer, line.Name, line.Role = a.Of, a.Predicate.ID, a.Meaning, a.Signer, a.Name, a.Role
		line.Signed = instant(a.Signed)
	}
	if a.By != nil {
		line.Key = a.By.Key.ID()
	}
	return line
}

// instant is a time as JSON has it, "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// files looks at what is neither the security file nor signed by itself: whether
// something that is signed names it.
func (x *auditor) files() {
	vouched := x.vouched()
	var faults []string
	n := 0
	for _, e := range x.archive.Manifest.Files {
		switch e.Part {
		case Baseline, Artefact, Document:
			name, _ := below(x.archive.Manifest.Folder, e.Path)
			if !slices.Contains(vouched[name], e.SHA256) {
				faults = append(faults, unvouched(e.Part, name, len(vouched[name]) > 0))
			}
			n++
		case Input, TimeStamp:
			n++
		}
	}
	for _, name := range slices.Concat(x.proof.Evidence.Stray, x.proof.Evidence.Unused, x.proof.Evidence.Stamps, x.proof.Approvals.Stray) {
		faults = append(faults, fmt.Sprintf("%s belongs to nothing in the bundle", name))
	}
	x.conclude(Vouched, faults, "%s, each named by what is signed", amount(n, "file"))
}

func unvouched(part Part, name string, other bool) string {
	switch {
	case other:
		return fmt.Sprintf("%s is not the file of which the digest is signed", name)
	case part == Document:
		return fmt.Sprintf("%s is a document that nobody has signed as it is", name)
	case part == Baseline:
		return fmt.Sprintf("%s is a baseline that nobody has signed: no valid approval is of it, or of the release that names it", name)
	}
	return fmt.Sprintf("%s is no artefact of any release", name)
}

// vouched are the digests of the files that something signed names. Those of
// artefacts stand in the security file, which the release vouches for; those of
// documents and baselines in approvals.
func (x *auditor) vouched() map[string][]string {
	signed := map[string][]string{}
	for _, r := range x.file.Releases {
		for _, a := range append(slices.Clone(r.Artefacts), r.SBOM) {
			signed[a.Path] = append(signed[a.Path], strings.TrimPrefix(a.Digest, "sha256:"))
		}
	}
	for _, a := range x.proof.Approvals.Approvals {
		if state, _ := x.state(a); state == Valid {
			if name, digest := x.fileOf(a); digest != "" {
				signed[name] = append(signed[name], digest)
			}
		}
	}
	return signed
}

// fileOf is the file whose digest an approval holds, below the folder of the
// security file.
func (x *auditor) fileOf(a *approval.Approval) (name, digest string) {
	switch e := x.targets[target{a.Of, a.Predicate.ID}].Entity.(type) {
	case *model.Document:
		return e.File, lineOf(a, approval.DocumentDigest)
	case *model.Release:
		return approval.BaselineFile(e.Baseline), lineOf(a, approval.ReleaseDigest)
	}
	if a.Of == "baselines" {
		return approval.BaselineFile(a.Predicate.ID), lineOf(a, approval.BaselineDigest)
	}
	return "", ""
}

func lineOf(a *approval.Approval, path string) string {
	for _, l := range a.Content {
		if l.Path == path {
			return l.Value
		}
	}
	return ""
}
