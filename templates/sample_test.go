package templates

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/field"
	"tenon/schema/value"
	"tenon/templates/sample"
)

var zone = time.FixedZone("CST", 8*3600)

// days of installation: a Friday, a Sunday, the first of a year, a leap day.
var days = []time.Time{time.Date(2026, 11, 20, 0, 0, 0, 0, zone), time.Date(2026, 3, 29, 0, 0, 0, 0, zone), time.Date(2027, 1, 1, 0, 0, 0, 0, zone),
	time.Date(2028, 2, 29, 0, 0, 0, 0, zone)}

var day = days[0]

// world is sample data as typed records that expressions can read.
type world struct {
	t        *testing.T
	day      time.Time
	x        *opened
	rows     map[string]*row              // by "entity/local id"
	all      map[string][]*row            // by entity key
	back     map[string]map[string][]*row // via field id → local id → records that link there
	settings map[string]value.Value
}

type row struct {
	w      *world
	e      *schema.EntityModel
	id     string
	values map[string]value.Value
	sub    map[string][]expr.Row
}

func (r *row) Get(id string) value.Value {
	if id == "id" {
		return value.OfRef(r.id)
	}
	return r.values[id]
}

func (r *row) Follow(id string) expr.Row {
	f := r.e.Field(id)
	if f == nil || f.Target == nil {
		return nil
	}
	if t := r.w.rows[f.Target.Key()+"/"+r.values[id].Text()]; t != nil {
		return t
	}
	return nil
}

func (r *row) Rows(id string) []expr.Row { return r.sub[id] }

// cell is a sub-form row.
type cell map[string]value.Value

func (c cell) Get(id string) value.Value { return c[id] }
func (cell) Follow(string) expr.Row      { return nil }
func (cell) Rows(string) []expr.Row      { return nil }

// parse reads a sample value as the field would; links stay local ids.
func (w *world) parse(at string, f *schema.FieldModel, raw any) value.Value {
	env := field.Env{Zone: zone}
	switch x := raw.(type) {
	case sample.Ref:
		if f.Target == nil {
			w.t.Errorf("%s: a link in a field that is none", at)
			return value.Value{}
		}
		return value.OfRef(string(x))
	case []sample.Ref:
		var l []value.Value
		for _, r := range x {
			l = append(l, value.OfRef(string(r)))
		}
		return value.OfList(l)
	case sample.Member:
		if !f.Traits.HoldsUser && f.Expr.Ref != "member" {
			w.t.Errorf("%s: a member in a field for none", at)
		}
		return value.OfRef(string(x))
	case time.Time:
		if f.Kind != value.Time {
			w.t.Errorf("%s: a moment in a field of %s", at, f.Kind)
		}
		return value.OfTime(x)
	}
	b, err := json.Marshal(raw)
	if err != nil {
		w.t.Fatalf("%s: %v", at, err)
	}
	dec, err := schema.DecodeJSON(b)
	if err != nil {
		w.t.Fatalf("%s: %v", at, err)
	}
	v, err := f.Parse(dec, env)
	if err == nil {
		err = f.Check(v)
	}
	if err != nil {
		w.t.Errorf("%s: %v: %v", at, raw, err)
	}
	return v
}

