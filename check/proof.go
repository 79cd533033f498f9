package check

import (
	"context"
	"io/fs"
	"os"

	"theriac/approval"
	"theriac/evidence"
	"theriac/model"
	"theriac/trust"
)

// Proof is what is signed about a security file.
type Proof struct {
	Roster    *trust.Roster
	Evidence  *evidence.Store
	Approvals *approval.Store
	// Files is the folder of the security file; nil where there is none, and
	// nothing that is kept there can be compared.
	Files fs.FS
}

// NoProof is the proof of a security file about which nothing is signed.
func NoProof(file *model.File) *Proof {
	return &Proof{Roster: trust.NewRoster(file), Evidence: &evidence.Store{}, Approvals: &approval.Store{}}
}

// ReadProof reads what is signed about a security file below the root of a file
// system. Hashes may be nil.
func ReadProof(ctx context.Context, file *model.File, fsys fs.FS, today model.Date, hashes *evidence.Hashes) (*Proof, error) {
	p := NoProof(file)
	p.Files = fsys
	p.Roster.Remember(hashes.Signatures())
	var err error
	if p.Evidence, err = evidence.Read(ctx, fsys, p.Roster, hashes); err != nil {
		return nil, err
	}
	p.Approvals, err = approval.Read(ctx, fsys, p.Roster, today)
	return p, err
}

// FolderOf opens the folder of a security file as a file system that nothing
// leads out of. Close it after use of what was read.
func FolderOf(file *model.File) (*os.Root, error) { return os.OpenRoot(file.Dir()) }

// Needs lists the approvals that the policy asks for.
func (p *Proof) Needs(file *model.File) ([]*approval.Need, error) {
	if p.Files == nil {
		return nil, nil
	}
	return approval.Needs(file, p.Approvals, p.Files)
}

// Approved tells whether somebody who may signed that a document was approved or
// released, as it is now.
func (p *Proof) Approved(file *model.File, d *model.Document) bool {
	if p.Files == nil {
		return false
	}
	t := approval.Target{Of: "documents", ID: d.ID, Entity: d}
	content, err := approval.Content(file, p.Files, t)
	if err != nil {
		return false // T7601 speaks of it
	}
	given, changes := p.Approvals.OfTarget(t, content)
	for i, a := range given {
		if (a.Meaning == "approved" || a.Meaning == "released") && len(changes[i]) == 0 {
			return true
		}
	}
	return false
}

// releaseOf is the release that evidence is judged for.
func releaseOf(in Input) *model.Release {
	if in.Release != "" {
		r, _ := in.File.Lookup(in.Release).(*model.Release)
		return r
	}
	return CurrentRelease(in.File, in.Today)
}

// CurrentRelease is the newest release that is out on a day; where none is out,
// the one that is planned next; nil where there is none.
func CurrentRelease(file *model.File, today model.Date) *model.Release {
	var out, next *model.Release
	for _, r := range file.Releases {
		switch planned := r.Date.IsZero() || today.Before(r.Date); {
		case !planned && (out == nil || !r.Date.Before(out.Date)):
			out = r
		case planned && (next == nil || !r.Date.IsZero() && (next.Date.IsZero() || r.Date.Before(next.Date))):
			next = r
		}
	}
	if out != nil {
		return out
	}
	return next
}
