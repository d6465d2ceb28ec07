// Package crm makes the sample data of the CRM lifecycle template: a year in
// the life of a made-up company with twelve people, told by the same facts
// that the template's rules judge, so that every stage, status and tier is
// there and agrees with what the rules would say.
//
// The data depend on the day, the zone and the locale only: the same three
// give the same records. All names are our own.
package crm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"tenon/templates/sample"
)

// Sample makes the sample data as of a day (its midnight in the workspace's
// zone), with names and texts in the language of the locale.
func Sample(day time.Time, locale string) *sample.Data {
	g := &gen{Rand: rand.New(rand.NewPCG(20240601, 7)), now: time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, day.Location()),
		zh: locale != "en-US", batches: map[string]*sample.Batch{}, patches: map[string]*sample.Batch{}, used: map[string]bool{}}
	g.people()
	g.catalogue()
	g.customers()
	g.leads()
	g.referrals()
	g.touches()
	for _, c := range g.list {
		g.judge(c)
	}
	g.targets()
	g.tasks()
	return g.data()
}

// entities in an order in which links point backwards.
var entities = []string{"product", "lead", "customer", "contact", "opportunity", "need_survey", "quotation", "contract", "sales_order", "payment_plan", "payment",
	"delivery_project", "ticket", "survey_response", "churn_alert", "referral", "reward", "touch", "follow_up", "behavior_event", "ownership_log", "stage_log", "sales_target"}

type values = map[string]any

type gen struct {
	*rand.Rand
	now              time.Time
	zh               bool
	batches, patches map[string]*sample.Batch
	used             map[string]bool
	units            []sample.Unit
	members          []sample.Person
	reps, agents     []string // local ids of salespeople and service agents
	list             []*customer
	sales            map[string]map[time.Time]int64
	jobs             []sample.Task
	contacts         int
}

func (g *gen) data() *sample.Data {
	d := &sample.Data{Departments: g.units, Members: g.members, Tasks: g.jobs}
	for _, e := range entities {
		if b := g.batches[e]; b != nil {
			d.Batches = append(d.Batches, *b)
		}
	}
	for _, e := range entities {
		if b := g.patches[e]; b != nil {
			d.Batches = append(d.Batches, *b)
		}
	}
	return d
}

func (g *gen) add(entity, id string, v values) {
	b := g.batches[entity]
	if b == nil {
		b = &sample.Batch{Entity: entity}
		g.batches[entity] = b
	}
	if id == "" {
		id = entity + strconv.Itoa(len(b.Records)+1)
	}
	for k, x := range v {
		if drop(x) {
			delete(v, k)
		}
	}
	b.Records = append(b.Records, sample.Record{ID: id, Values: v})
}

// drop reports whether a value stands for "not filled in".
func drop(x any) bool {
	switch x := x.(type) {
	case nil:
		return true
	case string:
		return x == ""
	case sample.Ref:
		return x == ""
	case sample.Member:
		return x == ""
	case time.Time:
		return x.IsZero()
	}
	return false
}

func (g *gen) next(entity string) string {
	if b := g.batches[entity]; b != nil {
		return entity + strconv.Itoa(len(b.Records)+1)
	}
	return entity + "1"
}

func (g *gen) patch(entity, id string, v values) {
	b := g.patches[entity]
	if b == nil {
		b = &sample.Batch{Entity: entity, Patch: true}
		g.patches[entity] = b
	}
	b.Records = append(b.Records, sample.Record{ID: id, Values: v})
}

// at is a working moment some days ago.
func (g *gen) at(daysAgo int) time.Time {
	t := g.now.AddDate(0, 0, -daysAgo)
	switch t.Weekday() {
	case time.Saturday:
		t = t.AddDate(0, 0, -1)
	case time.Sunday:
		t = t.AddDate(0, 0, -2)
	}
	t = time.Date(t.Year(), t.Month(), t.Day(), 9+g.IntN(8), g.IntN(60), 0, 0, t.Location())
	if !t.Before(g.now) {
		t = g.now.Add(-time.Duration(5+g.IntN(50)) * time.Minute)
	}
	return t
}

