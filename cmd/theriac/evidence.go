package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"theriac/check"
	"theriac/evidence"
	"theriac/model"
)

func newEvidence() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "evidence",
		Short: "add, list, show and verify signed evidence",
		Long: `Evidence turns what tools and people report into signed statements about a release,
kept below ` + evidence.Folder + `/ of the security file with the raw inputs beside them, and says
what each is worth.`,
		Example: `  theriac evidence add pump --for vf-lock --release 1.4.0 --from report.xml --sign ci.key
  theriac evidence list pump
  theriac evidence show 3f2a9c01 pump
  theriac evidence verify pump
  theriac evidence form penetration-test > pentest.yaml`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newEvidenceAdd(), newEvidenceList(), newEvidenceShow(), newEvidenceVerify(), newEvidenceGC(), newEvidenceForm())
	return cmd
}

// proven is a security file with what is signed about it.
type proven struct {
	file    *model.File
	dir     string
	root    *os.Root
	proof   *check.Proof
	today   model.Date
	release *model.Release // nil where there is none
}

func (p *proven) close() { _ = p.root.Close() }

func (p *proven) files() fs.FS { return p.root.FS() }

// judged is what the evidence is worth for the release.
func (p *proven) judged() *evidence.Judgement {
	return evidence.Judge(p.file, p.proof.Evidence, p.release, p.today)
}

// openProven reads a security file and what is signed about it. The release is
// the one named, else the newest that is out.
func openProven(ctx context.Context, args []string, release string, today model.Date) (*proven, error) {
	file, dir, err := load(ctx, args)
	if err != nil {
		return nil, err
	}
	p := &proven{file: file, dir: dir, today: today, release: check.CurrentRelease(file, today)}
	if release != "" {
		if p.release, err = releaseNamed(file, release); err != nil {
			return nil, err
		}
	}
	if p.root, err = check.FolderOf(file); err != nil {
		return nil, err
	}
	if p.proof, err = check.ReadProof(ctx, file, p.root.FS(), today, nil); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// pieceNamed finds a piece of evidence by the beginning of its id or by its path.
func (p *proven) pieceNamed(name string) (*evidence.Piece, error) {
	if piece := p.proof.Evidence.Find(name); piece != nil {
		return piece, nil
	}
	var several []string
	for _, piece := range p.proof.Evidence.Pieces {
		if name != "" && strings.HasPrefix(piece.ID, name) {
			several = append(several, piece.ID)
		}
	}
	switch {
	case len(several) > 1:
		return nil, fmt.Errorf("several pieces of evidence have an id that begins with %q: %s; give more digits", name, strings.Join(several[:min(len(several), 5)], ", "))
	case len(several) == 1:
		return nil, fmt.Errorf("%q is too short for an id; give at least four digits of %s", name, several[0])
	}
	return nil, fmt.Errorf("no piece of evidence has an id that begins with %q; `theriac evidence list --all %s` lists them", name, p.dir)
}
