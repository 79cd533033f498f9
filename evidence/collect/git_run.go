package collect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"theriac/internal/lazyregexp"
)

// gitFormat is what git is asked for. It does not ask for signatures: to check
// them git runs programs that the configuration of the repository names.
const gitFormat = "commit %H%nparents %P%nauthor %an <%ae>%ncommitter %cn <%ce>%nauthored %aI%ncommitted %cI%nsignature -%nsubject %s%n" +
	"%(trailers:key=Reviewed-by,key=Co-authored-by,unfold)end"

// GitFacts is the input of the collector git for the commits of a range,
// FROM..TO, or for all up to a revision. Addresses are replaced by numbers that
// are the same for the same address.
//
// The repository is treated as hostile: no hook, filter, pager, transport or
// verifier that its configuration names is run, the configuration of the user
// is not read, and nothing is fetched.
func GitFacts(ctx context.Context, dir, revisions string) ([]byte, error) {
	g := &gitRun{ctx, dir}
	shallow, err := g.run(1<<20, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(string(shallow)) != "false" {
		return nil, errors.New("git: the clone is shallow, and lacks commits: fetch all of them")
	}
	if err := g.plainTrailers(); err != nil {
		return nil, err
	}
	span, err := g.span(revisions)
	if err != nil {
		return nil, err
	}
	out, err := g.run(MaxInput, "log", "--topo-order", "--no-show-signature", "--no-color", "--no-decorate", "--no-notes", "--no-mailmap", "--no-patch",
		"--encoding=UTF-8", "--format="+gitFormat, "--end-of-options", span, "--")
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("git: there are no commits in %s", revisions)
	}
	return withoutPeople(out), err
}

// plainTrailers refuses a configuration that renames trailers: it could make a
// review of what is none.
func (g *gitRun) plainTrailers() error {
	out, err := g.run(1<<20, "config", "--name-only", "--get-regexp", `^trailer\..*\.`)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return nil // there are none
	}
	if err == nil {
		name, _, _ := strings.Cut(string(out), "\n")
		err = fmt.Errorf("git: the configuration of the repository renames trailers (%s): remove it", clean(name))
	}
	return err
}

// span is a range by the names of its commits, so that no name is read twice or
// as an option.
func (g *gitRun) span(revisions string) (string, error) {
	from, to, ranged := strings.Cut(revisions, "..")
	if strings.HasPrefix(to, ".") {
		return "", fmt.Errorf("git: %s is no range: write FROM..TO", revisions)
	}
	first, err := g.commit(from)
	if err != nil || !ranged {
		return first, err
	}
	last, err := g.commit(to)
	return first + ".." + last, err
}

func (g *gitRun) commit(revision string) (string, error) {
	unknown := fmt.Errorf("git knows no revision %q", revision)
	if revision == "" || strings.HasPrefix(revision, "-") || strings.HasPrefix(revision, "^") || strings.ContainsAny(revision, "\x00\n ") {
		return "", unknown
	}
	out, err := g.run(1<<20, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if g.ctx.Err() != nil {
		return "", g.ctx.Err()
	}
	if hash := strings.TrimSuffix(string(out), "\n"); err == nil && gitHash.MatchString(hash) {
		return hash, nil
	}
	return "", unknown
}

// gitRun runs git in a folder.
type gitRun struct {
	ctx context.Context
	dir string
}

// guard keeps git from running what a configuration names, and from reading
// trailers by other rules than its own.
var guard = []string{
	"--no-pager", "--no-replace-objects", "--literal-pathspecs", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.fsmonitor=false",
	"-c", "protocol.allow=never", "-c", "log.showSignature=false", "-c", "trailer.separators=:", "-c", "core.commentChar=#",
}

func gitEnvironment() []string {
	var kept []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "GIT_") && !strings.HasPrefix(v, "LC_ALL=") {
			kept = append(kept, v)
		}
	}
	return append(kept, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_GRAFT_FILE="+os.DevNull)
}

func (g *gitRun) run(limit int, args ...string) ([]byte, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return nil, errors.New("the program git is not installed, or not on the path")
	}
	cmd := exec.CommandContext(g.ctx, program, append(guard[:len(guard):len(guard)], args...)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = g.dir, gitEnvironment(), 5*time.Second
	out, talk := &capped{limit: limit}, &capped{limit: 1 << 20}
	cmd.Stdout, cmd.Stderr = out, talk
	switch err := cmd.Run(); {
	case g.ctx.Err() != nil:
		return nil, g.ctx.Err()
	case out.full:
		return nil, fmt.Errorf("git %s: it prints more than %d MB", args[0], limit>>20)
	case err != nil:
		line, _, _ := strings.Cut(strings.TrimSpace(talk.buffer.String()), "\n")
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimPrefix(line, "fatal: "))
	}
	return out.buffer.Bytes(), nil
}

// capped refuses more than its limit, which ends the program that writes.
type capped struct {
	buffer bytes.Buffer
	limit  int
	full   bool
}

func (c *capped) Write(p []byte) (int, error) {
	if c.buffer.Len()+len(p) > c.limit {
		c.full = true
		return 0, io.ErrShortWrite
	}
	return c.buffer.Write(p)
}

var (
	gitPeople  = lazyregexp.New(`^(?i:author|committer|reviewed-by:|co-authored-by:) `)
	gitAddress = lazyregexp.New(`<[^<>]*>`)
)

// withoutPeople replaces the addresses of people by numbers, and drops those
// that stand elsewhere.
func withoutPeople(log []byte) []byte {
	numbers := map[string]string{}
	var out bytes.Buffer
	for line := range bytes.Lines(log) {
		if gitPeople.Match(line) {
			line = gitAddress.Get().ReplaceAllFunc(line, func(a []byte) []byte {
				key := strings.ToLower(string(a))
				if numbers[key] == "" {
					numbers[key] = strconv.Itoa(len(numbers) + 1)
				}
				return []byte("<" + numbers[key] + ">")
			})
		}
		out.Write(address.Get().ReplaceAll(line, []byte("(address)")))
	}
	return out.Bytes()
}