func load(t *testing.T, x *opened, day time.Time, sets ...*sample.Data) *world {
	t.Helper()
	w := &world{t: t, x: x, day: day, rows: map[string]*row{}, all: map[string][]*row{}, back: map[string]map[string][]*row{}}
	var order []string
	for _, d := range sets {
		seen := map[string]bool{}
		for _, b := range d.Batches {
			if b.Patch || seen[b.Entity] {
				continue
			}
			seen[b.Entity] = true
			order = append(order, b.Entity)
			e := x.model.Entity(b.Entity)
			if e == nil {
				t.Fatalf("no entity %s", b.Entity)
			}
			for _, r := range d.Of(b.Entity) {
				out := &row{w: w, e: e, id: r.ID, values: map[string]value.Value{}, sub: map[string][]expr.Row{}}
				for k, raw := range r.Values {
					at := b.Entity + "/" + r.ID + "." + k
					f := e.Field(k)
					if f == nil {
						t.Fatalf("%s: no such field", at)
					}
					if f.Bound.Formula != nil || f.Rollup != nil || f.Traits.Generated && !f.System {
						t.Fatalf("%s: a computed field is given", at)
					}
					if f.Sub != nil {
						for i, cells := range raw.([]sample.Row) {
							c := cell{}
							for ck, cv := range cells {
								cf := f.Sub.Field(ck)
								if cf == nil {
									t.Fatalf("%s/%d: no column %s", at, i, ck)
								}
								c[cf.ID()] = w.parse(at, cf, cv)
							}
							w.formulas(f.Sub, c, func(id string, v value.Value) { c[id] = v })
							out.sub[f.ID()] = append(out.sub[f.ID()], c)
						}
						continue
					}
					if f.System && f.Key() == "created_at" {
						out.values[f.ID()] = value.OfTime(raw.(time.Time))
						continue
					}
					out.values[f.ID()] = w.parse(at, f, raw)
				}
				if w.rows[b.Entity+"/"+r.ID] != nil {
					t.Fatalf("%s/%s twice", b.Entity, r.ID)
				}
				w.rows[b.Entity+"/"+r.ID] = out
				w.all[b.Entity] = append(w.all[b.Entity], out)
			}
		}
	}
	for _, k := range order {
		for _, r := range w.all[k] {
			for _, f := range r.e.Fields {
				if f.Target == nil || f.Link == nil {
					continue
				}
				ids := []value.Value{r.values[f.ID()]}
				if f.Link.Many {
					ids = r.values[f.ID()].List()
				}
				for _, id := range ids {
					if id.IsNull() {
						continue
					}
					if w.rows[f.Target.Key()+"/"+id.Text()] == nil {
						t.Errorf("%s/%s.%s links to %s, which is not there", k, r.id, f.Key(), id.Text())
					}
					if w.back[f.ID()] == nil {
						w.back[f.ID()] = map[string][]*row{}
					}
					w.back[f.ID()][id.Text()] = append(w.back[f.ID()][id.Text()], r)
				}
			}
		}
	}
	for range 3 { // computed fields depend on each other across entities
		for _, k := range order {
			for _, r := range w.all[k] {
				for _, f := range r.e.Computed {
					if f.Rollup != nil {
						r.values[f.ID()] = w.rollup(r, f)
					} else if f.Formula != nil {
						r.values[f.ID()] = w.eval(f, r)
					}
				}
			}
		}
	}
	return w
}

func (w *world) env() *expr.Env {
	if w.settings == nil {
		w.settings = map[string]value.Value{}
		for _, p := range w.x.App.Info.Params {
			var raw any
			_ = json.Unmarshal(p.Value, &raw)
			w.settings[p.Key] = settingValue(raw)
		}
	}
	return &expr.Env{Now: w.day.Add(10 * time.Hour), Zone: zone, Settings: w.settings, Roots: map[string]expr.Row{}}
}

func settingValue(raw any) value.Value {
	switch x := raw.(type) {
	case string:
		return value.OfText(x)
	case bool:
		return value.OfBool(x)
	case float64:
		return value.OfNumber(decimal.NewFromFloat(x))
	case []any:
		var l []value.Value
		for _, e := range x {
			l = append(l, settingValue(e))
		}
		return value.OfList(l)
	}
	return value.Value{}
}

func (w *world) eval(f *schema.FieldModel, r expr.Row) value.Value {
	env := w.env()
	env.Roots["record"] = r
	v, err := f.Formula.Eval(env)
	if err != nil {
		w.t.Fatalf("%s.%s: %v", f.Entity.Key(), f.Key(), err)
	}
	return v
}

func (w *world) formulas(e *schema.EntityModel, r expr.Row, set func(string, value.Value)) {
	for range 2 {
		for _, f := range e.Fields {
			if f.Formula != nil {
				set(f.ID(), w.eval(f, r))
			}
		}
	}
}

func (w *world) rollup(r *row, f *schema.FieldModel) value.Value {
	var out []value.Value
	n := 0
	for _, x := range w.back[f.Via.ID()][r.id] {
		if f.RollupFilter != nil {
			env := w.env()
			env.Roots["it"] = x
			v, err := f.RollupFilter.Eval(env)
			if err != nil {
				w.t.Fatal(err)
			}
			if !v.Bool() {
				continue
			}
		}
		n++
		if f.Source != nil {
			if v := x.values[f.Source.ID()]; !v.IsNull() {
				out = append(out, v)
			}
		}
	}
	switch f.Rollup.Fn {
	case "count":
		return value.OfInt(int64(n))
	case "sum", "avg":
		s := decimal.Zero
		for _, v := range out {
			s = s.Add(v.Number())
		}
		if f.Rollup.Fn == "avg" {
			if len(out) == 0 {
				return value.Value{}
			}
			s = s.Div(decimal.NewFromInt(int64(len(out))))
		}
		return value.OfNumber(s)
	}
	if len(out) == 0 {
		return value.Value{}
	}
	if f.Rollup.Fn == "min" || f.Rollup.Fn == "max" {
		sort.SliceStable(out, func(i, j int) bool { return less(out[i], out[j]) })
	}
	if f.Rollup.Fn == "min" || f.Rollup.Fn == "first" {
		return out[0]
	}
	return out[len(out)-1]
}

