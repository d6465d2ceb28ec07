package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"tenon/engine/store"
	"tenon/schema/fault"
	wfstore "tenon/workflow/store"
)

// SMTP is a workspace's mail server.
type SMTP struct {
	Host, User, Password, From string
	Port                       int
	TLS                        string // tls, starttls, none
}

// Mailer sends queued mail. Without a server mail waits visibly in the outbox.
type Mailer struct {
	DB  *store.DB
	Now func() time.Time
	// Server gives a workspace's mail server, nil when none is set.
	Server func(ctx context.Context, workspace string) (*SMTP, error)
}

// Send sends due mail, at most 50, and returns how many were tried. Each mail
// is claimed by its row, so two nodes never send it at once.
func (m *Mailer) Send(ctx context.Context) (int, error) {
	for n := range 50 {
		res, err := m.DB.Read(ctx, wfstore.NextMail(m.Now()))
		if err != nil || len(res[0].Rows) == 0 {
			return n, err
		}
		row := res[0].Rows[0]
		id, tries := string(row[0]), res[0].Int(5)
		s, err := m.Server(ctx, string(row[1]))
		if err != nil {
			return n, err
		}
		note := wfstore.MailOutbox(id)
		if s != nil {
			note = wfstore.MailSent(id, m.Now())
			if err := deliverMail(ctx, s, string(row[2]), string(row[3]), string(row[4])); err != nil {
				note = wfstore.MailFailed(id, err.Error(), m.Now().Add(time.Minute<<min(tries, 8)), tries >= 8)
			}
		}
		if _, err := m.DB.Read(ctx, note); err != nil {
			return n, err
		}
	}
	return 50, nil
}

// deliverMail hands one mail to the server.
func deliverMail(ctx context.Context, s *SMTP, to, subject, body string) error {
	msg := mail.NewMsg()
	if err := msg.From(s.From); err != nil {
		return err
	}
	if err := msg.To(to); err != nil {
		return err
	}
	msg.Subject(subject)
	msg.SetBodyString(mail.TypeTextPlain, body)
	opts := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(20 * time.Second)}
	switch s.TLS {
	case "tls":
		opts = append(opts, mail.WithSSL())
	case "none":
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	default:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	c, err := mail.NewClient(s.Host, opts...)
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, msg)
}

// What may be wrong with a mail server's settings, and what to do.
var (
	ErrMailReach       = fault.Define(fault.Invalid, "mail.unreachable", "连不上邮件服务器 {host}:{port}，请核对地址、端口和加密方式（{detail}）", "the mail server {host}:{port} cannot be reached; check its name, port and encryption ({detail})")
	ErrMailEncryption  = fault.Define(fault.Invalid, "mail.encryption", "邮件服务器在这个端口上用的是另一种加密方式，请换一种，或换一个端口（{detail}）", "the mail server uses another kind of encryption at this port; choose another, or another port ({detail})")
	ErrMailCertificate = fault.Define(fault.Invalid, "mail.certificate", "邮件服务器的证书不可信，或不是发给“{host}”的。请填写证书上的名称；自签发的证书要先让这台机器信任（{detail}）", "the mail server's certificate is not trusted or is for another name than {host}; enter the name of the certificate, or let this machine trust who signed it ({detail})")
	ErrMailSignIn      = fault.Define(fault.Invalid, "mail.sign_in", "邮件服务器不接受这个账号和密码。有些邮箱要用专门的授权码代替登录密码（{detail}）", "the mail server does not accept this user and password; some want a code made for programs instead of the password ({detail})")
	ErrMailRefused     = fault.Define(fault.Invalid, "mail.refused", "邮件服务器没有收下这封邮件，请核对发件人和收件人（{detail}）", "the mail server did not take the mail; check its sender and its recipient ({detail})")
)

// explain tells what is wrong with a server's settings. The library has no
// kinds of errors for signing in and for encryption that is not offered; it
// sends no password in the clear and then finds no way to sign in.
func explain(s *SMTP, err error) error {
	var (
		wrong   *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		answer  *textproto.Error
		network net.Error
		kind    = ErrMailRefused
		said    = err.Error()
	)
	switch {
	case errors.As(err, &wrong):
		kind = ErrMailCertificate
	case errors.As(err, &record), errors.As(err, &alert), strings.Contains(said, "STARTTLS"), strings.Contains(said, "does not support SMTP AUTH"), strings.Contains(said, "Auth autodiscover"):
		kind = ErrMailEncryption
	case strings.Contains(said, "SMTP AUTH"):
		kind = ErrMailSignIn
	case errors.As(err, &answer):
	case errors.As(err, &network), strings.Contains(said, "dial failed"):
		kind = ErrMailReach
	}
	return kind.With("host", s.Host).With("port", s.Port).With("detail", said).Because(err)
}

// Test sends one mail now, for the settings page. Its errors say what to change.
func Test(ctx context.Context, s *SMTP, to, subject, body string) error {
	if err := deliverMail(ctx, s, to, subject, body); err != nil {
		return explain(s, err)
	}
	return nil
}
