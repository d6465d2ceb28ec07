package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

type selectOptions struct {
	Choices []Choice `json:"choices"`
	Style   string   `json:"style"`
}

const exampleChoices = `{"choices":[
	{"key":"new","label":{"zh-CN":"新建","en-US":"New"},"hue":"blue","aliases":["待处理"]},
	{"key":"won","label":{"zh-CN":"赢单","en-US":"Won"},"hue":"green"},
	{"key":"old","label":"旧选项","retired":true}]}`

var _ = Define(Spec[selectOptions]{
	Name: "select", Group: "choice", Icon: "list",
	Label: Label{ZH: "单选", EN: "Single select"},
	Help:  Label{ZH: "从几个选项中选一个；选项可带颜色，可停用而不影响旧数据", EN: "One of several options, which may have colors and be retired without touching old records"},
	Options: panel.Object(
		choicesProp("选项", "Options").Required(),
		panel.Select("style", "样式", "Style",
			panel.Choice{Value: "dropdown", ZH: "下拉框", EN: "Dropdown"},
			panel.Choice{Value: "radio", ZH: "单选框", EN: "Radio buttons"},
			panel.Choice{Value: "buttons", ZH: "按钮组", EN: "Buttons"}).Default("dropdown"),
	),
	Kind:   value.Text,
	Traits: Traits{Groupable: true, Sortable: true, Filterable: true},
	Bind: func(o selectOptions, b *Bound) error {
		x, err := newChoiceIndex(o.Choices)
		if err != nil {
			return err
		}
		b.DB, b.Choices = DBText, o.Choices
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			s, err := word(raw)
			if err != nil {
				return value.Value{}, err
			}
			k, err := x.find(s)
			if err != nil {
				return value.Value{}, err
			}
			return value.OfText(k), nil
		}
		b.Format = func(v value.Value, env Env) string {
			if v.Kind() != value.Text {
				return ""
			}
			return x.label(v.Text(), env.Locale)
		}
		return nil
	},
	Examples: []Example{
		{Options: exampleChoices, In: `"won"`, Out: `"won"`, Text: "赢单"},
		{Options: exampleChoices, In: `" 赢单 "`, Out: `"won"`},
		{Options: exampleChoices, In: `"WON"`, Out: `"won"`},
		{Options: exampleChoices, In: `"待处理"`, Out: `"new"`, Text: "新建"},
		{Options: exampleChoices, In: `"old"`, Out: `"old"`, Text: "旧选项"},
		{Options: exampleChoices, In: `null`, Out: `null`},
		{Options: exampleChoices, In: `"丢单"`, Err: "field.choice"},
		{Options: exampleChoices, In: `["won"]`, Err: "field.shape"},
	},
})
