package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac"
	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
	"theriac/threat"
	"theriac/trace"
)

// traceFlags are the flags of trace and of the commands below it as given.
type traceFlags struct {
	format string
	color  string
	date   string
	depth  int
	from   string
	to     string
}

var traceFormats = []string{"text", "json"}

func newTrace() *cobra.Command {
	var flags traceFlags
	cmd := &cobra.Command{
		Use:   "trace {ID [DIR] | --from KIND --to KIND [DIR]}",
		Short: "follow the links from assets to tests and clauses",
		Long: `Trace shows what an entity, a clause or a code reference is linked with: upwards
towards what deserves protection, downwards towards what proves it. With --from and
--to it prints the traceability matrix between two kinds, in either direction; lines
that lead to nothing are gaps. The commands below it list where the chain breaks off,
what stands alone, and what has changed since somebody looked at it.

Clauses may be written as people say them: "MDR 17.2".

Exit status: 0 done, 1 there are findings, 2 the run failed. A tree has none; a matrix
with gaps has.`,
		Example: `  theriac trace rk-false-network
  theriac trace mdr.annex-i.17.2 pump --depth 2
  theriac trace --from requirements --to verifications pump
  theriac trace gaps pump
  theriac trace suspects pump
  theriac trace accept pump --by "Head of development" vf-login`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return fmt.Errorf("trace takes one name and one folder; a clause with a space in it needs quotes: \"MDR 17.2\"")
			}
			return nil
		},
		ValidArgsFunction: completeID(allIDs),
		RunE:              func(cmd *cobra.Command, args []string) error { return runTrace(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.IntVar(&flags.depth, "depth", 0, "how many `links` to follow in each direction; 0 follows all")
	f.StringVar(&flags.from, "from", "", "`kind` that the matrix leads from, or code, or clauses")
	f.StringVar(&flags.to, "to", "", "`kind` that the matrix leads to")
	f.StringVar(&flags.date, "date", "", "`day` on which coverage is judged, as YYYY-MM-DD")
	traceOutput(cmd, &flags)
	complete(cmd, "from", trace.Kinds())
	complete(cmd, "to", trace.Kinds())
	cmd.AddCommand(newTraceGaps(), newTraceOrphans(), newTraceSuspects(), newTraceAccept())
	return cmd
}

// traceOutput adds the flags about the form of the output.
func traceOutput(cmd *cobra.Command, flags *traceFlags) {
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(traceFormats, ", "))
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "format", traceFormats)
	complete(cmd, "color", colours)
}

// tracer is a security file that is ready to be traced.
type tracer struct {
	dir      string
	file     *model.File
	catalog  *catalog.Catalog
	coverage map[string]check.Row
	graph    *trace.Graph
	reviews  *trace.Reviews
	states   map[trace.Link]trace.Status
	judged   *evidence.Judgement         // nil where signatures decide nothing
	derived  *threat.Derived             // when traced
	code     map[string]trace.Resolution // by text
	json     bool
	screen   screen
	out      io.Writer
}

// newTracer reads and checks the security file in a folder, and builds its
// graph with what the check found to answer each clause.
func newTracer(cmd *cobra.Command, args []string, flags traceFlags) (*tracer, error) {
	t, err := flags.tracer(cmd)
	if err != nil {
		return nil, err
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	if t.dir, err = folder(args); err != nil {
		return nil, err
	}
	var session theriac.Session
	result, err := session.Check(cmd.Context(), t.dir, theriac.Options{Today: day})
	if err != nil {
		return nil, err
	}
	if err := wellFormed(result.File, formOnly(result.Findings), t.dir); err != nil {
		return nil, err
	}
	t.file, t.catalog = result.File, result.Catalog
	if result.Showing != nil {
		t.judged = result.Showing.Judged
	}
	answers := trace.Answers{}
	t.coverage = map[string]check.Row{}
	for _, row := range result.Coverage {
		t.coverage[row.Entry.ID] = row
		for _, e := range row.By {
			answers[row.Entry.ID] = append(answers[row.Entry.ID], model.Of(e).ID)
		}
	}
	t.graph = trace.Build(t.file, answers)
	return t, t.look(cmd.Context())
}

// tracer is one without a file yet.
func (f traceFlags) tracer(cmd *cobra.Command) (*tracer, error) {
	if !slices.Contains(traceFormats, f.format) {
		return nil, badValue("format", f.format, traceFormats)
	}
	s, err := screenOf(f.color, cmd.OutOrStdout(), os.Environ())
	return &tracer{json: f.format == "json", screen: s, out: cmd.OutOrStdout()}, err
}

// formOnly keeps findings about form and reuse: with them the file may say
// something else than is meant. What rules find does not change what it says.
func formOnly(findings diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(findings), func(f diag.Finding) bool { return !strings.HasPrefix(f.Code, "T0") })
}

