package crm

import (
	"time"

	"tenon/templates/sample"
)

// leads makes the leads: those that became customers and those that have not.
func (g *gen) leads() {
	for _, c := range g.list {
		if c.fromLead {
			g.convertedLead(c)
		}
	}
	for _, k := range []struct {
		status string
		n      int
	}{{"new", 12}, {"assigned", 24}, {"following", 72}, {"nurturing", 30}, {"invalid", 52}, {"pooled", 44}} {
		for i := range k.n {
			g.lead(k.status, i)
		}
	}
}

func (g *gen) leadBase(company, person, industry, channel, owner string, created time.Time) values {
	v := values{"name": company, "company_name": company, "contact_name": person, "mobile": g.mobile(), "email": g.email(), "job_title": g.jobTitle(), "source_channel": sample.Ref(channel), "industry": industry,
		"company_size": pick(g, []string{"1_10", "11_50", "51_200", "51_200", "201_500"}), "need_summary": g.text(needs), "budget": (1 + g.IntN(30)) * 10000, "expected_date": civil(created.AddDate(0, 2, g.IntN(30))),
		"site_visits": g.IntN(12), "consent_marketing": g.IntN(8) > 0, "created_at": created, "owner": sample.Member(owner)}
	g.place(v)
	return v
}

func (g *gen) convertedLead(c *customer) {
	created := c.created.AddDate(0, 0, -3-g.IntN(15))
	industry, _ := c.v["industry"].(string)
	channel, _ := c.v["source_channel"].(sample.Ref)
	v := g.leadBase(c.name, g.person(), industry, string(channel), c.owner, created)
	v["status"], v["assigned_at"], v["first_follow_due"], v["converted_at"] = "converted", created.Add(2*time.Minute), created.AddDate(0, 0, 3), c.created
	id := g.next("lead")
	g.add("lead", id, v)
	c.v["source_lead"] = sample.Ref(id)
	g.patch("lead", id, values{"customer": sample.Ref(c.id), "contact": sample.Ref(c.contacts[0])})
	g.leadFollow(id, c.owner, g.between(created, c.created), true)
	g.leadEvents(id, created, 2)
}

func (g *gen) lead(status string, i int) {
	company, industry := g.company()
	owner := g.reps[i%len(g.reps)]
	age := map[string][2]int{"new": {0, 1}, "assigned": {0, 5}, "following": {4, 80}, "nurturing": {30, 250}, "invalid": {5, 360}, "pooled": {10, 330}}[status]
	created := g.at(age[0] + g.IntN(age[1]-age[0]+1))
	v := g.leadBase(company, g.person(), industry, pick(g, channels), owner, created)
	v["status"] = status
	id := g.next("lead")
	follow := 0
	switch status {
	case "new":
		delete(v, "owner")
	case "assigned":
		v["assigned_at"], v["first_follow_due"], v["first_follow_overdue"] = created, workdays(created, 3), workdays(created, 3).Before(g.now)
	default:
		v["assigned_at"], v["first_follow_due"], v["first_follow_overdue"] = created, workdays(created, 3), i%6 == 0
		follow = 2 + g.IntN(3)
	}
	switch status {
	case "following", "nurturing":
		t := g.now.AddDate(0, 0, pick(g, []int{-2, 0, 0, 1, 2, 4, 6}))
		v["next_follow_at"] = time.Date(t.Year(), t.Month(), t.Day(), 9+g.IntN(9), 0, 0, 0, t.Location())
	case "invalid":
		v["invalid_reason"] = pick(g, []string{"wrong_contact", "no_need", "no_budget", "competitor", "spam"})
		follow = 1
	case "pooled":
		follow = g.IntN(2)
		v["prev_owner"], v["pooled_at"], v["pool_reason"] = sample.Member(owner), g.between(created, g.now), pick(g, []string{"first_visit", "manual", "no_follow"})
		delete(v, "owner")
		g.log(values{"target_type": "lead", "lead": sample.Ref(id), "action": "recycle", "from_member": sample.Member(owner), "reason": v["pool_reason"], "at": v["pooled_at"]})
	}
	if i == 9 && status == "following" {
		v["duplicate_of"] = sample.Ref("lead1")
	}
	g.add("lead", id, v)
	for k := range follow {
		g.leadFollow(id, owner, g.between(created, g.now), status == "following" && k > 0)
	}
	n := g.IntN(3)
	if i%9 == 0 {
		n = 5
	}
	g.leadEvents(id, created, n)
	if status != "new" {
		g.log(values{"target_type": "lead", "lead": sample.Ref(id), "action": "assign", "to_member": sample.Member(owner), "at": created})
	}
}

func workdays(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			n--
		}
	}
	return t
}

func (g *gen) leadFollow(lead, owner string, at time.Time, replied bool) {
	v := values{"lead": sample.Ref(lead), "method": pick(g, []string{"call", "call", "wechat", "email"}), "direction": "out", "purpose": "first", "happened_at": at, "replied": replied, "owner": sample.Member(owner), "created_at": at}
	if replied {
		v["summary"], v["result"] = g.text(talked), pick(g, []string{"positive", "neutral"})
	} else {
		v["summary"], v["result"] = g.text(missed), "no_answer"
	}
	g.add("follow_up", "", v)
}

func (g *gen) leadEvents(lead string, created time.Time, n int) {
	for range n {
		kind := pick(g, []string{"form_submit", "download", "consult", "visit_site", "browse", "trial", "email_click"})
		g.add("behavior_event", "", values{"lead": sample.Ref(lead), "type": kind, "occurred_at": g.between(created, g.now), "channel": "web", "source": "tenon",
			"points": map[string]int{"trial": 20, "consult": 15, "form_submit": 10, "download": 5, "email_click": 3, "visit_site": 1, "browse": 1}[kind]})
	}
}

func (g *gen) log(v values) { g.add("ownership_log", "", v) }