func less(a, b value.Value) bool {
	if a.Kind() == value.Number {
		return a.Number().LessThan(b.Number())
	}
	return a.Time().Before(b.Time())
}

func (r *row) text(key string) string { return r.values[r.e.Field(key).ID()].Text() }

func loadSample(t *testing.T, day time.Time, locale string) (*opened, *world, *sample.Data) {
	t.Helper()
	x := open(t, "crm_lifecycle")
	seed, err := x.Seed(locale)
	if err != nil {
		t.Fatal(err)
	}
	d := x.Data(day, locale)
	return x, load(t, x, day, seed, d), d
}

// TestSample: on any day, the data are sound and agree with the rules.
func TestSample(t *testing.T) {
	for i, day := range days {
		locale := []string{"zh-CN", "en-US"}[i%2]
		t.Run(day.Format("2006-01-02")+" "+locale, func(t *testing.T) {
			x, w, d := loadSample(t, day, locale)
			sound(t, x, w, d, locale)
			agrees(t, w)
		})
	}
}

// sound: every value fits its field, every link leads to a record made before,
// unique fields are unique, nothing has happened in the future.
func sound(t *testing.T, x *opened, w *world, d *sample.Data, locale string) {
	t.Helper()
	made := map[string]bool{}
	for k, l := range w.all {
		if k == "lead_channel" || k == "message_template" {
			for _, r := range l {
				made[k+"/"+r.id] = true
			}
		}
	}
	for _, b := range d.Batches {
		e := x.model.Entity(b.Entity)
		for _, r := range b.Records {
			for k, v := range r.Values {
				if ref, ok := v.(sample.Ref); ok && !made[e.Field(k).Target.Key()+"/"+string(ref)] {
					t.Errorf("%s/%s.%s links forward", b.Entity, r.ID, k)
				}
			}
			made[b.Entity+"/"+r.ID] = true
		}
	}
	people := map[string]bool{}
	for _, m := range d.Members {
		people[m.ID] = true
	}
	now := w.day.Add(10 * time.Hour)
	future := map[string]bool{"next_follow_at": true, "recycle_at": true, "first_follow_due": true, "resolve_due": true, "first_response_due": true, "due_at": true, "send_due": true}
	for k, l := range w.all {
		unique := map[string]bool{}
		for _, r := range l {
			for _, f := range append(append([]*schema.FieldModel{}, r.e.Fields...), r.e.Field("owner"), r.e.Field("created_at")) {
				v := r.values[f.ID()]
				at := k + "/" + r.id + "." + f.Key()
				if f.Def.Required && v.IsNull() && f.Def.Default == nil {
					t.Errorf("%s: required and missing", at)
				}
				if f.Def.Unique && !v.IsNull() {
					if unique[f.Key()+v.Text()] {
						t.Errorf("%s: %s twice", at, v.Text())
					}
					unique[f.Key()+v.Text()] = true
				}
				if f.Kind == value.Time && f.Bound.Formula == nil && f.Rollup == nil && !future[f.Key()] && v.Time().After(now) {
					t.Errorf("%s: %s is in the future", at, v.Time())
				}
				if f.Expr != nil && f.Expr.Ref == "member" && f.Kind == value.Ref && !v.IsNull() && !people[v.Text()] {
					t.Errorf("%s: no member %s", at, v.Text())
				}
				if locale == "en-US" && f.Kind == value.Text && len(f.Choices) == 0 && han(v.Text()) && k != "message_template" {
					t.Errorf("%s: Chinese in English data: %s", at, v.Text())
				}
			}
			for _, ck := range r.e.Checks {
				env := w.env()
				env.Roots["record"], env.Roots["old"] = r, r
				if v, err := ck.When.Eval(env); err != nil || v.Bool() {
					t.Errorf("%s/%s: refused by %s (%v)", k, r.id, ck.Def.ID, err)
				}
			}
		}
	}
	for _, j := range d.Tasks {
		if w.rows[j.Entity+"/"+j.Record] == nil || !people[j.Assignee] || j.Due.IsZero() {
			t.Errorf("task %q is about nothing", j.Title)
		}
	}
}

// agrees: the stages in the data are what the template's formulas decide from
// the same data, and the history ends with them.
func agrees(t *testing.T, w *world) {
	t.Helper()
	for _, r := range w.all["customer"] {
		for field, formula := range map[string]string{"journey_stage": "journey_now", "lifecycle_stage": "lifecycle_now", "clm_status": "clm_now", "retention_stage": "retention_now", "tier": "tier_now"} {
			if a, b := r.text(field), r.text(formula); a != b {
				t.Errorf("%s: %s is %q, the rules say %q (%s)", r.id, field, a, b, r.text("stage_reason"))
			}
		}
	}
	open := map[string]string{}
	for _, l := range w.all["stage_log"] {
		if l.values[l.e.Field("left_at").ID()].IsNull() {
			open[l.text("target_type")+"/"+l.text("customer")+"/"+l.text("opportunity")] = l.text("to_stage")
		}
	}
	for _, r := range w.all["customer"] {
		if s := open["journey/"+r.id+"/"]; s != r.text("journey_stage") {
			t.Errorf("%s: the history ends with %q", r.id, s)
		}
		if s := open["clm/"+r.id+"/"]; s != r.text("clm_status") {
			t.Errorf("%s: the history of the status ends with %q", r.id, s)
		}
	}
}

