package threat

import (
	"slices"

	"theriac/model"
)

// Cell is what is known of an element and a category.
type Cell struct {
	// Status is the worst of the derived threats; empty where none is derived.
	Status  Status
	Threats []*Derived
	Because string // why nothing is derived
}

// Row is an element with its cells, in the order of Categories.
type Row struct {
	Element model.Element
	Cells   []Cell
}

// Categories are the columns of the grid: STRIDE, misuse and environment.
func Categories() []model.ThreatCategory {
	var all []model.ThreatCategory
	for _, v := range model.ThreatCategory("").Values() {
		all = append(all, model.ThreatCategory(v.Name))
	}
	return all
}

// Grid arranges the derivation by element and category. No cell is silently
// blank: each holds derived threats or the reason why there are none.
func (d *Derivation) Grid() []Row {
	rows := make([]Row, len(d.elements))
	at := map[model.Element]*Row{}
	categories := Categories()
	for i, e := range d.elements {
		rows[i] = Row{e, make([]Cell, len(categories))}
		at[e] = &rows[i]
	}
	column := func(c model.ThreatCategory) int { return slices.Index(categories, c) }
	for _, t := range d.Threats {
		cell := &at[t.Element].Cells[column(t.Pattern.Category)]
		cell.Threats = append(cell.Threats, t)
		if cell.Status == "" || better(cell.Status, t.Status) {
			cell.Status = t.Status
		}
	}
	for _, b := range d.Blanks {
		at[b.Element].Cells[column(b.Pattern.Category)].Because = b.Pattern.Otherwise
	}
	for i := range rows {
		for j := range rows[i].Cells {
			if c := &rows[i].Cells[j]; c.Status == "" && c.Because == "" {
				c.Because = "no pattern of this category bears on the element"
			}
		}
	}
	return rows
}

// Tally counts derived threats by status, from answered to not.
func (d *Derivation) Tally() []Count {
	counts := make([]Count, len(order))
	for i, s := range order {
		counts[i].Status = s
	}
	for _, t := range d.Threats {
		counts[slices.Index(order, t.Status)].N++
	}
	return counts
}

// Count is a number of derived threats with a status.
type Count struct {
	Status Status
	N      int
}
