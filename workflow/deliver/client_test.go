package deliver_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tenon/schema/fault"
	"tenon/workflow/action"
	"tenon/workflow/deliver"
)

// TestClient_refusesInsideAddresses tries spellings of addresses that must not
// be reached; a canary listener must see none of them.
func TestClient_refusesInsideAddresses(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { hits.Add(1) }))
	defer srv.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	c := deliver.NewClient(nil)
	for _, host := range []string{"127.0.0.1", "localhost", "127.1", "127.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "0", "[::]",
		"[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "127.0.0.1.", "LOCALHOST", "①②⑦.⓪.⓪.①", "127。0。0。1", "[64:ff9b::7f00:1]", "[fe80::1%25lo]", "127.0.0.2", "127.255.255.254"} {
		_, err := c.Do(context.Background(), &action.Request{Method: "GET", URL: "http://" + host + ":" + port + "/"})
		if err == nil {
			t.Errorf("%s: reached", host)
		}
	}
	for _, u := range []string{"http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fd00::1]/", "http://100.64.0.1/", "http://224.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://user:pw@example.com/", "//127.0.0.1/", "http:///x", ""} {
		if _, err := c.Do(context.Background(), &action.Request{Method: "GET", URL: u}); err == nil || fault.KindOf(err) == fault.Internal {
			t.Errorf("%s: %v", u, err)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("canary was hit %d times", n)
	}
}

func TestClient_rechecksRedirects(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer inside.Close()
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL, http.StatusFound)
	}))
	defer outside.Close()
	ap := netip.MustParseAddrPort(strings.TrimPrefix(outside.URL, "http://"))
	c := deliver.NewClient(func(a netip.AddrPort) bool { return a == ap })
	if _, err := c.Do(context.Background(), &action.Request{Method: "POST", URL: outside.URL}); fault.CodeOf(err) != "deliver.address" {
		t.Errorf("redirect: %v", err)
	}
	if hits.Load() != 0 {
		t.Error("redirect reached the inside")
	}
}

func TestClient_kindsOfFailure(t *testing.T) {
	t.Parallel()
	status := 200
	var key string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key = r.Header.Get("Idempotency-Key")
		w.WriteHeader(status)
	}))
	defer srv.Close()
	c := deliver.NewClient(func(netip.AddrPort) bool { return true })
	for _, x := range []struct {
		status int
		kind   fault.Kind
	}{{503, fault.Transient}, {429, fault.Transient}, {404, fault.Invalid}} {
		status = x.status
		if _, err := c.Do(context.Background(), &action.Request{Method: "POST", URL: srv.URL, IdempotencyKey: "k1"}); fault.KindOf(err) != x.kind {
			t.Errorf("%d: %v", x.status, err)
		}
	}
	if key != "k1" {
		t.Errorf("idempotency key %q", key)
	}
}

func TestClient_saysWhyNothingWasReached(t *testing.T) {
	t.Parallel()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := gone.Addr().String()
	_ = gone.Close()
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer slow.Close()
	c := deliver.NewClient(func(netip.AddrPort) bool { return true })
	for _, x := range []struct{ url, code, zh string }{
		{"http://" + closed + "/", "deliver.connect", "连不上 127.0.0.1，请检查网址和对方服务是否正常"},
		{"http://nowhere.invalid/", "deliver.host", "找不到主机 nowhere.invalid，请检查网址"},
		{slow.URL, "deliver.timeout", "127.0.0.1 没有在规定时间内回应"},
	} {
		_, err := c.Do(context.Background(), &action.Request{Method: "POST", URL: x.url, Timeout: 300 * time.Millisecond})
		if fault.CodeOf(err) != x.code || fault.KindOf(err) != fault.Transient || fault.Of(err)[0].Text("zh-CN") != x.zh {
			t.Errorf("%s: %v", x.url, err)
		}
	}
}
