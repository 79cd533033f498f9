package model

import (
	"slices"
	"testing"
)

func TestWholeEndsInACircle(t *testing.T) {
	a, b := &Component{}, &Component{}
	a.PartOf, b.PartOf = Ref[*Component]{To: b, ok: true}, Ref[*Component]{To: a, ok: true}
	if z := a.InZone(); z != nil {
		t.Errorf("zone %v in a circle that states none", z)
	}
	b.Zone = Ref[*Zone]{To: &Zone{}, ok: true}
	if a.InZone() != b.Zone.To {
		t.Error("the zone of the whole is not inherited")
	}
	if !a.Within(b) || a.Within(&Component{}) {
		t.Error("a is within b and within nothing else")
	}
}

func TestStates(t *testing.T) {
	for text, want := range map[string]Answer{
		"": Unknown, "  ": Unknown, "none": No, "None; the cable is inside": No, "plaintext": No,
		"openssl cms": Yes, "aes-256-gcm": Yes, "inside the chip": Yes, "nonesuch": Yes,
	} {
		if got := States(text); got != want {
			t.Errorf("States(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestTransports(t *testing.T) {
	for text, want := range map[string][]string{
		"tls-1.3":                           {"tls-1.3"},
		"TLS 1.2 or TLSv1.3.":               {"tls-1.2", "tls-1.3"},
		"tls_1_2":                           {"tls-1.2"},
		"dtls-1.2 with mutual certificates": {"dtls-1.2"},
		"tls":                               {"tls"},
		"SSLv3":                             {"ssl-3"},
		"tls-1.2 or later; TLS 1.0 is off":  {"tls-1.2"},
		"https, stls, atlas":                nil,
		"tls-1.3 (never TLS 1.1)":           {"tls-1.3"},
	} {
		var got []string
		for _, p := range Transports(text) {
			got = append(got, p.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("Transports(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestBroken(t *testing.T) {
	for p, want := range map[Protocol]bool{
		{"tls", "1.3"}: false, {"tls", "1.2"}: false, {"tls", "1.1"}: true, {"tls", "1.0"}: true, {"tls", ""}: false,
		{"dtls", "1.0"}: true, {"dtls", "1.2"}: false, {"ssl", ""}: true, {"ssl", "3"}: true,
	} {
		if got := p.Broken(); got != want {
			t.Errorf("%s: broken = %t, want %t", p, got, want)
		}
	}
}

func TestEffectiveProtection(t *testing.T) {
	link := &Interface{Medium: "wifi", Encryption: "wpa3", Authentication: "wpa3-enterprise"}
	tls := &Interface{Medium: "ethernet", Transport: "tcp", Port: 443, Encryption: "tls-1.3", Authentication: "mutual-tls"}
	bare := &Interface{Medium: "ethernet", Transport: "tcp", Port: 80, Encryption: "none", Integrity: "none", Authentication: "none"}
	silent := &Interface{Medium: "ethernet", Transport: "tcp", Port: 81}
	public := &Interface{Medium: "ethernet", Transport: "tcp", Port: 443, Direction: "in", Encryption: "tls-1.2", Authentication: "server-tls"}
	type answers struct{ confidential, intact, authentic Answer }
	for _, c := range []struct {
		name string
		flow Flow
		over []*Interface
		want answers
	}{
		{"nothing stated", Flow{}, nil, answers{Unknown, Unknown, Unknown}},
		{"tls gives integrity", Flow{}, []*Interface{tls}, answers{Yes, Yes, Yes}},
		{"bare", Flow{}, []*Interface{bare}, answers{No, No, No}},
		{"silent", Flow{}, []*Interface{silent}, answers{Unknown, Unknown, Unknown}},
		{"one bare, one silent", Flow{}, []*Interface{bare, silent}, answers{Unknown, Unknown, Unknown}},
		{"link alone", Flow{}, []*Interface{link}, answers{Yes, Yes, Yes}},
		{"link does not protect what runs bare over it", Flow{}, []*Interface{link, bare}, answers{No, No, No}},
		{"signed content over a bare line", Flow{Authentication: "signed-content"}, []*Interface{bare}, answers{No, Yes, Yes}},
		{"own encryption with a tag", Flow{Encryption: "aes-256-gcm"}, []*Interface{bare}, answers{Yes, Yes, No}},
		{"own word none", Flow{Encryption: "none"}, nil, answers{No, Unknown, Unknown}},
		{"certificate of the server alone", Flow{}, []*Interface{public}, answers{Yes, Yes, No}},
	} {
		for _, i := range c.over {
			c.flow.Over = append(c.flow.Over, Ref[*Interface]{To: i, ok: true})
		}
		got := answers{c.flow.Confidential(), c.flow.Intact(), c.flow.Authentic()}
		if got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestListenAt(t *testing.T) {
	for text, want := range map[string]bool{
		"tcp/2575": true, "udp/65535": true, "tcp/0": false, "tcp/65536": false, "tcp": false, "sctp/1": false, "tcp/x": false, "tcp/": false,
		"tcp/99999999999999999999": false,
	} {
		if _, _, ok := ListenAt(text); ok != want {
			t.Errorf("ListenAt(%q) = %t, want %t", text, ok, want)
		}
	}
}
