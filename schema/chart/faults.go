package chart

import (
	"strconv"

	"tenon/schema/fault"
)

var (
	errSplit     = fault.Define(fault.Invalid, "chart.split", "拆分字段不能与横轴相同", "a chart cannot be split by the field it is grouped by")
	errSplitMany = fault.Define(fault.Invalid, "chart.split_many", "拆分时只能有一个统计", "a chart that is split has one measure only")
	errNoDate    = fault.Define(fault.Invalid, "chart.compare", "与上期比较需要选择时间范围", "a comparison with the previous period needs a period")
)

func itoa(i int) string { return strconv.Itoa(i) }
