package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	email    = "bench@example.com"
	password = "a long enough password"
)

// product is the binary as a process.
type product struct {
	binary, data, addr string
	args               []string // after serve
	env                []string
	cmd                *exec.Cmd
	log                *os.File
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// start serves and says how long it took until it was ready.
func (p *product) start(ctx context.Context) (time.Duration, error) {
	p.cmd = exec.Command(p.binary, append([]string{"serve"}, p.args...)...)
	p.cmd.Env = append(append(os.Environ(), "TENON_ADDR="+p.addr, "TENON_DATA_DIR="+p.data, "TENON_ADMIN_EMAIL="+email, "TENON_ADMIN_PASSWORD="+password, "TENON_RATE_LIMIT=0", "REDIS_URL=", "DATABASE_URL="), p.env...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return 0, err
	}
	for time.Since(began) < time.Minute && ctx.Err() == nil {
		if r, err := http.Get("http://" + p.addr + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return time.Since(began), nil
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.stop()
	return 0, fmt.Errorf("the product did not start; see %s", p.log.Name())
}

func (p *product) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	done := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		_ = p.cmd.Process.Kill()
		<-done
	}
}

// client calls an address, as somebody.
type client struct {
	base string
	key  string
	http *http.Client

	ids    []string // of the records that it may see
	member bool
}

func newClient(base, key string) *client {
	jar, _ := cookiejar.New(nil) // it returns no error without options
	return &client{base: base, key: key, http: &http.Client{Jar: jar, Timeout: 5 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}}
}

func (c *client) send(ctx context.Context, method, path, kind string, body io.Reader) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	} else {
		req.Header.Set("X-Tenon", "1")
		req.Header.Set("If-Match", "*")
	}
	r, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %d %s", method, path, r.StatusCode, clip(b))
	}
	return b, err
}

func clip(b []byte) []byte { return b[:min(len(b), 500)] }

func (c *client) get(ctx context.Context, path string) ([]byte, error) {
	return c.send(ctx, "GET", path, "", nil)
}

func (c *client) json(ctx context.Context, method, path, body string) ([]byte, error) {
	return c.send(ctx, method, path, "application/json", strings.NewReader(body))
}

// into calls and decodes the answer.
func (c *client) into(ctx context.Context, out any, method, path, body string) error {
	b, err := c.json(ctx, method, path, body)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, out)
}

// setUp makes the app and the keys of an administrator and of a member.
func setUp(ctx context.Context, addr string) (app string, admin, member *client, err error) {
	base := "http://" + addr + "/api/v1"
	c := newClient(base, "")
	if _, err = c.json(ctx, "POST", "/session", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)); err != nil {
		return
	}
	var boot struct{ Workspaces []struct{ ID string } }
	if err = c.into(ctx, &boot, "GET", "/bootstrap", ""); err != nil {
		return
	}
	if len(boot.Workspaces) == 0 {
		err = errors.New("no workspace")
		return
	}
	ws := "/workspaces/" + boot.Workspaces[0].ID
	var made struct{ ID string }
	if err = c.into(ctx, &made, "POST", ws+"/apps", `{"key":"bench","name":"Bench"}`); err != nil {
		return
	}
	app = made.ID
	for _, d := range documents() {
		if _, err = c.json(ctx, "PUT", "/apps/"+app+"/draft/"+d.id+"?kind="+d.kind, d.body); err != nil {
			return
		}
	}
	var plan struct{ Hash string }
	if err = c.into(ctx, &plan, "POST", "/apps/"+app+"/publish/plan", `{}`); err != nil {
		return
	}
	if _, err = c.json(ctx, "POST", "/apps/"+app+"/publish", fmt.Sprintf(`{"hash":%q}`, plan.Hash)); err != nil {
		return
	}
	key := func(name, scope string) (*client, error) {
		var k struct{ Secret string }
		err := c.into(ctx, &k, "POST", ws+"/api-keys", fmt.Sprintf(`{"name":%q,"scopes":[%s]}`, name, scope))
		return newClient(base, k.Secret), err
	}
	if admin, err = key("admin", `{"ops":["*"]}`); err != nil {
		return
	}
	if member, err = key("member", fmt.Sprintf(`{"app":%q,"ops":["*"],"roles":[%q]}`, app, rolMember)); err == nil {
		member.member = true
	}
	return
}

// importCSV brings a table in through the import API and says how long the
// import itself took.
func importCSV(ctx context.Context, c *client, app string, rows int) (time.Duration, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "customers.csv")
	if err != nil {
		return 0, err
	}
	if err := writeCSV(part, rows); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	at := "/apps/" + app + "/entities/customer/import"
	b, err := c.send(ctx, "POST", at+"/upload", w.FormDataContentType(), &body)
	if err != nil {
		return 0, err
	}
	var up struct{ Upload string }
	if err := json.Unmarshal(b, &up); err != nil {
		return 0, err
	}
	var maps []string
	for _, k := range columns {
		maps = append(maps, fmt.Sprintf(`{"field":%q,"column":%q}`, k, k))
	}
	began := time.Now()
	var job struct{ Job string }
	if err := c.into(ctx, &job, "POST", at+"/"+up.Upload+"/run", `{"mapping":{"columns":[`+strings.Join(maps, ",")+`]}}`); err != nil {
		return 0, err
	}
	for ctx.Err() == nil {
		var j struct {
			State  string
			Result json.RawMessage
		}
		if err := c.into(ctx, &j, "GET", "/jobs/"+job.Job, ""); err != nil {
			return 0, err
		}
		switch j.State {
		case "done":
			var r struct{ Created, Bad int }
			if err := json.Unmarshal(j.Result, &r); err != nil || r.Created != rows {
				return 0, fmt.Errorf("the import made %d of %d records: %s", r.Created, rows, clip(j.Result))
			}
			return time.Since(began), nil
		case "failed", "cancelled":
			return 0, fmt.Errorf("import: %s", clip(j.Result))
		}
		time.Sleep(20 * time.Millisecond)
	}
	return 0, ctx.Err()
}
