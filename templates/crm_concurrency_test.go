package templates_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tenon/engine/access"
	"tenon/engine/enginetest"
	"tenon/engine/record"
	"tenon/schema/fault"
)

// TestCRM_leadsAreSharedEvenly: a thousand leads by eight writers, dealt out
// while four workers execute, to those sales who are active.
func TestCRM_leadsAreSharedEvenly(t *testing.T) {
	t.Parallel()
	c := newCRM(t)
	ctx := context.Background()
	gone := c.Grant(c.app, c.Member("离职销售"), "sales")
	if _, err := c.DB.One(ctx, `UPDATE tenon.member SET status = 'disabled' WHERE id = '`+gone.ID+`' RETURNING id`); err != nil {
		t.Fatal(err)
	}
	chen := c.Grant(c.app, c.Member("陈销售"), "sales")
	const writers, leads = 8, 1000
	errs := make(chan error, writers+4)
	written := make(chan struct{})
	var writing, working sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := w; i < leads; i += writers {
				op := record.Op{Kind: "create", Entity: "lead", Values: map[string]any{"name": fmt.Sprintf("线索 %04d", i)}}
				if _, err := c.Write(ctx, c.Admin, c.app, []record.Op{op}, record.Options{}); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	for range 4 {
		working.Go(func() {
			for last := false; ; {
				n, err := c.R.Drain(ctx, 1)
				if err != nil {
					errs <- err
					return
				}
				if n > 0 {
					continue
				}
				if last {
					return
				}
				select {
				case <-written:
					last = true
				default:
				}
			}
		})
	}
	writing.Wait()
	close(written)
	working.Wait()
	c.Drain()
	close(errs)
	for err := range errs {
		t.Fatal(err)
	}
	c.noFailures()
	least, most, total := int64(leads), int64(0), int64(0)
	for _, who := range []*access.Actor{c.li, c.wang, chen} {
		n := c.count(`SELECT count(*) FROM ws_main.crm_lead WHERE owner = '` + who.ID + `'`)
		least, most, total = min(least, n), max(most, n), total+n
	}
	if total != leads || most-least > 1 {
		t.Errorf("%d leads dealt out, between %d and %d each", total, least, most)
	}
	for what, sql := range map[string]string{
		"first-visit to-dos": `SELECT count(*) FROM tenon.task WHERE kind = 'first_visit' AND state = 'open'`,
		"lines of history":   `SELECT count(*) FROM ws_main.crm_ownership_log WHERE action = 'assign'`,
		"deadlines":          `SELECT count(*) FROM ws_main.crm_lead WHERE first_follow_due IS NOT NULL AND status = 'assigned'`,
		"notifications":      `SELECT count(*) FROM tenon.notification WHERE kind = 'task' AND title LIKE '首访 %'`,
	} {
		if n := c.count(sql); n != leads {
			t.Errorf("%d %s for %d leads", n, what, leads)
		}
	}
}

// pooled makes a customer that is in the pool, as recycling leaves it.
func (c *crm) pooled(name string) string {
	c.T.Helper()
	id := c.Create(c.Admin, c.app, "customer", `{"name":"`+name+`","owner":"`+c.boss.ID+`"}`)
	c.Drain()
	c.press(c.Admin, "customer", id, "customer_return", `{"note":"不再负责"}`)
	c.want("customer", id, map[string]string{"in_pool": "true", "owner": "null"})
	return id
}

// TestCRM_claimedOnce: fifty members claim one customer by its button at once.
// One has it; the others are told who, though the customer has left their rows.
func TestCRM_claimedOnce(t *testing.T) {
	t.Parallel()
	c := newCRM(t)
	ctx := context.Background()
	var members []*access.Actor
	for i := range 50 {
		members = append(members, c.Grant(c.app, c.Member(fmt.Sprintf("销售%02d", i)), "sales"))
		if i%2 == 1 {
			members[i].Locale = "en-US"
		}
	}
	id := c.pooled("公海一号")
	private := c.Create(c.Admin, c.app, "customer", `{"name":"私有","owner":"`+c.li.ID+`"}`)
	c.Drain()
	faults := make([]error, len(members))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, m := range members {
		all.Go(func() {
			<-start
			_, faults[i] = c.X.Button(ctx, m, c.app, "customer", id, "a11_claim", nil)
		})
	}
	close(start)
	all.Wait()
	winner, conflicts := "", 0
	for i, err := range faults {
		if err == nil {
			if winner != "" {
				t.Fatalf("%s and %s have both claimed it", winner, members[i].Name)
			}
			winner = members[i].Name
			c.want("customer", id, map[string]string{"owner": `"` + members[i].ID + `"`, "in_pool": "false"})
		}
	}
	if winner == "" {
		t.Fatalf("nobody has it: %v", faults[0])
	}
	for i, err := range faults {
		if err == nil {
			continue
		}
		text := fault.Of(err)[0].Text(members[i].Locale)
		if want := map[string]string{"zh-CN": "该客户已由" + winner + "领取。", "en-US": "This customer has been claimed by " + winner + "."}[members[i].Locale]; fault.KindOf(err) == fault.Conflict && text == want {
			conflicts++
		} else {
			t.Errorf("not told who has it: %v", err)
		}
	}
	if conflicts != 49 {
		t.Errorf("%d conflicts", conflicts)
	}
	if n := c.count(`SELECT count(*) FROM ws_main.crm_ownership_log WHERE action = 'claim'`); n != 1 {
		t.Errorf("%d claims on record", n)
	}
	c.Drain()
	c.noFailures()
	late := members[0]
	if winner == late.Name {
		late = members[1]
	}
	// Rules have gone over it meanwhile, and it is still known who was faster.
	if _, err := c.X.Button(ctx, late, c.app, "customer", id, "a11_claim", nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("after rules have gone over it: %v", err)
	}
	// A record that one could see until now answers to nothing but a refusal.
	if _, err := c.X.Button(ctx, late, c.app, "customer", id, "customer_lost", []byte(`{"reason":"price"}`)); fault.CodeOf(err) != access.ErrNotFound.Code {
		t.Errorf("a button that would work: %v", err)
	}
	c.want("customer", id, map[string]string{"lost_at": "null"})
	// A record that one never could see does not exist.
	for _, rule := range []string{"a11_claim", "customer_lost"} {
		if _, err := c.X.Button(ctx, late, c.app, "customer", private, rule, []byte(`{"reason":"price"}`)); fault.CodeOf(err) != access.ErrNotFound.Code {
			t.Errorf("%s on a record never seen: %v", rule, err)
		}
	}
	// Nor does one that left the rows long ago.
	c.Clock.Advance(25 * 3600e9)
	if _, err := c.X.Button(ctx, late, c.app, "customer", id, "a11_claim", nil); fault.CodeOf(err) != access.ErrNotFound.Code {
		t.Errorf("a day later: %v", err)
	}
}

// TestCRM_dailyClaimLimit: the limit holds however many tabs one clicks in, for
// leads and customers together, and a new day begins at midnight of the workspace.
func TestCRM_dailyClaimLimit(t *testing.T) {
	t.Parallel()
	c := newCRM(t)
	ctx := context.Background()
	var ids []string
	for i := range 9 {
		ids = append(ids, c.pooled(fmt.Sprintf("公海 %d", i)))
	}
	faults := make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() { _, faults[i] = c.X.Button(ctx, c.li, c.app, "customer", id, "a11_claim", nil) })
	}
	all.Wait()
	got, left := 0, ""
	for i, err := range faults {
		switch {
		case err == nil:
			got++
		case fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Of(err)[0].Text("zh-CN"), "今天已领取 5 个"):
			t.Errorf("refusal: %v", err)
		default:
			left = ids[i]
		}
	}
	if got != 5 {
		t.Fatalf("%d claimed, 5 allowed", got)
	}
	lead := c.Create(c.Admin, c.app, "lead", `{"name":"公海线索","status":"pooled","duplicate_of":null}`)
	c.Drain()
	c.want("lead", lead, map[string]string{"status": `"pooled"`, "owner": "null"})
	if _, err := c.X.Button(ctx, c.li, c.app, "lead", lead, "lead_claim", nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a lead on top: %v", err)
	}
	if _, err := c.X.Button(ctx, c.wang, c.app, "lead", lead, "lead_claim", nil); err != nil {
		t.Errorf("a colleague: %v", err)
	}
	c.Advance(13*3600e9, 13*3600e9) // 10:00 is now 23:00
	if _, err := c.X.Button(ctx, c.li, c.app, "customer", left, "a11_claim", nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("late in the evening: %v", err)
	}
	c.Advance(2*3600e9, 2*3600e9)
	if _, err := c.X.Button(ctx, c.li, c.app, "customer", left, "a11_claim", nil); err != nil {
		t.Errorf("next day: %v", err)
	}
	c.noFailures()
	if got := enginetest.Show(c.get("customer", left), "owner"); got != `"`+c.li.ID+`"` {
		t.Errorf("owner: %s", got)
	}
}
