package api

import (
	"context"
	"time"

	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/engine/install"
	"tenon/schema/fault"
	"tenon/workflow/deliver"
)

var (
	errPort   = fault.Define(fault.Invalid, "settings.port", "端口须在 1 到 65535 之间", "a port is from 1 to 65535")
	errNoSMTP = fault.Define(fault.Precondition, "settings.no_smtp", "请先填写并保存邮件服务器", "set up and save a mail server first")
)

// smtpBody is a mail server. The password is written and never read back.
type smtpBody struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	From     string `json:"from,omitempty"`
	TLS      string `json:"tls,omitempty" doc:"starttls (default), tls or none"`
}

// StoredSMTP is how a workspace keeps its mail server; the password is sealed.
type StoredSMTP struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	From     string `json:"from,omitempty"`
	TLS      string `json:"tls,omitempty"`
}

type settingsBody struct {
	Name     string    `json:"name"`
	TimeZone string    `json:"time_zone"`
	Locale   string    `json:"locale"`
	SMTP     *smtpBody `json:"smtp"`
}

type settingsIn struct {
	inWorkspace
	Name     *string         `json:"name"`
	TimeZone *string         `json:"time_zone"`
	Locale   *string         `json:"locale"`
	SMTP     maybe[smtpBody] `json:"smtp" doc:"null removes it; a password left out stays"`
}

type mailBody struct {
	ID        string     `json:"id"`
	To        string     `json:"to"`
	Subject   string     `json:"subject"`
	Body      string     `json:"body"`
	State     string     `json:"state"`
	Error     string     `json:"error,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at"`
}

// settingsRoutes administer a workspace.
func (s *Server) settingsRoutes() {
	const tag, path = "settings", "/api/v1/workspaces/{ws}/settings"
	Handle(s, "GET", path, Doc{Who: Admin, Tag: tag, Summary: "Settings of the workspace"},
		func(_ context.Context, c *Call, _ inWorkspace) (settingsBody, error) { return settingsOf(c.Workspace) })
	Handle(s, "PATCH", path, Doc{Who: Admin, Tag: tag, Summary: "Change settings"}, s.changeSettings)
	Handle(s, "POST", path+"/test-mail", Doc{Who: Admin, Tag: tag, Summary: "Send a test mail"},
		func(ctx context.Context, c *Call, in struct {
			inWorkspace
			To string `json:"to" need:"1"`
		}) (Empty, error) {
			var smtp StoredSMTP
			if ok, err := identity.Setting(c.Workspace, "smtp", &smtp); err != nil || !ok {
				if err == nil {
					err = errNoSMTP.New()
				}
				return Empty{}, err
			}
			server, err := s.MailServer(ctx, c.Workspace.ID)
			if err != nil {
				return Empty{}, err
			}
			err = deliver.Test(ctx, server, in.To, c.Text(text("Tenon 测试邮件", "Tenon test mail")),
				c.Text(text("如果你收到这封邮件，邮件服务器已设置正确。", "If you can read this, the mail server is set up correctly.")))
			if err != nil {
				return Empty{}, err
			}
			return Empty{}, c.Audit(ctx, install.AuditMailTested, "", map[string]any{"to": in.To})
		})
	const secrets = "/api/v1/workspaces/{ws}/secrets"
	Handle(s, "GET", secrets, Doc{Who: Admin, Tag: tag, Summary: "Names of the secrets that rules use"},
		func(_ context.Context, c *Call, _ inWorkspace) (list[string], error) {
			names, err := identity.SecretNames(c.Workspace)
			return list[string]{Items: orEmpty(names)}, err
		})
	Handle(s, "PUT", secrets+"/{name}", Doc{Who: Admin, Tag: tag, Summary: "Keep a secret; it is never read back"},
		func(ctx context.Context, c *Call, in struct {
			inWorkspace
			Name   string `path:"name"`
			Secret string `json:"secret" need:"1"`
		}) (Empty, error) {
			return Empty{}, s.People.PutSecret(ctx, c.By(), c.Workspace.ID, in.Name, in.Secret, c.From())
		})
	Handle(s, "DELETE", secrets+"/{name}", Doc{Who: Admin, Tag: tag, Summary: "Forget a secret"},
		func(ctx context.Context, c *Call, in struct {
			inWorkspace
			Name string `path:"name"`
		}) (Empty, error) {
			return Empty{}, s.People.PutSecret(ctx, c.By(), c.Workspace.ID, in.Name, "", c.From())
		})
	Handle(s, "GET", "/api/v1/workspaces/{ws}/outbox", Doc{Who: Admin, Tag: tag, Summary: "Outgoing mail, newest first"},
		func(ctx context.Context, c *Call, _ inWorkspace) (list[mailBody], error) {
			all, err := s.Desk.Outbox(ctx, c.Workspace.ID, 200)
			return listOf(all, mailOf), err
		})
}

