package transfer

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/query"
	"tenon/engine/record"
	"tenon/schema"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Export says which records are written and how.
type Export struct {
	Format string // csv, xlsx, ndjson
	Filter string
	Search string
	Sort   []query.Sort
	IDs    []string // only these
	Except []string
	Fields []string // keys; nil: all that the actor may read, without sub-forms
	// Keys writes what programs read: keys of fields and options, ids, numbers
	// and instants as they are. Otherwise headings and texts are for people.
	Keys     bool
	Progress Progress
}

// Faults of exports.
var (
	ErrFormat  = fault.Define(fault.Invalid, "export.format", "不支持导出为“{format}”", "\"{format}\" is not a format that can be written")
	ErrStopped = fault.Define(fault.Invalid, "export.stopped", "导出已取消", "the export was cancelled")
)

// pageRows is how many records are read at a time.
const pageRows = query.MaxLimit

// Write writes the records of an entity that the actor may see, each field as
// the actor may see it, and says how many there were. Memory is bounded by a
// page of records.
func Write(ctx context.Context, e *engine.Engine, actor *access.Actor, appID, entity string, x Export, w io.Writer) (int, error) {
	o, err := Begin(ctx, e, actor, appID, entity, x)
	if err != nil {
		return 0, err
	}
	return o.Write(ctx, w)
}

// Begin prepares an export and reads its first page, so that what is wrong
// with the request is known before anything is written.
func Begin(ctx context.Context, e *engine.Engine, actor *access.Actor, appID, entity string, x Export) (*Exporter, error) {
	s, err := e.Reader(ctx, actor, appID)
	if err != nil {
		return nil, err
	}
	ent := s.Snap.Entity(entity)
	if ent == nil || ent.Parent != nil {
		return nil, engine.ErrNoEntity.With("ref", entity)
	}
	for _, op := range []string{"read", "export"} {
		if err := s.Rights.On(ent).Need(op); err != nil {
			return nil, err
		}
	}
	o := &Exporter{e: e, actor: actor, app: appID, s: s, ent: ent, x: x, zh: e.DB.Collation()}
	if err := o.choose(); err != nil {
		return nil, err
	}
	switch x.Format {
	case "ndjson":
		o.jsons, err = o.list(ctx, "")
	case "csv", "xlsx":
		o.first, err = o.read(ctx, "")
	default:
		err = ErrFormat.At("format").With("format", x.Format)
	}
	return o, err
}

// Write writes the file and says how many records it has.
func (o *Exporter) Write(ctx context.Context, w io.Writer) (int, error) {
	var err error
	switch o.x.Format {
	case "ndjson":
		err = o.lines(ctx, w)
	case "csv":
		err = o.csv(ctx, w)
	case "xlsx":
		err = o.xlsx(ctx, w)
	}
	return o.n, err
}

// Entity is the id of the exported entity.
func (o *Exporter) Entity() string { return o.ent.ID() }

// Name is what a file of the export is called.
func (o *Exporter) Name() string {
	if o.x.Keys || o.x.Format == "ndjson" {
		return o.ent.Key() + "." + o.x.Format
	}
	return o.ent.Def.Name.In(o.actor.Locale) + "." + o.x.Format
}

// Exporter writes one export.
type Exporter struct {
	e      *engine.Engine
	actor  *access.Actor
	app    string
	s      *record.Session
	ent    *schema.EntityModel
	x      Export
	fields []*schema.FieldModel
	zh     string // the collation of user-visible order
	first  *page
	jsons  *jsonPage
	n      int
}

// choose finds the fields to write: what was asked for, as far as it may be
// seen at all.
func (o *Exporter) choose() error {
	r := o.s.Rights.On(o.ent)
	if o.x.Fields != nil {
		for _, k := range o.x.Fields {
			f := o.ent.Field(k)
			if f == nil {
				return schema.ErrNoField.At("fields").With("ref", k)
			}
			if !r.Readable(f) && !f.System {
				return access.ErrHidden.At("fields").With("field", f.Def.Name)
			}
			o.fields = append(o.fields, f)
		}
		return nil
	}
	for _, f := range o.ent.Fields {
		if f.Sub == nil && r.Readable(f) {
			o.fields = append(o.fields, f)
		}
	}
	for _, k := range []string{"owner", "created_at", "created_by"} {
		o.fields = append(o.fields, o.ent.Field(k))
	}
	return nil
}

