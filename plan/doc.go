// Package plan says what a pending edit of a security file would unsettle: which
// approvals, evidence, reviewed links, answers to threats and documents hold
// before it and would not hold after it; and what it would settle.
//
// Both sides are judged by the present program for the same day, so that only the
// edit makes a difference, never the passing of time or another version of the
// program.
//
// # Format
//
// docs/formats/plan-json.md is the specification of a plan as JSON.
//
// # Values
//
// What is signed lies in files beside the security file. Of a revision they are
// read as the commit holds them; see Files for what a commit does not hold.
//
// # Errors
//
// Errors are about the run: files that cannot be read.
//
// # Concurrency
//
// A Plan is read-only once made.
package plan
