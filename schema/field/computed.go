package field

import (
	"tenon/schema/fault"
	"tenon/schema/value"
)

var errAggregate = fault.Define(fault.Invalid, "field.rollup.kind", "这个字段不能用“{fn}”汇总", "this field cannot be aggregated by {fn}")

// Adopt completes a lookup or rollup once the field it shows is known: from
// then on it has that field's kind, column, format and choices. The engine
// calls it when it compiles an app, sources before the fields that show them.
// Of a rollup that counts, or of any other field, nothing changes.
func (b *Bound) Adopt(src *Bound) error {
	if src == nil || b.Lookup == nil && b.Rollup == nil {
		return nil
	}
	if r := b.Rollup; r != nil {
		bad := errAggregate.At("/fn").With("fn", r.Fn)
		switch r.Fn {
		case "count":
			return nil
		case "sum", "avg":
			if src.Kind != value.Number {
				return bad
			}
		case "min", "max":
			switch src.Kind {
			case value.Number, value.Date, value.Time, value.Text:
			default:
				return bad
			}
		default: // first, last: the value of one record
			if src.Kind == value.Rows {
				return bad
			}
		}
	}
	b.Kind, b.Elem, b.DB = src.Kind, src.Elem, src.DB
	b.Format, b.Choices = src.Format, src.Choices
	b.Scale, b.Mask = src.Scale, src.Mask
	b.Precision = src.Precision
	if b.Rollup != nil && src.Kind == value.Number && (b.Rollup.Fn == "sum" || b.Rollup.Fn == "avg") {
		b.Precision = 0 // a sum has more digits than its parts
		if b.Rollup.Fn == "avg" {
			b.Scale = -1
		}
	}
	t := src.Traits
	b.Traits = Traits{Computed: true, Multiple: t.Multiple, Groupable: t.Groupable, Sortable: t.Sortable,
		Filterable: t.Filterable, HoldsRef: t.HoldsRef, HoldsUser: t.HoldsUser, HoldsDept: t.HoldsDept, HoldsFile: t.HoldsFile}
	return nil
}
