package deliver

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"tenon/schema/fault"
)

// mailServer answers as a mail server does: with some answers of its own, over
// TLS when cfg is given. It returns its port.
func mailServer(t *testing.T, cfg *tls.Config, own map[string]string) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if cfg != nil {
		l = tls.NewListener(l, cfg)
	}
	t.Cleanup(func() { _ = l.Close() })
	usual := map[string]string{"EHLO": "250-here\r\n250 AUTH CRAM-MD5 PLAIN", "AUTH": "334 PDE+", "password": "235 ok", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye", "RSET": "250 ok", "NOOP": "250 ok"}
	talk := func(c net.Conn) {
		defer c.Close()
		say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
		say("220 here")
		before := ""
		for in := bufio.NewScanner(c); in.Scan(); {
			verb, _, _ := strings.Cut(in.Text(), " ")
			switch {
			case before == "DATA" && verb != ".":
				continue
			case before == "AUTH" && own["AUTH"] == "":
				verb = "password"
			}
			before = verb
			switch answer := own[verb]; {
			case answer != "":
				say(answer)
			case usual[verb] != "":
				say(usual[verb])
			default:
				say("502 what")
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go talk(c)
		}
	}()
	return port
}

// Whoever sets up a mail server is told what to change.
func TestTest_saysWhatToChange(t *testing.T) {
	t.Parallel()
	web := httptest.NewUnstartedServer(nil)
	web.StartTLS()
	t.Cleanup(web.Close)
	plain := mailServer(t, nil, nil)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := gone.Addr().(*net.TCPAddr).Port
	_ = gone.Close()
	for _, c := range []struct {
		name   string
		server SMTP
		want   string // code; "" is sent
	}{
		{"it works", SMTP{Port: plain, TLS: "none"}, ""},
		{"with a password", SMTP{Port: mailServer(t, nil, nil), TLS: "none", User: "u", Password: "p"}, ""},
		{"nobody listens", SMTP{Port: closed, TLS: "none"}, "mail.unreachable"},
		{"no such name", SMTP{Host: "nowhere.invalid", Port: 25}, "mail.unreachable"},
		{"no STARTTLS", SMTP{Port: plain, TLS: "starttls"}, "mail.encryption"},
		{"TLS at a plain port", SMTP{Port: plain, TLS: "tls"}, "mail.encryption"},
		{"a certificate that nobody vouches for", SMTP{Port: mailServer(t, web.TLS, nil), TLS: "tls"}, "mail.certificate"},
		{"a wrong password", SMTP{Port: mailServer(t, nil, map[string]string{"password": "535 no"}), TLS: "none", User: "u", Password: "p"}, "mail.sign_in"},
		{"a password that would travel in the clear", SMTP{Port: mailServer(t, nil, map[string]string{"EHLO": "250-here\r\n250 AUTH PLAIN LOGIN"}), TLS: "none", User: "u", Password: "p"}, "mail.encryption"},
		{"signing in is not offered", SMTP{Port: mailServer(t, nil, map[string]string{"EHLO": "250 here"}), TLS: "none", User: "u", Password: "p"}, "mail.encryption"},
		{"an unknown recipient", SMTP{Port: mailServer(t, nil, map[string]string{"RCPT": "550 unknown"}), TLS: "none"}, "mail.refused"},
		{"a sender who may not", SMTP{Port: mailServer(t, nil, map[string]string{"MAIL": "553 not yours"}), TLS: "none"}, "mail.refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.server.Host == "" {
				c.server.Host = "127.0.0.1"
			}
			c.server.From = "robot@example.com"
			err := Test(t.Context(), &c.server, "someone@example.com", "subject", "body")
			if code := codeOf(err); code != c.want {
				t.Errorf("%q (%v), want %q", code, err, c.want)
			}
		})
	}
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.Of(err)[0].Code
}
