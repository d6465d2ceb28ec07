package api

import (
	"context"
	"encoding/json"
	"slices"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/desk"
	"tenon/engine/identity"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/expr"
)

// Public links act on their own: a form's link may create records with the
// fields of that form and read nothing; a view's or record's link shows what
// its maker may see today, cut down to the link's fields.

type publicIn struct {
	Token    string `path:"token"`
	Password string `header:"X-Share-Password"`
}

type publicBody struct {
	Kind      string                `json:"kind" enum:"form view record"`
	Name      schema.Text           `json:"name"`
	Workspace string                `json:"workspace"`
	Entity    *engine.RuntimeEntity `json:"entity,omitempty"`
	Form      *schema.Form          `json:"form,omitempty"`
	View      *schema.View          `json:"view,omitempty"`
	Record    json.RawMessage       `json:"record,omitempty"`
	Records   json.RawMessage       `json:"records,omitempty"`
	Trees     map[string]*expr.Node `json:"trees,omitempty"`
	TimeZone  string                `json:"time_zone"`
}

type submittedBody struct {
	ID     string      `json:"id"`
	Rev    int64       `json:"rev"`
	Thanks schema.Text `json:"thanks"`
}

// publicRoutes serve whoever has a link.
func (s *Server) publicRoutes() {
	const tag, path = "public", "/api/v1/public/{token}"
	Handle(s, "GET", path, Doc{Who: Anyone, Tag: tag, Summary: "What a public link shows", Class: classPublic},
		func(ctx context.Context, c *Call, in struct {
			publicIn
			Cursor string `query:"cursor"`
			Limit  int    `query:"limit"`
		}) (publicBody, error) {
			return s.showPublic(ctx, c, in.publicIn, in.Cursor, in.Limit)
		})
	Handle(s, "POST", path+"/records", Doc{Who: Anyone, Tag: tag, Summary: "Submit a public form", Status: 201, Class: classPublic}, s.submit)
	Handle(s, "POST", path+"/files", Doc{Who: Anyone, Tag: tag, Summary: "Upload a file for a public form", Status: 201, Class: classPublic,
		MaxBody: maxPublicFile + 1<<20, Timeout: -1, Body: "multipart/form-data"},
		func(ctx context.Context, c *Call, in publicIn) (fileBody, error) {
			p, err := s.open(ctx, c, in)
			if err != nil {
				return fileBody{}, err
			}
			if p.form == nil || !slices.ContainsFunc(p.fields, func(f *schema.FieldModel) bool { return f.Traits.HoldsFile }) {
				return fileBody{}, desk.ErrShare.New()
			}
			part, err := filePart(c)
			if err != nil {
				return fileBody{}, err
			}
			f, err := s.Desk.Upload(ctx, p.workspace.ID, p.link.ID, part.FileName(), part, maxPublicFile)
			return fileBody{f.ID, f.Name, f.Size, f.Type}, err
		})
}

// maxPublicFile bounds what strangers may upload.
const maxPublicFile = 10 << 20

// opened is a link with what it leads to.
type opened struct {
	link      desk.Share
	workspace identity.Workspace
	actor     *access.Actor // whose eyes see: the maker's, or the link's own for forms
	app       *schema.App
	ent       *schema.EntityModel
	form      *schema.Form
	view      *schema.View
	fields    []*schema.FieldModel
	zone      string
}

func (s *Server) open(ctx context.Context, c *Call, in publicIn) (*opened, error) {
	l, err := s.Desk.OpenShare(ctx, in.Token, in.Password)
	if err != nil {
		return nil, err
	}
	app, err := s.People.App(ctx, l.AppID)
	if err != nil {
		return nil, desk.ErrShare.New()
	}
	p := &opened{link: l}
	if p.workspace, err = s.People.Workspace(ctx, app.WorkspaceID); err != nil {
		return nil, desk.ErrShare.New()
	}
	snap, err := s.Engine.Defs.At(ctx, app.ID)
	if err != nil {
		return nil, err
	}
	p.app, p.zone = snap.App, snap.Zone.String()
	p.actor = desk.ShareActor(l, app.WorkspaceID, c.Locale)
	if l.Kind != "form" {
		if p.actor, err = s.People.ActorOfMember(ctx, string(l.CreatedBy), app.ID); err != nil {
			return nil, desk.ErrShare.New() // its maker has left
		}
		p.actor.Locale = c.Locale
	}
	entity := l.Target
	switch l.Kind {
	case "form":
		for _, f := range snap.App.Forms {
			if f.ID == l.Target {
				p.form, entity = f, f.Entity
			}
		}
		if p.form == nil {
			return nil, desk.ErrShare.New()
		}
	case "view":
		for _, v := range snap.App.Views {
			if v.ID == l.Target {
				p.view, entity = v, v.Entity
			}
		}
		if p.view == nil {
			return nil, desk.ErrShare.New()
		}
	}
	if p.ent = snap.Entity(entity); p.ent == nil {
		return nil, desk.ErrShare.New()
	}
	p.fields = p.shown(access.For(p.actor, snap.Model))
	return p, nil
}

