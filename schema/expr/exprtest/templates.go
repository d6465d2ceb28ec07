package exprtest

// templates are expressions by result kind. Placeholders are filled with
// expressions of the kind they name: n number, t text, b bool, d date, i
// instant, w date or instant, r ref, x any scalar, and ln lt ld lr lb lists of
// them. A "!" asks for an expression whose static kind is known (never a bare
// nil). Others name the pools of literals in values.go.
var templates = map[string][]string{
	"n": {
		"({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / {n})", "({n} % {n})", "({n} ** {exp})", "(-{n})", "({n} ?? {n})", "({b} ? {n} : {n})",
		"IF({b}, {n}, {n})", "IFS({b}, {n}, {b}, {n})", "IFEMPTY({n}, {n})", "SWITCH({t}, {t}, {n}, {t}, {n}, {n})", "SWITCH({n}, {n}, {n})",
		"({w!} - {w!})", "customer.amount", "record.customer.parent.amount", "record.n1", `setting("limit")`,
		"SUM({n}, {n})", "SUM({ln})", "AVERAGE({ln}, {n})", "AVERAGE({n}, {n}, {n})", "MAX({n}, {n})", "MIN({ln})", "MAX({ln}, {n})", "PRODUCT({n}, {n})", "PRODUCT({ln})", "MEDIAN({ln}, {n})", "MEDIAN({n}, {n})",
		"ABS({n})", "ROUND({n}, {dig})", "ROUND({n})", "ROUNDUP({n}, {dig})", "ROUNDDOWN({n}, {dig})", "TRUNC({n})", "INT({n})", "MOD({n}, {n})", "CEILING({n}, {n})", "CEILING({n})", "FLOOR({n}, {n})", "SIGN({n})",
		"POWER({n}, {exp})", "SQRT({n})", "CLAMP({n}, {n}, {n})", "PERCENT({n}, {n})", "PERCENT({n}, {n}, {dig})", "GROWTH({n}, {n}, {dig})", "GROWTH({n}, {n})",
		"LEN({t})", "LEN({lt})", "LEN(items)", "LEN({r})", "VALUE({t})", "VALUE({num})", "SEARCH({t}, {t})", "SEARCH({t}, {t}, {cnt})", "FIND({t}, {t}, {cnt})", "FIND({t}, {t})",
		"({num!} / {num!})", "({num!} * {num!})", "({num!} % {num!})", "ROUND({num!}, {dig})", "SQRT({num!})", "MOD({num!}, {num!})", "hours_between({moment}, {date})", "hours_between({day}, {day})",
		"COUNT({x}, {x})", "COUNT({ln}, {t})", "COUNT(items)", "COUNT(partners)", "COUNTIF({ln}, {ncrit})", "COUNTIF({lt}, {tcrit})", "COUNTIF({ld}, {dcrit})", "COUNTIF({lb}, {bcrit})", "COUNTIF({lr}, {r})", "COUNTIF({ln}, {n})",
		"SUMIF({ln}, {ncrit})", "SUMIF(items.label, {tcrit}, items.qty)", "SUMIF({lt}, {tcrit}, {ln})", "SUMIFS(items.price, items.qty, {ncrit})", "SUMIFS(items.qty, items.label, {tcrit}, items.done, {bcrit})", "SUMPRODUCT(items.qty, items.price)", "SUMPRODUCT({ln}, {ln})", "SUMPRODUCT({ln})",
		"LARGE({ln!}, {pos})", "SMALL({ln!}, {pos})", "INDEX({ln!}, {pos})", "FIRST({ln!})", "LAST({ln!})",
		"YEAR({w})", "MONTH({w})", "DAY({w})", "HOUR({w})", "MINUTE({w})", "SECOND({w})", "QUARTER({w})", "WEEKDAY({w})", "WEEKNUM({w})", "WEEKNUM({w}, {one})", "ISOWEEKNUM({w})", "TIMESTAMP({w})",
		"days_between({w}, {w})", "DAYS({w}, {w})", "days_since({w})", "days_until({w})", "hours_between({w}, {w})", "DATEDIF({w}, {w}, {unit})", "DATEDIF({w}, {w})", "DAYS360({w}, {w})", "DAYS360({w}, {w}, {b})",
		"NETWORKDAYS({w}, {w})", "NETWORKDAYS({w}, {w}, {ld})", "NETWORKDAYS({w}, {w}, {day}, {w})", "DISTANCE({place}, {place})",
		"sum(items, {rn})", "sum({ln!}, # * {n})", "sum({ln!})", "count(items, {rb})", "count({ln!})", "count({lt!}, {eb})", "sum(filter(items, {rb}), {rn})", "count(filter(items, {rb}))", "count(partners, .amount > {n})", "sum(partners, .amount)", "sum(filter(partners, .amount > {n}), .amount)", "sum(partners, sum(.notes, .n))",
	},
	"t": {
		"({t!} + {x})", "({x} + {t!})", "({t} ?? {t})", "({b} ? {t} : {t})", "IF({b}, {t}, {t})", "IFEMPTY({t}, {t})", "SWITCH({n}, {n}, {t}, {n}, {t}, {t})", "SWITCH({d}, {d}, {t}, {t})", "customer.name", "customer.parent.name", "record.status", `setting("sign")`,
		"CONCATENATE({x}, {x}, {x})", "CONCATENATE({lt}, {ln})", "LEFT({t}, {cnt})", "LEFT({t})", "RIGHT({t}, {cnt})", "MID({t}, {cnt}, {cnt})", "UPPER({t})", "LOWER({t})", "TRIM({t})", "JOIN({lt}, {sep})", "JOIN({ln})", "JOIN({ld}, {sep})",
		"REPLACE({t}, {cnt}, {cnt}, {t})", "SUBSTITUTE({t}, {t}, {t})", "SUBSTITUTE({t}, {sep}, {t})", "REPT({t}, {cnt})", "CHAR({code})", "TEXT({n}, {nfmt})", "TEXT({n})", "TEXT({w}, {dfmt})", "TEXT({w})", "TEXT({t}, {nfmt})", "TEXT({b})", "FIXED({n}, {dig})", "FIXED({num!}, {dig})", "TEXT({num!}, {nfmt})", "TEXT({moment}, {dfmt})", "RMBCAP({num!})", "FIXED({n})", "RMBCAP({n})", "RMBCAP({n1e} * {n})",
		"FIRST({lt!})", "LAST({lt!})", "INDEX({lt!}, {pos})", "LARGE({lt!}, {pos})", "SMALL({lt!}, {pos})", "INDEX(SPLIT({t}, {sep}), {pos})",
	},
	"b": {
		"({n} == {n})", "({n} != {n})", "({n} < {n})", "({n} <= {n})", "({n} > {n})", "({n} >= {n})", "({t} == {t})", "({str} < {str})", "({str} == {str})", "({t} < {t})", "({t} >= {t})", "({w} == {w})", "({w} < {w})", "({w} >= {w})", "({w} != {w})", "({d!} > {day})", "({i!} <= {day})", "({b} == {b})", "({b} < {b})", "({r} == {r})", "({r} != {t})",
		"({lt} == {lt})", "({ln} != {ln})", "({ld} == {ld})", "({b} and {b})", "({b} or {b})", "(not {b})", "({b} ?? {b})", "({b} ? {b} : {b})", "({n} in {n}..{n})", "({n} in {ln!})", "({t} in {lt!})", "({d} in {ld!})", "({r} in {lr!})", "({t} not in {lt!})", "({lt!} contains {t})", "({lt!} in {lt!})", "({t!} contains {t})", "({t!} startsWith {t})", "({t!} endsWith {t})",
		"AND({b}, {b})", "OR({b}, {b}, {b})", "NOT({b})", "XOR({b}, {b}, {b})", "AND({lb}, {b})", "OR({lb})", "XOR({lb})", "AND({b})", "TRUE()", "FALSE()", "IF({b}, {b}, {b})", "SWITCH({n}, {n}, {b}, {b})",
		"ISEMPTY({x})", "ISEMPTY({lt})", "ISEMPTY(items)", "ISEMPTY(place1)", "EXACT({t}, {t})", "INCLUDES({t}, {t})", "INCLUDES({lt!}, {t})", "CONTAINS({t}, {t})", "STARTSWITH({t}, {t})", "ENDSWITH({t}, {t})", "LARGE({lb!}, {pos})", "FIRST({lb!})",
		"is_birthday({w})", "is_birthday({w}, {w})", "is_workday({w})", "is_workday({w}, {ld})", "is_workday({w}, {day})", `is_member_of({r}, "sales")`, "is_member_of(me(), {t})",
		"any(items, {rb})", "all(items, {rb})", "none(items, {rb})", "one(items, {rb})", "any({ln!}, # > {n})", "all({lt!}, {eb})", "any(filter(items, {rb}), {rb})", "any(partners, .name == {t})", "any(items, any({ln!}, # > {n}) and .done)", "any(partners, any(.notes, .n > {n}))",
	},
	"d": {
		"({d} ?? {d})", "({b} ? {d} : {d})", "IF({b}, {d}, {d})", "SWITCH({t}, {t}, {d}, {d})", "({d!} + {days})", "({d!} - {days})", "customer.since", "today()", "MAX({d}, {d})", "MIN({ld}, {d})",
		"DATE({year}, {month}, {dom})", "DATE({w})", "DATEVALUE({t})", "DATEVALUE({day})", "add_days({d}, {step})", "add_months({d}, {step})", "add_years({d}, {one})", "add_workdays({d}, {step})", "add_workdays({d}, {step}, {ld})", "WORKDAY({d}, {one}, {day}, {ld})",
		"start_of_week({w})", "end_of_week({w})", "start_of_month({w})", "end_of_month({w})", "start_of_quarter({w})", "end_of_quarter({w})", "start_of_year({w})", "end_of_year({w})", "EOMONTH({w}, {step})", "next_birthday({w})", "next_birthday({w}, {w})", "FIRST({ld!})", "LARGE({ld!}, {pos})", "INDEX({ld!}, {pos})",
	},
	"i": {
		"({i} ?? {i})", "({b} ? {i} : {i})", "({b} ? {i!} : {d})", "IF({b}, {i}, {i})", "now()", "MAX({i}, {i})", "MIN({i}, {i})", "DATE({year}, {month}, {dom}, {hour}, {min}, {min})", "DATE(2026, 3, 8, {hour}, {min}, 0)", "DATE(2026, 11, 1, {hour}, {min}, 0)", "add_days({moment}, {one})", "add_hours({moment}, {one})", "add_hours({date}, {one})", "FROM_TIMESTAMP({ms})", "add_days({i}, {step})", "add_months({i}, {step})", "add_years({i}, {one})", "add_hours({w}, {n})", "add_hours({w}, {step})", "add_minutes({w}, {step})", "add_workdays({i}, {step})", "add_workdays({i}, {one}, {ld})",
	},
	"r":  {"({r} ?? {r})", "({b} ? {r} : {r})", "customer.owner", "customer.parent", "record", "FIRST({lr!})", "INDEX({lr!}, {pos})", "me()", "manager_of({r})"},
	"ln": {"({ln} ?? {ln!})", "IF({b}, {ln}, {ln})", "{ln!}"},
	"lt": {"({lt} ?? {lt!})", "IF({b}, {lt}, {lt})", "{lt!}"},
	"ld": {"({ld} ?? {ld!})", "IF({b}, {ld}, {ld})", "{ld!}"},
	"lr": {"({lr} ?? {lr!})", "{lr!}"},
	"lb": {"IF({b}, {lb}, {lb})", "{lb!}"},
	"ln!": {
		"[{n}, {n}, {n}]", "[{n!}]", "items.qty", "items.price", "partners.amount", "customer.notes.n", "items.product.amount", "map(items, {rn!})", "map({ln!}, # + {n!})", "filter({ln!}, # > {n})", "UNIQUE({ln!})", "UNION({ln!}, {ln!})", "SORT({ln!})", "SORT({ln!}, {b})", "map({lt!}, LEN(#))",
	},
	"lt!": {
		"[{t!}, {t}]", "tags", "items.label", "partners.name", "my_roles()", "SPLIT({t}, {sep})", "map({lt!}, # + {t!})", "map(items, .label)", "filter({lt!}, {eb})", "UNIQUE({lt!})", "UNION({lt!}, {lt!})", "SORT({lt!}, {b})", "SORT([{str}, {str}, {str}, {str}, {str}, {str}])", "items.product.name", "map(filter(items, {rb}), .label)", "map(partners, .name)",
	},
	"ld!": {"[{d!}, {d}, {d}]", "items.day", "partners.since", "UNIQUE({ld!})", "SORT({ld!})", "filter({ld!}, # > {d})", "map({ld!}, add_days(#, {one}))"},
	"lr!": {"members", "partners", "partners.owner", "my_departments()", "items.product", "UNIQUE(members)", "filter(partners, .amount > {n})", "filter(members, # == {r})"},
	"lb!": {"[{b!}, {b}]", "items.done", "map(items, {rb!})", "SORT({lb!})"},

	// Bodies over rows and elements.
	"rn":  {".qty", ".price", ".qty * .price", "(.qty ?? 0) + {n}", "ROUND(.price, {dig})", "IF(.done, .qty, {n})", "LEN(.label)", "DAYS(.day, {d})", ".product.amount"},
	"rn!": {".qty", ".price", ".qty * .price", "ROUND(.price, {dig})", "LEN(.label)"},
	"rb":  {".done", ".qty > {n}", ".label == {t}", "not .done", ".day <= {d}", ".qty == nil", "{b}", ".product.name == {t}", ".label in {lt!}"},
	"rb!": {".done", ".qty > {n}", ".label == {t}", "not .done"},
	"eb":  {"# == {t}", "# > {t}", "# contains {t!}", "LEN(#) > {one}", "# == nil"},
	"x":   {"{n}", "{t}", "{b}", "{w}", "{r}"},
	"w":   {"{d}", "{i}"},
	"w!":  {"{d!}", "{i!}"},
}

