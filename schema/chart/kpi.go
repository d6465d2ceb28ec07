package chart

import "tenon/schema/panel"

type kpiConfig struct {
	Entity    string   `json:"entity"`
	Filter    string   `json:"filter"`
	Measure   *Measure `json:"measure"`
	Ratio     *kpiPart `json:"ratio"`
	Compare   string   `json:"compare"`
	DateField string   `json:"date_field"`
	Period    string   `json:"period"`
	Format    string   `json:"format"`
	Goal      string   `json:"goal"`
}

// kpiPart is the divisor of a ratio.
type kpiPart struct {
	Entity    string   `json:"entity"`
	Filter    string   `json:"filter"`
	Measure   *Measure `json:"measure"`
	DateField string   `json:"date_field"`
}

var _ = Define(Spec[kpiConfig]{
	Name: "kpi", Group: "number", Icon: "target",
	Label: Label{ZH: "指标卡", EN: "Key figure"},
	Help:  Label{ZH: "一个大数字，可与上期比较、可看占比和目标", EN: "One large number, with the change from the previous period, a ratio or a goal"},
	Options: panel.Object(
		entityProp(),
		filterProp(),
		measureProp().Help("不填则计数", "Left blank, records are counted"),
		panel.Group("ratio", "除以", "Divided by",
			panel.Entity("entity", "数据来自", "Data source").Help("不填则与上面相同", "Left blank, the same as above"),
			panel.Expr("filter", "filter", "bool", "筛选", "Filter").Of("entity"),
			measureProp().Help("不填则计数", "Left blank, records are counted"),
			panel.Field("date_field", dated, "日期字段", "Date").Of("entity"),
		).Help("例如赢单率：赢单数除以总数", "For example the win rate: deals won divided by all deals"),
		panel.Field("date_field", dated, "日期字段", "Date").Of("entity").
			Help("时间范围按哪个日期，不填则按创建时间", "Which date the period is about; left blank, the time of creation"),
		periodProp(),
		panel.Select("compare", "比较", "Compare",
			panel.Choice{Value: "none", ZH: "不比较", EN: "No comparison"},
			panel.Choice{Value: "previous", ZH: "与上期", EN: "With the previous period"}).Default("none"),
		panel.Select("format", "显示为", "Shown as",
			panel.Choice{Value: "auto", ZH: "同字段", EN: "Like the field"},
			panel.Choice{Value: "number", ZH: "数字", EN: "Number"},
			panel.Choice{Value: "percent", ZH: "百分比", EN: "Percent"},
			panel.Choice{Value: "money", ZH: "金额", EN: "Money"}).Default("auto"),
		panel.Expr("goal", "app", "number", "目标值", "Goal").
			Help("数字或参数，例如 setting(\"month_target\")", "A number or a parameter, for example setting(\"month_target\")"),
	),
	Source: Aggregate,
	Arity:  Arity{Dimensions: 0, Measures: 1},
	Plan: func(c kpiConfig, p *Plan) error {
		compare := c.Compare == "previous"
		if compare && c.Period == "" {
			return errNoDate.At("/period")
		}
		main, err := c.query("main", kpiPart{c.Entity, c.Filter, c.Measure, c.DateField}, "/measure")
		if err != nil {
			return err
		}
		p.Goal = c.Goal
		p.Queries = []Query{main}
		if compare {
			p.Queries = append(p.Queries, main.before())
		}
		if c.Ratio == nil {
			return nil
		}
		part := *c.Ratio
		if part.Entity == "" || part.Entity == c.Entity {
			part.Entity = c.Entity
			if part.DateField == "" {
				part.DateField = c.DateField
			}
		}
		ratio, err := c.query("ratio", part, "/ratio/measure")
		if err != nil {
			return err
		}
		p.Queries = append(p.Queries, ratio)
		if compare {
			p.Queries = append(p.Queries, ratio.before())
		}
		return nil
	},
	Examples: []Example{
		{Config: `{"entity":"deal"}`, Queries: "main"},
		{Config: `{"entity":"deal","filter":"select == \"won\"","measure":{"fn":"sum","field":"money"},"date_field":"date","period":"this_month","compare":"previous","format":"money","goal":"setting(\"target\")"}`, Queries: "main previous"},
		{Config: `{"entity":"deal","filter":"select == \"won\"","ratio":{},"period":"this_year","compare":"previous","format":"percent"}`, Queries: "main previous ratio ratio_previous"},
		{Config: `{"entity":"deal","measure":{"fn":"sum"}}`, Err: "chart.measure"},
		{Config: `{"entity":"deal","compare":"previous"}`, Err: "chart.compare"},
		{Config: `{"entity":"deal","measure":{"fn":"sum","field":"text"}}`, Err: "field.ref.unfit"},
		{Config: `{}`, Err: "schema.missing"},
	},
})

func (c kpiConfig) query(name string, part kpiPart, path string) (Query, error) {
	m := Measure{Fn: "count"}
	if part.Measure != nil {
		m = *part.Measure
	}
	if err := measured(path, &m); err != nil {
		return Query{}, err
	}
	q := Query{Name: name, Entity: part.Entity, Filter: part.Filter, Measures: []Measure{m}, Limit: 1, Period: c.Period}
	if q.DateField = part.DateField; q.DateField == "" && c.Period != "" {
		q.DateField = "created_at"
	}
	return q, nil
}

// before is the same question about the previous period.
func (q Query) before() Query {
	q.Previous = true
	if q.Name == "main" {
		q.Name = "previous"
		return q
	}
	q.Name += "_previous"
	return q
}
