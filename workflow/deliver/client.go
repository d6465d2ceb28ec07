// Package deliver carries effects outside: HTTP requests of rules, group
// robots, webhooks and mail. Every outgoing connection goes through one client
// that checks the address it has resolved, so that no URL, redirect or
// rebinding name reaches the machine's own network.
//
// The package decides nothing: what to send and how often to try is in rows.
package deliver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"tenon/schema/fault"
	"tenon/workflow/action"
)

// Faults of requests.
var (
	ErrAddress = fault.Define(fault.Invalid, "deliver.address", "不允许访问内网地址 {host}；确需访问时，请服务器管理员放行它", "{host} is an internal address and may not be called; the server's administrator can allow it")
	ErrURL     = fault.Define(fault.Invalid, "deliver.url", "网址无效：只支持 http 和 https", "the URL is not valid: http and https only")
	ErrTimeout = fault.Define(fault.Transient, "deliver.timeout", "{host} 没有在规定时间内回应", "{host} did not answer in time")
	ErrHost    = fault.Define(fault.Transient, "deliver.host", "找不到主机 {host}，请检查网址", "there is no host {host}; check the URL")
	ErrConnect = fault.Define(fault.Transient, "deliver.connect", "连不上 {host}，请检查网址和对方服务是否正常", "cannot connect to {host}; check the URL and whether its service is up")
	ErrFailed  = fault.Define(fault.Transient, "deliver.failed", "{host} 中断了请求", "{host} broke off the request")
	ErrStatus  = fault.Define(fault.Invalid, "deliver.status", "对方返回了 {status}", "the other side answered {status}")
	ErrLater   = fault.Define(fault.Transient, "deliver.later", "对方暂时无法处理（{status}）", "the other side cannot take it now ({status})")
)

// Client makes guarded requests.
type Client struct {
	http *http.Client
	// Allow lets addresses through that the guard would refuse: a stand-in of a
	// test, or hosts an operator has named.
	Allow func(netip.AddrPort) bool
}

// maxBody bounds what is read of an answer.
const maxBody = 256 << 10

// NewClient makes a client.
func NewClient(allow func(netip.AddrPort) bool) *Client {
	c := &Client{Allow: allow}
	d := &net.Dialer{Timeout: 10 * time.Second, Control: c.control}
	t := &http.Transport{DialContext: d.DialContext, Proxy: nil, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 30 * time.Second, MaxIdleConns: 50, IdleConnTimeout: 30 * time.Second, DisableCompression: false}
	c.http = &http.Client{Transport: t, Timeout: 60 * time.Second, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) >= 5 {
			return errors.New("too many redirects")
		}
		return checkURL(r.URL)
	}}
	return c
}

// control sees the address that was resolved, whatever the URL looked like.
func (c *Client) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrAddress.With("host", address)
	}
	if c.Allow != nil && c.Allow(ap) {
		return nil
	}
	if !Public(ap.Addr()) {
		return ErrAddress.With("host", ap.Addr().String())
	}
	return nil
}

// refused are ranges that are no public hosts, beside those netip knows.
var refused = func() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10"} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

// Public reports whether an address may be a host of the open Internet. An
// IPv4 address inside IPv6 is judged as what it is.
func Public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsValid() || a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() || a.IsMulticast() || a.IsUnspecified() || a.IsInterfaceLocalMulticast() {
		return false
	}
	if a.Is6() {
		b := a.As16()
		// IPv4-compatible addresses (::a.b.c.d) are long gone and only used to deceive.
		zero := true
		for _, x := range b[:12] {
			zero = zero && x == 0
		}
		if zero {
			return false
		}
	}
	for _, p := range refused {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

func checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ErrURL.New()
	}
	return nil
}

// Do sends a request. A status that the other side may mend by itself is a
// Transient fault; other failures stop the run.
func (c *Client) Do(ctx context.Context, r *action.Request) (*action.Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, ErrURL.New()
	}
	if err := checkURL(u); err != nil {
		return nil, err
	}
	timeout := r.Timeout
	if timeout <= 0 || timeout > time.Minute {
		timeout = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.Method, u.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, ErrURL.New()
	}
	req.Header.Set("User-Agent", "Tenon")
	for k, v := range r.Header {
		if strings.ContainsAny(k+v, "\r\n\x00") {
			continue
		}
		req.Header.Set(k, v)
	}
	if r.IdempotencyKey != "" {
		req.Header.Set("Idempotency-Key", r.IdempotencyKey)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			return nil, f
		}
		return nil, failure(u.Hostname(), err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return nil, failure(u.Hostname(), err)
	}
	out := &action.Response{Status: resp.StatusCode, Body: string(body), Header: map[string]string{"Content-Type": resp.Header.Get("Content-Type")}}
	switch {
	case resp.StatusCode == 408 || resp.StatusCode == 409 || resp.StatusCode == 425 || resp.StatusCode == 429 || resp.StatusCode >= 500:
		return out, ErrLater.With("status", resp.StatusCode)
	case resp.StatusCode >= 400:
		return out, ErrStatus.With("status", resp.StatusCode)
	}
	return out, nil
}

// failure says what became of a request, without addresses of the inside.
func failure(host string, err error) error {
	var ue *url.Error
	var dns *net.DNSError
	var op *net.OpError
	why := ErrFailed
	switch {
	case errors.As(err, &ue) && ue.Timeout() || errors.Is(err, context.DeadlineExceeded):
		why = ErrTimeout
	case errors.As(err, &dns):
		why = ErrHost
	case errors.As(err, &op) && op.Op == "dial":
		why = ErrConnect
	}
	return why.With("host", host).Because(err)
}
