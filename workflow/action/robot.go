package action

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/panel"
)

type robotOptions struct {
	Channel string      `json:"channel"`
	URL     string      `json:"url"`
	Secret  string      `json:"secret"`
	Text    schema.Text `json:"text"`
}

type robot struct {
	channel     string
	url, secret *schema.Template
	text        *Bilingual
}

// ErrRobot says that a group robot did not take a message.
var ErrRobot = fault.Define(fault.Invalid, "robot.refused", "群机器人拒绝了消息：{reason}", "the group robot refused the message: {reason}")

var _ = Define(Spec[robotOptions]{
	Name: "robot", Group: "message", Icon: "robot", External: true,
	Label: label("群机器人", "Group robot"),
	Help:  label("发到企业微信、钉钉或飞书的群机器人", "Posts to a WeCom, DingTalk or Feishu group robot"),
	Options: json.RawMessage(panel.Object(
		panel.Select("channel", "平台", "Service", panel.Choice{Value: "wecom", ZH: "企业微信", EN: "WeCom"}, panel.Choice{Value: "dingtalk", ZH: "钉钉", EN: "DingTalk"}, panel.Choice{Value: "feishu", ZH: "飞书", EN: "Feishu"}).Required(),
		panel.Text("url", 2000, "Webhook 地址", "Webhook URL").Required().Help("可写 {setting(\"robot_url\")}，或用 $secret.名称 引用工作区保管的密钥", "May be {setting(\"robot_url\")}; $secret.name stands for a secret that the workspace keeps"),
		panel.Text("secret", 200, "加签密钥", "Signing secret").Help("$secret.名称 引用工作区保管的密钥", "$secret.name stands for a secret that the workspace keeps"),
		panel.Text("text", 4000, "内容", "Text").Localized().Required())),
	Bind: func(b *Binder, o robotOptions) (Runner, error) {
		r := &robot{channel: o.Channel}
		var err error
		if r.url, err = b.Template("url", o.URL); err != nil {
			return nil, err
		}
		if r.secret, err = b.Template("secret", o.Secret); err != nil {
			return nil, err
		}
		if r.text, err = b.Bilingual("text", o.Text); err != nil {
			return nil, err
		}
		return r, nil
	},
})

// Run is not used: the run prepares, sends and finishes.
func (r *robot) Run(*Ctx) (any, error) { return nil, nil }

// Prepare renders the message in the service's form and signs it.
func (r *robot) Prepare(c *Ctx) (*Request, error) {
	u, err := c.Text(r.url)
	if err != nil {
		return nil, err
	}
	secret, err := c.Text(r.secret)
	if err == nil && !c.Rehearse {
		secret, err = c.Deliver.secret(c.Ctx, c.Space, secret)
	}
	if err != nil {
		return nil, err
	}
	text, err := r.text.Render(c)
	if err != nil {
		return nil, err
	}
	if u == "" {
		// No robot is set up: the message shows in the log and nothing is sent.
		c.Say(Message{Channel: "robot", Title: r.channel, Text: text})
		return nil, nil
	}
	now := c.Env.Now
	var body map[string]any
	switch r.channel {
	case "feishu":
		body = map[string]any{"msg_type": "text", "content": map[string]any{"text": text}}
		if secret != "" {
			// Feishu signs an empty text with "timestamp\nsecret" as the key.
			ts := strconv.FormatInt(now.Unix(), 10)
			body["timestamp"], body["sign"] = ts, sign(ts+"\n"+secret, "")
		}
	case "dingtalk":
		body = map[string]any{"msgtype": "text", "text": map[string]any{"content": text}}
		if secret != "" {
			ts := strconv.FormatInt(now.UnixMilli(), 10)
			q := url.Values{"timestamp": {ts}, "sign": {sign(secret, ts+"\n"+secret)}}
			sep := "?"
			if p, err := url.Parse(u); err == nil && p.RawQuery != "" {
				sep = "&"
			}
			u += sep + q.Encode()
		}
	default:
		body = map[string]any{"msgtype": "text", "text": map[string]any{"content": text}}
	}
	b, err := json.Marshal(body)
	c.Say(Message{Channel: "robot", Title: r.channel, Text: text})
	return &Request{Method: "POST", URL: u, Header: map[string]string{"Content-Type": "application/json"}, Body: b}, err
}

func sign(key, text string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// Finish reads the service's own error code: all three answer 200 to refusals.
func (r *robot) Finish(_ *Ctx, resp *Response) (any, error) {
	var a struct {
		ErrCode int    `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Code    int    `json:"code"`
		Msg     string `json:"msg"`
	}
	if err := json.Unmarshal([]byte(resp.Body), &a); err == nil && (a.ErrCode != 0 || a.Code != 0) {
		return nil, ErrRobot.With("reason", fmt.Sprintf("%d %s%s", a.ErrCode+a.Code, a.ErrMsg, a.Msg))
	}
	return map[string]any{"status": resp.Status}, nil
}
