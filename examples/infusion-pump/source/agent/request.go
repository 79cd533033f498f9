package main

import "time"

// Request is all that can be asked of a pump from afar (rq-remote-vocabulary).
type Request byte

// The two requests: one CBOR number each.
const (
	Diagnosis    Request = 0x01
	UpdateLookup Request = 0x02
)

// ReadRequest reads a request: one number and nothing behind it. Anything else is
// discarded.
func ReadRequest(payload []byte) (Request, bool) {
	if len(payload) != 1 {
		return 0, false
	}
	request := Request(payload[0])
	return request, request == Diagnosis || request == UpdateLookup
}

const perHour = 4

// Answered holds when the latest requests for diagnosis were answered.
type Answered struct{ at []time.Time }

// Admit tells whether a request may be answered now, and notes that it is.
func (a *Answered) Admit(request Request, now time.Time) bool {
	if request != Diagnosis {
		return true
	}
	for len(a.at) > 0 && now.Sub(a.at[0]) >= time.Hour {
		a.at = a.at[1:]
	}
	if len(a.at) >= perHour {
		return false
	}
	a.at = append(a.at, now)
	return true
}
