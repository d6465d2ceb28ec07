package crm

import (
	"fmt"
	"strconv"
	"time"

	"tenon/templates/sample"
)

// answer writes a satisfaction survey that has been answered.
func (g *gen) answer(c *customer, kind string, at time.Time, score, nps int, v values) {
	v["customer"], v["type"], v["contact"] = sample.Ref(c.id), kind, sample.Ref(c.contacts[0])
	v["status"], v["sent_at"], v["responded_at"], v["created_at"] = "responded", at.Add(-26*time.Hour), at, at.Add(-26*time.Hour)
	v["channel"] = pick(g, []string{"wechat", "phone", "email"})
	if score >= 0 {
		v["score"] = score
	}
	if nps >= 0 {
		v["nps"] = nps
		c.nps = nps
	}
	low := score >= 0 && score < 60 || nps >= 0 && nps <= 6
	v["follow_up_needed"] = low
	if low {
		v["comment"] = g.text(blame)
	} else if g.IntN(2) == 0 {
		v["comment"] = g.text(praise)
	}
	id := g.next("survey_response")
	g.add("survey_response", id, v)
	g.event(c, "feedback", at, values{"event_id": "survey:" + id, "channel": "service", "note": v["comment"]})
}

// service gives a customer tickets and surveys.
func (g *gen) service(c *customer, i int) {
	first := c.orders[0].at
	n := 1 + g.IntN(2)
	if c.profile == "at_risk" && i%2 == 0 {
		n = 3
	}
	for k := range n {
		at := g.between(first, c.until)
		kind := pick(g, []string{"consult", "consult", "fault", "suggestion", "complaint", "return"})
		if c.profile == "at_risk" && i%2 == 0 && k < 2 {
			kind, at = "complaint", g.between(c.until.AddDate(0, 0, -12), c.until)
		}
		if at.Before(first) {
			at = first
		}
		v := values{"subject": g.text(tickets[kind]), "customer": sample.Ref(c.id), "contact": sample.Ref(c.contacts[0]), "type": kind, "priority": pick(g, []string{"p2", "p3", "p3", "p4"}), "channel": pick(g, []string{"phone", "wechat", "email", "chat"}),
			"owner": sample.Member(c.agent), "created_at": at, "first_response_due": at.Add(8 * time.Hour), "resolve_due": at.Add(72 * time.Hour), "reopen_count": 0, "sla_status": "ok"}
		id := g.next("ticket")
		if at.After(g.now.AddDate(0, 0, -6)) && g.IntN(3) > 0 {
			v["status"] = pick(g, []string{"new", "assigned", "processing", "pending"})
			if v["status"] != "new" {
				v["first_responded_at"] = g.past(at.Add(time.Duration(10+g.IntN(200)) * time.Minute))
			}
		} else {
			done := g.past(at.Add(time.Duration(2+g.IntN(90)) * time.Hour))
			v["status"], v["first_responded_at"], v["resolved_at"] = "closed", at.Add(time.Duration(5+g.IntN(400))*time.Minute), done
			if v["first_responded_at"].(time.Time).After(done) {
				v["first_responded_at"] = done
			}
			v["closed_at"] = done
			v["sla_status"] = map[bool]string{true: "met", false: "resolve_breached"}[!done.After(at.Add(72*time.Hour))]
			v["root_cause"] = pick(g, []string{"product", "service", "usage", "usage", "delivery"})
			v["solution"] = g.both("已远程处理并确认恢复", "Handled remotely and confirmed")
			v["satisfaction"] = 2 + g.IntN(4)
		}
		if kind == "complaint" && at.After(c.complained) {
			c.complained = at
		}
		g.add("ticket", id, v)
		g.event(c, map[string]string{"complaint": "complaint", "suggestion": "feedback", "return": "refund"}[kind]+map[bool]string{true: "support_chat"}[kind == "consult" || kind == "fault"], at,
			values{"event_id": "ticket:" + id, "channel": "service", "note": v["subject"]})
		if v["status"] == "closed" && g.IntN(3) > 0 {
			when := v["closed_at"].(time.Time).AddDate(0, 0, 1)
			if when.After(c.until) {
				when = c.until
			}
			if k > 0 {
				continue
			}
			g.answer(c, "service", when, 50+g.IntN(50), -1, values{"ticket": sample.Ref(id), "owner": sample.Member(c.agent)})
		}
	}
	for k, o := range c.orders {
		if (k+i)%3 != 0 || c.profile == "new" {
			continue
		}
		at := o.at.AddDate(0, 0, 6)
		if at.After(c.until) {
			continue
		}
		g.answer(c, "csat", at, 58+g.IntN(42), -1, values{"order": sample.Ref(o.id), "owner": sample.Member(c.agent)})
	}
	if c.profile == "at_risk" && i == 1 { // three falling scores
		for k, s := range []int{92, 78, 55} {
			g.answer(c, "csat", c.until.AddDate(0, 0, -9+4*k), s, -1, values{"owner": sample.Member(c.agent)})
		}
	}
	switch {
	case c.profile == "loyal", c.profile == "active" && i%3 == 0:
		g.answer(c, "nps", g.between(first, c.until), -1, 9+g.IntN(2), values{"owner": sample.Member(c.agent)})
	case c.profile == "active" && i%3 == 1:
		g.answer(c, "nps", g.between(first, c.until), -1, 7+g.IntN(2), values{"owner": sample.Member(c.agent)})
	case c.profile == "at_risk" && i%3 == 0:
		g.answer(c, "nps", g.between(first, c.until), -1, 3+g.IntN(4), values{"owner": sample.Member(c.agent)})
	}
	if i%4 == 0 && c.profile != "lost" && c.profile != "dormant" {
		g.add("survey_response", "", values{"customer": sample.Ref(c.id), "type": "csat", "status": "sent", "sent_at": g.at(1 + g.IntN(5)), "order": sample.Ref(c.orders[len(c.orders)-1].id), "owner": sample.Member(c.agent), "follow_up_needed": false})
	}
}

