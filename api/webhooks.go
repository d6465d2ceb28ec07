package api

import (
	"context"
	"encoding/json"
	"time"

	"tenon/engine/desk"
	"tenon/engine/identity"
)

type webhookBody struct {
	ID        string    `json:"id"`
	App       string    `json:"app"`
	Entity    *string   `json:"entity"`
	Events    []string  `json:"events"`
	URL       string    `json:"url"`
	Enabled   bool      `json:"enabled"`
	CreatedAt time.Time `json:"created_at"`
	Secret    string    `json:"secret,omitempty" doc:"signs deliveries by Standard Webhooks; only in the answer to its creation"`
}

func webhookOf(h desk.Webhook) webhookBody {
	return webhookBody{ID: h.ID, App: h.AppID, Entity: optional(h.EntityID), Events: h.Events, URL: h.URL, Enabled: h.Enabled, CreatedAt: h.CreatedAt}
}

type webhookFields struct {
	Entity  maybe[string] `json:"entity" doc:"id or key; null for all of the app"`
	Events  *[]string     `json:"events" doc:"record.created record.updated record.deleted record.restored; all when left out"`
	URL     *string       `json:"url"`
	Enabled *bool         `json:"enabled"`
}

type deliveryBody struct {
	ID        string          `json:"id"`
	Event     string          `json:"event"`
	State     string          `json:"state"`
	Status    int             `json:"status"`
	Attempts  int             `json:"attempts"`
	Request   json.RawMessage `json:"request"`
	Response  string          `json:"response"`
	NextAt    *time.Time      `json:"next_at"`
	CreatedAt time.Time       `json:"created_at"`
	EndedAt   *time.Time      `json:"ended_at"`
}

func deliveryOf(d desk.Delivery) deliveryBody {
	var e struct {
		Type string `json:"type"`
	}
	if err := d.Event.Into(&e); err != nil {
		e.Type = ""
	}
	b := deliveryBody{ID: d.ID, Event: e.Type, State: d.State, Status: d.Status, Attempts: d.Tries, Request: json.RawMessage(d.Event), Response: d.Response,
		CreatedAt: d.CreatedAt, EndedAt: instant(d.EndedAt.Time)}
	if d.State == "ready" {
		b.NextAt = instant(d.NextAt)
	}
	return b
}

// webhookRoutes administer what is pushed to other systems.
func (s *Server) webhookRoutes() {
	const tag, path = "webhooks", "/api/v1/workspaces/{ws}/webhooks"
	Handle(s, "GET", path, Doc{Who: Admin, Tag: tag, Summary: "Webhooks of the workspace"},
		func(ctx context.Context, c *Call, _ inWorkspace) (list[webhookBody], error) {
			all, err := s.Desk.Webhooks(ctx, c.Workspace.ID)
			return listOf(all, webhookOf), err
		})
	Handle(s, "POST", path, Doc{Who: Admin, Tag: tag, Summary: "Subscribe to record events; the signing secret is shown once", Status: 201}, s.addWebhook)
	Handle(s, "PATCH", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "Change a webhook"},
		func(ctx context.Context, c *Call, in struct {
			inWorkspaceID
			webhookFields
		}) (webhookBody, error) {
			old, err := s.Desk.Webhook(ctx, c.Workspace.ID, in.ID)
			if err != nil {
				return webhookBody{}, err
			}
			ch, err := s.webhookChange(ctx, old.AppID, in.webhookFields)
			if err != nil {
				return webhookBody{}, err
			}
			h, err := s.Desk.UpdateWebhook(ctx, c.Workspace.ID, in.ID, ch)
			if err != nil {
				return webhookBody{}, err
			}
			return webhookOf(h), c.Audit(ctx, "webhook.changed", h.ID, map[string]any{"app": h.AppID, "url": h.URL, "enabled": h.Enabled})
		})
	Handle(s, "DELETE", path+"/{id}", Doc{Who: Admin, Tag: tag, Summary: "End a webhook with its log"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (Empty, error) {
			if err := s.Desk.RemoveWebhook(ctx, c.Workspace.ID, in.ID); err != nil {
				return Empty{}, err
			}
			return Empty{}, c.Audit(ctx, "webhook.removed", in.ID, nil)
		})
	Handle(s, "GET", path+"/{id}/deliveries", Doc{Who: Admin, Tag: tag, Summary: "What was sent, newest first"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (list[deliveryBody], error) {
			all, err := s.Desk.Deliveries(ctx, c.Workspace.ID, in.ID, 200)
			return listOf(all, deliveryOf), err
		})
	Handle(s, "POST", "/api/v1/workspaces/{ws}/deliveries/{id}/resend", Doc{Who: Admin, Tag: tag, Summary: "Send a delivery again"},
		func(ctx context.Context, c *Call, in inWorkspaceID) (Empty, error) {
			return Empty{}, s.Desk.Resend(ctx, c.Workspace.ID, in.ID)
		})
}

func (s *Server) webhookChange(ctx context.Context, app string, in webhookFields) (desk.WebhookChange, error) {
	ch := desk.WebhookChange{Entity: in.Entity.ptr(), Events: in.Events, URL: in.URL, Enabled: in.Enabled}
	if in.Entity.v == "" {
		return ch, nil
	}
	ent, err := s.entity(ctx, app, in.Entity.v)
	if err != nil {
		return ch, err
	}
	id := ent.ID()
	ch.Entity = &id
	return ch, nil
}

func (s *Server) addWebhook(ctx context.Context, c *Call, in struct {
	inWorkspace
	App string `json:"app" need:"1"`
	webhookFields
}) (webhookBody, error) {
	app, err := s.People.App(ctx, in.App)
	if err != nil || app.WorkspaceID != c.Workspace.ID {
		return webhookBody{}, identity.ErrApp.At("app")
	}
	ch, err := s.webhookChange(ctx, app.ID, in.webhookFields)
	if err != nil {
		return webhookBody{}, err
	}
	from, err := s.Desk.FeedEnd(ctx, c.Workspace.SchemaName)
	if err != nil {
		return webhookBody{}, err
	}
	h, secret, err := s.Desk.AddWebhook(ctx, c.Workspace.ID, app.ID, c.Actor.ID, from, ch)
	if err != nil {
		return webhookBody{}, err
	}
	b := webhookOf(h)
	b.Secret = secret
	return b, c.Audit(ctx, "webhook.added", h.ID, map[string]any{"app": h.AppID, "url": h.URL})
}
