package definition

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/value"
)

// settings gives the values of parameters: what was set, else what is defined.
func settings(params []*schema.Param, set store.Result) map[string]value.Value {
	changed := map[string]json.RawMessage{}
	for _, v := range set.Rows {
		changed[string(v[0])] = v[1]
	}
	out := map[string]value.Value{}
	for _, p := range params {
		if raw, ok := changed[p.Key]; ok {
			if v, ok := param(p.Type, raw); ok {
				out[p.Key] = v
				continue
			}
		}
		v, _ := param(p.Type, p.Value)
		out[p.Key] = v
	}
	return out
}

// param reads the value of a parameter; false when it is not of the type.
func param(typ string, raw json.RawMessage) (value.Value, bool) {
	if len(raw) == 0 {
		return value.Value{}, true
	}
	x, err := schema.DecodeJSON(raw)
	if err != nil {
		return value.Value{}, false
	}
	if x == nil {
		return value.Value{}, true
	}
	if typ == "list" {
		l, ok := x.([]any)
		if !ok {
			return value.Value{}, false
		}
		out := make([]value.Value, 0, len(l))
		for _, item := range l {
			v, ok := scalar(item)
			if !ok {
				return value.Value{}, false
			}
			out = append(out, v)
		}
		return value.OfList(out), true
	}
	v, ok := scalar(x)
	want := map[string]value.Kind{"number": value.Number, "boolean": value.Bool}[typ]
	if typ == "text" {
		want = value.Text
	}
	return v, ok && v.Kind() == want
}

func scalar(x any) (value.Value, bool) {
	switch x := x.(type) {
	case bool:
		return value.OfBool(x), true
	case string:
		return value.OfText(x), true
	case json.Number:
		d, err := decimal.NewFromString(string(x))
		return value.OfNumber(d), err == nil
	}
	return value.Value{}, false
}

// SetParams changes parameters of the published version without publishing; a
// null returns one to its definition.
func (s *Store) SetParams(ctx context.Context, appID string, values map[string]json.RawMessage) error {
	snap, err := s.At(ctx, appID)
	if err != nil {
		return err
	}
	types := map[string]string{}
	for _, p := range snap.App.Info.Params {
		types[p.Key] = p.Type
	}
	var faults fault.List
	var stmts []store.Stmt
	for key, raw := range values {
		typ, known := types[key]
		if !known {
			faults.Add(ErrNoParam.At(key).With("key", key))
			continue
		}
		v, ok := param(typ, raw)
		switch {
		case !ok:
			faults.Add(ErrParamType.At(key).With("key", key))
		case v.IsNull():
			stmts = append(stmts, store.DeleteParam(appID, key))
		default:
			stmts = append(stmts, store.WriteParam(appID, key, raw))
		}
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.announce(ctx, appID, stmts...)
}

// ParamsChanged reports whether a parameter has another value than the first
// version of the app gave it.
func (s *Store) ParamsChanged(ctx context.Context, appID string) (bool, error) {
	now, err := s.At(ctx, appID)
	if err != nil || now.Version == 0 {
		return false, err
	}
	first, err := s.AtVersion(ctx, appID, 1)
	if err != nil {
		return false, err
	}
	for key, was := range settings(first.App.Info.Params, store.Result{}) {
		if is, ok := now.Settings[key]; ok && !value.Equal(is, was) {
			return true, nil
		}
	}
	return false, nil
}

// SetRule turns a rule on or off without publishing.
func (s *Store) SetRule(ctx context.Context, appID, ruleID string, enabled bool) error {
	snap, err := s.At(ctx, appID)
	if err != nil {
		return err
	}
	r := snap.Rule(ruleID)
	if r == nil {
		return ErrNoRule.New()
	}
	return s.announce(ctx, appID, store.WriteSwitch(appID, r.Def.ID, enabled))
}

// SetLight says whether members start with the short menu of the app.
func (s *Store) SetLight(ctx context.Context, appID string, light bool) error {
	return s.announce(ctx, appID, store.WriteLight(appID, light))
}

// announce changes something of an app and tells every node.
func (s *Store) announce(ctx context.Context, appID string, stmts ...store.Stmt) error {
	if len(stmts) == 0 {
		return nil
	}
	err := s.db.InTx(ctx, func(tx *store.Tx) error {
		_, err := tx.Do(ctx, append(stmts, store.NotifyOnCommit(Channel, appID))...)
		return err
	})
	s.Refresh(appID)
	return err
}
