package deliver

import (
	"context"
	"time"

	"github.com/wneessen/go-mail"

	"tenon/engine/store"
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

// Test sends one mail now, for the settings page.
func Test(ctx context.Context, s *SMTP, to, subject, body string) error {
	return deliverMail(ctx, s, to, subject, body)
}
