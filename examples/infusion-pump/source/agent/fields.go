package main

// Allowed is the list DF-4, complete (rq-diagnostic-fields). Patient, order and user
// have no field here.
var Allowed = []string{
	"software-version",
	"library-version",
	"hours-of-operation",
	"battery-capacity-percent",
	"battery-cycles",
	"motor-turns-total",
	"last-self-test",
	"error-codes",
	"free-storage-percent",
	"wifi-signal-dbm",
}

// Record builds a diagnostic record: it takes the fields of the list out of the device
// state, and not the state without forbidden fields. Values are numbers, since free
// text could carry a name.
func Record(state map[string][]int64) map[string][]int64 {
	record := map[string][]int64{}
	for _, field := range Allowed {
		if values, ok := state[field]; ok {
			record[field] = values
		}
	}
	return record
}
