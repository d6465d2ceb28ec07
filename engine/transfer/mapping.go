package transfer

import (
	"context"
	"strings"

	"github.com/shopspring/decimal"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/expr"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Mapping says how a table becomes records. A template's ready mapping is one,
// in the same words.
type Mapping struct {
	Entity  string            `json:"entity"`
	Mode    string            `json:"mode,omitempty"`   // create, update, upsert; blank: upsert where Match is given
	Match   []string          `json:"match,omitempty"`  // fields that recognise a record
	Filter  string            `json:"filter,omitempty"` // which rows: an expression over the columns' keys, all texts
	Rows    map[string]string `json:"rows,omitempty"`   // which rows: columns that must have these texts
	Columns []ColumnMap       `json:"columns"`
	Rules   bool              `json:"rules,omitempty"` // automations run for what comes in
}

// The modes.
const (
	ModeCreate = "create"
	ModeUpdate = "update"
	ModeUpsert = "upsert"
)

// ColumnMap says where the values of one field come from.
type ColumnMap struct {
	Field   string            `json:"field"`
	Column  string            `json:"column,omitempty"`   // a column of the table
	Text    string            `json:"text,omitempty"`     // or a text, with columns in braces: "Lead {Lead Number}"
	Values  map[string]string `json:"values,omitempty"`   // text in the table → text taken; "" means blank
	Blank   string            `json:"blank,omitempty"`    // taken for blank cells
	OnBlank string            `json:"on_blank,omitempty"` // without Blank, see below
	Factor  float64           `json:"factor,omitempty"`   // numbers are multiplied by it
	Find    []string          `json:"find,omitempty"`     // links: fields of the target that the text is compared with, in order; members: name, email
	Create  bool              `json:"create,omitempty"`   // links, members: make what is not found
}

// What a blank cell means where a mapping does not say what to take instead:
// left out, a new record's field stays blank (a required one starts with its
// default) and that of a record which is there stays as it is.
const (
	BlankDefault = "default" // new records start with the field's default
	BlankClear   = "clear"   // the field becomes blank, also in records that are there
	BlankSkip    = "skip"    // the row is left out
)

// Faults of mappings.
var (
	ErrMode     = fault.Define(fault.Invalid, "import.mode", "不认识的导入方式“{mode}”", "unknown mode \"{mode}\"")
	ErrNoMatch  = fault.Define(fault.Invalid, "import.no_match", "更新已有记录需要选择匹配字段", "choose the fields that recognize a record")
	ErrMatch    = fault.Define(fault.Invalid, "import.match", "不能按“{field}”匹配：它没有映射到列，或类型不支持", "records cannot be recognized by \"{field}\": no column fills it, or its type does not allow it")
	ErrNoColumn = fault.Define(fault.Invalid, "import.column", "文件里没有名为“{column}”的列", "the file has no column \"{column}\"")
	ErrField    = fault.Define(fault.Invalid, "import.field", "“{field}”不能通过导入填写", "\"{field}\" cannot be filled by an import")
	ErrTwice    = fault.Define(fault.Invalid, "import.field_twice", "“{field}”映射了两次", "\"{field}\" is filled twice")
	ErrNoFields = fault.Define(fault.Invalid, "import.no_fields", "请至少映射一个字段", "fill at least one field")
	ErrFind     = fault.Define(fault.Invalid, "import.find", "不能按“{field}”查找关联记录", "linked records cannot be found by \"{field}\"")
	ErrPolicy   = fault.Define(fault.Invalid, "import.on_blank", "不认识的空值处理方式“{policy}”", "unknown treatment of blank cells \"{policy}\"")
	ErrTemplate = fault.Define(fault.Invalid, "import.text", "文本模板写法有误：{detail}", "the text is not written correctly: {detail}")
)

// plan is a mapping made ready for one table and one version of an app.
type plan struct {
	m       Mapping
	src     *Source
	ent     *schema.EntityModel
	env     field.Env
	targets []*target
	match   []*schema.FieldModel
	filter  *expr.Program
	rows    map[int]string // column → text it must have
	created *target        // of created_at and created_by
	creator *target
}

// target is one field to fill.
type target struct {
	ColumnMap
	f      *schema.FieldModel
	parts  []part // of a text
	column int    // -1: a text
	factor decimal.Decimal
	scaled *field.Bound // reads numbers before they are multiplied
	find   []*schema.FieldModel
	folded map[string]string // Values without case
}

// part is a constant or a column of a composed text.
type part struct {
	text   string
	column int // -1: the text
}

// prepare checks a mapping; every fault is found.
func prepare(s *record.Session, src *Source, m Mapping) (*plan, error) {
	ent := s.Snap.Entity(m.Entity)
	if ent == nil || ent.Parent != nil {
		return nil, engine.ErrNoEntity.At("entity").With("ref", m.Entity)
	}
	if err := s.Rights.On(ent).Need("import"); err != nil {
		return nil, err
	}
	p := &plan{m: m, src: src, ent: ent, env: s.FieldEnv()}
	var l fault.List
	if p.m.Mode == "" {
		if p.m.Mode = ModeCreate; len(m.Match) > 0 {
			p.m.Mode = ModeUpsert
		}
	}
	if p.m.Mode != ModeCreate && p.m.Mode != ModeUpdate && p.m.Mode != ModeUpsert {
		l = append(l, ErrMode.At("mode").With("mode", m.Mode))
	}
	seen := map[*schema.FieldModel]bool{}
	for i, c := range m.Columns {
		at := "columns/" + itoa(i)
		t, err := p.target(s, c)
		if err != nil {
			l.AddUnder(at, err)
			continue
		}
		if seen[t.f] {
			l = append(l, ErrTwice.At(at+"/field").With("field", t.f.Def.Name.In(s.Actor.Locale)))
			continue
		}
		seen[t.f] = true
		switch t.f.Key() {
		case "created_at":
			p.created = t
		case "created_by":
			p.creator = t
		default:
			p.targets = append(p.targets, t)
		}
	}
	if len(p.targets) == 0 && len(l) == 0 {
		l = append(l, ErrNoFields.At("columns"))
	}
	if p.m.Mode != ModeCreate {
		if len(m.Match) == 0 {
			l = append(l, ErrNoMatch.At("match"))
		}
		for i, ref := range m.Match {
			f := ent.Field(ref)
			if f == nil || !findable(f) || !seen[f] {
				l = append(l, ErrMatch.At("match/"+itoa(i)).With("field", ref))
				continue
			}
			p.match = append(p.match, f)
		}
	}
	l = append(l, p.choose(m)...)
	return p, l.Err()
}

// choose says which rows the mapping takes.
func (p *plan) choose(m Mapping) fault.List {
	var l fault.List
	p.rows = map[int]string{}
	for name, text := range m.Rows {
		c := p.src.Column(name)
		if c < 0 {
			l = append(l, ErrNoColumn.At("rows").With("column", name))
			continue
		}
		p.rows[c] = text
	}
	if m.Filter != "" {
		var err error
		if p.filter, err = expr.CompileAs(m.Filter, tableScope(p.src), expr.T(value.Bool)); err != nil {
			l.AddUnder("filter", err)
		}
	}
	return l
}

// Taken says how many rows of a table a mapping takes.
type Taken struct {
	Rows    int        `json:"rows"`    // of the table
	Taken   int        `json:"taken"`   // of them
	Preview [][]string `json:"preview"` // the first that are taken
}

// Take reads a table and says which rows a mapping takes, whatever else the
// mapping still lacks.
func Take(ctx context.Context, e *engine.Engine, actor *access.Actor, appID string, src *Source, m Mapping) (*Taken, error) {
	s, err := e.Reader(ctx, actor, appID)
	if err != nil {
		return nil, err
	}
	p := &plan{src: src}
	if err := p.choose(m).Err(); err != nil {
		return nil, err
	}
	out, env := &Taken{Preview: [][]string{}}, s.Env(nil, nil)
	err = src.Each(ctx, func(_ int, cells []string) error {
		out.Rows++
		// A row about which the filter fails comes in and is refused.
		if ok, err := p.wanted(cells, env); err == nil && !ok {
			return nil
		}
		if out.Taken++; len(out.Preview) < maxPreview {
			out.Preview = append(out.Preview, append([]string{}, cells...))
		}
		return nil
	})
	return out, err
}

func (p *plan) target(s *record.Session, c ColumnMap) (*target, error) {
	f := p.ent.Field(c.Field)
	if f == nil {
		return nil, schema.ErrNoField.At("field").With("ref", c.Field)
	}
	t := &target{ColumnMap: c, f: f, column: -1}
	full := s.Rights.On(p.ent).Full
	historic := f.System && (f.Key() == "created_at" || f.Key() == "created_by") && full
	byID := f.System && f.Key() == "id" && p.m.Mode != ModeCreate
	serial := f.Traits.Generated && !f.System && full
	owner := f.System && f.Key() == "owner"
	if !historic && !byID && !serial && !owner && (f.System || f.Traits.Computed || f.Traits.Generated) || f.Traits.HoldsFile || f.Sub != nil {
		return nil, ErrField.At("field").With("field", f.Def.Name.In(s.Actor.Locale))
	}
	if c.OnBlank != "" && c.OnBlank != BlankDefault && c.OnBlank != BlankClear && c.OnBlank != BlankSkip {
		return nil, ErrPolicy.At("on_blank").With("policy", c.OnBlank)
	}
	var err error
	switch {
	case c.Column != "":
		if t.column = p.src.Column(c.Column); t.column < 0 {
			return nil, ErrNoColumn.At("column").With("column", c.Column)
		}
	default:
		if t.parts, err = p.compose(c.Text); err != nil {
			return nil, err
		}
	}
	if c.Factor != 0 && c.Factor != 1 {
		t.factor = decimal.NewFromFloat(c.Factor)
		// Ten places, so that nothing is lost before the multiplication.
		if t.scaled, err = field.Bind("number", []byte(`{"scale":10,"precision":38}`)); err != nil {
			return nil, err
		}
	}
	if len(c.Values) > 0 {
		t.folded = map[string]string{}
		for k, v := range c.Values {
			t.folded[strings.ToLower(strings.TrimSpace(k))] = v
		}
	}
	if f.Target == nil {
		return t, nil
	}
	refs := c.Find
	if len(refs) == 0 {
		if refs, err = finders(s, f.Target, nil); err != nil {
			return nil, err
		}
	}
	for i, ref := range refs {
		x := f.Target.Field(ref)
		if !findable(x) || !s.Rights.On(f.Target).Readable(x) {
			return nil, ErrFind.At("find/"+itoa(i)).With("field", ref)
		}
		t.find = append(t.find, x)
	}
	return t, nil
}

// compose reads a text with columns in braces.
func (p *plan) compose(text string) ([]part, error) {
	var out []part
	lit := ""
	for text != "" {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			lit += text
			break
		}
		lit += text[:i]
		if strings.HasPrefix(text[i:], "{{") || strings.HasPrefix(text[i:], "}}") {
			lit += text[i : i+1]
			text = text[i+2:]
			continue
		}
		j := strings.IndexByte(text[i:], '}')
		if text[i] == '}' || j < 0 {
			return nil, ErrTemplate.At("text").With("detail", text[i:])
		}
		name := strings.TrimSpace(text[i+1 : i+j])
		c := p.src.Column(name)
		if c < 0 {
			return nil, ErrNoColumn.At("text").With("column", name)
		}
		if lit != "" {
			out = append(out, part{lit, -1})
			lit = ""
		}
		out = append(out, part{"", c})
		text = text[i+j+1:]
	}
	if lit != "" {
		out = append(out, part{lit, -1})
	}
	return out, nil
}

