package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"theriac/evidence"
	"theriac/evidence/collect"
	"theriac/model"
)

// piece is a statement with a fault.
type piece struct {
	name  string // of the file
	of    string // verification
	codes string // of the findings at the file; CODE@ID of those at an entity
	done  string

	alone    bool   // the verification has no other evidence, so the fault stands at the verification too
	key      string // who signs, where it is not who may
	edit     func(*example, *evidence.Statement) error
	payload  func([]byte) ([]byte, error) // before it is signed: what no encoder writes
	envelope func([]byte) ([]byte, error) // after it is signed
	stamp    string                       // content of the time stamp beside it
}

// bare are verifications without any evidence.
var bare = []string{"vf-nurse-call"}

func set(edit func(*evidence.Statement)) func(*example, *evidence.Statement) error {
	return func(_ *example, s *evidence.Statement) error {
		edit(s)
		return nil
	}
}

func at(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 15, 0, 0, 0, time.UTC)
}

// done puts the work and its record on other days.
func done(day time.Time) func(*example, *evidence.Statement) error {
	return set(func(s *evidence.Statement) { s.Finished, s.Recorded = day, day.Add(time.Hour) })
}

// was lets a statement rest on another state of an entity.
func was(id, field string) func(*example, *evidence.Statement) error {
	return func(_ *example, s *evidence.Statement) error {
		for i := range s.Basis {
			if b := &s.Basis[i]; b.ID == id && b.Fields[field] != "" {
				b.Digest, b.Fields[field] = sum([]byte(b.Digest))[:32], sum([]byte(b.Fields[field]))[:8]
				return nil
			}
		}
		return fmt.Errorf("it does not rest on %s of %s", field, id)
	}
}

const passed4 = `"outcome":"passed","passed":4`

