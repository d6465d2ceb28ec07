package bench

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// The workload is deterministic: row i depends only on i.
var (
	cities     = []string{"上海", "北京", "深圳", "杭州", "成都", "武汉", "南京", "苏州", "西安", "重庆", "青岛", "长沙", "宁波", "厦门", "合肥", "福州", "济南", "郑州", "天津", "广州"}
	syllables  = []string{"云", "海", "天", "和", "信", "达", "华", "盛", "明", "远", "新", "宇", "科", "智", "联", "创", "通", "瑞", "金", "安", "图", "星", "博", "泰", "鼎", "恒", "润", "嘉", "凯", "隆"}
	words      = []string{"科技", "贸易", "实业", "电子", "软件", "教育", "医疗", "物流", "餐饮", "建筑"}
	industries = []string{"it", "trade", "industry", "electronics", "software", "education", "health", "logistics", "food", "building"}
	tiers      = []string{"a", "b", "c", "d"}
	stages     = []string{"new", "contacted", "visited", "quoted", "negotiating", "won", "lost"}
	labels     = []string{"vip", "hot", "cold", "key", "partner", "risk", "renewal", "online", "event", "referral", "public", "chain"}
)

// customer is a row, its values as texts in the order of columns.
type customer struct {
	name, phone, email, industry, tier, stage, city, amount, score, contact, active, tag, region, note, site string
}

// columns of the product's form and of the raw table, 15 of them.
var columns = []string{"name", "phone", "email", "industry", "tier", "stage", "city", "amount", "score", "last_contact", "active", "labels", "region", "note", "site"}

func (c *customer) values() []string {
	return []string{c.name, c.phone, c.email, c.industry, c.tier, c.stage, c.city, c.amount, c.score, c.contact, c.active, c.tag, c.region, c.note, c.site}
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func row(i int) *customer {
	r := rand.New(rand.NewPCG(42, uint64(i)))
	n := strconv.Itoa(i)
	c := &customer{
		name:  pick(r, cities) + pick(r, syllables) + pick(r, syllables) + pick(r, syllables) + pick(r, words) + "有限公司",
		phone: "1" + strconv.Itoa(3_000_000_000+i), email: "u" + n + "@example.com",
		industry: pick(r, industries), tier: pick(r, tiers), stage: pick(r, stages), city: pick(r, cities),
		amount: strconv.Itoa(r.IntN(1_000_000)) + "." + strconv.Itoa(10+r.IntN(90)), score: strconv.Itoa(r.IntN(101)),
		contact: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(700)).Format(time.DateOnly),
		active:  "true", tag: pick(r, labels), region: "R" + strconv.Itoa(r.IntN(30)), site: "https://example.com/" + n,
	}
	if r.IntN(5) == 0 {
		c.active = "false"
	}
	for len(c.note) < 100+r.IntN(200) {
		c.note += pick(r, cities) + pick(r, words) + "，"
	}
	return c
}

// json is the row as the API takes it. A member, who sees phone numbers only
// in part, leaves them out.
func (c *customer) json(member bool) string {
	if member {
		return strings.Replace(c.json(false), fmt.Sprintf(`"phone":%q,`, c.phone), "", 1)
	}
	return fmt.Sprintf(`{"name":%q,"phone":%q,"email":%q,"industry":%q,"tier":%q,"stage":%q,"city":%q,"amount":%s,"score":%s,"last_contact":%q,"active":%s,"labels":[%q],"region":%q,"note":%q,"site":%q}`,
		c.name, c.phone, c.email, c.industry, c.tier, c.stage, c.city, c.amount, c.score, c.contact, c.active, c.tag, c.region, c.note, c.site)
}

