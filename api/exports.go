package api

import (
	"context"
	"io"

	"tenon/engine"
	"tenon/engine/transfer"
	"tenon/schema"
)

// exportTypes are the media types of the formats.
var exportTypes = map[string]string{
	"csv":    "text/csv; charset=utf-8",
	"xlsx":   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"ndjson": "application/x-ndjson; charset=utf-8",
}

type exportIn struct {
	inEntity
	Format string   `query:"format" doc:"csv (default), xlsx or ndjson"`
	Filter string   `query:"filter"`
	Search string   `query:"search"`
	Sort   string   `query:"sort"`
	Fields []string `query:"fields" doc:"keys; all that the caller may read when left out"`
	IDs    []string `query:"ids" doc:"only these records"`
	Except []string `query:"except" doc:"not these records"`
	Keys   bool     `query:"keys" doc:"keys, ids and plain values for programs instead of headings and texts for people"`
}

// exportRoutes give records out as files, page by page and under the caller's
// rights: what does not show in a list does not show here.
func (s *Server) exportRoutes() {
	Handle(s, "GET", "/api/v1/apps/{app}/entities/{entity}/export", Doc{Who: InApp, Tag: "records", Summary: "Records as a file: csv and xlsx for spreadsheets, ndjson for machines", Returns: "text/csv", Timeout: -1}, s.exportRecords)
}

func (s *Server) exportRecords(ctx context.Context, c *Call, in exportIn) (Stream, error) {
	x := transfer.Export{Format: in.Format, Filter: in.Filter, Search: in.Search, IDs: in.IDs, Except: in.Except, Fields: in.Fields, Keys: in.Keys}
	if x.Format == "" {
		x.Format = "csv"
	}
	var err error
	if x.Sort, err = sortOf(in.Sort); err != nil {
		return Stream{}, err
	}
	c.Actor.Locale = c.Locale
	out, err := transfer.Begin(ctx, s.Engine, c.Actor, c.App.ID, in.Entity, x)
	if err != nil {
		return Stream{}, err
	}
	if err := c.Audit(ctx, "records.exported", out.Entity(), map[string]any{"app": c.App.ID, "name": out.Name(), "format": x.Format, "filter": in.Filter}); err != nil {
		return Stream{}, err
	}
	c.Header("Content-Disposition", disposition("attachment", out.Name()))
	return Stream{Type: exportTypes[x.Format], Write: func(ctx context.Context, w io.Writer) error {
		_, err := out.Write(ctx, w)
		return err
	}}, nil
}

// mayDo finds an entity and asks for an operation on it.
func (s *Server) mayDo(ctx context.Context, c *Call, entity, op string) (*schema.EntityModel, error) {
	ses, err := s.Engine.Reader(ctx, c.Actor, c.App.ID)
	if err != nil {
		return nil, err
	}
	ent := ses.Snap.Entity(entity)
	if ent == nil {
		return nil, engine.ErrNoEntity.With("ref", entity)
	}
	return ent, ses.Rights.On(ent).Need(op)
}
