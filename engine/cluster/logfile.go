//go:build unix

package cluster

import (
	"bytes"
	"io"
	"os"
	"strings"
)

// logLimit bounds the server's log: the file and one predecessor.
const logLimit = 8 << 20

// logFile is what the server writes to. The server holds it open itself, so
// its last words survive us; hence it is trimmed in place, never renamed.
type logFile struct {
	file *os.File
	path string
}

func openLog(path string) (*logFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	l := &logFile{file: f, path: path}
	l.Trim()
	return l, nil
}

// Trim moves the content to the predecessor once it is past the limit. Lines
// written meanwhile may be lost; that is the price of a bounded log.
func (l *logFile) Trim() {
	size := l.Size()
	if size < logLimit {
		return
	}
	old, err := os.OpenFile(l.path+".1", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	_, err = io.Copy(old, io.NewSectionReader(l.file, max(0, size-logLimit), logLimit))
	if err := old.Close(); err != nil {
		return
	}
	if err == nil {
		_ = l.file.Truncate(0)
	}
}

// Size is the file's length now.
func (l *logFile) Size() int64 {
	info, err := l.file.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// Tail is the last lines written after the mark.
func (l *logFile) Tail(mark int64) string {
	b, _ := io.ReadAll(io.NewSectionReader(l.file, mark, 64<<10))
	return lastLines(b)
}

// File is what the server's output goes to.
func (l *logFile) File() *os.File { return l.file }

// Path names the file.
func (l *logFile) Path() string { return l.path }

// Close closes our handle.
func (l *logFile) Close() error { return l.file.Close() }

// lastLines keeps the end of a program's output, on one line.
func lastLines(b []byte) string {
	lines := strings.Split(string(bytes.TrimSpace(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], " | ")
}
