package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"theriac/diag"
	"theriac/format"
	"theriac/model"
	"theriac/report"
	"theriac/syntax"
)

func newFmt() *cobra.Command {
	var f formatter
	cmd := &cobra.Command{
		Use:   "fmt [DIR|FILE...]",
		Short: "bring the files of a security file into canonical form",
		Long: `Fmt rewrites YAML files of a security file in one canonical form: indentation,
blank lines, order of fields. It changes no value and loses no comment.

Named files are rewritten as they are; of a folder, all files that belong to a
security file or library in it. Files listed under ignore, hidden files and
symbolic links are left alone. Without arguments it takes the security file in
the current folder or above. Names of files that change are printed.

Exit status: 0 done, 1 a file has a fault or, with --check or --diff, is not in
canonical form, 2 the run failed.`,
		Example: `  theriac fmt
  theriac fmt pump
  theriac fmt --check pump
  theriac fmt --diff pump/threats/network.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.out, f.talk = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return f.run(cmd.Context(), args)
		},
	}
	cmd.Flags().BoolVar(&f.check, "check", false, "change nothing; list files that are not in canonical form")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "change nothing; show what would change")
	return cmd
}

// formatter is a run of fmt.
type formatter struct {
	check, diff bool
	out, talk   io.Writer
	faulty      bool // a file has a fault, or is not in canonical form though it should
}

func (f *formatter) run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		dir, err := folder(nil)
		if err != nil {
			return err
		}
		args = []string{dir}
	}
	for _, name := range args {
		info, err := os.Lstat(name)
		switch {
		case err != nil:
			return err
		case info.IsDir():
			err = f.folder(ctx, name)
		case info.Mode().IsRegular():
			err = f.named(name)
		default:
			err = fmt.Errorf("%s is not a regular file", name)
		}
		if err != nil {
			return err
		}
	}
	if f.faulty {
		return errFindings
	}
	return nil
}

// named formats one file that was asked for by name.
func (f *formatter) named(name string) error {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer root.Close()
	return f.file(root, filepath.Base(name), filepath.ToSlash(filepath.Clean(name)))
}

// folder formats what belongs to security files in a folder. It opens files
// relative to the folder, so that nothing outside can be reached.
func (f *formatter) folder(ctx context.Context, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	found := false
	homes := homes{dir: dir, root: root, known: map[string]*home{}}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular() || !model.IsYAML(name) || !homes.owns(name):
			return nil
		}
		found = true
		return f.file(root, name, filepath.ToSlash(filepath.Join(dir, name)))
	})
	if err == nil && !found {
		err = fmt.Errorf("%s holds no security file", dir)
	}
	return err
}

// file formats one file below root; shown is its path for people.
func (f *formatter) file(root *os.Root, name, shown string) error {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	before, err := readSome(root, name)
	if err != nil {
		return err
	}
	after, err := format.Source(before, model.FieldOrder)
	if err != nil {
		return f.fault(shown, before, err)
	}
	if bytes.Equal(before, after) {
		return nil
	}
	switch {
	case f.diff:
		f.faulty = true
		_, err = io.WriteString(f.out, format.Diff(shown, before, after))
		return err
	case f.check:
		f.faulty = true
	default:
		if err := replaceIn(root, name, after, info.Mode().Perm()); err != nil {
			return fmt.Errorf("rewrite %s: %w", shown, err)
		}
	}
	_, err = fmt.Fprintln(f.out, shown)
	return err
}

// readSome reads a file, or as much of a huge one as package format refuses.
func readSome(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 16<<20+1))
}

// fault reports a file that cannot be formatted and has been left alone. A
// refusal is our own trouble and ends the run.
func (f *formatter) fault(shown string, text []byte, err error) error {
	source := &diag.Source{Path: shown, Text: lines(text)}
	finding := diag.Finding{Severity: diag.Error, Span: source.At(1, 1, 1), Help: "mend the file, then format again; it has been left as it is"}
	if bad, ok := errors.AsType[*format.SyntaxError](err); ok {
		finding.Code, finding.Message, finding.Span = "T0002", bad.Message, source.At(bad.Line, bad.Column, 1)
	} else if odd, ok := errors.AsType[*format.UnsupportedError](err); ok {
		finding.Code, finding.Message, finding.Span = "T0009", "cannot format: "+odd.What, source.At(odd.Line, odd.Column, 1)
		if odd.Twice != "" {
			finding.Code = syntax.CodeDuplicate
		}
	} else if errors.Is(err, format.ErrTooLarge) {
		finding.Code, finding.Message = "T0010", "file is larger than 16 MB"
	} else {
		return fmt.Errorf("%s: %w", shown, err)
	}
	f.faulty = true
	return report.Findings(f.talk, report.Input{Findings: diag.List{finding}})
}

// lines is a text as positions count in it: without byte order mark and with LF
// line ends.
func lines(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}
