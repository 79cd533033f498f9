package main

import (
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
)

var colours = []string{"auto", "always", "never"}

// screen is what is known about the place where a report is shown.
type screen struct {
	color   bool
	width   int // columns; 0 when it is no terminal
	profile colorprofile.Profile
}

// screenOf finds out about the writer. Colours are used on terminals that have
// them, unless NO_COLOR has any value (no-color.org).
func screenOf(when string, w io.Writer, environ []string) (screen, error) {
	var s screen
	if f, ok := w.(term.File); ok && term.IsTerminal(f.Fd()) {
		if width, _, err := term.GetSize(f.Fd()); err == nil {
			s.width = width
		}
	}
	switch when {
	case "always":
		s.profile = max(colorprofile.Env(environ), colorprofile.ANSI)
	case "never":
		s.profile = colorprofile.NoTTY
	case "auto":
		s.profile = colorprofile.Detect(w, environ)
		if slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, "NO_COLOR=") && v != "NO_COLOR=" }) {
			s.profile = colorprofile.NoTTY
		}
	default:
		return s, badValue("color", when, colours)
	}
	s.color = s.profile > colorprofile.ASCII
	return s, nil
}

// writer translates colours into those that the terminal has. Without colours
// the text is passed on as it is.
func (s screen) writer(w io.Writer) io.Writer {
	if !s.color {
		return w
	}
	return &colorprofile.Writer{Forward: w, Profile: s.profile}
}