// alerts raises churn alerts: open ones where the status says so.
func (g *gen) alerts(c *customer, i int) {
	raise := func(rule, level, status string, at time.Time, evidence string) {
		v := values{"customer": sample.Ref(c.id), "rule": rule, "level": level, "status": status, "triggered_at": at, "due_at": at.AddDate(0, 0, 2), "evidence": evidence, "owner": sample.Member(c.owner), "created_at": at}
		if status != "open" {
			v["cause"] = pick(g, []string{"service", "product", "price", "need_changed", "experience"})
			v["actions"] = []string{pick(g, []string{"discount", "custom_service", "tech_support", "content"})}
		}
		if status == "recovered" || status == "lost" {
			v["closed_at"] = g.past(at.AddDate(0, 0, 3))
		}
		if status == "recovered" {
			v["recovered_amount"] = (1 + g.IntN(8)) * 10000
		}
		g.add("churn_alert", "", v)
		if (status == "open" || status == "processing") && level != "low" {
			c.alerts++
		}
	}
	days := strconv.Itoa(g.ago(c.lastActive))
	switch c.profile {
	case "at_risk":
		switch i % 3 {
		case 0:
			raise("inactive_30d", "medium", "open", g.at(1+g.IntN(3)), g.both("已 "+days+" 天未活跃", "Inactive for "+days+" days"))
		case 1:
			raise("satisfaction_drop", "medium", "processing", g.at(4+g.IntN(20)), g.both("本次 55 分，上次 78 分", "Score 55, before 78"))
		default:
			raise("consecutive_complaint", "high", "open", g.at(2+g.IntN(15)), g.both("30 天内多次投诉", "Several complaints in 30 days"))
		}
	case "dormant":
		raise("no_order_90d", "low", pick(g, []string{"open", "recovered"}), g.at(1+g.IntN(40)), g.both("最近下单 ", "Last order ")+civil(c.orders[len(c.orders)-1].at))
	case "lost":
		raise("contract_expiring", "high", "lost", c.lost.AddDate(0, 0, -4), g.both("合同到期未续约", "Contract ended without renewal"))
	case "active":
		if i%8 == 0 {
			raise("inactive_30d", "medium", "recovered", g.at(60+g.IntN(100)), g.both("已 34 天未活跃", "Inactive for 34 days"))
		}
	}
}

// approvedFrom is what the setting reward_approval_amount is installed with.
const approvedFrom = 2000

