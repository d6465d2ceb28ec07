package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"tenon/engine"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/fault"
)

// inEntity names an entity of an app.
type inEntity struct {
	inApp
	Entity string `path:"entity" doc:"key or id"`
}

// inRecord names a record.
type inRecord struct {
	inEntity
	ID string `path:"id"`
}

// recordsPath is where the records of an entity are.
const recordsPath = "/api/v1/apps/{app}/entities/{entity}/records"

// Faults of record requests.
var (
	errFields = fault.Define(fault.TooMany, "records.limit", "最多 {max} 个{what}", "at most {max} {what}")
	errAtomic = fault.Define(fault.Invalid, "records.atomic", "Idempotency-Key 只能用于 atomic 为 true 的批量操作", "an Idempotency-Key needs atomic: true")
)

// Limits of one list request.
const (
	maxExpand = 10
	maxSort   = 5
	maxIDs    = 500
)

type listIn struct {
	inEntity
	Filter  string   `query:"filter" doc:"an expression, such as amount > 100 and status == \"won\""`
	Sort    string   `query:"sort" doc:"-amount,name"`
	Limit   int      `query:"limit" doc:"50 by default, 500 at most"`
	Cursor  string   `query:"cursor"`
	Offset  int      `query:"offset"`
	Fields  []string `query:"fields"`
	Expand  []string `query:"expand" doc:"links whose targets come as objects"`
	Count   string   `query:"count" doc:"exact or none (default)"`
	Search  string   `query:"search"`
	Deleted bool     `query:"deleted" doc:"the recycle bin in place of live records"`
}

type valuesIn struct {
	inEntity
	IdempotencyKey string         `header:"Idempotency-Key"`
	Values         map[string]any `body:"json"`
}

type patchIn struct {
	inRecord
	IfMatch string         `header:"If-Match" doc:"the revision it was seen at"`
	Values  map[string]any `body:"json"`
}

type batchOp struct {
	Op     string         `json:"op" need:"1" doc:"create update upsert delete restore"`
	ID     string         `json:"id"`
	Rev    int64          `json:"rev"`
	Match  []string       `json:"match" doc:"upsert: fields to find the record by"`
	Values map[string]any `json:"values"`
}

type batchIn struct {
	inEntity
	IdempotencyKey string    `header:"Idempotency-Key"`
	Ops            []batchOp `json:"ops" need:"1"`
	Atomic         *bool     `json:"atomic" doc:"true (default): all or none"`
	NoRules        bool      `json:"no_rules" doc:"rules do not run; for app administrators"`
	Operation      string    `json:"operation" doc:"the answer's operation of an earlier batch of one's own: one undo takes back both"`
}

type batchResult struct {
	ID    string   `json:"id"`
	Rev   int64    `json:"rev"`
	Op    string   `json:"op"`
	Error *problem `json:"error,omitempty"`
}

type batchBody struct {
	Results   []batchResult `json:"results"`
	Operation string        `json:"operation"`
}

// recordRoutes read and write records one by one and in batches.
func (s *Server) recordRoutes() {
	const tag, one = "records", recordsPath + "/{id}"
	Handle(s, "GET", recordsPath, Doc{Who: InApp, Tag: tag, Summary: "A page of records", Returns: "application/json"},
		func(ctx context.Context, c *Call, in listIn) (Raw, error) {
			r := engine.ListRequest{Expand: in.Expand}
			r.Request = query.Request{Filter: in.Filter, Limit: in.Limit, Cursor: in.Cursor, Offset: in.Offset, Fields: in.Fields, Search: in.Search, Deleted: in.Deleted}
			var err error
			if r.Sort, err = sortOf(in.Sort); err != nil {
				return Raw{}, err
			}
			if r.Count, err = countOf(in.Count); err != nil {
				return Raw{}, err
			}
			return s.page(ctx, c, in.Entity, r)
		})
	Handle(s, "POST", recordsPath, Doc{Who: InApp, Tag: tag, Summary: "Create a record", Status: 201, Returns: "application/json"}, s.createRecord)
	Handle(s, "GET", one, Doc{Who: InApp, Tag: tag, Summary: "One record", Returns: "application/json"},
		func(ctx context.Context, c *Call, in struct {
			inRecord
			Fields []string `query:"fields"`
			Expand []string `query:"expand"`
		}) (Raw, error) {
			b, rev, err := s.Engine.Get(ctx, c.Actor, c.App.ID, in.Entity, in.ID, in.Fields, in.Expand)
			if err == nil {
				c.Header("ETag", etag(rev))
			}
			return Raw{Body: b}, err
		})
	Handle(s, "PATCH", one, Doc{Who: InApp, Tag: tag, Summary: "Change fields of a record", Returns: "application/json"},
		func(ctx context.Context, c *Call, in patchIn) (Raw, error) {
			rev, _, err := revOf(in.IfMatch)
			if err != nil {
				return Raw{}, err
			}
			return s.writeOne(ctx, c, in.Entity, record.Op{Kind: "update", ID: in.ID, Rev: rev, Values: in.Values})
		})
	Handle(s, "DELETE", one, Doc{Who: InApp, Tag: tag, Summary: "Put a record into the recycle bin; with purge, delete it for good"},
		func(ctx context.Context, c *Call, in struct {
			inRecord
			IfMatch string `header:"If-Match"`
			Purge   bool   `query:"purge"`
		}) (Empty, error) {
			rev, _, err := revOf(in.IfMatch)
			if err != nil {
				return Empty{}, err
			}
			if in.Purge {
				return Empty{}, s.purge(ctx, c, record.Op{Kind: "purge", Entity: in.Entity, ID: in.ID, Rev: rev})
			}
			op := record.Op{Kind: "delete", Entity: in.Entity, ID: in.ID, Rev: rev}
			_, err = s.Engine.Write(ctx, c.Actor, c.App.ID, []record.Op{op}, record.Options{})
			return Empty{}, err
		})
	Handle(s, "POST", one+"/restore", Doc{Who: InApp, Tag: tag, Summary: "Take a record out of the recycle bin", Returns: "application/json"},
		func(ctx context.Context, c *Call, in inRecord) (Raw, error) {
			return s.writeOne(ctx, c, in.Entity, record.Op{Kind: "restore", ID: in.ID})
		})
	Handle(s, "POST", recordsPath+"/batch", Doc{Who: InApp, Tag: tag, Summary: "Many writes, in one transaction unless atomic is false", MaxBody: 16 << 20}, s.batch)
}

