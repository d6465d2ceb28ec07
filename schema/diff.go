package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenon/schema/field"
)

// Severity says how much thought a change deserves before it is published.
type Severity string

// The severities.
const (
	Informs Severity = "info"
	Warns   Severity = "warn"   // something that people rely on changes
	Dangers Severity = "danger" // values become invisible or may be lost
)

// Change is one difference between two versions of an app.
type Change struct {
	Kind     string   `json:"kind"` // added, removed, changed, renamed, moved, convert
	Doc      string   `json:"doc"`
	DocKind  DocKind  `json:"doc_kind"`
	Path     string   `json:"path"` // JSON pointer into the document that has it
	Text     Text     `json:"text"`
	Severity Severity `json:"severity" enum:"info warn danger"`
}

// Diff says what changed between two versions of an app, in the words of people
// who build it: documents in the order of the second version, removed ones last.
func Diff(before, after *App) []*Change {
	d := &differ{forms: map[string]Text{}}
	for _, app := range []*App{before, after} {
		for _, e := range app.Entities {
			d.forms[e.ID], d.forms[e.Key] = e.Name, e.Name
		}
	}
	was := map[string]docOf{}
	for _, x := range documents(before) {
		was[x.id] = x
	}
	kept := map[string]bool{}
	for _, x := range documents(after) {
		d.doc = x
		old, ok := was[x.id]
		kept[x.id] = ok
		switch {
		case !ok:
			d.say("added", "", Informs, "新增"+x.label.ZH+"%s", "Added "+x.label.EN+" %s", x.name)
		case !sameJSON(old.doc, x.doc):
			n := len(d.out)
			d.compare(old.doc, x.doc)
			if len(d.out) == n {
				d.say("changed", "", Informs, "修改"+x.label.ZH+"%s", "Changed "+x.label.EN+" %s", x.name)
			}
		}
	}
	for _, x := range documents(before) {
		if kept[x.id] || x.kind == DocApp {
			continue
		}
		d.doc = x
		switch x.kind {
		case DocEntity:
			d.say("removed", "", Dangers, "删除表单%s；数据保留 30 天，期间可以恢复", "Removed form %s; its data are kept for 30 days and can be restored", x.name)
		case DocRule, DocRole:
			d.say("removed", "", Warns, "删除"+x.label.ZH+"%s", "Removed "+x.label.EN+" %s", x.name)
		default:
			d.say("removed", "", Informs, "删除"+x.label.ZH+"%s", "Removed "+x.label.EN+" %s", x.name)
		}
	}
	d.order(before, after)
	return d.out
}

type differ struct {
	doc   docOf
	forms map[string]Text // the names of entities, by id and key
	out   []*Change
}

// say adds a change; %s stands for the name in quotes of the language, further
// arguments for what follows it.
func (d *differ) say(kind, path string, sev Severity, zh, en string, name Text, args ...Text) {
	z, e := []any{"“" + name.In("zh-CN") + "”"}, []any{`"` + name.In("en-US") + `"`}
	for _, a := range args {
		z, e = append(z, a.In("zh-CN")), append(e, a.In("en-US"))
	}
	d.out = append(d.out, &Change{Kind: kind, Doc: d.doc.id, DocKind: d.doc.kind, Path: path, Severity: sev, Text: Text{ZH: fmt.Sprintf(zh, z...), EN: fmt.Sprintf(en, e...)}})
}

func (d *differ) compare(before, after any) {
	switch a := before.(type) {
	case Info:
		d.info(a, after.(Info))
	case *Entity:
		d.entity(a, after.(*Entity))
	case *Form:
		d.form(a, after.(*Form))
	case *View:
		d.view(a, after.(*View))
	case *Dashboard:
		d.dashboard(a, after.(*Dashboard))
	case *Rule:
		d.rule(a, after.(*Rule))
	case *Role:
		d.role(a, after.(*Role))
	}
}

// named notes a new name or key, which every document has.
func (d *differ) named(a, b Text, keyA, keyB string) {
	if a != b {
		d.say("renamed", "/name", Informs, d.doc.label.ZH+"%s改名为“%s”", "Renamed "+d.doc.label.EN+" %s to \"%s\"", a, b)
	}
	if keyA != keyB {
		d.say("renamed", "/key", Warns, d.doc.label.ZH+"%s的标识由 %s 改为 %s；接口和数据表中的名字随之改变", "The key of "+d.doc.label.EN+" %s changes from %s to %s; its name in the API and the tables changes with it", b, plainText(keyA), plainText(keyB))
	}
}

func plainText(s string) Text { return Text{s, s} }

