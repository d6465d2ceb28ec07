package chart

import "tenon/schema/panel"

// What the fields of several types must be.
var (
	groupable = panel.Accept{Traits: []string{"groupable"}}
	countable = panel.Accept{Kinds: []string{"number", "date", "time"}, Single: true}
	dated     = panel.Accept{Kinds: []string{"date", "time"}, Single: true}
	anyField  = panel.Accept{}
)

// defaultLimit is how many groups a chart shows when it does not say.
const defaultLimit = 50

func entityProp() panel.Prop {
	return panel.Entity("entity", "数据来自", "Data source").Required()
}

func filterProp() panel.Prop {
	return panel.Expr("filter", "filter", "bool", "筛选", "Filter").Of("entity").
		Help("只统计符合条件的记录", "Only records that meet the condition count")
}

func groupProps(bucket bool) []panel.Prop {
	props := []panel.Prop{panel.Field("field", groupable, "字段", "Field").Of("entity").Required()}
	if bucket {
		props = append(props, panel.Select("bucket", "日期按", "Dates by",
			panel.Choice{Value: "day", ZH: "日", EN: "Day"},
			panel.Choice{Value: "week", ZH: "周", EN: "Week"},
			panel.Choice{Value: "month", ZH: "月", EN: "Month"},
			panel.Choice{Value: "quarter", ZH: "季度", EN: "Quarter"},
			panel.Choice{Value: "year", ZH: "年", EN: "Year"}))
	}
	return props
}

func groupByProp() panel.Prop {
	return panel.Group("group_by", "横轴", "Group by", groupProps(true)...).Required()
}

func measureProps() []panel.Prop {
	return []panel.Prop{
		panel.Select("fn", "统计方式", "Function",
			panel.Choice{Value: "count", ZH: "计数", EN: "Count"},
			panel.Choice{Value: "sum", ZH: "求和", EN: "Sum"},
			panel.Choice{Value: "avg", ZH: "平均", EN: "Average"},
			panel.Choice{Value: "min", ZH: "最小", EN: "Lowest"},
			panel.Choice{Value: "max", ZH: "最大", EN: "Highest"}).Required(),
		panel.Field("field", countable, "字段", "Field").Of("entity").
			Help("计数不需要", "Not needed for a count"),
		panel.Text("label", 60, "名称", "Name").Localized(),
	}
}

func measureProp() panel.Prop {
	return panel.Group("measure", "统计", "Measure", measureProps()...)
}

func measuresProp(max int) panel.Prop {
	return panel.List("measures", 1, max, "统计", "Measures", measureProps()...).Required()
}

func limitProp(max, def int) panel.Prop {
	return panel.Whole("limit", 1, max, "最多显示", "At most").Default(def)
}

func orderProp() panel.Prop {
	return panel.Select("sort", "排序", "Order",
		panel.Choice{Value: "label", ZH: "按名称升序", EN: "By name"},
		panel.Choice{Value: "-label", ZH: "按名称降序", EN: "By name, descending"},
		panel.Choice{Value: "value", ZH: "数值从小到大", EN: "Smallest first"},
		panel.Choice{Value: "-value", ZH: "数值从大到小", EN: "Largest first"}).
		Help("不填则按选项或日期的先后", "Left blank, in the order of the options or dates")
}

func sortProp() panel.Prop {
	return panel.List("sort", 0, 5, "排序", "Order",
		panel.Field("field", panel.Accept{Traits: []string{"sortable"}}, "字段", "Field").Of("entity").Required(),
		panel.Switch("desc", "降序", "Descending").Default(false))
}

func columnsProp() panel.Prop {
	return panel.Field("columns", anyField, "显示的字段", "Fields shown").Of("entity").Many(20)
}

// seriesConfig is what the charts of groups and measures share.
type seriesConfig struct {
	Entity   string    `json:"entity"`
	Filter   string    `json:"filter"`
	GroupBy  Group     `json:"group_by"`
	SplitBy  *Group    `json:"split_by"`
	Measures []Measure `json:"measures"`
	Limit    int       `json:"limit"`
	Sort     string    `json:"sort"`
}

// seriesOptions are the settings of a chart of groups; split adds a second
// dimension, measures is how many numbers it draws.
func seriesOptions(split bool, measures int, more ...panel.Prop) string {
	props := []panel.Prop{entityProp(), filterProp(), groupByProp()}
	if split {
		props = append(props, panel.Group("split_by", "再按此拆分", "Split by", groupProps(true)...).
			Help("每个值一种颜色", "One color for each value"))
	}
	props = append(props, measuresProp(measures), orderProp(), limitProp(500, defaultLimit))
	return panel.Object(append(props, more...)...)
}

// planSeries is the plan of a chart of groups.
func planSeries(c seriesConfig, p *Plan) error {
	q := Query{Name: "main", Entity: c.Entity, Filter: c.Filter, GroupBy: []Group{c.GroupBy},
		Measures: c.Measures, Order: c.Sort, Limit: c.Limit}
	if c.SplitBy != nil {
		if c.SplitBy.Field == c.GroupBy.Field {
			return errSplit.At("/split_by/field")
		}
		if len(c.Measures) > 1 {
			return errSplitMany.At("/measures")
		}
		q.GroupBy = append(q.GroupBy, *c.SplitBy)
	}
	for i := range q.Measures {
		if err := measured("/measures/"+itoa(i), &q.Measures[i]); err != nil {
			return err
		}
	}
	if q.Limit == 0 {
		q.Limit = defaultLimit
	}
	p.Queries = []Query{q}
	return nil
}
