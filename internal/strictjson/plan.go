package strictjson

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
)

// plan is how values of a type are read.
type plan struct {
	read   func(*decoder, reflect.Value) error
	fields []field // of a struct, in order
	byName map[string]int
}

var (
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	rawMessage      = reflect.TypeFor[json.RawMessage]()
)

var (
	plans   sync.Map   // reflect.Type to *plan, complete ones only
	planned sync.Mutex // held while plans are made
)

// planOf makes the plan of a type, once.
func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	planned.Lock()
	defer planned.Unlock()
	m := maker{}
	p := m.plan(t)
	for t, p := range m {
		plans.Store(t, p)
	}
	return p
}

// maker holds the plans that are being made: types may contain themselves.
type maker map[reflect.Type]*plan

func (m maker) plan(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	if p, ok := m[t]; ok {
		return p
	}
	p := &plan{}
	m[t] = p
	m.fill(p, t)
	return p
}

func (m maker) fill(p *plan, t reflect.Type) {
	switch {
	case t == rawMessage:
		p.read = readRaw
	case t.Kind() == reflect.Pointer:
		p.read = readPointer(m.plan(t.Elem()))
	case reflect.PointerTo(t).Implements(unmarshaler):
		p.read = readOwn
	case reflect.PointerTo(t).Implements(textUnmarshaler):
		p.read = readOwnText
	default:
		m.fillKind(p, t)
	}
}

func (m maker) fillKind(p *plan, t reflect.Type) {
	switch t.Kind() {
	case reflect.String:
		p.read = readString
	case reflect.Bool:
		p.read = readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64:
		p.read = readNumber
	case reflect.Slice:
		p.read = m.list(t)
	case reflect.Map:
		p.read = m.table(t)
	case reflect.Struct:
		m.fillStruct(p, t)
		p.read = p.readStruct
	case reflect.Interface:
		p.read = readAny
	default:
		panic(fmt.Sprintf("strictjson: cannot read into %s", t))
	}
}

func (m maker) list(t reflect.Type) func(*decoder, reflect.Value) error {
	if t.Elem().Kind() == reflect.Uint8 {
		return readBinary
	}
	return readList(m.plan(t.Elem()))
}

func (m maker) table(t reflect.Type) func(*decoder, reflect.Value) error {
	if t.Key().Kind() != reflect.String || reflect.PointerTo(t.Key()).Implements(textUnmarshaler) {
		panic(fmt.Sprintf("strictjson: keys of %s are no plain text", t))
	}
	return readMap(t, m.plan(t.Elem()))
}
