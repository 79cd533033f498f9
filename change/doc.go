// Package change compares two states of a security file and says what the
// difference means: not which lines differ, but what became reachable, weaker or
// riskier, and what has to be tested, reviewed and approved again.
//
// A state is the working folder, a revision of the git repository that holds it,
// or a baseline: a frozen copy with the digests of its entities. Both states are
// read and judged by the present program, so that a difference between two
// programs never looks like one between two files.
//
// Compare pairs the entities of the two states. Interpretations then each look at
// one subject and report items; adding one is adding a file.
//
// # Format
//
// A baseline is a ZIP archive; docs/formats/baseline.md is its specification.
//
// # Values
//
// A change is a difference in the content of an entity (model.ContentOf), so that
// notes, comments, formatting, order and the division into files are none.
//
// Whether a change is relevant for security or significant for the notified body
// is a proposal with reasons. The criteria are data (data/significance.yaml);
// the decision belongs to people.
//
// # Errors
//
// What cannot be compared is an error that names the state. ErrUnknown marks a
// name that is neither a baseline nor a revision, ErrGit what git could not do,
// ErrBaseline an archive that is malformed or altered, ErrForm a state with
// faults of form: what one said of half a file would be wrong.
//
// # Concurrency
//
// A Comparison is read-only once made. A State may be used by one goroutine at a
// time.
//
// # Sources
//
// MDR and IVDR Annex IX 2.4, MDR Annex IX 4.10 and IVDR Annex IX 4.11 on changes;
// ISO 14971 and IEC 62304 on what a change asks for.
package change
