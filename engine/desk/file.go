package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"tenon/engine/store"
)

// File is an uploaded file.
type File = store.File

// TemporaryLife is how long a file waits for a record to take it.
const TemporaryLife = 24 * time.Hour

// Upload keeps a file of at most max bytes. Until a record names it, it is its
// uploader's alone and lives for TemporaryLife.
func (s *Service) Upload(ctx context.Context, workspaceID, uploader, name string, from io.Reader, max int64) (File, error) {
	tmp, err := os.CreateTemp("", "tenon-upload-*")
	if err != nil {
		return File{}, err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	h := sha256.New()
	var head bytes.Buffer
	n, err := io.Copy(io.MultiWriter(tmp, h, &firstBytes{&head}), io.LimitReader(from, max+1))
	switch {
	case err != nil:
		return File{}, err
	case n > max:
		return File{}, ErrFileSize.At("file").With("max", max>>20)
	case n == 0:
		return File{}, ErrFileEmpty.At("file")
	}
	f := File{ID: s.NewID(), WorkspaceID: workspaceID, Sha256: h.Sum(nil), Name: FileName(name), Size: n, Uploader: uploader, CreatedAt: s.Now()}
	f.Type = typeOf(f.Name, head.Bytes())
	if err := s.Blobs.Put(ctx, f.Sha256, tmp.Name(), n); err != nil {
		return File{}, err
	}
	return f, store.Insert(s.DB.Cold(ctx), f)
}

// firstBytes keeps the start of what is written, for telling the type.
type firstBytes struct{ *bytes.Buffer }

func (f *firstBytes) Write(p []byte) (int, error) {
	if room := 512 - f.Len(); room > 0 {
		f.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// FileName keeps what people recognise of a name and nothing that leads
// elsewhere: no folders, no control characters, no leading dots.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune("\"<>|:*?/\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	for utf8.RuneCountInString(name) > 150 {
		ext := path.Ext(name)
		if len(ext) > 20 {
			ext = ""
		}
		base := []rune(strings.TrimSuffix(name, ext))
		name = string(base[:min(len(base)-1, 150-utf8.RuneCountInString(ext))]) + ext
	}
	if name == "" {
		return "file"
	}
	return name
}

// typeOf trusts the content before the name: a page that calls itself a picture
// is still a page.
func typeOf(name string, head []byte) string {
	sniffed, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if sniffed != "application/octet-stream" && sniffed != "text/plain" && sniffed != "application/zip" && sniffed != "text/xml" {
		return sniffed
	}
	if named, _, _ := strings.Cut(mime.TypeByExtension(strings.ToLower(path.Ext(name))), ";"); named != "" {
		return named
	}
	return sniffed
}

// File finds a file by id.
func (s *Service) File(ctx context.Context, id string) (File, error) {
	if !isID(id) {
		return File{}, ErrFile.New()
	}
	f, ok, err := store.First[File](s.DB.Cold(ctx), store.Match{"id": id})
	if err == nil && !ok {
		err = ErrFile.New()
	}
	return f, err
}

// FileUse is a record's field that holds a file.
type FileUse = store.FileUse

// Uses lists which records hold a file.
func (s *Service) Uses(ctx context.Context, id string) ([]FileUse, error) {
	return store.FindPage[FileUse](s.DB.Cold(ctx), store.Match{"file_id": id}, 50)
}

// OpenFile reads a file's content.
func (s *Service) OpenFile(ctx context.Context, f File) (io.ReadCloser, error) {
	r, err := s.Blobs.Open(ctx, f.Sha256)
	if errors.Is(err, os.ErrNotExist) {
		err = ErrFile.New().Because(err)
	}
	return r, err
}

// SweepFiles deletes files that no record took in time, and content that no
// file has any more.
func (s *Service) SweepFiles(ctx context.Context) error {
	cold := s.DB.Cold(ctx)
	old, err := cold.TemporaryFiles(s.Now().Add(-TemporaryLife), 500)
	if err != nil {
		return err
	}
	for _, f := range old {
		gone, err := cold.RemoveTemporaryFile(f.ID)
		if err != nil {
			return err
		}
		if !gone {
			continue
		}
		n, err := store.Count[File](cold, store.Match{"sha256": f.Sha256})
		if err != nil {
			return err
		}
		if n == 0 {
			if err := s.Blobs.Remove(ctx, f.Sha256); err != nil {
				return err
			}
		}
	}
	return nil
}