// text gives the text of a row that fills the field, aliases applied; a blank
// one is "".
func (t *target) text(cells []string) string {
	s := ""
	if t.column >= 0 {
		s = cells[t.column]
	} else {
		columns, blanks := 0, 0
		for _, x := range t.parts {
			if x.column < 0 {
				s += x.text
				continue
			}
			columns++
			if cells[x.column] == "" {
				blanks++
			}
			s += cells[x.column]
		}
		switch {
		case columns > 0 && blanks == columns:
			s = ""
		case blanks > 0:
			// What stood between two columns has lost a neighbour.
			s = strings.Trim(s, " ·-–—,;/|_，、；")
		default:
			s = strings.TrimSpace(s)
		}
	}
	if t.Values != nil {
		if v, ok := t.Values[s]; ok {
			s = v
		} else if v, ok := t.folded[strings.ToLower(s)]; ok {
			s = v
		}
	}
	if s == "" {
		s = t.Blank
	}
	return s
}

// value turns a text into the field's value.
func (t *target) value(text string, env field.Env) (value.Value, error) {
	if t.scaled == nil {
		return field.ParseImportText(t.f.Bound, text, env)
	}
	v, err := field.ParseImportText(t.scaled, text, env)
	if err != nil || v.IsNull() {
		return v, err
	}
	return t.f.Parse(v.Number().Mul(t.factor).String(), env)
}

