package vuln

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
)

// sceneSize is that of the databases of benchmarks, in records.
const sceneSize = 20000

func BenchmarkOpen(b *testing.B) {
	path := build(b, scene(rand.New(rand.NewPCG(1, 1)), sceneSize), Options{})
	b.ReportAllocs()
	for b.Loop() {
		db, err := Open(path)
		check(b, err)
		check(b, db.Close())
	}
}

func BenchmarkEntries(b *testing.B) {
	path := build(b, scene(rand.New(rand.NewPCG(1, 1)), sceneSize), Options{})
	name := func(i int) string { return fmt.Sprintf("Name_%d", (i*7919)%(sceneSize/2)) }
	b.Run("cold", func(b *testing.B) {
		db := open(b, path)
		for i := 0; b.Loop(); i++ {
			db.blocks.cache = newCache(cacheSize / 64) // indexes, and a few blocks of rows
			_, err := db.Entries("Go", name(i))
			check(b, err)
		}
	})
	b.Run("warm", func(b *testing.B) {
		db := open(b, path)
		for i := 0; b.Loop(); i++ {
			_, err := db.Entries("Go", name(i%100))
			check(b, err)
		}
	})
	b.Run("absent", func(b *testing.B) {
		db := open(b, path)
		for i := 0; b.Loop(); i++ {
			_, err := db.Entries("Go", name(i)+"x")
			check(b, err)
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	c := scene(rand.New(rand.NewPCG(1, 1)), sceneSize)
	b.ReportAllocs()
	for b.Loop() {
		path := build(b, c, Options{})
		info, err := os.Stat(path)
		check(b, err)
		b.ReportMetric(float64(info.Size()), "bytes/file")
	}
}
