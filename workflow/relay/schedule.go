package relay

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"tenon/engine/definition"
	"tenon/engine/query"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/value"
	"tenon/workflow/action"
	wfstore "tenon/workflow/store"
)

var parser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// page is how many records one statement of a sweep handles.
const page = 200

// FireSchedules makes the runs of schedule and date rules that are due in any app.
func (r *Relay) FireSchedules(ctx context.Context) error {
	res, err := r.E.DB.Read(ctx, wfstore.LiveApps())
	if err != nil {
		return err
	}
	month := r.E.Now().UTC().Format("2006-01")
	for _, row := range res[0].Rows {
		snap, err := r.E.Defs.At(ctx, string(row[0]))
		if err != nil {
			continue
		}
		// The history's partitions are made well before any write needs them.
		if r.months[snap.Schema] != month {
			if err := r.E.Defs.EnsurePartitions(ctx, snap.Schema, r.E.Now(), 4); err != nil {
				return err
			}
			r.months[snap.Schema] = month
		}
		for _, rule := range snap.Rules {
			t := rule.Def.Trigger.Type
			if t != "schedule" && t != "date" || snap.RuleOff[rule.Def.ID] {
				continue
			}
			if err := r.fire(ctx, snap, rule); err != nil {
				slog.Warn("schedule not fired", "app", snap.AppID, "rule", rule.Def.ID, "error", err)
			}
		}
	}
	return nil
}

func (r *Relay) fire(ctx context.Context, snap *definition.Snapshot, rule *schema.RuleModel) error {
	now := r.E.Now().UTC()
	res, err := r.E.DB.Read(ctx, wfstore.ScheduleOf(snap.AppID, rule.Def.ID))
	if err != nil {
		return err
	}
	if len(res[0].Rows) == 0 {
		next := time.Time{}
		if rule.Def.Trigger.Type == "schedule" {
			if next, err = nextTime(snap, rule, now); err != nil {
				return err
			}
		}
		_, err := r.E.DB.Read(ctx, wfstore.PlanSchedule(snap.AppID, rule.Def.ID, next, now))
		return err
	}
	row := res[0].Rows[0]
	if rule.Def.Trigger.Type == "date" {
		if from := store.ParseTime(row[1]); now.Sub(from) >= time.Minute || now.Before(from) {
			return r.sweep(ctx, snap, rule, from, now)
		}
		return nil
	}
	next := store.ParseTime(row[0])
	if next.IsZero() || next.After(now) {
		return nil
	}
	// However many times were missed while nothing ran, they fire once.
	after, err := nextTime(snap, rule, now)
	if err != nil {
		return err
	}
	fired := false
	err = r.E.DB.InTx(ctx, func(tx *store.Tx) error {
		got, err := tx.Do(ctx, wfstore.LockSchedule(snap.AppID, rule.Def.ID))
		if err != nil || len(got[0].Rows) == 0 || !store.ParseTime(got[0].Rows[0][0]).Equal(next) {
			return err
		}
		stamp := next.Format(time.RFC3339)
		if rule.Entity == nil || rule.Def.Trigger.Each == "" && rule.Entity == nil {
			_, err = tx.Do(ctx, wfstore.Insert(r.X.Due(snap, rule, "", "schedule:"+rule.Def.ID+":"+stamp, "schedule", now)))
		} else {
			err = r.each(ctx, tx, snap, rule, func(id string) *wfstore.Run {
				return r.X.Due(snap, rule, id, "schedule:"+rule.Def.ID+":"+stamp+":"+id, "schedule", now)
			})
		}
		if err != nil {
			return err
		}
		fired = true
		_, err = tx.Do(ctx, wfstore.MoveSchedule(snap.AppID, rule.Def.ID, after, now))
		return err
	})
	if fired {
		r.Wake()
	}
	return err
}

func nextTime(snap *definition.Snapshot, rule *schema.RuleModel, after time.Time) (time.Time, error) {
	s, err := parser.Parse(rule.Def.Trigger.Cron)
	if err != nil {
		return time.Time{}, fmt.Errorf("cron %q: %w", rule.Def.Trigger.Cron, err)
	}
	return s.Next(after.In(snap.Zone)).UTC(), nil
}

// each makes a run for every record that the rule's filter finds. What the
// condition can say in SQL narrows the search as well.
func (r *Relay) each(ctx context.Context, tx *store.Tx, snap *definition.Snapshot, rule *schema.RuleModel, run func(id string) *wfstore.Run) error {
	env := &expr.Env{Now: r.E.Now(), Zone: snap.Zone, Settings: snap.Settings}
	after := ""
	for {
		st, err := query.EachStmt(snap.Model, env, rule.Entity, rule.Each, after, page)
		if err != nil {
			return err
		}
		if rule.Pure != nil {
			if narrowed, err := query.EachStmt(snap.Model, env, rule.Entity, both(rule.Each, rule.Pure), after, page); err == nil {
				st = narrowed
			}
		}
		res, err := tx.Do(ctx, st)
		if err != nil {
			return err
		}
		var stmts []store.Stmt
		for _, row := range res[0].Rows {
			after = string(row[0])
			stmts = append(stmts, wfstore.Insert(run(after)))
		}
		if _, err := tx.Do(ctx, stmts...); err != nil {
			return err
		}
		if len(res[0].Rows) < page {
			return nil
		}
	}
}

