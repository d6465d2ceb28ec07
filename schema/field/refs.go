package field

import (
	"encoding/json"
	"slices"

	"tenon/schema/fault"
	"tenon/schema/panel"
)

// Faults of options that name a field.
var (
	ErrNoField = fault.Define(fault.Invalid, "field.ref.unknown", "没有“{name}”这个字段", "there is no field \"{name}\"")
	ErrUnfit   = fault.Define(fault.Invalid, "field.ref.unfit", "“{name}”的类型不能用在这里", "the type of \"{name}\" does not fit here")
)

// Fits reports whether the field is one that an option accepts.
func (b *Bound) Fits(a panel.Accept) bool {
	if a.Single && b.Traits.Multiple {
		return false
	}
	if len(a.Kinds)+len(a.Traits) == 0 || slices.Contains(a.Kinds, b.Kind.String()) {
		return true
	}
	for _, t := range a.Traits {
		if t == "choices" && len(b.Choices) > 0 || b.Traits.has(t) {
			return true
		}
	}
	return false
}

// has looks a trait up by its JSON name, the one that options and the frontend use.
func (t Traits) has(name string) bool {
	raw, err := json.Marshal(t)
	if err != nil {
		return false
	}
	var m map[string]bool
	return json.Unmarshal(raw, &m) == nil && m[name]
}

// CheckRefs checks the field references of an options document (panel.Refs)
// against the fields there are. find returns the bound field a reference
// means, nil if there is none; the paths of the faults are JSON pointers into
// the document.
func CheckRefs(refs []panel.Ref, find func(panel.Ref) *Bound) error {
	var faults fault.List
	for _, r := range refs {
		if r.Control != "field" {
			continue
		}
		b := find(r)
		switch {
		case b == nil:
			faults.Add(ErrNoField.At(r.Path).With("name", r.Value))
		case !b.Fits(r.Accept):
			faults.Add(ErrUnfit.At(r.Path).With("name", r.Value))
		}
	}
	return faults.Err()
}
