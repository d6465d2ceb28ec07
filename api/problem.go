package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"

	"tenon/schema"
	"tenon/schema/catalog"
	"tenon/schema/fault"
)

// statuses is the only place that knows which HTTP status a kind of fault has.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Precondition:    http.StatusPreconditionFailed,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Transient:       http.StatusServiceUnavailable,
	fault.Unsupported:     http.StatusNotImplemented,
}

// titles say what sort of problem it is.
var titles = map[fault.Kind]schema.Text{
	fault.Internal:        {ZH: "系统错误", EN: "Internal error"},
	fault.Invalid:         {ZH: "内容有误", EN: "Invalid input"},
	fault.Unauthenticated: {ZH: "未登录", EN: "Not signed in"},
	fault.Forbidden:       {ZH: "没有权限", EN: "Not allowed"},
	fault.NotFound:        {ZH: "找不到", EN: "Not found"},
	fault.Conflict:        {ZH: "有冲突", EN: "Conflict"},
	fault.Precondition:    {ZH: "内容已变化", EN: "Changed meanwhile"},
	fault.TooMany:         {ZH: "请求过多", EN: "Too many requests"},
	fault.Transient:       {ZH: "暂时不可用", EN: "Temporarily unavailable"},
	fault.Unsupported:     {ZH: "不支持", EN: "Not supported"},
}

// Faults of requests themselves.
var (
	errBodyShape   = fault.Define(fault.Invalid, "request.body", "请求内容应为 {want}", "the body must be {want}")
	errBodySize    = fault.Define(fault.TooMany, "request.too_large", "请求内容超过 {max} MB", "the body is larger than {max} MB")
	errMediaType   = fault.Define(fault.Invalid, "request.media_type", "Content-Type 应为 {want}", "the Content-Type must be {want}")
	errUnknownProp = fault.Define(fault.Invalid, "request.unknown", "不认识的属性“{name}”", "there is no property \"{name}\"")
	errPropType    = fault.Define(fault.Invalid, "request.type", "应为{want}", "must be {want}")
	errMissing     = fault.Define(fault.Invalid, "request.missing", "缺少“{name}”", "\"{name}\" is missing")
	errRepeated    = fault.Define(fault.Invalid, "request.repeated", "参数“{name}”出现了多次", "the parameter \"{name}\" appears more than once")
	errNoRoute     = fault.Define(fault.NotFound, "request.route", "没有这个接口：{path}", "there is nothing at {path}")
	errNoMethod    = fault.Define(fault.Invalid, "request.method", "该地址不支持 {method}", "{method} is not possible here")
	errForgery     = fault.Define(fault.Forbidden, "request.forgery", "请求缺少 X-Tenon 标头或来自其他网站", "the request lacks the header X-Tenon: 1, or comes from another site")
	errTooFast     = fault.Define(fault.TooMany, "request.rate", "请求过于频繁，请在 {seconds} 秒后重试", "too many requests; try again in {seconds} seconds")
	errSlow        = fault.Define(fault.Transient, "request.timeout", "处理超时，请稍后重试", "this took too long; try again later")
	errDown        = fault.Define(fault.Transient, "database.down", "数据库暂时不可用，请稍后重试", "the database cannot be reached; try again later")
	errInsecure    = fault.Define(fault.Forbidden, "auth.insecure", "为保护密码，登录须使用 https（或本机地址）；管理员可用 TENON_ALLOW_HTTP=1 放行", "to protect your password, sign in over https or from this machine; the operator can allow plain http with TENON_ALLOW_HTTP=1")
	errSessionOnly = fault.Define(fault.Forbidden, "auth.session_only", "该操作须由登录的用户进行，不能使用密钥", "this is for people who are signed in, not for API keys")
	errScope       = fault.Define(fault.Forbidden, "auth.scope", "密钥没有管理权限（manage）", "the API key's scopes do not include manage")
)