// referrals come from active and loyal customers; most recent ones put them in the referral stage.
func (g *gen) referrals() {
	var givers []*customer
	for _, c := range g.list {
		if c.profile == "active" || c.profile == "loyal" {
			givers = append(givers, c)
		}
	}
	for i := range 45 {
		c := givers[i%30]
		at := g.at(200 + g.IntN(120))
		if i%30 < 18 {
			at = g.at(5 + g.IntN(150))
		}
		if first := c.orders[0].at; at.Before(first) {
			at = g.between(first, g.now)
		}
		status := []string{"submitted", "contacted", "qualified", "won", "rewarded", "invalid", "contacted", "rewarded", "won"}[i%9]
		v := values{"referrer": sample.Ref(c.id), "referrer_contact": sample.Ref(c.contacts[0]), "referee_name": g.person(), "referee_mobile": g.mobile(), "relation": g.both("同行朋友", "Friend in the trade"),
			"channel": pick(g, []string{"manual", "link", "community", "event"}), "status": status, "submitted_at": at, "owner": sample.Member(c.owner), "created_at": at}
		v["referee_company"], _ = g.company()
		id := g.next("referral")
		if status == "won" || status == "rewarded" {
			v["won_at"] = g.between(at, g.now)
			v["won_amount"] = (2 + g.IntN(20)) * 10000
			if status == "won" && i%18 != 8 && v["won_amount"].(int) < 50*approvedFrom {
				v["won_amount"] = v["won_amount"].(int) + 50*approvedFrom // most that are not rewarded yet wait for approval
			}
			c.referralsWon++
			rv := values{"customer": sample.Ref(c.id), "reason": "referral", "kind": "cash", "value": min(5000, v["won_amount"].(int)/50), "status": "granted", "granted_at": v["won_at"], "referral": sample.Ref(id), "idempotency_key": "referral:" + id, "created_at": v["won_at"]}
			if status == "won" {
				rv["status"] = "approved"
				delete(rv, "granted_at")
			}
			reward := g.next("reward")
			if worth := rv["value"].(int); status == "won" && worth >= approvedFrom {
				rv["status"] = "pending"
				g.jobs = append(g.jobs, sample.Task{Kind: "approve_reward", Title: fmt.Sprintf(g.both("审批奖励 %s：%d", "Approve the reward for %s: %d"), c.name, worth),
					Entity: "reward", Record: reward, Assignee: g.manager(c.owner), Due: g.now.Add(48 * time.Hour)})
			}
			g.add("reward", reward, rv)
		}
		g.add("referral", id, v)
		g.event(c, "referral", at, values{"event_id": "referral:" + id, "channel": "system", "note": v["referee_name"]})
		if status != "invalid" && at.After(c.lastReferral) {
			c.lastReferral = at
		}
	}
}

// touches are the messages that rules have sent over the year.
func (g *gen) touches() {
	scenes := map[string][]string{"new": {"welcome", "guide", "training"}, "active": {"survey", "content", "holiday"}, "loyal": {"survey", "content", "holiday", "birthday"}, "dormant": {"winback", "winback"}, "delivery": {"contract", "welcome"},
		"at_risk": {"survey", "complaint"}, "lost": {"winback"}, "contact": {"case", "intro"}, "proposal": {"case", "content"}, "signing": {"contract"}, "need": {"intro"}}
	for round := range 4 {
		for _, c := range g.list {
			list := scenes[c.profile]
			if len(list) == 0 || round > 0 && g.IntN(3) == 0 {
				continue
			}
			scene := list[(round+g.IntN(2))%len(list)]
			ch, _ := c.v["preferred_channel"].(string)
			if ch != "wechat" && ch != "sms" || scene == "intro" {
				ch = "email"
			}
			lang := g.both("zh", "en")
			at := g.between(c.created, g.now)
			v := values{"customer": sample.Ref(c.id), "contact": sample.Ref(c.contacts[0]), "scene": scene, "channel": ch, "template": sample.Ref(scene + "_" + ch + "_" + lang), "subject": c.name + " · " + pair{sceneZH[scene], sceneEN[scene]}.in(g.zh),
				"status": "sent", "sent_at": at, "owner": sample.Member(c.owner), "created_at": at, "idempotency_key": fmt.Sprintf("sample:%s:%s:%d", c.id, scene, round), "rule": map[string]string{"winback": "A18", "birthday": "A26", "welcome": "A22", "guide": "A22", "training": "A22", "contract": "A35", "complaint": "A42", "intro": "A04"}[scene]}
			if g.IntN(12) == 0 {
				v["status"], v["skip_reason"] = "skipped", pick(g, []string{"freq_cap", "opt_out", "no_address"})
				delete(v, "sent_at")
			} else if g.IntN(2) == 0 {
				v["opened_at"] = g.past(at.Add(time.Duration(10+g.IntN(600)) * time.Minute))
			}
			g.add("touch", "", v)
		}
	}
}

var (
	sceneZH = map[string]string{"welcome": "欢迎加入", "guide": "三步上手", "training": "培训邀约", "survey": "满意度调查", "content": "行业内容", "holiday": "节日快乐", "birthday": "生日快乐", "winback": "好久不见", "contract": "合同送达", "complaint": "反馈已受理", "case": "同行案例", "intro": "很高兴认识您"}
	sceneEN = map[string]string{"welcome": "Welcome", "guide": "Three steps to get started", "training": "Training invitation", "survey": "How did we do?", "content": "Picked for you", "holiday": "Season's greetings", "birthday": "Happy birthday", "winback": "We have missed you", "contract": "Your contract", "complaint": "We have received your complaint", "case": "A company like yours", "intro": "Nice to meet you"}
)
