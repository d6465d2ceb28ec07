package api

import (
	"context"
	"encoding/json"
	"mime"
	"os"
	"strings"
	"time"

	"tenon/engine/access"
	"tenon/engine/desk"
	"tenon/engine/transfer"
	"tenon/schema/fault"
	"tenon/templates"
)

// Kinds of jobs that bring tables in.
const (
	jobImport = "import"
	jobForm   = "form" // and make the form that holds them
)

// maxImport bounds a table that somebody sends.
const maxImport = 200 << 20

var errImportBroken = fault.Define(fault.Conflict, "import.interrupted", "导入中途停止，已导入的部分可以撤销", "the import was interrupted; what came in can be undone")

const importPath = "/api/v1/apps/{app}/entities/{entity}/import"

const formPath = "/api/v1/apps/{app}/from-file"

// formIn says how a table is read and which form is made of it.
type formIn struct {
	inApp
	Upload string        `path:"upload"`
	Read   transfer.Read `json:"read" doc:"sheet, line of the names, encoding, delimiter: guessed when left out"`
	Form   transfer.Form `json:"form" doc:"what is left out is guessed"`
}

type proposeIn struct {
	inApp
	Upload string        `path:"upload"`
	Read   transfer.Read `json:"read"`
}

// proposalBody is a table as it was read and the form that would hold it.
type proposalBody struct {
	Upload    string         `json:"upload"`
	Kind      string         `json:"kind"`
	Sheets    []string       `json:"sheets"`
	Sheet     string         `json:"sheet"`
	Encoding  string         `json:"encoding"`
	Delimiter string         `json:"delimiter"`
	Rows      int            `json:"rows"`
	Preview   [][]string     `json:"preview"`
	Form      *transfer.Form `json:"form"`
}

type formJob struct {
	File   string        `json:"file"`
	Locale string        `json:"locale"`
	Read   transfer.Read `json:"read"`
	Form   transfer.Form `json:"form"`
}

// importIn says how a table is read and what its columns fill.
type importIn struct {
	inEntity
	Upload  string           `path:"upload"`
	Read    transfer.Read    `json:"read" doc:"sheet, line of the names, encoding, delimiter: guessed when left out"`
	Mapping transfer.Mapping `json:"mapping" need:"1"`
	Fixes   []transfer.Fix   `json:"fixes" doc:"cells that are to be read otherwise than the file has them"`
}

// readIn says how a table is read.
type readIn struct {
	inEntity
	Upload string        `path:"upload"`
	Read   transfer.Read `json:"read" doc:"sheet, line of the names, encoding, delimiter: guessed when left out"`
}

type importColumn struct {
	Name     string          `json:"name"`
	Key      string          `json:"key"`
	Samples  []string        `json:"samples"`
	Filled   int             `json:"filled"`
	Distinct int             `json:"distinct"`
	Guess    importGuess     `json:"guess"`
	Options  json.RawMessage `json:"options,omitempty"`
}

type importGuess struct {
	Field string `json:"field,omitempty" doc:"the field that the column seems to mean"`
	Type  string `json:"type,omitempty" doc:"the type of a new field for it"`
}

type uploadBody struct {
	Upload    string            `json:"upload"`
	Kind      string            `json:"kind"`
	Sheets    []string          `json:"sheets"`
	Sheet     string            `json:"sheet"`
	Encoding  string            `json:"encoding"`
	Delimiter string            `json:"delimiter"`
	Columns   []importColumn    `json:"columns"`
	Rows      int               `json:"rows"`
	Preview   [][]string        `json:"preview"`
	Mapping   *transfer.Mapping `json:"mapping" doc:"a proposal"`
}

type dryBody struct {
	OK      int                 `json:"ok"`
	Bad     int                 `json:"bad"`
	Skipped int                 `json:"skipped"`
	Created int                 `json:"created"`
	Updated int                 `json:"updated"`
	Same    int                 `json:"unchanged"`
	Members int                 `json:"members"`
	Related map[string]int      `json:"related"`
	Rows    []transfer.Refused  `json:"rows"`
	Rules   []transfer.RuleRuns `json:"rules"`
}

type queuedBody struct {
	Job string `json:"job"`
}

type importJob struct {
	File    string           `json:"file"`
	Locale  string           `json:"locale"`
	Read    transfer.Read    `json:"read"`
	Mapping transfer.Mapping `json:"mapping"`
	Fixes   []transfer.Fix   `json:"fixes,omitempty"`
}

// importResult is what an import job leaves: its result, and a file with every
// row that was refused.
type importResult struct {
	*transfer.Result
	Report string `json:"report,omitempty"`
}

