package chart_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tenon/schema/chart"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/panel/paneltest"
)

// all is the list of widget types that dashboards may name.
var all = []string{"bar", "calendar_list", "checklist", "donut", "funnel", "kpi", "line", "list", "pie", "ranking", "table", "tasks", "text"}

func TestTypes_describe_themselves(t *testing.T) {
	t.Parallel()
	var names []string
	for _, ct := range chart.Types.All() {
		e := ct.Entry()
		names = append(names, e.Name)
		paneltest.Entry(t, e, []string{"number", "chart", "list", "static"})
		if n := len(ct.Examples()); n < 3 {
			t.Errorf("%s has %d examples", e.Name, n)
		}
	}
	if !slices.Equal(names, all) {
		t.Errorf("types are %v", names)
	}
}

func TestTypes_examples(t *testing.T) {
	t.Parallel()
	fields := map[string]*field.Bound{}
	for _, ft := range field.Types.All() {
		b, err := ft.Bind(json.RawMessage(ft.Examples()[0].Options))
		if err != nil {
			t.Fatal(err)
		}
		fields[ft.Entry().Name] = b
	}
	find := func(entity, id string) *field.Bound {
		if entity != "deal" {
			return nil
		}
		return fields[id]
	}
	for _, ct := range chart.Types.All() {
		name := ct.Entry().Name
		for _, e := range ct.Examples() {
			err := chart.Check(name, json.RawMessage(e.Config), find)
			if fault.CodeOf(err) != e.Err {
				t.Errorf("%s %s: %v, want %q", name, e.Config, err, e.Err)
			}
			if e.Err != "" {
				continue
			}
			p, err := ct.Bind(json.RawMessage(e.Config))
			if err != nil {
				t.Errorf("%s %s: %v", name, e.Config, err)
				continue
			}
			var queries []string
			for _, q := range p.Queries {
				queries = append(queries, q.Name)
				if q.Limit <= 0 {
					t.Errorf("%s %s: query %s has no limit", name, e.Config, q.Name)
				}
				if (p.Source == chart.Aggregate || p.Source == chart.Records) && q.Entity == "" {
					t.Errorf("%s %s: query %s has no entity", name, e.Config, q.Name)
				}
				if p.Source == chart.Aggregate && len(q.Measures) == 0 {
					t.Errorf("%s %s: query %s measures nothing", name, e.Config, q.Name)
				}
			}
			if got := strings.Join(queries, " "); got != e.Queries {
				t.Errorf("%s %s asks %q, want %q", name, e.Config, got, e.Queries)
			}
		}
	}
	if err := chart.Check("crystal_ball", nil, find); fault.CodeOf(err) != "catalog.unknown" {
		t.Errorf("unknown type: %v", err)
	}
}

func TestKPI_ratio_about_another_entity_has_its_own_date(t *testing.T) {
	t.Parallel()
	p, err := chart.Bind("kpi", json.RawMessage(`{"entity":"deal","date_field":"signed_on","period":"this_month","ratio":{"entity":"lead"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if q := p.Queries[1]; q.Entity != "lead" || q.DateField != "created_at" || q.Period != "this_month" {
		t.Errorf("%+v", q)
	}
	p, err = chart.Bind("kpi", json.RawMessage(`{"entity":"deal","date_field":"signed_on","period":"this_month","ratio":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	if q := p.Queries[1]; q.Entity != "deal" || q.DateField != "signed_on" {
		t.Errorf("%+v", q)
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 23, 30, 0, 0, time.FixedZone("CST", 8*3600)) // a Sunday
	for _, c := range []struct{ period, from, to, before string }{
		{"today", "2026-11-22", "2026-11-23", "2026-11-21"},
		{"yesterday", "2026-11-21", "2026-11-22", "2026-11-20"},
		{"this_week", "2026-11-16", "2026-11-23", "2026-11-09"},
		{"last_week", "2026-11-09", "2026-11-16", "2026-11-02"},
		{"this_month", "2026-11-01", "2026-12-01", "2026-10-01"},
		{"last_month", "2026-10-01", "2026-11-01", "2026-09-01"},
		{"this_quarter", "2026-10-01", "2027-01-01", "2026-07-01"},
		{"last_quarter", "2026-07-01", "2026-10-01", "2026-04-01"},
		{"this_year", "2026-01-01", "2027-01-01", "2025-01-01"},
		{"last_year", "2025-01-01", "2026-01-01", "2024-01-01"},
		{"last_7_days", "2026-11-16", "2026-11-23", "2026-11-09"},
		{"last_30_days", "2026-10-24", "2026-11-23", "2026-09-24"},
		{"last_90_days", "2026-08-25", "2026-11-23", "2026-05-27"},
		{"last_365_days", "2025-11-23", "2026-11-23", "2024-11-23"},
	} {
		from, to, ok := chart.Range(c.period, false, now)
		pfrom, pto, pok := chart.Range(c.period, true, now)
		day := func(t time.Time) string { return t.Format(time.DateOnly) }
		if !ok || !pok || day(from) != c.from || day(to) != c.to || day(pfrom) != c.before || !pto.Equal(from) || from.Location() != now.Location() || from.Hour() != 0 {
			t.Errorf("%s is %v to %v, before it %v to %v", c.period, from, to, pfrom, pto)
		}
	}
	if _, _, ok := chart.Range("", false, now); ok {
		t.Error("a blank period has limits")
	}
	if _, to, _ := chart.Range("this_month", true, time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)); to.Format(time.DateOnly) != "2026-03-01" {
		t.Errorf("the month before March ends %v", to)
	}
}
