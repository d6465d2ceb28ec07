package field

import (
	"fmt"
	"strconv"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

type subformOptions struct {
	MinRows int    `json:"min_rows"`
	MaxRows int    `json:"max_rows"`
	Title   string `json:"title"`
}

var (
	errRows    = fault.Define(fault.Invalid, "field.subform.rows", "需要一组行", "a list of rows is needed")
	errRowTwin = fault.Define(fault.Invalid, "field.subform.twin", "同一行出现了两次", "the same row is given twice")
	errColumns = fault.Define(fault.Internal, "field.subform.columns", "子表单的行须逐列解析", "sub-form rows are to be parsed column by column")
)

// maxRows bounds a sub-form; longer lists are an entity of their own.
const maxRows = 5000

var _ = Define(Spec[subformOptions]{
	Name: "subform", Group: "link", Icon: "table",
	Label: Label{ZH: "子表单", EN: "Sub-form"},
	Help:  Label{ZH: "记录里的明细行，例如订单的商品", EN: "Rows inside a record, such as the items of an order"},
	Options: panel.Object(
		panel.Whole("min_rows", 0, maxRows, "最少行数", "Minimum rows"),
		panel.Whole("max_rows", 1, maxRows, "最多行数", "Maximum rows"),
		panel.Field("title", panel.Accept{}, "行的标题列", "Row title column").
			Help("在手机上作为每行卡片的标题", "The heading of a row's card on phones"),
	),
	Kind:   value.Rows,
	Traits: Traits{Multiple: true},
	Bind: func(o subformOptions, b *Bound) error {
		if o.MaxRows == 0 {
			o.MaxRows = maxRows
		}
		if o.MinRows > o.MaxRows {
			return option("/min_rows", "最少行数大于最多行数", "the fewest rows exceed the most")
		}
		b.Storage, b.DB = Child, DBJSON
		// The columns are fields of the entity, which a type does not know:
		// engine/record parses rows through ParseRows with the bound columns.
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			return ParseRows(raw, func(int, map[string]any) (map[string]value.Value, error) {
				return nil, errColumns.New()
			})
		}
		b.Check = func(v value.Value) error {
			n := len(v.Rows())
			switch {
			case n > o.MaxRows:
				return ErrMany.With("max", o.MaxRows).With("count", n)
			case n < o.MinRows && !v.IsNull():
				return ErrFew.With("min", o.MinRows).With("count", n)
			}
			return nil
		}
		b.Format = func(v value.Value, env Env) string {
			switch n := len(v.Rows()); {
			case n == 0:
				return ""
			case english(env.Locale) && n == 1:
				return "1 row"
			case english(env.Locale):
				return fmt.Sprintf("%d rows", n)
			default:
				return fmt.Sprintf("%d 行", n)
			}
		}
		return nil
	},
	Examples: []Example{
		{In: `null`, Out: `null`},
		{In: `[]`, Out: `null`},
		{In: `"3"`, Err: "field.subform.rows"},
		{In: `{"qty":1}`, Err: "field.subform.rows"},
		{In: `[1]`, Err: "field.subform.rows"},
		{In: `[{"qty":1}]`, Err: "field.subform.columns"},
	},
})

// ParseRows reads the shape of sub-form rows (a list of objects, each with an
// optional "id") and lets row parse the columns of one. The faults of all rows
// come back together, their paths starting with the row's index.
func ParseRows(raw any, row func(i int, columns map[string]any) (map[string]value.Value, error)) (value.Value, error) {
	if blank(raw) {
		return value.Value{}, nil
	}
	items, ok := raw.([]any)
	if !ok {
		return value.Value{}, errRows.New()
	}
	if len(items) > maxRows {
		return value.Value{}, ErrMany.With("max", maxRows).With("count", len(items))
	}
	var faults fault.List
	seen := map[string]bool{}
	rows := make([]value.Row, 0, len(items))
	for i, item := range items {
		at := strconv.Itoa(i)
		columns, ok := item.(map[string]any)
		if !ok {
			faults.Add(errRows.At(at))
			continue
		}
		var r value.Row
		if !blank(columns["id"]) {
			id, err := refOf(columns["id"])
			if err != nil {
				faults.AddUnder(at+"/id", err)
				continue
			}
			if seen[id] {
				faults.Add(errRowTwin.At(at))
				continue
			}
			seen[id], r.ID = true, id
		}
		var err error
		if r.Values, err = row(i, columns); err != nil {
			faults.AddUnder(at, err)
			continue
		}
		rows = append(rows, r)
	}
	if err := faults.Err(); err != nil {
		return value.Value{}, err
	}
	if len(rows) == 0 {
		return value.Value{}, nil
	}
	return value.OfRows(rows), nil
}
