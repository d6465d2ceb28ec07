package desk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"slices"

	"tenon/engine/store"
)

// Webhook is a subscription to record events.
type Webhook = store.Webhook

// Delivery is one event on its way to a webhook.
type Delivery = store.Delivery

// WebhookEvents are the events that a webhook can ask for.
var WebhookEvents = []string{"record.created", "record.updated", "record.deleted", "record.restored"}

// secretPrefix marks signing secrets of Standard Webhooks.
const secretPrefix = "whsec_"

// Webhooks lists a workspace's webhooks.
func (s *Service) Webhooks(ctx context.Context, workspaceID string) ([]Webhook, error) {
	return store.Find[Webhook](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID}, "created_at", "id")
}

// WebhookChange is what may be said about a webhook; nil leaves as it is.
type WebhookChange struct {
	Entity  *string // id; "" for all of the app
	Events  *[]string
	URL     *string
	Enabled *bool
}

func (w WebhookChange) apply(h *Webhook) error {
	if w.Entity != nil {
		h.EntityID = *w.Entity
	}
	if w.Events != nil {
		h.Events = store.Strings{}
		for _, e := range *w.Events {
			if !slices.Contains(WebhookEvents, e) {
				return ErrWebhookEvent.At("events").With("event", e)
			}
			h.Events = append(h.Events, e)
		}
	}
	if len(h.Events) == 0 {
		h.Events = append(store.Strings{}, WebhookEvents...)
	}
	if w.URL != nil {
		u, err := url.Parse(*w.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || len(*w.URL) > 2000 {
			return ErrWebhookURL.At("url")
		}
		h.URL = u.String()
	}
	if h.URL == "" {
		return ErrWebhookURL.At("url")
	}
	if w.Enabled != nil {
		h.Enabled = *w.Enabled
	}
	return nil
}

// AddWebhook subscribes; the signing secret is returned here and never again.
// from is the place in the workspace's history where it starts.
func (s *Service) AddWebhook(ctx context.Context, workspaceID, appID, by string, from int64, ch WebhookChange) (Webhook, string, error) {
	h := Webhook{ID: s.NewID(), WorkspaceID: workspaceID, AppID: appID, Enabled: true, CursorID: from, CreatedBy: store.ID(by), CreatedAt: s.Now()}
	if err := ch.apply(&h); err != nil {
		return Webhook{}, "", err
	}
	key := make([]byte, 24)
	if _, err := rand.Read(key); err != nil {
		return Webhook{}, "", err
	}
	secret := secretPrefix + base64.StdEncoding.EncodeToString(key)
	var err error
	if h.Secret, err = s.Box.Seal("webhook", secret); err != nil {
		return Webhook{}, "", err
	}
	return h, secret, store.Insert(s.DB.Cold(ctx), h)
}

// WebhookSecret opens a sealed signing secret, for the worker that signs.
func (s *Service) WebhookSecret(sealed string) (string, error) { return s.Box.Open("webhook", sealed) }

// UpdateWebhook changes a webhook.
func (s *Service) UpdateWebhook(ctx context.Context, workspaceID, id string, ch WebhookChange) (Webhook, error) {
	h, err := s.Webhook(ctx, workspaceID, id)
	if err != nil {
		return Webhook{}, err
	}
	if err := ch.apply(&h); err != nil {
		return Webhook{}, err
	}
	_, err = store.Change[Webhook](s.DB.Cold(ctx), store.Match{"id": id}, store.Set{"entity_id": h.EntityID, "events": h.Events, "url": h.URL, "enabled": h.Enabled})
	return h, err
}

// RemoveWebhook ends a subscription with its log.
func (s *Service) RemoveWebhook(ctx context.Context, workspaceID, id string) error {
	h, err := s.Webhook(ctx, workspaceID, id)
	if err != nil {
		return err
	}
	_, err = store.Remove[Webhook](s.DB.Cold(ctx), store.Match{"id": h.ID})
	return err
}

// Webhook finds a webhook of a workspace.
func (s *Service) Webhook(ctx context.Context, workspaceID, id string) (Webhook, error) {
	if !isID(id) {
		return Webhook{}, ErrWebhook.New()
	}
	h, ok, err := store.First[Webhook](s.DB.Cold(ctx), store.Match{"id": id, "workspace_id": workspaceID})
	if err == nil && !ok {
		err = ErrWebhook.New()
	}
	return h, err
}

// Deliveries lists what was sent to a webhook, the newest first.
func (s *Service) Deliveries(ctx context.Context, workspaceID, id string, limit int) ([]Delivery, error) {
	if _, err := s.Webhook(ctx, workspaceID, id); err != nil {
		return nil, err
	}
	return store.FindPage[Delivery](s.DB.Cold(ctx), store.Match{"webhook_id": id}, limit, "-created_at", "-id")
}

// Resend puts a delivery back into the queue.
func (s *Service) Resend(ctx context.Context, workspaceID, id string) error {
	if !isID(id) {
		return ErrDelivery.New()
	}
	cold := s.DB.Cold(ctx)
	d, ok, err := store.First[Delivery](cold, store.Match{"id": id})
	if err != nil {
		return err
	}
	if !ok {
		return ErrDelivery.New()
	}
	if _, err := s.Webhook(ctx, workspaceID, d.WebhookID); err != nil {
		return ErrDelivery.New()
	}
	_, err = store.Change[Delivery](cold, store.Match{"id": id}, store.Set{"state": "ready", "tries": 0, "next_at": s.Now(), "ended_at": nil})
	return err
}

// Mail is an outgoing message.
type Mail = store.Mail

// Outbox lists a workspace's outgoing mail, the newest first.
func (s *Service) Outbox(ctx context.Context, workspaceID string, limit int) ([]Mail, error) {
	return store.FindPage[Mail](s.DB.Cold(ctx), store.Match{"workspace_id": workspaceID}, limit, "-created_at", "-id")
}

// QueueMail puts a message into the queue of the worker that sends, or into
// the visible outbox when no mail server is set.
func (s *Service) QueueMail(ctx context.Context, workspaceID, to, subject, body string, send bool) (Mail, error) {
	m := Mail{ID: s.NewID(), WorkspaceID: workspaceID, Recipient: to, Subject: excerpt(oneLine(subject), 200), Body: body, State: "ready", NextAt: s.Now(), CreatedAt: s.Now()}
	if !send {
		m.State = "outbox"
	}
	return m, store.Insert(s.DB.Cold(ctx), m)
}

// oneLine keeps a subject from adding headers.
func oneLine(text string) string {
	b := []rune(text)
	for i, r := range b {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			b[i] = ' '
		}
	}
	return string(b)
}

