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
	"sort"
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

// customer carries the facts that the rules look at.
type customer struct {
	id, name, owner, agent, profile string
	v                               values
	created, until                  time.Time // until: nothing is heard of them later
	contacts                        []string
	orders                          []order
	replies, needs, openDeals       int
	proposals, sent, signing        int
	active                          int // contracts signed or running
	projects, alerts, referralsWon  int
	wonOn, lastReferral, lastActive time.Time
	nps                             int // -1: never asked
	lost                            time.Time
	path                            []time.Time // when the journey moved on
	fromLead                        bool
	lastFollow                      time.Time
	complaints                      int
	need                            int
	price                           int
}

type order struct {
	id     string
	at     time.Time
	amount int64 // in cents
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

// channels with how often they bring somebody.
var channels = []string{"website", "website", "wechat_oa", "wechat_oa", "event", "ads", "ads", "seo", "seo", "direct", "live_chat", "call_in", "social", "sales_self", "sales_self", "partner", "data_mining"}

// profiles say what is to become of how many customers.
var profiles = []struct {
	name string
	n    int
}{{"discovery", 18}, {"need", 20}, {"contact", 24}, {"proposal", 22}, {"signing", 14}, {"delivery", 20}, {"new", 12}, {"active", 34}, {"loyal", 12}, {"dormant", 20}, {"at_risk", 14}, {"lost", 10}}

func (g *gen) customers() {
	for _, p := range profiles {
		for i := range p.n {
			g.customer(p.name, i)
		}
	}
}

func (g *gen) customer(profile string, i int) {
	n := len(g.list)
	c := &customer{id: "c" + strconv.Itoa(n+1), profile: profile, owner: g.reps[n%len(g.reps)], agent: g.agents[n%2], nps: -1, until: g.now}
	g.list = append(g.list, c)
	person := n%4 == 3 && profile != "signing" && profile != "delivery"
	v := values{"type": "company", "owner": sample.Member(c.owner), "service_owner": sample.Member(c.agent), "in_pool": false}
	c.v = v
	if person {
		c.name = g.unique(g.person)
		v["type"] = "person"
		v["gender"] = pick(g, []string{"m", "f"})
		v["birthday"] = fmt.Sprintf("%d-%02d-%02d", 1965+g.IntN(38), 1+g.IntN(12), 1+g.IntN(28))
	} else {
		c.name, v["industry"] = g.company()
		v["company_size"] = pick(g, []string{"1_10", "11_50", "11_50", "51_200", "51_200", "201_500", "501_1000", "1001_up"})
		v["employees"] = 5 + g.IntN(900)
	}
	v["name"] = c.name
	v["phone"], v["email"] = g.mobile(), g.email()
	g.place(v)
	v["source_channel"] = sample.Ref(pick(g, channels))
	if g.IntN(3) > 0 {
		v["preferred_channel"] = pick(g, []string{"wechat", "wechat", "email", "phone", "sms"})
	}
	if g.IntN(4) == 0 {
		v["preferences"] = g.both("常喝"+pick(g, []string{"美式", "龙井", "拿铁"})+"，周末"+pick(g, hobbiesZH), "Likes "+pick(g, []string{"espresso", "green tea", "flat white"})+", "+pick(g, hobbiesEN)+" at weekends")
	}
	age := map[string][2]int{"discovery": {4, 200}, "need": {6, 90}, "contact": {15, 150}, "proposal": {25, 150}, "signing": {35, 150}, "delivery": {60, 330}, "new": {30, 90},
		"active": {150, 360}, "loyal": {290, 364}, "dormant": {200, 364}, "at_risk": {160, 360}, "lost": {250, 364}}[profile]
	c.created = g.at(age[0] + g.IntN(age[1]-age[0]+1))
	v["created_at"] = c.created
	g.contactsOf(c, person)
	switch profile {
	case "discovery":
		for range g.IntN(2) {
			g.follow(c, g.between(c.created, g.now), false, "first", "", "")
		}
		if i > 12 {
			g.deal(c, "discovery", g.between(c.created, g.now), time.Time{})
		}
		if i < 6 { // waits in the pool for somebody to claim it
			v["in_pool"], v["prev_owner"], v["pool_entered_at"] = true, sample.Member(c.owner), g.at(1+g.IntN(20))
			v["pool_reason"] = pick(g, []string{"no_follow", "manual", "initial"})
			g.log(values{"target_type": "customer", "customer": sample.Ref(c.id), "action": "recycle", "from_member": sample.Member(c.owner), "reason": v["pool_reason"], "at": v["pool_entered_at"]})
			delete(v, "owner")
		}
	case "need":
		if i%2 == 0 {
			c.fromLead = true
		} else {
			g.survey(c, "", g.between(c.created, g.now))
		}
		for range 1 + g.IntN(2) {
			g.follow(c, g.between(c.created, g.now), false, "first", "", "")
		}
		if i < 12 {
			g.deal(c, "need", g.between(c.created, g.now), time.Time{})
		}
	case "contact":
		c.fromLead = i%2 == 0
		for range 3 + g.IntN(3) {
			g.follow(c, g.between(c.created, g.now), true, "regular", "", "")
		}
		if i < 16 {
			g.deal(c, "contact", g.between(c.created, g.now), time.Time{})
		}
	case "proposal":
		c.fromLead = i%2 == 0
		at := g.between(c.created, g.now.AddDate(0, 0, -6))
		g.follows(c, 5)
		d := g.deal(c, pick(g, []string{"proposal", "proposal", "negotiation"}), at, time.Time{})
		g.survey(c, d.id, at)
		g.quote(c, d, "sent", g.between(at, g.now))
	case "signing":
		c.fromLead = i%2 == 0
		g.follows(c, 6)
		g.signing(c, i)
	default:
		c.fromLead = i%3 == 0
		g.buyer(c, i)
	}
	if v["in_pool"] == false && profile != "lost" {
		g.plan(c)
	}
	g.log(values{"target_type": "customer", "customer": sample.Ref(c.id), "action": "assign", "to_member": sample.Member(c.owner), "at": c.created})
}

// plan sets the next follow-up: some overdue, some today, the rest ahead.
func (g *gen) plan(c *customer) {
	if g.IntN(10) < 7 {
		days := pick(g, []int{-3, -1, 0, 0, 0, 1, 2, 3, 5, 7, 9})
		t := g.now.AddDate(0, 0, days)
		c.v["next_follow_at"] = time.Date(t.Year(), t.Month(), t.Day(), 9+g.IntN(9), 30*g.IntN(2), 0, 0, t.Location())
	}
	last := c.lastFollow
	if last.IsZero() {
		last = c.created
	}
	keep := last.AddDate(0, 0, 30)
	if soon := g.now.AddDate(0, 0, 1+g.IntN(25)); keep.Before(soon) {
		keep = soon
	}
	c.v["recycle_at"] = keep
}

func (g *gen) contactsOf(c *customer, person bool) {
	n := 2
	if person {
		n = 1
	}
	if g.IntN(5) == 0 && !person {
		n = 3
	}
	for k := range n {
		id := "p" + strconv.Itoa(g.contacts+1)
		g.contacts++
		name := c.name
		if !person {
			name = g.person()
		}
		v := values{"customer": sample.Ref(c.id), "name": name, "mobile": g.mobile(), "email": g.email(), "is_primary": k == 0, "enabled": g.IntN(25) > 0, "owner": sample.Member(c.owner), "created_at": c.created}
		if !person {
			v["job_title"] = g.jobTitle()
			v["role"] = pick(g, []string{"decision", "influencer", "user", "champion", "finance"})
			v["attitude"] = pick(g, []string{"support", "neutral", "neutral", "support", "oppose"})
		}
		switch g.IntN(3) {
		case 0:
			v["birthday"] = fmt.Sprintf("%d-%02d-%02d", 1965+g.IntN(35), 1+g.IntN(12), 1+g.IntN(28))
		case 1:
			if g.zh {
				v["hobbies"] = []string{pick(g, hobbiesZH)}
			} else {
				v["hobbies"] = []string{pick(g, hobbiesEN)}
			}
		}
		if g.contacts%60 == 0 { // somebody has a birthday today
			v["birthday"] = fmt.Sprintf("%d-%02d-%02d", 1980, g.now.Month(), min(g.now.Day(), 28))
		}
		c.contacts = append(c.contacts, id)
		g.add("contact", id, v)
	}
}

func (g *gen) event(c *customer, kind string, at time.Time, v values) {
	v["type"], v["occurred_at"], v["customer"] = kind, at, sample.Ref(c.id)
	if v["channel"] == nil {
		v["channel"] = "web"
	}
	v["points"] = map[string]int{"trial": 20, "consult": 15, "form_submit": 10, "event_attend": 10, "download": 5, "email_click": 3, "support_chat": 3, "browse": 1, "visit_site": 1, "email_open": 1, "ad_click": 1}[kind]
	v["source"] = "tenon"
	g.add("behavior_event", "", v)
	if at.After(c.lastActive) {
		c.lastActive = at
	}
}

// follow writes a follow-up; an answered one counts as behaviour.
func (g *gen) follow(c *customer, at time.Time, replied bool, purpose, deal, lead string) {
	v := values{"customer": sample.Ref(c.id), "contact": sample.Ref(c.contacts[0]), "happened_at": at, "direction": "out", "purpose": purpose, "replied": replied, "owner": sample.Member(c.owner), "created_at": at,
		"method": pick(g, []string{"call", "call", "call", "wechat", "wechat", "visit", "email", "meeting"}), "opportunity": sample.Ref(deal), "lead": sample.Ref(lead)}
	if replied {
		v["summary"], v["result"] = g.text(talked), pick(g, []string{"positive", "positive", "neutral", "neutral", "negative"})
		v["duration_min"] = 5 + g.IntN(40)
		c.replies++
	} else {
		v["summary"], v["result"] = g.text(missed), "no_answer"
	}
	id := g.next("follow_up")
	g.add("follow_up", id, v)
	if at.After(c.lastFollow) {
		c.lastFollow = at
	}
	if replied {
		g.event(c, "consult", at, values{"event_id": "follow:" + id, "channel": "phone", "contact": sample.Ref(c.contacts[0]), "note": v["summary"]})
	}
}

// follows spreads about n answered follow-ups over the customer's life.
func (g *gen) follows(c *customer, n int) {
	for range n + g.IntN(3) {
		g.follow(c, g.between(c.created, c.until), g.IntN(5) > 0, pick(g, []string{"regular", "demo", "negotiate", "care", "milestone"}), "", "")
	}
	if c.replies == 0 {
		g.follow(c, g.between(c.created, c.until), true, "regular", "", "")
	}
}

func (g *gen) survey(c *customer, deal string, at time.Time) {
	strong, price := 2+g.IntN(4), 1+g.IntN(5)
	c.need, c.price = max(c.need, strong), max(c.price, price)
	c.needs++
	g.add("need_survey", "", values{"customer": sample.Ref(c.id), "opportunity": sample.Ref(deal), "contact": sample.Ref(c.contacts[0]), "template": "b2b", "method": pick(g, []string{"interview", "phone", "meeting", "form"}),
		"surveyed_on": civil(at), "current_state": g.text(needs), "surface_needs": g.text(needs), "deep_needs": g.both("希望数据实时、过程可追溯", "Wants live figures and a trace of who did what"),
		"pain_points": []sample.Row{{"pain": g.text(needs), "impact": pick(g, []string{"high", "mid"})}}, "budget": (2 + g.IntN(30)) * 10000, "timeline": civil(at.AddDate(0, 2, 0)),
		"need_strength": strong, "price_sensitivity": price, "status": pick(g, []string{"submitted", "reviewed"}), "owner": sample.Member(c.owner), "created_at": at})
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
	if i < 3 { // the two-hour rule is ticking
		won = g.now.Add(-time.Duration(20+40*i) * time.Minute)
	}
	start := g.between(c.created, won)
	d := g.deal(c, "won", start, won)
	g.survey(c, d.id, start)
	q := g.quote(c, d, "accepted", g.between(start, won))
	status := pick(g, []string{"sent", "sent", "draft"})
	v := values{"name": d.name, "customer": sample.Ref(c.id), "opportunity": sample.Ref(d.id), "quotation": sample.Ref(q), "type": "sales", "amount": yuan(d.net + d.tax), "start_date": civil(g.now), "end_date": civil(g.now.AddDate(1, 0, 0)),
		"lines": d.lines, "won_at": won, "send_due": won.Add(2 * time.Hour), "customer_signer": sample.Ref(c.contacts[0]), "our_signer": sample.Member(c.owner), "owner": sample.Member(c.owner), "created_at": won,
		"deposit_rate": 0.3, "deposit_days": 7, "balance_days": 60, "is_standard": true, "renewal_status": "none", "send_overdue": false}
	if i < 3 {
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
		if kind == "complaint" {
			c.complaints++
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
		"site_visits": g.IntN(12), "consent_marketing": g.IntN(8) > 0, "fit_points": 15 + 5*g.IntN(8), "created_at": created, "owner": sample.Member(owner)}
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
			c.referralsWon++
			rv := values{"customer": sample.Ref(c.id), "reason": "referral", "kind": "cash", "value": min(5000, v["won_amount"].(int)/50), "status": "granted", "granted_at": v["won_at"], "referral": sample.Ref(id), "idempotency_key": "referral:" + id, "created_at": v["won_at"]}
			if status == "won" {
				rv["status"] = "approved"
				delete(rv, "granted_at")
			}
			g.add("reward", "", rv)
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

// judge writes the stages that the template's rules would decide, and their history.
func (g *gen) judge(c *customer) {
	n := len(c.orders)
	var amount int64
	var first, last time.Time
	for _, o := range c.orders {
		amount += o.amount
		if first.IsZero() || o.at.Before(first) {
			first = o.at
		}
		if o.at.After(last) {
			last = o.at
		}
	}
	within := func(t time.Time, days int) bool { return !t.IsZero() && g.ago(t) <= days }
	beyond := func(t time.Time, days int) bool { return !t.IsZero() && g.ago(t) > days }
	first30 := within(first, 30)

	journey := "discovery"
	switch {
	case within(c.lastReferral, 180):
		journey = "referral"
	case c.projects > 0:
		journey = "delivery"
	case n > 0:
		journey = "repurchase"
	case c.signing > 0 || within(c.wonOn, 30):
		journey = "signing"
	case c.sent > 0 || c.proposals > 0:
		journey = "proposal"
	case c.replies > 0:
		journey = "contact"
	case c.needs > 0 || c.fromLead:
		journey = "need"
	}
	life := "prospect"
	switch {
	case c.referralsWon > 0 && n > 0, c.nps >= 9 && n >= 2:
		life = "advocate"
	case n >= 2:
		life = "expand"
	case n == 1 && !first30:
		life = "maintain"
	case n == 1:
		life = "first_deal"
	case c.replies > 0 || c.openDeals > 0 || c.needs > 0:
		life = "nurture"
	}
	clm := "active"
	switch {
	case !c.lost.IsZero(), beyond(last, 365) && c.active == 0:
		clm = "lost"
	case n == 0:
		clm = "potential"
	case beyond(last, 90):
		clm = "dormant"
	case c.alerts > 0 || beyond(c.lastActive, 29):
		clm = "at_risk"
	case n == 1 && first30:
		clm = "new"
	case n >= 6 || n >= 4 && (c.nps >= 9 || c.referralsWon > 0):
		clm = "loyal"
	}
	retention := ""
	switch {
	case clm == "dormant" || clm == "at_risk" || clm == "lost":
		retention = "rescue"
	case n >= 4:
		retention = "mature"
	case n >= 2:
		retention = "growth"
	case n == 1:
		retention = "onboard"
	}
	tier := "n"
	switch {
	case amount >= 500_000_00 && within(last, 90):
		tier = "vip"
	case amount >= 100_000_00 || n >= 4:
		tier = "a"
	case c.openDeals > 0 || within(last, 180):
		tier = "b"
	case n > 0:
		tier = "c"
	}
	v := c.v
	v["journey_stage"], v["journey_rule"], v["lifecycle_stage"], v["lifecycle_rule"], v["clm_status"], v["clm_rule"] = journey, journey, life, life, clm, clm
	v["tier"], v["tier_rule"] = tier, tier
	if retention != "" {
		v["retention_stage"] = retention
	}
	if tier == "vip" {
		v["csm"] = sample.Member("agent1")
	}
	var tags []string
	tag := func(on bool, key string) {
		if on {
			tags = append(tags, key)
		}
	}
	tag(n >= 3, "repeat_buyer")
	tag(amount >= 100_000_00, "big_spender")
	tag(c.nps >= 9 || c.referralsWon > 0, "promoter")
	tag(c.need >= 4 && n == 0, "strong_need")
	tag(c.price >= 4, "price_sensitive")
	tag(!last.IsZero() && g.ago(last) >= 180, "watch_reactivate")
	if len(tags) > 0 {
		v["profile_tags"] = tags
	}
	lastText := civil(last)
	if lastText == "" {
		lastText = g.both("无", "none")
	}
	v["stage_reason"] = fmt.Sprintf(g.both("订单 %d 笔（最近 %s），在途商机 %d，客户回复 %d 次，未结预警 %d", "Orders %d (last %s), open deals %d, replies %d, open alerts %d"), n, lastText, c.openDeals, c.replies, c.alerts)
	g.history(c, journey, clm, first)
	g.add("customer", c.id, v)
}

// history writes how the customer came to its present stage and status.
func (g *gen) history(c *customer, journey, clm string, first time.Time) {
	steps := []string{"discovery", "need", "contact", "proposal", "signing", "delivery", "repurchase", "referral"}
	end := c.until
	if !first.IsZero() {
		end = first
	}
	walk := func(kind string, list []string, to string, end time.Time) time.Time {
		from, t := "", c.created
		for _, s := range list {
			if s != to && (s == "delivery" && c.projects == 0 && len(c.orders) < 2) {
				continue
			}
			v := values{"target_type": kind, "customer": sample.Ref(c.id), "from_stage": from, "to_stage": s, "entered_at": t}
			if s == to {
				g.add("stage_log", "", v)
				return t
			}
			next := g.between(t, end)
			if next.Before(t) {
				next = t
			}
			v["left_at"] = next
			g.add("stage_log", "", v)
			from, t = s, next
		}
		return t
	}
	last := end
	if journey == "referral" {
		last = c.lastReferral
	}
	if last.Before(c.created) {
		last = c.created
	}
	c.v["stage_entered_at"] = walk("journey", steps, journey, last)
	list := map[string][]string{"potential": {"potential"}, "new": {"potential", "new"}, "active": {"potential", "new", "active"}, "loyal": {"potential", "new", "active", "loyal"}, "at_risk": {"potential", "new", "active", "at_risk"},
		"dormant": {"potential", "new", "active", "dormant"}, "lost": {"potential", "new", "active", "dormant", "lost"}}[clm]
	final := g.now
	if !c.lost.IsZero() {
		final = c.lost
	}
	walk("clm", list, clm, final)
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
	for _, r := range g.batches["churn_alert"].Records {
		if r.Values["status"] == "open" && r.Values["level"] != "low" {
			add("winback", g.both("挽回客户", "Win the customer back"), "churn_alert", r.ID, r.Values["owner"], r.Values["due_at"].(time.Time))
		}
	}
}
