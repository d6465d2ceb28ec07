package field

import (
	"strings"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type multiSelectOptions struct {
	Choices  []Choice `json:"choices"`
	Style    string   `json:"style"`
	MaxCount int      `json:"max_count"`
}

var _ = Define(Spec[multiSelectOptions]{
	Name: "multi_select", Group: "choice", Icon: "check",
	Label: Label{ZH: "多选", EN: "Multi-select"},
	Help:  Label{ZH: "从几个选项中选若干个", EN: "Any number of several options"},
	Options: panel.Object(
		choicesProp("选项", "Options").Required(),
		panel.Select("style", "样式", "Style",
			panel.Choice{Value: "dropdown", ZH: "下拉框", EN: "Dropdown"},
			panel.Choice{Value: "checkbox", ZH: "复选框", EN: "Checkboxes"},
			panel.Choice{Value: "buttons", ZH: "按钮组", EN: "Buttons"}).Default("dropdown"),
		panel.Whole("max_count", 1, 1000, "最多选几项", "Most options chosen"),
	),
	Kind:   value.List,
	Traits: Traits{Multiple: true, Groupable: true, Filterable: true},
	Bind: func(o multiSelectOptions, b *Bound) error {
		x, err := newChoiceIndex(o.Choices)
		if err != nil {
			return err
		}
		b.DB, b.Elem, b.Choices = DBTextArray, value.Text, o.Choices
		b.Parse = func(raw any, _ Env) (value.Value, error) {
			if blank(raw) {
				return value.Value{}, nil
			}
			names, err := several(raw, x.knows)
			if err != nil {
				return value.Value{}, err
			}
			keys := make([]string, len(names))
			for i, s := range names {
				if keys[i], err = x.find(s); err != nil {
					return value.Value{}, err
				}
			}
			return keyList(keys), nil
		}
		b.Check = atMostItems(o.MaxCount)
		b.Format = func(v value.Value, env Env) string { return x.labels(v, env) }
		return nil
	},
	Examples: []Example{
		{Options: exampleChoices, In: `["won","new","won"]`, Out: `["won","new"]`, Text: "赢单、新建"},
		{Options: exampleChoices, In: `"新建, Won；旧选项"`, Out: `["new","won","old"]`},
		{Options: exampleChoices, In: `"新建、赢单"`, Out: `["new","won"]`},
		{Options: `{"choices":[{"key":"a","label":"甲、乙"},{"key":"b","label":"丙, 丁"}]}`, In: `"丙, 丁"`, Out: `["b"]`},
		{Options: exampleChoices, In: `[]`, Out: `null`},
		{Options: exampleChoices, In: `null`, Out: `null`},
		{Options: exampleChoices, In: `["丢单"]`, Err: "field.choice"},
		{Options: exampleChoices, In: `[["won"]]`, Err: "field.shape"},
		{Options: `{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"}],"max_count":1}`, In: `["a","b"]`, Err: "field.many"},
	},
})

// labels joins the labels of a list of keys.
func (x *choiceIndex) labels(v value.Value, env Env) string {
	texts := make([]string, len(v.List()))
	for i, e := range v.List() {
		texts[i] = x.label(e.Text(), env.Locale)
	}
	return strings.Join(texts, joiner(env.Locale))
}