// wanted reports whether the mapping takes a row.
func (p *plan) wanted(cells []string, env *expr.Env) (bool, error) {
	for c, text := range p.rows {
		if cells[c] != text {
			return false, nil
		}
	}
	if p.filter == nil {
		return true, nil
	}
	env.Roots = map[string]expr.Row{"record": tableRow{p.src, cells}}
	return p.filter.True(env)
}

// tableScope lets expressions name the columns of a table.
func tableScope(src *Source) *expr.Scope {
	e := &expr.Entity{ID: "table", Key: "table", Fields: map[string]*expr.Field{}}
	for i, c := range src.Columns {
		e.Fields[c.Key] = &expr.Field{ID: itoa(i), Key: c.Key, Kind: value.Text}
	}
	return &expr.Scope{Entity: func(string) *expr.Entity { return nil }, Roots: map[string]*expr.Entity{"record": e}}
}

// tableRow shows a row to expressions.
type tableRow struct {
	src   *Source
	cells []string
}

func (r tableRow) Get(id string) value.Value {
	for i := range r.src.Columns {
		if itoa(i) == id {
			if r.cells[i] == "" {
				return value.Value{}
			}
			return value.OfText(r.cells[i])
		}
	}
	return value.Value{}
}

func (tableRow) Follow(string) expr.Row { return nil }
func (tableRow) Rows(string) []expr.Row { return nil }

// readable is the condition for the records of an entity that the actor may read.
func readable(s *record.Session, ent *schema.EntityModel) (string, []store.Arg, error) {
	return query.Where(s.Snap.Model, s.Env(nil, nil), s.Rights, ent, query.Request{})
}

func readRaw(f *schema.FieldModel, raw []byte) value.Value { return query.ReadWire(f, raw) }

// keyText is a value as records are compared by it.
func keyText(v value.Value) string {
	if v.Kind() == value.Time {
		return v.Time().UTC().Format("2006-01-02T15:04:05.999999Z")
	}
	return v.String()
}