var pieces = []piece{
	// Damaged or altered.
	{name: "altered-payload", of: "vf-login", codes: "T7401", done: "the number of passed checks was raised after signing", envelope: inside(`"passed":4`, `"passed":99`)},
	{name: "altered-signature", of: "vf-radio-scan", codes: "T7401", alone: true, done: "one bit of the signature was flipped; nothing else shows vf-radio-scan", envelope: flip},
	{name: "altered-input", of: "vf-login", codes: "T7401", done: "the raw input was edited", edit: func(x *example, s *evidence.Statement) error {
		text := junit(s)
		x.input(s, "login.xml", text)
		x.files[evidence.InputFolder+"/"+sum(text)] = append(text, "<!-- corrected by hand -->\n"...)
		return nil
	}},
	{name: "missing-input", of: "vf-certificates", codes: "T7401", done: "the raw input was deleted", edit: func(x *example, s *evidence.Statement) error {
		text := []byte("events.xml as it was\n")
		x.input(s, "events.xml", text)
		delete(x.files, evidence.InputFolder+"/"+sum(text))
		return nil
	}},
	{name: "wrong-size", of: "vf-certificates", codes: "T7401", done: "the size of the raw input is one byte off", edit: func(x *example, s *evidence.Statement) error {
		x.input(s, "audit.xml", junit(s))
		s.Inputs[0].Size++
		return nil
	}},
	{name: "truncated", of: "vf-lock", codes: "T7401", done: "the second half of the file is gone", envelope: half},
	{name: "not-json", of: "vf-lock", codes: "T7401", done: "a PDF was given the name of a statement", envelope: instead("%PDF-1.7\nTest report, page 1 of 1\n%%EOF\n")},
	{name: "not-signed", of: "vf-lock", codes: "T7401", done: "the statement lies there without its envelope", envelope: unwrapped},
	{name: "broken-base64", of: "vf-lock", codes: "T7401", done: "a character got into the payload", envelope: spaced},
	{name: "twice-signed", of: "vf-mcu-boot", codes: "T7401", done: "the same signature stands twice", envelope: twice},
	{name: "foreign-payload", of: "vf-mcu-boot", codes: "T7401", done: "the envelope calls its payload CycloneDX", envelope: renamed},
	{name: "unknown-field", of: "vf-mcu-boot", codes: "T7401", done: "the statement has a field that the format has not", payload: change(`"results":`, `"remark":"see mail","results":`)},
	{name: "repeated-field", of: "vf-mcu-boot", codes: "T7401", done: "the release stands twice, and two readers take another one", payload: change(`"release":"1.4.0"`, `"release":"1.3.0","release":"1.4.0"`)},
	{name: "foreign-predicate", of: "vf-boot", codes: "T7401", done: "the predicate is of a type of somebody else", payload: change("urn:theriac:evidence:test-result:1", "https://example.com/attestation/test/v1")},
	{name: "empty-for", of: "vf-boot", codes: "T7401", done: "it is for no verification", payload: func(text []byte) ([]byte, error) {
		text, err := change(`"for":["vf-boot"]`, `"for":[]`)(text)
		if err != nil {
			return nil, err
		}
		return change(`[{"item":"vf-boot",`+passed4+`}]`, `[]`)(text)
	}},
	{name: "no-subject", of: "vf-boot", codes: "T7401", done: "it speaks of no artefact", payload: cut(`"subject":[`, `],"predicateType"`)},
	{name: "contradicting-counts", of: "vf-authorisation", codes: "T7401", done: "it says passed, and counts two failures", payload: change(passed4, `"outcome":"passed","passed":2,"failed":2`)},
	{name: "more-failures-than-counted", of: "vf-authorisation", codes: "T7401", done: "it lists a failure, and counts none",
		payload: change(passed4, `"outcome":"passed","passed":4,"failures":[{"id":"export holds a key"}]`)},
	{name: "ended-before-begin", of: "vf-authorisation", codes: "T7401", done: "the work ended before it began", payload: change(`"finished":"2026-08-20T16:00:00Z"`, `"finished":"2026-08-20T16:00:00Z","started":"2026-08-20T17:00:00Z"`)},
	{name: "recorded-before-end", of: "vf-authorisation", codes: "T7401", done: "the statement was made before the work ended", payload: change(`"recorded":"2026-08-21T08:30:00Z"`, `"recorded":"2026-08-19T08:30:00Z"`)},
	{name: "details-of-another-kind", of: "vf-boot", codes: "T7401", done: "a test result holds the details of an inspection", payload: change(`"finished":`, `"details":{"inspection":{"procedure":"seen","observed":"fine"}},"finished":`)},

	// Signed by nobody who may.
	{name: "stranger", of: "vf-authorisation", codes: "T7402", key: "stranger", done: "signed with a key that is not on the roster"},
	{name: "compromised-key", of: "vf-usability", codes: "T7402", key: "human-factors", done: "signed with a key that was compromised later, without a time stamp"},
	{name: "expired-key", of: "vf-authorisation", codes: "T7402", key: "retired", done: "signed with a key after its last day"},
	{name: "role-not-entitled", of: "vf-authorisation", codes: "T7402", key: "build-system", done: "a test result signed by the build system, whose role the policy does not entrust with it"},
	{name: "root-signs", of: "vf-authorisation", codes: "T7402", key: "root", done: "the root of trust signed evidence"},
	{name: "twin-key", of: "vf-radio-scan", codes: "T7402", key: "radio-laboratory", done: "signed with a key that two signers share"},
	{name: "kind-without-policy", of: "vf-mcu-boot", codes: "T7402", key: "software-quality", done: "a process record, of which the policy does not say who signs it", edit: kind("process-record")},
	{name: "tester-not-independent", of: "vf-mcu-boot", codes: "T7402", done: "the tester was a colleague of the author, and another team is asked for",
		edit: set(func(s *evidence.Statement) { s.Performer.Independence = "same-team" })},
	{name: "independence-not-said", of: "vf-mcu-boot", codes: "T7402", done: "it does not say how independent the tester was",
		edit: set(func(s *evidence.Statement) { s.Performer.Independence = "" })},
	{name: "tester-among-authors", of: "vf-mcu-boot", codes: "T7402", done: "the tester is called independent, and stands among the authors",
		edit: set(func(s *evidence.Statement) { s.Authors = append(s.Authors, s.Performer.Who) })},
	{name: "signer-among-authors", of: "vf-alarms", codes: "T7402", done: "who signed wrote what was tested",
		edit: set(func(s *evidence.Statement) { s.Authors, s.Performer.Who = []string{"verification-lead"}, "Test house" })},
	{name: "team-among-authors", of: "vf-alarms", codes: "T7402", done: "the team of the signer wrote what was tested",
		edit: set(func(s *evidence.Statement) { s.Authors, s.Performer.Who = []string{"Verification team"}, "Test house" })},
	{name: "no-authors", of: "vf-alarms", codes: "T7402", done: "it does not say who made what was tested", edit: set(func(s *evidence.Statement) { s.Authors = nil })},
	{name: "in-the-future", of: "vf-documents", codes: "T7402", alone: true, done: "signed for a review that takes place next month; nothing else shows vf-documents", edit: done(at(2026, 12, 18))},
	{name: "broken-stamp", of: "vf-alarms", codes: "T7402", done: "its time stamp cannot be read", stamp: "not a time stamp\n"},

	// Of other artefacts.
	{name: "wrong-digest", of: "vf-boot", codes: "T7403", done: "made on a build whose image has another digest",
		edit: set(func(s *evidence.Statement) { s.Subjects[0].SHA256 = sum([]byte("1.4.0-rc2")) })},
	{name: "other-commit", of: "vf-mcu-boot", codes: "T7403", done: "made on another commit of the source code", edit: set(func(s *evidence.Statement) { s.Commit = sum([]byte("rc2"))[:40] })},
	{name: "other-release", of: "vf-sensors", alone: true, codes: "T7405@vf-sensors", done: "of release 1.3.0, and there is nothing newer", edit: set(func(s *evidence.Statement) { s.Release = "1.3.0" })},

	// For what it cannot show.
	{name: "misspelt-id", of: "vf-lock", codes: "T7404", done: "for vf-locks, which does not exist",
		edit: set(func(s *evidence.Statement) { s.For, s.Results[0].Item = []string{"vf-locks"}, "vf-locks" })},
	{name: "kind-shows-nothing", of: "vf-hard-limits", codes: "T7404", key: "build-system", done: "a list of components for a test of hard limits", edit: kind("sbom")},
	{name: "scope-elsewhere", of: "vf-admission", codes: "T7404", done: "it touched the mains socket, and vf-admission covers interfaces of the network",
		edit: set(func(s *evidence.Statement) { s.Scope = []string{"if-mains"} })},
	{name: "scope-unknown", of: "vf-admission", codes: "T7404", done: "it touched an interface that the file does not have",
		edit: set(func(s *evidence.Statement) { s.Scope = []string{"if-hl7"} })},
	{name: "scope-lacks-badge", of: "vf-readers", alone: true, codes: "T7409@vf-readers", done: "only the barcode reader was looked at, not the badge reader",
		edit: set(func(s *evidence.Statement) { s.Scope = []string{"if-barcode"} })},
	{name: "only-supports", of: "vf-power", alone: true, key: "regulatory-affairs", codes: "T7409@vf-power", done: "somebody looked at a device that was to be tested", edit: kind("manual-inspection")},

	// Out of date.
	{name: "before-freeze", of: "vf-build", alone: true, codes: "T7406@vf-build", done: "of 10 June 2026, and the artefacts are of 15 June", edit: done(at(2026, 6, 10))},
	{name: "too-old", of: "vf-fuzz-cloud", alone: true, codes: "T7406@vf-fuzz-cloud", done: "of September 2025, older than the policy allows", edit: set(func(s *evidence.Statement) { s.Finished = at(2025, 9, 4) })},
	{name: "requirement-changed", of: "vf-link", alone: true, codes: "T7406@vf-link", done: "rq-link-mac was worded anew since", edit: was("rq-link-mac", "text")},
	{name: "interface-changed", of: "vf-fhir-read-only", alone: true, codes: "T7406@vf-fhir-read-only", done: "if-fhir got another port since", edit: was("if-fhir", "port")},
	{name: "verification-changed", of: "vf-binary-hardening", alone: true, codes: "T7406@vf-binary-hardening", done: "the procedure changed since", edit: was("vf-binary-hardening", "procedure")},
	{name: "requirement-added", of: "vf-update-conditions", alone: true, codes: "T7406@vf-update-conditions", done: "rq-update-reminder was added since",
		edit: set(func(s *evidence.Statement) {
			for i := range s.Basis {
				if s.Basis[i].ID == "rq-update-reminder" {
					s.Basis = append(s.Basis[:i:i], s.Basis[i+1:]...)
					return
				}
			}
		})},

	// Failed, or without an answer.
	{name: "failed", of: "vf-storm", alone: true, codes: "T7407@vf-storm", done: "two checks failed, and no deviation lets them stand", edit: failed("alarm 0.4 s late", "deauthentication restarts the link")},
	{name: "failed-deviation", of: "vf-time", alone: true, codes: "T7407@vf-time,T7413@vf-time", done: "a check failed, and nobody accepted the risk of the deviation", edit: failed("clock jumps back by 40 s")},
	{name: "failed-uncounted", of: "vf-erasure", alone: true, codes: "T7407@vf-erasure", done: "more checks failed than it lists", edit: func(x *example, s *evidence.Statement) error {
		s.Results[0] = evidence.Result{Item: "vf-erasure", Outcome: evidence.Fail, Passed: 1, Failed: 3}
		return nil
	}},
	{name: "unexpected-port", of: "vf-ports", alone: true, codes: "T7407@vf-ports", done: "the scan found telnet, which no interface declares", edit: scanned("summed.xml")},
	{name: "broken-off", of: "vf-static-rust", alone: true, codes: "T7408@vf-static-rust", done: "the run broke off",
		edit: set(func(s *evidence.Statement) {
			s.Results[0] = evidence.Result{Item: "vf-static-rust", Outcome: evidence.Open, Passed: 1, Inconclusive: 3}
		})},
	{name: "all-skipped", of: "vf-power-cut", alone: true, codes: "T7408@vf-power-cut", done: "every check was skipped",
		edit: set(func(s *evidence.Statement) {
			s.Results[0] = evidence.Result{Item: "vf-power-cut", Outcome: evidence.Open, Skipped: 4}
		})},
}

