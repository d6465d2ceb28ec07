package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestRoles_areNamed(t *testing.T) {
	t.Parallel()
	if r, err := parseRoles("web, worker"); err != nil || r != (roles{web: true, worker: true}) {
		t.Fatal(r, err)
	}
	for _, bad := range []string{"", "web,cook", ","} {
		if _, err := parseRoles(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestAllowed_namesExactAddresses(t *testing.T) {
	t.Parallel()
	ok := allowed("127.0.0.1:9000, 10.0.0.5:443,nonsense")
	for addr, want := range map[string]bool{"127.0.0.1:9000": true, "[::ffff:10.0.0.5]:443": true, "127.0.0.1:9001": false, "10.0.0.6:443": false} {
		if got := ok(netip.MustParseAddrPort(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}

func TestConfig_readsFilesAndKeepsItsKey(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "smtp")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TENON_DATA_DIR", filepath.Join(dir, "data"))
	t.Setenv("DATABASE_URL", "")
	t.Setenv("TENON_METRICS_TOKEN_FILE", file)
	t.Setenv("TENON_SESSION_IDLE", "12h")
	t.Setenv("TENON_RATE_LIMIT", "0")
	t.Setenv("TENON_PUBLIC_URL", "https://tenon.example.com/")
	c, err := readConfig()
	if err != nil {
		t.Fatal(err)
	}
	if c.metricsToken != "from a file" || c.idle != 12*time.Hour || c.rate.Key != -1 || c.public != "https://tenon.example.com" || len(c.secret) < 40 {
		t.Fatalf("%+v", c)
	}
	again, err := readConfig()
	if err != nil || again.secret != c.secret {
		t.Fatal("the key changed", err)
	}
	if st, err := os.Stat(filepath.Join(dir, "data", "secret.key")); err != nil || st.Mode().Perm() != 0o600 {
		t.Fatal(st, err)
	}
	t.Setenv("DATABASE_URL", "postgres://somewhere/tenon")
	t.Setenv("TENON_DATA_DIR", filepath.Join(dir, "other"))
	if _, err := readConfig(); err == nil {
		t.Fatal("a shared database without a key was taken")
	}
}