// between is a working moment from a to b.
func (g *gen) between(a, b time.Time) time.Time {
	hi, lo := g.ago(a), g.ago(b)
	if hi <= lo {
		return b
	}
	t := g.at(lo + g.IntN(hi-lo+1))
	if t.Before(a) {
		return a
	}
	if t.After(b) {
		return b
	}
	return t
}

// past is t, or now if t lies ahead.
func (g *gen) past(t time.Time) time.Time {
	if t.After(g.now) {
		return g.now
	}
	return t
}

func (g *gen) ago(t time.Time) int { return int(g.day(g.now).Sub(g.day(t)).Hours()+12) / 24 }

func (g *gen) day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func civil(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02")
}

func yuan(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

func pick[T any](g *gen, l []T) T { return l[g.IntN(len(l))] }

func (g *gen) text(l []pair) string { return pick(g, l).in(g.zh) }

func (g *gen) both(zh, en string) string { return pair{zh, en}.in(g.zh) }

// unique repeats make until it gives something new.
func (g *gen) unique(make func() string) string {
	for i := 0; ; i++ {
		s := make()
		if i > 50 {
			s += " " + strconv.Itoa(i)
		}
		if !g.used[s] {
			g.used[s] = true
			return s
		}
	}
}

func (g *gen) person() string {
	if g.zh {
		return pick(g, surnamesZH) + pick(g, givenZH)
	}
	return pick(g, firstEN) + " " + pick(g, lastEN)
}

func (g *gen) company() (name, industry string) {
	var line pair
	name = g.unique(func() string {
		if g.zh {
			line = pick(g, lineZH)
			return pick(g, prefixZH) + line.zh + pick(g, []string{"有限公司", "股份有限公司", "科技有限公司", "集团有限公司"})
		}
		line = pick(g, lineEN)
		return pick(g, prefixEN) + " " + line.zh + pick(g, []string{" Ltd", " Inc", " Group", " Co"})
	})
	return name, line.en
}

func (g *gen) mobile() string {
	return g.unique(func() string {
		if g.zh {
			return fmt.Sprintf("1990%07d", g.IntN(10_000_000))
		}
		return fmt.Sprintf("+1%d55501%02d", pick(g, []int{202, 206, 212, 213, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 720, 801, 813, 901, 919, 952, 970, 978}), g.IntN(100))
	})
}

func (g *gen) email() string {
	return g.unique(func() string {
		return fmt.Sprintf("%s%03d@example.com", pick(g, []string{"hello", "office", "contact", "info", "team", "desk"}), g.IntN(1000))
	})
}

func (g *gen) jobTitle() string {
	if g.zh {
		return pick(g, titlesZH)
	}
	return pick(g, titlesEN)
}

func (g *gen) place(v values) {
	if g.zh {
		c := pick(g, citiesZH)
		v["region"] = map[string]any{"province": c[0], "city": c[1]}
	} else {
		v["country"] = pick(g, countries)
	}
}

func (g *gen) people() {
	dept := func(id, zh, en, head string) {
		g.units = append(g.units, sample.Unit{ID: id, Name: g.both(zh, en), Head: head})
	}
	dept("sales1", "销售一部", "Sales team one", "manager1")
	dept("sales2", "销售二部", "Sales team two", "manager2")
	dept("service", "客户服务部", "Customer service", "agent1")
	dept("office", "综合管理部", "General office", "boss")
	add := func(id, dept, role string) {
		name := g.unique(g.person)
		g.members = append(g.members, sample.Person{ID: id, Name: name, Departments: []string{dept}, Roles: []string{role}})
	}
	add("boss", "office", "executive")
	add("manager1", "sales1", "sales_manager")
	add("rep1", "sales1", "sales")
	add("rep2", "sales1", "sales")
	add("rep3", "sales1", "sales")
	add("manager2", "sales2", "sales_manager")
	add("rep4", "sales2", "sales")
	add("rep5", "sales2", "sales")
	add("agent1", "service", "service")
	add("agent2", "service", "service")
	add("market", "office", "marketing")
	add("money", "office", "finance")
	g.reps = []string{"rep1", "rep2", "rep3", "rep4", "rep5"}
	g.agents = []string{"agent1", "agent2"}
	g.sales = map[string]map[time.Time]int64{}
}

func (g *gen) catalogue() {
	for _, p := range products {
		v := values{"code": p.code, "name": p.name.in(g.zh), "category": p.category, "list_price": p.price, "cost": p.cost, "tax_rate": p.tax,
			"min_price": p.price * 8 / 10, "unit": g.both("套", "set"), "status": "on", "is_subscription": p.months > 0}
		if p.months > 0 {
			v["cycle_months"] = p.months
			v["unit"] = g.both("年", "year")
		}
		g.add("product", p.code, v)
	}
	g.patch("product", "FL-STD", values{"upgrade_to": sample.Ref("FL-PRO"), "related_products": []sample.Ref{"BI-ADD", "TR-ADM"}})
	g.patch("product", "FL-PRO", values{"upgrade_to": sample.Ref("FL-ENT"), "related_products": []sample.Ref{"BI-ADD", "SV-VIP"}})
	g.patch("product", "GW-100", values{"upgrade_to": sample.Ref("GW-300"), "related_products": []sample.Ref{"SN-KIT"}})
}

// targets sets a monthly sales target for everybody who sells, a year back.
func (g *gen) targets() {
	for i := range 12 {
		start := time.Date(g.now.Year(), g.now.Month(), 1, 0, 0, 0, 0, g.now.Location()).AddDate(0, -11+i, 0)
		end := start.AddDate(0, 1, -1)
		for _, r := range g.reps {
			actual := g.sales[r][start]
			goal := (150_000 + 10_000*i + 20_000*g.IntN(5)) / 10_000 * 10_000
			g.add("sales_target", "", values{"name": g.name(r) + " " + start.Format("2006-01"), "period_type": "month", "start_on": civil(start), "end_on": civil(end), "target_type": "member", "member": sample.Member(r), "metric": "order_amount", "target": goal, "actual": yuan(actual)})
		}
	}
}

func (g *gen) name(member string) string {
	for _, m := range g.members {
		if m.ID == member {
			return m.Name
		}
	}
	return member
}

// manager is who heads a member's department.
func (g *gen) manager(member string) string {
	for _, m := range g.members {
		for _, u := range g.units {
			if m.ID == member && slices.Contains(m.Departments, u.ID) {
				return u.Head
			}
		}
	}
	return ""
}

// tasks are the to-dos that today begins with.
func (g *gen) tasks() {
	add := func(kind, title, entity, record string, who any, due time.Time) {
		m, _ := who.(sample.Member)
		if m == "" {
			return
		}
		g.jobs = append(g.jobs, sample.Task{Kind: kind, Title: title, Entity: entity, Record: record, Assignee: string(m), Due: due})
	}
	for _, r := range g.batches["lead"].Records {
		if r.Values["status"] == "assigned" {
			add("first_visit", g.both("首访 ", "First visit: ")+r.Values["name"].(string), "lead", r.ID, r.Values["owner"], r.Values["first_follow_due"].(time.Time))
		}
	}
	for _, r := range g.batches["customer"].Records {
		if t, ok := r.Values["next_follow_at"].(time.Time); ok && g.ago(t) >= 0 {
			add("follow", g.both("跟进 ", "Follow up ")+r.Values["name"].(string), "customer", r.ID, r.Values["owner"], t)
		}
	}
	for _, r := range g.batches["contract"].Records {
		if r.Values["status"] == "draft" {
			add("contract", g.both("两小时内发送合同：", "Send the contract within two hours: ")+r.Values["name"].(string), "contract", r.ID, r.Values["owner"], r.Values["send_due"].(time.Time))
		}
	}
	for _, r := range g.batches["ticket"].Records {
		switch r.Values["status"] {
		case "assigned", "processing":
			add("ticket", g.both("处理工单 ", "Ticket: ")+r.Values["subject"].(string), "ticket", r.ID, r.Values["owner"], r.Values["resolve_due"].(time.Time))
		}
	}
	for _, r := range g.batches["churn_alert"].Records {
		if r.Values["status"] == "open" && r.Values["level"] != "low" {
			add("winback", g.both("挽回客户", "Win the customer back"), "churn_alert", r.ID, r.Values["owner"], r.Values["due_at"].(time.Time))
		}
	}
}
