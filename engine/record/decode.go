package record

import (
	"encoding/json"
	"fmt"

	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// rowInput is one sub-form row as given: an id when it exists already, and the
// columns that were named.
type rowInput struct {
	id  string
	set map[*schema.FieldModel]value.Value
}

// decode turns an operation's values into typed ones; every fault is found.
func (s *Session) decode(w *work) error {
	w.set = map[*schema.FieldModel]value.Value{}
	w.rows = map[*schema.FieldModel][]rowInput{}
	var l fault.List
	env := s.FieldEnv()
	for key, raw := range w.op.Values {
		f := w.entity.Field(key)
		switch {
		case key == "id" || key == "rev" || len(key) > 0 && key[0] == '_':
			continue // a record sent back as it was read
		case f == nil:
			hint := ""
			if near := schema.Nearest(key, w.entity); near != "" {
				hint = "（" + near + "?）"
			}
			l = append(l, ErrUnknown.At(key).With("name", key).With("hint", hint))
		case f.System && f.Key() != "owner":
			continue // read-only facts that come back with a record
		case f.Traits.Computed || f.Traits.Generated:
			if w.op.Kind == "create" && f.Traits.Generated && s.Opts.Trusted {
				if str, ok := raw.(string); ok && str != "" {
					w.set[f] = value.OfText(str) // sample data keep their numbers
				}
				continue
			}
			continue // the engine's own; sent back unchanged by clients
		case f.Sub != nil:
			rows, err := s.decodeRows(f, raw, env)
			if err != nil {
				l.AddUnder(f.Key(), err)
				continue
			}
			w.rows[f] = rows
		default:
			v, err := f.Parse(raw, env)
			if err != nil {
				l.AddUnder(f.Key(), err)
				continue
			}
			w.set[f] = v
		}
	}
	for id, v := range w.op.Set {
		f := w.entity.Field(id)
		if f == nil {
			l = append(l, ErrUnknown.At(id).With("name", id).With("hint", ""))
			continue
		}
		if f.Traits.Computed {
			l = append(l, ErrComputed.At(f.Key()).With("field", f.Def.Name.In(s.Actor.Locale)))
			continue
		}
		if f.Sub != nil {
			in := make([]rowInput, len(v.Rows()))
			for i, r := range v.Rows() {
				in[i] = rowInput{id: r.ID, set: map[*schema.FieldModel]value.Value{}}
				for k, x := range r.Values {
					if c := f.Sub.Field(k); c != nil && !c.Traits.Computed && !c.System {
						in[i].set[c] = x
					}
				}
			}
			w.rows[f] = in
			continue
		}
		x, err := s.fit(f, v)
		if err != nil {
			l.Add(err)
			continue
		}
		w.set[f] = x
	}
	return l.Err()
}

func (s *Session) decodeRows(f *schema.FieldModel, raw any, env field.Env) ([]rowInput, error) {
	if raw == nil {
		return nil, nil
	}
	if str, ok := raw.(string); ok && str == "" {
		return nil, nil
	}
	list, ok := raw.([]any)
	if !ok {
		return nil, field.ErrShape.New()
	}
	var l fault.List
	out := make([]rowInput, 0, len(list))
	for i, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			l = append(l, field.ErrShape.At(fmt.Sprint(i)))
			continue
		}
		r := rowInput{set: map[*schema.FieldModel]value.Value{}}
		if id, ok := m["id"].(string); ok {
			r.id = id
		}
		for k, v := range m {
			c := f.Sub.Field(k)
			switch {
			case k == "id" || k == "pos" || len(k) > 0 && k[0] == '_':
				continue
			case c == nil:
				l = append(l, ErrUnknown.At(fmt.Sprintf("%d/%s", i, k)).With("name", k).With("hint", ""))
			case c.Traits.Computed || c.System:
				continue
			default:
				y, err := c.Parse(v, env)
				if err != nil {
					l.AddUnder(fmt.Sprintf("%d/%s", i, c.Key()), err)
					continue
				}
				r.set[c] = y
			}
		}
		out = append(out, r)
	}
	return out, l.Err()
}

// mergeRows makes the rows after a change: rows with a known id keep what was
// not named, others are new and start with their defaults.
func (s *Session) mergeRows(f *schema.FieldModel, old []value.Row, in []rowInput) (value.Value, error) {
	was := map[string]value.Row{}
	for _, r := range old {
		was[r.ID] = r
	}
	out := make([]value.Row, 0, len(in))
	for _, x := range in {
		r := value.Row{ID: x.id, Values: map[string]value.Value{}}
		if o, ok := was[x.id]; ok && x.id != "" {
			for k, v := range o.Values {
				r.Values[k] = v
			}
			delete(was, x.id)
		} else {
			r.ID = s.cfg.NewID()
			for _, c := range f.Sub.Fields {
				if c.Def.Default == nil || c.DefaultExpr != nil {
					continue
				}
				if _, given := x.set[c]; !given {
					v, err := s.defaultOf(c, c.Def.Default, nil)
					if err != nil {
						return value.Value{}, err
					}
					r.Values[c.Key()] = v
				}
			}
		}
		for c, v := range x.set {
			r.Values[c.Key()] = v
		}
		out = append(out, r)
	}
	return value.OfRows(out), nil
}

// EncodeBefore writes the values that changed fields had, for history.
func EncodeBefore(c *Change) json.RawMessage {
	if c.Before == nil {
		return json.RawMessage("null")
	}
	b := []byte{'{'}
	first := true
	for _, f := range append(append([]*schema.FieldModel{}, c.After.Entity.Fields...), c.After.Entity.Field("owner")) {
		if !c.Fields[f.ID()] {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = value.AppendJSONString(b, f.ID())
		b = append(b, ':')
		b = c.Before.Get(f).AppendJSON(b)
	}
	return append(b, '}')
}

func (s *Session) rowEnv(e *schema.EntityModel, row value.Row, parent *Record) *expr.Env {
	return s.envRoots(map[string]expr.Row{"record": subView{e, row, s}, "parent": view{parent, s}})
}
