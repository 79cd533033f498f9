package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/evidence"
	"theriac/evidence/collect"
	"theriac/model"
	"theriac/trust"
)

type addFlags struct {
	sign         signFlags
	verification []string
	release      string
	from         []string
	format       string
	kind         string
	mapping      string
	scope        []string
	finished     string
	performer    string
	independence string
	authors      []string
	commit       string
	failAt       string
	device       string
	date         string
}

func newEvidenceAdd() *cobra.Command {
	var flags addFlags
	cmd := &cobra.Command{
		Use:   "add [DIR] --from FILE --sign KEY",
		Short: "make signed evidence of a report",
		Long: `Add reads a report, finds out what it says of verifications, and signs that as a
statement about a release. The report is kept beside the statement under its digest.

The ids of verifications in the names, tags or properties of tests say what each test
is evidence for; a mapping file (--map) says it for names without ids; else the whole
report is evidence for what --for names. What a report does not say, flags do.

The format is recognised. --from git:RANGE takes commits and reviews of the git
repository around DIR.

Add says what the evidence is worth; it is kept whatever that is.

Formats: ` + strings.Join(formatNames(), ", ") + `.
Exit status: 0 it counts, 1 it is kept and does not count, 2 nothing was kept.`,
		Example: `  theriac evidence add pump --for vf-lock --release 1.4.0 --from report.xml --sign ci.key
  theriac evidence add pump --from scan.sarif --fail-at high --for vf-static-c --sign ssh-agent:ci
  theriac evidence add pump --from pentest.yaml --sign "pkcs11:token=lab;object=sign"
  theriac evidence add pump --from git:v1.3.0..v1.4.0 --for vf-update --sign quality.key`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runEvidenceAdd(cmd, args, flags) },
	}
	flags.sign.add(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&flags.verification, "for", nil, "`ids` of verifications that it is evidence for; without it those that the report names")
	f.StringVar(&flags.release, "release", "", "`version` that it speaks of; without it the newest that is out")
	f.StringArrayVar(&flags.from, "from", nil, "`file` with the report, or git:RANGE; several are joined (required)")
	f.StringVar(&flags.format, "format", "", "`format` of the report, where it is not recognised")
	f.StringVar(&flags.kind, "kind", "", "`kind` of evidence, where it is not that of the format")
	f.StringVar(&flags.mapping, "map", "", "`file` that maps names of tests to verifications")
	f.StringSliceVar(&flags.scope, "scope", nil, "`ids` of the interfaces and components that were touched; without it those that the report names, else, but for attacks and dynamic analyses, those that the verifications cover")
	f.StringVar(&flags.finished, "finished", "", "`time` at which the work ended, as YYYY-MM-DD or RFC 3339, where the report does not say")
	f.StringVar(&flags.performer, "performer", "", "`role`, team or laboratory that did the work")
	f.StringVar(&flags.independence, "independence", "", "`degree` of the performer's independence: author, same-team, other-team, external")
	f.StringSliceVar(&flags.authors, "authors", nil, "`signers` or teams who made what was looked at")
	f.StringVar(&flags.commit, "commit", "", "`revision` of the source code that was looked at")
	f.StringVar(&flags.failAt, "fail-at", "", "least `severity` of a finding that is a failure: critical, high, medium, low, info")
	f.StringVar(&flags.device, "device", "", "`address` of the device in a packet capture")
	f.StringVar(&flags.date, "date", "", "`day` on which the evidence is judged, as YYYY-MM-DD")
	complete(cmd, "format", formatNames())
	return cmd
}

func formatNames() []string {
	var names []string
	for _, c := range collect.All() {
		names = append(names, c.Name)
	}
	return names
}

func runEvidenceAdd(cmd *cobra.Command, args []string, flags addFlags) error {
	if len(flags.from) == 0 {
		return fmt.Errorf("evidence of what? Name the report with --from")
	}
	at, err := moment(os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	p, err := openProven(cmd.Context(), args, flags.release, day)
	if err != nil {
		return err
	}
	defer p.close()
	if p.release == nil {
		return fmt.Errorf("the security file has no release that evidence could speak of; `theriac release create VERSION` freezes one")
	}
	request, err := flags.request(p, at)
	if err != nil {
		return err
	}
	taken, err := flags.inputs(cmd.Context(), p)
	if err != nil {
		return err
	}
	if flags.mapping != "" { // what counts for what is part of what is signed
		text, err := readReport(flags.mapping)
		if err != nil {
			return err
		}
		last := &taken.reads[len(taken.reads)-1]
		last.Inputs = append(last.Inputs, taken.keep(filepath.Base(flags.mapping), "mapping", text))
	}
	s, tally, err := collect.Make(p.file, taken.reads, request)
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(flags.from, ", "), err)
	}
	return p.add(cmd, s, tally, taken, flags)
}

