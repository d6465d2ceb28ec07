package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"tenon/engine/desk"
	"tenon/schema/fault"
)

// maxFile bounds an upload.
const maxFile = 50 << 20

var (
	errFileSpace = fault.Define(fault.Invalid, "file.workspace", "你属于多个工作区，请用 app 或 workspace 参数说明文件属于哪一个", "you belong to several workspaces; say with app or workspace where the file belongs")
	errNoPart    = fault.Define(fault.Invalid, "request.file", "请上传名为 file 的文件", "send a file named file")
)

type fileBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	Type string `json:"type"`
}

type uploadIn struct {
	App       string `query:"app"`
	Workspace string `query:"workspace"`
}

// fileRoutes keep and give files.
func (s *Server) fileRoutes() {
	const tag = "files"
	Handle(s, "POST", "/api/v1/files", Doc{Who: Known, Tag: tag, Summary: "Upload a file; a record must name it within a day", Status: 201, MaxBody: maxFile + 1<<20, Timeout: -1, Body: "multipart/form-data"},
		func(ctx context.Context, c *Call, in uploadIn) (fileBody, error) {
			workspace, actor, err := s.uploader(ctx, c, in)
			if err != nil {
				return fileBody{}, err
			}
			return s.receive(ctx, c, workspace, actor)
		})
	Handle(s, "GET", "/api/v1/files/{id}", Doc{Who: Known, Tag: tag, Summary: "The content of a file, for who may see a record's field that holds it", Returns: "application/octet-stream", Timeout: -1},
		func(ctx context.Context, c *Call, in struct {
			ID       string `path:"id"`
			Record   string `query:"record" doc:"the record it is read from; saves looking for one"`
			Download bool   `query:"download"`
		}) (Stream, error) {
			f, err := s.readable(ctx, c, in.ID, in.Record)
			if err != nil {
				return Stream{}, err
			}
			return s.content(ctx, c.g, f, in.Download)
		})
}

// uploader decides in which workspace, and as which actor, a file is uploaded.
func (s *Server) uploader(ctx context.Context, c *Call, in uploadIn) (workspace, actor string, err error) {
	switch {
	case in.App != "":
		a, app, err := s.People.ActorFor(ctx, c.Principal, in.App)
		if err != nil {
			return "", "", err
		}
		return app.WorkspaceID, a.ID, nil
	case in.Workspace != "":
		a, w, err := s.People.ActorIn(ctx, c.Principal, in.Workspace)
		if err != nil {
			return "", "", err
		}
		return w.ID, a.ID, nil
	case c.Principal.Key != nil:
		return c.Principal.Key.WorkspaceID, c.Principal.Key.ID, nil
	}
	all, err := s.People.Memberships(ctx, c.Principal.Login.ID)
	if err != nil {
		return "", "", err
	}
	if len(all) != 1 {
		return "", "", errFileSpace.New()
	}
	return all[0].Workspace.ID, all[0].Member.ID, nil
}

// filePart finds the file in a multipart body without reading it.
func filePart(c *Call) (*multipart.Part, error) {
	r, err := c.Request().MultipartReader()
	if err != nil {
		return nil, errMediaType.With("want", "multipart/form-data")
	}
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return nil, errNoPart.At("file")
		}
		if err != nil {
			return nil, err
		}
		if p.FormName() == "file" {
			return p, nil
		}
	}
}

func (s *Server) receive(ctx context.Context, c *Call, workspace, actor string) (fileBody, error) {
	p, err := filePart(c)
	if err != nil {
		return fileBody{}, err
	}
	f, err := s.Desk.Upload(ctx, workspace, actor, p.FileName(), p, maxFile)
	return fileBody{f.ID, f.Name, f.Size, f.Type}, err
}

// readable finds a file that the caller may read: an own one that no record
// has yet, or one that a readable field of a readable record holds.
func (s *Server) readable(ctx context.Context, c *Call, id, recordID string) (desk.File, error) {
	f, err := s.Desk.File(ctx, id)
	if err != nil {
		return f, err
	}
	if a, _, err := s.People.ActorIn(ctx, c.Principal, f.WorkspaceID); err != nil {
		return f, desk.ErrFile.New()
	} else if a.ID == f.Uploader {
		return f, nil
	}
	uses, err := s.Desk.Uses(ctx, id)
	if err != nil {
		return f, err
	}
	for _, u := range uses {
		if recordID != "" && u.RecordID != recordID {
			continue
		}
		actor, _, err := s.People.ActorFor(ctx, c.Principal, u.AppID)
		if err != nil {
			continue
		}
		b, _, err := s.Engine.Get(ctx, actor, u.AppID, u.EntityID, u.RecordID, []string{u.FieldID}, nil)
		// What the engine shows under the caller's rights names the file or does not.
		if err == nil && bytes.Contains(b, []byte(`"`+id+`"`)) {
			return f, nil
		}
		if err != nil && fault.KindOf(err) == fault.Internal {
			return f, err
		}
	}
	return f, desk.ErrFile.New()
}

// inline are the types that a browser may show in place: pictures that cannot
// carry scripts, sound and film. Everything else is downloaded.
func inline(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp":
		return true
	}
	return strings.HasPrefix(contentType, "audio/") || strings.HasPrefix(contentType, "video/")
}

func (s *Server) content(ctx context.Context, g *gin.Context, f desk.File, download bool) (Stream, error) {
	r, err := s.Desk.OpenFile(ctx, f)
	if err != nil {
		return Stream{}, err
	}
	how := "attachment"
	if inline(f.Type) && !download {
		how = "inline"
	}
	contentType := f.Type
	if strings.HasPrefix(contentType, "text/") {
		contentType += "; charset=utf-8"
	}
	if !inline(f.Type) && contentType != "application/pdf" && !strings.HasPrefix(contentType, "text/plain") {
		contentType = "application/octet-stream" // nothing a browser would run
	}
	g.Header("Content-Disposition", disposition(how, f.Name))
	g.Header("Content-Length", itoa(f.Size))
	g.Header("Cache-Control", "private, max-age=3600")
	return Stream{Type: contentType, Write: func(_ context.Context, w io.Writer) error {
		defer r.Close()
		_, err := io.Copy(w, r)
		return err
	}}, nil
}

// disposition encodes a file's name by RFC 6266: an ASCII form for old clients
// and the real one.
func disposition(how, name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' || r == ';' {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, how, ascii, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

// members are the caller's members in all workspaces.
func (s *Server) members(ctx context.Context, c *Call) ([]string, error) {
	if c.Principal.Login == nil {
		return nil, nil
	}
	all, err := s.People.Memberships(ctx, c.Principal.Login.ID)
	out := make([]string, len(all))
	for i, m := range all {
		out[i] = m.Member.ID
	}
	return out, err
}
