package collect

import (
	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// A profile of go test -coverprofile has a block of statements in each line
// (go doc golang.org/x/tools/cover). Blocks that stand several times, because
// several packages were tested with -coverpkg, are one. Statements are counted,
// as go tool cover does.
var _ = add(Collector{
	Name: "gocover", Title: "Go coverage profile", Kind: "test-result",
	Looks: func(_ string, head []byte) bool { return goCoverMode.Match(head) },
	Read:  readGoCover,
})

var (
	goCoverMode  = lazyregexp.New(`^mode: (set|count|atomic)\r?\n`)
	goCoverBlock = lazyregexp.New(`^(.+\.go:[0-9]+\.[0-9]+,[0-9]+\.[0-9]+) ([0-9]+) ([0-9]+)$`)
)

// goBlock is a block of statements.
type goBlock struct {
	statements int64
	covered    bool
}

func readGoCover(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	if !goCoverMode.Match(in.Data) {
		return nil, malformed(1, "the first line is no mode of a coverage profile")
	}
	blocks := map[string]goBlock{}
	err := eachLine(in.Data, func(line int, text []byte) error {
		if line == 1 {
			return nil
		}
		return addGoBlock(blocks, line, string(text))
	})
	if err != nil {
		return nil, err
	}
	return goCoverReport(blocks), nil
}

// maxStatements bounds the statements of a block; the largest of real code has
// a few thousand.
const maxStatements = 1 << 20

func addGoBlock(blocks map[string]goBlock, line int, text string) error {
	m := goCoverBlock.FindStringSubmatch(text)
	if m == nil {
		return malformed(line, "not a block of a coverage profile")
	}
	statements, err := number(line, "the number of statements", m[2])
	if err != nil {
		return err
	}
	count, err := number(line, "the count", m[3])
	if err != nil {
		return err
	}
	known, again := blocks[m[1]]
	switch {
	case statements > maxStatements:
		return malformed(line, "a block with %d statements", statements)
	case again && known.statements != statements:
		return malformed(line, "the block stands twice with different numbers of statements: the profile is of different code")
	case len(blocks) >= maxCovered:
		return malformed(line, "more than %d blocks", maxCovered)
	}
	blocks[m[1]] = goBlock{statements, known.covered || count > 0}
	return nil
}

func goCoverReport(blocks map[string]goBlock) *Report {
	var c evidence.Coverage
	for _, b := range blocks {
		c.Lines += int(b.statements)
		if b.covered {
			c.Covered += int(b.statements)
		}
	}
	return &Report{Tool: evidence.Tool{Name: "go tool cover"}, Coverage: &c, Whole: wholeOf(nil, c.Lines > 0)}
}
