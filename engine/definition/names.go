package definition

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
)

// naming says where the definitions of the next version live while the old
// version still runs, and where afterwards.
type naming struct {
	Stage  places       `json:"stage"`
	Final  places       `json:"final"`
	Retire []retirement `json:"retire,omitempty"`
}

// retirement takes a place out of use; what is there stays for a while.
type retirement struct {
	From store.Place `json:"from"`
	To   store.Place `json:"to"`
}

// keptMark separates a definition's id from the version that ended a place of
// it, when the definition lives on elsewhere.
const keptMark = "@"

// pendingMark ends the id under which a place is registered that is being made.
const pendingMark = "#"

// want is one definition that needs a place.
type want struct {
	def   string
	owner string // columns: the definition of their table
	base  string // the name it would have if it were free
	kind  store.TableKind
	field *schema.FieldModel // nil for entities
}

// scope is a set of names that must differ: the tables of a schema or the
// columns of a table.
type scope struct {
	now   map[string]bool // taken while the old version runs
	after map[string]bool // taken once the new version is live
}

func newScope(own ...string) *scope {
	s := &scope{map[string]bool{}, map[string]bool{}}
	for _, n := range own {
		s.now[n], s.after[n] = true, true
	}
	return s
}

// namer allocates physical names.
type namer struct {
	app     string // key
	schema  string
	have    places // every place of the app, retired ones included
	tables  *scope
	columns map[string]*scope // by the definition of the table
	wants   []want
	out     naming
	fresh   map[string]bool   // definitions whose place cannot be kept
	byTable map[string]string // table → its definition
}

// allocate gives every definition of the model a place. Those that have a
// usable one keep it, renamed when the key has changed. unusable says which
// places hold values of another kind than the definition now asks for.
func allocate(m *schema.Model, schemaName string, have places, taken []store.Place, facts *store.Facts, version int, unusable func(f *schema.FieldModel) bool) naming {
	n := &namer{app: m.App.Info.Key, schema: schemaName, have: have, tables: newScope("history"), columns: map[string]*scope{},
		out: naming{Stage: places{}, Final: places{}}, fresh: map[string]bool{}, byTable: map[string]string{}}
	for def, p := range have {
		if p.Column == "" {
			n.byTable[p.Table] = def
		}
	}
	n.collect(m)
	wanted := map[string]bool{}
	for _, w := range n.wants {
		wanted[w.def] = true
		p, ok := have[w.def]
		if !ok || (p.Column == "") != (w.owner == "") || w.owner != "" && (p.Table != have[w.owner].Table || p.Type != w.field.DB.SQL) || w.field != nil && unusable(w.field) {
			n.fresh[w.def] = true
		}
	}
	// A sub-form that moves to a new table takes its columns along.
	for _, w := range n.wants {
		if w.owner != "" && n.fresh[w.owner] {
			n.fresh[w.def] = true
		}
	}
	n.reserve(taken, facts, wanted)
	n.retire(wanted, version)
	n.settle()
	return n.out
}

// collect lists what needs places, tables ahead of their columns.
func (n *namer) collect(m *schema.Model) {
	columns := func(e *schema.EntityModel, owner string) {
		for _, f := range e.Fields {
			if stored(f) {
				n.wants = append(n.wants, want{def: f.ID(), owner: owner, base: f.Key(), field: f})
			}
		}
	}
	for _, e := range m.Entities {
		n.wants = append(n.wants, want{def: e.ID(), base: n.app + "_" + e.Key(), kind: store.RecordTable})
		columns(e, e.ID())
	}
	for _, e := range m.Entities {
		for _, f := range e.Fields {
			switch f.Storage {
			case field.Links:
				n.wants = append(n.wants, want{def: f.ID(), kind: store.LinkTable, field: f})
			case field.Child:
				n.wants = append(n.wants, want{def: f.ID(), kind: store.ChildTable, field: f})
				columns(f.Sub, f.ID())
			}
		}
	}
}

// reserve marks the names that are taken already.
func (n *namer) reserve(taken []store.Place, facts *store.Facts, wanted map[string]bool) {
	mine := map[string]bool{}
	for _, p := range n.have {
		mine[p.Table+"\x00"+p.Column] = true
	}
	for _, p := range taken {
		if p.Column == "" {
			n.tables.now[p.Table] = true
			if !mine[p.Table+"\x00"] {
				n.tables.after[p.Table] = true
			}
		}
	}
	for _, w := range n.wants {
		if w.owner != "" {
			continue
		}
		s := newScope(store.OwnColumns(w.kind)...)
		n.columns[w.def] = s
		p, ok := n.have[w.def]
		if !ok || n.fresh[w.def] {
			continue
		}
		// Columns that somebody added by hand keep their names.
		for c := range facts.Columns[p.Table] {
			s.now[c] = true
			if !mine[p.Table+"\x00"+c] {
				s.after[c] = true
			}
		}
	}
	for def, p := range n.have {
		s := n.tables
		if p.Column != "" {
			if s = n.columns[n.byTable[p.Table]]; s == nil {
				continue
			}
		}
		s.now[nameOf(p)] = true
		if !p.Retired.IsZero() && !(wanted[def] && !n.fresh[def]) {
			s.after[nameOf(p)] = true
		}
	}
}