func (o *Exporter) request(cursor string) query.Request {
	r := query.Request{Filter: o.x.Filter, Search: o.x.Search, Sort: o.x.Sort, IDs: o.x.IDs, Except: o.x.Except, Limit: pageRows, Cursor: cursor, Fields: []string{}, Collation: o.zh}
	for _, f := range o.fields {
		r.Fields = append(r.Fields, f.ID())
	}
	return r
}

// jsonPage is a page of records as lists show them.
type jsonPage struct {
	Records []json.RawMessage `json:"records"`
	Next    string            `json:"next_cursor"`
}

func (o *Exporter) list(ctx context.Context, cursor string) (*jsonPage, error) {
	b, err := o.e.List(ctx, o.actor, o.app, o.ent.ID(), engine.ListRequest{Request: o.request(cursor)})
	if err != nil {
		return nil, err
	}
	p := &jsonPage{}
	return p, json.Unmarshal(b, p)
}

// lines writes records as the API shows them, one JSON object a line.
func (o *Exporter) lines(ctx context.Context, w io.Writer) (err error) {
	b := bufio.NewWriterSize(w, 64<<10)
	for p := o.jsons; ; {
		for _, r := range p.Records {
			if _, err := b.Write(append(r, '\n')); err != nil {
				return err
			}
		}
		if err := o.told(len(p.Records)); err != nil {
			return err
		}
		if p.Next == "" {
			return b.Flush()
		}
		if p, err = o.list(ctx, p.Next); err != nil {
			return err
		}
	}
}

func (o *Exporter) told(n int) error {
	o.n += n
	if o.x.Progress == nil {
		return nil
	}
	stop, err := o.x.Progress(o.n, 0)
	if err == nil && stop {
		err = ErrStopped.New()
	}
	return err
}

// cell is a value to write, with how much of it the actor may see.
type cell struct {
	f     *schema.FieldModel
	v     value.Value
	text  string // a masked value
	shown bool
}

// page is a page of records, each as one cell per field.
type page struct {
	rows [][]cell
	env  field.Env
	next string // the cursor of the page after it
}

// What stands for a linked record without a title, and for one that the reader
// may not see: ids are for programs.
var (
	untitled   = schema.Text{ZH: "未命名", EN: "Untitled"}
	unreadable = schema.Text{ZH: "无权查看", EN: "No access"}
)

func (o *Exporter) read(ctx context.Context, cursor string) (*page, error) {
	// A session remembers what it reads, so each page has its own.
	s, err := o.e.Reader(ctx, o.actor, o.app)
	if err != nil {
		return nil, err
	}
	ent := s.Snap.Entity(o.ent.ID())
	if ent == nil {
		return nil, engine.ErrNoEntity.With("ref", o.ent.Key())
	}
	sel, err := query.List(s.Snap.Model, s.Env(nil, nil), s.Rights, ent, o.request(cursor))
	if err != nil {
		return nil, err
	}
	res, err := s.Do(sel.Stmt)
	if err != nil {
		return nil, err
	}
	rows := res[0].Rows
	p := &page{}
	if len(rows) > sel.Limit {
		rows = rows[:sel.Limit]
		p.next = sel.Cursor(rows[len(rows)-1])
	}
	p.rows = make([][]cell, len(rows))
	refs := map[string]bool{}
	for i, row := range rows {
		p.rows[i] = o.cells(sel, row, refs)
	}
	p.env = s.FieldEnv()
	names := o.e.NamesOf(s, ent, sortedKeys(refs))
	p.env.Name = func(kind, id string) string {
		switch name, found := names[id]; {
		case name != "" || kind != field.NameRecord:
			return name
		case found:
			return untitled.In(p.env.Locale)
		}
		return unreadable.In(p.env.Locale)
	}
	return p, nil
}

