package api

import (
	"context"
	"encoding/json"
	"time"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/desk"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/engine/transfer"
	"tenon/schema"
	"tenon/schema/catalog"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/value"
)

var errNoView = fault.Define(fault.NotFound, "view.unknown", "找不到视图“{ref}”", "there is no view \"{ref}\"")

type actorRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type changeBody struct {
	Field      string      `json:"field"`
	Name       schema.Text `json:"name"`
	Before     value.Value `json:"before"`
	After      value.Value `json:"after"`
	BeforeText string      `json:"before_text"`
	AfterText  string      `json:"after_text"`
}

type historyBody struct {
	ID        string       `json:"id"`
	At        time.Time    `json:"at"`
	Rev       int64        `json:"rev"`
	Op        string       `json:"op"`
	Actor     *actorRef    `json:"actor"`
	Cause     string       `json:"cause,omitempty"`
	Operation string       `json:"operation,omitempty"`
	Changes   []changeBody `json:"changes"`
}

type relatedBody struct {
	Entity string          `json:"entity"`
	Via    string          `json:"via"`
	Name   schema.Text     `json:"name"`
	Count  int64           `json:"count"`
	List   json.RawMessage `json:"records"`
	Names  json.RawMessage `json:"_names"`
}

type reasonBody struct {
	Role string      `json:"role"`
	Text string      `json:"text"`
	When string      `json:"when,omitempty" doc:"the condition of the role, for those who build the app"`
	Seen []expr.Seen `json:"seen,omitempty" doc:"what the condition and its parts came to"`
}

type whyBody struct {
	Visible  bool            `json:"visible"`
	Readable *string         `json:"field_level,omitempty" doc:"hidden, partial or shown"`
	Writable *bool           `json:"writable,omitempty"`
	Reasons  []reasonBody    `json:"reasons"`
	Record   json.RawMessage `json:"record,omitempty" doc:"as the member sees it"`
}

// recordCompanionRoutes tell the story of a record and what surrounds it.
func (s *Server) recordCompanionRoutes() {
	const tag, one = "records", recordsPath + "/{id}"
	Handle(s, "GET", one+"/history", Doc{Who: InApp, Tag: tag, Summary: "What happened to a record, newest first"},
		func(ctx context.Context, c *Call, in struct {
			inRecord
			Before int64 `query:"before" doc:"id of a line to go on from"`
			Limit  int   `query:"limit"`
		}) (list[historyBody], error) {
			lines, err := s.Engine.History(ctx, c.Actor, c.App.ID, in.Entity, in.ID, in.Before, in.Limit)
			return listOf(lines, historyOf), err
		})
	Handle(s, "GET", one+"/related", Doc{Who: InApp, Tag: tag, Summary: "Records that link to this one, by link"}, s.related)
	Handle(s, "GET", one+"/why", Doc{Who: InApp, Tag: tag, Summary: "Why the caller, or a member, sees or may change a record and a field of it"}, s.why)
	Handle(s, "GET", one+"/readers", Doc{Who: Builder, Tag: tag, Summary: "Who sees a record, by which roles, and who may change it", Timeout: time.Minute}, s.readers)
	Handle(s, "GET", one+"/tasks", Doc{Who: InApp, Tag: tag, Summary: "Tasks of a record"},
		func(ctx context.Context, c *Call, in inRecord) (list[taskBody], error) {
			at, _, err := s.place(ctx, c, in)
			if err != nil {
				return list[taskBody]{}, err
			}
			l, err := s.Desk.TasksAt(ctx, at)
			if err != nil {
				return list[taskBody]{}, err
			}
			return s.taskList(ctx, c, l)
		})
}

func historyOf(e engine.Entry) historyBody {
	b := historyBody{ID: itoa(e.ID), At: e.At, Rev: e.Rev, Op: e.Op, Cause: e.Cause, Operation: e.Operation, Changes: []changeBody{}}
	if e.Actor != "" {
		b.Actor = &actorRef{e.Actor, e.ActorName, "member"}
	}
	for _, c := range e.Changes {
		b.Changes = append(b.Changes, changeBody(c))
	}
	return b
}

