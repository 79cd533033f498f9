package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/trust"
)

func newKeys() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "make, list and revoke keys of signers",
		Long: `Keys makes signing keys and enters them into the roster of the security file, lists
who may sign what, and revokes keys.`,
		Example: `  theriac keys new ci pump --type machine --role "Build system" -o ~/keys/ci.key
  theriac keys list pump
  theriac keys revoke ci pump --reason superseded`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKeysNew(), newKeysList(), newKeysShow(), newKeysRevoke())
	return cmd
}

type keyFlags struct {
	sign      signFlags
	kind      string
	title     string
	roles     []string
	team      string
	of        string
	algorithm string
	output    string
	from      string
	until     string
	public    string
}

func newKeysNew() *cobra.Command {
	var flags keyFlags
	cmd := &cobra.Command{
		Use:   "new SIGNER [DIR]",
		Short: "make a key and enter it into the roster",
		Long: `New makes a key pair. The private key goes to the file named by --output, encrypted
with a passphrase, and never into the folder of the security file. The public key goes
into the roster under ` + "`signers:`" + `; a signer that is there gets a further key. Keys that
live elsewhere are entered with --sign (an SSH agent, a PKCS #11 token) or --public.

A new signer needs --type; one without --role can sign nothing.`,
		Example: `  theriac keys new ci pump --type machine --role "Build system" -o ~/keys/ci.key
  theriac keys new lead pump --type person --title "Test lead" --role "Test lead" --sign ssh-agent:lead
  theriac keys new lab pump --type person --role "Penetration tester" --of "Example Laboratory" --public lab.pub`,
		Args: nameAndFolder("a signer"),
		RunE: func(cmd *cobra.Command, args []string) error { return runKeysNew(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.kind, "type", "", "`type` of a new signer: "+strings.Join(namesOf(model.SignerType("").Values()), ", "))
	f.StringVar(&flags.title, "title", "", "printed `name` of a new signer")
	f.StringArrayVar(&flags.roles, "role", nil, "`role` in which a new signer signs; once for each")
	f.StringVar(&flags.team, "team", "", "`team` of a new signer")
	f.StringVar(&flags.of, "of", "", "`organisation` of a new signer, where it is not the manufacturer")
	f.StringVar(&flags.algorithm, "algorithm", trust.Ed25519, "`algorithm` of the key: "+trust.Ed25519+", "+trust.ECDSAP256)
	f.StringVarP(&flags.output, "output", "o", "", "`file` for the private key")
	f.StringVar(&flags.from, "from", "", "first `day` on which the key signs, as YYYY-MM-DD; without it today")
	f.StringVar(&flags.until, "until", "", "last `day` on which the key signs, as YYYY-MM-DD")
	f.StringVar(&flags.sign.key, "sign", "", "`key` that exists: ssh-agent:FINGERPRINT, a pkcs11: URI, a key file, or demo:NAME")
	f.StringVar(&flags.sign.passphrase, "passphrase-file", "", "`file` with the passphrase or PIN; without it "+passphraseEnv+" or a question on the terminal")
	f.StringVar(&flags.public, "public", "", "`file` with a public key or certificate (PEM) that exists")
	cmd.MarkFlagsMutuallyExclusive("output", "sign", "public")
	cmd.MarkFlagsOneRequired("output", "sign", "public")
	complete(cmd, "type", namesOf(model.SignerType("").Values()))
	complete(cmd, "algorithm", []string{trust.Ed25519, trust.ECDSAP256})
	return cmd
}

func runKeysNew(cmd *cobra.Command, args []string, flags keyFlags) error {
	file, dir, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	signer, err := rosterEntry(file, args[0], flags)
	if err != nil {
		return err
	}
	times, err := keyTimesOf(flags)
	if err != nil {
		return err
	}
	public, finish, err := flags.obtain(cmd, dir)
	if err != nil {
		return err
	}
	if name := demoName(public); name != "" && file.Product.Demonstration != model.Yes {
		return fmt.Errorf("everybody has the demonstration key %s; it counts only for a product with `demonstration: true`", name)
	}
	if held := heldBy(file, public); held != nil {
		return fmt.Errorf("signer %s has that key already (%s)", held.ID, model.Of(held).Here())
	}
	entry := append(edit.Map{{Name: "public", Value: edit.Text(public)}}, times...)
	if err := finish(); err != nil {
		return err
	}
	if err := enterKey(cmd.Context(), file, dir, args[0], signer, entry, flags); err != nil {
		if flags.output != "" {
			err = errors.Join(err, os.Remove(flags.output))
		}
		return err
	}
	return toldKey(cmd, args[0], public, flags)
}

func toldKey(cmd *cobra.Command, id string, public []byte, flags keyFlags) error {
	what := "a certificate"
	if key, err := trust.ParsePublic(public); err == nil {
		what = "key " + key.ID()[:12] + "… (" + key.Algorithm() + ")"
	}
	fmt.Fprintf(cmd.OutOrStdout(), "signer %s has %s\n", id, what)
	if flags.output != "" {
		fmt.Fprintf(plainText{cmd.OutOrStdout()}, "private key: %s; keep it and its passphrase apart from the security file\n", flags.output)
	}
	return nil
}

// rosterEntry is the signer that gets the key, nil for a new one.
func rosterEntry(file *model.File, id string, flags keyFlags) (*model.Signer, error) {
	switch e := file.Lookup(id).(type) {
	case *model.Signer:
		if flags.kind != "" || flags.title != "" || flags.team != "" || flags.of != "" || len(flags.roles) > 0 {
			return nil, fmt.Errorf("signer %s is on the roster (%s): change its entry there, and leave --type, --title, --role, --team and --of out", id, model.Of(e).Here())
		}
		return e, nil
	case nil:
		known := namesOf(model.SignerType("").Values())
		switch {
		case !idForm.MatchString(id):
			return nil, fmt.Errorf("%q is no id: a letter, then letters, digits, . _ and -, at most 64", id)
		case flags.kind == "":
			return nil, fmt.Errorf("signer %s is new; say with --type what it is: %s", id, strings.Join(known, ", "))
		case !slices.Contains(known, flags.kind):
			return nil, badValue("type", flags.kind, known)
		}
		return nil, nil
	default:
		return nil, fmt.Errorf("the id %s belongs to %s (%s); choose another", id, model.Label(e), model.Of(e).Here())
	}
}

var idForm = lazyregexp.New(model.IDPattern)

// keyTimesOf are the days between which the key signs.
func keyTimesOf(flags keyFlags) (edit.Map, error) {
	from, err := today("", os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	if flags.from != "" {
		if from, err = model.ParseDate(flags.from); err != nil {
			return nil, fmt.Errorf("--from: %w", err)
		}
	}
	times := edit.Map{{Name: "from", Value: edit.Text(from.String())}}
	if flags.until == "" {
		return times, nil
	}
	until, err := model.ParseDate(flags.until)
	if err != nil {
		return nil, fmt.Errorf("--until: %w", err)
	}
	if until.Before(from) {
		return nil, fmt.Errorf("--until: %s is before the first day, %s", until, from)
	}
	return append(times, edit.Field{Name: "until", Value: edit.Text(until.String())}), nil
}

// obtain finds or makes the key. finish writes the private part of a new one.
func (f keyFlags) obtain(cmd *cobra.Command, dir string) (public []byte, finish func() error, err error) {
	nothing := func() error { return nil }
	switch {
	case f.public != "":
		text, err := os.ReadFile(f.public)
		if err != nil {
			return nil, nil, err
		}
		if f.kind == "time-stamp-authority" {
			_, err = trust.ParseCertificate(text)
		} else {
			_, err = trust.ParsePublic(text)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", f.public, err)
		}
		return bytes.TrimSpace(text), nothing, err
	case f.sign.key != "":
		key, err := f.sign.open(cmd)
		if err != nil {
			return nil, nil, err
		}
		return bytes.TrimSpace(key.Public().PEM()), nothing, nil
	}
	return f.make(cmd, dir)
}

func (f keyFlags) make(cmd *cobra.Command, dir string) ([]byte, func() error, error) {
	if _, in := pathIn(dir, f.output); in {
		return nil, nil, fmt.Errorf("%s is in the folder of the security file, which is shared; keep the private key elsewhere", f.output)
	}
	if _, err := os.Lstat(f.output); err == nil {
		return nil, nil, fmt.Errorf("%s exists already and is never overwritten", f.output)
	}
	if known := []string{trust.Ed25519, trust.ECDSAP256}; !slices.Contains(known, f.algorithm) {
		return nil, nil, badValue("algorithm", f.algorithm, known)
	}
	key, err := trust.Generate(f.algorithm)
	if err != nil {
		return nil, nil, err
	}
	passphrase, err := f.newPassphrase(cmd)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := trust.SealKey(key, passphrase)
	if err != nil {
		return nil, nil, err
	}
	return bytes.TrimSpace(key.Public().PEM()), func() error { return createSecret(f.output, sealed) }, nil
}

// newPassphrase asks twice at a terminal.
func (f keyFlags) newPassphrase(cmd *cobra.Command) ([]byte, error) {
	prompt := "passphrase of the new key"
	first, err := f.sign.secret(cmd, prompt)
	if err != nil || f.sign.passphrase != "" || os.Getenv(passphraseEnv) != "" {
		return first, err
	}
	second, err := f.sign.secret(cmd, prompt+", once more")
	if err == nil && !bytes.Equal(first, second) {
		err = fmt.Errorf("the two passphrases differ")
	}
	return first, err
}

// createSecret writes a file that only its owner may read.
func createSecret(name string, data []byte) error {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer root.Close()
	return createIn(root, filepath.Base(name), data, 0o600)
}

// demoName is the name of a demonstration key, "" for any other.
func demoName(public []byte) string {
	key, err := trust.ParsePublic(public)
	if err != nil {
		return ""
	}
	return trust.DemoName(key)
}

// heldBy is the signer that has a key already.
func heldBy(file *model.File, public []byte) *model.Signer {
	key, err := trust.ParsePublic(public)
	if err != nil {
		return nil
	}
	if h := trust.NewRoster(file).Find(key.ID()); h != nil {
		return h.Signer
	}
	return nil
}

// enterKey writes the key into the roster.
func enterKey(ctx context.Context, file *model.File, dir, id string, signer *model.Signer, entry edit.Map, flags keyFlags) error {
	w, err := newRewrite(ctx, file, dir)
	if err != nil {
		return err
	}
	defer w.close()
	if signer != nil {
		err = addKey(w, signer, entry)
	} else {
		err = addSigner(w, file, dir, id, entry, flags)
	}
	if err != nil {
		return err
	}
	return w.apply(ctx, func() error { _, _, err := load(ctx, []string{dir}); return err })
}

func addKey(w *rewrite, s *model.Signer, entry edit.Map) error {
	doc, err := w.open(model.Of(s).Here().Path())
	if err != nil {
		return err
	}
	keys, _ := doc.Get(s.ID, "keys")
	list, _ := keys.(edit.List)
	return doc.Set(s.ID, []string{"keys"}, append(slices.Clone(list), entry))
}

func addSigner(w *rewrite, file *model.File, dir, id string, entry edit.Map, flags keyFlags) error {
	home := file.Fullest(model.KindOf("signers"))
	if home == "" {
		home = filepath.Join(dir, "signers.yaml")
	}
	doc, err := w.open(home)
	if err != nil {
		return err
	}
	title := flags.title
	if title == "" {
		title = strings.Join(flags.roles, ", ")
	}
	if title == "" {
		title = id
	}
	body := edit.Map{{Name: "title", Value: edit.Text(title)}, {Name: "type", Value: edit.Text(flags.kind)}}
	for _, f := range [][2]string{{"organisation", flags.of}, {"team", flags.team}} {
		if f[1] != "" {
			body = append(body, edit.Field{Name: f[0], Value: edit.Text(f[1])})
		}
	}
	if len(flags.roles) > 0 {
		body = append(body, edit.Field{Name: "roles", Value: edit.Texts(flags.roles...)})
	}
	return doc.Append("signers", edit.Entity{ID: id, Body: append(body, edit.Field{Name: "keys", Value: edit.List{entry}})})
}

func newKeysList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list [DIR]",
		Short: "list signers and their keys",
		Long: `List prints one line for each key of the roster: signer, type, algorithm, key id, the
days between which it signs, revocation, roles.`,
		Example: `  theriac keys list pump`,
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, _, err := load(cmd.Context(), args)
			if err != nil {
				return err
			}
			switch format {
			case "json":
				return writeJSON(cmd.OutOrStdout(), rosterOut(file))
			case "text":
				return listKeys(cmd, file)
			}
			return badValue("format", format, []string{"text", "json"})
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`form`: text, json")
	complete(cmd, "format", []string{"text", "json"})
	return cmd
}

// keyJSON is one key as docs/formats/keys-json.md has it.
type keyJSON struct {
	Signer       string   `json:"signer"`
	Name         string   `json:"name"`
	Type         string   `json:"type"`
	Organisation string   `json:"organisation,omitempty"`
	Team         string   `json:"team,omitempty"`
	Roles        []string `json:"roles"`
	ID           string   `json:"id,omitempty"` // absent where the key cannot be read
	Algorithm    string   `json:"algorithm,omitempty"`
	From         string   `json:"from,omitempty"`
	Until        string   `json:"until,omitempty"`
	Revoked      string   `json:"revoked,omitempty"`
	Reason       string   `json:"reason,omitempty"`
	Demo         bool     `json:"demonstration,omitempty"`
}

func rosterOut(file *model.File) []keyJSON {
	all := []keyJSON{}
	for _, s := range file.Signers {
		for _, k := range s.Keys {
			out := keyJSON{
				Signer: s.ID, Name: s.Title, Type: string(s.Type), Organisation: s.Organisation, Team: s.Team, Roles: append([]string{}, s.Roles...),
				From: k.From.String(), Until: k.Until.String(), Revoked: k.Revoked.String(), Reason: string(k.Reason),
			}
			if key, err := trust.ParsePublic([]byte(k.Public)); err == nil {
				out.ID, out.Algorithm, out.Demo = key.ID(), key.Algorithm(), trust.DemoName(key) != ""
			} else if cert, err := trust.ParseCertificate([]byte(k.Public)); err == nil {
				out.Algorithm = cert.PublicKeyAlgorithm.String()
			}
			all = append(all, out)
		}
	}
	return all
}

func listKeys(cmd *cobra.Command, file *model.File) error {
	w := tabwriter.NewWriter(plainText{cmd.OutOrStdout()}, 0, 0, 2, ' ', 0)
	for _, k := range rosterOut(file) {
		id := "unreadable"
		if k.ID != "" {
			id = k.ID[:12]
		} else if k.Algorithm != "" {
			id = "certificate"
		}
		state := timesWords(k)
		if k.Demo {
			state += ", demonstration key"
		}
		row(w, k.Signer, k.Type, k.Algorithm, id, state, strings.Join(k.Roles, ", "))
	}
	if len(file.Signers) == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "there are no signers; `theriac keys new` makes a key for one")
	}
	return w.Flush()
}

