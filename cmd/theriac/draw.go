package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"theriac/diag"
	"theriac/draw"
	"theriac/model"
)

// picture is a kind of picture that draw can make.
type picture struct {
	name, short, long string
	focus             bool // can be drawn around one element
	draw              func(f *model.File, focus string) (*draw.Drawing, error)
}

// pictures are the kinds of pictures, in the order of the help.
var pictures = []picture{
	{
		name: "architecture", short: "zones, components, interfaces and flows", focus: true,
		long: `Architecture draws the zones with the components, stores and actors in them, the
interfaces on the border of their component, and the flows between them. Trust
grows from left to right. Numbers and codes are explained in lists on sheets of
their own.`,
		draw: func(f *model.File, focus string) (*draw.Drawing, error) {
			return draw.Architecture(f, draw.Options{Focus: focus})
		},
	},
	{
		name: "data-flow", short: "processes, stores, actors and the assets that flow between them", focus: true,
		long: `Data-flow draws a data flow diagram: what handles data, what keeps them, who
sends and receives them, the assets that each flow carries, and where a flow
crosses a trust boundary.`,
		draw: func(f *model.File, focus string) (*draw.Drawing, error) {
			return draw.DataFlow(f, draw.Options{Focus: focus})
		},
	},
}

// drawFlags are the flags of draw as given.
type drawFlags struct {
	output, focus, variant string
	sheet                  int
}

func newDraw() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "draw PICTURE [DIR]",
		Short: "draw a picture of a security file as SVG",
		Long: `Draw makes a picture of the security file in DIR, or in the current folder or
above. The picture is SVG for screen and paper: each sheet prints on A4 landscape
with text of 7 points or more. Where a file is too large for that, less detail is
drawn, and the picture says what it leaves out.`,
		Example: `  theriac draw architecture -o architecture.svg
  theriac draw architecture pump --focus svc-hl7 > hl7.svg
  theriac draw data-flow pump --focus as-order -o order.svg
  theriac draw architecture pump --sheet 1 -o figure.svg`,
		Args: unknownPicture,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, p := range slices.Concat(pictures, analyses) {
		cmd.AddCommand(newPicture(p))
	}
	return cmd
}

// unknownPicture is the complaint about a first word that is no picture.
func unknownPicture(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, p := range slices.Concat(pictures, analyses) {
		names = append(names, p.name)
	}
	return unknownName("picture", args[0], names)
}

func newPicture(p picture) *cobra.Command {
	var flags drawFlags
	cmd := &cobra.Command{
		Use:               p.name + " [DIR]",
		Short:             "draw " + p.short,
		Long:              p.long,
		Example:           "  theriac draw " + p.name + " pump -o " + p.name + ".svg",
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runDraw(cmd, args, p, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.output, "output", "o", "", "write the picture to this `file`")
	f.StringVar(&flags.variant, "variant", "", "draw the variant with this `id`")
	f.IntVar(&flags.sheet, "sheet", 0, "draw only the sheet with this `number`, counted from 1")
	if p.focus {
		f.StringVar(&flags.focus, "focus", "", "draw what has to do with the element or asset with this `id`")
		completeFlagID(cmd, allIDs, "focus")
	}
	return cmd
}

func runDraw(cmd *cobra.Command, args []string, p picture, flags drawFlags) error {
	dir, err := folder(args)
	if err != nil {
		return err
	}
	if err := keepsApart(dir, flags.output); err != nil {
		return err
	}
	loader := model.Loader{Variant: flags.variant}
	file, findings, err := loader.Load(cmd.Context(), dir)
	if err != nil {
		return err
	}
	if err := knownVariant(file, flags.variant); err != nil {
		return err
	}
	if findings.Worst(diag.Error) {
		fmt.Fprintln(cmd.ErrOrStderr(), "theriac: the security file has errors, so that the picture may lack something; `theriac check` lists them")
	}
	d, err := p.draw(file, flags.focus)
	if err != nil {
		return focusError(file, flags.focus, err)
	}
	if d, err = oneSheet(d, flags.sheet); err != nil {
		return err
	}
	return writePicture(cmd, d, flags.output)
}

func writePicture(cmd *cobra.Command, d *draw.Drawing, output string) error {
	var b bytes.Buffer
	if err := draw.SVG(&b, d); err != nil {
		return err
	}
	if output != "" {
		return writeFile(output, b.Bytes())
	}
	_, err := cmd.OutOrStdout().Write(b.Bytes())
	return err
}

// oneSheet is the sheet with the number, or all of them for 0.
func oneSheet(d *draw.Drawing, number int) (*draw.Drawing, error) {
	switch n := len(d.Sheets); {
	case number == 0:
		return d, nil
	case number < 0 || number > n:
		return nil, fmt.Errorf("--sheet: there is no sheet %d; the picture has %d", number, n)
	}
	return d.Only(number - 1), nil
}

// focusError adds the nearest id to a complaint about a focus that does not
// exist.
func focusError(f *model.File, focus string, err error) error {
	if !errors.Is(err, draw.ErrFocus) || f.Lookup(focus) != nil {
		return err
	}
	if s := diag.Suggest(focus, allIDs(f)); s != "" {
		return fmt.Errorf("--focus: unknown id %q; did you mean %q?", focus, s)
	}
	return fmt.Errorf("--focus: the security file has no %q", focus)
}
