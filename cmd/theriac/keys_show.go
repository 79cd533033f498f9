package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/trust"
)

func newKeysShow() *cobra.Command {
	var key string
	cmd := &cobra.Command{
		Use:   "show SIGNER [DIR]",
		Short: "print the public key of a signer",
		Long: `Show prints the public key of a signer as PEM: what an auditor needs of the root of
trust for ` + "`theriac audit --trust`" + `. On stderr it says the id of the key, which the auditor
compares with the one that came by another way, on paper or by telephone.`,
		Example: `  theriac keys show root pump > root.pub`,
		Args:    nameAndFolder("a signer"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, _, err := load(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			s, ok := file.Lookup(args[0]).(*model.Signer)
			if !ok {
				return unknownName("signer", args[0], idsOf(file.Signers))
			}
			i, err := keyToRevoke(s, key)
			if err != nil {
				return err
			}
			public, err := trust.ParsePublic([]byte(s.Keys[i].Public))
			if err != nil {
				return fmt.Errorf("key of signer %s: %w", s.ID, err)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "key %s of %s (%s)\n", public.ID(), s.ID, s.Type)
			_, err = cmd.OutOrStdout().Write(public.PEM())
			return err
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "`id` of the key, or its beginning, where the signer has several")
	return cmd
}
