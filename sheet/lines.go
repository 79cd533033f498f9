package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cellText is a value as a cell of our own sheets shows it: one line for each
// item. An item that would not be read back as it is stands in double quotes.
func (c *Column) cellText(v Value) string {
	if v.Empty() {
		return ""
	}
	if c.Shape == Text {
		return v.Items[0][0]
	}
	var lines []string
	for _, item := range v.Items {
		if c.Shape == Records {
			lines = append(lines, c.record(item))
		} else {
			lines = append(lines, quoted(item[0], "\n"))
		}
	}
	return strings.Join(lines, "\n")
}

// between stands between the values of a record.
const between = " | "

func (c *Column) record(item []string) string {
	var parts []string
	for i, text := range item {
		if text != "" {
			parts = append(parts, c.parts[i].Name+": "+quoted(text, "|"))
		}
	}
	return strings.Join(parts, between)
}

// quoted puts a text into double quotes, with escapes as in Go and JSON, where
// it contains a mark that ends it, or could be taken for something else.
func quoted(text, mark string) string {
	if text == "" || strings.Contains(text, mark) || strings.Contains(text, "\n") || text[0] == '"' ||
		strings.TrimSpace(text) != text || unfit(text) != "" {
		return strconv.Quote(text)
	}
	return text
}

// parse reads a cell of our own sheets.
func (c *Column) parse(text string) (Value, error) {
	if c.Shape == Text {
		if !c.prose() {
			text = strings.TrimSpace(text)
		}
		return one(text), nil
	}
	var v Value
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		item := []string{unquoted(line)}
		if c.Shape == Records {
			var err error
			if item, err = c.parseRecord(line); err != nil {
				return v, err
			}
		}
		if strings.Join(item, "") != "" {
			v.Items = append(v.Items, item)
		}
	}
	return v, nil
}

// unquoted is the text in double quotes, or the line as it stands where it is
// not in quotes as a whole.
func unquoted(line string) string {
	if strings.HasPrefix(line, `"`) {
		if text, err := strconv.Unquote(line); err == nil {
			return text
		}
	}
	return line
}

func (c *Column) parseRecord(line string) ([]string, error) {
	item := make([]string, len(c.parts))
	form := strings.Join(c.partNames(), ": ..."+between) + ": ..."
	for rest := line; rest != ""; {
		name, tail, found := strings.Cut(rest, ": ")
		i := slices.Index(c.partNames(), strings.TrimSpace(name))
		if !found || i < 0 {
			return nil, fmt.Errorf("%q is not of the form %s", line, form)
		}
		if item[i] != "" {
			return nil, fmt.Errorf("%q gives %s twice", line, c.parts[i].Name)
		}
		var text string
		if text, rest = leaf(tail); text == "" {
			return nil, fmt.Errorf("%q says nothing for %s", line, c.parts[i].Name)
		}
		item[i] = text
	}
	return item, nil
}

// leaf cuts the first value off the rest of a record.
func leaf(rest string) (text, tail string) {
	if prefix, err := strconv.QuotedPrefix(rest); err == nil && prefix[0] == '"' {
		after := strings.TrimLeft(rest[len(prefix):], " ")
		if next, ok := strings.CutPrefix(after, "|"); ok || after == "" {
			text, _ = strconv.Unquote(prefix)
			return text, strings.TrimLeft(next, " ")
		}
	}
	text, tail, _ = strings.Cut(rest, "|")
	return strings.TrimSpace(text), strings.TrimLeft(tail, " ")
}