// look reads what the nodes of the graph are shown with: reviews and code.
func (t *tracer) look(ctx context.Context) (err error) {
	if t.reviews, err = readReviews(t.file); err != nil {
		return err
	}
	t.states = map[trace.Link]trace.Status{}
	for _, s := range trace.Review(t.file, t.reviews) {
		t.states[s.Link] = s.Status
	}
	report, err := trace.ResolveCode(ctx, t.file)
	if err != nil {
		return err
	}
	t.code = map[string]trace.Resolution{}
	for _, r := range report.References {
		t.code[r.Text] = r
	}
	return nil
}

// readReviews reads the review file, which must be well formed.
func readReviews(file *model.File) (*trace.Reviews, error) {
	r, err := trace.ReadReviews(file)
	if err == nil && len(r.Findings) > 0 {
		err = fmt.Errorf("%s: %s; %s", r.Findings[0].Span, r.Findings[0].Message, r.Findings[0].Help)
	}
	return r, err
}

func runTrace(cmd *cobra.Command, args []string, flags traceFlags) error {
	matrix := flags.from != "" || flags.to != ""
	switch {
	case matrix && (flags.from == "" || flags.to == ""):
		return fmt.Errorf("a matrix leads from one kind to another; give both --from and --to")
	case matrix && len(args) > 1:
		return fmt.Errorf("a matrix is about a whole file; name its folder and no id")
	case !matrix && len(args) == 0:
		return fmt.Errorf("trace what? Name an id or a clause, or use --from and --to; see `theriac trace --help`")
	case flags.depth < 0:
		return fmt.Errorf("--depth: expected 0 or more, found %d", flags.depth)
	case matrix:
		return runMatrix(cmd, args, flags)
	}
	if len(args) == 1 && holdsSecurityFile(args[0]) {
		return fmt.Errorf("trace what of %s? Name an id or a clause before the folder, or use --from and --to", args[0])
	}
	t, err := newTracer(cmd, args[1:], flags)
	if err != nil {
		return err
	}
	n, err := t.find(args[0])
	if err != nil {
		return err
	}
	if t.json {
		return t.treeJSON(n, flags.depth)
	}
	p := newPage(t.screen)
	t.tree(p, n, flags.depth)
	return p.show(t.screen, t.out)
}

// find is the node that a name stands for.
func (t *tracer) find(name string) (*trace.Node, error) {
	if n := t.graph.Node(name); n != nil {
		return n, nil
	}
	found := spoken(t.catalog, name)
	if e := t.catalog.Entry(strings.ToLower(name)); e != nil {
		found = []*catalog.Entry{e}
	}
	switch {
	case len(found) > 1:
		return nil, fmt.Errorf("%q may mean %s", name, strings.Join(ids(found), " or "))
	case len(found) == 1:
		if n := t.graph.Node(found[0].ID); n != nil {
			return n, nil
		}
		return &trace.Node{ID: found[0].ID, Kind: trace.Clauses}, nil // nothing answers it
	}
	if d := threat.Derive(t.file, trace.SuspectTargets(t.file, t.reviews)).Find(name); d != nil {
		t.derived = d
		return t.graph.Derived(name, d.Element, d.By), nil
	}
	if s := diag.Suggest(name, allIDs(t.file)); s != "" {
		return nil, fmt.Errorf("nothing has the id %q; did you mean %q?", name, s)
	}
	return nil, fmt.Errorf("nothing in %s has the id %q, and no clause has it", t.dir, name)
}