// nameOf is the part of a place that its scope is about.
func nameOf(p store.Place) string {
	if p.Column != "" {
		return p.Column
	}
	return p.Table
}

// retire takes places out of use that no definition wants any more, or whose
// values are of another kind than the definition wants.
func (n *namer) retire(wanted map[string]bool, version int) {
	var defs []string
	for def, p := range n.have {
		gone := !wanted[def] && p.Retired.IsZero()
		if gone || n.fresh[def] {
			defs = append(defs, def)
		}
	}
	sort.Strings(defs)
	tables := map[string]string{} // retired tables: their new names
	for _, def := range defs {
		p := n.have[def]
		to := p
		if wanted[def] {
			to.DefID = fmt.Sprintf("%s%s%d", def, keptMark, version)
		}
		if p.Column == "" && p.Retired.IsZero() {
			to.Table = n.tables.retired(p.Table)
			tables[p.Table] = to.Table
		}
		n.out.Retire = append(n.out.Retire, retirement{p, to})
	}
	for i, r := range n.out.Retire {
		if r.From.Column == "" {
			continue
		}
		if t, ok := tables[r.From.Table]; ok {
			n.out.Retire[i].To.Table = t
		} else if s := n.columns[n.byTable[r.From.Table]]; s != nil && r.From.Retired.IsZero() {
			n.out.Retire[i].To.Column = s.retired(r.From.Column)
		}
	}
}

// retired finds a name for what is out of use: zz_<name>_<n>.
func (s *scope) retired(name string) string {
	for i := 1; ; i++ {
		if z := store.FitName("zz_"+strings.TrimPrefix(name, "zz_"), "_"+strconv.Itoa(i)); !s.now[z] && !s.after[z] {
			s.now[z], s.after[z] = true, true
			return z
		}
	}
}

// free finds a free name near base, for later.
func (s *scope) free(base string) string {
	name := store.FitName(base, "")
	for i := 2; s.after[name] || strings.HasPrefix(name, "history_"); i++ {
		name = store.FitName(base, "_"+strconv.Itoa(i))
	}
	s.after[name] = true
	return name
}

// stage finds a name for something new: its final one if nobody has it now.
func (s *scope) stage(final string) string {
	name := final
	for i := 1; s.now[name] || name != final && s.after[name]; i++ {
		name = store.FitName("zz_new_"+final, "_"+strconv.Itoa(i))
	}
	s.now[name] = true
	if name != final {
		s.after[name] = true
	}
	return name
}

// leadsTo reports whether a name is what base leads to, collisions considered.
func leadsTo(name, base string) bool {
	if name == store.FitName(base, "") {
		return true
	}
	i := strings.LastIndexByte(name, '_')
	if i < 0 {
		return false
	}
	n, err := strconv.Atoi(name[i+1:])
	return err == nil && n > 1 && name == store.FitName(base, "_"+strconv.Itoa(n))
}

// settle gives everything wanted its names: first to those that keep theirs.
func (n *namer) settle() {
	// The names of link and row tables are made of their owners' final ones.
	for _, kind := range []store.TableKind{store.RecordTable, store.LinkTable} {
		var open []*want
		for i := range n.wants {
			w := &n.wants[i]
			if w.owner != "" || (w.kind == store.RecordTable) != (kind == store.RecordTable) {
				continue
			}
			if w.field != nil {
				w.base = n.out.Final[w.field.Entity.ID()].Table + "__" + w.field.Key()
			}
			if p := n.have[w.def]; !n.fresh[w.def] && leadsTo(p.Table, w.base) {
				n.tables.after[p.Table] = true
				n.place(w, p.Table, p.Table)
			} else {
				open = append(open, w)
			}
		}
		for _, w := range open {
			final := n.tables.free(w.base)
			if p, ok := n.have[w.def]; ok && !n.fresh[w.def] {
				n.place(w, p.Table, final)
			} else {
				n.place(w, n.tables.stage(final), final)
			}
		}
	}
	var open []*want
	for i := range n.wants {
		w := &n.wants[i]
		if w.owner == "" {
			continue
		}
		if p := n.have[w.def]; !n.fresh[w.def] && leadsTo(p.Column, w.base) {
			n.columns[w.owner].after[p.Column] = true
			n.place(w, p.Column, p.Column)
		} else {
			open = append(open, w)
		}
	}
	for _, w := range open {
		s := n.columns[w.owner]
		final := s.free(w.base)
		if p, ok := n.have[w.def]; ok && !n.fresh[w.def] {
			n.place(w, p.Column, final)
		} else {
			n.place(w, s.stage(final), final)
		}
	}
}

func (n *namer) place(w *want, stage, final string) {
	a := store.Place{DefID: w.def, Schema: n.schema}
	b := a
	if w.owner == "" {
		a.Table, b.Table = stage, final
	} else {
		a.Table, a.Column, a.Type = n.out.Stage[w.owner].Table, stage, w.field.DB.SQL
		b.Table, b.Column, b.Type = n.out.Final[w.owner].Table, final, w.field.DB.SQL
	}
	n.out.Stage[w.def], n.out.Final[w.def] = a, b
}
