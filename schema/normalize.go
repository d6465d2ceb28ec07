package schema

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"strings"
)

var b32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// DerivedID makes a definition id from a prefix and the keys that name the
// definition: hand-written templates carry keys only, and installing one twice
// gives the same ids.
func DerivedID(prefix string, keys ...string) string {
	h := sha256.Sum256([]byte(strings.Join(keys, "\x00")))
	return prefix + b32.EncodeToString(h[:])[:10]
}

// Normalize gives every definition an id and turns references by key into
// references by id. What cannot be resolved is left as it is, for Compile to
// report. It changes app in place.
func Normalize(app *App) {
	n := &normalizer{app: app, entities: map[string]*Entity{}, menu: map[string]string{}, roles: map[string]string{}}
	ak := app.Info.Key
	id := func(have *string, prefix string, keys ...string) {
		if *have == "" {
			*have = DerivedID(prefix, append([]string{ak}, keys...)...)
		}
	}
	id(&app.Info.ID, "app_")
	for _, e := range app.Entities {
		id(&e.ID, "ent_", e.Key)
		n.entities[e.ID], n.entities[e.Key] = e, e
		for _, f := range e.Fields {
			id(&f.ID, "fld_", e.Key, f.Key)
			for _, c := range f.Fields {
				id(&c.ID, "fld_", e.Key, f.Key, c.Key)
			}
		}
		for i, c := range e.Checks {
			id(&c.ID, "chk_", e.Key, c.When, string(rune('0'+i%10)))
		}
	}
	for _, r := range app.Roles {
		id(&r.ID, "rol_", r.Key)
		n.roles[r.Key], n.roles[r.ID] = r.ID, r.ID
	}
	for _, f := range app.Forms {
		id(&f.ID, "frm_", f.Entity, f.Key)
	}
	for _, v := range app.Views {
		id(&v.ID, "vew_", v.Entity, v.Key)
	}
	for _, d := range app.Dashboards {
		id(&d.ID, "dsh_", d.Key)
	}
	for _, r := range app.Rules {
		id(&r.ID, "rul_", r.Key)
	}
	for _, e := range app.Entities {
		n.fields(e, e.Fields)
		n.list(e, e.Subtitle)
		for _, c := range e.Checks {
			n.list(e, c.Fields)
		}
		for _, ix := range e.Indexes {
			n.list(e, ix)
		}
	}
	for _, f := range app.Forms {
		e := n.entity(&f.Entity)
		n.layout(e, f.Layout)
		for i, r := range f.Rules {
			id(&r.ID, "dsp_", f.ID, string(rune('a'+i%26)), r.When)
			n.list(e, r.Show)
			n.list(e, r.Hide)
			n.list(e, r.Lock)
		}
	}
	for _, v := range app.Views {
		n.view(v)
	}
	for _, d := range app.Dashboards {
		for i, w := range d.Widgets {
			if w.ID == "" {
				w.ID = DerivedID("wid_", d.ID, string(rune('a'+i%26)), string(rune('a'+i/26)))
			}
			w.Config = n.json(w.Config, nil)
		}
		for _, f := range d.Filters {
			id(&f.ID, "flt_", d.Key, f.Name.EN)
			out := map[string]string{}
			for ek, fk := range f.Fields {
				e := n.entity(&ek)
				n.field(e, &fk)
				out[ek] = fk
			}
			f.Fields = out
		}
	}
	for _, r := range app.Rules {
		e := n.entity(&r.Entity)
		n.list(e, r.Trigger.Fields)
		n.field(e, &r.Trigger.Field)
		for i := range r.Trigger.Roles {
			n.role(&r.Trigger.Roles[i])
		}
		for _, f := range r.Trigger.Inputs {
			id(&f.ID, "inp_", r.Key, f.Key)
		}
		if e != nil {
			n.fields(e, r.Trigger.Inputs)
		}
		n.steps(r, r.Steps, "s")
	}
	for _, r := range app.Roles {
		for _, g := range r.Grants {
			e := n.entity(&g.Entity)
			for _, f := range g.Fields {
				n.field(e, &f.Field)
			}
		}
	}
	n.menuItems(app.Info.Menu, ak)
	home := map[string]string{}
	for role, item := range app.Info.Home {
		n.role(&role)
		if v, ok := n.menu[item]; ok {
			item = v
		}
		home[role] = item
	}
	if len(home) > 0 {
		app.Info.Home = home
	}
}

