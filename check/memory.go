package check

import (
	"theriac/evidence"
	"theriac/model"
	"theriac/triage"
)

// Memory is what is kept between two checks of a security file, as an editor makes them:
// what has not changed is not read again. It is safe for concurrent use; nil remembers
// nothing.
type Memory struct {
	Hashes  evidence.Hashes
	records triage.Reader
}

// record is triage.ReadRecord.
func (m *Memory) record(file *model.File) (*triage.Record, error) {
	if m == nil {
		return triage.ReadRecord(file)
	}
	return m.records.Read(file)
}
