package action

import (
	"context"
	"testing"
)

// A request leaves with the secrets that it names; the one that was prepared,
// which runs and logs keep, does not hold them.
func TestSend_fillsSecrets(t *testing.T) {
	var sent *Request
	d := &Delivery{
		Do: func(_ context.Context, r *Request) (*Response, error) { sent = r; return &Response{Status: 200}, nil },
		Secret: func(_ context.Context, workspace, name string) (string, error) {
			if name == "gone" {
				return "", ErrRobot.With("reason", name)
			}
			return workspace + `-"` + name, nil
		},
	}
	r := &Request{URL: "https://example.com/?key=$secret.token", Header: map[string]string{"Authorization": "Bearer $secret.token", "Content-Type": "application/json"}, Body: []byte(`{"a":"$secret.token","b":"$secrets"}`)}
	if _, err := d.Send(t.Context(), "ws", r); err != nil {
		t.Fatal(err)
	}
	if sent.URL != `https://example.com/?key=ws-"token` || sent.Header["Authorization"] != `Bearer ws-"token` || string(sent.Body) != `{"a":"ws-\"token","b":"$secrets"}` {
		t.Errorf("%+v %s", sent, sent.Body)
	}
	if r.Header["Authorization"] != "Bearer $secret.token" || string(r.Body) != `{"a":"$secret.token","b":"$secrets"}` {
		t.Errorf("what was prepared holds a secret: %+v %s", r, r.Body)
	}
	sent = nil
	if _, err := d.Send(t.Context(), "ws", &Request{URL: "https://example.com/$secret.gone"}); err == nil || sent != nil {
		t.Error("a request with an unknown secret was sent")
	}
}