// rows visits the records, page by page.
func (o *Exporter) rows(ctx context.Context, visit func(cells []cell, env field.Env) error) (err error) {
	for p := o.first; ; {
		for _, cells := range p.rows {
			if err := visit(cells, p.env); err != nil {
				return err
			}
		}
		if err := o.told(len(p.rows)); err != nil || p.next == "" {
			return err
		}
		if p, err = o.read(ctx, p.next); err != nil {
			return err
		}
	}
}

// cells reads a result row and notes which ids need names.
func (o *Exporter) cells(sel *query.Select, row [][]byte, refs map[string]bool) []cell {
	out := make([]cell, len(o.fields))
	at := map[string]query.Column{}
	for _, c := range sel.Columns {
		at[c.Field.ID()] = c
	}
	for i, f := range o.fields {
		out[i].f = f
		switch f.Key() {
		case "id":
			out[i].v, out[i].shown = value.OfRef(string(row[sel.ID])), true
			continue
		case "rev":
			out[i].v, out[i].shown = query.ReadKind(value.Number, value.Null, row[sel.Rev]), true
			continue
		}
		c, ok := at[f.ID()]
		if !ok {
			continue
		}
		raw, level := c.Shown(row)
		switch {
		case raw == nil || level == access.Hidden:
			continue
		case level == access.Partial:
			out[i].text = field.MaskPartial(f.Mask, string(raw))
			continue
		}
		out[i].v, out[i].shown = query.ReadWire(c.Field, raw), true
		wantNames(c.Field, out[i].v, refs)
	}
	return out
}

func wantNames(f *schema.FieldModel, v value.Value, refs map[string]bool) {
	switch {
	case f.Sub != nil:
		for _, r := range v.Rows() {
			for _, c := range f.Sub.Fields {
				wantNames(c, r.Values[c.Key()], refs)
			}
		}
	case f.Traits.HoldsUser || f.Traits.HoldsDept || f.Target != nil:
		if v.Kind() == value.Ref {
			refs[v.Text()] = true
		}
		for _, x := range v.List() {
			refs[x.Text()] = true
		}
	}
}

// words is a cell's text.
func (o *Exporter) words(c cell, env field.Env) string {
	switch {
	case c.text != "":
		return c.text
	case c.v.IsNull():
		return ""
	case c.f.Sub != nil && o.x.Keys:
		return string(c.v.AppendJSON(nil))
	case c.f.Sub != nil:
		var lines []string
		for _, r := range c.v.Rows() {
			var parts []string
			for _, col := range c.f.Sub.Fields {
				if t := o.words(cell{f: col, v: r.Values[col.Key()], shown: true}, env); t != "" {
					parts = append(parts, t)
				}
			}
			lines = append(lines, strings.Join(parts, ", "))
		}
		return strings.Join(lines, "\n")
	case o.x.Keys && c.v.Kind() == value.Time:
		return c.v.Time().UTC().Format("2006-01-02T15:04:05.999999Z")
	case o.x.Keys || c.v.Kind() == value.Number:
		return c.v.String() // a number without separators can be read again
	}
	return c.f.Format(c.v, env)
}

func (o *Exporter) headings() []string {
	out := make([]string, len(o.fields))
	for i, f := range o.fields {
		if out[i] = f.Key(); !o.x.Keys {
			out[i] = f.Def.Name.In(o.actor.Locale)
		}
	}
	return out
}

func (o *Exporter) csv(ctx context.Context, w io.Writer) error {
	// The mark makes spreadsheets read the text as what it is.
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	if err := c.Write(o.headings()); err != nil {
		return err
	}
	line := make([]string, len(o.fields))
	err := o.rows(ctx, func(cells []cell, env field.Env) error {
		for i, x := range cells {
			if line[i] = o.words(x, env); x.v.Kind() != value.Number {
				line[i] = inert(line[i])
			}
		}
		return c.Write(line)
	})
	c.Flush()
	if err == nil {
		err = c.Error()
	}
	return err
}

// inert keeps a spreadsheet from taking a text for a formula, full-width signs
// included; reading takes the mark away again.
func inert(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune(formulaSigns, first) {
		return "'" + s
	}
	return s
}

// formulaSigns are what a text may not begin with in a spreadsheet.
const formulaSigns = "=+-@\t\r\n＝＋－＠"

