package vex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Formats are the formats that are read and written.
var Formats = []string{"openvex", "cyclonedx", "csaf"}

// Write writes a document in a format.
func Write(d *Document, format string) ([]byte, error) {
	switch format {
	case "openvex":
		return WriteOpenVEX(d)
	case "cyclonedx":
		return WriteCycloneDX(d)
	case "csaf":
		return WriteCSAF(d)
	}
	return nil, fmt.Errorf("%q is no format of VEX; expected %s", clip(format), strings.Join(Formats, ", "))
}

// Read reads a document, whose format is recognised.
func Read(text []byte) (*Document, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("the file is larger than %d MB", maxText>>20)
	}
	// An object of two bytes becomes a value of hundreds.
	if n := bytes.Count(text, []byte("{")); n > maxObjects {
		return nil, fmt.Errorf("the file has %d opening braces, more than %d", n, maxObjects)
	}
	var head struct {
		Context   json.RawMessage `json:"@context"`
		BOMFormat string          `json:"bomFormat"`
		Document  json.RawMessage `json:"document"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("the file is not JSON: %w", err)
	}
	read, name := readOpenVEX, "OpenVEX"
	switch {
	case head.BOMFormat == "CycloneDX":
		read, name = readCycloneDX, "CycloneDX"
	case strings.Contains(string(head.Context), "openvex"):
	case len(head.Document) > 0:
		read, name = readCSAF, "CSAF"
	default:
		return nil, errors.New("the file is neither OpenVEX nor CycloneDX nor CSAF, in JSON")
	}
	d, err := read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}
