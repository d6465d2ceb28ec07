//go:build unix

package cluster

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// intoCache runs fill on an empty folder and moves it to its final name in the
// cache when it is whole. Two processes that need the same binaries take turns.
func intoCache(cacheDir, name string, fill func(dir string) error) (string, error) {
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(cacheDir, ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("lock %s: %w", lock.Name(), err)
	}
	final := filepath.Join(cacheDir, name)
	if _, err := os.Stat(final); err == nil {
		return final, nil
	}
	fresh, err := os.MkdirTemp(cacheDir, ".new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh)
	if err := fill(fresh); err != nil {
		return "", err
	}
	// The server's user reads these, whatever our umask is.
	if err := filepath.WalkDir(fresh, openUp); err != nil {
		return "", err
	}
	return final, os.Rename(fresh, final)
}

func openUp(path string, entry fs.DirEntry, err error) error {
	if err != nil || entry.Type()&fs.ModeSymlink != 0 {
		return err
	}
	info, err := entry.Info()
	if err != nil {
		return err
	}
	mode := info.Mode().Perm() | 0o444
	if info.IsDir() || mode&0o100 != 0 {
		mode |= 0o111
	}
	return os.Chmod(path, mode)
}
