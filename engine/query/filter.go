package query

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/value"
)

// Faults of filter trees.
var (
	ErrFilterOp    = fault.Define(fault.Invalid, "filter.operator", "不认识的筛选方式“{op}”", "unknown filter operator \"{op}\"")
	ErrFilterShape = fault.Define(fault.Invalid, "filter.shape", "筛选条件的格式不对", "the filter is malformed")
	ErrFilterField = fault.Define(fault.Invalid, "filter.field", "没有字段“{field}”", "there is no field \"{field}\"")
)

// FilterText turns a JSON filter tree into the expression text it means, so
// that both spellings of a filter are one language.
func FilterText(tree any, e *schema.EntityModel) (string, error) {
	return filterNode(tree, e, "", 0)
}

func filterNode(x any, e *schema.EntityModel, path string, depth int) (string, error) {
	m, ok := x.(map[string]any)
	if !ok || depth > 10 {
		return "", ErrFilterShape.At(path)
	}
	for _, op := range []string{"and", "or"} {
		l, ok := m[op].([]any)
		if !ok {
			continue
		}
		if len(m) != 1 {
			return "", ErrFilterShape.At(path)
		}
		if len(l) == 0 {
			return "true", nil
		}
		parts := make([]string, len(l))
		for i, c := range l {
			s, err := filterNode(c, e, fmt.Sprintf("%s/%s/%d", path, op, i), depth+1)
			if err != nil {
				return "", err
			}
			parts[i] = s
		}
		return "(" + strings.Join(parts, " "+op+" ") + ")", nil
	}
	if n, ok := m["not"]; ok && len(m) == 1 {
		s, err := filterNode(n, e, path+"/not", depth+1)
		return "not (" + s + ")", err
	}
	key, _ := m["field"].(string)
	op, _ := m["op"].(string)
	f := e.Field(key)
	if f == nil {
		return "", ErrFilterField.At(path+"/field").With("field", key)
	}
	return filterLeaf(f, "record."+f.Key(), op, m["value"], path)
}

var plainOps = map[string]string{"eq": "==", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

func filterLeaf(f *schema.FieldModel, name, op string, v any, path string) (string, error) {
	one := func(v any) (string, error) { return literal(v, path+"/value") }
	switch op {
	case "eq", "ne", "gt", "gte", "lt", "lte":
		s, err := one(v)
		return "(" + name + " " + plainOps[op] + " " + s + ")", err
	case "in", "nin":
		l, ok := v.([]any)
		if !ok {
			return "", ErrFilterShape.At(path + "/value")
		}
		s, err := one(l)
		if err != nil {
			return "", err
		}
		s = "(" + name + " in " + s + ")" // of a list: one of its values is among them
		if op == "nin" {
			s = "not " + s
		}
		return s, nil
	case "contains", "not_contains", "starts", "ends":
		s, err := one(v)
		if err != nil {
			return "", err
		}
		word := map[string]string{"contains": "contains", "not_contains": "contains", "starts": "startsWith", "ends": "endsWith"}[op]
		s = "(" + name + " " + word + " " + s + ")"
		if op == "not_contains" {
			s = "not " + s
		}
		return s, nil
	case "empty":
		return "ISEMPTY(" + name + ")", nil
	case "not_empty":
		return "not ISEMPTY(" + name + ")", nil
	case "between":
		l, ok := v.([]any)
		if !ok || len(l) != 2 {
			return "", ErrFilterShape.At(path + "/value")
		}
		var parts []string
		for i, cmp := range []string{">=", "<="} {
			if l[i] == nil {
				continue
			}
			s, err := one(l[i])
			if err != nil {
				return "", err
			}
			parts = append(parts, name+" "+cmp+" "+s)
		}
		if len(parts) == 0 {
			return "true", nil
		}
		return "(" + strings.Join(parts, " and ") + ")", nil
	case "me":
		if f.Kind == value.List {
			return "(me() in " + name + ")", nil
		}
		return "(" + name + " == me())", nil
	case "my_departments":
		return "(" + name + " in my_departments())", nil
	}
	if s, ok := relative(name, op, v); ok {
		return s, nil
	}
	return "", ErrFilterOp.At(path+"/op").With("op", op)
}

// relative renders date filters such as this_month or last_n_days as half-open
// ranges of civil days, so that an index on the field serves them.
func relative(name, op string, v any) (string, bool) {
	n := "7"
	if x, ok := v.(json.Number); ok {
		if i, err := strconv.Atoi(x.String()); err == nil && i >= 0 && i <= 36500 {
			n = strconv.Itoa(i)
		}
	}
	span := func(from, to string) (string, bool) {
		return "(" + name + " >= " + from + " and " + name + " < " + to + ")", true
	}
	const today = "today()"
	week := "add_days(today(), 1 - WEEKDAY(today()))"
	month := "DATE(YEAR(today()), MONTH(today()), 1)"
	quarter := "DATE(YEAR(today()), INT((MONTH(today()) - 1) / 3) * 3 + 1, 1)"
	year := "DATE(YEAR(today()), 1, 1)"
	switch op {
	case "today":
		return span(today, "add_days(today(), 1)")
	case "yesterday":
		return span("add_days(today(), -1)", today)
	case "tomorrow":
		return span("add_days(today(), 1)", "add_days(today(), 2)")
	case "this_week":
		return span(week, "add_days("+week+", 7)")
	case "last_week":
		return span("add_days("+week+", -7)", week)
	case "next_week":
		return span("add_days("+week+", 7)", "add_days("+week+", 14)")
	case "this_month":
		return span(month, "add_months("+month+", 1)")
	case "last_month":
		return span("add_months("+month+", -1)", month)
	case "next_month":
		return span("add_months("+month+", 1)", "add_months("+month+", 2)")
	case "this_quarter":
		return span(quarter, "add_months("+quarter+", 3)")
	case "last_quarter":
		return span("add_months("+quarter+", -3)", quarter)
	case "this_year":
		return span(year, "add_months("+year+", 12)")
	case "last_year":
		return span("add_months("+year+", -12)", year)
	case "last_n_days":
		return span("add_days(today(), 1 - "+n+")", "add_days(today(), 1)")
	case "next_n_days":
		return span(today, "add_days(today(), "+n+")")
	case "past":
		return "(" + name + " < today())", true
	case "future":
		return "(" + name + " >= add_days(today(), 1))", true
	}
	return "", false
}

func literal(v any, path string) (string, error) {
	switch v := v.(type) {
	case nil:
		return "nil", nil
	case bool:
		return strconv.FormatBool(v), nil
	case json.Number:
		s := v.String()
		if strings.HasPrefix(s, "-") {
			s = "(" + s + ")"
		}
		return s, nil
	case string:
		return quote(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			s, err := literal(x, path)
			if err != nil {
				return "", err
			}
			parts[i] = s
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	}
	return "", ErrFilterShape.At(path)
}

// quote writes a text literal of the expression language.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	r := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\u2028`, "\u2028", `\u2029`, "\u2029")
	return r.Replace(string(b))
}
