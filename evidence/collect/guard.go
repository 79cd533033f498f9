package collect

// guarded decodes an input with a library. What makes a library panic is an
// input that it cannot read: it is refused like any other, because a panic would
// take the other inputs of a run with it.
func guarded(what string, decode func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = malformed(0, "the %s cannot be read", what)
		}
	}()
	return decode()
}