// importRoutes bring tables in.
func (s *Server) importRoutes() {
	const tag = "import"
	Handle(s, "POST", importPath+"/upload", Doc{Who: InApp, Tag: tag, Summary: "Send a table (CSV or XLSX as multipart, or {\"text\"} as JSON) and learn what its columns are",
		Status: 201, MaxBody: maxImport + 1<<20, Timeout: -1, Body: "multipart/form-data"}, s.uploadTable)
	Handle(s, "GET", importPath+"/mappings", Doc{Who: InApp, Tag: tag, Summary: "Ready mappings for this form, of the template that the app comes from"}, s.readyMappings)
	Handle(s, "POST", importPath+"/{upload}/read", Doc{Who: InApp, Tag: tag, Summary: "What the columns are when the table is read otherwise: another sheet, another line of names", Timeout: 5 * time.Minute}, s.readTable)
	Handle(s, "POST", importPath+"/{upload}/rows", Doc{Who: InApp, Tag: tag, Summary: "How many rows a mapping takes, and the first of them", Timeout: time.Minute}, s.takenRows)
	Handle(s, "POST", importPath+"/{upload}/dry-run", Doc{Who: InApp, Tag: tag, Summary: "Which rows would be refused and why, and how often rules would run", Timeout: 10 * time.Minute}, s.dryImport)
	Handle(s, "POST", importPath+"/{upload}/run", Doc{Who: InApp, Tag: tag, Summary: "Import, as a job whose operation can be undone", Status: 202}, s.runImport)
	Handle(s, "POST", formPath+"/upload", Doc{Who: Builder, Tag: tag, Summary: "Send a table (as for an import) and get a proposal for a form that holds it", Status: 201, MaxBody: maxImport + 1<<20, Timeout: -1, Body: "multipart/form-data"}, s.uploadForm)
	Handle(s, "POST", formPath+"/{upload}/propose", Doc{Who: Builder, Tag: tag, Summary: "The proposal when the table is read otherwise: another sheet, another line of names", Timeout: 5 * time.Minute}, s.proposeForm)
	Handle(s, "POST", formPath+"/{upload}/run", Doc{Who: Builder, Tag: tag, Summary: "Make and publish the form and bring its rows in, as a job whose operation can be undone", Status: 202}, s.runForm)
}

// mayImport asks for the right before anything is read.
func (s *Server) mayImport(ctx context.Context, c *Call, entity string) error {
	_, err := s.mayDo(ctx, c, entity, "import")
	return err
}

// readyMappings lists what the app's template knows of files for one form.
func (s *Server) readyMappings(ctx context.Context, c *Call, in inEntity) (list[*templates.Import], error) {
	out := list[*templates.Import]{Items: []*templates.Import{}}
	ent, err := s.mayDo(ctx, c, in.Entity, "import")
	if err != nil {
		return out, err
	}
	snap, err := s.Engine.Defs.At(ctx, c.App.ID)
	if err != nil {
		return out, err
	}
	o := snap.App.Info.Origin
	if o == nil || o.Template == "" {
		return out, nil
	}
	t, err := templates.Open(o.Template)
	if err != nil {
		return out, err
	}
	for _, m := range t.Imports {
		if m.Entity == ent.Key() {
			out.Items = append(out.Items, m)
		}
	}
	return out, nil
}

func (s *Server) uploadTable(ctx context.Context, c *Call, in inEntity) (uploadBody, error) {
	if err := s.mayImport(ctx, c, in.Entity); err != nil {
		return uploadBody{}, err
	}
	f, err := s.tableFile(ctx, c)
	if err != nil {
		return uploadBody{}, err
	}
	return s.analysed(ctx, c, in.Entity, f, transfer.Read{})
}

func (s *Server) readTable(ctx context.Context, c *Call, in readIn) (uploadBody, error) {
	if err := s.mayImport(ctx, c, in.Entity); err != nil {
		return uploadBody{}, err
	}
	f, err := s.ownUpload(ctx, c, in.Upload)
	if err != nil {
		return uploadBody{}, err
	}
	return s.analysed(ctx, c, in.Entity, f, in.Read)
}

// analysed says what a table's columns are and what they seem to mean.
func (s *Server) analysed(ctx context.Context, c *Call, entity string, f desk.File, how transfer.Read) (uploadBody, error) {
	out := uploadBody{Upload: f.ID}
	err := s.withTable(ctx, f, how, func(src *transfer.Source) error {
		a, err := transfer.Analyse(ctx, s.Engine, c.Actor, c.App.ID, entity, src)
		if err != nil {
			return err
		}
		out.Kind, out.Sheets, out.Sheet, out.Encoding, out.Delimiter, out.Rows, out.Preview, out.Mapping = a.Kind, orEmpty(a.Sheets), a.Sheet, a.Encoding, a.Delimiter, a.Rows, a.Preview, a.Mapping
		for _, x := range a.Columns {
			out.Columns = append(out.Columns, importColumn{x.Name.Name, x.Key, x.Samples, x.Filled, x.Distinct, importGuess{x.Field, x.Type}, x.Options})
		}
		return nil
	})
	return out, err
}

