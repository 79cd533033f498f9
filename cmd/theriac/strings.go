package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"theriac"
	"theriac/change"
	"theriac/check"
	"theriac/check/rules"
	"theriac/csaf"
	"theriac/locale"
	"theriac/model"
	"theriac/techdoc"
)

type stringsFlags struct {
	lang, output string
	check        bool
}

func newStrings() *cobra.Command {
	var flags stringsFlags
	cmd := &cobra.Command{
		Use:   "strings [DIR]",
		Short: "write down what documents for users need translated",
		Long: `Strings writes the texts of the security file that documents for users and field safety
notices show into a file of translations (gettext PO), for translators:
DIR/translations/LANGUAGE.po, or the file that --output names. What is under embargo is
among them. Each text has the place in the security file and, as its
context, the id of the entity and the field.

A file that is there is brought up to date: translations stay with what translators
noted, texts that are new or were changed come in without a translation, the English
before the change beside them, and texts that nobody needs any more go to the end,
marked as such. Sentences of theriac itself are part of it only in languages in which
theriac does not have them.

With --check nothing is written: what has no translation is listed, and the exit
status is 1 when that is anything.`,
		Example: `  theriac strings pump --lang de
  theriac strings pump --lang fr -o fr.po
  theriac strings pump --lang de --check`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runStrings(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.lang, "lang", "", "`language` of the translations, as de or pt-br (required)")
	f.StringVarP(&flags.output, "output", "o", "", "`file` of translations; without it translations/LANGUAGE.po in DIR")
	f.BoolVar(&flags.check, "check", false, "list what has no translation; write nothing")
	return cmd
}

func runStrings(cmd *cobra.Command, args []string, flags stringsFlags) error {
	switch {
	case flags.lang == "":
		return errors.New("which language? Name it with --lang")
	case !locale.ValidTag(flags.lang):
		return fmt.Errorf("--lang: %q is no language tag such as de or pt-br", flags.lang)
	case flags.lang == "en":
		return errors.New("--lang: the security file is in English")
	}
	needed, dir, err := neededStrings(cmd.Context(), args)
	if err != nil {
		return err
	}
	name := flags.output
	if name == "" {
		name = filepath.Join(dir, locale.Folder, flags.lang+".po")
	}
	old, err := readTranslations(name)
	if err != nil {
		return err
	}
	missing, unused := old.Merge(flags.lang, needed)
	if flags.check {
		return tellMissing(cmd, flags.lang, missing)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if err := writeFile(name, old.Bytes()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %d without translation, %d no longer needed\n",
		filepath.ToSlash(name), amount(len(needed), "text"), len(missing), unused)
	return err
}

// neededStrings lists the texts that the documents of a security file need, with the
// folder of the file.
func neededStrings(ctx context.Context, args []string) ([]locale.Needed, string, error) {
	file, dir, err := load(ctx, args)
	if err != nil {
		return nil, "", err
	}
	root, err := check.FolderOf(file)
	if err != nil {
		return nil, "", err
	}
	defer root.Close()
	day := afterEmbargoes(file)
	var session theriac.Session
	r, err := session.Check(ctx, dir, theriac.Options{Today: day, Files: root.FS()})
	if err != nil {
		return nil, "", err
	}
	text, err := change.Collect(ctx, dir)
	if err != nil {
		return nil, "", err
	}
	pass := check.NewPass(check.Input{File: r.File, Catalog: r.Catalog, Rules: rules.All(), Today: day, Proof: r.Proof})
	var release *model.Release
	if n := len(r.File.Releases); n > 0 {
		release = r.File.Releases[n-1]
	}
	words := locale.Blank(noLanguage)
	if err := needOfNotices(r.File, day, words); err != nil {
		return nil, "", err
	}
	list, err := techdoc.Strings(techdoc.Input{
		File: r.File, Catalog: r.Catalog, Findings: r.Findings, Coverage: r.Coverage, Showing: r.Showing, Proof: r.Proof, Pass: pass,
		Release: release, Day: day, Text: text, Files: root.FS(),
	}, words)
	return list, dir, err
}

// noLanguage is a tag for private use (BCP 47), in which nothing is translated.
const noLanguage = "qaa"

// afterEmbargoes is a day on which no embargo of a security file runs. Translators need
// the texts that it keeps before it ends; on nothing else of the day they depend.
func afterEmbargoes(file *model.File) model.Date {
	day := model.DateOf(time.Unix(0, 0).UTC())
	for _, c := range file.Cases {
		if c.Embargo.IsZero() {
			continue
		}
		if next := model.DateOf(c.Embargo.Time().UTC().AddDate(0, 0, 1)); day.Before(next) {
			day = next
		}
	}
	return day
}

// needOfNotices notes what the field safety notices of all cases lack in a language.
func needOfNotices(file *model.File, day model.Date, words *locale.Language) error {
	for _, c := range file.Cases {
		_, err := csaf.Notice(csaf.NoticeInput{File: file, Case: c, Words: words, Day: day, Covers: coversRelease})
		if err != nil && !errors.Is(err, csaf.ErrNoFieldAction) {
			return err
		}
	}
	return nil
}

// readTranslations reads a file of translations; an empty one where there is none.
func readTranslations(name string) (*locale.Translations, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &locale.Translations{}, nil
	}
	if err != nil {
		return nil, err
	}
	t, err := locale.ReadTranslations(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// tellMissing lists what has no translation.
func tellMissing(cmd *cobra.Command, lang string, missing []locale.Lack) error {
	for _, m := range missing {
		what := "no translation"
		if m.Fuzzy {
			what = "only a guess (fuzzy)"
		}
		place, name := "", m.Context
		if m.Path != "" {
			place = fmt.Sprintf("%s:%d: ", m.Path, m.Line)
		}
		if name == "" {
			name = fmt.Sprintf("%q", m.Text)
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s%s: %s into %q\n", place, name, what, lang); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return errFindings
	}
	return nil
}