// problem is the body of an error, RFC 9457.
type problem struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Code      string        `json:"code"`
	Detail    string        `json:"detail"`
	RequestID string        `json:"request_id"`
	Errors    []problemItem `json:"errors"`
}

// problemItem is one fault: where, what, and what it says.
type problemItem struct {
	Path    string         `json:"path"`
	Code    string         `json:"code"`
	Params  map[string]any `json:"params,omitempty"`
	Message string         `json:"message"`
}

// classify turns what an outage looks like into a fault that says so.
func classify(err error) error {
	var f *fault.Fault
	var l fault.List
	if errors.As(err, &f) && f.Kind != fault.Internal || errors.As(err, &l) {
		return err
	}
	var size *http.MaxBytesError
	var sql interface{ SQLState() string }
	var nerr net.Error
	switch {
	case errors.As(err, &size):
		return errBodySize.With("max", size.Limit>>20)
	case errors.As(err, &sql):
		switch s := sql.SQLState(); {
		case s == "57014", s == "25P03":
			return errSlow.New().Because(err)
		case strings.HasPrefix(s, "57P"), strings.HasPrefix(s, "08"), strings.HasPrefix(s, "53"):
			return errDown.New().Because(err)
		}
	case errors.Is(err, context.DeadlineExceeded):
		return errSlow.New().Because(err)
	case errors.As(err, &nerr), errors.Is(err, io.ErrUnexpectedEOF):
		return errDown.New().Because(err)
	}
	return err
}

// items words faults in a language.
func items(l fault.List, locale string) []problemItem {
	out := make([]problemItem, len(l))
	for i, f := range l {
		f = localised(f, locale)
		out[i] = problemItem{Path: f.Path, Code: f.Code, Params: f.Params, Message: f.Text(locale)}
	}
	return out
}

// localised picks the language of parameters that are names of things.
func localised(f *fault.Fault, locale string) *fault.Fault {
	var params map[string]any
	for k, v := range f.Params {
		var text string
		switch v := v.(type) {
		case schema.Text:
			text = v.In(locale)
		case catalog.Label:
			text = schema.Text{ZH: v.ZH, EN: v.EN}.In(locale)
		case error:
			text = v.Error()
		default:
			continue
		}
		if params == nil {
			params = maps.Clone(f.Params)
		}
		params[k] = text
	}
	if params == nil {
		return f
	}
	c := *f
	c.Params = params
	return &c
}

// shownInternal hides what went wrong inside: users get the number to quote.
func shownInternal(l fault.List) fault.List {
	for _, f := range l {
		if f.Kind == fault.Internal {
			return fault.List{fault.ErrInternal.New()}
		}
	}
	return l
}

func newProblem(err error, locale, requestID string) problem {
	list := shownInternal(fault.Of(err))
	kind := fault.KindOf(list)
	status := statuses[kind]
	if errors.Is(list, errBodySize.New()) || list[0].Def == errBodySize {
		status = http.StatusRequestEntityTooLarge
	}
	if list[0].Def == errNoMethod {
		status = http.StatusMethodNotAllowed
	}
	if list[0].Def == errMediaType {
		status = http.StatusUnsupportedMediaType
	}
	p := problem{Type: "about:blank", Title: titles[kind].In(locale), Status: status, Code: list[0].Code, RequestID: requestID, Errors: items(list, locale)}
	for _, f := range list {
		if f.Kind == kind {
			p.Code = f.Code
			break
		}
	}
	const shown = 3
	var words []string
	for i, it := range p.Errors {
		if i == shown {
			words = append(words, "…")
			break
		}
		words = append(words, it.Message)
	}
	sep := "; "
	if strings.HasPrefix(locale, "zh") {
		sep = "；"
	}
	p.Detail = strings.Join(words, sep)
	return p
}

func (p problem) bytes() []byte {
	b, err := json.Marshal(p)
	if err != nil {
		// A parameter that JSON cannot hold must not hide the problem itself.
		for i := range p.Errors {
			p.Errors[i].Params = nil
		}
		b, _ = json.Marshal(p)
	}
	return b
}
