package vuln

import "testing"

func TestNormalProduct(t *testing.T) {
	for _, c := range []struct{ vendor, product, want string }{
		{"Koninklijke Philips N.V.", "Philips IntelliVue MX40", "koninklijke-philips/philips-intellivue-mx40"},
		{"Philips", "Philips IntelliVue MX40", "philips/intellivue-mx40"},
		{"Becton, Dickinson and Company (BD)", "Alaris 8000 PC unit", "becton-dickinson/alaris-8000-pc-unit"},
		{"Johnson & Johnson", "One Touch", "johnson-johnson/one-touch"},
		{"Johnson and Johnson", "One Touch", "johnson-johnson/one-touch"},
		{"i-SENS Inc", "SmartLog Diabetes Management Software", "i-sens/smartlog-diabetes-management-software"},
		{"i-SENS, Inc.", "SmartLog  Diabetes-Management Software", "i-sens/smartlog-diabetes-management-software"},
		{"B. Braun", "SpaceCom 2.0", "b-braun/spacecom-2-0"},
		{"Siemens", "Siemens", "siemens/siemens"},
		{"GE Healthcare", "Revolution XQ/i", "ge-healthcare/revolution-xq-i"},
		{"Dräger", "Infinity® Acute", "dräger/infinity-acute"},
		{"Inc", "x", "inc/x"},
		{"Acme", "®", ""},
		{"", "OpenSSL", "/openssl"},
	} {
		if got := NormalProduct(c.vendor, c.product); got != c.want {
			t.Errorf("%q %q is %q, want %q", c.vendor, c.product, got, c.want)
		}
	}
}

func TestNormalCPE(t *testing.T) {
	for _, c := range []struct{ vendor, product, want string }{
		{"OpenSSL", "openssl", "openssl:openssl"},
		{"notepad\\+\\+", "notepad\\+\\+", "notepad++:notepad++"},
		{"a\\\\b", "c\\", "a\\b:c\\"},
	} {
		if got := NormalCPE(c.vendor, c.product); got != c.want {
			t.Errorf("%q %q is %q, want %q", c.vendor, c.product, got, c.want)
		}
	}
}

func FuzzNormalProduct(f *testing.F) {
	f.Add("Koninklijke Philips N.V.", "Philips IntelliVue MX40")
	f.Add("B. Braun (Melsungen", "A.B.")
	f.Fuzz(func(t *testing.T, vendor, product string) {
		got := NormalProduct(vendor, product)
		if again := NormalProduct(vendor, product); again != got {
			t.Errorf("%q and then %q", got, again)
		}
		for _, r := range got {
			if r == ' ' || r >= 'A' && r <= 'Z' {
				t.Errorf("%q %q is %q", vendor, product, got)
			}
		}
	})
}
