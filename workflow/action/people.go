package action

import (
	"tenon/schema"
	wfstore "tenon/workflow/store"
)

// Expand turns ids of members, departments and roles (by id or key) into the
// ids of active members, in id order.
func (c *Ctx) Expand(ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	all := append([]string(nil), ids...)
	for _, r := range c.S.Snap.Roles {
		for _, id := range ids {
			if r.Def.Key == id {
				all = append(all, r.Def.ID)
			}
		}
	}
	res, err := c.S.Do(wfstore.Expand(c.App, c.S.Snap.WorkspaceID, all))
	if err != nil {
		return nil, err
	}
	out := make([]string, len(res[0].Rows))
	for i, row := range res[0].Rows {
		out[i] = string(row[0])
	}
	return out, nil
}

// roleIDs turns role keys into ids.
func roleIDs(m *schema.Model, refs []string) []string {
	var out []string
	for _, ref := range refs {
		for _, r := range m.Roles {
			if r.Def.Key == ref || r.Def.ID == ref {
				out = append(out, r.Def.ID)
			}
		}
	}
	return out
}
