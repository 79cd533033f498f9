package collect

import (
	"strconv"
	"strings"
)

// ports are port numbers, in spans.
type ports []span

type span struct{ from, to int }

// portsOf reads a list such as 22-23,2575.
func portsOf(text string) (ports, error) {
	var list ports
	if text == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		first, last, many := strings.Cut(part, "-")
		if !many {
			last = first
		}
		from, err := strconv.ParseUint(first, 10, 16)
		to, err2 := strconv.ParseUint(last, 10, 16)
		if err != nil || err2 != nil || from > to || len(list) > 0 && int(from) <= list[len(list)-1].to {
			return nil, malformed(0, "%q is no list of ports", clean(text))
		}
		list = append(list, span{int(from), int(to)})
	}
	return list, nil
}

func (p ports) count() (n int) {
	for _, s := range p {
		n += s.to - s.from + 1
	}
	return n
}

// without leaves out the ports of a set.
func (p ports) without(gone map[int]bool) ports {
	var left ports
	for _, s := range p {
		from := s.from
		for port := s.from; port <= s.to+1; port++ {
			if port <= s.to && !gone[port] {
				continue
			}
			if from < port {
				left = append(left, span{from, port - 1})
			}
			from = port + 1
		}
	}
	return left
}