func mailOf(m desk.Mail) mailBody {
	return mailBody{m.ID, m.Recipient, m.Subject, m.Body, m.State, m.Error, m.CreatedAt, instant(m.SentAt.Time)}
}

func settingsOf(w identity.Workspace) (settingsBody, error) {
	out := settingsBody{Name: w.Name, TimeZone: w.TimeZone, Locale: w.Locale}
	var smtp StoredSMTP
	ok, err := identity.Setting(w, "smtp", &smtp)
	if ok {
		b := smtpBody(smtp)
		b.Password = ""
		out.SMTP = &b
	}
	return out, err
}

func (s *Server) changeSettings(ctx context.Context, c *Call, in settingsIn) (settingsBody, error) {
	ch := identity.WorkspaceChange{Name: in.Name, TimeZone: in.TimeZone, Locale: in.Locale, Settings: map[string]any{}}
	if in.SMTP.null {
		ch.Settings["smtp"] = nil
	} else if in.SMTP.set {
		var old StoredSMTP
		if _, err := identity.Setting(c.Workspace, "smtp", &old); err != nil {
			return settingsBody{}, err
		}
		if in.SMTP.v.Port < 1 || in.SMTP.v.Port > 65535 {
			return settingsBody{}, errPort.At("smtp/port")
		}
		stored := StoredSMTP(in.SMTP.v)
		stored.Password = old.Password // left out: as it was
		if in.SMTP.v.Password != "" {
			sealed, err := s.People.Box.Seal("smtp", in.SMTP.v.Password)
			if err != nil {
				return settingsBody{}, err
			}
			stored.Password = sealed
		}
		ch.Settings["smtp"] = stored
	}
	w, err := s.People.UpdateWorkspace(ctx, c.By(), c.Workspace.ID, ch, c.From())
	if err != nil {
		return settingsBody{}, err
	}
	return settingsOf(w)
}

// MailServer gives a workspace's mail server with its password opened, nil when
// none is set; workers send through it too.
func (s *Server) MailServer(ctx context.Context, workspaceID string) (*deliver.SMTP, error) {
	return MailServer(ctx, s.People, workspaceID)
}

// MailServer is the same for a process without a web server.
func MailServer(ctx context.Context, people *identity.Service, workspaceID string) (*deliver.SMTP, error) {
	w, err := people.Workspace(ctx, workspaceID)
	if err != nil {
		return nil, err
	}
	var smtp StoredSMTP
	if ok, err := identity.Setting(w, "smtp", &smtp); err != nil || !ok {
		return nil, err
	}
	password, err := people.Box.Open("smtp", smtp.Password)
	if err != nil {
		return nil, err
	}
	from := smtp.From
	if from == "" {
		from = smtp.User
	}
	return &deliver.SMTP{Host: smtp.Host, Port: smtp.Port, User: smtp.User, Password: password, From: from, TLS: smtp.TLS}, nil
}