// sheetRows is how many rows a sheet can hold.
const sheetRows = 1 << 20

func (o *Exporter) xlsx(ctx context.Context, w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	b := &book{o: o, f: f}
	if err := b.styles(); err != nil {
		return err
	}
	if err := b.sheet(); err != nil {
		return err
	}
	err = o.rows(ctx, func(cells []cell, env field.Env) error {
		if b.row == sheetRows {
			if err := b.sheet(); err != nil {
				return err
			}
		}
		line := make([]any, len(cells))
		for i, c := range cells {
			line[i] = b.cell(c, env)
		}
		return b.put(line)
	})
	if err == nil {
		err = b.sw.Flush()
	}
	if err == nil {
		err = f.Write(w)
	}
	return err
}

// book writes a workbook as a stream.
type book struct {
	o                              *Exporter
	f                              *excelize.File
	sw                             *excelize.StreamWriter
	sheets, row                    int
	head, date, moment, rate, wrap int // styles
}

func (b *book) styles() error {
	add := func(into *int, s excelize.Style) error {
		id, err := b.f.NewStyle(&s)
		*into = id
		return err
	}
	date, moment := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	for _, err := range []error{
		add(&b.head, excelize.Style{Font: &excelize.Font{Bold: true}}),
		add(&b.date, excelize.Style{CustomNumFmt: &date}),
		add(&b.moment, excelize.Style{CustomNumFmt: &moment}),
		add(&b.rate, excelize.Style{NumFmt: 10}),
		add(&b.wrap, excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// sheet begins a sheet with its headings.
func (b *book) sheet() error {
	if b.sw != nil {
		if err := b.sw.Flush(); err != nil {
			return err
		}
	}
	b.sheets++
	name := sheetName(b.o.ent.Def.Name.In(b.o.actor.Locale))
	if b.sheets > 1 {
		name += " " + itoa(b.sheets)
		if _, err := b.f.NewSheet(name); err != nil {
			return err
		}
	} else if err := b.f.SetSheetName(b.f.GetSheetName(0), name); err != nil {
		return err
	}
	var err error
	if b.sw, err = b.f.NewStreamWriter(name); err != nil {
		return err
	}
	for i, f := range b.o.fields {
		width := 14.0
		switch f.Kind {
		case value.Text, value.Object, value.Rows:
			width = 24
		case value.Time:
			width = 20
		}
		if err := b.sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := b.sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	b.row = 0
	line := make([]any, 0, len(b.o.fields))
	for _, h := range b.o.headings() {
		line = append(line, excelize.Cell{StyleID: b.head, Value: h})
	}
	return b.put(line)
}

func (b *book) put(line []any) error {
	b.row++
	at, err := excelize.CoordinatesToCellName(1, b.row)
	if err != nil {
		return err
	}
	return b.sw.SetRow(at, line)
}

// cell gives dates and numbers as such, except numbers longer than a
// spreadsheet can hold.
func (b *book) cell(c cell, env field.Env) any {
	if c.shown && !b.o.x.Keys {
		switch c.v.Kind() {
		case value.Date:
			return excelize.Cell{StyleID: b.date, Value: c.v.Time()}
		case value.Time:
			t := c.v.Time().In(env.Location())
			return excelize.Cell{StyleID: b.moment, Value: time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)}
		}
	}
	if c.shown && c.v.Kind() == value.Number && len(strings.Trim(c.v.String(), "-.")) <= 15 {
		n, _ := c.v.Number().Float64()
		if strings.HasSuffix(c.f.Format(c.v, env), "%") {
			return excelize.Cell{StyleID: b.rate, Value: n}
		}
		return n
	}
	text := b.o.words(c, env)
	if strings.Contains(text, "\n") {
		return excelize.Cell{StyleID: b.wrap, Value: text}
	}
	if text == "" {
		return nil
	}
	return text
}

// sheetName makes a name that a sheet may have.
func sheetName(s string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, s), "' ")
	if r := []rune(s); len(r) > 25 {
		s = string(r[:25])
	}
	if s == "" {
		return "Data"
	}
	return s
}
