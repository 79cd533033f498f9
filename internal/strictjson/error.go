package strictjson

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// Error is why a text was refused.
type Error struct {
	Path   string // predicate.results[2].item; "" for the whole
	Offset int    // byte at which it was noticed, from 0
	Reason string
	Err    error // of the type's own decoder, or nil
}

func (e *Error) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("%s (byte %d)", e.Reason, e.Offset)
	}
	return fmt.Sprintf("%s: %s (byte %d)", e.Path, e.Reason, e.Offset)
}

func (e *Error) Unwrap() error { return e.Err }

// maxShown bounds what an error shows of a key.
const maxShown = 64

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// under puts a key before the path of an error. Keys come from strangers, so
// what does not print is escaped.
func under(err error, key string) error {
	if len(key) > maxShown || !plainKey.MatchString(key) {
		key = "[" + shown(key) + "]"
	}
	return prefix(err, key)
}

// at puts an index before the path of an error.
func at(err error, index int) error {
	return prefix(err, "["+strconv.Itoa(index)+"]")
}

func prefix(err error, step string) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	if e.Path != "" && e.Path[0] != '[' {
		step += "."
	}
	e.Path = step + e.Path
	return e
}

// shown is a text as an error shows it.
func shown(text string) string {
	if len(text) > maxShown {
		text = text[:maxShown] + "..."
	}
	return strconv.QuoteToASCII(text)
}