// timesWords says when a key signs.
func timesWords(k keyJSON) string {
	switch {
	case k.Revoked != "":
		return "revoked " + k.Revoked + " (" + k.Reason + ")"
	case k.From != "" && k.Until != "":
		return k.From + " to " + k.Until
	case k.From != "":
		return "from " + k.From
	case k.Until != "":
		return "until " + k.Until
	}
	return "always"
}

func newKeysRevoke() *cobra.Command {
	var flags struct{ key, reason, date string }
	cmd := &cobra.Command{
		Use:   "revoke SIGNER [DIR]",
		Short: "revoke a key",
		Long: `Revoke enters into the roster that a key no longer signs, and why. What it signed
before stands when the key is superseded or retired. When it is compromised, only what
has a time stamp from before stands. Check then says what has to be signed again.`,
		Example: `  theriac keys revoke ci pump --reason superseded
  theriac keys revoke lead pump --reason compromised --key 3f2a9c01d4e5 --date 2026-11-02`,
		Args: nameAndFolder("a signer"),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
			if err != nil {
				return err
			}
			reasons := namesOf(model.Revocation("").Values())
			if flags.reason == "" {
				return fmt.Errorf("why? Give --reason: %s", strings.Join(reasons, ", "))
			}
			if !slices.Contains(reasons, flags.reason) {
				return badValue("reason", flags.reason, reasons)
			}
			return revokeKey(cmd, args, flags.key, flags.reason, day)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.key, "key", "", "`id` of the key, or its beginning, where the signer has several")
	f.StringVar(&flags.reason, "reason", "", "`why`: compromised, superseded, retired (required)")
	f.StringVar(&flags.date, "date", "", "`day` from which it no longer signs, as YYYY-MM-DD; without it today")
	complete(cmd, "reason", namesOf(model.Revocation("").Values()))
	return cmd
}

