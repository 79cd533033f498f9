package techdoc

import "theriac/internal/lazyregexp"

// Texts of the catalogue that speak of both regulations, and how: a citation of each
// ("(MDR Art. 83, IVDR Art. 78)"), an alternative for each ("(MDR) this or (IVDR)
// that"), or words that the IVDR has in place of others.
var (
	bothCited   = lazyregexp.New(`\(MDR ((?:[^(),]|\([^()]*\))+), IVDR ((?:[^(),]|\([^()]*\))+)\)`)
	bothWorded  = lazyregexp.New(`\(MDR\) ([^().,;]+?) or \(IVDR\) ([^().,;]+)`)
	sideEffects = lazyregexp.New(`expected side-effects \(IVDR: (expected erroneous results)\)`)
)

// oneLaw is a text of the catalogue with what it says of the product's regulation
// alone.
func (b *lifeBook) oneLaw(text string) string {
	text = bothCited.ReplaceAllString(text, b.byRegulation("(MDR $1)", "(IVDR $2)"))
	text = bothWorded.ReplaceAllString(text, b.byRegulation("$1", "$2"))
	return sideEffects.ReplaceAllString(text, b.byRegulation("expected side-effects", "$1"))
}
