package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// newMode is the mode of new files. The files are documentation for a team; they
// hold no secrets.
const newMode = 0o644

// writeFile puts data into a file in one step: readers see the old content or
// the new, and a failure leaves nothing behind. What is no regular file (a pipe,
// /dev/stdout) is written to as it is.
func writeFile(name string, data []byte) error {
	mode := fs.FileMode(newMode)
	switch info, err := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder", name)
	case !info.Mode().IsRegular():
		return writeTo(name, data)
	default:
		mode = info.Mode().Perm()
		if real, err := filepath.EvalSymlinks(name); err == nil {
			name = real // keep the link
		}
	}
	return replace(name, data, mode)
}

func writeTo(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// replace puts data into a file in one step.
func replace(name string, data []byte, mode fs.FileMode) error {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer root.Close()
	return replaceIn(root, filepath.Base(name), data, mode)
}

// replaceIn is replace for a file below a folder that it cannot leave.
func replaceIn(root *os.Root, name string, data []byte, mode fs.FileMode) error {
	return stage(root, name, data, mode, func(temp string) error { return root.Rename(temp, name) })
}

// createIn writes a file that must not exist yet, in one step.
func createIn(root *os.Root, name string, data []byte, mode fs.FileMode) error {
	return stage(root, name, data, mode, func(temp string) error {
		err := root.Link(temp, name)
		if err == nil {
			return root.Remove(temp)
		}
		if _, there := root.Lstat(name); errors.Is(err, fs.ErrExist) || !errors.Is(there, fs.ErrNotExist) {
			return err
		}
		return root.Rename(temp, name) // a file system without hard links
	})
}

// cannotWrite names the file that was to be written; the error of the system
// names the temporary one beside it.
func cannotWrite(root *os.Root, name string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return fmt.Errorf("write %s: %w", filepath.Join(root.Name(), name), err)
}

// stage writes a new file beside name, syncs it and lets publish give it its
// name. A failure leaves nothing behind.
func stage(root *os.Root, name string, data []byte, mode fs.FileMode, publish func(temp string) error) error {
	fill := func(f *os.File) error {
		_, err := f.Write(data)
		return err
	}
	return stageFrom(root, name, mode, fill, publish)
}

// stageFrom is stage for a file that is not held in memory.
func stageFrom(root *os.Root, name string, mode fs.FileMode, fill func(*os.File) error, publish func(temp string) error) error {
	temp := filepath.Join(filepath.Dir(name), ".theriac-"+rand.Text())
	f, err := root.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode) // some read again what they wrote
	if err != nil {
		return cannotWrite(root, name, err)
	}
	err = fill(f)
	if err == nil {
		err = f.Chmod(mode) // whatever the umask took away
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = publish(temp)
	}
	if err != nil {
		err = errors.Join(err, root.Remove(temp))
	}
	return err
}