// leaves end an expression: fields, and literals of the pools in values.go.
var leaves = map[string][]string{
	"n": {"n1", "n2", "n3", "{num!}", "{num!}"}, "t": {"t1", "t2", "status", "{str}", "{str}"}, "b": {"b1", "b2", "true", "false"},
	"d": {"d1", "d2", "{date}"}, "i": {"s1", "s2", "{moment}"}, "r": {"owner", "team", "customer", "id"},
	"ln!": {"[{num!}, {num!}]", "items.qty"}, "lt!": {"tags", "[{str}, {str}]"}, "ld!": {"items.day", "[{date}, d1]"}, "lr!": {"members", "partners"}, "lb!": {"items.done", "[b1, true]"},
	"rn": {".qty", ".price"}, "rn!": {".qty"}, "rb": {".done", ".qty > 1"}, "rb!": {".done"}, "eb": {"# == {str}", "LEN(#) > 1"}, "x": {"n1", "t1", "d1", "s1", "b1", "owner", "{num!}", "{str}"}, "w": {"d1", "s1", "{date}", "{moment}"}, "w!": {"d1", "s1"},
	"ln": {"items.qty", "[{num!}]"}, "lt": {"tags", "[{str}]"}, "ld": {"items.day", "[{date}]"}, "lr": {"members"}, "lb": {"items.done"},
	"n!": {"n1", "{num!}"}, "t!": {"t1", "{str}"}, "b!": {"b1", "true"}, "d!": {"d1", "{date}"}, "i!": {"s1", "{moment}"}, "r!": {"owner"},
}