// tableFile keeps what was sent: a file, or pasted text.
func (s *Server) tableFile(ctx context.Context, c *Call) (desk.File, error) {
	media, _, _ := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	if media == "application/json" {
		var in struct {
			Text string `json:"text"`
		}
		if err := json.NewDecoder(c.Request().Body).Decode(&in); err != nil || in.Text == "" {
			return desk.File{}, errMissing.At("text").With("name", "text")
		}
		return s.Desk.Upload(ctx, c.Actor.WorkspaceID, c.Actor.ID, "pasted.txt", strings.NewReader(in.Text), maxImport)
	}
	p, err := filePart(c)
	if err != nil {
		return desk.File{}, err
	}
	return s.Desk.Upload(ctx, c.Actor.WorkspaceID, c.Actor.ID, p.FileName(), p, maxImport)
}

func (s *Server) withTable(ctx context.Context, f desk.File, how transfer.Read, use func(src *transfer.Source) error) error {
	return withTable(ctx, s.Desk, f, how, use)
}

func withTable(ctx context.Context, d *desk.Service, f desk.File, how transfer.Read, use func(src *transfer.Source) error) error {
	r, err := d.OpenFile(ctx, f)
	if err != nil {
		return err
	}
	defer r.Close()
	src, err := transfer.Open(r, f.Name, maxImport, how)
	if err != nil {
		return err
	}
	defer src.Close()
	return use(src)
}

// ownUpload finds a table that the caller has sent.
func (s *Server) ownUpload(ctx context.Context, c *Call, id string) (desk.File, error) {
	f, err := s.Desk.File(ctx, id)
	if err == nil && (f.Uploader != c.Actor.ID || f.WorkspaceID != c.Actor.WorkspaceID) {
		err = desk.ErrFile.New()
	}
	return f, err
}

func (s *Server) takenRows(ctx context.Context, c *Call, in importIn) (*transfer.Taken, error) {
	if err := s.mayImport(ctx, c, in.Entity); err != nil {
		return nil, err
	}
	f, err := s.ownUpload(ctx, c, in.Upload)
	if err != nil {
		return nil, err
	}
	var out *transfer.Taken
	err = s.withTable(ctx, f, in.Read, func(src *transfer.Source) (err error) {
		if err = src.Fix(in.Fixes); err == nil {
			out, err = transfer.Take(ctx, s.Engine, c.Actor, c.App.ID, src, in.Mapping)
		}
		return err
	})
	return out, err
}

func (s *Server) dryImport(ctx context.Context, c *Call, in importIn) (dryBody, error) {
	if err := s.mayImport(ctx, c, in.Entity); err != nil {
		return dryBody{}, err
	}
	f, err := s.ownUpload(ctx, c, in.Upload)
	if err != nil {
		return dryBody{}, err
	}
	in.Mapping.Entity = in.Entity
	var out dryBody
	err = s.withTable(ctx, f, in.Read, func(src *transfer.Source) error {
		if err := src.Fix(in.Fixes); err != nil {
			return err
		}
		r, err := transfer.DryRun(ctx, s.Engine, c.Actor, c.App.ID, src, in.Mapping, transfer.Options{})
		if err != nil {
			return err
		}
		out = dryBody{OK: r.Rows - r.Bad - r.Skipped, Bad: r.Bad, Skipped: r.Skipped, Created: r.Created, Updated: r.Updated, Same: r.Unchanged, Members: r.Members, Related: r.Related,
			Rows: orEmpty(r.Refused), Rules: orEmpty(r.Rules)}
		return nil
	})
	return out, err
}

func (s *Server) runImport(ctx context.Context, c *Call, in importIn) (queuedBody, error) {
	if err := s.mayImport(ctx, c, in.Entity); err != nil {
		return queuedBody{}, err
	}
	f, err := s.ownUpload(ctx, c, in.Upload)
	if err != nil {
		return queuedBody{}, err
	}
	in.Mapping.Entity = in.Entity
	j, err := s.Desk.AddJob(ctx, c.Actor.WorkspaceID, c.App.ID, jobImport, c.Actor.ID, importJob{f.ID, c.Locale, in.Read, in.Mapping, in.Fixes})
	if err != nil {
		return queuedBody{}, err
	}
	return queuedBody{j.ID}, c.Audit(ctx, "records.imported", j.ID, map[string]any{"app": c.App.ID, "entity": in.Entity, "name": f.Name})
}

