package portfolio

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"theriac/vuln"
	"theriac/vuln/match"
)

// counted are cycles that count what they are asked, and fail as often as they are told.
type counted struct {
	lives
	mu    sync.Mutex
	asked map[string]int
	fail  int
}

var errAsked = errors.New("the data cannot be read")

func newCounted() *counted {
	return &counted{lives: lives{newFew([]vuln.Record{lodash, openssl}, []string{"npm", "Debian:12"})}, asked: map[string]int{}}
}

func (c *counted) Products(id string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[id]++
	if c.fail > 0 {
		c.fail--
		return nil, errAsked
	}
	return c.lives.Products(id)
}

// many are bills of the same components.
func many() []Source {
	var list []Source
	for n := range 40 {
		list = append(list, source(fmt.Sprintf("Device %d", n), "1.0", npm("lodash", "4.17.15"), npm("left-pad", "1.3.0"), libssl))
	}
	return list
}

// TestOnce: a state is the same whether data are asked once or for each bill.
func TestOnce(t *testing.T) {
	state := func(data Data) []byte {
		t.Helper()
		s, err := Scan(many(), match.NewMatcher(data, match.Options{}), nil)
		if err != nil {
			t.Fatal(err)
		}
		s.Day = "2026-10-05"
		s.Remember(nil)
		text, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	each, one := newCounted(), newCounted()
	if want, got := state(each), state(Once(one)); !bytes.Equal(want, got) || !bytes.Contains(got, []byte("Lodash")) {
		t.Errorf("asked for each bill\n%s\nasked once\n%s", want, got)
	}
	for id, n := range each.asked {
		if n != 40 {
			t.Errorf("%s is asked for %d times without, in 40 bills", id, n)
		}
	}
	// Bills that are looked at side by side may ask at the same time.
	for id, n := range one.asked {
		if n >= 40 {
			t.Errorf("%s is asked for %d times", id, n)
		}
	}
	if len(one.asked) != len(each.asked) || len(one.asked) == 0 {
		t.Errorf("asked for %v, and without %v", one.asked, each.asked)
	}
}

// TestOnceFails: an error is told, and is no answer for those who ask later.
func TestOnceFails(t *testing.T) {
	data := newCounted()
	data.fail = 1
	once := Once(data)
	if _, err := once.Products("pkg:npm/lodash"); !errors.Is(err, errAsked) {
		t.Errorf("%v", err)
	}
	for range 3 {
		if list, err := once.Products("pkg:npm/lodash"); err != nil || len(list) != 1 || list[0] != "lodash" {
			t.Errorf("%v, %v", list, err)
		}
	}
	if n := data.asked["pkg:npm/lodash"]; n != 2 {
		t.Errorf("asked %d times", n)
	}
}

// TestOnceIsBounded: neither long identifiers nor many are kept.
func TestOnceIsBounded(t *testing.T) {
	data := newCounted()
	o := Once(data).(*once)
	long := "pkg:npm/lodash" + strings.Repeat("x", maxAskedID)
	for n := range maxAsked + 2 {
		id := fmt.Sprint("pkg:npm/", n)
		if n == 1 {
			id = long
		}
		if _, err := o.Products(id); err != nil {
			t.Fatal(err)
		}
	}
	if _, kept := o.products[long]; kept || len(o.products) > maxAsked {
		t.Errorf("%d are kept, the long one: %t", len(o.products), kept)
	}
	if list, err := o.Products(long); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}
