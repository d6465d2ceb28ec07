package transfer

import (
	"context"
	"slices"
	"strings"

	"tenon/engine"
	"tenon/engine/identity"
	"tenon/engine/store"
	"tenon/schema/fault"
)

// Staff says what the columns of a table of people hold. A blank column is
// not there.
type Staff struct {
	Name       string             `json:"name"`
	Email      string             `json:"email,omitempty"`
	Department string             `json:"department,omitempty"`
	Manager    string             `json:"manager,omitempty"` // heads a team of the department, called after them
	Roles      []identity.AppRole `json:"-"`                 // that the people get, managers apart
}

// StaffBy says on whose behalf people are added.
type StaffBy struct {
	Actor     identity.AuditActor
	From      identity.Origin
	Workspace string
	Locale    string
}

// StaffResult says what a table of people changed, or would change.
type StaffResult struct {
	Rows        int       `json:"rows"`
	Added       int       `json:"added"`
	Changed     int       `json:"changed"` // were there, and came into a department or got a role
	Unchanged   int       `json:"unchanged"`
	Departments int       `json:"departments"` // added
	Bad         int       `json:"bad"`
	Refused     []Refused `json:"refused"`
	Done        StaffDone `json:"done"`
}

// StaffDone is what an import of people did, for taking it back.
type StaffDone struct {
	Members     []string `json:"members"`     // added
	Departments []string `json:"departments"` // added, parents first
	Placed      []Placed `json:"placed"`      // everybody who was put somewhere or got a role
}

// Placed is what one person got.
type Placed struct {
	Member      string             `json:"member"`
	Departments []string           `json:"departments"`
	Roles       []identity.AppRole `json:"roles"`
}

// StaffUndone says what an undo took back, and what stays because it is in use.
type StaffUndone struct {
	Members     int      `json:"members"`
	Departments int      `json:"departments"`
	Kept        []string `json:"kept"` // names
}

// ErrNoName is a table of people without names.
var ErrNoName = fault.Define(fault.Invalid, "staff.name", "请选择姓名所在的列", "say which column holds the names")

// staffWords are the names under which tables of people have their columns.
var staffWords = []struct {
	put   func(*Staff) *string
	words []string
}{
	{func(s *Staff) *string { return &s.Name }, []string{"name", "姓名", "名字", "成员", "员工", "sales_agent", "agent", "employee", "full name", "member"}},
	{func(s *Staff) *string { return &s.Email }, []string{"email", "e-mail", "邮箱", "电子邮箱"}},
	{func(s *Staff) *string { return &s.Department }, []string{"department", "部门", "regional_office", "office", "region", "区域", "大区"}},
	{func(s *Staff) *string { return &s.Manager }, []string{"manager", "主管", "经理", "上级", "直属上级", "team lead"}},
}

// ProposeStaff guesses which columns hold what.
func ProposeStaff(src *Source) Staff {
	var out Staff
	for _, w := range staffWords {
		for _, c := range src.Columns {
			if *w.put(&out) == "" && slices.Contains(w.words, folded(c.Name)) {
				*w.put(&out) = c.Name
			}
		}
	}
	return out
}

// ImportStaff adds the people of a table, without accounts: they can own
// records, and an invitation lets them claim what is theirs. Whoever is there
// already, by address or name, is only put into the department and given the
// roles, so a second import changes nothing. Dry, it only says what it would do.
func ImportStaff(ctx context.Context, s *identity.Service, by StaffBy, src *Source, m Staff, dry bool) (*StaffResult, error) {
	x := &staffing{ctx: ctx, s: s, by: by, dry: dry, people: map[string][]*identity.Person{}, departments: map[string]string{}, placed: map[string]*Placed{},
		res: &StaffResult{Refused: []Refused{}, Done: StaffDone{Members: []string{}, Departments: []string{}, Placed: []Placed{}}}}
	at := map[string]int{"": -1}
	for _, c := range []string{m.Name, m.Email, m.Department, m.Manager} {
		if at[c] = src.Column(c); c != "" && at[c] < 0 {
			return nil, ErrNoColumn.With("column", c)
		}
	}
	if m.Name == "" {
		return nil, ErrNoName.At("name")
	}
	if err := x.read(); err != nil {
		return nil, err
	}
	err := src.Each(ctx, func(n int, cells []string) error {
		cell := func(column string) string {
			if at[column] < 0 {
				return ""
			}
			return strings.TrimSpace(cells[at[column]])
		}
		name := cell(m.Name)
		if name == "" {
			return nil
		}
		x.res.Rows++
		err := x.line(name, cell(m.Email), cell(m.Department), cell(m.Manager), m.Roles)
		if err == nil || !mendable(err) {
			return err
		}
		x.res.Bad++
		r := Refused{Row: n, Errors: []CellError{}}
		for _, f := range fault.Of(err) {
			r.Errors = append(r.Errors, CellError{Code: f.Code, Params: f.Params, Message: f.Text(by.Locale)})
		}
		if len(x.res.Refused) < MaxRefused {
			x.res.Refused = append(x.res.Refused, r)
		}
		return nil
	})
	for _, id := range x.order {
		x.res.Done.Placed = append(x.res.Done.Placed, *x.placed[id])
	}
	if dry {
		x.res.Done = StaffDone{Members: []string{}, Departments: []string{}, Placed: []Placed{}}
	}
	return x.res, err
}

