package techdoc

import (
	"strconv"
	"strings"

	"theriac/check"
)

// chapter is a numbered chapter of Annex I, or several that stand together.
type chapter struct {
	id, title string
	from, to  int // numbers in the annex
}

// The chapters of Annex I, with headings of our own. Their numbers are those of the
// acts as published on 5 May 2017.
var (
	mdrChapters = []chapter{
		{"general", "I General requirements (1 to 9)", 1, 9},
		{"chemical", "§10 Chemical, physical and biological properties", 10, 10},
		{"infection", "§11 Infection and microbial contamination", 11, 11},
		{"substances", "§12 Medicinal substances, and substances that the body absorbs", 12, 12},
		{"biological", "§13 Materials of biological origin", 13, 13},
		{"environment", "§14 Construction, and interaction with the environment", 14, 14},
		{"measuring", "§15 Diagnostic and measuring functions", 15, 15},
		{"radiation", "§16 Radiation", 16, 16},
		{"electronic", "§17 Programmable electronic systems and software", 17, 17},
		{"active", "§18 Active devices and what is connected to them", 18, 18},
		{"implantable", "§19 Active implantable devices", 19, 19},
		{"mechanical", "§20 Mechanical and thermal risks", 20, 20},
		{"supply", "§21 Energy and substances given to the patient", 21, 21},
		{"lay", "§22 Use by lay persons", 22, 22},
		{"information", "§23 Label and instructions for use", 23, 23},
	}
	ivdrChapters = []chapter{
		{"general", "I General requirements (1 to 8)", 1, 8},
		{"performance", "§9 Performance characteristics", 9, 9},
		{"chemical", "§10 Chemical, physical and biological properties", 10, 10},
		{"infection", "§11 Infection and microbial contamination", 11, 11},
		{"biological", "§12 Materials of biological origin", 12, 12},
		{"environment", "§13 Construction, and interaction with the environment", 13, 13},
		{"measuring", "§14 Measuring functions", 14, 14},
		{"radiation", "§15 Radiation", 15, 15},
		{"electronic", "§16 Programmable electronic systems and software", 16, 16},
		{"energy", "§17 Devices with or connected to an energy source", 17, 17},
		{"mechanical", "§18 Mechanical and thermal risks", 18, 18},
		{"lay", "§19 Self-testing and near-patient testing", 19, 19},
		{"information", "§20 Label and instructions for use", 20, 20},
	}
)

// chapters lists the chapters of Annex I of a regulation of the catalogue.
func chapters(law string) []chapter {
	if law == "ivdr" {
		return ivdrChapters
	}
	return mdrChapters
}

// inChapter are the rows of Annex I that belong to a chapter.
func inChapter(rows []check.Row, c chapter) (in []check.Row) {
	for _, r := range rows {
		_, place, _ := strings.Cut(r.Entry.ID, ".annex-i.")
		first, _, _ := strings.Cut(place, ".")
		if n, err := strconv.Atoi(first); err == nil && c.from <= n && n <= c.to {
			in = append(in, r)
		}
	}
	return in
}
