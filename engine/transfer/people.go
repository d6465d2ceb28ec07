package transfer

import (
	"context"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tenon/engine"
	"tenon/engine/store"
	"tenon/schema/fault"
	"tenon/schema/field"
)

// Faults of finding people.
var (
	ErrPerson     = fault.Define(fault.Invalid, "import.person", "没有名为“{name}”的成员", "there is no member called \"{name}\"")
	ErrPersons    = fault.Define(fault.Invalid, "import.persons", "有 {count} 名成员叫“{name}”，请改用邮箱", "{count} members are called \"{name}\"; use an e-mail address")
	ErrDepartment = fault.Define(fault.Invalid, "import.department", "没有名为“{name}”的部门", "there is no department called \"{name}\"")
	ErrAddPerson  = fault.Define(fault.Forbidden, "import.add_person", "只有应用管理员可以在导入时添加成员", "only an administrator of the app can add members while importing")
)

// directory finds people and departments by what a table calls them.
type directory struct {
	ctx       context.Context
	e         *engine.Engine
	workspace string
	operation string // what adds people, for its undo
	dry       bool
	people    map[string][]string // folded name, address or alias → ids
	units     map[string][]string // folded name or path → ids
	known     map[string]bool     // ids
	someone   string              // stands for people whom a dry run does not add
	added     map[string]bool     // folded names
}

func openDirectory(ctx context.Context, e *engine.Engine, workspace, operation string, dry bool) (*directory, error) {
	res, err := e.DB.Read(ctx, store.PeopleNamed(workspace), store.DepartmentsNamed(workspace))
	if err != nil {
		return nil, err
	}
	d := &directory{ctx: ctx, e: e, workspace: workspace, operation: operation, dry: dry, people: map[string][]string{}, units: map[string][]string{}, known: map[string]bool{}, added: map[string]bool{}}
	put := func(m map[string][]string, name, id string) {
		name = folded(name)
		for _, x := range m[name] {
			if x == id {
				return
			}
		}
		if name != "" {
			m[name] = append(m[name], id)
		}
	}
	for _, row := range res[0].Rows {
		id := string(row[0])
		d.known[id] = true
		if d.someone == "" {
			d.someone = id
		}
		put(d.people, string(row[1]), id)
		put(d.people, string(row[2]), id)
		for _, a := range store.ParseArray(row[3]) {
			put(d.people, a, id)
		}
	}
	parent, name := map[string]string{}, map[string]string{}
	for _, row := range res[1].Rows {
		id := string(row[0])
		d.known[id] = true
		name[id], parent[id] = string(row[1]), string(row[2])
	}
	for id, n := range name {
		put(d.units, n, id)
		path := n
		for up, depth := parent[id], 0; up != "" && depth < 50; up, depth = parent[up], depth+1 {
			path = name[up] + "/" + path
			put(d.units, path, id)
		}
	}
	return d, nil
}

func folded(s string) string { return strings.ToLower(strings.TrimSpace(norm.NFKC.String(s))) }

// find returns the ids that a text of a member or department field names.
func (d *directory) find(t *target, text string) ([]string, error) {
	texts := []string{text}
	if t.f.Elem != 0 && d.lookup(t, text) == nil {
		texts = several(text)
	}
	var out []string
	var l fault.List
	for _, x := range texts {
		id, err := d.one(t, x)
		l.Add(err)
		if err == nil {
			out = append(out, id)
		}
	}
	return out, l.Err()
}

func (d *directory) lookup(t *target, text string) []string {
	if t.f.Traits.HoldsDept {
		text = strings.NewReplacer(" / ", "/", ">", "/", " > ", "/", "\\", "/").Replace(text)
		return d.units[folded(text)]
	}
	return d.people[folded(text)]
}

func (d *directory) one(t *target, text string) (string, error) {
	if v, err := field.ParseRef(text); err == nil && d.known[v.Text()] {
		return v.Text(), nil
	}
	ids := d.lookup(t, text)
	switch {
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) > 1 && !t.f.Traits.HoldsDept:
		return "", ErrPersons.With("name", text).With("count", len(ids))
	case len(ids) > 1:
		return "", ErrDepartment.With("name", text)
	case t.f.Traits.HoldsDept:
		return "", ErrDepartment.With("name", text)
	case !t.Create:
		return "", ErrPerson.With("name", text)
	}
	return d.add(text)
}

// add makes a person without an account (未加入), who can own records and be
// claimed by an invitation.
func (d *directory) add(text string) (string, error) {
	name, email := text, ""
	if i := strings.IndexByte(text, '@'); i > 0 && !strings.ContainsAny(text, " <>") {
		name, email = text[:i], text
	}
	if r := []rune(name); len(r) > 100 || strings.ContainsAny(name, "\n\t") {
		return "", ErrPerson.With("name", string(r[:min(len(r), 30)]))
	}
	key := folded(text)
	if d.dry {
		d.added[key] = true
		return d.someone, nil
	}
	id := d.e.NewID()
	err := d.e.DB.InTx(d.ctx, func(tx *store.Tx) error {
		_, err := tx.Do(d.ctx, store.InsertPlaceholder(id, d.workspace, name, email, d.operation, d.e.Now())...)
		return err
	})
	if err != nil {
		return "", err
	}
	d.added[key], d.known[id] = true, true
	d.people[key] = append(d.people[key], id)
	return id, nil
}

// several cuts a text that lists several things.
func several(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，;；、|\n\r", r) })
	out := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