func writeCSV(w io.Writer, n int) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	for i := range n {
		if err := out.Write(row(i).values()); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// fieldID is the id of a field of the bench's app.
func fieldID(entity, key string) string {
	letters := strings.Map(func(c rune) rune {
		if c < 'a' || c > 'z' {
			return -1
		}
		return c
	}, entity[:2]+key)
	return "fld_" + (letters + "0000000000")[:10]
}

func fieldDoc(entity, key, typ, more string) string {
	return fmt.Sprintf(`{"id":%q,"key":%q,"name":%q,"type":%q%s}`, fieldID(entity, key), key, key, typ, more)
}

func choices(keys []string) string {
	items := make([]string, len(keys))
	for i, k := range keys {
		items[i] = fmt.Sprintf(`{"key":%q,"label":%q}`, k, k)
	}
	return `,"options":{"choices":[` + strings.Join(items, ",") + `]}`
}

// Ids of the bench's definitions.
const (
	entCustomer = "ent_benchcusto"
	entContact  = "ent_benchconta"
	entOrder    = "ent_benchorder"
	entEffect   = "ent_bencheffec"
	rolMember   = "rol_benchmembe"
)

// document is a definition to put into the draft.
type document struct{ kind, id, body string }

// documents are the app: customers watched by two rules that fit hardly any,
// contacts that link to them, and orders whose rule has an effect.
func documents() []document {
	var fields []string
	types := map[string]string{"name": `text`, "phone": `text`, "email": `email`, "industry": `select`, "tier": `select`, "stage": `select`, "amount": `money`, "score": `number`,
		"last_contact": `date`, "active": `boolean`, "labels": `tags`, "note": `long_text`}
	more := map[string]string{"name": `,"required":true`, "phone": `,"unique":true`, "industry": choices(industries), "tier": choices(tiers), "stage": choices(stages)}
	for _, key := range columns {
		typ := types[key]
		if typ == "" {
			typ = "text"
		}
		fields = append(fields, fieldDoc("customer", key, typ, more[key]))
	}
	rare := func(id, key, trigger string) document {
		return document{"rule", id, fmt.Sprintf(`{"id":%q,"key":%q,"name":%q,"entity":%q,"trigger":%s,"condition":"amount > 999999999","steps":[{"id":"s1","type":"set_fields","options":{"set":{%q:"100"}}}]}`,
			id, key, key, entCustomer, trigger, fieldID("customer", "score"))}
	}
	link := func(target string) string { return fmt.Sprintf(`,"options":{"entity":%q}`, target) }
	return []document{
		{"entity", entCustomer, fmt.Sprintf(`{"id":%q,"key":"customer","name":"Customer","title":"{name}","indexes":[[%q,%q]],"fields":[%s]}`,
			entCustomer, fieldID("customer", "stage"), fieldID("customer", "amount"), strings.Join(fields, ","))},
		{"entity", entContact, fmt.Sprintf(`{"id":%q,"key":"contact","name":"Contact","title":"{name}","fields":[%s,%s]}`, entContact,
			fieldDoc("contact", "name", "text", ""), fieldDoc("contact", "customer", "link", link(entCustomer)))},
		{"entity", entOrder, fmt.Sprintf(`{"id":%q,"key":"order","name":"Order","title":"{name}","fields":[%s]}`, entOrder, fieldDoc("order", "name", "text", ""))},
		{"entity", entEffect, fmt.Sprintf(`{"id":%q,"key":"effect","name":"Effect","title":"{mark}","fields":[%s,%s]}`, entEffect,
			fieldDoc("effect", "mark", "text", ""), fieldDoc("effect", "order", "link", link(entOrder)))},
		rare("rul_benchlarge", "large", `{"type":"created"}`),
		rare("rul_benchwon00", "won", fmt.Sprintf(`{"type":"updated","fields":[%q]}`, fieldID("customer", "amount"))),
		{"rule", "rul_bencheffec", fmt.Sprintf(`{"id":"rul_bencheffec","key":"effect","name":"Effect","entity":%q,"trigger":{"type":"created"},"steps":[{"id":"s1","type":"create_record","options":{"entity":%q,"set":{%q:"record.id",%q:"name"}}}]}`,
			entOrder, entEffect, fieldID("effect", "order"), fieldID("effect", "mark"))},
		// A member sees a part of the rows, phone numbers masked.
		{"role", rolMember, fmt.Sprintf(`{"id":%q,"key":"member","name":"Member","grants":[{"entity":%q,"ops":["create","read","update"],"filter":"active == true","fields":[{"field":%q,"rule":"partial"}]},{"entity":%q,"ops":["read"]}]}`,
			rolMember, entCustomer, fieldID("customer", "phone"), entContact)},
	}
}
