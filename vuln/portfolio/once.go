package portfolio

import (
	"sync"

	"theriac/vuln/match"
)

// Data are advisories with the release cycles of products; package vuln has them in a file.
type Data interface {
	match.Advisories
	match.Lifecycles
}

// Bounds of what is remembered of a portfolio.
const (
	maxAsked   = 100_000 // identifiers
	maxAskedID = 256     // bytes of one
)

// Once gives data that are asked one time which products go by an identifier, however many
// bills list it. Advisories are remembered by the matcher. It may be used by many at a time.
func Once(data Data) Data { return &once{Data: data, products: map[string][]string{}} }

type once struct {
	Data
	mu       sync.RWMutex
	products map[string][]string
}

// Products is match.Lifecycles. An error is not remembered.
func (o *once) Products(id string) ([]string, error) {
	o.mu.RLock()
	list, asked := o.products[id]
	o.mu.RUnlock()
	if asked {
		return list, nil
	}
	list, err := o.Data.Products(id)
	if err != nil || len(id) > maxAskedID {
		return list, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.products) >= maxAsked {
		clear(o.products)
	}
	o.products[id] = list
	return list, nil
}
