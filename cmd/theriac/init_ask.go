package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"charm.land/huh/v2"
	"github.com/charmbracelet/colorprofile"

	"theriac/model"
	"theriac/schema"
)

// ask fills in what is not known yet, in three steps since the classes to choose
// from depend on the regulation.
func ask(ctx context.Context, in io.Reader, out io.Writer, accessible bool, a *answers) error {
	if accessible { // a plain terminal or a screen reader: no escape sequences
		out = &colorprofile.Writer{Forward: out, Profile: colorprofile.NoTTY}
	}
	run := func(fields ...huh.Field) error {
		if len(fields) == 0 {
			return nil
		}
		form := huh.NewForm(huh.NewGroup(fields...)).WithInput(in).WithOutput(out).WithAccessible(accessible)
		if err := form.RunWithContext(ctx); errors.Is(err, huh.ErrUserAborted) {
			return errors.New("stopped; nothing was written")
		} else if err != nil {
			return fmt.Errorf("ask: %w", err)
		}
		if !accessible { // the form leaves the cursor in its last line
			_, err := io.WriteString(out, "\n\n")
			return err
		}
		return nil
	}
	if err := run(a.productFields()...); err != nil {
		return err
	}
	if err := run(a.classFields()...); err != nil {
		return err
	}
	// The last line of a form may be cut off when it ends: say what was chosen.
	if _, err := fmt.Fprintf(out, "  %s, class %s\n\n", a.regulation, a.class); err != nil {
		return err
	}
	return a.askFacts(run)
}

func (a *answers) productFields() []huh.Field {
	var fields []huh.Field
	if a.name == "" {
		fields = append(fields, huh.NewInput().Title("Trade name as on the label").Value(&a.name).Validate(filled))
	}
	if a.manufacturer == "" {
		fields = append(fields, huh.NewInput().Title("Registered name of the manufacturer (may stay empty)").Value(&a.manufacturer))
	}
	if a.purpose == "" {
		fields = append(fields, huh.NewInput().Title("Intended purpose in one sentence (may stay empty)").Value(&a.purpose))
	}
	if a.regulation == "" {
		fields = append(fields, huh.NewSelect[string]().Title("Regulation").Value(&a.regulation).Options(
			huh.NewOption("MDR: medical device", string(model.MDR)), huh.NewOption("IVDR: in vitro diagnostic", string(model.IVDR))))
	}
	return fields
}

func filled(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("this cannot stay empty")
	}
	return nil
}

func (a *answers) classFields() []huh.Field {
	list := classes(model.Regulation(strings.ToUpper(a.regulation)))
	if a.class != "" || len(list) == 0 {
		return nil
	}
	return []huh.Field{huh.NewSelect[string]().Title("Risk class").Options(huh.NewOptions(list...)...).Value(&a.class)}
}

// askFacts asks which facts are true, and whether the others are false or not
// yet known.
func (a *answers) askFacts(run func(...huh.Field) error) error {
	var open []string
	var options []huh.Option[string]
	for _, f := range factFields() {
		if _, known := a.facts[f.Name]; !known {
			open = append(open, f.Name)
			options = append(options, huh.NewOption(label(f), f.Name))
		}
	}
	if len(open) == 0 {
		return nil
	}
	var chosen []string
	rest := false // who says nothing has not said that it is false
	err := run(
		huh.NewMultiSelect[string]().Title("What is true of the product?").Options(options...).Value(&chosen),
		huh.NewConfirm().Title("Is everything else false? (No leaves it unknown, so that its clauses stay open.)").Value(&rest))
	if err != nil {
		return err
	}
	if rest {
		for _, name := range open {
			a.facts[name] = false
		}
	}
	for _, name := range chosen {
		a.facts[name] = true
	}
	return nil
}

// label is a fact on one line of a narrow terminal.
func label(f schema.Field) string {
	text := f.Name + ": " + f.Doc
	if short, _, cut := strings.Cut(text, ";"); cut && len(text) > 80 {
		return short
	}
	return text
}
