package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/transfer"
	"tenon/schema"
)

type exportIn struct {
	inEntity
	Format string   `query:"format" doc:"csv (default) or ndjson"`
	Filter string   `query:"filter"`
	Search string   `query:"search"`
	Sort   string   `query:"sort"`
	Fields []string `query:"fields"`
}

// exportRoutes give records out as files, page by page and under the caller's
// rights: what does not show in a list does not show here.
func (s *Server) exportRoutes() {
	Handle(s, "GET", "/api/v1/apps/{app}/entities/{entity}/export", Doc{Who: InApp, Tag: "records", Summary: "Records as a file: csv for spreadsheets, ndjson for machines", Returns: "text/csv", Timeout: -1}, s.exportRecords)
}

func (s *Server) exportRecords(ctx context.Context, c *Call, in exportIn) (Stream, error) {
	ent, err := s.mayDo(ctx, c, in.Entity, "export")
	if err != nil {
		return Stream{}, err
	}
	r := engine.ListRequest{}
	r.Filter, r.Search, r.Fields, r.Limit = in.Filter, in.Search, in.Fields, 500
	if r.Sort, err = sortOf(in.Sort); err != nil {
		return Stream{}, err
	}
	if in.Format != "" && in.Format != "csv" && in.Format != "ndjson" {
		return Stream{}, transfer.ErrFormat.At("format").With("format", in.Format)
	}
	// The first page is read before the answer begins: a wrong filter is a
	// problem, and not half a file.
	first, err := s.exportPage(ctx, c, ent, r)
	if err != nil {
		return Stream{}, err
	}
	if err := c.Audit(ctx, "records.exported", ent.ID(), map[string]any{"app": c.App.ID, "name": ent.Key(), "format": in.Format, "filter": in.Filter}); err != nil {
		return Stream{}, err
	}
	pages := func(ctx context.Context, each func(p *exportPage) error) error {
		for p := first; ; {
			if err := each(p); err != nil || p.Next == "" {
				return err
			}
			r.Cursor = p.Next
			var err error
			if p, err = s.exportPage(ctx, c, ent, r); err != nil {
				return err
			}
		}
	}
	if in.Format == "ndjson" {
		c.Header("Content-Disposition", disposition("attachment", ent.Key()+".ndjson"))
		return Stream{Type: "application/x-ndjson; charset=utf-8", Write: func(ctx context.Context, w io.Writer) error {
			out := bufio.NewWriter(w)
			err := pages(ctx, func(p *exportPage) error {
				for _, rec := range p.Records {
					var line bytes.Buffer
					if err := json.Compact(&line, rec); err != nil {
						return err
					}
					line.WriteByte('\n')
					if _, err := out.Write(line.Bytes()); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			return out.Flush()
		}}, nil
	}
	c.Header("Content-Disposition", disposition("attachment", ent.Def.Name.In(c.Locale)+".csv"))
	fields := exportFields(ent, access.For(c.Actor, ent.App), in.Fields)
	return Stream{Type: "text/csv; charset=utf-8", Write: func(ctx context.Context, w io.Writer) error {
		return writeTable(w, fields, c.Locale, func(each func(p *exportPage) error) error { return pages(ctx, each) })
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

// exportPage is a page of a list as the engine writes it.
type exportPage struct {
	Records []json.RawMessage `json:"records"`
	Names   map[string]string `json:"_names"`
	Next    string            `json:"next_cursor"`
}

func (s *Server) exportPage(ctx context.Context, c *Call, ent *schema.EntityModel, r engine.ListRequest) (*exportPage, error) {
	b, err := s.Engine.List(ctx, c.Actor, c.App.ID, ent.ID(), r)
	if err != nil {
		return nil, err
	}
	p := &exportPage{}
	return p, json.Unmarshal(b, p)
}

// exportFields are the columns: what was asked for, else what may show, but
// sub-forms, which are no cell.
func exportFields(ent *schema.EntityModel, rights *access.Rights, asked []string) []*schema.FieldModel {
	var out []*schema.FieldModel
	on := rights.On(ent)
	for _, f := range append(slices.Clone(ent.Fields), ent.Field("owner"), ent.Field("created_at"), ent.Field("updated_at")) {
		named := slices.Contains(asked, f.Key()) || slices.Contains(asked, f.ID())
		if f.Sub == nil && (f.System || on.Readable(f)) && (len(asked) == 0 || named) {
			out = append(out, f)
		}
	}
	return out
}

func writeTable(w io.Writer, fields []*schema.FieldModel, locale string, pages func(each func(p *exportPage) error) error) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // for spreadsheets
		return err
	}
	out := csv.NewWriter(w)
	row := make([]string, len(fields))
	for i, f := range fields {
		row[i] = inert(f.Def.Name.In(locale))
	}
	if err := out.Write(row); err != nil {
		return err
	}
	err := pages(func(p *exportPage) error {
		for _, raw := range p.Records {
			var rec map[string]any
			d := json.NewDecoder(bytes.NewReader(raw))
			d.UseNumber()
			if err := d.Decode(&rec); err != nil {
				return err
			}
			for i, f := range fields {
				row[i] = cell(f, rec[f.Key()], p.Names, locale)
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// cell words a value as people read it: labels of options, names of people and
// records. A text that a spreadsheet would run is made harmless.
func cell(f *schema.FieldModel, v any, names map[string]string, locale string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case json.Number:
		return v.String()
	case bool:
		if v {
			return schema.Text{ZH: "是", EN: "yes"}.In(locale)
		}
		return schema.Text{ZH: "否", EN: "no"}.In(locale)
	case string:
		for _, c := range f.Choices {
			if c.Key == v {
				return inert(c.Text(locale))
			}
		}
		if name, ok := names[v]; ok {
			return inert(name)
		}
		return inert(v)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = cell(f, x, names, locale)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		if name, ok := v["name"].(string); ok {
			return inert(name)
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// inert keeps a spreadsheet from taking a text for a formula, full-width signs
// included.
func inert(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r\n") || strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠") {
		return "'" + s
	}
	return s
}