// part notes that a part of a document changed, if it did.
func (d *differ) part(path string, sev Severity, a, b any, zh, en string, name Text) {
	if !sameJSON(a, b) {
		d.say("changed", path, sev, zh, en, name)
	}
}

func (d *differ) info(a, b Info) {
	d.named(a.Name, b.Name, a.Key, b.Key)
	d.part("/menu", Informs, a.Menu, b.Menu, "修改应用%s的菜单", "Changed the menu of %s", b.Name)
	d.part("/home", Informs, a.Home, b.Home, "修改应用%s的首页", "Changed the home page of %s", b.Name)
	was := map[string]*Param{}
	for _, p := range a.Params {
		was[p.Key] = p
	}
	for i, p := range b.Params {
		path := fmt.Sprintf("/params/%d", i)
		old := was[p.Key]
		delete(was, p.Key)
		switch {
		case old == nil:
			d.say("added", path, Informs, "新增参数%s", "Added parameter %s", p.Name)
		case old.Type != p.Type:
			d.say("changed", path, Warns, "参数%s改变类型；已设置的值不再有效", "Parameter %s changes its type; a value that was set no longer holds", p.Name)
		case !sameJSON(old, p):
			d.say("changed", path, Informs, "修改参数%s", "Changed parameter %s", p.Name)
		}
	}
	for _, p := range a.Params {
		if was[p.Key] != nil {
			d.say("removed", "/params", Warns, "删除参数%s", "Removed parameter %s", p.Name)
		}
	}
}

func (d *differ) entity(a, b *Entity) {
	d.named(a.Name, b.Name, a.Key, b.Key)
	d.part("/title", Informs, []any{a.Title, a.Subtitle}, []any{b.Title, b.Subtitle}, "修改%s的标题", "Changed the title of %s", b.Name)
	d.part("/indexes", Informs, a.Indexes, b.Indexes, "修改%s的索引", "Changed the indexes of %s", b.Name)
	d.fields("/fields", a.Fields, b.Fields)
	was := map[string]*Check{}
	for _, c := range a.Checks {
		was[c.ID] = c
	}
	for i, c := range b.Checks {
		path := fmt.Sprintf("/checks/%d", i)
		old := was[c.ID]
		delete(was, c.ID)
		switch {
		case old == nil:
			d.say("added", path, Warns, "新增提交校验%s", "Added submit check %s", c.Message)
		case old.When != c.When:
			d.say("changed", path, Warns, "修改提交校验%s的条件", "Changed the condition of submit check %s", c.Message)
		case !sameJSON(old, c):
			d.say("changed", path, Informs, "修改提交校验%s", "Changed submit check %s", c.Message)
		}
	}
	for _, c := range a.Checks {
		if was[c.ID] != nil {
			d.say("removed", "/checks", Warns, "删除提交校验%s", "Removed submit check %s", c.Message)
		}
	}
}

// fields compares the fields of an entity or the columns of a sub-form by id.
func (d *differ) fields(path string, a, b []*Field) {
	was := map[string]*Field{}
	var orderA, orderB []string
	for _, f := range a {
		was[f.ID] = f
	}
	for i, f := range b {
		p := fmt.Sprintf("%s/%d", path, i)
		old := was[f.ID]
		if old == nil {
			d.say("added", p, Informs, "新增字段%s（%s）", "Added field %s (%s)", f.Name, typeName(f.Type))
			continue
		}
		orderB = append(orderB, f.ID)
		d.field(p, old, f)
	}
	for _, f := range a {
		if slices.ContainsFunc(b, func(x *Field) bool { return x.ID == f.ID }) {
			orderA = append(orderA, f.ID)
			continue
		}
		d.say("removed", path, Dangers, "删除字段%s；内容保留 30 天，期间可以恢复", "Removed field %s; its content is kept for 30 days and can be restored", f.Name)
	}
	if !slices.Equal(orderA, orderB) {
		d.say("moved", path, Informs, "调整%s的字段顺序", "Changed the order of the fields of %s", d.doc.name)
	}
}

