package chart

import "tenon/schema/panel"

type calendarListConfig struct {
	Entity     string   `json:"entity"`
	Filter     string   `json:"filter"`
	DateField  string   `json:"date_field"`
	EndField   string   `json:"end_field"`
	TitleField string   `json:"title_field"`
	Columns    []string `json:"columns"`
	Period     string   `json:"period"`
	Limit      int      `json:"limit"`
	Actions    []string `json:"actions"`
}

var _ = Define(Spec[calendarListConfig]{
	Name: "calendar_list", Group: "list", Icon: "calendar",
	Label: Label{ZH: "日程列表", EN: "Agenda"},
	Help:  Label{ZH: "按日期排列的记录，例如本周的拜访", EN: "Records in the order of their dates, such as this week's visits"},
	Options: panel.Object(
		entityProp(),
		filterProp(),
		panel.Field("date_field", dated, "日期字段", "Date").Of("entity").Required(),
		panel.Field("end_field", dated, "结束日期", "End").Of("entity"),
		panel.Field("title_field", anyField, "标题字段", "Title").Of("entity").
			Help("不填则用记录标题", "Left blank, the record's title"),
		columnsProp(),
		periodProp(),
		limitProp(200, 20),
		actionsProp(),
	),
	Source: Records,
	Plan: func(c calendarListConfig, p *Plan) error {
		if c.Limit == 0 {
			c.Limit = 20
		}
		fields := []string{c.DateField}
		for _, f := range append([]string{c.EndField, c.TitleField}, c.Columns...) {
			if f != "" {
				fields = append(fields, f)
			}
		}
		p.Actions = c.Actions
		p.Queries = []Query{{Name: "main", Entity: c.Entity, Filter: c.Filter, Fields: fields, Limit: c.Limit,
			Sort: []Sort{{Field: c.DateField}}, DateField: c.DateField, Period: c.Period}}
		return nil
	},
	Examples: []Example{
		{Config: `{"entity":"deal","date_field":"datetime","period":"this_week"}`, Queries: "main"},
		{Config: `{"entity":"deal","date_field":"date","end_field":"date","title_field":"text","columns":["member"],"filter":"owner == me()"}`, Queries: "main"},
		{Config: `{"entity":"deal","date_field":"text"}`, Err: "field.ref.unfit"},
		{Config: `{"entity":"deal"}`, Err: "schema.missing"},
	},
})
