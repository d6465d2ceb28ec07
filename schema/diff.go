package schema

import (
	"bytes"
	"encoding/json"
)

// Severity says how much thought a change deserves before it is published.
type Severity string

// The severities.
const (
	Informs Severity = "info"
	Warns   Severity = "warn"   // something that people rely on changes
	Dangers Severity = "danger" // values become invisible or may be lost
)

// Change is one difference between two versions of an app.
type Change struct {
	Kind     string   `json:"kind"` // added, removed, changed
	Doc      string   `json:"doc"`
	DocKind  DocKind  `json:"doc_kind"`
	Path     string   `json:"path"` // JSON pointer into the document
	Text     Text     `json:"text"`
	Severity Severity `json:"severity"`
}

// Diff says what changed between two versions of an app, in the order of the
// second.
func Diff(before, after *App) []*Change {
	var out []*Change
	note := func(kind string, doc docOf, sev Severity, zh, en string) {
		out = append(out, &Change{Kind: kind, Doc: doc.id, DocKind: doc.kind, Text: Text{ZH: zh + "“" + doc.name.In("zh-CN") + "”", EN: en + " \"" + doc.name.In("en-US") + "\""}, Severity: sev})
	}
	was := map[string]docOf{}
	for _, d := range documents(before) {
		was[d.id] = d
	}
	for _, d := range documents(after) {
		b, ok := was[d.id]
		delete(was, d.id)
		switch {
		case !ok:
			note("added", d, Informs, "新增", "Added")
		case !sameJSON(b.doc, d.doc):
			note("changed", d, Informs, "修改", "Changed")
		}
	}
	for _, d := range documents(before) {
		if _, gone := was[d.id]; gone {
			note("removed", d, Warns, "删除", "Removed")
		}
	}
	return out
}

type docOf struct {
	id   string
	kind DocKind
	name Text
	doc  any
}

func documents(a *App) []docOf {
	var out []docOf
	if a.Info.ID != "" {
		out = append(out, docOf{a.Info.ID, DocApp, a.Info.Name, a.Info})
	}
	for _, d := range a.Entities {
		out = append(out, docOf{d.ID, DocEntity, d.Name, d})
	}
	for _, d := range a.Forms {
		out = append(out, docOf{d.ID, DocForm, d.Name, d})
	}
	for _, d := range a.Views {
		out = append(out, docOf{d.ID, DocView, d.Name, d})
	}
	for _, d := range a.Dashboards {
		out = append(out, docOf{d.ID, DocDashboard, d.Name, d})
	}
	for _, d := range a.Rules {
		out = append(out, docOf{d.ID, DocRule, d.Name, d})
	}
	for _, d := range a.Roles {
		out = append(out, docOf{d.ID, DocRole, d.Name, d})
	}
	return out
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	return err == nil && bytes.Equal(x, y)
}
