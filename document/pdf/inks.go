package pdf

import "theriac/document"

// ink is a colour as 0xRRGGBB.
type ink uint32

// The colours. Text keeps a contrast of 4.5:1 to what it stands on.
const (
	black    ink = 0x1a1d21
	accent   ink = 0x1f3a5f // headings and strong rules
	faint    ink = 0x59636f // source marks, running lines
	linked   ink = 0x1d4f91
	hairline ink = 0xc9d0d8
	headFill ink = 0xe8eef4
	bandFill ink = 0xf4f6f9
	white    ink = 0xffffff
)

// shades are the fill, border and text of a badge or callout.
type shades struct{ fill, edge, text ink }

// badges are the colours of badges by tone.
var badges = [...]shades{
	document.Good:    {0xdcefdc, 0x6fa877, 0x14532d},
	document.Partly:  {0xfdf0c4, 0xc2a032, 0x5f4600},
	document.Bad:     {0xf6d0cb, 0xc4746b, 0x7d1a13},
	document.Neutral: {0xe6e8eb, 0x9aa4af, 0x39424d},
}

// shadesOf is the colours of a badge.
func shadesOf(t document.Tone) shades {
	if int(t) < len(badges) {
		return badges[t]
	}
	return badges[document.Neutral]
}

// callouts are the colours of callouts by kind; text is that of the symbol and word.
var callouts = map[document.CalloutKind]shades{
	document.Warning: {0xfdecea, 0xb3261e, 0x8c1d18},
	document.Caution: {0xfef6dd, 0xc79a00, 0x6b4e00},
	document.Note:    {0xeef3f9, 0x1d4f91, 0x1f3a5f},
	document.Gap:     {0xf6effa, 0x7b3fa0, 0x5b2a7a},
}
