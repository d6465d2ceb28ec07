package deliver

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/store"
	"tenon/schema/fault"
	"tenon/workflow/action"
	wfstore "tenon/workflow/store"
)

// Webhooks turns the change feed into deliveries and sends them, signed as
// Standard Webhooks.
type Webhooks struct {
	E      *engine.Engine
	Client *Client
	// Secret opens a webhook's sealed signing secret.
	Secret func(sealed string) (string, error)
}

var eventNames = map[string]string{"create": "record.created", "update": "record.updated", "delete": "record.deleted", "restore": "record.restored"}

// Collect reads the feed of every workspace with webhooks and writes the
// deliveries it calls for; the cursor moves in the same transaction.
func (w *Webhooks) Collect(ctx context.Context) error {
	hooks, err := w.E.DB.Read(ctx, wfstore.LiveWebhooks())
	if err != nil {
		return err
	}
	for _, row := range hooks[0].Rows {
		id, app, entity, schema := string(row[0]), string(row[1]), string(row[2]), string(row[4])
		events := map[string]bool{}
		for _, e := range store.ParseArray(row[3]) {
			events[e] = true
		}
		err := w.E.DB.InTx(ctx, func(tx *store.Tx) error {
			got, err := tx.Do(ctx, wfstore.LockWebhook(id))
			if err != nil || len(got[0].Rows) == 0 {
				return err
			}
			cursor := got[0].Int(0)
			feed, err := tx.Do(ctx, store.Feed(schema, cursor, 500))
			if err != nil || len(feed[0].Rows) == 0 {
				return err
			}
			var stmts []store.Stmt
			for _, f := range feed[0].Rows {
				if cursor, err = strconv.ParseInt(string(f[0]), 10, 64); err != nil {
					return err
				}
				name := eventNames[string(f[5])]
				if string(f[1]) != app || entity != "" && string(f[2]) != entity || !events[name] {
					continue
				}
				ev, err := json.Marshal(map[string]any{"type": name, "timestamp": w.E.Now().UTC().Format(time.RFC3339Nano),
					"data": map[string]any{"app": app, "entity": string(f[2]), "id": string(f[3]), "rev": json.Number(string(f[4])), "actor": string(f[6])}})
				if err != nil {
					return err
				}
				stmts = append(stmts, wfstore.AddDelivery(w.E.NewID(), id, ev, w.E.Now()))
			}
			stmts = append(stmts, wfstore.MoveWebhook(id, cursor))
			_, err = tx.Do(ctx, stmts...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// waits between tries of a delivery, after the Standard Webhooks recommendation.
var waits = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour}

// Send sends due deliveries, at most 50.
func (w *Webhooks) Send(ctx context.Context) error {
	for range 50 {
		res, err := w.E.DB.Read(ctx, wfstore.NextDelivery(w.E.Now()))
		if err != nil || len(res[0].Rows) == 0 {
			return err
		}
		row := res[0].Rows[0]
		id, tries := string(row[0]), res[0].Int(2)
		status, answer, err := w.post(ctx, string(row[3]), string(row[4]), id, string(row[5]), row[1])
		state, next := "done", w.E.Now()
		if err != nil {
			answer = err.Error()
			var f *fault.Fault
			if errors.As(err, &f) {
				answer = f.Text("en-US")
			}
			state = "ready"
			if int(tries) >= len(waits) {
				state = "failed"
			} else {
				next = next.Add(waits[tries])
			}
		}
		if _, err := w.E.DB.Read(ctx, wfstore.DeliveryTried(id, state, status, answer, next, w.E.Now())); err != nil {
			return err
		}
	}
	return nil
}

func (w *Webhooks) post(ctx context.Context, url, sealed, id, workspace string, event []byte) (int, string, error) {
	secret, err := w.Secret(sealed)
	if err != nil {
		return 0, "", err
	}
	body := w.withRecord(ctx, workspace, event)
	ts := strconv.FormatInt(w.E.Now().Unix(), 10)
	resp, err := w.Client.Do(ctx, &action.Request{Method: "POST", URL: url, Body: body, Header: map[string]string{"Content-Type": "application/json",
		"webhook-id": id, "webhook-timestamp": ts, "webhook-signature": "v1," + Sign(secret, id, ts, body)}, Timeout: 20 * time.Second})
	if resp == nil {
		return 0, "", err
	}
	answer := resp.Body
	if len(answer) > 2000 {
		answer = answer[:2000]
	}
	return resp.Status, answer, err
}

// Sign computes a Standard Webhooks signature.
func Sign(secret, id, timestamp string, body []byte) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		key = []byte(secret)
	}
	m := hmac.New(sha256.New, key)
	fmt.Fprintf(m, "%s.%s.%s", id, timestamp, body)
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// withRecord adds the record as it is now to an event about one that exists.
func (w *Webhooks) withRecord(ctx context.Context, workspace string, event []byte) []byte {
	var ev struct {
		Type      string         `json:"type"`
		Timestamp string         `json:"timestamp"`
		Data      map[string]any `json:"data"`
	}
	if err := json.Unmarshal(event, &ev); err != nil {
		return event
	}
	str := func(k string) string { s, _ := ev.Data[k].(string); return s }
	if rec, _, err := w.E.Get(ctx, access.System(workspace), str("app"), str("entity"), str("id"), nil, nil); err == nil {
		ev.Data["record"] = json.RawMessage(rec)
	}
	out, err := json.Marshal(ev)
	if err != nil {
		return event
	}
	return out
}
