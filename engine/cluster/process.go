//go:build unix

package cluster

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

var (
	starterOnce sync.Once
	starterWork chan func()
)

// onStarter runs f on one thread that lives as long as the process: a
// parent-death signal is sent when the starting thread ends, not the process,
// and Go ends threads at will.
func onStarter(f func()) {
	starterOnce.Do(func() {
		starterWork = make(chan func())
		go func() {
			runtime.LockOSThread()
			for work := range starterWork {
				work()
			}
		}()
	})
	done := make(chan struct{})
	starterWork <- func() { defer close(done); f() }
	<-done
}

// command prepares a Postgres program: as the owner, in a process group of its
// own (Ctrl-C in a terminal must reach us first), with a bare environment.
func command(o owner, inherit *os.File, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC", "HOME=/"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: o.credential}
	if inherit != nil {
		cmd.ExtraFiles = []*os.File{inherit}
	}
	return cmd
}

// tieByPipe is the parent-death signal for systems without one: a shell holds
// the server and a pipe to us, and stops the server when the pipe closes. The
// shell passes our signals on, and ends with the server's status.
func tieByPipe(cmd *exec.Cmd) (release func(), err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// A background job of a shell reads from /dev/null unless told otherwise,
	// hence the pipe's copy on descriptor 4.
	const script = `exec 4<&0 </dev/null
"$@" 4<&- & p=$!
trap 'kill -INT $p 2>/dev/null' INT TERM
trap 'kill -QUIT $p 2>/dev/null' QUIT
( read -r _ <&4; kill -INT $p 2>/dev/null ) & w=$!
while :; do wait $p; s=$?; kill -0 $p 2>/dev/null || break; done
kill $w 2>/dev/null
exit $s`
	cmd.Args = append([]string{"/bin/sh", "-c", script, "sh"}, append([]string{cmd.Path}, cmd.Args[1:]...)...)
	cmd.Path = "/bin/sh"
	cmd.Stdin = r
	// Our end closes with us, however we end; the child's copy is gone at
	// exec. Keeping w reachable until release keeps it open.
	return func() { r.Close(); w.Close() }, nil
}