func revokeKey(cmd *cobra.Command, args []string, prefix, reason string, day model.Date) error {
	file, dir, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	s, ok := file.Lookup(args[0]).(*model.Signer)
	if !ok {
		return unknownName("signer", args[0], idsOf(file.Signers))
	}
	i, err := keyToRevoke(s, prefix)
	if err != nil {
		return err
	}
	w, err := newRewrite(cmd.Context(), file, dir)
	if err != nil {
		return err
	}
	defer w.close()
	doc, err := w.open(model.Of(s).Here().Path())
	if err != nil {
		return err
	}
	at := fmt.Sprint(i)
	if err := doc.Set(s.ID, []string{"keys", at, "revoked"}, edit.Text(day.String())); err != nil {
		return err
	}
	if err := doc.Set(s.ID, []string{"keys", at, "reason"}, edit.Text(reason)); err != nil {
		return err
	}
	if err := w.apply(cmd.Context(), func() error { _, _, err := load(cmd.Context(), []string{dir}); return err }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "key of %s revoked on %s (%s); `theriac check %s` says what has to be signed again\n", s.ID, day, reason, dir)
	return err
}

// keyToRevoke finds the one key that is meant and counts.
func keyToRevoke(s *model.Signer, prefix string) (int, error) {
	found := -1
	for i, k := range s.Keys {
		key, err := trust.ParsePublic([]byte(k.Public))
		named := err == nil && strings.HasPrefix(key.ID(), prefix) || prefix == ""
		if !named || !k.Revoked.IsZero() {
			continue
		}
		if found >= 0 {
			return 0, fmt.Errorf("signer %s has several keys that count; name one with --key (`theriac keys list`)", s.ID)
		}
		found = i
	}
	if found < 0 {
		if prefix != "" {
			return 0, fmt.Errorf("signer %s has no key %s that counts (`theriac keys list`)", s.ID, prefix)
		}
		return 0, fmt.Errorf("signer %s has no key that counts: each is revoked already", s.ID)
	}
	return found, nil
}
