package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"theriac/document"
	"theriac/document/html"
	"theriac/internal/lazyregexp"
)

// Browser is an installed Chromium that prints PDF with tags for screen readers, which
// our own painter does not. The bytes depend on its version and its fonts.
type Browser struct {
	Path string // of the program
}

// printing bounds the time for one document.
const printing = 2 * time.Minute

// PDF prints a document.
func (b Browser) PDF(ctx context.Context, set *document.Set, d *document.Document) (pdf []byte, err error) {
	page, err := html.Page(set, d)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "theriac-print-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, printing)
	defer cancel()
	args := []string{
		"--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--no-first-run", "--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--print-to-pdf=" + out,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium has no sandbox for root
	}
	cmd := exec.CommandContext(ctx, b.Path, append(args, "file://"+filepath.ToSlash(in))...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", b.Path, err, lastLine(said.Bytes()))
	}
	pdf, err = os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("%s printed nothing: %s", b.Path, lastLine(said.Bytes()))
	}
	return withTime(pdf, set.Stamp.Time), nil
}

// stamps are the times in a PDF, which are of one length.
var stamps = lazyregexp.New(`/(CreationDate|ModDate) \(D:\d{14}[+-]\d\d'\d\d'\)`)

// withTime puts the time of the build in place of the clock's. The length stays, so
// that the places of objects do.
func withTime(pdf []byte, at time.Time) []byte {
	stamp := []byte(" (D:" + at.UTC().Format("20060102150405") + "+00'00')")
	return stamps.Get().ReplaceAllFunc(pdf, func(found []byte) []byte {
		name, _, _ := bytes.Cut(found, []byte(" "))
		return append(bytes.Clone(name), stamp...)
	})
}

func lastLine(text []byte) string {
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(lines[len(lines)-1])
}
