package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"theriac/trust"
	"theriac/vuln"
)

func newVulnDB() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "db",
		Short: "make, update and describe the database of vulnerabilities",
		Long: `Db makes the database of vulnerabilities from feeds, brings it up to date, and says
what is in it. The same input makes the same file, byte for byte.`,
		Example: `  theriac vuln db build --osv osv.zip --kev kev.json --epss epss.csv.gz -o vuln.db
  theriac vuln db update --db vuln.db --osv new.zip
  theriac vuln db info vuln.db --verify`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newVulnDBBuild(), newVulnDBUpdate(), newVulnDBInfo())
	return cmd
}

// feedHelp says what the flags of feeds take.
const feedHelp = `Each flag for a feed can be given more than once, and takes a folder, an archive (zip,
tar, tar.gz, tar.zst), a file (also .gz), or an http or https address. There is no
network unless an address is given; there, redirects are followed five times, also to
other hosts, as archives are often kept elsewhere, and never from https to http.

Of advisories with the same id the one that was modified last stays. A record that is
not understood is counted with its reason, and the rest is read.`

func newVulnDBBuild() *cobra.Command {
	var feeds feedFlags
	var sign signFlags
	var output string
	cmd := &cobra.Command{
		Use:   "build",
		Short: "make a database",
		Long: `Build makes a database from feeds. A file that is there is replaced at the end, by a
whole one.

` + feedHelp,
		Example: `  theriac vuln db build --osv osv.zip -o vuln.db
  theriac vuln db build --osv Go/all.zip --osv npm/all.zip --csaf advisories --nvd nvd.json.gz \
    --kev known_exploited_vulnerabilities.json --epss epss_scores.csv.gz --eol endoflife.json \
    --key feeds.key -o vuln.db`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return writeDB(cmd, output, &feeds, &sign, nil)
		},
	}
	feeds.add(cmd)
	addDatabaseSigner(cmd, &sign)
	cmd.Flags().StringVarP(&output, "output", "o", "", "`file` to write (required)")
	required(cmd, "output")
	return cmd
}

func newVulnDBUpdate() *cobra.Command {
	var feeds feedFlags
	var sign signFlags
	var trusted trustFlags
	var from, output string
	cmd := &cobra.Command{
		Use:   "update",
		Short: "bring a database up to date",
		Long: `Update adds what is new to a database. The result is what a build from all that went
into the database and from what is new would give, byte for byte: what feeds no longer
list stays. A build from whole feeds forgets it.

` + feedHelp + `

The signature of the database is not that of the new one: give the key again.`,
		Example: `  theriac vuln db update --db vuln.db --osv new.zip --epss epss_scores.csv.gz
  theriac vuln db update --db vuln.db --trust feeds.pub --osv new.zip --key feeds.key -o next.db`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			db, err := trusted.open(from)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			if output == "" {
				output = from
			}
			return writeDB(cmd, output, &feeds, &sign, db)
		},
	}
	cmd.Flags().StringVar(&from, "db", "", "`file` with the database (required)")
	feeds.add(cmd)
	addDatabaseSigner(cmd, &sign)
	trusted.add(cmd)
	cmd.Flags().StringVarP(&output, "output", "o", "", "`file` to write instead of the database itself")
	required(cmd, "db")
	return cmd
}

func required(cmd *cobra.Command, flag string) {
	if err := cmd.MarkFlagRequired(flag); err != nil {
		panic(err) // no such flag
	}
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no arguments, and %q is one; see `%s --help`", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return nil
}

// addDatabaseSigner adds the flags of a command that may sign.
func addDatabaseSigner(cmd *cobra.Command, s *signFlags) {
	f := cmd.Flags()
	f.StringVar(&s.key, "key", "", "`key` to sign with: a key file, ssh-agent:FINGERPRINT, a pkcs11: URI, or demo:NAME in a demonstration")
	f.StringVar(&s.passphrase, "passphrase-file", "", "`file` with the passphrase or PIN; without it "+passphraseEnv+" or a question on the terminal")
}

// trustFlags are the flags of commands that may demand a signature.
type trustFlags struct{ files []string }

func (t *trustFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&t.files, "trust", nil, "`file` with a public key or certificate (PEM): one that is given must have signed the database")
}

// open opens a database that is signed as the flags demand.
func (t *trustFlags) open(path string) (*vuln.DB, error) {
	var keys []*trust.PublicKey
	for _, name := range t.files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		key, err := trust.ParsePublic(text)
		if err != nil {
			return nil, fmt.Errorf("--trust %s: %w", name, err)
		}
		keys = append(keys, key)
	}
	return vuln.Open(path, keys...)
}

// writeDB makes a database from feeds, on top of another one if there is one.
func writeDB(cmd *cobra.Command, path string, feeds *feedFlags, sign *signFlags, base *vuln.DB) (err error) {
	if feeds.none() {
		return errors.New("there is nothing to read; give --osv or another feed")
	}
	// Records come and go: less is to be collected than usual while memory allows.
	defer debug.SetGCPercent(debug.SetGCPercent(200))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(400 << 20))
	options := vuln.Options{Base: base}
	if sign.key != "" {
		if options.Signer, err = sign.open(cmd); err != nil {
			return err
		}
	}
	b, err := vuln.NewBuilder(path, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Discard()) }()
	sources, err := feeds.read(cmd, b)
	if err != nil {
		return err
	}
	built, err := b.Finish(cmd.Context())
	if err != nil {
		return err
	}
	if base != nil && options.Signer == nil && signedDB(base) {
		fmt.Fprintln(cmd.ErrOrStderr(), "theriac: the database was signed, and the new one is not; give --key to sign it")
	}
	return toldDB(cmd, path, built, sources)
}

func signedDB(db *vuln.DB) bool {
	info, err := db.Info()
	return err == nil && len(info.Signers) > 0
}

func toldDB(cmd *cobra.Command, path string, built vuln.Built, sources []vuln.Source) (err error) {
	db, err := vuln.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	info, err := db.Info()
	if err != nil {
		return err
	}
	w := plainText{cmd.OutOrStdout()}
	for _, s := range sources {
		tellSource(w, s, "")
	}
	if built.Superseded > 0 {
		fmt.Fprintf(w, "of several records with one id the newest stays: %s left out\n", amount(built.Superseded, "record"))
	}
	_, err = fmt.Fprintf(w, "wrote %s: %s, %s, %s\n", path, amount(built.Records, "record"), megabytes(info.Size), signatureWords(info))
	return err
}
