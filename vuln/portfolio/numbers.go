package portfolio

import (
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Numbers are numbers of bills from 0, rising, as ranges: 0-5,7,9-11.
type Numbers string

func numbersOf(list []int) Numbers {
	slices.Sort(list)
	list = slices.Compact(list)
	var b strings.Builder
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(list[i]))
		if j > i {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(list[j]))
		}
		i = j + 1
	}
	return Numbers(b.String())
}

// All are the numbers. What is no range is left out; check tells whether there is any.
func (n Numbers) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for part := range strings.SplitSeq(string(n), ",") {
			from, to, err := bounds(part)
			if err != nil {
				continue
			}
			for i := from; i <= to; i++ {
				if !yield(i) {
					return
				}
			}
		}
	}
}

var errNumbers = errors.New("not numbers of bills, rising, as in 0-5,7")

func bounds(part string) (from, to int, err error) {
	first, last, isRange := strings.Cut(part, "-")
	if !isRange {
		last = first
	}
	a, errA := strconv.ParseUint(first, 10, 31)
	b, errB := strconv.ParseUint(last, 10, 31)
	if errA != nil || errB != nil || b < a {
		return 0, 0, errNumbers
	}
	return int(a), int(b), nil
}

// check counts the numbers, which have to be those of bills and to be written as
// numbersOf does.
func (n Numbers) check(bills int) (count int, err error) {
	if n == "" {
		return 0, errNumbers
	}
	next := 0
	for part := range strings.SplitSeq(string(n), ",") {
		from, to, err := bounds(part)
		if err != nil || from < next || next > 0 && from == next || to >= bills {
			return 0, errNumbers
		}
		count += to - from + 1
		next = to + 1
	}
	return count, nil
}