func (d *differ) field(p string, a, b *Field) {
	if a.Name != b.Name {
		d.say("renamed", p+"/name", Informs, "字段%s改名为“%s”", "Renamed field %s to \"%s\"", a.Name, b.Name)
	}
	if a.Key != b.Key {
		d.say("renamed", p+"/key", Warns, "字段%s的标识由 %s 改为 %s；接口和数据表中的名字随之改变", "The key of field %s changes from %s to %s; its name in the API and the tables changes with it", b.Name, plainText(a.Key), plainText(b.Key))
	}
	if a.Type != b.Type {
		d.say("changed", p+"/type", Warns, "字段%s的类型由“%s”改为“%s”", "Field %s changes from %s to %s", b.Name, typeName(a.Type), typeName(b.Type))
	} else if !sameJSON(canonicalOptions(a.Options), canonicalOptions(b.Options)) {
		d.options(p+"/options", a, b)
	}
	d.flag(p+"/required", a.Required, b.Required, "字段%s改为必填", "Field %s becomes required", "字段%s不再必填", "Field %s is no longer required", b.Name)
	d.flag(p+"/unique", a.Unique, b.Unique, "字段%s不再允许重复", "Field %s must now be unique", "字段%s允许重复", "Field %s need no longer be unique", b.Name)
	if a.RequiredWhen != b.RequiredWhen {
		d.say("changed", p+"/required_when", Warns, "修改字段%s的必填条件", "Changed when field %s is required", b.Name)
	}
	d.part(p+"/default", Informs, a.Default, b.Default, "修改字段%s的默认值", "Changed the default of field %s", b.Name)
	d.part(p+"/help", Informs, a.Help, b.Help, "修改字段%s的说明", "Changed the help of field %s", b.Name)
	d.part(p+"/indexed", Informs, a.Indexed, b.Indexed, "修改字段%s的索引", "Changed the index of field %s", b.Name)
	if len(a.Fields)+len(b.Fields) > 0 {
		d.fields(p+"/fields", a.Fields, b.Fields)
	}
}

// flag notes a switch that now binds people (a warning) or no longer does.
func (d *differ) flag(path string, a, b bool, onZH, onEN, offZH, offEN string, name Text) {
	switch {
	case !a && b:
		d.say("changed", path, Warns, onZH, onEN, name)
	case a && !b:
		d.say("changed", path, Informs, offZH, offEN, name)
	}
}

// options compares the options of a field that keeps its type.
func (d *differ) options(p string, a, b *Field) {
	var x, y struct {
		Choices []field.Choice `json:"choices"`
	}
	_ = json.Unmarshal(a.Options, &x) // what is no list of choices has none
	_ = json.Unmarshal(b.Options, &y)
	n := len(d.out)
	was := map[string]field.Choice{}
	for _, c := range x.Choices {
		was[c.Key] = c
	}
	for i, c := range y.Choices {
		path := fmt.Sprintf("%s/choices/%d", p, i)
		old, ok := was[c.Key]
		delete(was, c.Key)
		switch {
		case !ok:
			d.say("added", path, Informs, "字段%s新增选项“%s”", "Field %s has a new option \"%s\"", b.Name, choiceLabel(c))
		case !old.Retired && c.Retired:
			d.say("changed", path, Informs, "字段%s停用选项“%s”；已有的值仍可见", "Field %s retires the option \"%s\"; values that have it stay readable", b.Name, choiceLabel(c))
		case choiceLabel(old) != choiceLabel(c):
			d.say("renamed", path, Informs, "字段%s的选项“%s”改名为“%s”", "Option of field %s renamed from \"%s\" to \"%s\"", b.Name, choiceLabel(old), choiceLabel(c))
		}
	}
	for _, c := range x.Choices {
		if _, gone := was[c.Key]; gone {
			d.say("removed", p+"/choices", Warns, "字段%s删除选项“%s”；已有的值只显示标识，建议改为停用", "Field %s loses the option \"%s\"; values that have it show the key only: better retire it", b.Name, choiceLabel(c))
		}
	}
	if len(d.out) > n {
		return
	}
	if t, ok := field.Types.Get(b.Type); ok {
		if bound, err := t.Bind(b.Options); err == nil && bound.Traits.Computed {
			d.say("changed", p, Informs, "修改字段%s的计算方式；已有记录将重新计算", "Changed how field %s is computed; existing records are worked out again", b.Name)
			return
		}
	}
	d.say("changed", p, Informs, "修改字段%s的设置", "Changed the settings of field %s", b.Name)
}

func choiceLabel(c field.Choice) Text {
	var t Text
	if t.UnmarshalJSON(c.Label) != nil || t.Empty() {
		return plainText(c.Key)
	}
	return t
}

func typeName(name string) Text {
	if t, ok := field.Types.Get(name); ok {
		l := t.Entry().Label
		return Text{l.ZH, l.EN}
	}
	return plainText(name)
}

