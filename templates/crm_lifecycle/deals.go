package crm

import (
	"fmt"
	"sort"
	"time"

	"tenon/templates/sample"
)

type order struct {
	id     string
	at     time.Time
	amount int64 // in cents
}

// deal is an opportunity under way.
type deal struct {
	id, name, product string
	qty, price        int
	lines             []sample.Row
	net, tax          int64 // in cents
	at                time.Time
}

func (g *gen) deal(c *customer, stage string, at, closed time.Time) *deal {
	d := &deal{id: g.next("opportunity"), at: at}
	p := products[g.IntN(len(products))]
	d.product, d.qty = p.code, 1
	if p.price < 10000 {
		d.qty = 2 + g.IntN(10)
	}
	d.price = p.price * (85 + g.IntN(16)) / 100
	d.lines = []sample.Row{{"product": sample.Ref(p.code), "qty": d.qty, "price": d.price}}
	net := int64(d.qty*d.price) * 100
	rate := int64(p.tax * 100)
	d.net, d.tax = net, (net*rate+50)/100
	d.name = c.name + " · " + p.name.in(g.zh)
	prob := map[string]float64{"discovery": 0.05, "need": 0.1, "contact": 0.2, "proposal": 0.4, "negotiation": 0.7, "won": 1, "lost": 0}[stage]
	entered := at
	if closed.IsZero() && g.ago(at) > 3 {
		entered = g.between(at, g.now)
	}
	if !closed.IsZero() {
		entered = closed
	}
	v := values{"name": d.name, "customer": sample.Ref(c.id), "primary_contact": sample.Ref(c.contacts[0]), "stage": stage, "stage_entered_at": entered, "type": "new", "amount": yuan(net), "probability": prob,
		"started_on": civil(at), "product": sample.Ref(p.code), "lines": d.lines, "owner": sample.Member(c.owner), "created_at": at, "source_channel": c.v["source_channel"],
		"next_step": g.both("约客户确认下一步", "Agree the next step with the customer")}
	if len(c.orders) > 0 {
		v["type"] = pick(g, []string{"upsell", "cross_sell"})
	}
	if closed.IsZero() {
		v["expected_close"] = civil(g.now.AddDate(0, 0, 5+g.IntN(70)))
		v["forecast"] = map[bool]string{true: "best", false: "pipeline"}[stage == "negotiation"]
		c.openDeals++
		if stage == "proposal" || stage == "negotiation" {
			c.proposals++
		}
	} else {
		v["closed_on"], v["expected_close"] = civil(closed), civil(closed)
		if stage == "won" && closed.After(c.wonOn) {
			c.wonOn = closed
		}
		if stage == "lost" {
			v["lost_reason"] = pick(g, []string{"price", "competitor", "no_budget", "timing", "no_decision"})
			v["lost_stage"] = pick(g, []string{"need", "contact", "contact", "proposal", "proposal", "negotiation"})
			v["forecast"] = "omitted"
		}
	}
	g.add("opportunity", d.id, v)
	steps := []string{"discovery", "need", "contact", "proposal", "negotiation", "won"}
	from, t := "", at
	for _, s := range steps {
		to := s
		last := s == stage
		if stage == "lost" && s == v["lost_stage"] {
			to, last = s, false
		}
		end := entered
		left := g.between(t, end)
		if last {
			left = time.Time{}
			t = entered
		}
		g.add("stage_log", "", values{"target_type": "opportunity", "opportunity": sample.Ref(d.id), "customer": sample.Ref(c.id), "from_stage": from, "to_stage": to, "entered_at": t, "left_at": left})
		from = to
		if last {
			break
		}
		t = left
		if stage == "lost" && s == v["lost_stage"] {
			g.add("stage_log", "", values{"target_type": "opportunity", "opportunity": sample.Ref(d.id), "customer": sample.Ref(c.id), "from_stage": from, "to_stage": "lost", "entered_at": entered})
			break
		}
	}
	return d
}

func (g *gen) quote(c *customer, d *deal, status string, at time.Time) string {
	id := g.next("quotation")
	p := product(d.product)
	v := values{"customer": sample.Ref(c.id), "opportunity": sample.Ref(d.id), "contact": sample.Ref(c.contacts[0]), "quote_date": civil(at), "valid_until": civil(g.now.AddDate(0, 0, 10+g.IntN(30))), "status": status,
		"lines": []sample.Row{{"product": sample.Ref(d.product), "qty": d.qty, "list_price": p.price, "price": d.price, "tax_rate": p.tax, "cost": p.cost}}, "owner": sample.Member(c.owner), "created_at": at,
		"terms": g.both("报价三十日内有效，含一年标准服务。", "Valid for thirty days; one year of standard service included.")}
	if status != "draft" {
		v["sent_at"] = at
	}
	if status == "accepted" {
		v["accepted_at"], v["valid_until"] = at, civil(at.AddDate(0, 0, 30))
	}
	if status == "sent" || status == "accepted" {
		c.sent++
	}
	g.add("quotation", id, v)
	return id
}