// TestSampleShowsEverything: sizes, every stage and status, work for today.
func TestSampleShowsEverything(t *testing.T) {
	x, w, d := loadSample(t, day, "zh-CN")
	if len(d.Members) != 12 || len(d.Departments) != 4 {
		t.Errorf("%d members in %d departments", len(d.Members), len(d.Departments))
	}
	for k, n := range map[string]int{"lead": 300, "customer": 220, "contact": 420, "follow_up": 1500, "opportunity": 180, "quotation": 90, "contract": 70, "sales_order": 400,
		"payment_plan": 110, "payment": 90, "delivery_project": 55, "ticket": 200, "survey_response": 270, "touch": 500, "referral": 45, "churn_alert": 40, "sales_target": 60, "behavior_event": 2400} {
		if got := len(w.all[k]); got < n*80/100 || got > n*125/100 {
			t.Errorf("%s: %d records, about %d wanted", k, got, n)
		}
	}
	for _, c := range []string{"customer.journey_stage", "customer.lifecycle_stage", "customer.clm_status", "customer.retention_stage", "customer.tier", "lead.status", "opportunity.stage", "referral.status", "churn_alert.level"} {
		ek, fk, _ := strings.Cut(c, ".")
		have := map[string]int{}
		for _, r := range w.all[ek] {
			have[r.text(fk)]++
		}
		for _, ch := range x.model.Entity(ek).Field(fk).Choices {
			if have[ch.Key] == 0 {
				t.Errorf("%s: nothing is %s (%v)", c, ch.Key, have)
			}
		}
	}
	ends := map[int64]int{}
	for _, r := range w.all["contract"] {
		if r.text("status") == "active" {
			ends[r.values[r.e.Field("days_to_end").ID()].Int()]++
		}
	}
	for _, n := range []int64{90, 60, 30, 15, 7, 1} {
		if ends[n] == 0 {
			t.Errorf("no contract ends in %d days", n)
		}
	}
	first, last := day, time.Time{}
	for _, r := range w.all["sales_order"] {
		at := r.values[r.e.Field("ordered_at").ID()].Time()
		if at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	if day.Sub(first) < 300*24*time.Hour || day.Sub(last) > 15*24*time.Hour {
		t.Errorf("orders from %s to %s", first, last)
	}
	if len(d.Tasks) < 20 {
		t.Errorf("%d to-dos", len(d.Tasks))
	}
	approvals := map[string]int{}
	for _, task := range d.Tasks {
		if task.Kind == "approve_reward" {
			approvals[task.Assignee]++
		}
	}
	for _, m := range d.Members {
		if manages := slices.Contains(m.Roles, "sales_manager"); manages != (approvals[m.ID] > 0) {
			t.Errorf("%s has %d approvals to decide", m.Name, approvals[m.ID])
		}
	}
	if d.Count() < 7000 || d.Count() > 13000 {
		t.Errorf("%d records", d.Count())
	}
}

// TestSampleIsDeterministic: the same day gives the same data, another day the same story.
func TestSampleIsDeterministic(t *testing.T) {
	x := open(t, "crm_lifecycle")
	a, b := x.Data(day, "zh-CN"), x.Data(day, "zh-CN")
	if !reflect.DeepEqual(a, b) {
		t.Error("two runs differ")
	}
	if reflect.DeepEqual(a, x.Data(days[1], "zh-CN")) {
		t.Error("the day makes no difference")
	}
	if fmt.Sprint(a.Batches[0].Records[0].Values["name"]) == fmt.Sprint(x.Data(day, "en-US").Batches[0].Records[0].Values["name"]) {
		t.Error("names do not follow the locale")
	}
}

// TestSeed: what every installation starts with fits its fields.
func TestSeed(t *testing.T) {
	x := open(t, "crm_lifecycle")
	for _, locale := range []string{"zh-CN", "en-US"} {
		seed, err := x.Seed(locale)
		if err != nil {
			t.Fatal(err)
		}
		w := load(t, x, day, seed)
		if len(w.all["lead_channel"]) < 14 || len(w.all["message_template"]) < 60 {
			t.Errorf("%d channels, %d templates", len(w.all["lead_channel"]), len(w.all["message_template"]))
		}
	}
}