func (d *differ) form(a, b *Form) {
	d.named(a.Name, b.Name, a.Key, b.Key)
	d.part("/layout", Informs, a.Layout, b.Layout, "修改布局%s", "Changed the layout of %s", b.Name)
	d.part("/rules", Informs, a.Rules, b.Rules, "修改布局%s的显示规则", "Changed the display rules of %s", b.Name)
	d.part("/hidden_policy", Warns, a.HiddenPolicy, b.HiddenPolicy, "修改布局%s对隐藏字段的处理", "Changed what %s does with hidden fields", b.Name)
}

func (d *differ) view(a, b *View) {
	d.named(a.Name, b.Name, a.Key, b.Key)
	d.part("/type", Informs, a.Type, b.Type, "修改视图%s的类型", "Changed the type of view %s", b.Name)
	d.part("/config/filter", Informs, a.Config.Filter, b.Config.Filter, "修改视图%s的筛选", "Changed the filter of view %s", b.Name)
	d.part("/config/columns", Informs, a.Config.Columns, b.Config.Columns, "修改视图%s的列", "Changed the columns of view %s", b.Name)
	d.part("/config/sort", Informs, a.Config.Sort, b.Config.Sort, "修改视图%s的排序", "Changed the order of view %s", b.Name)
}

func (d *differ) dashboard(a, b *Dashboard) {
	d.named(a.Name, b.Name, a.Key, b.Key)
	was := map[string]*Widget{}
	for _, w := range a.Widgets {
		was[w.ID] = w
	}
	moved := false
	for i, w := range b.Widgets {
		path := fmt.Sprintf("/widgets/%d", i)
		old := was[w.ID]
		delete(was, w.ID)
		switch {
		case old == nil:
			d.say("added", path, Informs, "新增图表%s", "Added widget %s", w.Title)
		case old.Type != w.Type || old.Title != w.Title || !sameJSON(canonicalOptions(old.Config), canonicalOptions(w.Config)):
			d.say("changed", path, Informs, "修改图表%s", "Changed widget %s", w.Title)
		case !sameJSON(old, w):
			moved = true
		}
	}
	if moved || !sameJSON(a.Phone, b.Phone) {
		d.say("moved", "/widgets", Informs, "调整仪表盘%s的排列", "Changed the arrangement of dashboard %s", b.Name)
	}
	for _, w := range a.Widgets {
		if was[w.ID] != nil {
			d.say("removed", "/widgets", Informs, "删除图表%s", "Removed widget %s", w.Title)
		}
	}
	d.part("/filters", Informs, a.Filters, b.Filters, "修改仪表盘%s的筛选", "Changed the filters of dashboard %s", b.Name)
}

func (d *differ) rule(a, b *Rule) {
	d.named(a.Name, b.Name, a.Key, b.Key)
	d.part("/trigger", Warns, a.Trigger, b.Trigger, "修改规则%s的触发方式", "Changed when rule %s starts", b.Name)
	d.part("/condition", Warns, a.Condition, b.Condition, "修改规则%s的条件", "Changed the condition of rule %s", b.Name)
	d.part("/steps", Warns, a.Steps, b.Steps, "修改规则%s的步骤；已在运行的按旧步骤走完", "Changed the steps of rule %s; what is running finishes by the old ones", b.Name)
	d.part("/mode", Warns, a.Mode, b.Mode, "修改规则%s的执行方式", "Changed how rule %s runs", b.Name)
	d.part("/run_as", Warns, a.RunAs, b.RunAs, "修改规则%s的执行身份", "Changed as whom rule %s acts", b.Name)
	d.flag("/off", !a.Off, !b.Off, "规则%s改为启用", "Rule %s is switched on", "规则%s改为停用", "Rule %s is switched off", b.Name)
}

