package record

import (
	"tenon/engine/query"
	"tenon/schema"
	"tenon/schema/fault"
)

// Preview computes the record that an operation would leave, without writing:
// values, defaults, computed fields. faults are what a save would be refused for.
func (s *Session) Preview(op Op) (rec *Record, faults error, err error) {
	w := &work{op: op}
	if w.entity = s.Snap.Entity(op.Entity); w.entity == nil {
		return nil, nil, schema.ErrNoEntity.With("ref", op.Entity)
	}
	var l fault.List
	// What does not parse is left out, so that the rest still computes.
	if derr := s.decode(w); derr != nil {
		l.Add(derr)
	}
	if err := s.loadExisting([]*work{w}); err != nil {
		return nil, nil, err
	}
	if perr := s.prepare(w); perr != nil {
		if k := fault.KindOf(perr); k == fault.NotFound || k == fault.Internal {
			return nil, nil, perr
		}
		l.Add(perr)
	}
	if w.change == nil {
		return nil, l.Err(), nil
	}
	if cerr := s.compute(w.change.After); cerr != nil {
		l.Add(cerr)
	}
	s.diffOf(w.change)
	l.Add(s.check(w))
	return w.change.After, l.Err(), s.err()
}

// Select finds the records that a bulk operation covers and the actor may
// read: those named, or those a filter and a search find, less the exceptions,
// in id order after an id.
func (s *Session) Select(e *schema.EntityModel, ids []string, filter, search string, except []string, after string, limit int) ([]string, error) {
	if err := s.Rights.On(e).Need("read"); err != nil {
		return nil, err
	}
	st, err := query.BulkIDs(s.Snap.Model, s.Env(nil, nil), s.Rights, e, query.Request{IDs: ids, Filter: filter, Search: search, Except: except}, after, limit)
	if err != nil {
		return nil, err
	}
	r, err := s.Do(st)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(r[0].Rows))
	for i, row := range r[0].Rows {
		out[i] = string(row[0])
	}
	return out, nil
}
