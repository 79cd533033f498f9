package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// recordFile is where the findings of the last scan are kept.
const recordFile = "theriac.findings"

// recordFaults are the faults at lines of the recorded findings, which have no room for
// a mark: the line, by a text that no other has, the code, and what was done.
var recordFaults = []struct{ holds, code, done string }{
	{`day {"date":`, "T8710", "the clock of the computer that scanned was a year ahead"},
	{`scan {"release":"1.4.0",`, "T8708", "the sounds have neither package URL nor CPE, and no component stands for them"},
	{`"id":"DEBIAN-CVE-2026-5928"`, "T8701", "nobody decided about it; the decision about its neighbour was meant for both"},
	{`"id":"DEBIAN-CVE-2026-72897"`, "T8701", "still under investigation, long after exposure was to be known"},
}

// record enters the faults of the recorded findings. The file is kept as the scan wrote
// it.
func (x *example) record() error {
	text, err := os.ReadFile(filepath.Join(x.dir, recordFile))
	if err != nil {
		return err
	}
	for _, f := range recordFaults {
		line, err := lineOf(string(text), f.holds)
		if err != nil {
			return err
		}
		x.tell(fmt.Sprintf("%s:%d", recordFile, line), f.code, f.done)
	}
	return nil
}

// lineOf is the number of the one line that holds a text.
func lineOf(text, holds string) (int, error) {
	found, n := 0, 0
	for line := range strings.Lines(text) {
		if n++; !strings.Contains(line, holds) {
			continue
		}
		if found > 0 {
			return 0, fmt.Errorf("%s: lines %d and %d hold %s", recordFile, found, n, holds)
		}
		found = n
	}
	if found == 0 {
		return 0, fmt.Errorf("%s: no line holds %s", recordFile, holds)
	}
	return found, nil
}
