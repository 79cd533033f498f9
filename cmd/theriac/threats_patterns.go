package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/threat"
)

type patternsFlags struct {
	on       string
	category string
	color    string
}

func newThreatsPatterns() *cobra.Command {
	var flags patternsFlags
	cmd := &cobra.Command{
		Use:   "patterns [ID]",
		Short: "list the patterns from which threats are derived, or explain one",
		Long: `Patterns lists the patterns, one line each: id, kind of element, category and title.
With an id it says when the pattern fires, what would happen, what usually helps and
where the weakness is described.`,
		Example: `  theriac threats patterns
  theriac threats patterns --on store --category disclosure
  theriac threats patterns hl7-v2-forged-order`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("patterns takes one pattern, not %d", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return patternIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			s, err := screenOf(flags.color, out, os.Environ())
			if err != nil {
				return err
			}
			p := newPage(s)
			if len(args) == 1 {
				err = explainPattern(p, args[0])
			} else {
				err = listPatterns(p, flags)
			}
			if err != nil {
				return err
			}
			return p.show(s, out)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.on, "on", "", "list only patterns for this `kind` of element: "+strings.Join(patternKinds, ", "))
	f.StringVar(&flags.category, "category", "", "list only patterns of this `category`: "+strings.Join(categoryNames(), ", "))
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "on", patternKinds)
	complete(cmd, "category", categoryNames())
	complete(cmd, "color", colours)
	return cmd
}

func categoryNames() []string {
	var names []string
	for _, c := range threat.Categories() {
		names = append(names, string(c))
	}
	return names
}

// patternKinds are the kinds of element that patterns look at, in the order of
// the language. They are written down, since to ask the patterns takes longer than the
// rest of the command line does.
var patternKinds = []string{"zone", "boundary", "component", "store", "actor", "interface", "flow", "role", "key"}

func patternIDs() []string {
	var ids []string
	for _, g := range threat.Groups() {
		for _, p := range g.Patterns {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func listPatterns(p *page, flags patternsFlags) error {
	if flags.on != "" && !slices.Contains(patternKinds, flags.on) {
		return badValue("on", flags.on, patternKinds)
	}
	if flags.category != "" && !slices.Contains(categoryNames(), flags.category) {
		return badValue("category", flags.category, categoryNames())
	}
	for _, g := range threat.Groups() {
		for _, x := range g.Patterns {
			if !x.Arises() || flags.on != "" && x.On != flags.on || flags.category != "" && string(x.Category) != flags.category {
				continue
			}
			p.line(fmt.Sprintf("%-38s  %-9s  %-22s  %s", x.ID, x.On, x.Category, x.Title))
		}
	}
	return nil
}

func explainPattern(p *page, id string) error {
	x := threat.Find(id)
	if x == nil {
		return unknownName("pattern", id, patternIDs())
	}
	p.title("%s: %s", x.ID, x.Title)
	p.line("")
	p.field("group", x.Group.Title)
	p.field("category", string(x.Category))
	when := "never"
	if x.Arises() {
		when = x.Condition().String()
	}
	p.field("fires on", x.On+" where "+when)
	p.field("otherwise", x.Otherwise)
	p.field("how", x.How)
	p.field("agent", x.Agent)
	p.field("data", join(x.Contents))
	p.field("touches", join(x.Effects))
	p.field("controls", x.Controls)
	p.field("capability", join(x.Capabilities))
	if len(x.References) > 0 {
		p.heading("References")
		for _, r := range x.References {
			p.item(2, r+"  ", threat.References()[r])
		}
	}
	if x.Fires != "" {
		p.heading("Fires on")
		p.code(x.Fires, "")
	}
	if x.Silent != "" {
		p.heading("Does not fire on")
		p.code(x.Silent, "")
	}
	p.line("")
	p.text(0, "A threat of the security file answers it with `patterns: ["+x.ID+"]` for each of its targets.")
	return nil
}

func join[T ~string](values []T) string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return strings.Join(all, ", ")
}