// staffing carries one table of people in.
type staffing struct {
	ctx         context.Context
	s           *identity.Service
	by          StaffBy
	dry         bool
	people      map[string][]*identity.Person // folded name or address
	departments map[string]string             // parent/folded name → id
	placed      map[string]*Placed
	order       []string
	res         *StaffResult
}

func (x *staffing) read() error {
	people, err := x.s.People(x.ctx, x.by.Workspace)
	if err != nil {
		return err
	}
	for i := range people {
		if people[i].Status != "disabled" {
			x.know(&people[i])
		}
	}
	departments, err := x.s.Departments(x.ctx, x.by.Workspace)
	for _, d := range departments {
		x.departments[string(d.ParentID)+"/"+folded(d.Name)] = d.ID
	}
	return err
}

func (x *staffing) know(p *identity.Person) {
	x.people[folded(p.Name)] = append(x.people[folded(p.Name)], p)
	if p.Email != "" {
		x.people[folded(p.Email)] = append(x.people[folded(p.Email)], p)
	}
}

// line sees to one person, their department and their manager.
func (x *staffing) line(name, email, department, manager string, roles []identity.AppRole) error {
	place, err := x.department("", department, "")
	if err != nil {
		return err
	}
	if manager != "" {
		head, _, err := x.person(manager, "", place, nil)
		if err != nil {
			return err
		}
		if place, err = x.department(place, manager, head); err != nil {
			return err
		}
	}
	before := x.res.Added
	_, changed, err := x.person(name, email, place, roles)
	switch {
	case err != nil || x.res.Added > before:
	case changed:
		x.res.Changed++
	default:
		x.res.Unchanged++
	}
	return err
}

// department finds a department below another, or adds it.
func (x *staffing) department(parent, name, head string) (string, error) {
	if name == "" {
		return parent, nil
	}
	key := parent + "/" + folded(name)
	if id := x.departments[key]; id != "" {
		return id, nil
	}
	id := x.s.NewID()
	if !x.dry {
		d, err := x.s.AddDepartment(x.ctx, x.by.Actor, x.by.Workspace, identity.DepartmentChange{Name: &name, Parent: &parent, Head: &head}, x.by.From)
		if err != nil {
			return "", err
		}
		id = d.ID
	}
	x.departments[key] = id
	x.res.Departments++
	x.res.Done.Departments = append(x.res.Done.Departments, id)
	return id, nil
}

