package psirt

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"theriac/model"
)

// The names of the fields of a posted form, besides id and received of the JSON, which
// the one who stores the body gives.
const (
	fieldForm            = "form"
	fieldName            = "reporter.name"
	fieldContact         = "reporter.contact"
	fieldCredit          = "reporter.credit"
	fieldProduct         = "product"
	fieldTitle           = "title"
	fieldDescription     = "description"
	fieldVulnerabilities = "vulnerabilities"
	fieldEmbargo         = "embargo"
)

var postFields = []string{fieldForm, fieldName, fieldContact, fieldCredit, fieldProduct, fieldTitle, fieldDescription, fieldVulnerabilities, fieldEmbargo}

// ReadPost reads the body that a browser posts for the page of FormPage, as
// application/x-www-form-urlencoded. Unknown and repeated fields are refused, and so is
// what is no UTF-8. The id of the report is the SHA-256 of the body, so that a body that
// was stored twice makes one case. When it was received, the body does not say: the
// moment is zero.
func ReadPost(body []byte) (*Report, error) {
	if len(body) > MaxForm {
		return nil, fmt.Errorf("the form has %d bytes, more than %d", len(body), MaxForm)
	}
	body = bytes.TrimRight(body, "\r\n") // that an editor or a shell left
	fields, err := postedFields(string(body))
	if err != nil {
		return nil, err
	}
	if name := fields[fieldForm]; name != FormName {
		return nil, fmt.Errorf("form: %q is not %s", line(name), FormName)
	}
	for _, name := range []string{fieldTitle, fieldDescription} {
		if strings.TrimSpace(fields[name]) == "" {
			return nil, fmt.Errorf("form: %q is missing", name)
		}
	}
	r := &Report{ID: digestOf(body), Title: fields[fieldTitle], Text: fields[fieldDescription], Name: fields[fieldName], Contact: fields[fieldContact], Affected: fields[fieldProduct]}
	switch fields[fieldCredit] {
	case "true":
		r.Credit = model.Yes
	case "false":
		r.Credit = model.No
	case "":
	default:
		return nil, fmt.Errorf("form: %q is true, false or empty", fieldCredit)
	}
	if r.Embargo, err = postedEmbargo(fields[fieldEmbargo]); err != nil {
		return nil, err
	}
	separated := func(c rune) bool { return c == ',' || c == ';' || c == ' ' || c == '\n' || c == '\r' || c == '\t' }
	if r.Vulnerabilities, err = wellFormed(strings.FieldsFunc(fields[fieldVulnerabilities], separated)); err != nil {
		return nil, err
	}
	r.finish()
	return r, nil
}

// postedFields takes a body apart. There are no more pairs than fields, since none may
// be repeated.
func postedFields(body string) (map[string]string, error) {
	if body == "" {
		return nil, errors.New("form: it is empty")
	}
	fields := map[string]string{}
	for pair := range strings.SplitSeq(body, "&") {
		rawName, rawValue, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("form: %q has no value", line(pair))
		}
		name, err := url.QueryUnescape(rawName)
		if err != nil || !slices.Contains(postFields, name) {
			return nil, fmt.Errorf("form: unknown field %q", line(rawName))
		}
		if _, twice := fields[name]; twice {
			return nil, fmt.Errorf("form: %q is repeated", name)
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil || !utf8.ValidString(value) {
			return nil, fmt.Errorf("form: %q is not encoded as a form in UTF-8", name)
		}
		fields[name] = value
	}
	return fields, nil
}

// postedEmbargo is a moment, or the beginning of a day in UTC, as browsers post it.
func postedEmbargo(value string) (time.Time, error) {
	if value = strings.TrimSpace(value); value == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, value); err == nil && !day.IsZero() {
		return day, nil
	}
	return formTime(fieldEmbargo, value)
}
