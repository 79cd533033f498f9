package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/model"
)

func date(s string) model.Date {
	if s == "" {
		return model.Date{}
	}
	d, err := model.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func when(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// holder is a signer with one key, which may have a certificate.
func holder(t *testing.T, entry model.SignerKey, from, until string) *Holder {
	t.Helper()
	pem := generate(t, Ed25519).Public().PEM()
	if from != "" {
		pem = []byte(certificatePEM(t, when(from), when(until)))
	}
	key, err := ParsePublic(pem)
	if err != nil {
		t.Fatal(err)
	}
	s := &model.Signer{Keys: []model.SignerKey{entry}}
	s.ID = "jane"
	return &Holder{Signer: s, Entry: entry, Key: key}
}

func certificatePEM(t *testing.T, from, until time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "Jane"}, NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return block("CERTIFICATE", der)
}

// TestCounts holds when a signature counts, with each limit on both sides.
func TestCounts(t *testing.T) {
	const today = "2026-10-01"
	type key = model.SignerKey
	revoked := func(reason model.Revocation) key { return key{Revoked: date("2026-06-15"), Reason: reason} }
	cert := [2]string{"2026-02-01T12:00:00Z", "2026-08-01T12:00:00Z"}
	none := [2]string{}
	for name, c := range map[string]struct {
		entry   key
		cert    [2]string
		claimed string
		stamped string
		says    string // "" where it counts
	}{
		"plain":                             {key{}, none, "2026-05-01T10:00:00Z", "", ""},
		"today":                             {key{}, none, "2026-10-01T23:59:59Z", "", ""},
		"tomorrow":                          {key{}, none, "2026-10-02T00:00:00Z", "", "it was made on 2026-10-02, which is in the future"},
		"stamped tomorrow":                  {key{}, none, "2026-05-01T10:00:00Z", "2026-10-02T00:00:00Z", "which is in the future"},
		"first day":                         {key{From: date("2026-05-01")}, none, "2026-05-01T00:00:00Z", "", ""},
		"before the first day":              {key{From: date("2026-05-01")}, none, "2026-04-30T23:59:59Z", "", "it was made on 2026-04-30, and the key of jane counts from 2026-05-01"},
		"last day":                          {key{Until: date("2026-05-01")}, none, "2026-05-01T23:59:59Z", "", ""},
		"after the last day":                {key{Until: date("2026-05-01")}, none, "2026-05-02T00:00:00Z", "", "it was made on 2026-05-02, and the key of jane counted until 2026-05-01"},
		"claimed in time, stamped too late": {key{Until: date("2026-05-01")}, none, "2026-05-01T10:00:00Z", "2026-05-02T00:00:00Z", "it was made on 2026-05-02, and the key of jane counted until"},
		"claimed early, stamped in time":    {key{From: date("2026-05-01")}, none, "2026-04-30T10:00:00Z", "2026-05-01T00:00:00Z", ""},

		"stamp within the skew": {key{}, none, "2026-05-01T10:05:00Z", "2026-05-01T10:00:00Z", ""},
		"stamp beyond the skew": {key{}, none, "2026-05-01T10:05:01Z", "2026-05-01T10:00:00Z", "it says that it was made on 2026-05-01 10:05 UTC, after its time stamp of 2026-05-01 10:00 UTC"},
		"stamp much later":      {key{}, none, "2026-05-01T10:00:00Z", "2026-09-01T10:00:00Z", ""},

		"superseded, before":          {revoked("superseded"), none, "2026-06-14T23:59:59Z", "", ""},
		"superseded, on the day":      {revoked("superseded"), none, "2026-06-15T00:00:00Z", "", "it was made on 2026-06-15, and the key of jane was revoked on 2026-06-15"},
		"retired, before":             {revoked("retired"), none, "2026-06-14T10:00:00Z", "", ""},
		"retired, after":              {revoked("retired"), none, "2026-07-14T10:00:00Z", "", "was revoked on 2026-06-15"},
		"compromised, before":         {revoked("compromised"), none, "2026-06-14T10:00:00Z", "", "the key of jane was revoked on 2026-06-15 as compromised, and no time stamp proves"},
		"compromised, stamped before": {revoked("compromised"), none, "2026-06-14T10:00:00Z", "2026-06-14T23:59:59Z", ""},
		"compromised, stamped after":  {revoked("compromised"), none, "2026-06-14T10:00:00Z", "2026-06-15T00:00:00Z", "was revoked on 2026-06-15"},
		"superseded, stamped after":   {revoked("superseded"), none, "2026-06-14T10:00:00Z", "2026-06-15T00:00:00Z", "was revoked on 2026-06-15"},
		"no reason, before":           {revoked(""), none, "2026-06-14T10:00:00Z", "", "no time stamp proves"},
		"no reason, stamped before":   {revoked(""), none, "2026-06-14T10:00:00Z", "2026-06-14T10:00:00Z", ""},

		"certificate, stamped":             {key{}, cert, "2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z", ""},
		"certificate, not stamped":         {key{}, cert, "2026-05-01T10:00:00Z", "", "the certificate of jane ended on 2026-08-01 12:00 UTC, and no time stamp proves"},
		"certificate holds still":          {key{}, [2]string{"2026-02-01T12:00:00Z", "2026-10-01T00:00:00Z"}, "2026-05-01T10:00:00Z", "", ""},
		"certificate ended yesterday":      {key{}, [2]string{"2026-02-01T12:00:00Z", "2026-09-30T23:59:59Z"}, "2026-05-01T10:00:00Z", "", "no time stamp proves"},
		"certificate, at its first second": {key{}, cert, "2026-02-01T12:00:00Z", "2026-02-01T12:00:00Z", ""},
		"certificate, a second before":     {key{}, cert, "2026-02-01T11:59:59Z", "2026-02-01T11:59:59Z", "it was made on 2026-02-01 11:59 UTC, and the certificate of jane holds from 2026-02-01 12:00 UTC until 2026-08-01 12:00 UTC"},
		"certificate, at its last second":  {key{}, cert, "2026-05-01T10:00:00Z", "2026-08-01T12:00:00Z", ""},
		"certificate, a second after":      {key{}, cert, "2026-05-01T10:00:00Z", "2026-08-01T12:00:01Z", "and the certificate of jane holds from"},
		"certificate, key revoked":         {revoked("superseded"), cert, "2026-07-01T10:00:00Z", "2026-07-01T10:00:00Z", "was revoked"},
	} {
		t.Run(name, func(t *testing.T) {
			err := holder(t, c.entry, c.cert[0], c.cert[1]).Counts(when(c.claimed), when(c.stamped), date(today))
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

// rosterFile is a security file with signers.
func rosterFile(demonstration bool, signers ...*model.Signer) *model.File {
	f := &model.File{Product: &model.Product{}, Signers: signers}
	if demonstration {
		f.Product.Demonstration = model.Yes
	}
	return f
}

func signerOf(id string, kind model.SignerType, keys ...string) *model.Signer {
	s := &model.Signer{Type: kind}
	s.ID = id
	for _, k := range keys {
		s.Keys = append(s.Keys, model.SignerKey{Public: k})
	}
	return s
}

// TestRoster: who holds which key, and which key nobody holds.
func TestRoster(t *testing.T) {
	one, two, three := generate(t, Ed25519).Public(), generate(t, ECDSAP256).Public(), generate(t, Ed25519).Public()
	anna := signerOf("anna", "person", string(two.PEM()), string(one.PEM()))
	zoe := signerOf("zoe", "machine", string(three.PEM()))
	r := NewRoster(rosterFile(false, zoe, anna))
	if len(r.Faults) != 0 {
		t.Fatalf("%+v", r.Faults)
	}
	if h := r.Find(one.ID()); h == nil || h.Signer != anna || h.Index != 1 || h.Entry != anna.Keys[1] || h.Key.ID() != one.ID() {
		t.Errorf("%+v", h)
	}
	var order []string
	for _, h := range r.Holders() {
		order = append(order, h.Key.ID())
	}
	if !slices.Equal(order, []string{two.ID(), one.ID(), three.ID()}) {
		t.Errorf("holders %v", order)
	}
	if r.Find("") != nil || r.Find(generate(t, Ed25519).Public().ID()) != nil {
		t.Error("a stranger was found")
	}
}

// TestTwins: a key that is listed twice is nobody's, however often it is.
func TestTwins(t *testing.T) {
	key, other := generate(t, Ed25519).Public(), generate(t, Ed25519).Public()
	pem := string(key.PEM())
	for name, signers := range map[string][]*model.Signer{
		"of two signers":   {signerOf("a", "person", pem), signerOf("b", "person", string(other.PEM()), pem)},
		"of one signer":    {signerOf("a", "person", pem, pem), signerOf("b", "person", string(other.PEM()))},
		"of three signers": {signerOf("a", "person", pem), signerOf("b", "person", pem), signerOf("c", "person", string(other.PEM()), pem)},
	} {
		r := NewRoster(rosterFile(false, signers...))
		want := 1
		if name == "of three signers" {
			want = 2
		}
		if r.Find(key.ID()) != nil || r.Find(other.ID()) == nil || len(r.Holders()) != 1 || len(r.Faults) != want {
			t.Errorf("%s: %+v", name, r.Faults)
		}
		for _, f := range r.Faults {
			if f.Twin == nil || f.Twin.Signer.ID != "a" || f.Twin.Index != 0 || f.Err != nil {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

func TestRosterFaults(t *testing.T) {
	good := generate(t, Ed25519).Public()
	r := NewRoster(rosterFile(false, signerOf("a", "person", "no key", string(good.PEM()))))
	if len(r.Faults) != 1 || r.Faults[0].Index != 0 || r.Faults[0].Signer.ID != "a" || !errors.Is(r.Faults[0].Err, ErrKey) || r.Find(good.ID()) == nil {
		t.Errorf("%+v", r.Faults)
	}
}

// TestDemonstrationKeys: keys that everybody has count for demonstrations alone.
func TestDemonstrationKeys(t *testing.T) {
	key, err := Demo("test-lead")
	if err != nil {
		t.Fatal(err)
	}
	own := generate(t, Ed25519).Public()
	s := signerOf("a", "person", string(own.PEM()), string(key.Public().PEM()))
	if r := NewRoster(rosterFile(true, s)); len(r.Faults) != 0 || r.Find(key.Public().ID()) == nil {
		t.Errorf("demonstration: %+v", r.Faults)
	}
	for _, f := range []*model.File{rosterFile(false, s), {Signers: []*model.Signer{s}}} {
		r := NewRoster(f)
		if len(r.Faults) != 1 || r.Faults[0].Demo != "test-lead" || r.Faults[0].Index != 1 || r.Find(key.Public().ID()) != nil || r.Find(own.ID()) == nil {
			t.Errorf("%+v", r.Faults)
		}
	}
}

// TestDemo: the demonstration keys are told apart, from each other and from others.
func TestDemo(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range DemoNames {
		key, err := Demo(name)
		if err != nil {
			t.Fatal(err)
		}
		again, err := OpenSigner(t.Context(), "demo:"+name, nil)
		if err != nil || again.Public().ID() != key.Public().ID() {
			t.Errorf("%s: %v", name, err)
		}
		if seen[key.Public().ID()] || DemoName(key.Public()) != name {
			t.Errorf("%s is called %q", name, DemoName(key.Public()))
		}
		seen[key.Public().ID()] = true
	}
	if got := DemoName(generate(t, Ed25519).Public()); got != "" {
		t.Errorf("a key of somebody is called %q", got)
	}
	if s, err := OpenSigner(t.Context(), "demo:nobody", nil); !errors.Is(err, ErrNoKey) || s != nil {
		t.Errorf("%v %v", s, err)
	}
}

// TestAuthorities: an authority has a certificate, and holds no key for anything
// else.
func TestAuthorities(t *testing.T) {
	cert := certificatePEM(t, when("2026-01-01T00:00:00Z"), when("2027-01-01T00:00:00Z"))
	bare := generate(t, ECDSAP256).Public()
	r := NewRoster(rosterFile(false, signerOf("tsa", "time-stamp-authority", cert, string(bare.PEM()))))
	if len(r.Authorities()) != 1 || r.Authorities()[0].Subject.CommonName != "Jane" || len(r.Holders()) != 0 {
		t.Errorf("%d authorities, %d holders", len(r.Authorities()), len(r.Holders()))
	}
	if len(r.Faults) != 1 || r.Faults[0].Index != 1 || r.Faults[0].Err == nil || r.Faults[0].Signer.ID != "tsa" {
		t.Errorf("%+v", r.Faults)
	}
	// The same certificate as a person's is a key to sign with.
	if r := NewRoster(rosterFile(false, signerOf("jane", "person", cert))); len(r.Authorities()) != 0 || len(r.Holders()) != 1 || r.Holders()[0].Key.Certificate() == nil {
		t.Errorf("%+v", r)
	}
}

// TestAuthorityHeld: a stamp counts as long as the entry of its authority holds, and
// none of an authority whose key others may have.
func TestAuthorityHeld(t *testing.T) {
	type key = model.SignerKey
	revoked := func(reason model.Revocation) key { return key{Revoked: date("2026-06-15"), Reason: reason} }
	for name, c := range map[string]struct {
		entry key
		day   string
		says  string
	}{
		"plain":                {key{}, "2026-05-01", ""},
		"first day":            {key{From: date("2026-05-01")}, "2026-05-01", ""},
		"before the first day": {key{From: date("2026-05-01")}, "2026-04-30", "it is of 2026-04-30, and tsa counts from 2026-05-01"},
		"last day":             {key{Until: date("2026-05-01")}, "2026-05-01", ""},
		"after the last day":   {key{Until: date("2026-05-01")}, "2026-05-02", "it is of 2026-05-02, and tsa counted until 2026-05-01"},
		"superseded, before":   {revoked("superseded"), "2026-06-14", ""},
		"retired, before":      {revoked("retired"), "2026-06-14", ""},
		"superseded, from":     {revoked("superseded"), "2026-06-15", "it is of 2026-06-15, and tsa was revoked on 2026-06-15"},
		"compromised, before":  {revoked("compromised"), "2026-06-14", "who has its key can date back"},
		"no reason, before":    {revoked(""), "2026-06-14", "who has its key can date back"},
	} {
		s := &model.Signer{}
		s.ID = "tsa"
		err := (&stampAuthority{signer: s, entry: c.entry}).held(date(c.day))
		if c.says == "" && err != nil || c.says != "" && (!errors.Is(err, ErrStampUntrusted) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// TestStamped: one of the authorities has to fit, and its entry to hold.
func TestStamped(t *testing.T) {
	plain := func(*x509.Certificate) {}
	one, two := issue(t, nil, plain), issue(t, nil, plain)
	signature := []byte("signature")
	token := two.stamp(t, day(10), signature)
	entry := func(i *issued, until string) *model.Signer {
		s := signerOf("tsa-"+i.cert.SerialNumber.String(), "time-stamp-authority", block("CERTIFICATE", i.cert.Raw))
		s.Keys[0].Until = date(until)
		return s
	}
	before, on := day(9).Format(time.DateOnly), day(10).Format(time.DateOnly)
	for name, c := range map[string]struct {
		signers []*model.Signer
		token   []byte
		says    string
	}{
		"the one":      {[]*model.Signer{entry(two, "")}, token, ""},
		"one of two":   {[]*model.Signer{entry(one, ""), entry(two, on)}, token, ""},
		"first of two": {[]*model.Signer{entry(two, on), entry(one, "")}, token, ""},
		"ended":        {[]*model.Signer{entry(two, before)}, token, "and tsa-5 counted until " + before},
		"another":      {[]*model.Signer{entry(one, "")}, token, "time stamp of no trusted authority"},
		"none":         {nil, token, "the roster lists no time-stamp authority"},
		"no stamp":     {[]*model.Signer{entry(two, "")}, []byte("x"), "malformed time stamp"},
	} {
		at, err := NewRoster(rosterFile(false, c.signers...)).Stamped(c.token, signature)
		if c.says == "" && (err != nil || !at.Equal(day(10))) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !at.IsZero()) {
			t.Errorf("%s: %s, %v, want %q", name, at, err, c.says)
		}
	}
}

func TestHolds(t *testing.T) {
	s := &model.Signer{Roles: []string{"Tester", "Developer"}}
	for _, c := range []struct {
		roles string
		want  bool
	}{{"Tester", true}, {"Owner Developer", true}, {"Owner", false}, {"tester", false}, {"", false}} {
		if got := Holds(s, strings.Fields(c.roles)); got != c.want {
			t.Errorf("%q: %t", c.roles, got)
		}
	}
}
