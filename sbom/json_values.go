package sbom

// kindOf names a JSON value by its first byte.
func kindOf(c byte) string {
	switch {
	case c == '"':
		return "a text"
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == 't' || c == 'f':
		return "true or false"
	case c == 'n':
		return "null"
	case isLiteral(c):
		return "a number"
	}
	return "" // skip tells of it
}

// wrong tells that a value is of another kind, and skips it.
func (j *jsonReader) wrong(what, kind string) {
	if c := j.peek(); c != 0 && kindOf(c) != "" {
		j.lost(j.line, "%s is %s, not %s", what, kindOf(c), kind)
	}
	j.skip()
}

// null reports whether the value is null, which says as much as none, and goes behind it.
func (j *jsonReader) null() bool {
	if j.peek() != 'n' {
		return false
	}
	word := j.literal()
	if string(word) != "null" {
		j.lost(j.line, "%q is no JSON", string(word))
	}
	return true
}

// bytes reads a text; a number or a truth is taken as it is written.
func (j *jsonReader) bytes(what string) (text []byte, ok bool) {
	switch c := j.peek(); {
	case c == '"':
		return j.text()
	case c == 'n':
		j.null()
		return nil, false
	case isLiteral(c):
		j.problem(j.line, "%s is %s, not a text; it is read as it is written", what, kindOf(c))
		return j.literal(), true
	}
	j.wrong(what, "a text")
	return nil, false
}

// str reads a text into to.
func (j *jsonReader) str(to *string, what string) bool {
	if b, ok := j.bytes(what); ok {
		*to = string(b)
	}
	return true
}

// word reads a text that repeats in the file into to.
func (j *jsonReader) word(to *string, what string) bool {
	if b, ok := j.bytes(what); ok {
		*to = j.reading.word(b)
	}
	return true
}

// record reads an object by its members.
func (j *jsonReader) record(what string, member func(name []byte) bool) bool {
	switch {
	case j.peek() == '{':
		j.object(member)
	case !j.null():
		j.wrong(what, "an object")
	}
	return true
}

// list reads a list; an object without a list around it is taken as one of one.
func (j *jsonReader) list(what string, element func()) bool {
	switch c := j.peek(); {
	case c == '[':
		j.array(element)
	case c == '{':
		j.problem(j.line, "%s is an object, not a list; it is read as the only one", what)
		element()
	case !j.null():
		j.wrong(what, "a list")
	}
	return true
}

// few reads a list of which a component has a few.
func (j *jsonReader) few(what string, element func()) bool {
	line, n := j.line, 0
	return j.list(what, func() {
		if n++; n <= mostEntries {
			element()
			return
		}
		if n == mostEntries+1 {
			j.lost(line, "%s are more than %d; the rest is left out", what, mostEntries)
		}
		j.skip()
	})
}

// texts reads a list of texts; a text without a list around it is taken as one of one.
func (j *jsonReader) texts(what string, take func(text []byte)) bool {
	one := func() {
		if b, ok := j.bytes(what); ok {
			take(b)
		}
	}
	if j.peek() == '"' {
		j.problem(j.line, "%s is a text, not a list; it is read as the only one", what)
		one()
		return true
	}
	return j.list(what, one)
}

// strange tells of a member that the format does not have. Each is told once.
func (j *jsonReader) strange(what string, name []byte) bool {
	if j.first(what + "\x00" + string(name)) {
		j.problem(j.line, "%s has the member %q, which the format does not know", what, string(name))
	}
	return false
}
