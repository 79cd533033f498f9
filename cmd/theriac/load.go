package main

import (
	"context"
	"fmt"

	"theriac/diag"
	"theriac/model"
)

// load reads a security file for a command that works on it. A file with faults
// of form is refused: what a command says of half a file would be wrong.
func load(ctx context.Context, args []string) (file *model.File, dir string, err error) {
	if dir, err = folder(args); err != nil {
		return nil, "", err
	}
	var l model.Loader
	file, findings, err := l.Load(ctx, dir)
	if err != nil {
		return nil, "", err
	}
	return file, dir, wellFormed(file, findings, dir)
}

// wellFormed complains about a security file with faults of form.
func wellFormed(file *model.File, findings diag.List, dir string) error {
	errors := 0
	var first diag.Finding
	for _, f := range findings {
		if f.Severity == diag.Error {
			if errors++; errors == 1 {
				first = f
			}
		}
	}
	switch {
	case errors > 0:
		return fmt.Errorf("the security file has %s, the first at %s: %s; see `theriac check %s`", amount(errors, "error"), first.Span, first.Message, dir)
	case file.Product == nil:
		return fmt.Errorf("%s describes no product; see `theriac check %s`", dir, dir)
	}
	return nil
}
