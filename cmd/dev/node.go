package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// oldestNode is the first version of Node.js that builds the UI.
var oldestNode = [2]int{20, 19}

const nodeAdvice = "install Node.js 20.19 or newer (https://nodejs.org, or your system's packages) and run this again; " +
	"with --no-ui the product starts without the browser UI"

// checkNode returns the version of the Node.js on PATH, or says how to get one.
func (p *project) checkNode(ctx context.Context) (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", fmt.Errorf("the UI needs Node.js, which is not on PATH: %s", nodeAdvice)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return "", fmt.Errorf("the UI needs npm, which is not on PATH: %s", nodeAdvice)
	}
	text, err := p.output(ctx, "node", "--version")
	if err != nil {
		return "", err
	}
	version := strings.TrimSpace(text)
	if !recentNode(version) {
		return "", fmt.Errorf("the UI needs a newer Node.js than %s: %s", version, nodeAdvice)
	}
	return version, nil
}

func recentNode(version string) bool {
	var major, minor int
	if _, err := fmt.Sscanf(version, "v%d.%d", &major, &minor); err != nil {
		return false
	}
	return major > oldestNode[0] || major == oldestNode[0] && minor >= oldestNode[1]
}

// installNode brings frontend/node_modules up to the lock file, if it is not.
func (p *project) installNode(ctx context.Context) error {
	if p.nodeModulesFresh() {
		return nil
	}
	fmt.Println("== installing the UI's dependencies (npm ci)")
	return p.job(ctx, job{dir: "frontend", name: "npm", args: []string{"ci", "--no-audit", "--no-fund", "--loglevel=error"}})
}

// nodeModulesFresh compares the lock file with the record that npm leaves of
// what it installed. Packages for other systems are in the first only.
func (p *project) nodeModulesFresh() bool {
	type pack struct {
		Version, Integrity string
		Optional           bool
	}
	read := func(names ...string) map[string]pack {
		var lock struct{ Packages map[string]pack }
		text, err := os.ReadFile(p.path(names...))
		if err != nil || json.Unmarshal(text, &lock) != nil {
			return nil
		}
		return lock.Packages
	}
	want, have := read("frontend", "package-lock.json"), read("frontend", "node_modules", ".package-lock.json")
	if have == nil || want == nil {
		return false
	}
	for name, w := range want {
		h, ok := have[name]
		if name != "" && !w.Optional && !ok || ok && (h.Version != w.Version || h.Integrity != w.Integrity) {
			return false
		}
	}
	for name := range have {
		if _, ok := want[name]; !ok {
			return false
		}
	}
	return true
}

// buildUI builds the UI into frontend/dist unless it was built from the same
// sources before.
func (p *project) buildUI(ctx context.Context) error {
	stamp, err := p.uiStamp(ctx)
	if err != nil {
		return err
	}
	file := p.path("frontend", "dist", ".stamp")
	if built, err := os.ReadFile(file); err == nil && string(built) == stamp {
		fmt.Println("== the UI is up to date")
		return nil
	}
	version, err := p.checkNode(ctx)
	if err != nil {
		return err
	}
	if err := p.installNode(ctx); err != nil {
		return err
	}
	fmt.Printf("== building the UI with Node.js %s\n", version)
	if err := p.job(ctx, job{dir: "frontend", name: "npm", args: []string{"run", "--silent", "build"}}); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(stamp), 0o644)
}

// uiStamp hashes the sources of the UI: names and contents of all files of
// frontend that git does not ignore, beside those of Go and of the tests.
func (p *project) uiStamp(ctx context.Context) (string, error) {
	files, err := p.sources(ctx, "frontend")
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range files {
		if strings.HasSuffix(name, ".go") || strings.Contains(name, ".test.") || strings.HasPrefix(name, "frontend/e2e/") {
			continue
		}
		f, err := os.Open(p.path(name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s\x00", name)
		n, err := io.Copy(sum, f)
		f.Close()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "\x00%d\x00", n)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// sources lists the files under a folder that belong to the project, sorted:
// what git tracks or would track. Without git it is everything but what builds
// leave behind.
func (p *project) sources(ctx context.Context, folder string) ([]string, error) {
	text, err := p.output(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", folder)
	if err == nil {
		names := strings.Split(strings.TrimRight(text, "\x00"), "\x00")
		sort.Strings(names)
		return names, nil
	}
	var names []string
	err = filepath.WalkDir(p.path(folder), func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && skipFolder(entry.Name()) {
			return filepath.SkipDir
		}
		if entry.IsDir() {
			return nil
		}
		name, err := filepath.Rel(p.root, at)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	sort.Strings(names)
	return names, err
}

// skipFolder names the folders that hold no source.
func skipFolder(name string) bool {
	switch name {
	case "node_modules", "dist", ".git", ".tenon", "test-results", "playwright-report":
		return true
	}
	return false
}
