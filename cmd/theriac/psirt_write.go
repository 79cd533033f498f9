package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"theriac/edit"
	"theriac/model"
)

// caseIDs gives ids to new cases: case-YEAR-NUMBER, by the year of awareness in the
// zone of the security file, one above the highest that is there.
type caseIDs struct {
	taken   map[string]bool // ids of the file and its variants
	zone    *time.Location
	highest map[string]int // numbers by what stands before them
}

// maxNumber is the highest number of a case after which others are counted; what is
// higher was not counted by anybody.
const maxNumber = 999_999

func (ids caseIDs) next(aware time.Time) string {
	prefix := fmt.Sprintf("case-%d-", aware.In(ids.zone).Year())
	highest, known := ids.highest[prefix]
	if !known {
		for id := range ids.taken {
			if number, ok := strings.CutPrefix(id, prefix); ok {
				if n, err := strconv.Atoi(number); err == nil && n <= maxNumber {
					highest = max(highest, n)
				}
			}
		}
	}
	for {
		highest++
		id := fmt.Sprintf("%s%03d", prefix, highest)
		if !ids.taken[id] {
			ids.taken[id], ids.highest[prefix] = true, highest
			return id
		}
	}
}

func newCaseIDs(ctx context.Context, file *model.File, zone *time.Location) (caseIDs, error) {
	taken, err := idsOfVariants(ctx, file)
	if err != nil {
		return caseIDs{}, err
	}
	for _, id := range allIDs(file) {
		taken[id] = true
	}
	return caseIDs{taken, zone, map[string]int{}}, nil
}

// appendCases adds cases to the file that holds most of them, or to cases.yaml, and
// reads the security file again.
func appendCases(ctx context.Context, file *model.File, dir string, cases []edit.Entity) (*model.File, error) {
	home := file.Fullest(model.KindOf("cases"))
	if home == "" {
		home = filepath.Join(dir, "cases.yaml")
	}
	return rewritten(ctx, file, dir, func(w *rewrite) error {
		doc, err := w.open(home)
		if err == nil {
			err = doc.Append("cases", cases...)
		}
		return err
	}, cases[len(cases)-1].ID)
}

// changeCase edits one case in place and reads the security file again.
func changeCase(ctx context.Context, file *model.File, dir string, c *model.Case, change func(*edit.Doc) error) (*model.File, error) {
	if from := c.From(); from != "" {
		return nil, fmt.Errorf("%s belongs to the library %s; change it there", c.ID, from)
	}
	return rewritten(ctx, file, dir, func(w *rewrite) error {
		doc, err := w.open(c.Here().Path())
		if err == nil {
			err = change(doc)
		}
		return err
	}, c.ID)
}

// rewritten carries out changes: the security file is sound afterwards and holds the
// case, or nothing is changed.
func rewritten(ctx context.Context, file *model.File, dir string, change func(*rewrite) error, id string) (*model.File, error) {
	w, err := newRewrite(ctx, file, dir)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := change(w); err != nil {
		return nil, err
	}
	var again *model.File
	err = w.apply(ctx, func() error {
		var err error
		again, _, err = load(ctx, []string{dir})
		if err == nil && again.Lookup(id) == nil {
			err = fmt.Errorf("%s would not belong to the security file", id)
		}
		return err
	})
	return again, err
}

// entryBody builds the body of an entity of what is not empty.
type entryBody struct{ edit.Map }

func (s *entryBody) text(name, value string) {
	if value != "" {
		s.Map = append(s.Map, edit.Field{Name: name, Value: edit.Text(value)})
	}
}

func (s *entryBody) texts(name string, values []string) {
	if len(values) > 0 {
		s.Map = append(s.Map, edit.Field{Name: name, Value: edit.Texts(values...)})
	}
}

func (s *entryBody) fields(name string, m edit.Map) {
	if len(m) > 0 {
		s.Map = append(s.Map, edit.Field{Name: name, Value: m})
	}
}
