package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"theriac/internal/synthetic"
)

// documents measures building the technical documentation: of the examples by form,
// and of a large file; and beside it an office suite that turns one of the documents
// into PDF.
func documents(program, dir string, runs int) error {
	fmt.Print("\n| File | Forms | Files | Wall s | CPU s | Peak MB |\n| --- | --- | ---: | ---: | ---: | ---: |\n")
	large := filepath.Join(dir, "large")
	if _, err := synthetic.Write(large, 10000); err != nil {
		return err
	}
	pump, analyser := filepath.Join("examples", "infusion-pump"), filepath.Join("examples", "pcr-analyser")
	for _, c := range []struct{ file, forms string }{
		{pump, ""}, {analyser, ""},
		{pump, "html"}, {pump, "docx"}, {pump, "pdf"}, {pump, "xlsx"}, {pump, "json,md"},
		{large, "html"}, {large, ""},
	} {
		out := filepath.Join(dir, "out")
		args := []string{"build", c.file, "-o", out, "--date", "2026-10-05"}
		if c.forms != "" {
			args = append(args, "--format", c.forms)
		}
		s, err := measure(runs, program, args...)
		if err != nil {
			return err
		}
		files, err := filesBelow(out)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %s | %d | %s |\n", nameOf(c.file, large), formsOf(c.forms), files, s)
	}
	fmt.Println()
	return office(program, dir, pump)
}

func nameOf(file, large string) string {
	if file == large {
		return "10,000 entities"
	}
	return filepath.Base(file)
}

func formsOf(forms string) string {
	if forms == "" {
		return "all"
	}
	return forms
}

func filesBelow(dir string) (n int, err error) {
	err = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	return n, err
}

// office has LibreOffice turn a DOCX of ours into PDF, which is the other way to the
// same file, and gives the ratio to painting it here.
func office(program, dir, file string) error {
	path, err := exec.LookPath("soffice")
	if err != nil {
		fmt.Print("LibreOffice is not on PATH, so it was not measured.\n\n")
		return nil
	}
	const name = "ifu-security"
	out := filepath.Join(dir, "one")
	ours, err := measure(3, program, "build", file, "-o", out, "--date", "2026-10-05", "--doc", name, "--format", "pdf,docx")
	if err != nil {
		return err
	}
	theirs, err := measure(3, path, "-env:UserInstallation=file://"+filepath.Join(dir, "office"), "--headless", "--convert-to", "pdf",
		"--outdir", filepath.Join(dir, "converted"), filepath.Join(out, "docx", name+".docx"))
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "converted", name+".pdf")); err != nil {
		return fmt.Errorf("LibreOffice converted nothing: %w", err)
	}
	fmt.Printf("The instructions for use as PDF: check, all documents and painting PDF and DOCX here %.3f s (CPU %.3f s); LibreOffice,\nfrom our DOCX to PDF, %.3f s (CPU %.3f s), %.1f times the CPU.\n\n",
		ours.wall.Seconds(), ours.cpu.Seconds(), theirs.wall.Seconds(), theirs.cpu.Seconds(), theirs.cpu.Seconds()/ours.cpu.Seconds())
	return nil
}
