package action

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"strings"
)

// secretRef stands in a URL, a header, a body or a signing key for a secret
// that the workspace keeps under the name. It is replaced when the request
// leaves and never before, so that no log and no run holds the secret.
var secretRef = regexp.MustCompile(`\$secret\.([a-z][a-z0-9_]{0,29})`)

// Send fills a request with the secrets that it names and sends it.
func (d *Delivery) Send(ctx context.Context, workspace string, r *Request) (*Response, error) {
	filled := *r
	var err error
	asIs := func(s string) string { return s }
	fill := func(s string, as func(string) string) string {
		return secretRef.ReplaceAllStringFunc(s, func(ref string) string {
			if err != nil {
				return ""
			}
			var text string
			text, err = d.secret(ctx, workspace, ref)
			return as(text)
		})
	}
	filled.URL = fill(r.URL, asIs)
	filled.Header = maps.Clone(r.Header)
	for k, v := range filled.Header {
		filled.Header[k] = fill(v, asIs)
	}
	within := asIs
	if strings.Contains(r.Header["Content-Type"], "json") {
		within = inJSON
	}
	filled.Body = []byte(fill(string(r.Body), within))
	if err != nil {
		return nil, err
	}
	return d.Do(ctx, &filled)
}

// secret opens a secret that a text names, "$secret.name"; any other text is
// itself.
func (d *Delivery) secret(ctx context.Context, workspace, text string) (string, error) {
	m := secretRef.FindStringSubmatch(text)
	if m == nil || m[0] != text || d.Secret == nil {
		return text, nil
	}
	return d.Secret(ctx, workspace, m[1])
}

// inJSON writes a text as the inside of a JSON string.
func inJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(b[1 : len(b)-1])
}
