package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// ReviewFile is the name of the review file in the folder of theriac.yaml.
const ReviewFile = "theriac.reviews"

// CodeReview is the code of findings about the form of a review file.
const CodeReview = "T2202"

// Limits for a review file; docs/formats/reviews.md.
const (
	maxReviewFile     = 32 << 20
	maxReviewLine     = 1024
	maxBy             = 200 // code points
	maxReviewFindings = 100
	reviewHeader      = "theriac reviews 1"
)

// Reviews is a review file as read.
type Reviews struct {
	Links    []Reviewed
	Derived  []Derived
	Findings diag.List // what is malformed; such lines are not among the others
	Source   *diag.Source
}

// Reviewed is one line of a review file: somebody looked at what a link names.
type Reviewed struct {
	Link
	Digest string // of the target as it was then
	Date   model.Date
	By     string
	Line   int
}

// Derived is a line that accepts one threat that a pattern derives of an
// element, as something that somebody looked at.
type Derived struct {
	Pattern, Element string
	Date             model.Date
	By               string
	Line             int
}

// ReadReviews reads the review file of a security file; one that is absent is
// empty. The error is about the run: the file cannot be read.
func ReadReviews(file *model.File) (*Reviews, error) {
	shown := filepath.ToSlash(filepath.Join(file.Dir(), ReviewFile))
	root, err := os.OpenRoot(file.Dir())
	if err != nil {
		return nil, err
	}
	defer root.Close()
	switch info, err := root.Lstat(ReviewFile); {
	case errors.Is(err, fs.ErrNotExist):
		return &Reviews{Source: &diag.Source{Path: shown}}, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		r := &Reviews{Source: &diag.Source{Path: shown}}
		r.complain(1, "not a regular file", "put the file itself there; links are not followed")
		return r, nil
	}
	f, err := root.Open(ReviewFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxReviewFile+1))
	if err != nil {
		return nil, err
	}
	return ParseReviews(shown, text), nil
}

// ParseReviews reads the text of a review file. It reads on after a malformed
// line, unless the first line shows that the file is of another format.
func ParseReviews(shown string, text []byte) *Reviews {
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	r := &Reviews{Source: &diag.Source{Path: shown, Text: text}}
	if len(text) > maxReviewFile {
		r.Source.Text = nil
		r.complain(1, fmt.Sprintf("file is larger than %d MB", maxReviewFile>>20), "remove lines of links that no longer exist: theriac trace accept --prune")
		return r
	}
	head, rest, _ := strings.Cut(string(text), "\n")
	if head != reviewHeader {
		r.header(head)
		return r
	}
	count := strings.Count(rest, "\n")
	r.Links = make([]Reviewed, 0, count)
	first := lines{make(map[Link]int, count), map[[2]string]int{}}
	n := 1
	for line := range strings.Lines(rest) {
		n++
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			r.line(n, line, first)
		}
	}
	return r
}

// lines are the lines read so far by what they speak of, since a second one
// about the same would contradict.
type lines struct {
	links   map[Link]int
	derived map[[2]string]int
}

func (r *Reviews) header(line string) {
	if version, ok := strings.CutPrefix(line, "theriac reviews "); ok {
		r.complain(1, fmt.Sprintf("version %q of the format is not known here", clip(version)), "use the version of theriac that wrote the file, or a newer one")
		return
	}
	r.complain(1, fmt.Sprintf("first line is not %q", reviewHeader), "restore the file; theriac trace accept writes it")
}

func (r *Reviews) complain(line int, message, help string) {
	if len(r.Findings) >= maxReviewFindings {
		return
	}
	f := diag.Finding{Code: CodeReview, Severity: diag.Error, Span: r.Source.LineSpan(line), Message: message, Help: help}
	if len(r.Findings) == maxReviewFindings-1 {
		f.Message, f.Help = "further malformed lines are not listed", "mend those that are listed first"
	}
	r.Findings.Add(f)
}

const repair = "restore the line, or remove it and review the link again: theriac trace accept writes it"

// line reads one line behind the header.
func (r *Reviews) line(n int, line string, seen lines) {
	before, err := r.parse(n, line, seen)
	switch {
	case err != nil && conflict.MatchString(line):
		r.complain(n, "mark of an unfinished merge", "keep the lines that hold, one for each link, and remove the marks")
	case err != nil:
		r.complain(n, err.Error(), repair)
	case before > 0:
		r.complain(n, fmt.Sprintf("same as line %d: what was reviewed stands on one line", before), "keep the line of the later review")
	}
}

