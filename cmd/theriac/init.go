package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/schema"
)

// answers are what init knows about the product.
type answers struct {
	name, manufacturer, regulation, class, rule, purpose string

	facts map[string]bool // those that are answered
}

func newInit() *cobra.Command {
	a := answers{facts: map[string]bool{}}
	var silent bool
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "write a new security file",
		Long: `Init writes DIR/theriac.yaml: the product with what is known about it, and a small
architecture to start from. It never overwrites a security file.

On a terminal it asks for what the flags do not say. Elsewhere, and with --yes, it
asks nothing; name, regulation and class must then be given, and facts that are not
given stay unknown, which leaves the clauses that depend on them open. With TERM=dumb
or ACCESSIBLE set it asks line by line, for screen readers.`,
		Example: `  theriac init pump
  theriac init pump --name "Example pump" --regulation MDR --class IIb --rule 12 \
      --software --connected --personal-data --therapy --lay-users=false --yes`,
		Args:              exactlyOneFolder,
		ValidArgsFunction: completeFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, f := range factFields() {
				if flag := cmd.Flags().Lookup(f.Name); flag.Changed {
					a.facts[flag.Name] = flag.Value.String() == "true"
				}
			}
			return runInit(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr(), args[0], a, silent)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&a.name, "name", "", "trade `name` as on the label")
	f.StringVar(&a.manufacturer, "manufacturer", "", "registered `name` of the legal manufacturer")
	f.StringVar(&a.regulation, "regulation", "", "the `act`: MDR or IVDR")
	f.StringVar(&a.class, "class", "", "risk `class`: "+strings.Join(classes(model.MDR), ", ")+" (MDR) or "+strings.Join(classes(model.IVDR), ", ")+" (IVDR)")
	f.StringVar(&a.rule, "rule", "", "classification `rule` of Annex VIII that gave the class")
	f.StringVar(&a.purpose, "purpose", "", "intended `purpose`, as in the instructions for use")
	for _, fact := range factFields() {
		f.Bool(fact.Name, false, fact.Doc)
	}
	f.BoolVarP(&silent, "yes", "y", false, "ask nothing")
	complete(cmd, "regulation", []string{string(model.MDR), string(model.IVDR)})
	complete(cmd, "class", slices.Concat(classes(model.MDR), classes(model.IVDR)))
	return cmd
}

func exactlyOneFolder(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("init takes the folder to write to; see `theriac init --help`")
	}
	return nil
}

// factFields are the facts of the product in the order of the language.
func factFields() []schema.Field { return schema.Fields(reflect.TypeFor[model.Facts]()) }

// classes lists the classes of a regulation.
func classes(r model.Regulation) []string {
	var list []string
	for _, v := range model.Class("").Values() {
		if model.Class(v.Name).Of() == r {
			list = append(list, v.Name)
		}
	}
	return list
}

func runInit(ctx context.Context, in io.Reader, out, talk io.Writer, dir string, a answers, silent bool) error {
	target := filepath.Join(dir, model.RootFile)
	if _, err := os.Lstat(target); err == nil {
		return fmt.Errorf("%s is there already; it is not overwritten", target)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !silent && a.incomplete() && terminal(in) && terminal(out) {
		if err := ask(ctx, in, out, accessible(os.Environ()), &a); err != nil {
			return err
		}
	}
	if err := a.settle(); err != nil {
		return err
	}
	text, err := starter(a)
	if err != nil {
		return err
	}
	if err := found(dir, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(talk, "wrote %s\nnext: theriac check %s\n", target, dir)
	return err
}

func terminal(stream any) bool {
	f, ok := stream.(term.File)
	return ok && term.IsTerminal(f.Fd())
}

// accessible reports whether questions are asked line by line.
func accessible(environ []string) bool {
	return slices.ContainsFunc(environ, func(v string) bool {
		return v == "TERM=dumb" || strings.HasPrefix(v, "ACCESSIBLE=") && v != "ACCESSIBLE="
	})
}

// incomplete reports whether something that must be known is not.
func (a *answers) incomplete() bool { return a.name == "" || a.regulation == "" || a.class == "" }

// settle checks what was given and brings it into the spelling of the language.
func (a *answers) settle() error {
	var missing []string
	for _, v := range []struct{ flag, value string }{{"--name", a.name}, {"--regulation", a.regulation}, {"--class", a.class}} {
		if strings.TrimSpace(v.value) == "" {
			missing = append(missing, v.flag)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("init needs %s; it asks only on a terminal", strings.Join(missing, ", "))
	}
	r := spelling(a.regulation, []string{string(model.MDR), string(model.IVDR)})
	if r == "" {
		return badValue("regulation", a.regulation, []string{string(model.MDR), string(model.IVDR)})
	}
	c := spelling(a.class, classes(model.Regulation(r)))
	if c == "" {
		return fmt.Errorf("--class: %q is not a class of the %s, which has %s", a.class, r, strings.Join(classes(model.Regulation(r)), ", "))
	}
	a.regulation, a.class = r, c
	return nil
}

// spelling is the value of a list that differs at most in case, or "".
func spelling(value string, list []string) string {
	for _, v := range list {
		if strings.EqualFold(strings.TrimSpace(value), v) {
			return v
		}
	}
	return ""
}

// found writes the root file into a folder, which it makes if needed. When that
// fails it removes the folders that it made.
func found(dir string, text []byte) (err error) {
	made, err := makeFolders(dir)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			for _, d := range slices.Backward(made) {
				err = errors.Join(err, os.Remove(d))
			}
		}
	}()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return createIn(root, model.RootFile, text, newMode)
}

// makeFolders makes a folder with those above it, and lists the ones that are
// new, outermost first.
func makeFolders(dir string) ([]string, error) {
	var missing []string
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		missing = append(missing, at)
	}
	slices.Reverse(missing)
	for i, d := range missing {
		if err := os.Mkdir(d, 0o755); err != nil {
			for _, made := range slices.Backward(missing[:i]) {
				err = errors.Join(err, os.Remove(made))
			}
			return nil, err
		}
	}
	return missing, nil
}
