package model

import (
	"io/fs"
	"os"
	"time"
)

// stamp is what a file looked like just before it was read.
type stamp struct {
	info  fs.FileInfo
	taken time.Time
}

func stampOf(info fs.FileInfo) stamp { return stamp{info, time.Now()} }

// grain is how far apart two changes of a file may lie and still get the same
// time: the coarsest file system in use, FAT, counts in steps of two seconds.
const grain = 2 * time.Second

// holds reports whether the file is still the one that was read. One that was
// changed just before it was read may have been changed again since.
func (s stamp) holds(now fs.FileInfo) bool {
	return s.info != nil && os.SameFile(s.info, now) && s.info.Size() == now.Size() && s.info.ModTime().Equal(now.ModTime()) &&
		s.taken.Sub(now.ModTime()) > grain
}
