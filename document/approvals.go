package document

// ApprovalsTitle stands above the approvals of a document. They are of the entry of the
// security file: its number and revision. Its content is approved with the release.
const ApprovalsTitle = "Approval of number and revision"

// Approvals are the signed approvals of a document as a table, in its language; nil where
// there are none.
func (d *Document) Approvals() *Table {
	if len(d.Signatures) == 0 {
		return nil
	}
	l := d.Language()
	t := &Table{Columns: []Column{
		{Title: l.Say("Meaning"), Width: 10}, {Title: l.Say("Name"), Width: 16}, {Title: l.Say("Role"), Width: 14}, {Title: l.Say("Date"), Width: 9, Kind: Date},
		{Title: l.Say("Approval"), Width: 14, Kind: Code}, {Title: l.Say("State"), Width: 12, Kind: State},
	}}
	for _, s := range d.Signatures {
		state, meaning := Badge(Good, l.Say("valid")), s.Meaning
		if !s.Valid {
			state = Badge(Bad, l.Say("changed since"))
		}
		if meaning != "" {
			meaning = l.Say(meaning)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{W(meaning), W(s.Name), W(s.Role), On(s.Date), W(s.ID), C(state)}})
	}
	return t
}
