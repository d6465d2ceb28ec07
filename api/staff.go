package api

import (
	"context"
	"time"

	"tenon/engine/transfer"
)

const staffPath = "/api/v1/workspaces/{ws}/members/import"

// staffBody is a table of people as it was read.
type staffBody struct {
	Upload  string         `json:"upload"`
	Name    string         `json:"name"`
	Rows    int            `json:"rows"`
	Columns []string       `json:"columns"`
	Preview [][]string     `json:"preview"`
	Staff   transfer.Staff `json:"staff" doc:"a proposal: which columns hold what"`
}

type staffIn struct {
	inWorkspace
	Upload string         `path:"upload"`
	Staff  transfer.Staff `json:"staff" need:"1" doc:"which columns hold what"`
	Roles  []appRole      `json:"roles" doc:"that the people get, their managers apart"`
}

type undoStaffIn struct {
	inWorkspace
	transfer.StaffDone
}

// staffRoutes bring tables of people in.
func (s *Server) staffRoutes() {
	const tag = "members"
	Handle(s, "POST", staffPath+"/upload", Doc{Who: Admin, Tag: tag, Summary: "Send a table of people (CSV or XLSX) and learn what its columns are",
		Status: 201, MaxBody: maxImport + 1<<20, Timeout: -1, Body: "multipart/form-data"}, s.uploadStaff)
	Handle(s, "POST", staffPath+"/{upload}/dry-run", Doc{Who: Admin, Tag: tag, Summary: "Who would be added or put into a department, and which rows would be refused", Timeout: 5 * time.Minute},
		func(ctx context.Context, c *Call, in staffIn) (*transfer.StaffResult, error) {
			return s.importStaff(ctx, c, in, true)
		})
	Handle(s, "POST", staffPath+"/{upload}/run", Doc{Who: Admin, Tag: tag, Summary: "Add the people, without accounts, and their departments; a second time changes nothing", Timeout: 10 * time.Minute},
		func(ctx context.Context, c *Call, in staffIn) (*transfer.StaffResult, error) {
			return s.importStaff(ctx, c, in, false)
		})
	Handle(s, "POST", staffPath+"/undo", Doc{Who: Admin, Tag: tag, Summary: "Take an import of people back; send what it answered under done. What is in use stays and is named", Timeout: 10 * time.Minute},
		func(ctx context.Context, c *Call, in undoStaffIn) (*transfer.StaffUndone, error) {
			out, err := transfer.UndoStaff(ctx, s.Engine, s.People, staffBy(c), in.StaffDone)
			if err != nil {
				return out, err
			}
			return out, c.Audit(ctx, "member.unimported", "", map[string]any{"members": out.Members, "departments": out.Departments})
		})
}

func staffBy(c *Call) transfer.StaffBy {
	return transfer.StaffBy{Actor: c.By(), From: c.From(), Workspace: c.Workspace.ID, Locale: c.Locale}
}

func (s *Server) uploadStaff(ctx context.Context, c *Call, _ inWorkspace) (staffBody, error) {
	f, err := s.tableFile(ctx, c)
	if err != nil {
		return staffBody{}, err
	}
	out := staffBody{Upload: f.ID, Name: f.Name, Columns: []string{}, Preview: [][]string{}}
	err = s.withTable(ctx, f, transfer.Read{}, func(src *transfer.Source) error {
		for _, col := range src.Columns {
			out.Columns = append(out.Columns, col.Name)
		}
		out.Staff = transfer.ProposeStaff(src)
		return src.Each(ctx, func(_ int, cells []string) error {
			if out.Rows++; len(out.Preview) < 5 {
				out.Preview = append(out.Preview, append([]string{}, cells...))
			}
			return nil
		})
	})
	return out, err
}

func (s *Server) importStaff(ctx context.Context, c *Call, in staffIn, dry bool) (*transfer.StaffResult, error) {
	f, err := s.ownUpload(ctx, c, in.Upload)
	if err != nil {
		return nil, err
	}
	if in.Staff.Roles, err = s.resolveRoles(ctx, in.Roles); err != nil {
		return nil, err
	}
	var out *transfer.StaffResult
	err = s.withTable(ctx, f, transfer.Read{}, func(src *transfer.Source) (err error) {
		out, err = transfer.ImportStaff(ctx, s.People, staffBy(c), src, in.Staff, dry)
		return err
	})
	if err != nil || dry {
		return out, err
	}
	return out, c.Audit(ctx, "member.imported", "", map[string]any{"name": f.Name, "added": out.Added, "departments": out.Departments})
}
