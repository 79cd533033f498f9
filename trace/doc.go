// Package trace follows the links of a security file, from what deserves
// protection to what proves it, and says which links hold.
//
// A link is a field of one entity that names another. The chain runs from
// elements and assets over threats, risks and controls to requirements, code,
// verification, releases, documents and the clauses that all of it answers; each
// link has a side nearer the start of the chain and one nearer its end. Going
// down a chain is going towards the end.
//
// A link was reviewed when somebody looked at what it names. It becomes suspect
// when that changes afterwards: a verification that was right for a requirement
// may be wrong for what the requirement says now.
//
// # Format
//
// Reviews are kept in theriac.reviews beside theriac.yaml; docs/formats/reviews.md
// is its specification.
//
// # Values
//
// The nodes of a graph are entities, by their ids; clauses, by their ids in the
// catalogue; and code references, as they are written. Order is that of the
// security file, and of the text of ids where there is none.
//
// # Errors
//
// What is wrong with a review file is a finding with its place. What is wrong
// with a code reference is a Resolution for the caller to report.
//
// # Concurrency
//
// A Graph is read-only once built and safe for concurrent use.
//
// # Sources
//
// MDR and IVDR Annex I 3(d), for which evidence traces risk to control and to
// test; ISO 14971 4.5, traceability of the risk management file.
package trace