// request is what the flags ask for.
func (f addFlags) request(p *proven, at time.Time) (collect.Request, error) {
	q := collect.Request{
		Release: p.release, For: f.verification, Kind: model.EvidenceKind(f.kind), Scope: f.scope, Recorded: at, Commit: f.commit, Authors: f.authors,
		Performer: evidence.Performer{Who: f.performer, Independence: model.Independence(f.independence)},
	}
	slices.Sort(q.For)
	for flag, given := range map[string]struct {
		value string
		known model.Values
	}{"kind": {f.kind, q.Kind.Values()}, "independence": {f.independence, q.Performer.Independence.Values()}} {
		if given.value != "" && !slices.ContainsFunc(given.known, func(v model.Value) bool { return v.Name == given.value }) {
			return q, badValue(flag, given.value, namesOf(given.known))
		}
	}
	if f.failAt != "" && evidence.Severity(f.failAt).Rank() < 0 {
		return q, badValue("fail-at", f.failAt, []string{"critical", "high", "medium", "low", "info"})
	}
	var err error
	if q.Finished, err = timeOf(f.finished); err != nil {
		return q, fmt.Errorf("--finished: %w", err)
	}
	q.Mapping, err = readCaseMapping(f.mapping)
	return q, err
}

func namesOf(values model.Values) []string {
	var names []string
	for _, v := range values {
		names = append(names, v.Name)
	}
	return names
}

// timeOf reads a time, or a day, which counts from its first second: the work
// counts as older rather than younger than it is.
func timeOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%q is neither a day (YYYY-MM-DD) nor a time (RFC 3339)", text)
	}
	return at.UTC(), nil
}

func readCaseMapping(name string) (*collect.Mapping, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	m, findings := collect.ReadMapping(name, text)
	for _, f := range findings {
		return nil, fmt.Errorf("%s: %s", f.Span, f.Message)
	}
	return m, nil
}

// inputs are the raw inputs of a statement.
type inputs struct {
	reads []collect.Read
	data  map[string][]byte // by SHA-256
}

func (in *inputs) keep(name, format string, data []byte) evidence.Input {
	sum := sha256.Sum256(data)
	digest := hex.EncodeToString(sum[:])
	in.data[digest] = data
	return evidence.Input{Name: name, SHA256: digest, Size: int64(len(data)), Format: format}
}

// inputs reads the reports.
func (f addFlags) inputs(ctx context.Context, p *proven) (*inputs, error) {
	in := &inputs{data: map[string][]byte{}}
	for _, from := range f.from {
		err := f.input(ctx, p, in, from)
		if _, named := errors.AsType[*fs.PathError](err); err != nil && !named {
			err = fmt.Errorf("%s: %w", from, err)
		}
		if err != nil {
			return nil, err
		}
	}
	return in, nil
}

func (f addFlags) input(ctx context.Context, p *proven, in *inputs, from string) error {
	name, data, err := fetch(ctx, p, from)
	if err != nil {
		return err
	}
	c, err := f.collector(name, data)
	if err != nil {
		return err
	}
	report, err := c.Read(&collect.Source{Name: name, Data: data, FailAt: evidence.Severity(f.failAt), Device: f.device})
	switch {
	case errors.Is(err, collect.ErrDevice):
		return fmt.Errorf("%w; give it with --device", err)
	case err != nil:
		return fmt.Errorf("as %s: %w", c.Title, err)
	}
	if report.Kind == "" {
		report.Kind = c.Kind
	}
	read := collect.Read{Report: report, Inputs: []evidence.Input{in.keep(name, c.Name, data)}}
	for _, name := range report.Attachments {
		data, err := readBeside(from, name)
		if err != nil {
			return err
		}
		read.Inputs = append(read.Inputs, in.keep(name, "attachment", data))
	}
	in.reads = append(in.reads, read)
	return nil
}

// fetch reads a report, or asks git for one.
func fetch(ctx context.Context, p *proven, from string) (name string, data []byte, err error) {
	if revisions, ok := strings.CutPrefix(from, "git:"); ok {
		data, err := collect.GitFacts(ctx, p.dir, revisions)
		return "commits.txt", data, err
	}
	data, err = readReport(from)
	return filepath.Base(from), data, err
}

// readBeside reads a file that lies beside a report. A name cannot lead elsewhere.
func readBeside(report, name string) ([]byte, error) {
	root, err := os.OpenRoot(filepath.Dir(report))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readBounded(f)
}

func readReport(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readBounded(f)
}

