package action

import (
	"encoding/json"
	"strings"

	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/panel"
)

type header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type httpOptions struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers []header          `json:"headers"`
	Body    string            `json:"body"`
	JSON    map[string]string `json:"json"`
}

type httpRequest struct {
	method  string
	url     *schema.Template
	headers map[string]*schema.Template
	body    *schema.Template
	json    map[string]*expr.Program
}

var _ = Define(Spec[httpOptions]{
	Name: "http_request", Group: "outside", Icon: "globe", External: true,
	Label: label("HTTP 请求", "HTTP request"),
	Help:  label("把数据发给其他系统；失败会自动重试，同一次执行带相同的 Idempotency-Key", "Sends data to another system; failures are retried with the same Idempotency-Key"),
	Options: json.RawMessage(panel.Object(
		panel.Select("method", "方法", "Method", panel.Choice{Value: "POST", ZH: "POST", EN: "POST"}, panel.Choice{Value: "GET", ZH: "GET", EN: "GET"}, panel.Choice{Value: "PUT", ZH: "PUT", EN: "PUT"}, panel.Choice{Value: "PATCH", ZH: "PATCH", EN: "PATCH"}, panel.Choice{Value: "DELETE", ZH: "DELETE", EN: "DELETE"}).Required(),
		panel.Text("url", 2000, "网址", "URL").Required().Help("网址、请求头和内容里的 $secret.名称 在发送时换成工作区保管的密钥", "$secret.name in the URL, headers and body becomes a secret that the workspace keeps, as it is sent"),
		panel.List("headers", 0, 30, "请求头", "Headers", panel.Text("name", 100, "名称", "Name").Required(), panel.Text("value", 2000, "值", "Value").Required()),
		panel.Custom("json", "set", "JSON 内容", "JSON body", map[string]any{"type": "object", "maxProperties": 100, "additionalProperties": map[string]any{"type": "string", "maxLength": 8192}}),
		panel.Text("body", 20000, "文本内容", "Text body"))),
	Bind: func(b *Binder, o httpOptions) (Runner, error) {
		h := &httpRequest{method: o.Method, headers: map[string]*schema.Template{}, json: map[string]*expr.Program{}}
		var err error
		if h.url, err = b.Template("url", o.URL); err != nil {
			return nil, err
		}
		if h.body, err = b.Template("body", o.Body); err != nil {
			return nil, err
		}
		for _, x := range o.Headers {
			if h.headers[x.Name], err = b.Template("headers", x.Value); err != nil {
				return nil, err
			}
		}
		for k, src := range o.JSON {
			if h.json[k], err = b.Expr("json/"+k, src); err != nil {
				return nil, err
			}
		}
		return h, nil
	},
})

// Run is not used: the run prepares, sends and finishes.
func (h *httpRequest) Run(*Ctx) (any, error) { return nil, nil }

// Prepare renders the request.
func (h *httpRequest) Prepare(c *Ctx) (*Request, error) {
	r := &Request{Method: h.method, Header: map[string]string{}}
	var err error
	if r.URL, err = c.Text(h.url); err != nil {
		return nil, err
	}
	for k, t := range h.headers {
		if r.Header[k], err = c.Text(t); err != nil {
			return nil, err
		}
	}
	if len(h.json) > 0 {
		m := map[string]any{}
		for k, p := range h.json {
			v, err := p.Eval(c.Env)
			if err != nil {
				return nil, err
			}
			m[k] = v
		}
		if r.Body, err = json.Marshal(m); err != nil {
			return nil, err
		}
		r.Header["Content-Type"] = "application/json"
		return r, nil
	}
	s, err := c.Text(h.body)
	r.Body = []byte(s)
	if strings.HasPrefix(strings.TrimSpace(s), "{") && r.Header["Content-Type"] == "" {
		r.Header["Content-Type"] = "application/json"
	}
	return r, err
}

// Finish logs the answer.
func (h *httpRequest) Finish(_ *Ctx, resp *Response) (any, error) {
	body := resp.Body
	if len(body) > 2000 {
		body = body[:2000]
	}
	return map[string]any{"status": resp.Status, "body": body}, nil
}
