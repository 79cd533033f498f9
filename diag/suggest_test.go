package diag

import "testing"

func TestSuggest(t *testing.T) {
	names := []string{"x", "zone", "zones", "waivers", "update-policy"}
	for name, want := range map[string]string{
		"zoen": "zone", "Zone": "zone", "zoness": "zones", "waiver": "waivers", "updatepolicy": "update-policy", "x1": "x",
		"": "", "y": "", "nothing-like-it": "", "wxyz": "",
	} {
		if got := Suggest(name, names); got != want {
			t.Errorf("%q suggests %q, want %q", name, got, want)
		}
	}
}
