//go:build unix

package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Lock is the exclusive use of a data folder. The kernel drops it with the
// process that holds it, so a crash leaves nothing to clean up.
type Lock struct{ file *os.File }

// LockDir takes the data folder for this process, making the folder if it is
// missing. If another process has it, the fault says which.
func LockDir(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, "tenon.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", file.Name(), err)
		}
		holder, _ := io.ReadAll(io.LimitReader(file, 32))
		pid := strings.TrimSpace(string(holder))
		if pid == "" {
			pid = "?"
		}
		return nil, errLocked.With("dir", dir).With("pid", pid)
	}
	// The file stays when the lock goes: unlinking it would let two processes
	// lock two files of the same name.
	if err := file.Truncate(0); err == nil {
		_, err = file.WriteAt([]byte(fmt.Sprintln(os.Getpid())), 0)
		if err != nil {
			file.Close()
			return nil, err
		}
	}
	return &Lock{file: file}, nil
}

// Unlock gives the folder up.
func (l *Lock) Unlock() error { return l.file.Close() }
