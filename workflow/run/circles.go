package run

import (
	"slices"
	"strings"

	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/value"
	"tenon/workflow/action"
)

// Circles finds rules that may keep setting each other off: hints for people
// who build, never faults. What one rule writes is held against what sets
// another off; a circle counts only when what goes round in it does not come to
// rest by itself. Where nothing certain is known a circle is passed over rather
// than made up.
func Circles(m *schema.Model) []*schema.Change {
	g := &graph{m: m, edges: map[int]map[int][]edge{}}
	for _, r := range m.Rules {
		if r.Def.Mode == "validate" || r.Def.Off {
			continue
		}
		c, _ := bind(m, r)
		var writes []placed
		collect(c.steps, true, &writes)
		g.rules = append(g.rules, r)
		g.writes = append(g.writes, writes)
	}
	for i := range g.rules {
		for j := range g.rules {
			for k := range g.writes[i] {
				if e, ok := g.edge(i, j, k); ok {
					if g.edges[i] == nil {
						g.edges[i] = map[int][]edge{}
					}
					g.edges[i][j] = append(g.edges[i][j], e)
				}
			}
		}
	}
	g.rest()
	var out []*schema.Change
	for i, r := range g.rules {
		if path := g.circle(i); path != nil {
			out = append(out, &schema.Change{Kind: "circle", Doc: r.Def.ID, DocKind: schema.DocRule, Path: "/steps", Severity: schema.Warns, Text: g.words(path)})
		}
	}
	return out
}

// placed is what a step writes, and whether every run of its rule comes to it.
type placed struct {
	action.Write
	certain bool
}

// collect finds what steps write, in branches and loops too, in their order.
func collect(steps []*step, certain bool, into *[]placed) {
	for _, s := range steps {
		if w, ok := s.runner.(action.Writer); ok {
			for _, x := range w.Writes() {
				*into = append(*into, placed{x, certain && s.when == nil})
			}
		}
		collect(s.body, false, into)
		collect(s.other, false, into)
	}
}

// edge is a write of one rule that sets off another.
type edge struct {
	write action.Write
	heard []action.Assign // the written fields that the other rule listens to
}

type graph struct {
	m      *schema.Model
	rules  []*schema.RuleModel
	writes [][]placed
	edges  map[int]map[int][]edge
}

// edge reports whether the k-th write of rule i sets off rule j.
func (g *graph) edge(i, j, k int) (edge, bool) {
	r, w := g.rules[j], g.writes[i][k].Write
	t := r.Def.Trigger
	e := edge{w, w.Values}
	same := r.Entity != nil && r.Entity.ID() == w.Entity.ID()
	switch t.Type {
	case "created":
		if !same || w.Op != "create" {
			return e, false
		}
	case "deleted":
		return e, same && w.Op == "delete"
	case "updated", "created_or_updated":
		if !same || w.Op != "update" && (w.Op != "create" || t.Type == "updated") {
			return e, false
		}
		if w.Op == "update" && len(r.Fields) > 0 {
			e.heard = heard(w.Values, func(f *schema.FieldModel) bool { return reaches(f, r.Entity, r.Fields) })
		}
	case "computed":
		if w.Op == "delete" || len(r.Fields) == 0 && !same {
			return e, false
		}
		if len(r.Fields) > 0 {
			e.heard = heard(w.Values, func(f *schema.FieldModel) bool { return reaches(f, r.Entity, r.Fields) })
		}
		return e, len(e.heard) > 0
	default:
		return e, false
	}
	if w.Op == "update" && len(e.heard) == 0 {
		return e, false
	}
	f := g.facts(i, k)
	for _, p := range []*expr.Program{r.Pure, r.Guard} {
		if p == nil {
			continue
		}
		if !f.possible(p.Root) {
			return e, false
		}
		if w.Op == "update" {
			if only := changes(p.Root); only != nil {
				e.heard = heard(e.heard, func(f *schema.FieldModel) bool { return reaches(f, r.Entity, only) })
			}
		}
	}
	if t.Enter && w.Op == "update" {
		// The condition has to become true: what it looks at has to change, and
		// of its own record the rule has found it true already.
		if i == j && w.Own || !g.looks(r, w) {
			return e, false
		}
	}
	return e, w.Op == "create" || len(e.heard) > 0
}

func heard(values []action.Assign, ok func(f *schema.FieldModel) bool) []action.Assign {
	var out []action.Assign
	for _, a := range values {
		if ok(a.Field) {
			out = append(out, a)
		}
	}
	return out
}

