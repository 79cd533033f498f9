package collect

import "time"

// timeOf reads a time in RFC 3339 with its zone, in UTC to the second. What is
// no such time is not said: a time without a zone may be off by a day.
func timeOf(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1990 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}
