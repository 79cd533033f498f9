// Package pump is a fixture. Mention is only in this comment.
package pump

import "errors"

// ErrRate is a refused rate.
var ErrRate = errors.New("rate out of range")

const (
	minRate = 1
	maxRate = 999
)

// Pump delivers.
type Pump struct {
	Rate, Volume int
	valve        interface{ Close() error }
}

// Valve stops the flow.
type Valve interface {
	Close() error
}

// Ring keeps the last values.
type Ring[T any] struct{ values []T }

// Push adds a value.
func (r *Ring[T]) Push(v T) { r.values = append(r.values, v) }

// Start begins delivery. theriac:req-start
func (p *Pump) Start(rate int) error {
	if rate < minRate || rate > maxRate {
		return ErrRate
	}
	p.Rate = rate
	return nil
}

func stop(p *Pump) { p.Rate = 0 } // theriac:req-stop.