// kind makes a statement of another kind of it.
func kind(k model.EvidenceKind) func(*example, *evidence.Statement) error {
	return set(func(s *evidence.Statement) { s.Kind, s.Details = k, details(k, nil) })
}

// failed lets checks fail.
func failed(names ...string) func(*example, *evidence.Statement) error {
	return set(func(s *evidence.Statement) {
		r := &s.Results[0]
		r.Outcome, r.Passed, r.Failed = evidence.Fail, 4-len(names), len(names)
		for _, name := range names {
			r.Failures = append(r.Failures, evidence.Failure{ID: name})
		}
	})
}

// scanned makes the statement of a recorded run of nmap.
func scanned(name string) func(*example, *evidence.Statement) error {
	return func(x *example, s *evidence.Statement) error {
		text, err := os.ReadFile(filepath.Join(x.dir, "../../evidence/collect/testdata/nmap", name))
		if err != nil {
			return err
		}
		report, err := collect.Find("nmap").Read(&collect.Source{Name: name, Data: text})
		if err != nil {
			return err
		}
		input := evidence.Input{Name: name, SHA256: sum(text), Size: int64(len(text)), Format: "nmap"}
		x.files[evidence.InputFolder+"/"+input.SHA256] = text
		made, _, err := collect.Make(x.file, []collect.Read{{Report: report, Inputs: []evidence.Input{input}}}, collect.Request{
			Release: x.release, Kind: s.Kind, For: s.For, Recorded: at(2026, 11, 22), Performer: s.Performer, Authors: s.Authors, Commit: s.Commit,
		})
		if err == nil {
			*s = *made
		}
		return err
	}
}