func (s *Server) uploadForm(ctx context.Context, c *Call, _ inApp) (proposalBody, error) {
	f, err := s.tableFile(ctx, c)
	if err != nil {
		return proposalBody{}, err
	}
	return s.proposal(ctx, c, f, transfer.Read{})
}

func (s *Server) proposeForm(ctx context.Context, c *Call, in proposeIn) (proposalBody, error) {
	f, err := s.ownUpload(ctx, c, in.Upload)
	if err != nil {
		return proposalBody{}, err
	}
	return s.proposal(ctx, c, f, in.Read)
}

func (s *Server) proposal(ctx context.Context, c *Call, f desk.File, how transfer.Read) (proposalBody, error) {
	out := proposalBody{Upload: f.ID}
	err := s.withTable(ctx, f, how, func(src *transfer.Source) error {
		p, err := transfer.ProposeForm(ctx, s.Engine, c.Actor, c.App.ID, src)
		if err != nil {
			return err
		}
		out.Form, out.Rows, out.Preview = p.Form, p.Rows, p.Preview
		out.Kind, out.Sheets, out.Sheet, out.Encoding, out.Delimiter = src.Kind, orEmpty(src.Sheets), src.Sheet, src.Encoding, src.Delimiter
		return nil
	})
	return out, err
}

func (s *Server) runForm(ctx context.Context, c *Call, in formIn) (queuedBody, error) {
	f, err := s.ownUpload(ctx, c, in.Upload)
	if err != nil {
		return queuedBody{}, err
	}
	j, err := s.Desk.AddJob(ctx, c.Actor.WorkspaceID, c.App.ID, jobForm, c.Actor.ID, formJob{f.ID, c.Locale, in.Read, in.Form})
	if err != nil {
		return queuedBody{}, err
	}
	return queuedBody{j.ID}, c.Audit(ctx, "form.imported", j.ID, map[string]any{"app": c.App.ID, "name": f.Name})
}

// formWork makes a form of a table; like an import it is not begun twice.
func formWork(ctx context.Context, o Options, j desk.Job, actor *access.Actor, progress transfer.Progress) (any, error) {
	var in formJob
	if err := json.Unmarshal(j.Input, &in); err != nil {
		return nil, err
	}
	f, begun, err := unbegun(ctx, o, j, in.File)
	if err != nil {
		return begun, err
	}
	actor.Locale = in.Locale
	var out *transfer.Made
	err = withTable(ctx, o.Desk, f, in.Read, func(src *transfer.Source) (err error) {
		total, err := src.Count(ctx)
		if err == nil {
			out, err = transfer.NewForm(ctx, o.Engine, actor, string(j.AppID), src, in.Form, transfer.Options{Operation: j.ID, Total: total, Progress: progress})
		}
		return err
	})
	return out, err
}

// unbegun gives the file of a job that has not brought anything in yet: its id
// is the operation's, and one that was broken off is reported, not begun again.
func unbegun(ctx context.Context, o Options, j desk.Job, file string) (desk.File, any, error) {
	op, begun, err := o.Desk.Begun(ctx, j.ID)
	if err == nil && begun {
		return desk.File{}, brokenImport{op.ID, op.Count}, errImportBroken.New()
	}
	if err != nil {
		return desk.File{}, nil, err
	}
	f, err := o.Desk.File(ctx, file)
	return f, nil, err
}

// brokenImport is what is known of an import whose process went away: the
// operation to undo, and how many records it has changed.
type brokenImport struct {
	Operation string `json:"operation"`
	Written   int    `json:"written"`
}

// importWork carries an import job out.
func importWork(ctx context.Context, o Options, j desk.Job, actor *access.Actor, progress transfer.Progress) (any, error) {
	var in importJob
	if err := json.Unmarshal(j.Input, &in); err != nil {
		return nil, err
	}
	f, begun, err := unbegun(ctx, o, j, in.File)
	if err != nil {
		return begun, err
	}
	report, err := os.CreateTemp("", "tenon-report-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(report.Name())
	defer report.Close()
	actor.Locale = in.Locale
	out := importResult{}
	err = withTable(ctx, o.Desk, f, in.Read, func(src *transfer.Source) (err error) {
		if err = src.Fix(in.Fixes); err != nil {
			return err
		}
		total, err := src.Count(ctx)
		if err == nil {
			out.Result, err = transfer.Run(ctx, o.Engine, actor, string(j.AppID), src, in.Mapping, transfer.Options{Operation: j.ID, Total: total, Progress: progress, Report: report})
		}
		return err
	})
	if err != nil || out.Bad == 0 {
		return out, err
	}
	if _, err := report.Seek(0, 0); err != nil {
		return out, err
	}
	kept, err := o.Desk.Upload(ctx, j.WorkspaceID, string(j.Actor), "refused.csv", report, maxImport)
	out.Report = kept.ID
	return out, err
}
