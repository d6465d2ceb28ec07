package field

import (
	"strconv"

	"tenon/schema/panel"
	"tenon/schema/value"
)

// linkOptions are those of link and links.
type linkOptions struct {
	Entity       string     `json:"entity"`
	OnDelete     string     `json:"on_delete"`
	Filter       string     `json:"filter"`
	Fill         []FillRule `json:"fill"`
	CreateInline bool       `json:"create_inline"`
	Fields       []string   `json:"fields"`
}

var _ = Define(Spec[linkOptions]{
	Name: "link", Group: "link", Icon: "link",
	Label:   Label{ZH: "关联记录", EN: "Link"},
	Help:    Label{ZH: "关联到另一个表单的一条记录，选中时可带出它的内容", EN: "Points to one record of another form; picking one can fill in its content"},
	Options: panel.Object(linkProps()...),
	Kind:    value.Ref,
	Traits:  Traits{Groupable: true, Filterable: true, Uniquable: true, HoldsRef: true},
	Bind: func(o linkOptions, b *Bound) error {
		bindRef(b, NameRecord)
		return bindLink(o, b, false)
	},
	Examples: refExamples(`{"entity":"customer","on_delete":"restrict","filter":"it.owner == me()","fill":[{"from":"address","to":"ship_to"}]}`),
})

func linkProps() []panel.Prop {
	return []panel.Prop{
		panel.Entity("entity", "关联的表单", "Linked form").Required(),
		panel.Select("on_delete", "对方彻底删除时", "When the linked record is purged",
			panel.Choice{Value: "restrict", ZH: "不允许删除", EN: "Refuse"},
			panel.Choice{Value: "null", ZH: "清空关联", EN: "Clear the link"},
			panel.Choice{Value: "cascade", ZH: "一并删除", EN: "Purge this record too"}).Default("restrict"),
		panel.Expr("filter", "related", "bool", "可选范围", "Which records are offered").Of("entity").
			Help("it 是被选的记录，例如 it.customer == customer", "`it` is the record being picked, for example it.customer == customer"),
		panel.Custom("fill", "fill", "选中后带出", "Fill in after picking", fillSchema()).Of("entity").
			Help("把所选记录的字段（或子表单的行）填到本记录", "Copies fields (or sub-form rows) of the picked record to this one"),
		panel.Switch("create_inline", "可当场新建", "New records can be made on the spot").Default(false),
		panel.Field("fields", panel.Accept{}, "列表中显示的字段", "Fields shown").Of("entity").Many(8),
	}
}

func fillSchema() map[string]any {
	id := map[string]any{"type": "string", "minLength": 1, "maxLength": 200}
	return map[string]any{
		"type": "array", "maxItems": 100,
		"items": map[string]any{
			"type": "object", "additionalProperties": false, "required": []string{"from", "to"},
			"properties": map[string]any{
				"from": id, "to": id,
				"rows": map[string]any{"type": "object", "maxProperties": 100, "additionalProperties": id},
			},
		},
	}
}

// bindLink completes a field that points to records. The default on_delete
// never loses data.
func bindLink(o linkOptions, b *Bound, many bool) error {
	if o.OnDelete == "" {
		o.OnDelete = "restrict"
	}
	filled := map[string]bool{}
	for i, f := range o.Fill {
		if filled[f.To] {
			return option("/fill/"+strconv.Itoa(i)+"/to", "同一个字段被带出两次", "the same field is filled twice")
		}
		filled[f.To] = true
	}
	b.Link = &LinkSpec{Entity: o.Entity, Many: many, OnDelete: o.OnDelete, Filter: o.Filter, Fill: o.Fill}
	return nil
}