// shown are the fields that the link may show or take.
func (p *opened) shown(rights *access.Rights) []*schema.FieldModel {
	named := map[string]bool{}
	switch {
	case p.form != nil:
		formFields(p.form.Layout, named)
	case p.view != nil:
		for _, col := range p.view.Config.Columns {
			named[col.Field] = true
		}
		for _, id := range p.view.Config.Cards {
			named[id] = true
		}
	}
	var out []*schema.FieldModel
	for _, f := range p.ent.Fields {
		if len(p.link.Fields) > 0 && !slices.Contains(p.link.Fields, f.ID()) {
			continue
		}
		if p.form != nil {
			// Strangers pick neither colleagues nor records, and compute nothing.
			if !named[f.ID()] || f.Target != nil || f.Traits.HoldsUser || f.Traits.HoldsDept || f.Traits.Computed || f.Traits.Generated || !plainRows(f) {
				continue
			}
			out = append(out, f)
			continue
		}
		if (len(named) == 0 || named[f.ID()]) && rights.On(p.ent).Readable(f) {
			out = append(out, f)
		}
	}
	return out
}

// plainRows reports whether a sub-form's columns need no picker.
func plainRows(f *schema.FieldModel) bool {
	if f.Sub == nil {
		return true
	}
	return !slices.ContainsFunc(f.Sub.Fields, func(x *schema.FieldModel) bool { return x.Target != nil || x.Traits.HoldsUser || x.Traits.HoldsDept })
}

func formFields(nodes []*schema.Node, into map[string]bool) {
	for _, n := range nodes {
		if n.Field != "" && !n.ReadOnly {
			into[n.Field] = true
		}
		formFields(n.Items, into)
		for _, t := range n.Tabs {
			formFields(t.Items, into)
		}
	}
}

func (p *opened) ids() []string {
	out := make([]string, len(p.fields))
	for i, f := range p.fields {
		out[i] = f.ID()
	}
	return out
}

func (s *Server) showPublic(ctx context.Context, c *Call, in publicIn, cursor string, limit int) (publicBody, error) {
	p, err := s.open(ctx, c, in)
	if err != nil {
		return publicBody{}, err
	}
	out := publicBody{Kind: p.link.Kind, Workspace: p.workspace.Name, Name: p.ent.Def.Name, TimeZone: p.zone}
	// The shape comes from the runtime of somebody who sees all, and is cut down.
	rt, err := s.Engine.Runtime(ctx, access.System(p.workspace.ID), p.link.AppID)
	if err != nil {
		return out, err
	}
	p.cut(rt, &out)
	switch {
	case p.form != nil:
		// A form's first layout goes by the form's own name.
		if !p.form.Default {
			out.Name = p.form.Name
		}
		return out, nil
	case p.view != nil:
		out.Name, out.View = p.view.Name, p.view
		r := engine.ListRequest{}
		r.Filter, r.Fields, r.Cursor, r.Limit = p.view.Config.Filter, p.ids(), cursor, min(max(limit, 0), 200)
		for _, o := range p.view.Config.Sort {
			r.Sort = append(r.Sort, query.Sort{Field: o.Field, Desc: o.Desc})
		}
		out.Records, err = s.Engine.List(ctx, p.actor, p.link.AppID, p.ent.ID(), r)
	default:
		out.Record, _, err = s.Engine.Get(ctx, p.actor, p.link.AppID, p.ent.ID(), string(p.link.RecordID), p.ids(), nil)
	}
	if err != nil {
		return out, err
	}
	if cursor == "" {
		err = s.Desk.CountUse(ctx, p.link.ID)
	}
	return out, err
}