// reaches reports whether a change of a field changes one of the fields of an
// entity, by itself or through what is computed from it.
func reaches(f *schema.FieldModel, e *schema.EntityModel, ids map[string]bool) bool {
	if f.Entity == e && ids[f.ID()] {
		return true
	}
	for id := range ids {
		if c := e.Field(id); c != nil && slices.Contains(c.Origins, f) {
			return true
		}
	}
	return false
}

// looks reports whether a rule's condition looks at a field that is written.
func (g *graph) looks(r *schema.RuleModel, w action.Write) bool {
	found := false
	for _, p := range []*expr.Program{r.Pure, r.Guard} {
		if p == nil {
			continue
		}
		if p.Queries() {
			return true
		}
		p.Reads(func(_ string, path []*expr.Field) {
			for _, a := range w.Values {
				found = found || len(path) > 0 && reaches(a.Field, r.Entity, map[string]bool{path[0].ID: true})
			}
		})
	}
	return found
}

// fact is what is known of a field's value once a write is done.
type fact struct {
	is    value.Value
	known bool // it is that value; otherwise it is only known not to be blank
}

type facts struct {
	of      map[string]fact
	changed map[string]bool // fields of the record that an update may have changed; nil: of a new record
}

// facts says what is known of the record that the k-th write of rule i has
// written.
func (g *graph) facts(i, k int) facts {
	f := facts{of: map[string]fact{}}
	r, w := g.rules[i], g.writes[i][k].Write
	if w.Op == "create" {
		for _, x := range w.Entity.Fields {
			if x.Def.Default == nil && !x.Traits.Computed && !x.System {
				f.of[x.ID()] = fact{known: true}
			}
		}
	} else {
		f.changed = map[string]bool{}
		if w.Own {
			for _, p := range []*expr.Program{r.Pure, r.Guard} {
				if p != nil {
					f.learn(p.Root)
				}
			}
			for _, before := range g.writes[i][:k] {
				if before.Op != "update" || before.Entity != w.Entity {
					continue
				}
				for _, a := range before.Values {
					f.set(a, before.Own && before.certain)
				}
			}
		}
	}
	for _, a := range w.Values {
		f.set(a, true)
		if f.changed != nil {
			f.changed[a.Field.ID()] = true
			for _, x := range w.Entity.Fields {
				if slices.Contains(x.Origins, a.Field) {
					f.changed[x.ID()] = true
				}
			}
		}
	}
	return f
}

// set takes note of a value that is written; of one that may be, nothing is
// known afterwards.
func (f facts) set(a action.Assign, certain bool) {
	f.forget(a.Field)
	switch {
	case !certain:
	case a.Value == nil:
		f.of[a.Field.ID()] = fact{} // somebody
	case a.Value.Root.Op == expr.OpLit:
		f.of[a.Field.ID()] = fact{a.Value.Root.Lit, true}
	case a.Value.Root.Fn != nil && (a.Value.Root.Fn.Name == "NOW" || a.Value.Root.Fn.Name == "TODAY"):
		f.of[a.Field.ID()] = fact{}
	}
}

// forget drops what was known of a field and of what is computed from it.
func (f facts) forget(x *schema.FieldModel) {
	delete(f.of, x.ID())
	for _, c := range x.Entity.Fields {
		if slices.Contains(c.Origins, x) {
			delete(f.of, c.ID())
		}
	}
}

// learn takes the values that a condition asks for.
func (f facts) learn(n *expr.Node) {
	if n.Op == expr.OpAnd {
		for _, a := range n.Args {
			f.learn(a)
		}
		return
	}
	id, lit, name := compared(n)
	switch {
	case id == "":
	case name == "eq":
		f.of[id] = fact{lit, true}
	case name == "ne" && lit.IsNull():
		if _, ok := f.of[id]; !ok {
			f.of[id] = fact{}
		}
	}
}

// compared takes apart a comparison of a field of the record with a constant,
// and a field that is true or false by itself.
func compared(n *expr.Node) (field string, lit value.Value, name string) {
	own := func(x *expr.Node) string {
		if x.Op == expr.OpField && x.Root == "record" && len(x.Path) == 1 {
			return x.Path[0].ID
		}
		return ""
	}
	switch {
	case n.Op == expr.OpCall && n.Fn != nil && (n.Fn.Name == "eq" || n.Fn.Name == "ne") && len(n.Args) == 2:
		a, b := n.Args[0], n.Args[1]
		if a.Op == expr.OpLit {
			a, b = b, a
		}
		if b.Op == expr.OpLit {
			return own(a), b.Lit, n.Fn.Name
		}
	case n.Op == expr.OpField && n.Type.Kind == value.Bool:
		return own(n), value.OfBool(true), "eq"
	case n.Op == expr.OpNot && len(n.Args) == 1:
		if f, lit, name := compared(n.Args[0]); f != "" {
			return f, lit, map[string]string{"eq": "ne", "ne": "eq"}[name]
		}
	}
	return "", value.Value{}, ""
}

