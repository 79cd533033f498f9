package edit

import (
	"fmt"
	"slices"
	"strconv"
)

// get returns the value at a path of keys, and whether there is one.
func get(v Value, steps []string) (Value, bool) {
	for _, step := range steps {
		switch in := v.(type) {
		case Map:
			i := in.index(step)
			if i < 0 {
				return nil, false
			}
			v = in[i].Value
		case List:
			i, ok := in.at(step)
			if !ok {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// at reads the place of an item.
func (l List) at(step string) (int, bool) {
	i, err := strconv.Atoi(step)
	return i, err == nil && i >= 0 && i < len(l) && strconv.Itoa(i) == step
}

// with returns a map in which a name has another value.
func with(m Map, name string, v Value) Map {
	m = slices.Clone(m)
	if i := m.index(name); i >= 0 {
		m[i].Value = v
		return m
	}
	return append(m, Field{name, v})
}

// nested is a value under the keys that lead to it.
func nested(steps []string, v Value) Value {
	for _, step := range slices.Backward(steps) {
		v = Map{{step, v}}
	}
	return v
}

// assign returns in with another value at a path.
func assign(in Value, steps []string, v Value) (Value, error) {
	if len(steps) == 0 {
		return v, nil
	}
	step, rest := steps[0], steps[1:]
	switch in := in.(type) {
	case nil:
		return assign(Map{}, steps, v)
	case Map:
		i := in.index(step)
		if i < 0 {
			v = nested(rest, v)
			return with(in, step, v), validMap(Map{{step, v}}, 0)
		}
		inner, err := assign(in[i].Value, rest, v)
		return with(in, step, inner), err
	case List:
		i, ok := in.at(step)
		if !ok {
			return nil, fmt.Errorf("%w: no item %s in a list of %d", ErrNotFound, step, len(in))
		}
		inner, err := assign(in[i], rest, v)
		list := slices.Clone(in)
		list[i] = inner
		return list, err
	}
	return nil, fmt.Errorf("%w: %s stands where %s should be found", ErrShape, describe(in), step)
}

// drop returns in without the value at a path, which exists.
func drop(in Value, steps []string) Value {
	step, rest := steps[0], steps[1:]
	switch in := in.(type) {
	case Map:
		i := in.index(step)
		if len(rest) == 0 {
			return slices.Concat(in[:i], in[i+1:])
		}
		return with(in, step, drop(in[i].Value, rest))
	case List:
		i, _ := in.at(step)
		if len(rest) == 0 {
			return slices.Concat(in[:i], in[i+1:])
		}
		in = slices.Clone(in)
		in[i] = drop(in[i], rest)
		return in
	}
	return in
}

// size is the number of entries of a value.
func size(v Value) int {
	switch v := v.(type) {
	case List:
		return len(v)
	case Map:
		return len(v)
	}
	return 0
}
