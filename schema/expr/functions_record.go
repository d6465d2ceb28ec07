package expr

import (
	"tenon/schema/value"
)

// fieldArg resolves a literal field key argument against the record.
func (c *compiler) fieldArg(n *Node) (*Field, bool) {
	a := n.Args[0]
	if a.Op != OpLit || a.Type.Kind != value.Text {
		c.failAt(a, ErrType.With("name", n.Fn.Name).With("want", "\"field\"").With("got", a.Type.Name()))
		return nil, false
	}
	r, o := c.scope.Roots["record"], c.scope.Roots["old"]
	if r == nil || o == nil {
		c.failAt(n, ErrRefused.With("what", n.Fn.Name+"()"))
		return nil, false
	}
	f := r.Fields[a.Lit.Text()]
	if f == nil {
		c.failAt(a, c.unknown(a.Lit.Text(), r))
		return nil, false
	}
	return f, true
}

func (c *compiler) fieldOf(root string, f *Field) *Node {
	return c.reading(&Node{Op: OpField, Root: root, Path: []*Field{f}})
}

var (
	_ = define(Func{Name: "changed", Group: "record", Label: label("字段有变化", "Field changed"), Help: label("本次修改改变了该字段时为真；新建时有值即为真", "True when this change altered the field; on creation, when it has a value"),
		Args: []Arg{{Name: "field", Kinds: txt}}, Result: returns(value.Bool), NoClient: "old values are known to the server only",
		Rewrite: func(c *compiler, n *Node) *Node {
			f, ok := c.fieldArg(n)
			if !ok {
				return n
			}
			return c.op(n, "ne", c.fieldOf("record", f), c.fieldOf("old", f))
		},
		Examples: []FuncExample{{`changed("status")`, "false"}, {`not changed("amount")`, "true"}, {`AND(changed("status"), nil)`, "false"}}})
	_ = define(Func{Name: "changed_to", Group: "record", Label: label("字段变为", "Field changed to"), Help: label("该字段刚刚变为指定值时为真", "True when the field has just become the given value"),
		Args: []Arg{{Name: "field", Kinds: txt}, {Name: "value"}}, Result: returns(value.Bool), NoClient: "old values are known to the server only",
		Rewrite: func(c *compiler, n *Node) *Node {
			f, ok := c.fieldArg(n)
			if !ok {
				return n
			}
			rec, v := c.unify(c.fieldOf("record", f), n.Args[1])
			return &Node{Op: OpAnd, Type: T(value.Bool), Args: []*Node{
				c.op(n, "eq", rec, v), c.op(n, "ne", c.fieldOf("record", f), c.fieldOf("old", f))}}
		},
		Examples: []FuncExample{{`changed_to("status", "won")`, "false"}, {`changed_to("amount", 100)`, "false"}, {`changed_to("status", nil)`, "false"}}})
	_ = define(Func{Name: "changed_from", Group: "record", Label: label("字段由…变化", "Field changed from"), Help: label("该字段原来是指定值而现在不是时为真", "True when the field had the given value and has it no longer"),
		Args: []Arg{{Name: "field", Kinds: txt}, {Name: "value"}}, Result: returns(value.Bool), NoClient: "old values are known to the server only",
		Rewrite: func(c *compiler, n *Node) *Node {
			f, ok := c.fieldArg(n)
			if !ok {
				return n
			}
			old, v := c.unify(c.fieldOf("old", f), n.Args[1])
			return &Node{Op: OpAnd, Type: T(value.Bool), Args: []*Node{
				c.op(n, "eq", old, v), c.op(n, "ne", c.fieldOf("record", f), c.fieldOf("old", f))}}
		},
		Examples: []FuncExample{{`changed_from("status", "open")`, "false"}, {`changed_from("amount", 100)`, "false"}, {`changed_from("status", nil)`, "false"}}})
	_ = define(Func{Name: "setting", Group: "record", Label: label("应用参数", "App setting"), Help: label("读取应用参数的值", "The value of an app parameter"),
		Args: []Arg{{Name: "key", Kinds: txt}}, Volatile: false,
		Rewrite: func(c *compiler, n *Node) *Node {
			a := n.Args[0]
			if a.Op != OpLit {
				return c.failAt(a, ErrType.With("name", "setting").With("want", "\"key\"").With("got", a.Type.Name()))
			}
			t, ok := c.scope.Settings[a.Lit.Text()]
			if !ok {
				return c.failAt(a, c.unknown(a.Lit.Text(), nil))
			}
			return &Node{Op: OpVar, Root: "settings", Name: a.Lit.Text(), Type: t}
		},
		Examples: []FuncExample{{`setting("limit")`, "null"}, {`setting("limit") > 1`, "false"}, {`setting("limit") ?? 5`, "5"}}})
	_ = define(Func{Name: "me", Group: "member", Label: label("当前成员", "Current member"), Help: label("正在操作的成员；没有登录时为空", "The member who acts; blank when nobody is signed in"),
		Result: func([]Type) Type { return Type{Kind: value.Ref, Ref: "member"} }, Volatile: true,
		Go: func(e *Env, _ []value.Value) (value.Value, error) {
			if e.Me == "" {
				return value.Value{}, nil
			}
			return value.OfRef(e.Me), nil
		},
		Examples: []FuncExample{{`me()`, "null"}, {`owner == me()`, "true"}, {`me() == "7f"`, "false"}}})
	_ = define(Func{Name: "my_departments", Group: "member", Label: label("我的部门", "My departments"), Help: label("当前成员所在的部门及下级部门", "The departments of the current member, with those below them"),
		Result: func([]Type) Type { return Type{Kind: value.List, Elem: value.Ref, Ref: "department"} }, Volatile: true,
		Go:       func(e *Env, _ []value.Value) (value.Value, error) { return refList(e.Departments), nil },
		Examples: []FuncExample{{`my_departments()`, "[]"}, {`"sales" in my_departments()`, "false"}, {`COUNT(my_departments())`, "0"}}})
	_ = define(Func{Name: "my_roles", Group: "member", Label: label("我的角色", "My roles"), Help: label("当前成员在应用中的角色标识", "The keys of the current member's roles in the app"),
		Result: func([]Type) Type { return ListOf(value.Text) }, Volatile: true,
		Go: func(e *Env, _ []value.Value) (value.Value, error) {
			l := make([]value.Value, len(e.Roles))
			for i, r := range e.Roles {
				l[i] = value.OfText(r)
			}
			return value.OfList(l), nil
		},
		Examples: []FuncExample{{`my_roles()`, "[]"}, {`"manager" in my_roles()`, "false"}, {`COUNT(my_roles())`, "0"}}})
	_ = define(Func{Name: "manager_of", Group: "member", Label: label("上级", "Manager"), Help: label("成员所在部门的负责人；本人就是负责人时取上一级部门的负责人", "The head of the member's department, or of the one above when that is the member"),
		Args:   []Arg{{Name: "member", Kinds: []value.Kind{value.Ref, value.Text}}},
		Result: func([]Type) Type { return Type{Kind: value.Ref, Ref: "member"} }, NoSQL: "departments are walked by the server", NoClient: "departments are known to the server only",
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			if e.Manager == nil {
				return value.Value{}, nil
			}
			if id := e.Manager(a[0].Text()); id != "" {
				return value.OfRef(id), nil
			}
			return value.Value{}, nil
		},
		Examples: []FuncExample{{`manager_of(owner)`, "null"}, {`ISEMPTY(manager_of(owner))`, "true"}, {`manager_of(nil)`, "null"}}})
	_ = define(Func{Name: "is_member_of", Group: "member", Label: label("成员属于", "Member belongs to"), Help: label("成员属于指定的部门或角色时为真", "True when the member belongs to the department or holds the role"),
		Args:   []Arg{{Name: "member", Kinds: []value.Kind{value.Ref, value.Text}}, {Name: "group", Kinds: []value.Kind{value.Ref, value.Text}}},
		Result: returns(value.Bool), NullOK: true, NoClient: "membership is known to the server only",
		Go: func(e *Env, a []value.Value) (value.Value, error) {
			return value.OfBool(!a[0].IsNull() && !a[1].IsNull() && e.Member != nil && e.Member(a[0].Text(), a[1].Text())), nil
		},
		Examples: []FuncExample{{`is_member_of(me(), "sales")`, "false"}, {`is_member_of(owner, "manager")`, "false"}, {`is_member_of(nil, "sales")`, "false"}}})
)

func refList(ids []string) value.Value {
	l := make([]value.Value, len(ids))
	for i, id := range ids {
		l[i] = value.OfRef(id)
	}
	return value.OfList(l)
}