func product(code string) (p struct {
	price, cost int
	tax         float64
}) {
	for _, x := range products {
		if x.code == code {
			p.price, p.cost, p.tax = x.price, x.cost, x.tax
		}
	}
	return p
}

// signing leaves a contract that is about to be sent or signed.
func (g *gen) signing(c *customer, i int) {
	won := g.at(1 + g.IntN(20))
	ticking := i < len(g.reps) // the two-hour rule, once for each salesperson: owners take turns
	if ticking {
		won = g.now.Add(-time.Duration(20+20*i) * time.Minute)
	}
	start := g.between(c.created, won)
	d := g.deal(c, "won", start, won)
	g.survey(c, d.id, start)
	q := g.quote(c, d, "accepted", g.between(start, won))
	status := pick(g, []string{"sent", "sent", "draft"})
	v := values{"name": d.name, "customer": sample.Ref(c.id), "opportunity": sample.Ref(d.id), "quotation": sample.Ref(q), "type": "sales", "amount": yuan(d.net + d.tax), "start_date": civil(g.now), "end_date": civil(g.now.AddDate(1, 0, 0)),
		"lines": d.lines, "won_at": won, "send_due": won.Add(2 * time.Hour), "customer_signer": sample.Ref(c.contacts[0]), "our_signer": sample.Member(c.owner), "owner": sample.Member(c.owner), "created_at": won,
		"deposit_rate": 0.3, "deposit_days": 7, "balance_days": 60, "is_standard": true, "renewal_status": "none", "send_overdue": false}
	if ticking {
		status = "draft"
	}
	v["status"] = status
	if status == "sent" {
		v["sent_at"] = won.Add(time.Duration(30+g.IntN(80)) * time.Minute)
	} else if won.Add(2 * time.Hour).Before(g.now) {
		v["send_overdue"] = true
	}
	id := g.next("contract")
	g.add("contract", id, v)
	g.patch("opportunity", d.id, values{"contract": sample.Ref(id)})
	c.signing++
}

// order writes an order; it counts as behaviour.
func (g *gen) order(c *customer, at time.Time, lines []sample.Row, cents int64, status, contract, deal string) string {
	id := g.next("sales_order")
	v := values{"customer": sample.Ref(c.id), "contract": sample.Ref(contract), "opportunity": sample.Ref(deal), "channel": pick(g, []string{"direct", "direct", "online", "partner"}), "ordered_at": at, "lines": lines,
		"total_amount": yuan(cents), "status": status, "is_repeat": len(c.orders) > 0, "owner": sample.Member(c.owner), "created_at": at}
	if status == "completed" {
		v["completed_at"] = g.past(at.AddDate(0, 0, 3+g.IntN(12)))
	}
	g.add("sales_order", id, v)
	c.orders = append(c.orders, order{id, at, cents})
	month := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, at.Location())
	if g.sales[c.owner] == nil {
		g.sales[c.owner] = map[time.Time]int64{}
	}
	g.sales[c.owner][month] += cents
	g.event(c, "purchase", at, values{"event_id": "order:" + id, "channel": "system", "amount": yuan(cents), "note": c.name})
	return id
}