// place finds a record that the caller may see, and its title.
func (s *Server) place(ctx context.Context, c *Call, in inRecord) (desk.Place, string, error) {
	ent, err := s.entity(ctx, c.App.ID, in.Entity)
	if err != nil {
		return desk.Place{}, "", err
	}
	b, _, err := s.Engine.Get(ctx, c.Actor, c.App.ID, in.Entity, in.ID, []string{"id"}, nil)
	if err != nil {
		return desk.Place{}, "", err
	}
	var r struct {
		Title string `json:"_title"`
	}
	err = json.Unmarshal(b, &r)
	return desk.Place{Workspace: c.Actor.WorkspaceID, App: c.App.ID, Entity: ent.ID(), Record: in.ID}, r.Title, err
}

// related lists, per link that points here, the first records.
func (s *Server) related(ctx context.Context, c *Call, in struct {
	inRecord
	Limit int `query:"limit"`
}) (list[relatedBody], error) {
	out := list[relatedBody]{Items: []relatedBody{}}
	if in.Limit <= 0 || in.Limit > 100 {
		in.Limit = 10
	}
	if _, _, err := s.place(ctx, c, in.inRecord); err != nil {
		return out, err
	}
	snap, err := s.Engine.Defs.At(ctx, c.App.ID)
	if err != nil {
		return out, err
	}
	here := snap.Entity(in.Entity)
	rights := access.For(c.Actor, snap.Model)
	for _, ent := range snap.Entities {
		on := rights.On(ent)
		for _, f := range ent.Fields {
			if f.Target != here || !on.Can("read") || !on.Readable(f) {
				continue
			}
			op, v := "eq", any(in.ID)
			if f.Link.Many {
				op, v = "in", []any{in.ID}
			}
			filter, err := query.FilterText(map[string]any{"field": f.Key(), "op": op, "value": v}, ent)
			if err != nil {
				return out, err
			}
			r := engine.ListRequest{}
			r.Filter, r.Limit, r.Count = filter, in.Limit, true
			b, err := s.Engine.List(ctx, c.Actor, c.App.ID, ent.ID(), r)
			if fault.KindOf(err) == fault.Forbidden && err != nil {
				continue // the link shows on some rows only, so it is no path to the others
			}
			if err != nil {
				return out, err
			}
			var page struct {
				Records json.RawMessage `json:"records"`
				Names   json.RawMessage `json:"_names"`
				Count   int64           `json:"count"`
			}
			if err := json.Unmarshal(b, &page); err != nil {
				return out, err
			}
			out.Items = append(out.Items, relatedBody{ent.Key(), f.Key(), ent.Def.Name, page.Count, page.Records, page.Names})
		}
	}
	return out, nil
}

var levelNames = map[access.Level]string{access.Hidden: "hidden", access.Partial: "partial", access.Shown: "shown"}

// why explains rights on a record. Who builds the app may ask for any member,
// others for themselves and only about records that they see.
func (s *Server) why(ctx context.Context, c *Call, in struct {
	inRecord
	Field  string `query:"field"`
	ViewAs string `query:"view_as" doc:"member id"`
}) (whyBody, error) {
	out := whyBody{Reasons: []reasonBody{}}
	actor := c.Actor
	if in.ViewAs != "" {
		if err := s.builds(ctx, c); err != nil {
			return out, err
		}
		a, err := s.People.ActorOfMember(ctx, in.ViewAs, c.App.ID)
		if err != nil {
			return out, err
		}
		if a.WorkspaceID != c.Actor.WorkspaceID {
			return out, errNoMember.At("view_as")
		}
		a.Locale = c.Locale
		actor = a
	}
	b, _, err := s.Engine.Get(ctx, actor, c.App.ID, in.Entity, in.ID, nil, nil)
	if kind := fault.KindOf(err); err != nil && (in.ViewAs == "" || kind != fault.NotFound && kind != fault.Forbidden) {
		return out, err
	}
	out.Visible = err == nil
	if in.ViewAs != "" && out.Visible {
		out.Record = b
	}
	return out, s.reasons(ctx, c, actor, in.inRecord, in.Field, &out)
}

type readerBody struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Admin  bool          `json:"admin" doc:"sees and changes everything"`
	Change bool          `json:"change" doc:"may change the record as well"`
	Roles  []schema.Text `json:"roles" doc:"the roles that show it"`
}

type readersBody struct {
	Items []readerBody `json:"items"`
	Asked int          `json:"asked" doc:"members looked at so far: the offset to go on from"`
	Of    int          `json:"of" doc:"members of the workspace"`
}

// readersAtOnce is how many members one request looks at: each is asked in a
// session of its own, since conditions may ask for anything about them.
const readersAtOnce = 100

