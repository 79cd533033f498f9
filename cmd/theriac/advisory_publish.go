package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/csaf"
	"theriac/model"
	"theriac/psirt"
)

type publishFlags struct {
	out      string
	key      string
	url      string
	contacts []string
	file     string
	date     string
	sign     signFlags
}

func newAdvisoryPublish() *cobra.Command {
	var flags publishFlags
	cmd := &cobra.Command{
		Use:   "publish DIR... -o WEBROOT --key KEY --url URL",
		Short: "lay out the folder from which advisories are served",
		Long: `Publish adds the CSAF documents of folders to the root of a web server, as static files
after CSAF 2.0 section 7.1: the documents in a folder for each year, with digests and
OpenPGP signatures, index.txt, changes.csv, a ROLIE feed with service and category
documents, provider-metadata.json, the public key, and the line in security.txt that
leads to them. Documents that the server has stay; files that are right are not written
again.

A document is refused, and nothing written, when it fails a mandatory test, is a draft,
is not of label TLP:WHITE, bears a later date, or when the server has it with a higher
version or with another text of the same version. So is a server that has a document
which the key did not sign, unless that document is named as well. DIR is a folder, whose files *.json
are taken, or a file.

The key is a private OpenPGP key, armored or binary. Its passphrase is read with
--passphrase-file or from ` + passphraseEnv + `, or asked for. The time of signatures is the
beginning of --date in UTC, else the environment variable SOURCE_DATE_EPOCH, else now.

Exit status: 0 done, 2 refused or failed.`,
		Example: `  theriac advisory publish advisories -o /srv/www --key psirt.asc --url https://example.com
  theriac advisory publish new/exd-2026-001.json -o www --key psirt.asc --url https://example.com`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runAdvisoryPublish(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.out, "output", "o", "", "`folder` that the web server serves (required)")
	f.StringVar(&flags.key, "key", "", "`file` with the private OpenPGP key (required)")
	f.StringVar(&flags.url, "url", "", "`address` at which the folder is served, as https://example.com (required)")
	f.StringArrayVar(&flags.contacts, "contact", nil, "`address` for a new security.txt, as mailto:psirt@example.com; those of the documents where left out")
	f.StringVar(&flags.file, "security-file", "", "`folder` of the security file, from which a new security.txt takes contact, key, languages and policy")
	f.StringVar(&flags.sign.passphrase, "passphrase-file", "", "`file` with the passphrase; without it "+passphraseEnv+" or a question on the terminal")
	f.StringVar(&flags.date, "date", "", "`day` of the publication, as YYYY-MM-DD")
	return cmd
}

func runAdvisoryPublish(cmd *cobra.Command, args []string, flags publishFlags) error {
	if err := flags.check(); err != nil {
		return err
	}
	at, err := publicationTime(flags.date)
	if err != nil {
		return err
	}
	documents, err := readAdvisories(args)
	if err != nil {
		return err
	}
	key, err := openPGPKey(cmd, flags, at)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(flags.out, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(flags.out)
	if err != nil {
		return err
	}
	defer root.Close()
	p := csaf.Provider{URL: flags.url, Key: key, At: at, Contacts: flags.contacts}
	if flags.date != "" {
		p.Last = at.AddDate(0, 0, 1).Add(-time.Second)
	}
	if flags.file != "" {
		file, _, err := load(cmd.Context(), []string{flags.file})
		if err != nil {
			return fmt.Errorf("--security-file: %w", err)
		}
		p.Security = psirt.SecurityTxtOf(file, model.DateOf(at.UTC()))
	}
	if p.Contacts == nil && len(p.Security.Contacts) == 0 {
		p.Contacts = csaf.Contacts(documents)
	}
	files, err := p.Publish(root.FS(), documents)
	if err != nil {
		return err
	}
	if err := serve(root, files); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s of %s written\n", filepath.ToSlash(flags.out), amount(len(files), "file"), amount(len(documents), "document"))
	return err
}

func (f publishFlags) check() error {
	for _, needed := range [][2]string{{"output", f.out}, {"key", f.key}, {"url", f.url}} {
		if needed[1] == "" {
			return fmt.Errorf("--output, --key and --url are needed; --%s is missing", needed[0])
		}
	}
	u, err := url.Parse(f.url)
	if err == nil && u.User != nil {
		return errors.New("--url: expected an address as https://example.com, found one with a name or a password, which everybody would read")
	}
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery+u.Fragment != "" {
		return fmt.Errorf("--url: expected an address as https://example.com, found %q", f.url)
	}
	return nil
}

// publicationTime is the moment of signatures: the day at its first second, or the time.
func publicationTime(date string) (time.Time, error) {
	if date == "" {
		return moment(os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	}
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return at, fmt.Errorf("--date: expected a date as YYYY-MM-DD, found %q", date)
	}
	return at, nil
}

// readAdvisories reads documents, and those of folders in the order of their names.
func readAdvisories(args []string) ([]csaf.Text, error) {
	var documents []csaf.Text
	for _, arg := range args {
		names := []string{arg}
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			if names, err = jsonFiles(arg); err != nil {
				return nil, err
			}
		}
		for _, name := range names {
			text, err := readAdvisory(name)
			if err != nil {
				return nil, err
			}
			documents = append(documents, csaf.Text{Name: filepath.ToSlash(name), Bytes: text})
		}
	}
	if len(documents) == 0 {
		return nil, errors.New("there is no document *.json")
	}
	return documents, nil
}

func jsonFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".json") {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(names)
	return names, nil
}

// openPGPKey reads the key, and asks for the passphrase when it is locked.
func openPGPKey(cmd *cobra.Command, flags publishFlags, at time.Time) (*csaf.Key, error) {
	text, err := os.ReadFile(flags.key)
	if err != nil {
		return nil, err
	}
	key, err := csaf.OpenKey(text, nil, at)
	if errors.Is(err, csaf.ErrLocked) {
		passphrase, err := flags.sign.secret(cmd, "passphrase of "+flags.key)
		if err != nil {
			return nil, err
		}
		return csaf.OpenKey(text, passphrase, at)
	}
	return key, err
}

// serve writes files below the root of the server, each whole, in their order.
func serve(root *os.Root, files []csaf.Served) error {
	for _, f := range files {
		if err := root.MkdirAll(path.Dir(f.Path), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := replaceIn(root, f.Path, f.Bytes, newMode); err != nil {
			return err
		}
	}
	return nil
}
