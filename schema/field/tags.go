package field

import (
	"unicode/utf8"

	"tenon/schema/panel"
	"tenon/schema/value"
)

type tagsOptions struct {
	Choices []Choice `json:"choices"`
	Free    *bool    `json:"free"`
}

// Limits of tags: a tag is a word, and a record has a handful.
const (
	maxTag  = 50
	maxTags = 200
)

var _ = Define(Spec[tagsOptions]{
	Name: "tags", Group: "choice", Icon: "tag",
	Label: Label{ZH: "标签", EN: "Tags"},
	Help:  Label{ZH: "随手输入的标签，也可以给出常用标签", EN: "Words typed freely, with common ones offered"},
	Options: panel.Object(
		choicesProp("常用标签", "Common tags"),
		panel.Switch("free", "可输入新标签", "New tags may be typed").Default(true),
	),
	Kind:   value.List,
	Traits: Traits{Multiple: true, Groupable: true, Filterable: true},
	Bind: func(o tagsOptions, b *Bound) error {
		x, err := newChoiceIndex(o.Choices)
		if err != nil {
			return err
		}
		free := o.Free == nil || *o.Free
		if !free && len(o.Choices) == 0 {
			return option("/choices", "不可输入新标签时，至少要有一个常用标签", "without new tags there must be at least one common tag")
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
			seen := map[string]bool{}
			var keys []string
			for _, s := range names {
				k, err := x.tag(s, free)
				if err != nil {
					return value.Value{}, err
				}
				if same := key(k); same != "" && !seen[same] {
					seen[same] = true
					keys = append(keys, k)
				}
			}
			return keyList(keys), nil
		}
		b.Check = atMostItems(maxTags)
		b.Format = func(v value.Value, env Env) string { return x.labels(v, env) }
		return nil
	},
	Examples: []Example{
		{In: `["重点"," 老客户 ","重点"]`, Out: `["重点","老客户"]`, Text: "重点、老客户"},
		{In: `"VIP, vip；重点、展会"`, Out: `["VIP","重点","展会"]`},
		{Options: exampleChoices, In: `["赢单","其他"]`, Out: `["won","其他"]`, Text: "赢单、其他"},
		{In: `null`, Out: `null`},
		{In: `[]`, Out: `null`},
		{Options: `{"free":false,"choices":[{"key":"a","label":"甲"}]}`, In: `["乙"]`, Err: "field.choice"},
		{In: `[{"a":1}]`, Err: "field.shape"},
		{In: `["a\u0001"]`, Err: "field.text.control"},
	},
})

// tag is the key of the common tag that s names, or s itself where new tags
// are welcome.
func (x *choiceIndex) tag(s string, free bool) (string, error) {
	if !free || x.knows(s) {
		return x.find(s)
	}
	k, err := tidy(fold(s), false)
	if err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(k); n > maxTag {
		return "", ErrLong.With("max", maxTag).With("count", n)
	}
	return k, nil
}
