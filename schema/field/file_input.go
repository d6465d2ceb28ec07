package field

import (
	"encoding/json"
	"path"
	"strings"

	"tenon/schema/fault"
	"tenon/schema/panel"
	"tenon/schema/value"
)

// File is a reference to an uploaded file, as file fields hold it.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Size int64  `json:"size,omitempty"`
	Type string `json:"type,omitempty"`
}

var (
	errFile     = fault.Define(fault.Invalid, "field.file", "需要已上传的文件", "an uploaded file is needed")
	errFileSize = fault.Define(fault.Invalid, "field.file.size", "“{name}”超过 {max} MB", "\"{name}\" is larger than {max} MB")
	errFileType = fault.Define(fault.Invalid, "field.file.type", "“{name}”不是允许的类型（{accept}）", "\"{name}\" is not of an allowed type ({accept})")
)

// maxFiles bounds any file field.
const maxFiles = 100

type fileOptions struct {
	MaxCount  int      `json:"max_count"`
	MaxSizeMB int64    `json:"max_size_mb"`
	Accept    []string `json:"accept"`
}

// Files returns the file references of a value of any file field.
func Files(v value.Value) []File {
	if v.Kind() != value.Object {
		return nil
	}
	var many []File
	if json.Unmarshal(v.Object(), &many) == nil {
		return many
	}
	var one File
	if json.Unmarshal(v.Object(), &one) == nil && one.ID != "" {
		return []File{one}
	}
	return nil
}

// fileProps are the options of a field that holds several files.
func fileProps(accept, acceptHelpZH, acceptHelpEN string) []panel.Prop {
	return []panel.Prop{
		panel.Whole("max_count", 1, maxFiles, "最多几个", "Most files").Default(maxFiles),
		panel.Whole("max_size_mb", 1, 1024, "每个最大（MB）", "Largest size each (MB)").Default(100),
		panel.Custom("accept", "text", "允许的类型", "Allowed types", map[string]any{
			"type": "array", "maxItems": 50,
			"items": map[string]any{"type": "string", "pattern": accept, "maxLength": 100},
		}).Help(acceptHelpZH, acceptHelpEN),
	}
}

// bindFiles sets up a type that holds files. What a client says of a file's
// name, size and type is checked for early messages; the engine replaces it by
// what was uploaded.
func bindFiles(b *Bound, o fileOptions, many bool) {
	if o.MaxCount == 0 {
		o.MaxCount = maxFiles
	}
	if o.MaxSizeMB == 0 {
		o.MaxSizeMB = 100
	}
	b.DB = DBJSON
	b.Parse = func(raw any, _ Env) (value.Value, error) {
		if blank(raw) {
			return value.Value{}, nil
		}
		items, ok := raw.([]any)
		if !ok {
			items = []any{raw}
		}
		seen := map[string]bool{}
		var files []File
		for _, item := range items {
			if blank(item) {
				continue
			}
			f, err := readFile(item)
			if err != nil {
				return value.Value{}, err
			}
			if !seen[f.ID] {
				seen[f.ID] = true
				files = append(files, f)
			}
		}
		switch {
		case len(files) == 0:
			return value.Value{}, nil
		case many:
			return objectOf(files)
		case len(files) > 1:
			return value.Value{}, ErrMany.With("max", 1).With("count", len(files))
		}
		return objectOf(files[0])
	}
	b.Check = func(v value.Value) error {
		files := Files(v)
		if len(files) > o.MaxCount {
			return ErrMany.With("max", o.MaxCount).With("count", len(files))
		}
		var faults fault.List
		for _, f := range files {
			if f.Size > o.MaxSizeMB<<20 {
				faults.Add(errFileSize.With("name", clip(f.Name)).With("max", o.MaxSizeMB))
			}
			if len(o.Accept) > 0 && !f.accepted(o.Accept) {
				faults.Add(errFileType.With("name", clip(f.Name)).With("accept", strings.Join(o.Accept, " ")))
			}
		}
		return faults.Err()
	}
	b.Format = func(v value.Value, env Env) string {
		files := Files(v)
		names := make([]string, len(files))
		for i, f := range files {
			if names[i] = f.Name; f.Name == "" {
				names[i] = f.ID
			}
		}
		return strings.Join(names, joiner(env.Locale))
	}
}

func readFile(raw any) (File, error) {
	o, ok := raw.(map[string]any)
	if !ok {
		return File{}, errFile.New()
	}
	var f File
	var err error
	if f.ID, err = refOf(o["id"]); err != nil {
		return f, errFile.At("id")
	}
	if f.Name, err = memberText(o, "name", 255); err != nil {
		return f, err
	}
	if f.Type, err = memberText(o, "type", 100); err != nil {
		return f, err
	}
	if !blank(o["size"]) {
		d, err := parseAmount(o["size"])
		if err != nil || d.IsNegative() || !d.IsInteger() || !d.BigInt().IsInt64() {
			return f, errFile.At("size")
		}
		f.Size = d.IntPart()
	}
	return f, nil
}

// accepted reports whether the file is one of .pdf, image/* or application/pdf.
// A file that tells neither name nor type is judged at upload instead.
func (f File) accepted(accept []string) bool {
	if f.Name == "" && f.Type == "" {
		return true
	}
	ext, kind := strings.ToLower(path.Ext(f.Name)), strings.ToLower(f.Type)
	for _, a := range accept {
		a = strings.ToLower(a)
		if group, ok := strings.CutSuffix(a, "/*"); ok && strings.HasPrefix(kind, group+"/") || a == ext || a == kind {
			return true
		}
	}
	return false
}