// deliver turns a won deal into contract, order, payments and a project.
func (g *gen) deliver(c *customer, signed time.Time, status, project string, end time.Time) {
	start := signed.AddDate(0, 0, -12-g.IntN(20))
	if start.Before(c.created) {
		start = c.created
	}
	won := signed.AddDate(0, 0, -2)
	if won.Before(start) {
		won = start
	}
	d := g.deal(c, "won", start, won)
	g.survey(c, d.id, start)
	q := g.quote(c, d, "accepted", won)
	id := g.next("contract")
	total := d.net + d.tax
	if end.IsZero() {
		end = signed.AddDate(1, 0, 0)
	}
	v := values{"name": d.name, "customer": sample.Ref(c.id), "opportunity": sample.Ref(d.id), "quotation": sample.Ref(q), "type": "sales", "amount": yuan(total), "start_date": civil(signed), "end_date": civil(end), "sign_date": civil(signed),
		"lines": d.lines, "won_at": won, "send_due": won.Add(2 * time.Hour), "sent_at": won.Add(time.Duration(20+g.IntN(150)) * time.Minute), "customer_signer": sample.Ref(c.contacts[0]), "our_signer": sample.Member(c.owner),
		"owner": sample.Member(c.owner), "created_at": won, "deposit_rate": 0.3, "deposit_days": 7, "balance_days": 60, "is_standard": true, "status": status, "renewal_status": "none"}
	v["send_overdue"] = v["sent_at"].(time.Time).After(v["send_due"].(time.Time))
	switch {
	case status == "expired":
		v["renewal_status"] = pick(g, []string{"lost", "lost", "renewed"})
	case g.ago(end) > -90:
		v["renewal_status"] = "pending"
	}
	g.add("contract", id, v)
	g.patch("opportunity", d.id, values{"contract": sample.Ref(id)})
	if status == "active" {
		c.active++
	}
	orderStatus := "completed"
	if project == "running" || project == "planned" {
		orderStatus = "delivering"
	}
	o := g.order(c, signed, d.lines, total, orderStatus, id, d.id)
	deposit := (total*30 + 50) / 100
	g.receivable(c, id, o, 1, deposit, signed, signed.AddDate(0, 0, 7))
	g.receivable(c, id, o, 2, total-deposit, signed, signed.AddDate(0, 0, 60))
	pv := values{"name": d.name, "customer": sample.Ref(c.id), "contract": sample.Ref(id), "order": sample.Ref(o), "status": project, "plan_start": civil(signed), "plan_end": civil(signed.AddDate(0, 0, 60)), "owner": sample.Member(c.agent), "created_at": signed}
	var rows []sample.Row
	for k, m := range []pair{{"启动会", "Kick-off"}, {"配置与联调", "Set-up"}, {"培训", "Training"}, {"验收", "Acceptance"}} {
		at := signed.AddDate(0, 0, 12*(k+1))
		r := sample.Row{"name": m.in(g.zh), "plan_date": civil(at), "done": project == "accepted" || project == "closed" || at.Before(g.now) && g.IntN(6) > 0}
		if r["done"] == true {
			r["actual_date"] = civil(at)
		}
		rows = append(rows, r)
	}
	pv["milestones"] = rows
	pid := g.next("delivery_project")
	if project == "accepted" || project == "closed" {
		end := g.past(signed.AddDate(0, 0, 40+g.IntN(25)))
		pv["actual_end"] = civil(end)
		g.add("delivery_project", pid, pv)
		g.answer(c, "delivery", g.between(end, c.until), 55+g.IntN(45), -1, values{"project": sample.Ref(pid), "owner": sample.Member(c.agent)})
		return
	}
	c.projects++
	g.add("delivery_project", pid, pv)
}

func (g *gen) receivable(c *customer, contract, order string, period int, cents int64, signed, due time.Time) {
	id := g.next("payment_plan")
	v := values{"name": fmt.Sprintf("%s %d/2", c.name, period), "customer": sample.Ref(c.id), "contract": sample.Ref(contract), "order": sample.Ref(order), "period": period, "due_date": civil(due), "amount": yuan(cents), "status": "pending", "owner": sample.Member(c.owner), "created_at": signed}
	pay := func(cents int64, at time.Time, status string) {
		p := values{"customer": sample.Ref(c.id), "plan": sample.Ref(id), "contract": sample.Ref(contract), "order": sample.Ref(order), "amount": yuan(cents), "kind": "receipt", "paid_on": civil(at), "method": "bank", "status": status,
			"bank_ref": fmt.Sprintf("TX%08d", g.IntN(100_000_000)), "owner": sample.Member("money"), "created_at": at}
		if status == "confirmed" {
			p["confirmed_by"] = sample.Member("money")
		}
		g.add("payment", "", p)
	}
	if due.Before(g.day(g.now)) {
		switch k := g.IntN(12); {
		case k == 0:
			v["status"] = "overdue"
		case k == 1:
			v["status"] = "overdue"
			pay(cents/2, due, "confirmed")
		default:
			v["status"] = "paid"
			pay(cents, g.past(due.AddDate(0, 0, -3+g.IntN(8))), "confirmed")
		}
	} else if g.ago(due) > -5 {
		pay(cents, g.now, "pending")
	}
	g.add("payment_plan", id, v)
}

