package psirt

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"theriac/model"
)

// Entry is a clock with the product that it belongs to.
type Entry struct {
	Product string
	Device  []string // what tells products of one name apart: UDI-DI, manufacturer
	Zone    *time.Location
	Clock
}

// Calendar writes the entries that have a time and something left to do as an
// iCalendar file (RFC 5545), with an alarm when a quarter of the time is left and one
// an hour before. Times are in UTC, so that no reader needs a table of time zones.
// Ids and stamps follow from the security file.
func Calendar(entries []Entry) ([]byte, error) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//theriac//psirt//EN")
	taken := map[string]bool{}
	for _, e := range entries {
		if e.Open && !e.Due.IsZero() {
			cal.Children = append(cal.Children, e.event(e.uid(taken)))
		}
	}
	if len(cal.Children) == 0 {
		cal.Children = append(cal.Children, noZone()) // a calendar may not be empty
	}
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	return folded(b.Bytes()), nil
}

func (e Entry) event(uid string) *ical.Component {
	event := ical.NewComponent(ical.CompEvent)
	p := event.Props
	p.SetText(ical.PropUID, uid)
	p.SetDateTime(ical.PropDateTimeStamp, lastChange(e.Case).UTC())
	p.SetDateTime(ical.PropDateTimeStart, e.Due.UTC())
	p.SetText(ical.PropSummary, fit(fmt.Sprintf("%s: %s (%s)", e.Case.ID, e.Name, e.Product)))
	p.SetText(ical.PropDescription, fit(e.describe()))
	p.SetText(ical.PropTransparency, "TRANSPARENT")
	quarter := max(0, e.Due.Sub(e.From)/4) // what had to come before something may have been due earlier
	event.Children = append(event.Children, alarm(quarter, e.Name))
	if quarter > 2*time.Hour {
		event.Children = append(event.Children, alarm(time.Hour, e.Name))
	}
	return event
}

// uid identifies the event in every calendar that is written of the product: by the
// case, the clock and the device. Where two files say the same of all three, the later
// ones are counted, so that no event takes the place of another.
func (e Entry) uid(taken map[string]bool) string {
	var device []byte
	for _, part := range append([]string{e.Product}, e.Device...) {
		device = model.AppendText(device, part)
	}
	sum := sha256.Sum256(device)
	id := fmt.Sprintf("%s.%s.%x", e.Case.ID, e.Key, sum[:8])
	for n := 1; taken[id]; n++ {
		id = fmt.Sprintf("%s.%s.%x.%d", e.Case.ID, e.Key, sum[:8], n+1)
	}
	taken[id] = true
	return id + "@theriac"
}

func (e Entry) describe() string {
	text := e.Case.Title
	if e.Clause != "" {
		text += "\n" + e.Clause
	}
	return text + "\nDue " + Show(e.Due, e.Zone) + " " + e.Zone.String() + "\n" + e.How
}

func alarm(before time.Duration, text string) *ical.Component {
	a := ical.NewComponent(ical.CompAlarm)
	a.Props.SetText("ACTION", "DISPLAY")
	a.Props.SetText(ical.PropDescription, fit(text))
	trigger := ical.NewProp(ical.PropTrigger)
	trigger.SetDuration(-before.Truncate(time.Second))
	a.Props.Set(trigger)
	return a
}

// fit is a text without what may not stand in a property: control characters other than
// line feeds (RFC 5545 section 3.1).
func fit(text string) string {
	return strings.Map(visible, strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\t", " "))
}

// lastChange is the newest moment that a case speaks of.
func lastChange(c *model.Case) time.Time {
	last := c.Aware.Time()
	for _, s := range c.Steps {
		if s.At.Time().After(last) {
			last = s.At.Time()
		}
	}
	return last
}

// noZone is a component that says nothing.
func noZone() *ical.Component {
	standard := ical.NewComponent(ical.CompTimezoneStandard)
	for name, value := range map[string]string{ical.PropDateTimeStart: "19700101T000000", ical.PropTimezoneOffsetFrom: "+0000", ical.PropTimezoneOffsetTo: "+0000"} {
		p := ical.NewProp(name)
		p.Value = value
		standard.Props.Set(p)
	}
	zone := ical.NewComponent(ical.CompTimezone)
	zone.Props.SetText(ical.PropTimezoneID, "UTC")
	zone.Children = append(zone.Children, standard)
	return zone
}

// folded breaks lines of more than 75 bytes (RFC 5545 section 3.1), never inside a
// character.
func folded(text []byte) []byte {
	var out []byte
	for l := range bytes.Lines(text) {
		for limit := 75; len(bytes.TrimRight(l, "\r\n")) > limit; limit = 74 {
			at := limit
			for !utf8.RuneStart(l[at]) {
				at--
			}
			out = append(append(out, l[:at]...), "\r\n "...)
			l = l[at:]
		}
		out = append(out, l...)
	}
	return out
}
