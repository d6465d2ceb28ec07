package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"tenon/engine/cluster"
)

// tool is a program that the tests use beside Go.
type tool struct {
	name     string
	packages []string // of Debian
	present  func() bool
}

var tools = []tool{
	{"PostgreSQL 14 or newer", []string{"postgresql"}, func() bool {
		found, err := cluster.FindBinaries(cluster.Config{})
		return err == nil && len(found) > 0
	}},
	{"Redis", []string{"redis-server"}, func() bool { return onPath("redis-server") }},
	{"Chromium", []string{"chromium"}, func() bool { return chromium() != "" }},
	{"a Chinese font", []string{"fonts-noto-cjk", "fontconfig"}, func() bool {
		out, err := exec.Command("fc-list", ":lang=zh").Output()
		return err == nil && len(out) > 0
	}},
}

func onPath(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil
}

// chromium is the path of a browser for the journeys, "" if there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"} {
		if at, err := exec.LookPath(name); err == nil {
			return at
		}
	}
	return ""
}

// installTools installs what is missing where that is possible without asking
// (Debian's packages, as root), and elsewhere says what to install.
func (p *project) installTools(ctx context.Context) error {
	var names, packages []string
	for _, t := range tools {
		if !t.present() {
			names = append(names, t.name)
			packages = append(packages, t.packages...)
		}
	}
	if len(names) == 0 {
		return nil
	}
	list := strings.Join(packages, " ")
	if os.Geteuid() != 0 || !onPath("apt-get") {
		return fmt.Errorf("missing: %s. On Debian and Ubuntu: sudo apt-get install %s. Elsewhere: the same programs by your system's packages",
			strings.Join(names, ", "), list)
	}
	fmt.Println("installing", list)
	env := []string{"DEBIAN_FRONTEND=noninteractive"}
	if err := noMainCluster(); err != nil {
		return err
	}
	if err := p.job(ctx, job{env: env, name: "apt-get", args: []string{"update", "-q"}}); err != nil {
		return err
	}
	args := append([]string{"install", "-q", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"}, packages...)
	if err := p.job(ctx, job{env: env, name: "apt-get", args: args}); err != nil {
		return err
	}
	for _, t := range tools {
		if !t.present() {
			return errors.New(t.name + " is still missing after its installation")
		}
	}
	return nil
}

// noMainCluster keeps Debian's package from making and starting a cluster of
// its own; ours are private.
func noMainCluster() error {
	const folder = "/etc/postgresql-common"
	if _, err := os.Stat(folder + "/createcluster.conf"); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(folder+"/createcluster.conf", []byte("create_main_cluster = false\n"), 0o644)
}