func (d *differ) role(a, b *Role) {
	d.named(a.Name, b.Name, a.Key, b.Key)
	switch {
	case !a.Admin && b.Admin:
		d.say("changed", "/admin", Dangers, "角色%s成为应用管理员，可以做任何操作", "Role %s becomes an administrator of the app and may do everything", b.Name)
	case a.Admin && !b.Admin:
		d.say("changed", "/admin", Warns, "角色%s不再是应用管理员", "Role %s is no longer an administrator of the app", b.Name)
	}
	was := map[string]*Grant{}
	for _, g := range a.Grants {
		was[g.Entity] = g
	}
	for i, g := range b.Grants {
		path := fmt.Sprintf("/grants/%d", i)
		old := was[g.Entity]
		delete(was, g.Entity)
		switch {
		case old == nil:
			d.say("added", path, Warns, "角色%s获得表单“%s”的权限（%s）", "Role %s is granted form \"%s\" (%s)", b.Name, d.granted(g), opNames(g.Ops))
		case !sameJSON(sorted(old.Ops), sorted(g.Ops)):
			d.say("changed", path+"/ops", Warns, "角色%s对“%s”的操作权限由（%s）改为（%s）", "Role %s may do with \"%s\": (%s) → (%s)", b.Name, d.granted(g), opNames(old.Ops), opNames(g.Ops))
		}
		if old != nil && !sameJSON(old.Filter, g.Filter) {
			d.say("changed", path+"/filter", Warns, "修改角色%s可见的“%s”记录范围", "Changed which records of \"%[2]s\" role %[1]s may see", b.Name, d.granted(g))
		}
		if old != nil && !sameJSON([]any{old.Fields, old.Hide}, []any{g.Fields, g.Hide}) {
			d.say("changed", path+"/fields", Warns, "修改角色%s对“%s”的字段权限", "Changed which fields of \"%[2]s\" role %[1]s may see and change", b.Name, d.granted(g))
		}
	}
	for _, g := range a.Grants {
		if was[g.Entity] != nil {
			d.say("removed", "/grants", Warns, "角色%s失去表单“%s”的权限", "Role %s loses form \"%s\"", b.Name, d.granted(g))
		}
	}
}

// granted names the form of a grant.
func (d *differ) granted(g *Grant) Text {
	if name, ok := d.forms[g.Entity]; ok {
		return name
	}
	return plainText(g.Entity)
}

// opNames lists operations in the order of the matrix of rights.
func opNames(ops []string) Text {
	var zh, en []string
	for _, op := range grantOps {
		if slices.Contains(ops, op) {
			name := OpName(op)
			zh, en = append(zh, name.ZH), append(en, name.EN)
		}
	}
	return Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

func sorted(l []string) []string {
	l = slices.Clone(l)
	slices.Sort(l)
	return l
}

// order notes documents that only changed places.
func (d *differ) order(before, after *App) {
	places := func(a, b *App) map[DocKind][]docOf {
		have := map[string]bool{}
		for _, x := range documents(b) {
			have[x.id] = true
		}
		out := map[DocKind][]docOf{}
		for _, x := range documents(a) {
			if have[x.id] {
				out[x.kind] = append(out[x.kind], x)
			}
		}
		return out
	}
	was, now := places(before, after), places(after, before)
	for _, kind := range []DocKind{DocEntity, DocForm, DocView, DocDashboard, DocRule, DocRole} {
		for i, x := range now[kind] {
			if was[kind][i].id != x.id {
				d.doc = docOf{kind: kind}
				d.out = append(d.out, &Change{Kind: "moved", DocKind: kind, Severity: Informs, Text: Text{ZH: "调整" + x.label.ZH + "的顺序", EN: "Changed the order of the " + x.label.EN + "s"}})
				break
			}
		}
	}
}

type docOf struct {
	id    string
	kind  DocKind
	label Text
	name  Text
	doc   any
}

// documents lists the documents of an app in their order.
func documents(a *App) []docOf {
	var out []docOf
	if a.Info.ID != "" {
		out = append(out, docOf{a.Info.ID, DocApp, Text{"应用", "app"}, a.Info.Name, a.Info})
	}
	for _, d := range a.Entities {
		out = append(out, docOf{d.ID, DocEntity, Text{"表单", "form"}, d.Name, d})
	}
	for _, d := range a.Forms {
		out = append(out, docOf{d.ID, DocForm, Text{"布局", "layout"}, d.Name, d})
	}
	for _, d := range a.Views {
		out = append(out, docOf{d.ID, DocView, Text{"视图", "view"}, d.Name, d})
	}
	for _, d := range a.Dashboards {
		out = append(out, docOf{d.ID, DocDashboard, Text{"仪表盘", "dashboard"}, d.Name, d})
	}
	for _, d := range a.Rules {
		out = append(out, docOf{d.ID, DocRule, Text{"规则", "rule"}, d.Name, d})
	}
	for _, d := range a.Roles {
		out = append(out, docOf{d.ID, DocRole, Text{"角色", "role"}, d.Name, d})
	}
	return out
}

// sameJSON compares two values as documents; the order of members in raw parts
// does not matter.
func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	if err != nil {
		return false
	}
	return bytes.Equal(x, y) || bytes.Equal(canonicalOptions(x), canonicalOptions(y))
}

// canonicalOptions sorts the members of a raw part.
func canonicalOptions(raw json.RawMessage) json.RawMessage {
	x, err := DecodeJSON(raw)
	if err != nil {
		return raw
	}
	b, err := json.Marshal(x)
	if err != nil {
		return raw
	}
	return b
}