type normalizer struct {
	app         *App
	entities    map[string]*Entity
	menu, roles map[string]string
}

func (n *normalizer) entity(ref *string) *Entity {
	e := n.entities[*ref]
	if e != nil {
		*ref = e.ID
	}
	return e
}

func (n *normalizer) role(ref *string) {
	if v, ok := n.roles[*ref]; ok {
		*ref = v
	}
}

func (n *normalizer) field(e *Entity, ref *string) *Field {
	if e == nil || *ref == "" {
		return nil
	}
	for _, f := range e.Fields {
		if f.Key == *ref || f.ID == *ref {
			*ref = f.ID
			return f
		}
	}
	return nil
}

func (n *normalizer) list(e *Entity, refs []string) {
	for i := range refs {
		n.field(e, &refs[i])
	}
}

// fields rewrites references inside field options. The names of the members
// are a convention that all field types share: entity, via, link, rows, field,
// fields and fill (see field.LinkSpec and field.RollupSpec).
func (n *normalizer) fields(e *Entity, fs []*Field) {
	for _, f := range fs {
		if len(f.Options) > 0 {
			f.Options = n.options(e, f, f.Options)
		}
		if len(f.Fields) > 0 {
			// Inside a sub-form, fields refer to their sibling columns.
			n.fields(&Entity{ID: f.ID, Key: f.Key, Fields: f.Fields}, f.Fields)
		}
	}
}

func (n *normalizer) options(e *Entity, f *Field, raw json.RawMessage) json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return raw
	}
	str := func(k string) (string, bool) {
		var s string
		if m[k] == nil || json.Unmarshal(m[k], &s) != nil || s == "" {
			return "", false
		}
		return s, true
	}
	put := func(k string, v any) { m[k], _ = json.Marshal(v) }
	changed := false
	var target *Entity
	if s, ok := str("entity"); ok {
		if target = n.entity(&s); target != nil {
			put("entity", s)
			changed = true
		}
	}
	var sub *Field
	if s, ok := str("rows"); ok {
		if sub = n.field(e, &s); sub != nil {
			put("rows", s)
			changed = true
		}
	}
	if s, ok := str("via"); ok && target != nil {
		n.field(target, &s)
		put("via", s)
		changed = true
	}
	if s, ok := str("link"); ok {
		if l := n.field(e, &s); l != nil {
			put("link", s)
			changed = true
			var lo struct{ Entity string }
			if json.Unmarshal(l.Options, &lo) == nil {
				target = n.entities[lo.Entity]
			}
		}
	}
	if s, ok := str("field"); ok {
		switch {
		case sub != nil:
			for _, c := range sub.Fields {
				if c.Key == s || c.ID == s {
					s = c.ID
				}
			}
		case target != nil:
			n.field(target, &s)
		}
		put("field", s)
		changed = true
	}
	var list []string
	if m["fields"] != nil && target != nil && json.Unmarshal(m["fields"], &list) == nil {
		n.list(target, list)
		put("fields", list)
		changed = true
	}
	var fill []map[string]json.RawMessage
	if m["fill"] != nil && target != nil && json.Unmarshal(m["fill"], &fill) == nil {
		for _, r := range fill {
			var from, to string
			_ = json.Unmarshal(r["from"], &from)
			_ = json.Unmarshal(r["to"], &to)
			ff, tf := n.field(target, &from), n.field(e, &to)
			r["from"], _ = json.Marshal(from)
			r["to"], _ = json.Marshal(to)
			var rows map[string]string
			if r["rows"] != nil && ff != nil && tf != nil && json.Unmarshal(r["rows"], &rows) == nil {
				out := map[string]string{}
				for a, b := range rows {
					out[columnID(ff, a)] = columnID(tf, b)
				}
				r["rows"], _ = json.Marshal(out)
			}
		}
		put("fill", fill)
		changed = true
	}
	if !changed {
		return raw
	}
	return marshalSorted(m)
}

func columnID(f *Field, ref string) string {
	for _, c := range f.Fields {
		if c.Key == ref || c.ID == ref {
			return c.ID
		}
	}
	return ref
}

func (n *normalizer) layout(e *Entity, nodes []*Node) {
	for _, x := range nodes {
		n.field(e, &x.Field)
		if x.Entity != "" {
			t := n.entity(&x.Entity)
			n.field(t, &x.Via)
		}
		n.layout(e, x.Items)
		for _, t := range x.Tabs {
			n.layout(e, t.Items)
		}
	}
}

