// Command gen writes a synthetic security file of any size, for benchmarks.
package main

import (
	"flag"
	"fmt"
	"os"

	"theriac/internal/synthetic"
)

func main() {
	entities := flag.Int("entities", 10000, "number of entities, at least 100")
	dir := flag.String("o", "", "folder to write to; it must not exist yet")
	flag.Parse()
	if *dir == "" || *entities < 100 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	stats, err := synthetic.Write(*dir, *entities)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(2)
	}
	fmt.Printf("%s: %d entities, %d references, %d files, %d bytes\n", *dir, stats.Entities, stats.References, stats.Files, stats.Bytes)
}