// FeedEnd is the newest place in a workspace's history, where new readers start.
func (s *Service) FeedEnd(ctx context.Context, schemaName string) (int64, error) {
	r, err := s.DB.Read(ctx, store.FeedEnd(schemaName))
	if err != nil {
		return 0, err
	}
	return r[0].Int(0), nil
}

// Line is a change of a record as the feed tells it: ids, no values.
type Line struct {
	ID                      int64
	App, Entity, Record, Op string
	Rev                     int64
	Actor                   string
}

// Feed reads what happened in a workspace after a place in its history, in an
// order in which nothing is passed over.
func (s *Service) Feed(ctx context.Context, schemaName string, after int64, limit int) ([]Line, error) {
	r, err := s.DB.Read(ctx, store.Feed(schemaName, after, limit))
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(r[0].Rows))
	for i, row := range r[0].Rows {
		one := store.Result{Rows: [][][]byte{row}}
		out[i] = Line{ID: one.Int(0), App: one.Str(1), Entity: one.Str(2), Record: one.Str(3), Rev: one.Int(4), Op: one.Str(5), Actor: one.Str(6)}
	}
	return out, nil
}

// FeedChannel is where nodes tell each other that a workspace's history grew;
// the payload is the name of its schema.
const FeedChannel = "tenon_feed"
