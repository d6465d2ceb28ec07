package definition

import (
	"context"
	"fmt"
	"strings"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
)

// How much of a column a plan looks at: distinct values, and examples shown.
const (
	previewValues   = 20000
	previewExamples = 5
)

// preview adds what only the records can tell: values that cannot be converted
// and values that a unique field would refuse.
func (s *Store) preview(ctx context.Context, p *Plan) error {
	env, err := s.env(ctx, p.work)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, f := range p.work.fills {
		told[f.field.ID()] = true
		var c *schema.Change
		switch f.mode() {
		case "values":
			c, err = s.previewValues(ctx, f, env)
		case "to_column":
			c, err = s.previewFirst(ctx, f)
		}
		if err != nil {
			return err
		}
		if c != nil {
			p.Changes = append(p.Changes, c)
		}
	}
	fields := fieldsOf(p.target)
	for _, r := range p.work.naming.Retire {
		f := fields[r.From.DefID]
		if f == nil || r.From.DefID == r.To.DefID || told[f.ID()] || computed(f) || computed(p.work.old[f.ID()]) {
			continue
		}
		p.Changes = append(p.Changes, &schema.Change{Kind: "convert", Doc: docOf(f), DocKind: schema.DocEntity, Path: pathOf(f), Severity: schema.Dangers,
			Text: schema.Text{ZH: fmt.Sprintf("“%s”改变类型后原有内容不能沿用，字段将变为空；原值保留 30 天", f.Def.Name.In("zh-CN")),
				EN: fmt.Sprintf("\"%s\" cannot keep its content under the new type and starts empty; the old values are kept for 30 days", f.Def.Name.In("en-US"))}})
	}
	return s.previewUnique(ctx, p)
}

// env is what formatting and parsing of converted values may know.
func (s *Store) env(ctx context.Context, w *work) (field.Env, error) {
	env := field.Env{Zone: zone(w.row), Locale: w.row.Locale}
	r, err := s.db.Read(ctx, store.ReadNames(w.row.Workspace))
	if err != nil {
		return env, err
	}
	names := map[string]string{}
	for _, v := range r[0].Rows {
		names[string(v[0])+string(v[1])] = string(v[2])
	}
	env.Name = func(kind, id string) string {
		if n, ok := names[kind+id]; ok {
			return n
		}
		return id
	}
	return env, nil
}

func (s *Store) previewValues(ctx context.Context, f fill, env field.Env) (*schema.Change, error) {
	r, err := s.db.Values(ctx, f.from.Schema, f.from.Table, f.from.Column, previewValues)
	if err != nil {
		return nil, err
	}
	conv := f.converter(env)
	var total, bad, odd int64
	var examples []string
	for i, v := range r.Rows {
		n := store.Result{Rows: r.Rows[i : i+1]}.Int(1)
		total += n
		_, o := conv.convert(v[0])
		if o == converted {
			continue
		}
		if o == lost {
			bad += n
		} else {
			odd += n
		}
		if len(examples) < previewExamples {
			examples = append(examples, clip(string(v[0])))
		}
	}
	if total == 0 {
		return nil, nil
	}
	zh, en := f.field.Def.Name.In("zh-CN"), f.field.Def.Name.In("en-US")
	c := &schema.Change{Kind: "convert", Doc: docOf(f.field), DocKind: schema.DocEntity, Path: pathOf(f.field), Severity: schema.Informs}
	switch {
	case bad > 0:
		c.Severity = schema.Dangers
		c.Text = schema.Text{ZH: fmt.Sprintf("“%s”的 %d 个值中有 %d 个无法转换，将变为空（例如 %s）；原值保留 30 天", zh, total, bad, strings.Join(examples, "、")),
			EN: fmt.Sprintf("%d of the %d values of \"%s\" cannot be converted and become blank (such as %s); the old values are kept for 30 days", bad, total, en, strings.Join(examples, ", "))}
	case odd > 0:
		c.Severity = schema.Warns
		c.Text = schema.Text{ZH: fmt.Sprintf("“%s”的 %d 个值中有 %d 个不符合新类型，将保持原样（例如 %s）", zh, total, odd, strings.Join(examples, "、")),
			EN: fmt.Sprintf("%d of the %d values of \"%s\" do not fit the new type and stay as they are (such as %s)", odd, total, en, strings.Join(examples, ", "))}
	default:
		c.Text = schema.Text{ZH: fmt.Sprintf("“%s”的 %d 个值都可以转换", zh, total), EN: fmt.Sprintf("all %d values of \"%s\" can be converted", total, en)}
	}
	return c, nil
}

func (s *Store) previewFirst(ctx context.Context, f fill) (*schema.Change, error) {
	n, err := s.db.ManyLinked(ctx, f.from.Schema, f.from.Table)
	if err != nil || n == 0 {
		return nil, err
	}
	return &schema.Change{Kind: "convert", Doc: docOf(f.field), DocKind: schema.DocEntity, Path: pathOf(f.field), Severity: schema.Dangers,
		Text: schema.Text{ZH: fmt.Sprintf("有 %d 条记录的“%s”关联了多条，只保留第一条；原值保留 30 天", n, f.field.Def.Name.In("zh-CN")),
			EN: fmt.Sprintf("%d records have several links in \"%s\" and keep the first only; the old values are kept for 30 days", n, f.field.Def.Name.In("en-US"))}}, nil
}

// previewUnique looks for duplicates under unique indexes that are to be made
// on columns with content.
func (s *Store) previewUnique(ctx context.Context, p *Plan) error {
	for _, t := range p.work.mid.tables {
		if p.work.isNew(t) || t.Kind != store.RecordTable {
			continue
		}
		added := map[string]bool{}
		for _, c := range p.work.newColumns(t) {
			added[c.Name] = true
		}
		for _, c := range t.columns {
			if !isUnique(c.field) || added[c.Name] || p.facts.Indexes[store.IndexName(t.Name, c.Name, "key")].Valid {
				continue
			}
			r, err := s.db.Duplicates(ctx, t.Schema, t.Name, c.Name, previewExamples)
			if err != nil {
				return err
			}
			if r.One() == nil {
				continue
			}
			p.Faults.Add(twinFault(c.field, r, p.row.Locale))
		}
	}
	return nil
}

// twinFault words that several records share values of a unique field.
func twinFault(f *schema.FieldModel, r store.Result, locale string) *fault.Fault {
	var examples []string
	for _, v := range r.Rows {
		examples = append(examples, fmt.Sprintf("%s (%s)", clip(string(v[0])), v[1]))
	}
	return ErrTwin.At(docOf(f)+pathOf(f)+"/unique").With("field", f.Def.Name.In(locale)).With("count", r.Int(2)).With("examples", strings.Join(examples, ", "))
}

// docOf is the id of the entity document that a field is in.
func docOf(f *schema.FieldModel) string {
	e := f.Entity
	for e.Parent != nil {
		e = e.Parent
	}
	return e.ID()
}

// pathOf is the JSON pointer of a field in its document.
func pathOf(f *schema.FieldModel) string {
	p := fmt.Sprintf("/fields/%d", f.Ord)
	if f.Entity.Parent != nil {
		p = fmt.Sprintf("/fields/%d%s", f.Entity.ParentBy.Ord, p)
	}
	return p
}

func clip(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
