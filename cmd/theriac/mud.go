package main

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"theriac/policy"
)

func newMUD() *cobra.Command {
	var key, certificate, output string
	cmd := &cobra.Command{
		Use:   "mud FILE",
		Short: "sign a usage description (MUD) for the networks of operators",
		Long: `MUD makes the detached signature of a usage description as RFC 8520 section 13 asks
for it: CMS in DER. FILE is the mud.json of a build. A MUD manager refuses a description
whose signature is missing or wrong.

The certificate is that of the manufacturer, with those above it in the same file. Its
key is one of ECDSA or RSA, as PEM without a passphrase.`,
		Example: `  theriac mud out/machine/mud.json --key mud.key --certificate mud-chain.pem
  theriac mud mud.json --key mud.key --certificate mud-chain.pem -o pump.p7s`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case key == "":
				return errors.New("with which key? Name its file with --key")
			case certificate == "":
				return errors.New("with which certificate? Name its file with --certificate")
			}
			if output == "" {
				output = args[0] + ".p7s"
			}
			return signMUD(cmd, args[0], key, certificate, output)
		},
	}
	f := cmd.Flags()
	f.StringVar(&key, "key", "", "`file` with the private key, as PEM")
	f.StringVar(&certificate, "certificate", "", "`file` with the certificate and those above it, as PEM")
	f.StringVarP(&output, "output", "o", "", "`file` for the signature; without it FILE.p7s")
	return cmd
}

func signMUD(cmd *cobra.Command, name, key, certificate, output string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	signer, err := readPrivate(key)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	chain, err := readChain(certificate)
	if err != nil {
		return fmt.Errorf("%s: %w", certificate, err)
	}
	signature, err := policy.SignMUD(text, signer, chain[0], chain[1:]...)
	if err != nil {
		return err
	}
	if err := writeFile(output, signature); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: signature of %s by %s\n", filepath.ToSlash(output), filepath.ToSlash(name), oneLine(chain[0].Subject.String()))
	return err
}

// readPrivate reads a private key: PKCS #8, or the older forms of EC and RSA keys.
func readPrivate(name string) (crypto.Signer, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		var key any
		switch block.Type {
		case "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		case "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			return nil, errors.New("the key has a passphrase, which is not supported here")
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		if signer, ok := key.(crypto.Signer); ok {
			return signer, nil
		}
	}
	return nil, errors.New("there is no private key in it")
}

// readChain reads certificates, that of the signer first.
func readChain(name string) (chain []*x509.Certificate, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		chain = append(chain, c)
	}
	if len(chain) == 0 {
		return nil, errors.New("there is no certificate in it")
	}
	return chain, nil
}
