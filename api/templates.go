package api

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"time"

	"tenon/engine/access"
	"tenon/engine/desk"
	"tenon/engine/install"
	"tenon/engine/transfer"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/templates"
)

type templateBody struct {
	templates.Manifest
	Entities   int         `json:"entities"`
	Rules      int         `json:"rules"`
	Dashboards int         `json:"dashboards"`
	App        *schema.App `json:"app,omitempty"`
	Readme     string      `json:"readme,omitempty"`
}

func templateOf(name string, whole bool) (templateBody, error) {
	t, err := templates.Open(name)
	if err != nil {
		return templateBody{}, err
	}
	b := templateBody{Manifest: t.Manifest, Entities: len(t.App.Entities), Rules: len(t.App.Rules), Dashboards: len(t.App.Dashboards)}
	if whole {
		b.App, b.Readme = t.App, t.Guide
	}
	return b, nil
}

// Kinds of jobs that the API queues and Works carries out.
const (
	jobSample  = "sample.load"
	jobArchive = "app.load"
)

// maxArchive bounds an app that somebody sends as a file.
const maxArchive = 200 << 20

type installIn struct {
	inWorkspace
	Template string      `path:"name"`
	Key      string      `json:"key"`
	Name     schema.Text `json:"name"`
	Sample   bool        `json:"sample" doc:"load sample data, as a job"`
	Light    *bool       `json:"light" doc:"start with the short menu, as by default"`
}

type installedBody struct {
	App string  `json:"app"`
	Job *string `json:"job"`
}

type sampleJob struct {
	Template string `json:"template"`
	Locale   string `json:"locale"`
}

type archiveJob struct {
	File string `json:"file"`
}

type removedBody struct {
	Records     int            `json:"records"`
	Members     int            `json:"members"`
	Departments int            `json:"departments"`
	Kept        []install.Kept `json:"kept"`
}

// templateRoutes show and install the apps that come with the product.
func (s *Server) templateRoutes() {
	const tag = "templates"
	Handle(s, "GET", "/api/v1/templates", Doc{Who: Known, Tag: tag, Summary: "Templates that come with the product"},
		func(context.Context, *Call, struct{}) (list[templateBody], error) {
			out := list[templateBody]{Items: []templateBody{}}
			for _, m := range templates.List() {
				b, err := templateOf(m.Name, false)
				if err != nil {
					return out, err
				}
				out.Items = append(out.Items, b)
			}
			return out, nil
		})
	Handle(s, "GET", "/api/v1/templates/{name}", Doc{Who: Known, Tag: tag, Summary: "One template with everything in it"},
		func(_ context.Context, _ *Call, in struct {
			Name string `path:"name"`
		}) (templateBody, error) {
			return templateOf(in.Name, true)
		})
	Handle(s, "POST", "/api/v1/workspaces/{ws}/templates/{name}/install", Doc{Who: Admin, Tag: tag, Summary: "Install a template; sample data come as a job", Status: 201, Timeout: publishPatience}, s.install)
	Handle(s, "POST", "/api/v1/apps/{app}/sample/remove", Doc{Who: Builder, Tag: tag, Summary: "Take the sample data out for good; what real records need stays and is listed", Timeout: publishPatience},
		func(ctx context.Context, c *Call, _ inApp) (removedBody, error) {
			r, err := install.RemoveSample(ctx, s.Engine, c.Actor, c.App.ID)
			if err != nil {
				return removedBody{}, err
			}
			s.People.Changed(ctx)
			return removedBody{r.Records, r.Members, r.Departments, r.Kept}, c.Audit(ctx, install.AuditSampleRemoved, c.App.ID, map[string]any{"app": c.App.ID, "records": r.Records})
		})
	Handle(s, "GET", "/api/v1/apps/{app}/checklist", Doc{Who: InApp, Tag: tag, Summary: "How far the app is set up, for its checklist"},
		func(ctx context.Context, c *Call, _ inApp) (*install.Signals, error) {
			return install.Checklist(ctx, s.Engine, c.App.ID)
		})
}

func (s *Server) install(ctx context.Context, c *Call, in installIn) (installedBody, error) {
	t, err := templates.Open(in.Template)
	if err != nil {
		return installedBody{}, err
	}
	t.Speak(c.Locale)
	seed, err := t.Seed(c.Locale)
	if err != nil {
		return installedBody{}, err
	}
	app, err := install.Install(ctx, s.Engine, c.Actor, c.Workspace.ID, t.App, seed, install.Options{Key: in.Key, Name: in.Name, Light: in.Light == nil || *in.Light})
	if err != nil {
		return installedBody{}, err
	}
	s.People.Changed(ctx)
	out := installedBody{App: app}
	if in.Sample && t.Sample {
		j, err := s.Desk.AddJob(ctx, c.Workspace.ID, app, jobSample, c.Actor.ID, sampleJob{t.Name, c.Locale})
		if err != nil {
			return out, err
		}
		out.Job = &j.ID
	}
	return out, c.Audit(ctx, "app.installed", app, map[string]any{"app": app, "template": t.Name})
}