func (n *normalizer) view(v *View) {
	e := n.entity(&v.Entity)
	c := &v.Config
	for _, x := range c.Columns {
		n.field(e, &x.Field)
	}
	for _, x := range c.Sort {
		n.field(e, &x.Field)
	}
	n.list(e, c.Group)
	n.list(e, c.Cards)
	for _, s := range []*string{&c.GroupBy, &c.Sum, &c.Start, &c.End, &c.ColorBy} {
		n.field(e, s)
	}
}

func (n *normalizer) menuItems(items []*MenuItem, path string) {
	for _, m := range items {
		key := m.Entity + m.View + m.Form + m.Dashboard + m.URL + m.Name.EN + m.Name.ZH
		if m.ID == "" {
			m.ID = DerivedID("mnu_", path, key)
		}
		n.menu[m.ID] = m.ID
		for _, k := range []string{m.Dashboard, m.View, m.Entity} {
			if k != "" && n.menu[k] == "" {
				n.menu[k] = m.ID
			}
		}
		e := n.entity(&m.Entity)
		for _, v := range n.app.Views {
			if v.Key == m.View && (e == nil || v.Entity == e.ID) {
				m.View = v.ID
				if e == nil {
					m.Entity = v.Entity
				}
			}
		}
		for _, f := range n.app.Forms {
			if f.Key == m.Form && (e == nil || f.Entity == e.ID) {
				m.Form = f.ID
			}
		}
		for _, d := range n.app.Dashboards {
			if d.Key == m.Dashboard {
				m.Dashboard = d.ID
			}
		}
		for i := range m.Roles {
			n.role(&m.Roles[i])
		}
		n.menuItems(m.Items, path+"/"+m.ID)
	}
}

func (n *normalizer) steps(r *Rule, steps []*Step, prefix string) {
	for i, s := range steps {
		if s.ID == "" {
			s.ID = prefix + string(rune('1'+i%9)) + strings.Repeat("0", i/9)
		}
		s.Options = n.json(s.Options, n.entities[r.Entity])
		n.steps(r, s.Steps, s.ID+"_")
		n.steps(r, s.Else, s.ID+"e_")
	}
}

// fieldMembers are the names under which step options and widget configs refer
// to fields of the nearest entity.
var fieldMembers = map[string]bool{"field": true, "date_field": true, "via": true, "columns": true, "title_field": true, "end_field": true}

// json rewrites entity and field references inside options by the same naming
// convention: "entity" names an entity, the members above name its fields, and
// the keys of "set" and "match" are fields.
func (n *normalizer) json(raw json.RawMessage, own *Entity) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var x any
	if d.Decode(&x) != nil {
		return raw
	}
	x = n.walk(x, own)
	out, err := json.Marshal(x)
	if err != nil {
		return raw
	}
	return out
}

func (n *normalizer) walk(x any, e *Entity) any {
	switch x := x.(type) {
	case map[string]any:
		if s, ok := x["entity"].(string); ok {
			if t := n.entity(&s); t != nil {
				e = t
				x["entity"] = s
			}
		}
		// A step that names its record by an expression sets fields of an entity
		// that only the compiler knows: its keys stay as they are.
		_, byExpr := x["record"].(string)
		for k, v := range x {
			switch {
			case k == "set" || k == "match":
				if m, ok := v.(map[string]any); ok && e != nil && !byExpr {
					out := map[string]any{}
					for fk, fv := range m {
						n.field(e, &fk)
						out[fk] = fv
					}
					x[k] = out
				}
			case fieldMembers[k]:
				if s, ok := v.(string); ok {
					n.field(e, &s)
					x[k] = s
				} else if l, ok := v.([]any); ok {
					for i := range l {
						if s, ok := l[i].(string); ok {
							n.field(e, &s)
							l[i] = s
						} else {
							l[i] = n.walk(l[i], e)
						}
					}
				}
			case k == "actions" || k == "rules":
				if l, ok := v.([]any); ok {
					for i := range l {
						if s, ok := l[i].(string); ok {
							for _, r := range n.app.Rules {
								if r.Key == s {
									l[i] = r.ID
								}
							}
						}
					}
				}
			default:
				x[k] = n.walk(v, e)
			}
		}
		return x
	case []any:
		for i := range x {
			x[i] = n.walk(x[i], e)
		}
	}
	return x
}

func marshalSorted(m map[string]json.RawMessage) json.RawMessage {
	b, err := json.Marshal(m)
	if err != nil {
		return json.RawMessage("{}")
	}
	return b
}
