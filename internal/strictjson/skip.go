package strictjson

// skip checks a value without a type and returns its text.
func (d *decoder) skip() ([]byte, error) {
	from := d.pos
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.data[from:d.pos], nil
}

func (d *decoder) check() error {
	switch c := d.peek(); {
	case c == '{':
		return d.checkObject()
	case c == '[':
		return d.items(func(int) error { return d.check() })
	case c == '"':
		_, err := d.text()
		return err
	case c == '-' || '0' <= c && c <= '9':
		_, err := d.number()
		return err
	case d.word("true"), d.word("false"), d.word("null"):
		return nil
	}
	return d.wrong("a value")
}

func (d *decoder) checkObject() error {
	seen := map[string]bool{}
	return d.members(func(key []byte) error {
		name := string(key)
		if seen[name] {
			return d.twice(name)
		}
		seen[name] = true
		if err := d.check(); err != nil {
			return under(err, name)
		}
		return nil
	})
}

func (d *decoder) twice(key string) error {
	return under(d.fail("stands here twice"), key)
}
