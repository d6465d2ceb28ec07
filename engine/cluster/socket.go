//go:build unix

package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// longestSocketDir keeps dir + "/.s.PGSQL.5432" within the 104 bytes that the
// strictest system (macOS) allows for a socket address; Linux allows 108.
const longestSocketDir = 103 - len("/.s.PGSQL.5432")

// socketDir makes the folder of the server's socket: short, the owner's, and
// closed to everybody else, so that the socket needs no password.
func socketDir(dataDir string, o owner) (string, error) {
	sum := sha256.Sum256([]byte(dataDir))
	name := hex.EncodeToString(sum[:6])
	var places []string
	if o.credential == nil {
		places = append(places, filepath.Join(dataDir, "pg.socket"))
	} else {
		places = append(places, "/run/tenon/"+name)
	}
	base := filepath.Join(os.TempDir(), "tenon-"+strconv.Itoa(o.uid)+"-"+name)
	places = append(places, base, base+"-1", base+"-2", filepath.Join("/tmp", filepath.Base(base)))
	var last error
	for _, dir := range places {
		if len(dir) > longestSocketDir {
			last = fmt.Errorf("%s: too long for a socket address", dir)
			continue
		}
		if last = claim(dir, o); last == nil {
			return dir, nil
		}
	}
	return "", last
}

// claim makes dir the owner's own. In a folder that others can write to, one
// made by somebody else is refused, so that nobody else can listen there.
func claim(dir string, o owner) error {
	if o.credential != nil && filepath.Dir(dir) == "/run/tenon" {
		if err := os.MkdirAll("/run/tenon", 0o755); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err == nil {
		if o.credential != nil {
			return os.Lchown(dir, o.uid, o.gid)
		}
		return nil
	} else if !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	uid := int(info.Sys().(*syscall.Stat_t).Uid)
	if !info.IsDir() || uid != o.uid || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("%s exists and is not ours alone", dir)
	}
	return nil
}
