//go:build unix && !linux

package cluster

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
)

func dataPath(_ owner, dir string) (path string, inherit *os.File, err error) {
	return dir, nil, nil
}

func tieToParent(cmd *exec.Cmd) (release func(), err error) { return tieByPipe(cmd) }

// endWithParent needs a parent-death signal, which this system lacks: a set-up
// program runs to its end.
func endWithParent(*exec.Cmd) {}

// isServerOf reports whether pid is a Postgres server of dir.
func isServerOf(pid int, dir string) bool {
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres") && strings.Contains(string(out), dir)
}