// sortOf reads "-amount,name".
func sortOf(text string) ([]query.Sort, error) {
	var out []query.Sort
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		field, desc := strings.CutPrefix(part, "-")
		out = append(out, query.Sort{Field: field, Desc: desc})
	}
	if len(out) > maxSort {
		return nil, errFields.At("sort").With("max", maxSort).With("what", label("个排序字段", "fields to sort by"))
	}
	return out, nil
}

func countOf(text string) (bool, error) {
	switch text {
	case "", "none":
		return false, nil
	case "exact":
		return true, nil
	}
	return false, errPropType.At("count").With("want", label("exact 或 none", "exact or none"))
}

func (s *Server) page(ctx context.Context, c *Call, entity string, r engine.ListRequest) (Raw, error) {
	if len(r.Expand) > maxExpand {
		return Raw{}, errFields.At("expand").With("max", maxExpand).With("what", label("个展开字段", "fields to expand"))
	}
	b, err := s.Engine.List(ctx, c.Actor, c.App.ID, entity, r)
	return Raw{Body: b}, err
}

// writeOne carries out one operation and answers with the record as the caller
// sees it; who may write but not read learns its id and revision.
func (s *Server) writeOne(ctx context.Context, c *Call, entity string, op record.Op) (Raw, error) {
	op.Entity = entity
	var res []record.Outcome
	var last *engine.Last
	err := s.Engine.Run(ctx, c.App.ID, c.Actor, record.Options{}, func(ses *record.Session) (err error) {
		if res, err = ses.Apply(op); err != nil {
			return err
		}
		last, err = s.Engine.Last(ses, entity, res[0].ID)
		return err
	})
	if err != nil {
		return Raw{}, err
	}
	return written(c, last, res[0].ID, res[0].Rev)
}

// written answers with a record as its write has left it.
func written(c *Call, last *engine.Last, id string, rev int64) (Raw, error) {
	b, now, err := last.JSON()
	switch {
	case err != nil:
		return Raw{}, err
	case b != nil:
		rev = now
	default:
		if b, err = json.Marshal(map[string]any{"id": id, "rev": rev}); err != nil {
			return Raw{}, err
		}
	}
	c.Header("ETag", etag(rev))
	return Raw{Body: b}, nil
}

func (s *Server) createRecord(ctx context.Context, c *Call, in valuesIn) (Raw, error) {
	c.SetStatus(http.StatusCreated)
	var made batchResult
	var last *engine.Last
	again, err := s.once(ctx, c, in.IdempotencyKey, record.Options{}, []any{"create", c.App.ID, in.Entity, in.Values}, &made, func(ses *record.Session) (any, error) {
		res, err := ses.Apply(record.Op{Kind: "create", Entity: in.Entity, Values: in.Values})
		if err != nil {
			return nil, err
		}
		if last, err = s.Engine.Last(ses, in.Entity, res[0].ID); err != nil {
			return nil, err
		}
		return batchResult{ID: res[0].ID, Rev: res[0].Rev, Op: res[0].Op}, nil
	})
	if err != nil {
		return Raw{}, err
	}
	if !again {
		return written(c, last, made.ID, made.Rev)
	}
	c.Header("Idempotent-Replayed", "true")
	b, now, err := s.Engine.Get(ctx, c.Actor, c.App.ID, in.Entity, made.ID, nil, nil)
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Forbidden:
		return written(c, nil, made.ID, made.Rev)
	}
	if err == nil {
		c.Header("ETag", etag(now))
	}
	return Raw{Body: b}, err
}

