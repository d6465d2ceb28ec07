package templates_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tenon/engine/access"
	"tenon/engine/enginetest"
	"tenon/engine/record"
	"tenon/schema/fault"
)

// newTeam is the CRM with a sales department that the manager heads, on a
// Monday morning at ten.
func newTeam(t *testing.T) *crm {
	t.Helper()
	return newTeamOf(t, newCRM(t))
}

func newTeamOf(t *testing.T, c *crm) *crm {
	t.Helper()
	c.Clock.Set(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	dept := enginetest.NewID()
	c.exec(`INSERT INTO tenon.department (id, workspace_id, name, head_id) VALUES ('%s', '%s', '销售部', '%s') RETURNING id`, dept, c.Workspace, c.boss.ID)
	for _, a := range []*access.Actor{c.li, c.wang, c.boss} {
		c.exec(`INSERT INTO tenon.member_department (member_id, department_id) VALUES ('%s', '%s') RETURNING member_id`, a.ID, dept)
		a.Departments = []string{dept}
	}
	if err := c.R.FireSchedules(context.Background()); err != nil { // from now on, schedules count
		t.Fatal(err)
	}
	return c
}

func (c *crm) exec(sql string, args ...any) {
	c.T.Helper()
	if _, err := c.DB.One(context.Background(), fmt.Sprintf(sql, args...)); err != nil {
		c.T.Fatal(err)
	}
}

// on gives a subtest the kit, so that failures are its own.
func (c *crm) on(t *testing.T) *crm {
	k := *c.Kit
	e := *c.Kit.Kit
	e.T = t
	k.Kit = &e
	n := *c
	n.Kit = &k
	return &n
}

// table is where rows of the platform or of an entity are.
func table(name string) string {
	switch name {
	case "task", "notification", "mail", "run":
		return "tenon." + name
	}
	return "ws_main.crm_" + name
}

// rows counts the rows for which a condition holds.
func (c *crm) rows(name, where string, args ...any) int64 {
	c.T.Helper()
	return c.count(`SELECT count(*) FROM ` + table(name) + ` WHERE ` + fmt.Sprintf(where, args...))
}

// sees wants a number of rows.
func (c *crm) sees(want int64, name, where string, args ...any) {
	c.T.Helper()
	if n := c.rows(name, where, args...); n != want {
		c.T.Errorf("%d × %s with %s, want %d", n, name, fmt.Sprintf(where, args...), want)
	}
}

// todo wants open to-dos of a kind about a record, in somebody's list.
func (c *crm) todo(want int64, who *access.Actor, kind, record string) {
	c.T.Helper()
	c.sees(want, "task", `kind = '%s' AND record_id = '%s' AND state = 'open' AND EXISTS (SELECT 1 FROM tenon.task_assignee a WHERE a.task_id = task.id AND a.member_id = '%s')`, kind, record, who.ID)
}

// told wants notifications whose title begins so, about a record.
func (c *crm) told(want int64, who *access.Actor, record, title string) {
	c.T.Helper()
	c.sees(want, "notification", `kind = 'rule' AND member_id = '%s' AND record_id = '%s' AND title LIKE '%s%%'`, who.ID, record, title)
}

// rang wants somebody's bell to have rung so often about a record, for a to-do or a message.
func (c *crm) rang(want int64, who *access.Actor, record string) {
	c.T.Helper()
	c.sees(want, "notification", `member_id = '%s' AND record_id = '%s'`, who.ID, record)
}

// make creates a record as an administrator and lets the rules run.
func (c *crm) make(entity, values string, args ...any) string {
	c.T.Helper()
	return c.makeAs(c.Admin, entity, values, args...)
}

func (c *crm) makeAs(who *access.Actor, entity, values string, args ...any) string {
	c.T.Helper()
	id := c.Create(who, c.app, entity, fmt.Sprintf(values, args...))
	c.Drain()
	return id
}

// set changes a record as an administrator and lets the rules run.
func (c *crm) set(entity, id, values string, args ...any) {
	c.T.Helper()
	if err := c.Update(c.Admin, c.app, entity, id, fmt.Sprintf(values, args...)); err != nil {
		c.T.Fatalf("%s: %v", entity, err)
	}
	c.Drain()
}

// refused wants a change to be turned down with a text.
func (c *crm) refused(err error, text string) {
	c.T.Helper()
	if err == nil {
		c.T.Errorf("not refused with %q", text)
		return
	}
	if got := fault.Of(err)[0].Text("zh-CN"); !strings.Contains(got, text) {
		c.T.Errorf("refused with %q, want %q", got, text)
	}
}

// at moves the clock to a time of day in Shanghai, this day or the next one.
func (c *crm) at(hour, minute int) {
	c.T.Helper()
	zone := time.FixedZone("CST", 8*3600)
	now := c.Clock.Now().In(zone)
	to := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, zone)
	if !to.After(now) {
		to = to.AddDate(0, 0, 1)
	}
	c.Advance(to.Sub(now), 2*time.Hour)
}

// days lets days pass, each ending at this time of day.
func (c *crm) days(n int) {
	c.T.Helper()
	c.Advance(time.Duration(n)*24*time.Hour, 24*time.Hour)
}

// day is a civil date so many days from now.
func (c *crm) day(n int) string {
	return c.Clock.Now().In(time.FixedZone("CST", 8*3600)).AddDate(0, 0, n).Format("2006-01-02")
}

// rfc is an instant so far from now.
func (c *crm) rfc(d time.Duration) string { return c.Clock.Now().Add(d).Format(time.RFC3339) }

// createErr tries to create a record.
func (c *crm) createErr(who *access.Actor, entity, values string) error {
	c.T.Helper()
	_, err := c.Write(context.Background(), who, c.app, []record.Op{{Kind: "create", Entity: entity, Values: enginetest.Decode(c.T, values)}}, record.Options{})
	return err
}