// person finds a person, or adds one, and sees to their department and roles.
func (x *staffing) person(name, email, department string, roles []identity.AppRole) (id string, changed bool, err error) {
	found := x.people[folded(name)]
	if same := x.people[folded(email)]; email != "" && len(same) > 0 {
		found = same
	}
	if len(found) > 1 {
		return "", false, ErrPersons.With("name", name).With("count", len(found))
	}
	p := &identity.Person{Member: store.Member{Name: name, Email: email}}
	if len(found) == 1 {
		p = found[0]
	}
	got := Placed{Departments: []string{}, Roles: []identity.AppRole{}}
	if department != "" && !slices.Contains(p.Departments, department) {
		got.Departments = append(got.Departments, department)
	}
	for _, r := range roles {
		if !slices.Contains(p.Roles, r) {
			got.Roles = append(got.Roles, r)
		}
	}
	departments, held := append(slices.Clone(p.Departments), got.Departments...), append(slices.Clone(p.Roles), got.Roles...)
	ch := identity.MemberChange{Departments: &departments, Roles: &held}
	switch {
	case len(found) == 0 && x.dry:
		p.ID = x.s.NewID()
	case len(found) == 0:
		ch.Name = &name
		if email != "" {
			ch.Email = &email
		}
		made, err := x.s.AddMember(x.ctx, x.by.Actor, x.by.Workspace, ch, x.by.From)
		if err != nil {
			return "", false, err
		}
		p = &made
	case len(got.Departments)+len(got.Roles) == 0:
		return p.ID, false, nil
	case !x.dry:
		if _, err := x.s.UpdateMember(x.ctx, x.by.Actor, x.by.Workspace, p.ID, ch, x.by.From); err != nil {
			return "", false, err
		}
	}
	p.Departments, p.Roles = departments, held
	if len(found) == 0 {
		x.know(p)
		x.res.Added++
		x.res.Done.Members = append(x.res.Done.Members, p.ID)
	}
	if x.placed[p.ID] == nil {
		x.placed[p.ID] = &Placed{Member: p.ID, Departments: []string{}, Roles: []identity.AppRole{}}
		x.order = append(x.order, p.ID)
	}
	x.placed[p.ID].Departments = append(x.placed[p.ID].Departments, got.Departments...)
	x.placed[p.ID].Roles = append(x.placed[p.ID].Roles, got.Roles...)
	return p.ID, true, nil
}

// UndoStaff takes an import of people back. Whoever has joined since, owns
// records, has a to-do or was put elsewhere stays as they are, and so does a
// department that somebody is in.
func UndoStaff(ctx context.Context, e *engine.Engine, s *identity.Service, by StaffBy, done StaffDone) (*StaffUndone, error) {
	out := &StaffUndone{Kept: []string{}}
	used, err := e.MembersInUse(ctx, by.Workspace, done.Members)
	if err != nil {
		return nil, err
	}
	var free []string
	for _, placed := range done.Placed {
		p, err := s.Person(ctx, by.Workspace, placed.Member)
		if err != nil {
			return out, err
		}
		departments := slices.DeleteFunc(slices.Clone(p.Departments), func(d string) bool { return slices.Contains(placed.Departments, d) })
		roles := slices.DeleteFunc(slices.Clone(p.Roles), func(r identity.AppRole) bool { return slices.Contains(placed.Roles, r) })
		switch added := slices.Contains(done.Members, p.ID); {
		case added && p.Status == "disabled":
			continue
		case added && (used[p.ID] || p.Status != "placeholder" || len(departments)+len(roles) > 0):
			out.Kept = append(out.Kept, p.Name)
			continue
		case added:
			free = append(free, p.ID)
		}
		if _, err := s.UpdateMember(ctx, by.Actor, by.Workspace, p.ID, identity.MemberChange{Departments: &departments, Roles: &roles}, by.From); err != nil {
			return out, err
		}
	}
	if err := undoDepartments(ctx, s, by, done.Departments, out); err != nil {
		return out, err
	}
	for _, id := range free {
		if err := s.RemoveMember(ctx, by.Actor, by.Workspace, id, by.From); err != nil {
			return out, err
		}
		out.Members++
	}
	_, err = e.DB.Read(ctx, store.RetireMembers(free, e.NewID()))
	s.Changed(ctx)
	return out, err
}

// undoDepartments removes departments that nobody is in any more, children first.
func undoDepartments(ctx context.Context, s *identity.Service, by StaffBy, ids []string, out *StaffUndone) error {
	all, err := s.Departments(ctx, by.Workspace)
	if err != nil {
		return err
	}
	people, err := s.People(ctx, by.Workspace)
	if err != nil {
		return err
	}
	filled := map[string]bool{}
	for _, p := range people {
		for _, d := range p.Departments {
			filled[d] = true
		}
	}
	for i := len(ids) - 1; i >= 0; i-- {
		at := slices.IndexFunc(all, func(d identity.Department) bool { return d.ID == ids[i] })
		if at < 0 {
			continue
		}
		d := all[at]
		below := slices.ContainsFunc(all, func(c identity.Department) bool { return string(c.ParentID) == d.ID })
		if below || filled[d.ID] {
			out.Kept = append(out.Kept, d.Name)
			continue
		}
		if err := s.RemoveDepartment(ctx, by.Actor, by.Workspace, d.ID, by.From); err != nil {
			return err
		}
		all = slices.Delete(all, at, at+1)
		out.Departments++
	}
	return nil
}
