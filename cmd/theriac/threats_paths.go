package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/attack"
	"theriac/model"
)

type pathsFlags struct {
	format  string
	color   string
	to      string
	from    string
	control string
	limit   int
	limited bool // the limit was given
}

var pathsFormats = []string{"text", "json"}

// pathsLimit is how many paths of each list text shows unless told otherwise.
const pathsLimit = 5

func newThreatsPaths() *cobra.Command {
	var flags pathsFlags
	cmd := &cobra.Command{
		Use:   "paths [DIR]",
		Short: "find the attack paths from outside to what patients depend on",
		Long: `Paths searches the architecture for ways from each place where an attacker can begin
(an interface that can be reached from outside, a peer that was taken over, the
supply chain of updates) to each component, store and flow that patients depend on.
It prints the path of least effort to each, the paths that meet no control, and the
controls that are the only one on a path.

Effort is an ordinal number: it orders the paths of one security file and is neither
a probability nor a risk. Controls count by their strength: one whose strength is not
stated counts less than a basic one.

Exit status: 0 the paths were found, 2 the run failed.`,
		Example: `  theriac threats paths pump
  theriac threats paths pump --to app-infusion
  theriac threats paths pump --from if-hl7-orders --limit 0
  theriac threats paths pump --control ct-mutual-tls
  theriac threats paths pump --format json`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.limited = cmd.Flags().Changed("limit")
			return runPaths(cmd, args, flags)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(pathsFormats, ", "))
	f.StringVar(&flags.to, "to", "", "only paths to the target with this `id`, from every entry")
	f.StringVar(&flags.from, "from", "", "only paths from the entry with this `id`, to every target")
	f.StringVar(&flags.control, "control", "", "only paths that the control with this `id` holds, with their effort once it is gone")
	f.IntVar(&flags.limit, "limit", pathsLimit, "show at most `N` paths of each list, 0 for all; JSON has all unless this is given")
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "format", pathsFormats)
	completeFlagID(cmd, allIDs, "to", "from")
	completeFlagID(cmd, func(f *model.File) []string { return idsOf(f.Controls) }, "control")
	complete(cmd, "color", colours)
	return cmd
}

func runPaths(cmd *cobra.Command, args []string, flags pathsFlags) error {
	if !slices.Contains(pathsFormats, flags.format) {
		return badValue("format", flags.format, pathsFormats)
	}
	if flags.limit < 0 {
		return fmt.Errorf("--limit: %d is not a number of paths; 0 shows all", flags.limit)
	}
	out := cmd.OutOrStdout()
	s, err := screenOf(flags.color, out, os.Environ())
	if err != nil {
		return err
	}
	file, _, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	a := &attackPaths{Analysis: attack.Find(file, attack.Options{}), file: file, flags: flags}
	if err := a.known(); err != nil {
		return err
	}
	if flags.format == "json" {
		return a.json(out)
	}
	p := newPage(s)
	a.text(p)
	return p.show(s, out)
}

// attackPaths are the paths of a file and what to show of them.
type attackPaths struct {
	*attack.Analysis
	file  *model.File
	flags pathsFlags
}

// known complains about ids that are no target, entry or control of a path.
func (a *attackPaths) known() error {
	var targets, entries, controls []string
	for _, t := range a.Targets {
		targets = append(targets, model.Of(t.Entity).ID)
	}
	for _, e := range a.Entries {
		entries = append(entries, model.Of(e.At).ID)
	}
	for _, c := range a.Controls {
		controls = append(controls, c.Control.ID)
	}
	for _, f := range []struct {
		what, given string
		known       []string
	}{{"target", a.flags.to, targets}, {"entry", a.flags.from, entries}, {"control", a.flags.control, controls}} {
		if f.given != "" && !slices.Contains(f.known, f.given) {
			return a.unknownEnd(f.what, f.given, f.known)
		}
	}
	return nil
}