func readBounded(f io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(f, collect.MaxInput+1))
	if err == nil && len(data) > collect.MaxInput {
		err = fmt.Errorf("more than %d MB", collect.MaxInput>>20)
	}
	return data, err
}

// collector is the one that was named, else the only one that knows the format.
func (f addFlags) collector(name string, data []byte) (*collect.Collector, error) {
	if f.format != "" {
		if c := collect.Find(f.format); c != nil {
			return c, nil
		}
		return nil, unknownValue("format", f.format, formatNames())
	}
	found := collect.Recognise(name, data)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("the format is not recognised; name it with --format (%s), or describe the report in a form (`theriac evidence form`)", strings.Join(formatNames(), ", "))
	}
	return nil, fmt.Errorf("the format may be %s or %s; name it with --format", found[0].Name, found[1].Name)
}

// add signs a statement, keeps it with its inputs, and says what it is worth.
func (p *proven) add(cmd *cobra.Command, s *evidence.Statement, tally *collect.Tally, in *inputs, flags addFlags) error {
	key, err := flags.sign.open(cmd)
	if err != nil {
		return err
	}
	payload, err := evidence.Encode(s)
	if err != nil {
		return err
	}
	done, err := flags.sign.seal(cmd.Context(), payload, key)
	if err != nil {
		return err
	}
	if len(done.envelope) > evidence.MaxStatement {
		return fmt.Errorf("the statement has %d kB, and no reader takes more than %d: make a statement of each part of the report", len(done.envelope)>>10, evidence.MaxStatement>>10)
	}
	name := pathFor(p.root, evidence.PathOf(s, payload), key)
	if err := keepEvidence(p.root, name, done, in); err != nil {
		return err
	}
	talk := plainText{cmd.ErrOrStderr()}
	if text := tally.Unnamed(); text != "" && len(flags.verification) == 0 {
		fmt.Fprintln(talk, "note:", text)
	}
	for _, text := range tally.Misspelt {
		fmt.Fprintln(talk, "note:", text)
	}
	return p.worth(cmd, name, done)
}

// worth says what new evidence is worth.
func (p *proven) worth(cmd *cobra.Command, name string, done signed) error {
	piece := evidence.ReadPiece(name, done.envelope, done.stamp, p.proof.Roster)
	j := evidence.Judge(p.file, &evidence.Store{Pieces: []*evidence.Piece{piece}}, p.release, p.today)
	out := plainText{cmd.OutOrStdout()}
	fmt.Fprintf(out, "%s: %s for release %s, signed by %s\n", filepath.ToSlash(filepath.Join(p.dir, name)), piece.Statement.Kind, p.release.Version, signers(piece))
	bad, idle := false, false
	for _, v := range j.Verdicts {
		fmt.Fprintf(out, "  %s: %s\n", v.Item, verdictWords(v))
		bad, idle = bad || v.State != evidence.Passed, idle || !v.Counts()
	}
	if idle {
		fmt.Fprintln(cmd.ErrOrStderr(), "it is kept and does not count; if it was a mistake, remove the file before the release is approved")
	}
	if bad {
		return errFindings
	}
	return nil
}

// pathFor is where a signed statement goes. Where somebody else signed the same, it
// stands beside that under a name with the key.
func pathFor(root *os.Root, name string, key trust.Signer) string {
	text, err := root.ReadFile(filepath.FromSlash(name))
	if err != nil {
		return name
	}
	id := key.Public().ID()
	if e, err := trust.OpenEnvelope(text); err == nil && e.Signatures[0].KeyID == id {
		return name
	}
	return strings.TrimSuffix(name, ".json") + "-" + id[:8] + ".json"
}

// keepEvidence writes the inputs, then what was signed about them. Where it ends
// in between, inputs are left that no statement names, which gc removes.
func keepEvidence(root *os.Root, name string, done signed, in *inputs) error {
	if err := signedBefore(root, name); err != nil {
		return err
	}
	if err := makeFolder(root, evidence.InputFolder); err != nil {
		return err
	}
	for _, digest := range slices.Sorted(maps.Keys(in.data)) {
		if err := keepInput(root, evidence.InputFolder+"/"+digest, in.data[digest]); err != nil {
			return err
		}
	}
	return keepSigned(root, name, done)
}

// keepInput writes an input unless it is there. One that was damaged since is not
// built upon.
func keepInput(root *os.Root, name string, data []byte) error {
	err := createIn(root, filepath.FromSlash(name), data, newMode)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	there, err := root.ReadFile(filepath.FromSlash(name))
	if err == nil && !bytes.Equal(there, data) {
		err = fmt.Errorf("%s was altered, other evidence may rest on it: restore it, or remove it and add again", name)
	}
	return err
}
