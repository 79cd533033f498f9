package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/change"
	"theriac/check"
	"theriac/evidence"
	"theriac/model"
	"theriac/plan"
)

type planFlags struct {
	format  string
	color   string
	release string
	date    string
	variant string
	all     bool
}

func newPlan() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:   "plan [RANGE] [DIR]",
		Short: "say what a pending edit would unsettle",
		Long: `Plan compares the working folder with the last commit and says, before the edit is
committed, which approvals, evidence, reviewed links, answers to derived threats and
documents hold now and would not hold any more, each with the entity and the field
that causes it; and what the edit would settle.

RANGE names two other states, as for diff: main..HEAD, or a baseline alone, which is
compared with the working folder. A folder with a security file is taken as DIR.

Signed files and documents are read as each state holds them. A baseline holds none:
there those of the other side count for both. Both sides are judged on one day.

Exit status: 0 nothing would be unsettled, 1 something would, 2 the run failed.`,
		Example: `  theriac plan
  theriac plan pump --release 1.4.0
  theriac plan main..HEAD pump --format markdown
  theriac plan release-1.3.0.. pump --all`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return fmt.Errorf("plan takes two states as A..B and a folder; see `theriac plan --help`")
			}
			return nil
		},
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runPlan(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(diffFormats, ", "))
	f.BoolVar(&flags.all, "all", false, "show everything, item by item")
	f.StringVar(&flags.release, "release", "", "`version` for which evidence is judged; without it the newest that is out")
	f.StringVar(&flags.date, "date", "", "`day` on which both sides are judged, as YYYY-MM-DD")
	f.StringVar(&flags.variant, "variant", "", "compare the variant with this `id`; without it the product itself")
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "format", diffFormats)
	complete(cmd, "color", colours)
	return cmd
}

func runPlan(cmd *cobra.Command, args []string, flags planFlags) error {
	if !slices.Contains(diffFormats, flags.format) {
		return badValue("format", flags.format, diffFormats)
	}
	out := cmd.OutOrStdout()
	s, err := screenOf(flags.color, out, os.Environ())
	if err != nil {
		return err
	}
	p, err := planOf(cmd.Context(), args, flags)
	if err != nil {
		return err
	}
	switch flags.format {
	case "json":
		err = p.json(out)
	case "markdown":
		err = p.markdown(out)
	default:
		page := newPage(s)
		p.text(page, flags.all)
		err = page.show(s, out)
	}
	if err == nil && p.Count(plan.Unsettles) > 0 {
		err = errFindings
	}
	return err
}

// planned is a plan with what a reader wants to know about the states.
type planned struct {
	*plan.Plan

	dir           string
	before, after *change.State
	day           model.Date
	notes         []string
}

// planOf opens two states, reads what is signed about them, and compares them.
func planOf(ctx context.Context, args []string, flags planFlags) (p *planned, err error) {
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	between, dir, err := planArgs(args)
	if err != nil {
		return nil, err
	}
	a, b, err := change.ParseRange(between)
	if err != nil {
		return nil, err
	}
	p = &planned{dir: dir, day: day}
	if p.before, err = change.Open(ctx, dir, a); err != nil {
		if between == lastCommit && (errors.Is(err, change.ErrGit) || errors.Is(err, change.ErrUnknown)) {
			err = fmt.Errorf("%w; name a baseline to compare with, as in `theriac plan BASELINE.. %s`", err, dir)
		}
		return nil, err
	}
	before := p.before // p is nil where an error is returned
	defer func() { err = errors.Join(err, before.Close()) }()
	if p.after, err = change.Open(ctx, dir, b); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.after.Close()) }()
	return p, p.compare(ctx, flags)
}

// lastCommit is what is compared without a range.
const lastCommit = "git:HEAD.."

// planArgs tells a range and a folder apart.
func planArgs(args []string) (between, dir string, err error) {
	switch {
	case len(args) == 2:
		between, args = args[0], args[1:]
	case len(args) == 1 && !isFolder(args[0]):
		between, args = args[0], nil
	default:
		between = lastCommit
	}
	dir, err = folder(args)
	return between, dir, err
}

// isFolder says whether an argument is a folder. One that holds no security file is
// meant as a folder where it is no name of a state.
func isFolder(arg string) bool {
	if holdsSecurityFile(arg) {
		return true
	}
	info, err := os.Stat(arg)
	return err == nil && info.IsDir() && (strings.ContainsAny(arg, `/\`) || strings.Trim(arg, ".") == "")
}

// compare reads both sides and makes the plan.
func (p *planned) compare(ctx context.Context, flags planFlags) error {
	now, err := os.OpenRoot(p.dir)
	if err != nil {
		return err
	}
	defer now.Close()
	was, is, notes, err := p.folders(ctx, now.FS())
	if err != nil {
		return err
	}
	hashes := &evidence.Hashes{}
	after, err := p.side(ctx, p.after, flags.variant, is, hashes)
	if err != nil {
		return err
	}
	before, err := p.side(ctx, p.before, flags.variant, was, hashes)
	if err != nil {
		return err
	}
	if names := variantsOf(before.View.File, after.View.File); flags.variant != "" && !slices.Contains(names, flags.variant) {
		return unknownName("variant", flags.variant, names)
	}
	if flags.release != "" {
		if after.Release, err = releaseNamed(after.View.File, flags.release); err != nil {
			return err
		}
		// Where it is new, nothing speaks of it before.
		before.Release, _ = releaseNamed(before.View.File, after.Release.Version)
	}
	p.notes = slices.Concat(p.before.Notes, p.after.Notes, notes, releaseNotes(before.Release, after.Release))
	p.Plan, err = plan.Of(before, after, p.day)
	return err
}

// folders are the folders of both states, with what is signed and the documents.
// Two baselines hold neither: then what is there now counts for both.
func (p *planned) folders(ctx context.Context, now fs.FS) (was, is fs.FS, notes []string, err error) {
	if was, err = p.before.Folder(ctx); err != nil {
		return nil, nil, nil, err
	}
	if is, err = p.after.Folder(ctx); err != nil {
		return nil, nil, nil, err
	}
	if is == nil && was == nil {
		is = now
	}
	if is == nil {
		is, notes, err = plan.Files(nil, was)
		return is, is, notes, err
	}
	was, notes, err = plan.Files(was, is)
	return was, is, notes, err
}

func (p *planned) side(ctx context.Context, s *change.State, variant string, fsys fs.FS, hashes *evidence.Hashes) (*plan.Side, error) {
	view, err := s.Load(ctx, variant)
	if err != nil {
		return nil, err
	}
	side := &plan.Side{View: view, Release: check.CurrentRelease(view.File, p.day)}
	if fsys == nil {
		side.Proof = check.NoProof(view.File)
		return side, nil
	}
	side.Proof, err = check.ReadProof(ctx, view.File, fsys, p.day, hashes)
	return side, err
}

func releaseNotes(before, after *model.Release) []string {
	switch {
	case before == nil && after != nil:
		return []string{fmt.Sprintf("evidence is judged for release %s, which is new", after.Version)}
	case before != nil && after != nil && before.Version != after.Version:
		return []string{fmt.Sprintf("evidence was judged for release %s and is judged for release %s", before.Version, after.Version)}
	}
	return nil
}