// conflict is a line that version control leaves where a merge failed.
var conflict = lazyregexp.New(`^(<<<<<<<|\|\|\|\|\|\|\||=======|>>>>>>>)`)

var (
	idForm    = lazyregexp.New(model.IDPattern)
	fieldForm = lazyregexp.New(`^[a-z][a-z-]*(\.[a-z][a-z-]*)*$`)
)

func isDigest(s string) bool { return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == "" }

// parse enters a line, unless it is malformed or there was one before that
// speaks of the same.
func (r *Reviews) parse(n int, line string, seen lines) (before int, err error) {
	switch {
	case len(line) > maxReviewLine:
		return 0, fmt.Errorf("line is longer than %d bytes", maxReviewLine)
	case !utf8.ValidString(line):
		return 0, errors.New("line is not UTF-8")
	}
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "link":
		l, err := parseLink(rest)
		if before = seen.links[l.Link]; err == nil && before == 0 {
			l.Line, seen.links[l.Link] = n, n
			r.Links = append(r.Links, l)
		}
		return before, err
	case "derived":
		d, err := parseDerived(rest)
		key := [2]string{d.Pattern, d.Element}
		if before = seen.derived[key]; err == nil && before == 0 {
			d.Line, seen.derived[key] = n, n
			r.Derived = append(r.Derived, d)
		}
		return before, err
	}
	return 0, fmt.Errorf("expected a line of link or derived, found %q", clip(line))
}

func parseLink(text string) (Reviewed, error) {
	f := strings.SplitN(text, " ", 6)
	if len(f) < 6 {
		return Reviewed{}, errors.New("expected link SOURCE FIELD TARGET DIGEST DATE BY")
	}
	day, err := parseDay(f[4])
	switch {
	case !idForm.MatchString(f[0]) || !idForm.MatchString(f[2]):
		return Reviewed{}, fmt.Errorf("%q or %q is not an id", clip(f[0]), clip(f[2]))
	case !fieldForm.MatchString(f[1]):
		return Reviewed{}, fmt.Errorf("%q is not the name of a field", clip(f[1]))
	case !isDigest(f[3]):
		return Reviewed{}, fmt.Errorf("%q is not a digest: 32 digits of 0-9 and a-f", clip(f[3]))
	case err != nil:
		return Reviewed{}, err
	}
	return Reviewed{Link: Link{f[0], f[1], f[2]}, Digest: f[3], Date: day, By: f[5]}, CheckBy(f[5])
}

func parseDerived(text string) (Derived, error) {
	f := strings.SplitN(text, " ", 4)
	if len(f) < 4 {
		return Derived{}, errors.New("expected derived PATTERN ELEMENT DATE BY")
	}
	day, err := parseDay(f[2])
	switch {
	case !idForm.MatchString(f[0]) || !idForm.MatchString(f[1]):
		return Derived{}, fmt.Errorf("%q or %q is not a name", clip(f[0]), clip(f[1]))
	case err != nil:
		return Derived{}, err
	}
	return Derived{Pattern: f[0], Element: f[1], Date: day, By: f[3]}, CheckBy(f[3])
}

func parseDay(text string) (model.Date, error) {
	day, err := model.ParseDate(text)
	if err == nil && day.String() != text {
		err = fmt.Errorf("expected a date as YYYY-MM-DD, found %q", clip(text))
	}
	return day, err
}

// CheckBy says what is wrong with the role of a reviewer: one line of text
// without blanks at its ends or two in a row.
func CheckBy(by string) error {
	switch {
	case by == "":
		return errors.New("nobody is named as reviewer")
	case utf8.RuneCountInString(by) > maxBy:
		return fmt.Errorf("role of the reviewer is longer than %d characters", maxBy)
	case by != strings.Join(strings.Fields(by), " ") || strings.ContainsFunc(by, unprintable) || !utf8.ValidString(by):
		return errors.New("role of the reviewer has blanks at its ends, two in a row, or characters that do not print")
	}
	return nil
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// clip keeps what a message quotes of a text short.
func clip(s string) string {
	const most = 60
	if n := []rune(s); len(n) > most {
		return string(n[:most]) + "…"
	}
	return s
}