// readers goes through the members of the workspace and tells who sees a record.
func (s *Server) readers(ctx context.Context, c *Call, in struct {
	inRecord
	From int `query:"from" doc:"members to pass over: asked of the answer before"`
}) (readersBody, error) {
	out := readersBody{Items: []readerBody{}}
	if _, _, err := s.place(ctx, c, in.inRecord); err != nil {
		return out, err
	}
	members, err := s.People.Everyone(ctx, c.Actor.WorkspaceID)
	if err != nil {
		return out, err
	}
	out.Of = len(members)
	from := min(max(in.From, 0), out.Of)
	out.Asked = min(from+readersAtOnce, out.Of)
	for _, m := range members[from:out.Asked] {
		a, err := s.People.ActorOfMember(ctx, m.ID, c.App.ID)
		if err != nil {
			return out, err
		}
		one, ok, err := s.reader(ctx, c, a, in.inRecord)
		if err != nil {
			return out, err
		}
		if ok {
			out.Items = append(out.Items, one)
		}
	}
	return out, nil
}

// reader says whether and by which roles a member sees a record.
func (s *Server) reader(ctx context.Context, c *Call, a *access.Actor, at inRecord) (out readerBody, ok bool, err error) {
	out = readerBody{ID: a.ID, Name: a.Name, Roles: []schema.Text{}}
	err = s.Engine.Rehearse(ctx, c.App.ID, a, record.Options{}, func(ses *record.Session) error {
		ent := ses.Snap.Entity(at.Entity)
		if ent == nil {
			return engine.ErrNoEntity.With("ref", at.Entity)
		}
		rights := ses.Rights.On(ent)
		if rights.Full {
			ok, out.Admin, out.Change = true, true, true
			return nil
		}
		recs, err := ses.Load(ent, []string{at.ID}, "")
		if err != nil || len(recs) == 0 {
			return err
		}
		env := ses.Env(recs[0], recs[0])
		if ok, err = rights.RowAllowed("read", env); err != nil || !ok {
			return err
		}
		if out.Change, err = rights.RowAllowed("update", env); err != nil {
			return err
		}
		for _, r := range ses.Snap.Roles {
			g := r.Grants[ent.ID()]
			if g == nil || !g.Ops["read"] || !holds(a, r) {
				continue
			}
			if g.Filter != nil {
				if fits, err := g.Filter.True(env); err != nil || !fits {
					if err != nil {
						return err
					}
					continue
				}
			}
			out.Roles = append(out.Roles, r.Def.Name)
		}
		return nil
	})
	return out, ok, err
}

var errNoMember = fault.Define(fault.NotFound, "why.member", "成员不存在", "there is no such member")

// limits says what the rule of a role on a field does, by its name.
var limits = map[string]catalog.Label{
	"hidden":    {ZH: "该角色看不到此字段", EN: "The role does not see this field"},
	"partial":   {ZH: "该角色只能看到此字段的一部分", EN: "The role sees only a part of this field"},
	"read_only": {ZH: "该角色不能修改此字段", EN: "The role may not change this field"},
	"visible":   {ZH: "该角色可以看到此字段", EN: "The role sees this field"},
}