// buyer gives a customer orders and what follows from them.
func (g *gen) buyer(c *customer, i int) {
	back := func(lo, hi int) int { return lo + g.IntN(hi-lo+1) }
	var when []int // days ago of the orders, oldest first
	quiet := 0     // nothing is heard of them for so many days
	switch c.profile {
	case "delivery":
		when = []int{back(8, 50)}
		if i%2 == 0 {
			when = append([]int{back(70, 200)}, when...)
		}
	case "new":
		when = []int{back(3, 26)}
	case "active":
		n := 2 + g.IntN(4)
		for range n - 1 {
			when = append(when, back(40, 330))
		}
		when = append(when, back(4, 70))
		if i < 4 { // one order, no longer new
			when = []int{back(40, 80)}
		}
	case "loyal":
		for range 6 + g.IntN(4) {
			when = append(when, back(20, 280))
		}
		when = append(when, back(3, 50))
	case "dormant":
		quiet = back(95, 185)
		for range 1 + g.IntN(4) {
			when = append(when, quiet+g.IntN(max(1, 350-quiet)))
		}
		if i%4 == 0 {
			quiet = back(190, 200)
			when = []int{quiet}
		}
	case "at_risk":
		quiet = back(33, 75)
		for range 1 + g.IntN(3) {
			when = append(when, back(quiet, 300))
		}
		when = append(when, quiet+g.IntN(86-quiet))
	case "lost":
		quiet = back(120, 200)
		for range 1 + g.IntN(3) {
			when = append(when, quiet+g.IntN(100))
		}
	}
	sort.Sort(sort.Reverse(sort.IntSlice(when)))
	oldest := g.ago(c.created)
	for k := range when {
		when[k] = min(when[k], max(1, oldest-2))
	}
	sort.Sort(sort.Reverse(sort.IntSlice(when)))
	c.until = g.at(quiet)
	if quiet == 0 {
		c.until = g.now
	}
	contract := c.profile == "delivery" || (c.v["type"] == "company" && i%2 == 0 && c.profile != "new")
	for k, days := range when {
		at := g.at(days)
		if at.Before(c.created) {
			at = c.created.Add(time.Hour)
		}
		if contract && (c.profile == "delivery" && k == len(when)-1 || c.profile != "delivery" && k == 0) {
			g.contractFor(c, at, i)
			continue
		}
		var lines []sample.Row
		var cents int64
		for range 1 + g.IntN(2) {
			p := products[g.IntN(len(products))]
			qty := 1
			if p.price < 10000 {
				qty = 1 + g.IntN(6)
			}
			price := p.price * (90 + g.IntN(11)) / 100
			lines = append(lines, sample.Row{"product": sample.Ref(p.code), "qty": qty, "price": price})
			cents += int64(qty*price) * 100
		}
		status := "completed"
		if days < 10 {
			status = pick(g, []string{"paid", "delivering", "completed"})
		}
		g.order(c, at, lines, cents, status, "", "")
	}
	g.follows(c, 7)
	g.service(c, i)
	if c.profile == "active" && i%2 == 1 {
		g.deal(c, pick(g, []string{"contact", "proposal", "need"}), g.between(g.at(60), g.now), time.Time{})
	}
	if i%3 == 0 && len(when) > 0 {
		lost := g.between(c.created, c.until)
		g.deal(c, "lost", c.created, lost)
	}
	switch c.profile {
	case "active", "loyal", "new", "delivery":
		g.event(c, pick(g, []string{"login", "visit_site", "feature_use", "browse"}), g.at(1+g.IntN(12)), values{})
	case "lost":
		c.lost = g.at(5 + g.IntN(60))
		c.v["lost_at"], c.v["lost_reason"] = c.lost, pick(g, []string{"service", "price", "competitor", "need_changed", "experience"})
	}
	g.alerts(c, i)
}

// contractFor makes the contract of a buyer; some end on the reminder days.
func (g *gen) contractFor(c *customer, signed time.Time, i int) {
	status, project, end := "active", "accepted", time.Time{}
	switch c.profile {
	case "delivery":
		project = "running"
		if i%4 == 0 {
			project = "planned"
		}
	case "dormant", "lost":
		status, end = "expired", g.at(3+g.IntN(60))
		if end.Before(signed) {
			end = signed.AddDate(0, 0, 1)
		}
		project = "closed"
	default:
		if k := i / 2; k < 12 {
			end = g.now.AddDate(0, 0, []int{90, 60, 30, 15, 7, 1}[k%6])
		}
	}
	g.deliver(c, signed, status, project, end)
}
