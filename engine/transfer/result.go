package transfer

import (
	"encoding/csv"
	"io"
	"strings"

	"tenon/schema"
	"tenon/schema/fault"
)

// Result says what an import did, or what a dry run found that it would do.
type Result struct {
	Operation string         `json:"operation,omitempty"` // names the import for an undo; blank for a dry run
	Rows      int            `json:"rows"`                // read, without blank ones
	Skipped   int            `json:"skipped"`             // not wanted by the mapping
	Created   int            `json:"created"`
	Updated   int            `json:"updated"`
	Unchanged int            `json:"unchanged"`
	Bad       int            `json:"bad"`     // rows refused
	Refused   []Refused      `json:"refused"` // the first of them, see MaxRefused
	Members   int            `json:"members"` // people without accounts, added for names
	Related   map[string]int `json:"related"` // records added for links, by entity key
	Rules     []RuleRuns     `json:"rules"`   // automations that fit what comes in, and how often
	Stopped   bool           `json:"stopped"`
}

// MaxRefused is how many refused rows a result lists; a report has all of them.
const MaxRefused = 1000

// Refused is a row that cannot come in, and why.
type Refused struct {
	Row    int               `json:"row"` // in the file, counted from 1
	Errors []CellError       `json:"errors"`
	Cells  map[string]string `json:"cells,omitempty"` // dry run: what its mapped columns hold, for a Fix; long texts are left out
}

// maxFixable is how long a text may be that is offered to be put right.
const maxFixable = 2000 // bytes

// cells gives the texts of a row's mapped columns by their names.
func (p *plan) cells(cells []string) map[string]string {
	out := map[string]string{}
	take := func(i int) {
		if i >= 0 && i < len(cells) && len(cells[i]) <= maxFixable {
			out[p.src.Columns[i].Name] = cells[i]
		}
	}
	for _, t := range p.targets {
		take(t.column)
		for _, part := range t.parts {
			take(part.column)
		}
	}
	return out
}

// CellError is one thing that is wrong with a row.
type CellError struct {
	Column  string         `json:"column,omitempty"` // of the file
	Field   string         `json:"field,omitempty"`  // key
	Code    string         `json:"code"`
	Params  map[string]any `json:"params,omitempty"`
	Message string         `json:"message"` // in the actor's language
}

// RuleRuns is how often an automation would run.
type RuleRuns struct {
	ID   string      `json:"id"`
	Key  string      `json:"key"`
	Name schema.Text `json:"name"`
	Mode string      `json:"mode"` // async, sync, validate
	Runs int         `json:"runs"`
}

// report writes refused rows as a table: the row's number, what is wrong, and
// the row as it was.
type report struct {
	w   *csv.Writer
	src *Source
}

func newReport(w io.Writer, src *Source, locale string) (*report, error) {
	if w == nil {
		return nil, nil
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // for spreadsheets
		return nil, err
	}
	r := &report{csv.NewWriter(w), src}
	head := []string{schema.Text{ZH: "行号", EN: "Row"}.In(locale), schema.Text{ZH: "问题", EN: "Problem"}.In(locale)}
	for _, c := range src.Columns {
		head = append(head, c.Name)
	}
	return r, r.w.Write(head)
}

func (r *report) row(x *Refused, cells []string) error {
	if r == nil {
		return nil
	}
	var why []string
	for _, e := range x.Errors {
		at := e.Column
		if at == "" {
			at = e.Field
		}
		if at != "" {
			at += ": "
		}
		why = append(why, at+e.Message)
	}
	line := []string{itoa(x.Row), strings.Join(why, "; ")}
	for _, c := range cells {
		line = append(line, inert(c))
	}
	return r.w.Write(line)
}

func (r *report) flush() error {
	if r == nil {
		return nil
	}
	r.w.Flush()
	return r.w.Error()
}

// cellErrors words the faults of a row.
func (p *plan) cellErrors(l fault.List, locale string) []CellError {
	out := make([]CellError, 0, len(l))
	for _, f := range l {
		key, _, _ := strings.Cut(f.Path, "/")
		e := CellError{Field: key, Code: f.Code, Params: f.Params, Message: f.Text(locale)}
		if m := p.ent.Field(key); m != nil {
			e.Field = m.Key()
			for _, t := range p.targets {
				if t.f == m && t.column >= 0 {
					e.Column = p.src.Columns[t.column].Name
				}
			}
		}
		out = append(out, e)
	}
	return out
}
