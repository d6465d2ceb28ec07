package cluster

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// dataPath is how the server names its data folder. As root we hand the open
// folder down as file descriptor 3: the server's user then needs no access to
// the folder's parents, because the kernel resolves the descriptor's link
// without walking them. Every process of the server inherits it.
func dataPath(o owner, dir string) (path string, inherit *os.File, err error) {
	if _, err := os.Stat("/proc/self/fd"); err != nil || o.credential == nil {
		return dir, nil, nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return "/proc/self/fd/3", f, nil
}

// tieToParent lets the kernel stop the server in its fast, clean way when we
// die. The signal follows the thread that started the child, hence onStarter.
func tieToParent(cmd *exec.Cmd) (release func(), err error) {
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	return func() {}, nil
}

// endWithParent kills a set-up program with us: what it was making is thrown
// away by the next start.
func endWithParent(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL }

// isServerOf reports whether pid is a Postgres server working in dir.
func isServerOf(pid int, dir string) bool {
	at := "/proc/" + strconv.Itoa(pid)
	cwd, err := os.Stat(at + "/cwd")
	if err != nil {
		return false
	}
	here, err := os.Stat(dir)
	return err == nil && os.SameFile(cwd, here)
}
