package csaf

import (
	_ "embed"
	"strings"
	"sync"
)

// weaknessList has a line for each weakness: number, name, former names, with tabs
// between them.
//
//go:embed data/cwe.txt
var weaknessList string

// weaknesses are the names of each weakness by its id, the present one first.
// Advisories are older than the list: a former name is a name of the weakness too.
var weaknesses = sync.OnceValue(func() map[string][]string {
	all := make(map[string][]string, 1000)
	for line := range strings.Lines(weaknessList) {
		if fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); !strings.HasPrefix(line, "#") {
			all["CWE-"+fields[0]] = fields[1:]
		}
	}
	return all
})
