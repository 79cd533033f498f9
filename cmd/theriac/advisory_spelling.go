package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"theriac/csaf"
)

// spellingTime is how long the dictionary may take for one text.
const spellingTime = 10 * time.Second

// noDictionary starts what hunspell says when it has no dictionary of a language.
const noDictionary = "Can't open affix or dictionary files"

// hunspell is what csaf.Options.Spell wants: it asks the program at a path. The text
// goes to its standard input; the language, as de or de_AT, names the dictionary.
func hunspell(ctx context.Context, program string) func(language, text string) ([]string, error) {
	missing := map[string]bool{}
	return func(language, text string) ([]string, error) {
		if missing[language] || strings.Trim(language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			return nil, csaf.ErrNoDictionary
		}
		ctx, cancel := context.WithTimeout(ctx, spellingTime)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, "-l", "-i", "utf-8", "-d", language)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
		cmd.Stdin = strings.NewReader(text)
		var talk bytes.Buffer
		cmd.Stderr = &talk
		out, err := cmd.Output()
		if strings.Contains(talk.String(), noDictionary) {
			missing[language] = true
			return nil, csaf.ErrNoDictionary
		}
		if err != nil {
			if ctx.Err() != nil {
				err = errors.New("it took too long")
			}
			return nil, fmt.Errorf("hunspell: %w", err)
		}
		words := strings.Fields(string(out))
		slices.Sort(words)
		return slices.Compact(words), nil
	}
}
