package psirt

import (
	"fmt"
	"strings"
	"time"

	"theriac/internal/strictjson"
	"theriac/model"
)

// FormName is the name of the form of reports, with its version.
const FormName = "theriac-report-1"

// form is a report as the handler of a web form writes it.
type form struct {
	Form     string `json:"form"`
	ID       string `json:"id"`
	Received string `json:"received"`
	Reporter struct {
		Name    string `json:"name"`
		Contact string `json:"contact"`
		Credit  *bool  `json:"credit"`
	} `json:"reporter"`
	Product         string   `json:"product"`
	Title           string   `json:"title"`
	Description     string   `json:"description"`
	Vulnerabilities []string `json:"vulnerabilities"`
	Embargo         string   `json:"embargo"`
}

// ReadForm reads the report that a web form made. Unknown and repeated fields are
// refused, and so is a form without id, time, title or description.
func ReadForm(data []byte) (*Report, error) {
	if len(data) > MaxForm {
		return nil, fmt.Errorf("the form has %d bytes, more than %d", len(data), MaxForm)
	}
	var f form
	if err := strictjson.Decode(data, &f); err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	if f.Form != FormName {
		return nil, fmt.Errorf("form: %q is not %s", line(f.Form), FormName)
	}
	for _, need := range []struct{ name, value string }{{"id", f.ID}, {"received", f.Received}, {"title", f.Title}, {"description", f.Description}} {
		if strings.TrimSpace(need.value) == "" {
			return nil, fmt.Errorf("form: %q is missing", need.name)
		}
	}
	r := &Report{ID: f.ID, Title: f.Title, Text: f.Description, Name: f.Reporter.Name, Contact: f.Reporter.Contact, Affected: f.Product}
	if c := f.Reporter.Credit; c != nil {
		r.Credit = model.No
		if *c {
			r.Credit = model.Yes
		}
	}
	var err error
	if r.Received, err = formTime("received", f.Received); err != nil {
		return nil, err
	}
	if f.Embargo != "" {
		if r.Embargo, err = formTime("embargo", f.Embargo); err != nil {
			return nil, err
		}
	}
	if r.Vulnerabilities, err = wellFormed(f.Vulnerabilities); err != nil {
		return nil, err
	}
	r.finish()
	return r, nil
}

// wellFormed are the vulnerabilities that a form names.
func wellFormed(ids []string) ([]string, error) {
	var list []string
	for _, id := range ids {
		if id = line(id); !WellFormed(id) {
			return nil, fmt.Errorf("form: %q is no id of a vulnerability", id)
		}
		list = append(list, id)
	}
	return list, nil
}

func formTime(name, value string) (time.Time, error) {
	m, err := model.ParseMoment(value)
	if err != nil {
		return time.Time{}, fmt.Errorf("form: %q: %w", name, err)
	}
	return m.Time(), nil
}