// changedField is the field whose change a part of a condition asks for.
func changedField(n *expr.Node) string {
	if n.Op != expr.OpCall || n.Fn == nil || n.Fn.Name != "ne" || len(n.Args) != 2 {
		return ""
	}
	a, b := n.Args[0], n.Args[1]
	if a.Op == expr.OpField && b.Op == expr.OpField && a.Root == "record" && b.Root == "old" && len(a.Path) == 1 && len(b.Path) == 1 && a.Path[0].ID == b.Path[0].ID {
		return a.Path[0].ID
	}
	return ""
}

// changes lists the fields of which a condition asks that one has changed; nil
// when it holds without.
func changes(n *expr.Node) map[string]bool {
	switch n.Op {
	case expr.OpAnd:
		for _, a := range n.Args {
			if c := changes(a); c != nil {
				return c
			}
		}
	case expr.OpOr:
		all := map[string]bool{}
		for _, a := range n.Args {
			c := changes(a)
			if c == nil {
				return nil
			}
			for id := range c {
				all[id] = true
			}
		}
		return all
	default:
		if id := changedField(n); id != "" {
			return map[string]bool{id: true}
		}
	}
	return nil
}

// possible reports whether a condition may hold, given what is known.
func (f facts) possible(n *expr.Node) bool {
	switch n.Op {
	case expr.OpAnd:
		return !slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return !f.possible(a) })
	case expr.OpOr:
		return slices.ContainsFunc(n.Args, f.possible)
	case expr.OpLit:
		return n.Lit.Kind() != value.Bool || n.Lit.Bool()
	}
	if id := changedField(n); id != "" {
		return f.changed == nil || f.changed[id]
	}
	if n.Op == expr.OpCall && n.Fn != nil && n.Fn.Name == "in" && len(n.Args) == 2 {
		return f.among(n.Args[0], n.Args[1])
	}
	id, lit, name := compared(n)
	k, ok := f.of[id]
	if id == "" || !ok {
		return true
	}
	equal := k.known && (k.is.IsNull() && lit.IsNull() || k.is.Kind() == lit.Kind() && k.is.String() == lit.String())
	if name == "eq" {
		return equal || !k.known && !lit.IsNull()
	}
	return !equal
}

// among reports whether a field may be one of constants.
func (f facts) among(x, list *expr.Node) bool {
	if x.Op != expr.OpField || x.Root != "record" || len(x.Path) != 1 {
		return true
	}
	k, ok := f.of[x.Path[0].ID]
	if !ok || !k.known {
		return true
	}
	var all []value.Value
	switch {
	case list.Op == expr.OpLit && list.Lit.Kind() == value.List:
		all = list.Lit.List()
	case list.Op == expr.OpList:
		for _, a := range list.Args {
			if a.Op != expr.OpLit {
				return true
			}
			all = append(all, a.Lit)
		}
	default:
		return true
	}
	return slices.ContainsFunc(all, func(v value.Value) bool { return v.Kind() == k.is.Kind() && v.String() == k.is.String() })
}

// rest drops the edges on which a circle comes to rest, until none is left.
func (g *graph) rest() {
	for again := true; again; {
		again = false
		for i := range g.rules {
			for j := range g.edges[i] {
				round := g.round(i, j)
				if round == nil {
					continue
				}
				n := len(g.edges[i][j])
				g.edges[i][j] = slices.DeleteFunc(g.edges[i][j], func(e edge) bool { return g.rests(e, round) })
				if again = again || len(g.edges[i][j]) < n; len(g.edges[i][j]) == 0 {
					delete(g.edges[i], j)
				}
			}
		}
	}
}

// round lists the rules that lie on circles with an edge; nil: it is on none.
func (g *graph) round(i, j int) []int {
	from := g.reach(j)
	if !from[i] {
		return nil
	}
	var out []int
	for k := range from {
		if g.reach(k)[i] {
			out = append(out, k)
		}
	}
	return out
}

// reach finds the rules that a rule sets off, and those they set off; it is
// always among them itself.
func (g *graph) reach(i int) map[int]bool {
	seen := map[int]bool{i: true}
	for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
		for k := range g.edges[queue[0]] {
			if !seen[k] {
				seen[k] = true
				queue = append(queue, k)
			}
		}
	}
	return seen
}