// both joins two conditions; either may be nil.
func both(a, b *expr.Program) *expr.Program {
	if a == nil {
		return b
	}
	return a.And(b)
}

// sweep fires a date rule for the records whose moment lies in (from, to]. The
// watermark moves in the same transaction, and the ledger of occurrences makes
// a moment fire once even when the watermark is set back.
func (r *Relay) sweep(ctx context.Context, snap *definition.Snapshot, rule *schema.RuleModel, from, to time.Time) error {
	t := rule.Def.Trigger
	offset := time.Duration(0)
	if t.Offset != "" {
		var err error
		if offset, err = action.ParseDuration(t.Offset); err != nil {
			return err
		}
	}
	f := rule.Entity.Field(t.Field)
	conds := dateConds(f, t, from, to, offset, snap.Zone)
	fired := false
	err := r.E.DB.InTx(ctx, func(tx *store.Tx) error {
		got, err := tx.Do(ctx, wfstore.LockSchedule(snap.AppID, rule.Def.ID))
		if err != nil || len(got[0].Rows) == 0 || !store.ParseTime(got[0].Rows[0][1]).Equal(from) {
			return err
		}
		env := &expr.Env{Now: to, Zone: snap.Zone, Settings: snap.Settings}
		for _, src := range conds {
			prog, err := expr.CompileAs(src, snap.Model.Scope(rule.Entity), expr.T(value.Bool))
			if err != nil {
				return err
			}
			after := ""
			for {
				st, err := query.DateStmt(snap.Model, env, rule.Entity, f, prog, after, page)
				if err != nil {
					return err
				}
				res, err := tx.Do(ctx, st)
				if err != nil {
					return err
				}
				for _, row := range res[0].Rows {
					after = string(row[0])
					v := query.ReadWire(f, row[1])
					at := moment(v, t, offset, snap.Zone, to)
					if !at.After(from) || at.After(to) {
						continue
					}
					key := at.UTC().Format(time.RFC3339)
					occ, err := tx.Do(ctx, wfstore.Occur(snap.AppID, rule.Def.ID, after, key))
					if err != nil {
						return err
					}
					if len(occ[0].Rows) == 0 {
						continue
					}
					if _, err := tx.Do(ctx, wfstore.Insert(r.X.Due(snap, rule, after, "date:"+rule.Def.ID+":"+after+":"+key, "date", to))); err != nil {
						return err
					}
					fired = true
				}
				if len(res[0].Rows) < page {
					break
				}
			}
		}
		_, err = tx.Do(ctx, wfstore.MoveSchedule(snap.AppID, rule.Def.ID, time.Time{}, to))
		return err
	})
	if fired {
		r.Wake()
	}
	return err
}

// dateConds writes the filters that find candidates; moment decides exactly.
func dateConds(f *schema.FieldModel, t schema.Trigger, from, to time.Time, offset time.Duration, zone *time.Location) []string {
	name := "record." + f.Key()
	lo, hi := from.Add(-offset).In(zone), to.Add(-offset).In(zone)
	if t.Yearly {
		var out []string
		for d := lo.AddDate(0, 0, -1); !d.After(hi.AddDate(0, 0, 1)) && len(out) < 400; d = d.AddDate(0, 0, 1) {
			out = append(out, fmt.Sprintf("MONTH(%s) == %d and DAY(%s) == %d", name, int(d.Month()), name, d.Day()))
			if d.Month() == time.February && d.Day() == 28 && d.AddDate(0, 0, 1).Month() == time.March {
				out = append(out, fmt.Sprintf("MONTH(%s) == 2 and DAY(%s) == 29", name, name))
			}
		}
		return out
	}
	lo, hi = lo.AddDate(0, 0, -1), hi.AddDate(0, 0, 1)
	return []string{fmt.Sprintf("%s >= %q and %s <= %q", name, lo.Format("2006-01-02"), name, hi.Format("2006-01-02"))}
}

// moment is when a date rule fires for a value: the date at the rule's time of
// day (or the instant itself), moved by the offset; of an anniversary, this year's.
func moment(v value.Value, t schema.Trigger, offset time.Duration, zone *time.Location, now time.Time) time.Time {
	if v.IsNull() {
		return time.Time{}
	}
	at := v.Time()
	civil := v.Kind() == value.Date
	if !civil && (t.At != "" || t.Yearly) {
		at = at.In(zone)
		civil = true
	}
	if civil {
		h, m := 0, 0
		if t.At != "" {
			if _, err := fmt.Sscanf(t.At, "%d:%d", &h, &m); err != nil {
				h, m = 0, 0
			}
		}
		y, mo, d := at.Date()
		if t.Yearly {
			y = now.Add(-offset).In(zone).Year()
			if mo == time.February && d == 29 && time.Date(y, 2, 29, 0, 0, 0, 0, zone).Month() != time.February {
				d = 28
			}
		}
		at = time.Date(y, mo, d, h, m, 0, 0, zone)
		// Whole days move by the calendar, so that a change of the clock does not shift them.
		if offset%(24*time.Hour) == 0 {
			return at.AddDate(0, 0, int(offset/(24*time.Hour)))
		}
	}
	return at.Add(offset)
}
