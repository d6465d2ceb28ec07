package record

import (
	"encoding/json"
	"sort"
	"strconv"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// holdsFiles reports whether a field's value names uploaded files, in the rows
// of a sub-form too.
func holdsFiles(f *schema.FieldModel) bool {
	if f.Sub == nil {
		return f.Traits.HoldsFile
	}
	for _, c := range f.Sub.Fields {
		if c.Traits.HoldsFile {
			return true
		}
	}
	return false
}

// fileIDs lists the files that a field's value names. Files of a sub-form's
// rows belong to the sub-form.
func fileIDs(f *schema.FieldModel, v value.Value) []string {
	var out []string
	add := func(v value.Value) {
		for _, x := range field.Files(v) {
			if uuidLike(x.ID) {
				out = append(out, x.ID)
			}
		}
	}
	if f.Sub == nil {
		add(v)
		return out
	}
	for _, r := range v.Rows() {
		for _, c := range f.Sub.Fields {
			if c.Traits.HoldsFile {
				add(r.Values[c.Key()])
			}
		}
	}
	return out
}

// checkFiles makes sure that changed fields name files that the actor has
// uploaded or that the record holds already, and replaces what was said of
// their names, sizes and types by what was uploaded.
func (s *Session) checkFiles(ws []*work) (fault.List, error) {
	type use struct {
		w *work
		f *schema.FieldModel
	}
	var uses []use
	files, records := map[string]bool{}, map[string]bool{}
	for _, w := range ws {
		c := w.change
		if c == nil || c.Op != "create" && c.Op != "update" {
			continue
		}
		for _, f := range w.entity.Fields {
			if !c.Fields[f.ID()] || f.Traits.Computed || !holdsFiles(f) {
				continue
			}
			if ids := fileIDs(f, c.After.Get(f)); len(ids) > 0 {
				uses = append(uses, use{w, f})
				records[c.ID()] = true
				for _, id := range ids {
					files[id] = true
				}
			}
		}
	}
	if len(uses) == 0 {
		return nil, nil
	}
	r, err := s.Do(store.FindFiles(s.Snap.WorkspaceID, s.Actor.ID, s.Snap.AppID, keysOf(files), keysOf(records)))
	if err != nil {
		return nil, err
	}
	found := map[string]field.File{}
	held := map[[2]string]bool{} // file and record; a blank record: the actor's own
	for _, row := range r[0].Rows {
		id := string(row[0])
		size, err := strconv.ParseInt(string(row[2]), 10, 64)
		if err != nil {
			return nil, err
		}
		found[id] = field.File{ID: id, Name: string(row[1]), Size: size, Type: string(row[3])}
		if string(row[4]) == "t" {
			held[[2]string{id, ""}] = true
		}
		if row[5] != nil {
			held[[2]string{id, string(row[5])}] = true
		}
	}
	var l fault.List
	for _, u := range uses {
		c := u.w.change
		truth := func(f *schema.FieldModel, path string, v value.Value) value.Value {
			stated := field.Files(v)
			if len(stated) == 0 {
				return v
			}
			for i, x := range stated {
				if !held[[2]string{x.ID, ""}] && !held[[2]string{x.ID, c.ID()}] {
					l = append(l, ErrFile.At(join(u.w.op.Path, path)).With("field", f.Def.Name.In(s.Actor.Locale)))
					return v
				}
				stated[i] = found[x.ID]
			}
			now, err := filesValue(v, stated)
			if err == nil {
				err = f.Check(now)
			}
			if err != nil {
				l.AddUnder(join(u.w.op.Path, path), err)
				return v
			}
			return now
		}
		v := c.After.Get(u.f)
		if u.f.Sub == nil {
			c.After.set(u.f, truth(u.f, u.f.Key(), v))
			continue
		}
		rows := append([]value.Row{}, v.Rows()...)
		for i, row := range rows {
			values := make(map[string]value.Value, len(row.Values))
			for k, x := range row.Values {
				values[k] = x
			}
			for _, col := range u.f.Sub.Fields {
				if col.Traits.HoldsFile && !col.Traits.Computed {
					values[col.Key()] = truth(col, u.f.Key()+"/"+itoa(i)+"/"+col.Key(), row.Values[col.Key()])
				}
			}
			rows[i].Values = values
		}
		c.After.set(u.f, value.OfRows(rows))
	}
	return l, nil
}

// filesValue writes files in the form that a value has: one, or a list.
func filesValue(v value.Value, files []field.File) (value.Value, error) {
	var what any = files
	if raw := v.Object(); len(raw) > 0 && raw[0] == '{' {
		what = files[0]
	}
	b, err := json.Marshal(what)
	return value.OfObject(b), err
}

func keysOf(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		if uuidLike(k) {
			out = append(out, k)
		}
	}
	sort.Strings(out)
	return out
}
