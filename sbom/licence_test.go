package sbom

import "testing"

func TestExpression(t *testing.T) {
	for text, want := range map[string]bool{
		"MIT": true, "Apache-2.0 AND (MIT OR GPL-2.0-only WITH Classpath-exception-2.0)": true, "GPL-2.0+": true, "LicenseRef-a": true,
		"DocumentRef-x:LicenseRef-a": true, "(MIT)": true,
		"": false, "The MIT License": false, "MIT AND": false, "MIT MIT": false, "(MIT": false, "MIT)": false, "AND MIT": false, "Foo": false,
		"LicenseRef-ä": false, "()": false, "MIT ()": false, "MIT (MIT)": false,
	} {
		if got := isExpression(text); got != want {
			t.Errorf("isExpression(%q) = %v, want %v", text, got, want)
		}
	}
}
