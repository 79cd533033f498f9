package techdoc

import (
	"theriac/approval"
	"theriac/document"
	"theriac/model"
)

// Signatures lists the signed approvals of a document of the file, newest first.
func (b *Book) Signatures(d *model.Document) []document.Signature {
	return b.signaturesOf(approval.Target{Of: "documents", ID: d.ID, Entity: d})
}

func (b *Book) signaturesOf(t approval.Target) []document.Signature {
	if b.Proof == nil || b.Proof.Files == nil {
		return nil
	}
	content, err := approval.Content(b.File, b.Proof.Files, t)
	if err != nil {
		return nil // the findings speak of it
	}
	var list []document.Signature
	given, changes := b.Proof.Approvals.OfTarget(t, content)
	for i, a := range given {
		list = append(list, document.Signature{
			Meaning: string(a.Meaning), Role: a.Role, Name: a.Name, Date: a.Signed.Format("2006-01-02"), ID: a.ID, Valid: len(changes[i]) == 0,
		})
	}
	return list
}
