package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/model"
	"theriac/psirt"
)

type stepFlags struct{ step, duty, at, by, note string }

func newPSIRTStep() *cobra.Command {
	var flags stepFlags
	cmd := &cobra.Command{
		Use:   "step CASE [DIR]",
		Short: "record what was done in a case",
		Long: `Step adds a step to the record of a case. A report names the duty that it meets. Without
--at it was done now. The dates of a field safety corrective action are steps as well:
action-decided, notice-drafted, reported with --duty field-action, notice,
effectiveness-checked.`,
		Example: `  theriac psirt step case-2026-001 pump --step acknowledged
  theriac psirt step case-2026-001 pump --step reported --duty serious-incident \
    --at 2026-11-10T09:00:00+01:00 --by "PSIRT lead" --note "number 4711"`,
		Args: nameAndFolder("a case"),
		RunE: func(cmd *cobra.Command, args []string) error { return runPSIRTStep(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.step, "step", "", "`kind` of step: "+strings.Join(namesOf(model.StepKind("").Values()), ", ")+" (required)")
	f.StringVar(&flags.duty, "duty", "", "`duty` that a report meets: "+strings.Join(namesOf(model.Duty("").Values()), ", "))
	f.StringVar(&flags.at, "at", "", "`time` with its offset from UTC")
	f.StringVar(&flags.by, "by", "", "`role` that did it")
	f.StringVar(&flags.note, "note", "", "`text`: reference number, addressee, what it said")
	complete(cmd, "step", namesOf(model.StepKind("").Values()))
	complete(cmd, "duty", namesOf(model.Duty("").Values()))
	completeCase(cmd)
	return cmd
}

func runPSIRTStep(cmd *cobra.Command, args []string, flags stepFlags) error {
	if err := oneOf("step", flags.step, model.StepKind("").Values()); err != nil {
		return err
	}
	switch {
	case flags.duty != "":
		if err := oneOf("duty", flags.duty, model.Duty("").Values()); err != nil {
			return err
		}
	case psirt.NeedsDuty(model.StepKind(flags.step)):
		return fmt.Errorf("which duty does it meet? Name it with --duty")
	}
	file, dir, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	c, err := caseNamed(file, args[0])
	if err != nil {
		return err
	}
	at, err := momentFlag("at", flags.at, psirt.Zone(file))
	switch {
	case err != nil:
		return err
	case at.Time().Before(c.Aware.Time()):
		return fmt.Errorf("--at: %s is before the manufacturer became aware (%s)", at, c.Aware)
	}
	if err := mayGoOn(c); err != nil {
		return err
	}
	for _, s := range c.Steps {
		if string(s.Step) == flags.step && string(s.Duty) == flags.duty && s.At.Time().Equal(at.Time()) {
			return fmt.Errorf("%s has the step %s at %s already", c.ID, s.Step, s.At)
		}
	}
	var s entryBody
	s.text("step", flags.step)
	s.text("duty", flags.duty)
	s.text("at", at.String())
	s.text("by", flags.by)
	s.text("note", flags.note)
	again, err := changeCase(cmd.Context(), file, dir, c, func(doc *edit.Doc) error {
		return doc.Set(c.ID, []string{"steps"}, insertStep(doc, c, s.Map, at))
	})
	if err != nil {
		return err
	}
	return tellOpened(cmd, again, c.ID)
}

// mayGoOn complains about a case that is closed.
func mayGoOn(c *model.Case) error {
	if c.Closed.IsZero() {
		return nil
	}
	return fmt.Errorf("%s was closed at %s; take `closed` out of it to open it again", c.ID, c.Closed)
}

// insertStep is the record with a step at its place in time.
func insertStep(doc *edit.Doc, c *model.Case, step edit.Map, at model.Moment) edit.List {
	old, _ := doc.Get(c.ID, "steps")
	list, _ := old.(edit.List)
	place := len(list)
	for place > 0 && place <= len(c.Steps) && c.Steps[place-1].At.Time().After(at.Time()) {
		place--
	}
	return slices.Insert(slices.Clone(list), place, edit.Value(step))
}

type answerFlags struct{ reason, by, aware, to string }

func newPSIRTAnswer() *cobra.Command {
	var flags answerFlags
	cmd := &cobra.Command{
		Use:   "answer CASE DUTY yes|no [DIR]",
		Short: "say whether a duty to report applies to a case",
		Long: `Answer enters whether a duty to report applies, and why. With no serious incident, the
duties for its graver kinds are answered as well. A no needs a reason. Where the answer
stays what it was, flags that are not given keep what stands there.`,
		Example: `  theriac psirt answer case-2026-001 serious-incident no pump --by "PSIRT lead" \
    --reason "Found in our own test; no device in the field was touched."`,
		Args: cobra.RangeArgs(3, 4),
		RunE: func(cmd *cobra.Command, args []string) error { return runPSIRTAnswer(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.reason, "reason", "", "`text` that says why")
	f.StringVar(&flags.by, "by", "", "`role` that decided")
	f.StringVar(&flags.aware, "aware", "", "`time` of awareness of what has to be reported, where that is later than that of the case")
	f.StringVar(&flags.to, "to", "", "`authority` or CSIRT that receives the report")
	completeCase(cmd)
	return cmd
}

func runPSIRTAnswer(cmd *cobra.Command, args []string, flags answerFlags) error {
	id, duty, says := args[0], args[1], args[2]
	if known := namesOf(model.Duty("").Values()); !slices.Contains(known, duty) {
		return unknownName("duty", duty, known)
	}
	switch {
	case says != "yes" && says != "no":
		return fmt.Errorf("%q is neither yes nor no", says)
	case says == "no" && flags.reason == "":
		return fmt.Errorf("why does it not apply? Say so with --reason; when in doubt, report")
	}
	file, dir, err := load(cmd.Context(), args[3:])
	if err != nil {
		return err
	}
	c, err := caseNamed(file, id)
	if err != nil {
		return err
	}
	if err := mayGoOn(c); err != nil {
		return err
	}
	flags.keep(c, model.Duty(duty), says == "yes")
	var s entryBody
	s.text("duty", duty)
	s.Map = append(s.Map, edit.Field{Name: "applies", Value: edit.Bool(says == "yes")})
	s.text("reason", flags.reason)
	if flags.aware != "" {
		aware, err := momentFlag("aware", flags.aware, psirt.Zone(file))
		if err != nil {
			return err
		}
		s.text("aware", aware.String())
	}
	s.text("by", flags.by)
	s.text("to", flags.to)
	again, err := changeCase(cmd.Context(), file, dir, c, func(doc *edit.Doc) error {
		return doc.Set(c.ID, []string{"reporting"}, replaceAnswer(doc, c, s.Map, model.Duty(duty)))
	})
	if err != nil {
		return err
	}
	return tellOpened(cmd, again, c.ID)
}

// keep takes over what stands beside an answer that stays what it was.
func (f *answerFlags) keep(c *model.Case, duty model.Duty, applies bool) {
	for _, a := range c.Reporting {
		if a.Duty == duty && a.Applies.Known() && (a.Applies == model.Yes) == applies {
			f.reason, f.by, f.aware, f.to = cmp.Or(f.reason, a.Reason), cmp.Or(f.by, a.By), cmp.Or(f.aware, a.Aware.String()), cmp.Or(f.to, a.To)
			return
		}
	}
}

// replaceAnswer is the list of answers with one in place of that for the same duty.
func replaceAnswer(doc *edit.Doc, c *model.Case, answer edit.Map, duty model.Duty) edit.List {
	old, _ := doc.Get(c.ID, "reporting")
	list, _ := old.(edit.List)
	list = slices.Clone(list)
	for i, a := range c.Reporting {
		if a.Duty == duty && i < len(list) {
			list[i] = answer
			return list
		}
	}
	return append(list, answer)
}
