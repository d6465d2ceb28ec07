//go:build unix

package cluster

import (
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the user the server runs as. A nil credential means ourselves.
type owner struct {
	uid, gid   int
	credential *syscall.Credential
}

// serverOwner returns ourselves, or an unprivileged user when we are root,
// because Postgres refuses to run as root.
func serverOwner() (owner, error) {
	if os.Geteuid() != 0 {
		return owner{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.Atoi(u.Uid)
		gid, errG := strconv.Atoi(u.Gid)
		if errU != nil || errG != nil || uid <= 0 {
			continue
		}
		return owner{uid: uid, gid: gid, credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return owner{}, errNoUser.New()
}

// of returns who should serve an existing data folder: as root we become the
// user whose data they are, so that this user can serve them again later.
func (o owner) of(pg string) owner {
	info, err := os.Stat(pg)
	if o.credential == nil || err != nil {
		return o
	}
	if st := info.Sys().(*syscall.Stat_t); st.Uid != 0 {
		return owner{uid: int(st.Uid), gid: int(st.Gid), credential: &syscall.Credential{Uid: st.Uid, Gid: st.Gid}}
	}
	return o
}

// take makes the folder and everything in it the owner's: a new one that we
// made as root, or one that somebody copied as root.
func (o owner) take(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	have := int(info.Sys().(*syscall.Stat_t).Uid)
	if have == o.uid {
		return nil
	}
	if o.credential == nil {
		return errOwner.With("dir", dir).With("uid", have)
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, o.uid, o.gid)
	})
}
