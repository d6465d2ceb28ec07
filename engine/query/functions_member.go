package query

import (
	"tenon/engine/store"
	"tenon/schema/value"
)

// memberSQL are the functions of members, departments and roles.
var memberSQL = map[string]sqlFunc{
	"is_member_of": func(c *call) (string, error) {
		member, of := "md.member_id", c.args[0]
		holder := "mr.member_id"
		if c.kind(0) != value.Ref {
			member, holder, of = member+"::text", holder+"::text", c.textOf(of, c.n.Args[0].Type)
		}
		if v, ok, err := c.known(c.n.Args[1]); err != nil || ok && v.IsNull() {
			return "false", err
		} else if ok && isUUID(v.Text()) {
			return "EXISTS (SELECT 1 FROM tenon.member_department md WHERE " + member + " = " + of + " AND md.department_id = " + c.Arg(store.UUID(v.Text())) + ")", nil
		} else if ok {
			return "EXISTS (SELECT 1 FROM tenon.member_role mr WHERE " + holder + " = " + of + " AND mr.role_id = " + c.Arg(store.Text(v.Text())) + ")", nil
		}
		return c.let([]string{of, c.text(1)}, func(p []string) string {
			return "(EXISTS (SELECT 1 FROM tenon.member_department md WHERE " + member + " = " + p[0] + " AND md.department_id::text = " + p[1] + ") OR EXISTS (SELECT 1 FROM tenon.member_role mr WHERE " + holder + " = " + p[0] + " AND mr.role_id = " + p[1] + "))"
		}), nil
	},
}