// transferRoutes move whole apps in and out.
func (s *Server) transferRoutes() {
	const tag = "transfer"
	Handle(s, "GET", "/api/v1/apps/{app}/export", Doc{Who: Builder, Tag: tag, Summary: "The app as a zip of files, with data its records too", Returns: "application/zip", Timeout: -1},
		func(ctx context.Context, c *Call, in struct {
			inApp
			Data bool `query:"data"`
		}) (Stream, error) {
			if err := c.Audit(ctx, "app.exported", c.App.ID, map[string]any{"app": c.App.ID, "data": in.Data}); err != nil {
				return Stream{}, err
			}
			c.Header("Content-Disposition", disposition("attachment", c.App.Key+".zip"))
			return Stream{Type: "application/zip", Write: func(ctx context.Context, w io.Writer) error {
				return install.Export(ctx, s.Engine, c.App.ID, in.Data, w, nil)
			}}, nil
		})
	Handle(s, "POST", "/api/v1/workspaces/{ws}/apps/import", Doc{Who: Admin, Tag: tag, Summary: "An app from an exported file; its records come as a job", Status: 201,
		MaxBody: maxArchive + 1<<20, Timeout: -1, Body: "multipart/form-data"}, s.importApp)
}

func (s *Server) importApp(ctx context.Context, c *Call, _ inWorkspace) (installedBody, error) {
	p, err := filePart(c)
	if err != nil {
		return installedBody{}, err
	}
	f, err := s.Desk.Upload(ctx, c.Workspace.ID, c.Actor.ID, p.FileName(), p, maxArchive)
	if err != nil {
		return installedBody{}, err
	}
	out := installedBody{}
	err = s.withArchive(ctx, f, func(a *install.Archive) error {
		if out.App, err = a.Install(ctx, s.Engine, c.Actor, c.Workspace.ID, install.Options{}); err != nil {
			return err
		}
		s.People.Changed(ctx)
		if len(a.Data) == 0 {
			return nil
		}
		j, err := s.Desk.AddJob(ctx, c.Workspace.ID, out.App, jobArchive, c.Actor.ID, archiveJob{f.ID})
		out.Job = &j.ID
		return err
	})
	if err != nil {
		return installedBody{}, err
	}
	return out, c.Audit(ctx, "app.imported", out.App, map[string]any{"app": out.App})
}

// withArchive brings an uploaded file to this machine's disk, for random access.
func (s *Server) withArchive(ctx context.Context, f desk.File, use func(a *install.Archive) error) error {
	return withArchive(ctx, s.Desk, f, use)
}

func withArchive(ctx context.Context, d *desk.Service, f desk.File, use func(a *install.Archive) error) error {
	r, err := d.OpenFile(ctx, f)
	if err != nil {
		return err
	}
	defer r.Close()
	tmp, err := os.CreateTemp("", "tenon-archive-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	n, err := io.Copy(tmp, r)
	if err != nil {
		return err
	}
	a, err := install.OpenArchive(tmp, n)
	if err != nil {
		return err
	}
	return use(a)
}

// Works are the jobs that the API queues, for the worker that carries them out.
func Works(o Options) map[string]desk.Work {
	actor := func(ctx context.Context, j desk.Job) (*access.Actor, error) {
		a, err := o.People.ActorOfMember(ctx, string(j.Actor), string(j.AppID))
		if fault.KindOf(err) == fault.NotFound && err != nil {
			// Queued with an API key: the platform acts in its place.
			sys := access.System(j.WorkspaceID)
			sys.ID = string(j.Actor)
			return sys, nil
		}
		return a, err
	}
	report := func(progress func(done, total int64) bool) install.Progress {
		last := time.Time{}
		return func(done, total int) (bool, error) {
			if now := o.Now(); now.Sub(last) < 500*time.Millisecond && done < total {
				return false, nil
			} else {
				last = now
			}
			return progress(int64(done), int64(total)), nil
		}
	}
	return map[string]desk.Work{
		jobSample: func(ctx context.Context, j desk.Job, progress func(done, total int64) bool) (any, error) {
			var in sampleJob
			if err := json.Unmarshal(j.Input, &in); err != nil {
				return nil, err
			}
			t, err := templates.Open(in.Template)
			if err != nil {
				return nil, err
			}
			a, err := actor(ctx, j)
			if err != nil {
				return nil, err
			}
			day, err := install.Day(ctx, o.Engine, string(j.AppID), o.Now())
			if err != nil {
				return nil, err
			}
			out, err := install.LoadSample(ctx, o.Engine, a, string(j.AppID), t.Data(day, in.Locale), report(progress))
			o.People.Changed(ctx)
			return out, err
		},
		jobImport: func(ctx context.Context, j desk.Job, progress func(done, total int64) bool) (any, error) {
			a, err := actor(ctx, j)
			if err != nil {
				return nil, err
			}
			return importWork(ctx, o, j, a, transfer.Progress(report(progress)))
		},
		jobForm: func(ctx context.Context, j desk.Job, progress func(done, total int64) bool) (any, error) {
			a, err := actor(ctx, j)
			if err != nil {
				return nil, err
			}
			return formWork(ctx, o, j, a, transfer.Progress(report(progress)))
		},
		jobArchive: func(ctx context.Context, j desk.Job, progress func(done, total int64) bool) (any, error) {
			var in archiveJob
			if err := json.Unmarshal(j.Input, &in); err != nil {
				return nil, err
			}
			f, err := o.Desk.File(ctx, in.File)
			if err != nil {
				return nil, err
			}
			a, err := actor(ctx, j)
			if err != nil {
				return nil, err
			}
			var out *install.Report
			err = withArchive(ctx, o.Desk, f, func(ar *install.Archive) (err error) {
				out, err = ar.Load(ctx, o.Engine, a, string(j.AppID), report(progress))
				return err
			})
			o.People.Changed(ctx)
			return out, err
		},
	}
}
