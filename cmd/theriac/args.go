package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/diag"
	"theriac/model"
)

// What arguments and flags mean to all commands that take them.

// atMost limits the arguments of a command, the last of which is a folder.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			name := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
			return fmt.Errorf("%s takes one folder, not %d", name, len(args)-n+1)
		}
		return nil
	}
}

// folder is the folder to check: the one named, else the nearest one at or
// above the current folder that holds a security file.
func folder(args []string) (string, error) {
	if len(args) > 0 {
		if _, err := os.Stat(args[0]); errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s does not exist; name the folder that holds %s", args[0], model.RootFile)
		}
		return args[0], nil
	}
	for dir := "."; ; dir = filepath.Join("..", dir) {
		if _, err := os.Lstat(filepath.Join(dir, model.RootFile)); err == nil {
			return dir, nil
		}
		if abs, err := filepath.Abs(dir); err != nil || filepath.Dir(abs) == abs {
			return "", fmt.Errorf("no %s here or in a folder above; `theriac init DIR` writes one", model.RootFile)
		}
	}
}

// holdsSecurityFile says whether an argument is the folder of a security file.
func holdsSecurityFile(arg string) bool {
	_, err := os.Lstat(filepath.Join(arg, model.RootFile))
	return err == nil
}

// today is the day on which expiries are judged: the one given, else that of
// SOURCE_DATE_EPOCH (seconds since 1970), else that of the clock. Days are those of
// UTC, as in what is signed: west of it, what was signed in the evening would be of
// tomorrow.
func today(given, epoch string, now time.Time) (model.Date, error) {
	if given != "" {
		day, err := model.ParseDate(given)
		if err != nil {
			err = fmt.Errorf("--date: %w", err)
		}
		return day, err
	}
	at, err := moment(epoch, now)
	if err != nil {
		return model.Date{}, err
	}
	return model.DateOf(at), nil
}

func badValue(flag, value string, allowed []string) error {
	return fmt.Errorf("--%s: %q is not one of %s", flag, value, strings.Join(allowed, ", "))
}

// unknownName complains about a name, with the nearest one that is known.
func unknownName(what, name string, known []string) error {
	if s := diag.Suggest(name, known); s != "" {
		return fmt.Errorf("unknown %s %q; did you mean %q?", what, name, s)
	}
	if len(known) == 0 {
		return fmt.Errorf("unknown %s %q: there are none", what, name)
	}
	if len(known) <= 12 {
		return fmt.Errorf("unknown %s %q; known are %s", what, name, strings.Join(known, ", "))
	}
	if list := listers[what]; list != "" {
		return fmt.Errorf("unknown %s %q; `%s` shows all", what, name, list)
	}
	return fmt.Errorf("unknown %s %q; `theriac explain --list` and `--clauses` show all", what, name)
}

// unknownValue is unknownName for names that are few enough to be shown all.
func unknownValue(what, name string, known []string) error {
	if diag.Suggest(name, known) == "" && len(known) > 0 {
		return fmt.Errorf("unknown %s %q; known are %s", what, name, strings.Join(known, ", "))
	}
	return unknownName(what, name, known)
}

// listers are the commands that show which names are known.
var listers = map[string]string{
	"clause": "theriac explain --clauses", "code": "theriac explain --list", "document": "theriac build --list", "pattern": "theriac threats patterns",
	"release": "theriac release list", "risk": "theriac risk list", "signer": "theriac keys list", "target": "theriac threats paths --limit 0",
}

// knownVariant complains about a variant that the file does not declare, unless
// its declaration may stand in a part that could not be read.
func knownVariant(f *model.File, variant string) error {
	names := idsOf(f.Variants)
	if variant == "" || f.Incomplete() || slices.Contains(names, variant) {
		return nil
	}
	return unknownName("variant", variant, names)
}