// reasons goes through the actor's grants and says what each does here.
func (s *Server) reasons(ctx context.Context, c *Call, actor *access.Actor, at inRecord, field string, out *whyBody) error {
	return s.Engine.Rehearse(ctx, c.App.ID, actor, record.Options{}, func(ses *record.Session) error {
		ent := ses.Snap.Entity(at.Entity)
		if ent == nil {
			return engine.ErrNoEntity.With("ref", at.Entity)
		}
		recs, err := ses.Load(ent, []string{at.ID}, "")
		if err != nil {
			return err
		}
		if len(recs) == 0 {
			return access.ErrNotFound.New()
		}
		env := ses.Env(recs[0], recs[0])
		rights := ses.Rights.On(ent)
		// Conditions of roles are for those who build the app.
		builder := s.builds(ctx, c) == nil
		say := func(role, zh, en string, when ...*expr.Program) {
			r := reasonBody{Role: role, Text: c.Text(text(zh, en))}
			for _, p := range when {
				if builder && p != nil {
					r.When, r.Seen = p.Source, p.Explain(env)
				}
			}
			out.Reasons = append(out.Reasons, r)
		}
		if rights.Full {
			say("", "管理员可以查看和修改全部记录与字段", "An administrator sees and changes everything")
		}
		for _, r := range ses.Snap.Roles {
			g := r.Grants[ent.ID()]
			if g == nil || rights.Full || !holds(actor, r) {
				continue
			}
			name := c.Text(r.Def.Name)
			switch {
			case !g.Ops["read"]:
				say(name, "该角色没有查看权限", "The role has no right to read")
				continue
			case g.Filter == nil:
				if field == "" { // of a field that says nothing
					say(name, "该角色可以查看全部记录", "The role sees all records")
				}
			default:
				ok, err := g.Filter.True(env)
				if err != nil {
					return err
				}
				if !ok {
					say(name, "记录不在该角色的数据范围内", "The record is outside the role's rows", g.Filter)
					continue
				}
				say(name, "记录在该角色的数据范围内", "The record is among the role's rows", g.Filter)
			}
			if field != "" && !g.Ops["update"] {
				say(name, "该角色不能修改记录", "The role does not change records")
			}
			if f := ent.Field(field); f != nil {
				if fr := g.Rules[f.ID()]; fr != nil {
					said := limits[fr.Def.Rule]
					say(name, said.ZH, said.EN, fr.When)
				} else if g.Def.Hide {
					say(name, "该角色只能看到明确列出的字段", "The role sees only the fields that it names")
				}
			}
		}
		if field == "" {
			return nil
		}
		f := ent.Field(field)
		if f == nil {
			return schema.ErrNoField.At("field").With("ref", field)
		}
		level, err := rights.LevelOf(f, env)
		if err == nil && level == access.Hidden && !builder {
			err = schema.ErrNoField.At("field").With("ref", field) // as if it were not there
		}
		if err != nil {
			return err
		}
		writable, err := rights.Writable("update", f, env)
		if err != nil {
			return err
		}
		if f.Traits.Computed || f.Traits.Generated {
			writable = false
			say("", "该字段由系统计算或生成", "The field is computed or generated")
		}
		l := levelNames[level]
		out.Readable, out.Writable = &l, &writable
		return nil
	})
}

func holds(a *access.Actor, r *schema.RoleModel) bool {
	for _, id := range a.Roles {
		if id == r.Def.ID || id == r.Def.Key {
			return true
		}
	}
	return false
}

type undoBody struct {
	Operation   string        `json:"operation"`
	Reverted    int           `json:"reverted"`
	Kept        []engine.Kept `json:"kept"`
	Form        bool          `json:"form" doc:"the form that came with the operation is gone too"`
	Members     int           `json:"members" doc:"members without an account that came with the operation and are gone, or are back"`
	MembersKept []string      `json:"members_kept" doc:"names of those who stay: something else refers to them"`
}

type operationBody struct {
	ID     string      `json:"id"`
	Kind   string      `json:"kind"`
	Label  schema.Text `json:"label"`
	At     time.Time   `json:"at"`
	By     *string     `json:"by"`
	Count  int         `json:"count"`
	Undone bool        `json:"undone"`
}

// undoRoutes take bulk changes back.
func (s *Server) undoRoutes() {
	const tag = "operations"
	Handle(s, "GET", "/api/v1/apps/{app}/operations", Doc{Who: InApp, Tag: tag, Summary: "Bulk changes and imports, newest first; one's own, or all for app administrators"},
		func(ctx context.Context, c *Call, _ inApp) (list[operationBody], error) {
			out := list[operationBody]{Items: []operationBody{}}
			whose := c.Actor.ID
			if s.builds(ctx, c) == nil {
				whose = ""
			}
			all, err := s.Desk.Operations(ctx, c.App.ID, whose, 200)
			if err != nil {
				return out, err
			}
			for _, o := range all {
				b := operationBody{ID: o.ID, Kind: o.Kind, At: o.At, By: optional(string(o.Actor)), Count: o.Count, Undone: !o.UndoneAt.IsZero()}
				if err := o.Label.Into(&b.Label); err != nil {
					return out, err
				}
				out.Items = append(out.Items, b)
			}
			return out, nil
		})
	Handle(s, "POST", "/api/v1/apps/{app}/operations/{id}/undo", Doc{Who: InApp, Tag: tag, Summary: "Take an operation back; records changed since are kept and listed", Timeout: 5 * time.Minute},
		func(ctx context.Context, c *Call, in inAppID) (undoBody, error) {
			r, err := transfer.Undo(ctx, s.Engine, c.Actor, c.App.ID, in.ID)
			if err != nil {
				return undoBody{}, err
			}
			return undoBody{r.Operation, r.Reverted, r.Kept, r.Form, r.Members, r.MembersKept}, nil
		})
}
