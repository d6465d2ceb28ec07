package crm

import (
	"fmt"
	"strconv"
	"time"

	"tenon/templates/sample"
)

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
	fromLead                        bool
	lastFollow                      time.Time
	complained                      time.Time
	need, price                     int // the strongest answers of their need surveys
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
	tag(within(c.complained, 90), "complainer")
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