func (a *attackPaths) unknownEnd(what, id string, known []string) error {
	e := a.file.Lookup(id)
	switch {
	case e == nil && len(known) > 12:
		if near := unknownName(what, id, known).Error(); strings.Contains(near, "did you mean") {
			return fmt.Errorf("%s", near)
		}
		return fmt.Errorf("unknown %s %q", what, id)
	case e == nil:
		return unknownName(what, id, known)
	case what == "target":
		return fmt.Errorf("%s is no target: nothing in it touches therapy, a result or an alarm", model.Label(e))
	case what == "entry":
		return fmt.Errorf("%s is no entry: nobody outside can begin there", model.Label(e))
	}
	return fmt.Errorf("%s stands on no way through the architecture", model.Label(e))
}

// shownPath is a path to show. Without is its effort once the control that was
// asked for is gone.
type shownPath struct {
	attack.Path
	Without int
}

// pick are the paths that were asked for, to one kind of target or to any, and
// how many there are beyond the limit.
func (a *attackPaths) pick(kind string) (list []shownPath, more int) {
	pairs := slices.DeleteFunc(a.pairs(), func(h attack.Held) bool { return kind != "" && model.Of(h.Target.Entity).Kind().Name != kind })
	if n := a.limit(); n > 0 && len(pairs) > n {
		pairs, more = pairs[:n], len(pairs)-n
	}
	for _, h := range pairs {
		if p, ok := a.Path(h.Entry, h.Target); ok {
			list = append(list, shownPath{p, h.Without})
		}
	}
	return list, more
}

// pairs are the pairs of entry and target that were asked for, those of least
// effort first; with a control, those first that lose most when it is gone.
func (a *attackPaths) pairs() []attack.Held {
	var list []attack.Held
	switch {
	case a.flags.control != "":
		held, _ := a.Held(a.flags.control)
		list = slices.DeleteFunc(held, func(h attack.Held) bool { return !a.wanted(h.Entry, h.Target) })
	case a.flags.to != "" || a.flags.from != "":
		list = a.reached(-1)
	default:
		list = a.reached(1)
	}
	slices.SortStableFunc(list, func(x, y attack.Held) int {
		if a.flags.control != "" {
			return cmp.Or(cmp.Compare(y.Effort-y.Without, x.Effort-x.Without), cmp.Compare(x.Without, y.Without))
		}
		return cmp.Compare(x.Effort, y.Effort)
	})
	return list
}

// reached are the wanted pairs, at most so many of each target; -1 is no limit.
func (a *attackPaths) reached(most int) (list []attack.Held) {
	for _, t := range a.Targets {
		left := most
		for _, r := range t.Reach {
			if left != 0 && a.wanted(r.Entry, t) {
				list = append(list, attack.Held{Entry: r.Entry, Target: t, Effort: r.Effort})
				left--
			}
		}
	}
	return list
}

func (a *attackPaths) wanted(e *attack.Entry, t *attack.Target) bool {
	return (a.flags.from == "" || model.Of(e.At).ID == a.flags.from) && (a.flags.to == "" || model.Of(t.Entity).ID == a.flags.to)
}

// openings are the wanted paths that meet no control, and how many there are
// beyond the limit.
func (a *attackPaths) openings() (list []attack.Path, more int) {
	if a.flags.control != "" {
		return nil, 0
	}
	for _, o := range a.Open {
		if !a.wanted(o.Entry, o.Target) {
			continue
		}
		if n := a.limit(); n > 0 && len(list) >= n {
			more++
		} else if p, ok := a.Bare(o); ok {
			list = append(list, p)
		}
	}
	return list, more
}

// all reports whether nothing in particular was asked for.
func (a *attackPaths) all() bool { return a.flags.control+a.flags.to+a.flags.from == "" }

// limit is how many paths of a list to show; 0 is all.
func (a *attackPaths) limit() int {
	if a.flags.format == "json" && !a.flags.limited {
		return 0
	}
	return a.flags.limit
}

// unreached are the wanted targets to which no way leads.
func (a *attackPaths) unreached() (list []*attack.Target) {
	for _, t := range a.Targets {
		if len(t.Reach) == 0 && (a.flags.to == "" || model.Of(t.Entity).ID == a.flags.to) {
			list = append(list, t)
		}
	}
	return list
}
