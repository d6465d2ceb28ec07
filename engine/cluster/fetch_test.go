//go:build unix

package cluster

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tenon/schema/fault"
)

// TestFetchNPM is a machine without Postgres: its own binaries are hidden, the
// cache is empty, and what npm ships must serve.
func TestFetchNPM_servesWithoutTheMachinesBinaries(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not on PATH; install Node.js 20.19 or newer to run this test")
	}
	cache := openDir(t)
	if bin, err := FetchNPM(t.Context(), cache, 0, t.Logf); err != nil {
		if noNetwork.MatchString(err.Error()) {
			t.Skipf("the npm registry cannot be reached from here, so this test did not run: %v", err)
		}
		t.Fatal(err)
	} else if b, err := inspect(bin, owner{}); err != nil || b.Major != npmMajor {
		t.Fatalf("%+v, %v", b, err)
	}
	cfg := settings(t.TempDir())
	cfg.HideMachine, cfg.CacheDir, cfg.Fetch = true, cache, FetchNPM
	c := start(t, cfg)
	if got := ask(t, c.URL(), "select current_setting('server_version')"); got != c.Version() || !strings.HasPrefix(got, fmt.Sprint(npmMajor)) {
		t.Errorf("serves %s, says %s", got, c.Version())
	}
	if got := ask(t, c.URL(), "select (count(*) > 0)::text from pg_collation where collname = 'zh-x-icu'"); got != "true" {
		t.Error("no Chinese collation")
	}
}

var noNetwork = regexp.MustCompile(`ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|network`)

func TestNPMFiles_pinOneVersionWithItsHash(t *testing.T) {
	t.Parallel()
	text, err := npmFiles.ReadFile("npm/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Version, Integrity string }
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if name == "" {
			continue
		}
		if p.Version != npmVersion || !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("%s is %s with integrity %q; want %s with a SHA-512", name, p.Version, p.Integrity, npmVersion)
		}
	}
	if len(lock.Packages) < 5 || !strings.HasPrefix(npmVersion, fmt.Sprint(npmMajor, ".")) {
		t.Errorf("%d packages of %s", len(lock.Packages), npmVersion)
	}
}

func TestFindBinaries_hidesTheMachines(t *testing.T) {
	t.Parallel()
	found, err := FindBinaries(Config{HideMachine: true, CacheDir: t.TempDir()})
	if err != nil || len(found) != 0 {
		t.Errorf("found %v, %v", found, err)
	}
	cfg := settings(t.TempDir())
	cfg.HideMachine, cfg.CacheDir, cfg.Fetch = true, t.TempDir(), Maven{URL: "http://127.0.0.1:1", Client: http.DefaultClient}.Fetch
	_, err = Start(t.Context(), cfg)
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != errNoBinaries.Code {
		t.Errorf("without any source: %v", err)
	}
}

func TestMaven_verifiesAndUnpacks(t *testing.T) {
	t.Parallel()
	jar := jarOf(t, map[string]string{
		"bin/postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) 17.5'\n",
		"bin/initdb":   "#!/bin/sh\n",
		"share/notes":  "text",
	})
	sum := sha256.Sum256(jar)
	good := hex.EncodeToString(sum[:])
	for _, c := range []struct {
		name, sum, want string
		jar             []byte
	}{
		{name: "whole", sum: good, jar: jar},
		{name: "altered on the way", sum: good, jar: append(bytes.Clone(jar), 0), want: "checksum"},
		{name: "without a checksum", sum: "", jar: jar, want: "checksum"},
		{name: "with a page in place of a checksum", sum: "<html>", jar: jar, want: "checksum"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.Contains(r.URL.Path, "/"+mavenVersions[mavenMajor]+"/") {
					http.NotFound(w, r)
				} else if strings.HasSuffix(r.URL.Path, ".sha256") {
					fmt.Fprint(w, c.sum)
				} else {
					w.Write(c.jar)
				}
			}))
			defer site.Close()
			cache := openDir(t)
			bin, err := Maven{URL: site.URL, Client: site.Client()}.Fetch(t.Context(), cache, 0, t.Logf)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want a word about the %s", err, c.want)
				}
				if left, _ := filepath.Glob(filepath.Join(cache, "[^.]*")); len(left) != 0 {
					t.Errorf("a refused download left %v", left)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			b, err := inspect(bin, owner{})
			if err != nil || b.Version != "17.5" {
				t.Errorf("%+v, %v", b, err)
			}
			found, err := FindBinaries(Config{HideMachine: true, CacheDir: cache})
			if err != nil || len(found) != 1 || found[0].Dir != bin {
				t.Errorf("the cache offers %v, %v", found, err)
			}
		})
	}
}

func TestMaven_keepsEntriesInsideTheFolder(t *testing.T) {
	t.Parallel()
	jar := jarOf(t, map[string]string{"../escaped": "x"})
	sum := sha256.Sum256(jar)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".sha256") {
			fmt.Fprint(w, hex.EncodeToString(sum[:]))
			return
		}
		w.Write(jar)
	}))
	defer site.Close()
	cache := t.TempDir()
	if _, err := (Maven{URL: site.URL, Client: site.Client()}).Fetch(t.Context(), cache, 0, t.Logf); err == nil {
		t.Error("an entry outside the folder was unpacked")
	}
	if _, err := os.Stat(filepath.Join(cache, "escaped")); err == nil {
		t.Error("it lies outside")
	}
}

// openDir is a temporary folder that other users can enter, as the cache of a
// server that runs as another user must be.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tenon-cache-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// jarOf packs files the way the Maven artifacts are: a .txz inside a zip.
func jarOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var tarred bytes.Buffer
	tw := tar.NewWriter(&tarred)
	for name, text := range files {
		if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	var jar bytes.Buffer
	zw := zip.NewWriter(&jar)
	w, err := zw.Create("postgres.txz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(xzOf(tarred.Bytes())); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return jar.Bytes()
}

// xzOf wraps data in the .xz container without compressing it (one LZMA2 block
// of stored chunks), because the library we have only reads.
func xzOf(data []byte) []byte {
	sum := func(b []byte) []byte { return binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)) }
	pad := func(b []byte) []byte {
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
		return b
	}
	flags := []byte{0, 1} // CRC32
	out := append([]byte("\xfd7zXZ\x00"), flags...)
	out = append(out, sum(flags)...)

	header := []byte{2, 0, 0x21, 1, 0x16, 0, 0, 0} // 12 bytes, one filter: LZMA2, 8 MiB
	block := append(header, sum(header)...)
	for rest, first := data, true; len(rest) > 0; first = false {
		n := min(len(rest), 1<<16)
		control := byte(2)
		if first {
			control = 1
		}
		block = append(block, control)
		block = binary.BigEndian.AppendUint16(block, uint16(n-1))
		block = append(block, rest[:n]...)
		rest = rest[n:]
	}
	block = append(block, 0)
	unpadded := len(block) + 4
	block = append(pad(block), sum(data)...)
	out = append(out, block...)

	index := binary.AppendUvarint([]byte{0, 1}, uint64(unpadded))
	index = pad(binary.AppendUvarint(index, uint64(len(data))))
	index = append(index, sum(index)...)
	out = append(out, index...)
	tail := append(binary.LittleEndian.AppendUint32(nil, uint32(len(index)/4-1)), flags...)
	out = append(out, sum(tail)...)
	return append(append(out, tail...), "YZ"...)
}
