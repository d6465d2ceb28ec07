package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// partFolders are the packages whose files each declare one part.
var partFolders = []string{"schema/field", "schema/view", "schema/chart", "workflow/action"}

// ordinaryWords are names of parts that also mean something else (a JSON type,
// an export format, an event …). They are a breach only where something named
// "type" is compared with them; other names are one in every comparison.
var ordinaryWords = []string{
	"text", "number", "boolean", "date", "datetime", "link", "links", "json", "image", "email", "url", "phone", "tags",
	"member", "members", "department", "departments", "location", "address", "money", "percent", "select", "serial",
	"formula", "lookup", "table", "list", "tasks", "bar", "line", "form", "record", "calendar", "grid", "board",
	"loop", "branch", "wait", "stop", "notify", "assign", "message", "robot", "refuse", "attachment", "rating", "signature",
}

// checkPartNames: no code outside a part's own folder asks for the part by its
// name. What it wants to know is a trait or a kind, which the next part may
// have too.
func checkPartNames(t *tree) (out []finding) {
	parts := partNames(t)
	for _, f := range t.files {
		if f.test || kit(f.pkg) || f.pkg == "cmd/dev" || f.pkg == "frontend" {
			continue
		}
		report := func(asked ast.Expr, lit ast.Expr) {
			name, ok := literal(lit)
			if !ok || parts[name] == "" || parts[name] == f.name {
				return
			}
			if slices.Contains(ordinaryWords, name) && !asksForType(asked) {
				return
			}
			out = append(out, finding{t.at(lit), "asks for the part " + name + " by name (declared in " + parts[name] + "); ask for a kind, a trait or an optional part of it"})
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					report(n.X, n.Y)
					report(n.Y, n.X)
				}
			case *ast.SwitchStmt:
				for _, c := range n.Body.List {
					for _, e := range c.(*ast.CaseClause).List {
						if n.Tag != nil {
							report(n.Tag, e)
						}
					}
				}
			}
			return true
		})
	}
	return out
}

// partNames reads the registered names off the declarations: the Name of the
// value that a file hands to Define or Register.
func partNames(t *tree) map[string]string {
	parts := map[string]string{}
	for _, f := range t.files {
		if f.test || !slices.Contains(partFolders, f.pkg) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !isRegistration(call.Fun) {
				return true
			}
			for _, arg := range call.Args {
				if name := partName(arg); name != "" {
					parts[name] = f.name
				}
			}
			return true
		})
	}
	return parts
}

func isRegistration(fun ast.Expr) bool {
	switch fun := fun.(type) {
	case *ast.Ident:
		return strings.EqualFold(fun.Name, "define") || strings.EqualFold(fun.Name, "register")
	case *ast.SelectorExpr:
		return fun.Sel.Name == "Register" || fun.Sel.Name == "Define"
	case *ast.IndexExpr:
		return isRegistration(fun.X)
	}
	return false
}

// partName is the Name field of a composite literal, maybe behind an & or in
// one of its own fields.
func partName(arg ast.Expr) string {
	if u, ok := arg.(*ast.UnaryExpr); ok {
		arg = u.X
	}
	lit, ok := arg.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Name" {
			name, _ := literal(kv.Value)
			return name
		}
		if name := partName(kv.Value); name != "" {
			return name
		}
	}
	return ""
}

// otherTyped are the things whose type is no part: a rule's trigger, an app's
// parameter.
func otherTyped(owner ast.Expr) bool {
	name := ""
	switch owner := owner.(type) {
	case *ast.Ident:
		name = owner.Name
	case *ast.SelectorExpr:
		name = owner.Sel.Name
	}
	return slices.Contains([]string{"p", "param", "Param", "trigger", "Trigger", "t"}, name)
}

// asksForType reports whether an expression reads a part's type: f.Type,
// field.Type(), fieldType, step.Type …
func asksForType(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return slices.Contains([]string{"Type", "fieldType", "viewType", "chartType", "widgetType", "stepType", "actionType"}, e.Name)
	case *ast.SelectorExpr:
		return asksForType(e.Sel) && !otherTyped(e.X)
	case *ast.CallExpr:
		return asksForType(e.Fun)
	case *ast.ParenExpr:
		return asksForType(e.X)
	}
	return false
}
