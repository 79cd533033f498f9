package main

import (
	"fmt"
	"os/exec"
	"path/filepath"

	"theriac/internal/synthetic"
)

// flowsPer is the number of flows for each component of a measured architecture.
const flowsPer = 5

// analyses measures what is computed from the architecture alone, by its size:
// derived threats, attack paths and the picture.
func analyses(program, dir string, runs int) error {
	fmt.Print("\n| Components | Flows | Command | Wall s | CPU s | Peak MB |\n| ---: | ---: | --- | ---: | ---: | ---: |\n")
	for _, n := range []int{250, 500, 1000, 2000} {
		target := filepath.Join(dir, fmt.Sprintf("architecture-%d", n))
		if err := synthetic.WriteArchitecture(target, n, n*flowsPer); err != nil {
			return err
		}
		for _, command := range [][]string{{"threats", "derive"}, {"threats", "paths"}, {"draw", "architecture"}} {
			s, err := measure(runs, program, append(command, target)...)
			if err != nil {
				return err
			}
			fmt.Printf("| %d | %d | %s %s | %s |\n", n, n*flowsPer, command[0], command[1], s)
		}
	}
	fmt.Println()
	return threagile(program, dir)
}

// threagile runs Threagile on the same architecture, without its diagrams, where
// it is on PATH, and gives the ratio to deriving and drawing here.
func threagile(program, dir string) error {
	path, err := exec.LookPath("threagile")
	if err != nil {
		fmt.Print("Threagile is not on PATH, so it was not measured.\n\n")
		return nil
	}
	const n = 1000
	model := filepath.Join(dir, "threagile.yaml")
	if err := synthetic.WriteThreagile(model, n, n*flowsPer); err != nil {
		return err
	}
	theirs, err := measure(1, path, "-model", model, "-output", dir, "-generate-data-flow-diagram=false", "-generate-data-asset-diagram=false",
		"-generate-report-pdf=false", "-generate-risks-excel=false", "-generate-tags-excel=false")
	if err != nil {
		fmt.Printf("Threagile could not be measured: %v\n\n", err)
		return nil
	}
	target := filepath.Join(dir, fmt.Sprintf("architecture-%d", n))
	derive, err := measure(1, program, "threats", "derive", target)
	if err != nil {
		return err
	}
	picture, err := measure(1, program, "draw", "architecture", target)
	if err != nil {
		return err
	}
	own := derive.cpu + picture.cpu
	fmt.Printf("The same %d components and %d flows: Threagile without diagrams %.1f CPU s, theriac with the diagram %.2f CPU s, ratio %.0f.\n\n",
		n, n*flowsPer, theirs.cpu.Seconds(), own.Seconds(), theirs.cpu.Seconds()/own.Seconds())
	return nil
}
