package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"theriac/psirt"
)

func newPSIRTForm() *cobra.Command {
	var action, out string
	cmd := &cobra.Command{
		Use:   "form [DIR]",
		Short: "write a web page with the form for reports of vulnerabilities",
		Long: `Form writes a page for a web server, in HTML without scripts, with the contact that
vulnerability-handling states. A browser posts what was filled in to --action. The server
stores the body of each post as a file, which theriac psirt import reads; docs/psirt.md
says how.

Exit status: 0 done, 2 the run failed.`,
		Example: `  theriac psirt form pump --action /report -o report.html
  theriac psirt form pump --action https://example.com/cgi-bin/report -o report.html`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			file, _, err := load(cmd.Context(), args)
			if err != nil {
				return err
			}
			page, err := psirt.FormPage(file, action)
			if err != nil {
				return fmt.Errorf("--action: %w", err)
			}
			if out == "" {
				_, err = cmd.OutOrStdout().Write([]byte(page))
				return err
			}
			if err = writeFile(out, []byte(page)); err != nil {
				err = fmt.Errorf("write %s: %w", out, err)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&action, "action", "", "`address` that takes the posts, as https://example.com/report or /report (required)")
	f.StringVarP(&out, "output", "o", "", "`file` to write (default: standard output)")
	return cmd
}
