package check

import "strings"

// Subject is a group of rules: codes that begin alike.
type Subject struct{ Prefix, Title string }

// Subjects lists the groups in the order of their codes. Every code belongs to
// exactly one.
var Subjects = []Subject{
	{"T00", "Form"}, {"T01", "Reuse"}, {"T1", "Product"}, {"T2", "Coverage, waivers and traceability"}, {"T3", "Architecture"},
	{"T4", "Access"}, {"T5", "Cryptography"}, {"T6", "Risk and safety link"},
	{"T7", "Requirements, verification and evidence"}, {"T8", "Operation: environment, documents, updates, logging"},
	{"T9", "Processes, vulnerability handling, post-market"},
}

// SubjectOf is the group that a code belongs to; its zero value when none.
func SubjectOf(code string) Subject {
	for _, s := range Subjects {
		if strings.HasPrefix(code, s.Prefix) {
			return s
		}
	}
	return Subject{}
}