// cut keeps of a runtime what the link may show: the entity with its fields,
// the form's layout, and expressions over those fields alone.
func (p *opened) cut(rt *engine.Runtime, out *publicBody) {
	allowed := map[string]bool{}
	for _, f := range p.fields {
		allowed[f.ID()] = true
		if f.Sub != nil {
			for _, x := range f.Sub.Fields {
				allowed[x.ID()] = true
			}
		}
	}
	for _, e := range rt.Entities {
		if e.ID != p.ent.ID() {
			continue
		}
		x := e
		x.Ops, x.Checks, x.Comments, x.Subtitle, x.Title = []string{"read"}, nil, nil, nil, ""
		if p.form != nil {
			x.Ops = []string{"create"}
		}
		x.Fields = []engine.RuntimeField{}
		for _, f := range e.Fields {
			if allowed[f.ID] {
				f.Writable = p.form != nil
				x.Fields = append(x.Fields, f)
			}
		}
		out.Entity = &x
	}
	if p.form == nil {
		return
	}
	form := *p.form
	form.Layout = cutLayout(form.Layout, allowed)
	out.Trees = map[string]*expr.Node{}
	for key, tree := range rt.Trees {
		if within := true; treeWithin(tree, allowed, &within) {
			out.Trees[key] = tree
		}
	}
	form.Rules = slices.DeleteFunc(slices.Clone(form.Rules), func(r *schema.DisplayRule) bool { return out.Trees["rule:"+r.ID] == nil })
	keep := map[string]bool{}
	for _, r := range form.Rules {
		keep["rule:"+r.ID] = true
	}
	for id := range allowed {
		keep["required:"+id], keep["default:"+id], keep["formula:"+id] = true, true, true
	}
	for key := range out.Trees {
		if !keep[key] {
			delete(out.Trees, key)
		}
	}
	out.Form = &form
}

func treeWithin(n *expr.Node, allowed map[string]bool, ok *bool) bool {
	n.Walk(func(x *expr.Node) {
		for _, f := range x.Path {
			if !allowed[f.ID] {
				*ok = false
			}
		}
	})
	return *ok
}

func cutLayout(nodes []*schema.Node, allowed map[string]bool) []*schema.Node {
	var out []*schema.Node
	for _, n := range nodes {
		if n.Field != "" && !allowed[n.Field] || n.Entity != "" {
			continue
		}
		x := *n
		x.Items = cutLayout(n.Items, allowed)
		x.Tabs = nil
		for _, t := range n.Tabs {
			x.Tabs = append(x.Tabs, &schema.Tab{Title: t.Title, Items: cutLayout(t.Items, allowed)})
		}
		out = append(out, &x)
	}
	return out
}

func (s *Server) submit(ctx context.Context, c *Call, in struct {
	publicIn
	IdempotencyKey string         `header:"Idempotency-Key"`
	Values         map[string]any `body:"json"`
}) (submittedBody, error) {
	p, err := s.open(ctx, c, in.publicIn)
	if err != nil {
		return submittedBody{}, err
	}
	if p.form == nil {
		return submittedBody{}, desk.ErrShare.New()
	}
	for _, k := range sortedKeys(in.Values) {
		if !slices.ContainsFunc(p.fields, func(f *schema.FieldModel) bool { return f.Key() == k || f.ID() == k }) {
			return submittedBody{}, errUnknownProp.At(k).With("name", k)
		}
	}
	c.Actor, c.App.ID = p.actor, p.link.AppID
	out := submittedBody{}
	// The link's own grant has been checked above: the form's fields, and no more.
	_, err = s.once(ctx, c, in.IdempotencyKey, record.Options{Trusted: true}, []any{"public", p.link.ID, in.Values}, &out, func(ses *record.Session) (any, error) {
		if err := s.Desk.TakeUse(ses, p.link.ID); err != nil {
			return nil, err
		}
		res, err := ses.Apply(record.Op{Kind: "create", Entity: p.ent.ID(), Values: in.Values})
		if err != nil {
			return nil, err
		}
		return submittedBody{ID: res[0].ID, Rev: res[0].Rev, Thanks: p.form.ThanksText}, nil
	})
	return out, err
}
