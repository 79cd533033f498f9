package bundle

import (
	"fmt"

	"theriac/evidence"
	"theriac/model"
)

// ExcusedLine is a failure that stands, because somebody accepted its risk.
type ExcusedLine struct {
	Verification string            `json:"verification"`
	Failure      string            `json:"failure"`
	Title        string            `json:"title,omitempty"`
	Severity     evidence.Severity `json:"severity,omitempty"`
	Evidence     string            `json:"evidence"` // id of the piece that reports it
	Risk         string            `json:"risk"`
	AcceptedBy   string            `json:"acceptedBy"`
	Accepted     string            `json:"accepted"` // day
	Reason       string            `json:"reason,omitempty"`
}

// excused lists the failures that stand, so that a passed verification does not
// hide them.
func (x *auditor) excused() {
	for _, v := range x.file.Verifications {
		for _, d := range x.judged.Of(v).Deciding {
			for _, e := range d.Excused {
				x.report.Excused = append(x.report.Excused, excusedLine(v, d, e))
			}
		}
	}
}

func excusedLine(v *model.Verification, d *evidence.Verdict, e model.Deviation) ExcusedLine {
	line := ExcusedLine{Verification: v.ID, Failure: e.Failure, Evidence: d.Piece.ID, Risk: e.Risk.ID, Reason: e.Reason}
	if r := e.Risk.To; r != nil {
		line.AcceptedBy, line.Accepted = r.Acceptance.By, r.Acceptance.Date.String()
	}
	for _, f := range d.Result.Failures {
		if f.ID == e.Failure {
			line.Title, line.Severity = f.Title, f.Severity
		}
	}
	return line
}

// leftOut says what the audit could not look at, beyond files that are not held.
func (x *auditor) leftOut() {
	add := func(format string, args ...any) {
		x.report.NotLooked = append(x.report.NotLooked, fmt.Sprintf(format, args...))
	}
	unheld := 0
	for _, d := range x.file.Documents {
		if _, held := x.archive.spots[x.archive.inside(d.File)]; d.Status == "approved" && (d.File == "" || !held) {
			unheld++
		}
	}
	if unheld > 0 {
		add("the text of %s that are called approved: the bundle holds their title, number and revision alone", amount(unheld, "document"))
	}
	stamped, signed := 0, 0
	for _, p := range x.proof.Evidence.Pieces {
		for _, s := range p.Signed {
			if signed++; !s.Stamped.IsZero() {
				stamped++
			}
		}
	}
	for _, a := range x.proof.Approvals.Approvals {
		if a.By != nil {
			if signed++; !a.Stamped.IsZero() {
				stamped++
			}
		}
	}
	if stamped < signed {
		add("when things were signed, of %d of %s: they have no time stamp, and their days are as the signers say", signed-stamped, amount(signed, "signature"))
	}
	if newest := x.vouchedOn(); newest != "" {
		add("keys that were revoked after %s, when the roster was approved", newest)
	}
}

// vouchedOn is the day on which the roster of the bundle was last approved by a key
// that is trusted; "" where none is.
func (x *auditor) vouchedOn() string {
	day := model.Date{}
	for _, a := range x.trusted.Anchors {
		if at := x.newestVouch(a.Key.ID()); !at.IsZero() && day.Before(model.DateOf(at)) {
			day = model.DateOf(at)
		}
	}
	return day.String()
}