// once runs f in a write session once per Idempotency-Key and decodes its
// answer, or the first one's, into answer.
func (s *Server) once(ctx context.Context, c *Call, key string, o record.Options, request []any, answer any, f func(ses *record.Session) (any, error)) (again bool, err error) {
	body, err := json.Marshal(request)
	if err != nil {
		return false, err
	}
	err = s.Engine.Run(ctx, c.App.ID, c.Actor, o, func(ses *record.Session) error {
		var raw json.RawMessage
		_, raw, again, err = s.Desk.Once(ctx, ses, c.Actor.ID, key, body, func() (int, any, error) {
			v, err := f(ses)
			return http.StatusOK, v, err
		})
		if err != nil {
			return err
		}
		return json.Unmarshal(raw, answer)
	})
	return again, err
}

// batchOps are what a batch may do; deleting for good asks for each record alone.
var batchOps = map[string]bool{"create": true, "update": true, "upsert": true, "delete": true, "restore": true}

var errBatchOp = fault.Define(fault.Invalid, "records.batch_op", "批量操作里不能使用“{op}”", "\"{op}\" is nothing that a batch can do")

func (s *Server) batch(ctx context.Context, c *Call, in batchIn) (batchBody, error) {
	ops := make([]record.Op, len(in.Ops))
	for i, o := range in.Ops {
		if !batchOps[o.Op] {
			return batchBody{}, errBatchOp.At("ops/"+itoa(int64(i))+"/op").With("op", o.Op)
		}
		ops[i] = record.Op{Kind: o.Op, Entity: in.Entity, ID: o.ID, Rev: o.Rev, Match: o.Match, Values: o.Values, Path: "ops/" + itoa(int64(i))}
	}
	label, err := s.batchLabel(ctx, c, in)
	if err != nil {
		return batchBody{}, err
	}
	opts := record.Options{Operation: s.NewID(), Kind: "batch", Label: label, NoRules: in.NoRules}
	if in.Operation != "" {
		if err := s.Engine.MayContinue(ctx, c.Actor, c.App.ID, in.Operation); err != nil {
			return batchBody{}, err
		}
		opts.Operation = in.Operation
	}
	if in.NoRules {
		if err := s.builds(ctx, c); err != nil {
			return batchBody{}, err
		}
	}
	if in.Atomic != nil && !*in.Atomic {
		return s.batchLoose(ctx, c, in, ops, opts)
	}
	var out batchBody
	again, err := s.once(ctx, c, in.IdempotencyKey, opts, []any{"batch", c.App.ID, in.Entity, in.Ops, in.Operation}, &out, func(ses *record.Session) (any, error) {
		res, err := ses.Apply(ops...)
		if err != nil {
			return nil, err
		}
		body := batchBody{Results: make([]batchResult, len(res)), Operation: opts.Operation}
		for i, r := range res {
			body.Results[i] = batchResult{ID: r.ID, Rev: r.Rev, Op: r.Op}
		}
		return body, nil
	})
	if again {
		c.Header("Idempotent-Replayed", "true")
	}
	return out, err
}

// batchLabel says what a batch does to which records, for the list of operations.
func (s *Server) batchLabel(ctx context.Context, c *Call, in batchIn) (schema.Text, error) {
	ent, err := s.entity(ctx, c.App.ID, in.Entity)
	if err != nil {
		return schema.Text{}, err
	}
	op := ""
	for _, o := range in.Ops {
		if op != "" && op != o.Op {
			op = "mixed"
			break
		}
		op = o.Op
	}
	return aboutRecords(ent, op), nil
}

// aboutRecords says what was done to records of an entity.
func aboutRecords(ent *schema.EntityModel, op string) schema.Text {
	verb, ok := map[string]schema.Text{"create": text("新增", "New"), "update": text("修改", "Edit"), "delete": text("删除", "Delete"), "restore": text("恢复", "Restore")}[op]
	if !ok {
		verb = text("写入", "Write")
	}
	return text(verb.ZH+ent.Def.Name.In("zh-CN"), verb.EN+" "+ent.Def.Name.In("en-US"))
}

// batchLoose applies every operation on its own; those that fail say why.
func (s *Server) batchLoose(ctx context.Context, c *Call, in batchIn, ops []record.Op, opts record.Options) (batchBody, error) {
	if in.IdempotencyKey != "" {
		return batchBody{}, errAtomic.At("atomic")
	}
	if len(ops) > record.MaxBatch {
		return batchBody{}, record.ErrBatch.With("max", record.MaxBatch)
	}
	out := batchBody{Results: make([]batchResult, len(ops)), Operation: opts.Operation}
	for i, op := range ops {
		res, err := s.Engine.Write(ctx, c.Actor, c.App.ID, []record.Op{op}, opts)
		if err != nil {
			if ctx.Err() != nil {
				return out, ctx.Err()
			}
			p := newProblem(classify(err), c.Locale, c.RequestID)
			out.Results[i] = batchResult{ID: op.ID, Op: op.Kind, Error: &p}
			continue
		}
		out.Results[i] = batchResult{ID: res[0].ID, Rev: res[0].Rev, Op: res[0].Op}
	}
	return out, nil
}
