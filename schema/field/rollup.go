package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

type rollupOptions struct {
	Entity string `json:"entity"`
	Via    string `json:"via"`
	Rows   string `json:"rows"`
	Fn     string `json:"fn"`
	Field  string `json:"field"`
	Filter string `json:"filter"`
}

// The kind of min, max, first and last is that of the aggregated field, which
// only the whole app knows: until Adopt it is a number (first, last: a text).
var _ = Define(Spec[rollupOptions]{
	Name: "rollup", Group: "computed", Icon: "rollup",
	Label: Label{ZH: "汇总", EN: "Rollup"},
	Help:  Label{ZH: "汇总关联到本记录的数据，或本记录子表单的行", EN: "Aggregates the records that link here, or the rows of a sub-form"},
	Options: panel.Object(
		panel.Entity("entity", "汇总哪个表单", "Records of which form").
			Help("与“子表单”二选一", "Either this or a sub-form"),
		panel.Field("via", panel.Accept{Traits: []string{"holds_ref"}}, "通过对方的哪个关联", "Through which link of theirs").Of("entity"),
		panel.Field("rows", panel.Accept{Kinds: []string{"rows"}}, "汇总哪个子表单", "Rows of which sub-form"),
		panel.Select("fn", "汇总方式", "How",
			panel.Choice{Value: "sum", ZH: "求和", EN: "Sum"},
			panel.Choice{Value: "count", ZH: "计数", EN: "Count"},
			panel.Choice{Value: "avg", ZH: "平均", EN: "Average"},
			panel.Choice{Value: "min", ZH: "最小", EN: "Lowest"},
			panel.Choice{Value: "max", ZH: "最大", EN: "Highest"},
			panel.Choice{Value: "first", ZH: "最早一条", EN: "First record's"},
			panel.Choice{Value: "last", ZH: "最近一条", EN: "Last record's"}).Required(),
		panel.Field("field", panel.Accept{}, "汇总哪个字段", "Of which field").Of("entity").
			Help("计数不需要", "Not needed for a count"),
		panel.Expr("filter", "related", "bool", "只汇总符合条件的", "Only where").Of("entity").
			Help("it 是被汇总的记录，例如 it.status == \"won\"", "`it` is the record being aggregated, for example it.status == \"won\""),
	),
	Kind:   value.Number,
	Traits: Traits{Computed: true, Sortable: true, Filterable: true},
	Bind: func(o rollupOptions, b *Bound) error {
		related := o.Entity != "" || o.Via != ""
		switch {
		case related == (o.Rows != ""):
			return option("/entity", "请选择一个关联表单或一个子表单", "choose either a linked form or a sub-form")
		case related && o.Entity == "":
			return option("/entity", "请选择要汇总的表单", "choose the form to aggregate")
		case related && o.Via == "":
			return option("/via", "请选择对方指向本表单的关联字段", "choose their link that points here")
		case o.Fn != "count" && o.Field == "":
			return option("/field", "请选择要汇总的字段", "choose the field to aggregate")
		}
		b.Rollup = &RollupSpec{Entity: o.Entity, Via: o.Via, Rows: o.Rows, Fn: o.Fn, Field: o.Field, Filter: o.Filter}
		if o.Fn == "count" {
			b.Scale = 0
			b.Rollup.Field = ""
		}
		if o.Fn == "first" || o.Fn == "last" {
			b.Kind = value.Text
		}
		b.DB = DBFor(b.Kind, value.Null)
		b.Parse, b.Format = refuseComputed, FormatKind
		return nil
	},
	Examples: []Example{
		{Options: `{"entity":"contract","via":"customer","fn":"sum","field":"amount","filter":"it.status == \"signed\""}`, In: `null`, Out: `null`},
		{Options: `{"rows":"items","fn":"count"}`, In: `3`, Err: "field.computed"},
		{Options: `{"entity":"contract","via":"customer","fn":"last","field":"status"}`, In: `"x"`, Err: "field.computed"},
	},
})