// pieces makes the statements with faults.
func (x *example) pieces() error {
	for _, p := range pieces {
		name := folder + "fault-" + p.name + ".json"
		if err := x.piece(name, p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		x.tell(name, p.codes, p.done)
	}
	return nil
}

func (x *example) piece(name string, p piece) error {
	s, err := x.about(p.of)
	if err != nil {
		return err
	}
	key := keys[s.Kind]
	if p.key != "" {
		key = p.key
	}
	if p.edit != nil {
		if err := p.edit(x, s); err != nil {
			return err
		}
	}
	text, err := evidence.Encode(s)
	if err != nil {
		return err
	}
	if x.files[name], err = x.sealed(text, p.payload, p.envelope, key); err != nil {
		return err
	}
	if p.stamp != "" {
		x.files[name+evidence.StampExt] = []byte(p.stamp)
		x.tell(name+evidence.StampExt, "T7402@"+p.of, "the time stamp of the statement of that name: any text")
	}
	return nil
}

// sealed signs a payload, with changes before and after.
func (x *example) sealed(text []byte, before, after func([]byte) ([]byte, error), names ...string) (_ []byte, err error) {
	if before != nil {
		if text, err = before(text); err != nil {
			return nil, err
		}
	}
	if text, err = x.seal(text, names...); err != nil || after == nil {
		return text, err
	}
	return after(text)
}

// beside puts files among the evidence that belong to nothing.
func (x *example) beside() error {
	unused := []byte("port scan of the first prototype\n")
	for _, f := range []struct{ name, text, done string }{
		{folder + "report-final-2.txt", "Test report, final version 2. All tests passed.\n", "a report lies among the evidence and is none"},
		{evidence.InputFolder + "/" + sum(unused), string(unused), "an input that no statement names"},
		{folder + "gone.json" + evidence.StampExt, "stamp\n", "a time stamp whose statement is gone"},
	} {
		x.files[f.name] = []byte(f.text)
		x.tell(f.name, "T7411", f.done)
	}
	// An artefact of the folder is not what its release froze.
	x.tell("artefacts/vp4-therapy-4.1.0.txt", "T7416", "built again after release 1.3.0")
	return nil
}