// rests reports whether a write changes nothing any more once it was done, while
// the rules of a circle go round.
func (g *graph) rests(e edge, round []int) bool {
	var all []action.Write
	for _, k := range round {
		for _, w := range g.writes[k] {
			all = append(all, w.Write)
		}
	}
	made := func(e *schema.EntityModel) bool {
		return slices.ContainsFunc(all, func(w action.Write) bool { return w.Entity == e && w.Op == "create" && !w.Once })
	}
	if e.write.Op == "delete" {
		return !made(e.write.Entity)
	}
	if e.write.Op == "create" && !e.write.Once {
		return false
	}
	return !slices.ContainsFunc(e.heard, func(a action.Assign) bool { return !settles(a, e.write, all) })
}

// settles reports whether a field gets the same value every time.
func settles(a action.Assign, of action.Write, all []action.Write) bool {
	for _, w := range all {
		for _, b := range w.Values {
			if b.Field == a.Field && (a.Value == nil) != (b.Value == nil) {
				return false
			}
			if b.Field == a.Field && a.Value != nil && strings.TrimSpace(a.Value.Source) != strings.TrimSpace(b.Value.Source) {
				return false
			}
		}
	}
	if a.Value == nil {
		return of.Once
	}
	still := true
	a.Value.Root.Walk(func(n *expr.Node) {
		if n.Fn != nil && n.Fn.Name == "NOW" {
			still = false
		}
		if n.Op == expr.OpQuery && n.Query != nil {
			for _, w := range all {
				still = still && w.Entity.Expr != n.Query.Entity
			}
		}
		for _, f := range n.Path {
			still = still && !written(f, all)
		}
	})
	return still
}

// written reports whether writes change a field or what it is computed from.
func written(f *expr.Field, all []action.Write) bool {
	for _, w := range all {
		for _, a := range w.Values {
			if a.Field.Expr == f {
				return true
			}
			for _, c := range a.Field.Entity.App.Entities {
				if x := c.Field(f.ID); x != nil && x.Expr == f && slices.Contains(x.Origins, a.Field) {
					return true
				}
			}
		}
	}
	return false
}

// circle is the shortest way from a rule back to itself.
func (g *graph) circle(i int) []int {
	before := map[int]int{}
	for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for k := range g.rules { // in their order, so that the way is always the same
			if len(g.edges[at][k]) == 0 {
				continue
			}
			if k == i {
				path := []int{i, at}
				for at != i {
					at = before[at]
					path = append(path, at)
				}
				slices.Reverse(path)
				return turned(path)
			}
			if _, ok := before[k]; !ok {
				before[k] = at
				queue = append(queue, k)
			}
		}
	}
	return nil
}

// turned begins a circle with its first rule, so that it reads the same
// whichever of its rules one looks at.
func turned(path []int) []int {
	path = path[:len(path)-1]
	at := slices.Index(path, slices.Min(path))
	path = append(slices.Clone(path[at:]), path[:at]...)
	return append(path, path[0])
}

// words says how rules set each other off.
func (g *graph) words(path []int) schema.Text {
	say := func(locale, open, shut string) string {
		var names []string
		for _, k := range path {
			names = append(names, g.rules[k].Def.Name.In(locale))
		}
		return open + strings.Join(names, " → ") + shut
	}
	if len(path) == 2 {
		name := g.rules[path[0]].Def.Name
		var fields [2][]string
		for _, e := range g.edges[path[0]][path[0]] {
			for _, a := range e.heard {
				for i, locale := range []string{"zh-CN", "en-US"} {
					if n := []string{"“", `"`}[i] + a.Field.Def.Name.In(locale) + []string{"”", `"`}[i]; !slices.Contains(fields[i], n) {
						fields[i] = append(fields[i], n)
					}
				}
			}
		}
		return schema.Text{
			ZH: "规则“" + name.In("zh-CN") + "”会反复触发自己：它写入的" + strings.Join(fields[0], "、") + "又会触发它，可能停不下来（" + say("zh-CN", "", "") + "）。系统会在连续 10 次后停止；请让它只在需要的字段变化时触发，或加上条件",
			EN: `Rule "` + name.In("en-US") + `" may keep setting itself off: what it writes (` + strings.Join(fields[1], ", ") + ") starts it again (" + say("en-US", "", "") + "). It is stopped after 10 times in a row; let it start on the fields it needs only, or add a condition",
		}
	}
	return schema.Text{
		ZH: say("zh-CN", "规则“", "”会循环触发，可能停不下来") + "。系统会在连续 10 次后停止；请让它们只在需要的字段变化时触发，或加上条件",
		EN: say("en-US", `Rules "`, `" may keep setting each other off`) + ". They are stopped after 10 times in a row; let them start on the fields they need only, or add a condition",
	}
}
