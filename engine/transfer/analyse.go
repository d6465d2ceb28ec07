package transfer

import (
	"context"
	"encoding/json"
	"sort"
	"strings"

	"tenon/engine"
	"tenon/engine/access"
	"tenon/engine/record"
	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
	"tenon/schema/value"
)

// Analysis is what a wizard shows of a file before anything is decided.
type Analysis struct {
	Name      string     `json:"name"`
	Kind      string     `json:"kind"`
	Sheets    []string   `json:"sheets,omitempty"`
	Sheet     string     `json:"sheet,omitempty"`
	Encoding  string     `json:"encoding,omitempty"`
	Delimiter string     `json:"delimiter,omitempty"`
	Rows      int        `json:"rows"`
	Columns   []Column   `json:"columns"`
	Preview   [][]string `json:"preview"`           // the first rows
	Mapping   *Mapping   `json:"mapping,omitempty"` // a proposal
}

// Column is what is known of a column.
type Column struct {
	Name
	Samples  []string        `json:"samples"`
	Filled   int             `json:"filled"`
	Distinct int             `json:"distinct"` // counted up to maxDistinct
	Type     string          `json:"type"`     // of a new field for it
	Options  json.RawMessage `json:"options,omitempty"`
	Field    string          `json:"field,omitempty"` // the field it seems to mean
}

const (
	maxSamples  = 2000 // per column, for guessing
	maxDistinct = 1000
	maxPreview  = 20
)

// Analyse reads a whole table and says what is in it. For an entity it also
// proposes which columns fill which fields.
func Analyse(ctx context.Context, e *engine.Engine, actor *access.Actor, appID, entity string, src *Source) (*Analysis, error) {
	a := &Analysis{Name: src.Name, Kind: src.Kind, Sheets: src.Sheets, Sheet: src.Sheet, Encoding: src.Encoding, Delimiter: src.Delimiter, Preview: [][]string{}}
	cols, err := survey(ctx, src, a)
	if err != nil {
		return nil, err
	}
	for i, c := range cols {
		x := Column{Name: src.Columns[i], Samples: []string{}, Filled: c.filled, Distinct: len(c.seen)}
		x.Type, x.Options = field.TypeGuess(c.samples)
		x.Samples = append(x.Samples, c.first...)
		a.Columns = append(a.Columns, x)
	}
	if entity == "" {
		return a, nil
	}
	s, err := e.Reader(ctx, actor, appID)
	if err != nil {
		return nil, err
	}
	ent := s.Snap.Entity(entity)
	if ent == nil || ent.Parent != nil {
		return nil, engine.ErrNoEntity.With("ref", entity)
	}
	if err := s.Rights.On(ent).Need("import"); err != nil {
		return nil, err
	}
	if a.Mapping, err = propose(s, ent, a.Columns, cols); err != nil {
		return nil, err
	}
	for _, m := range a.Mapping.Columns {
		for i := range a.Columns {
			if a.Columns[i].Name.Name == m.Column {
				a.Columns[i].Field = m.Field
			}
		}
	}
	return a, nil
}

// surveyed is what one reading of a table gathers of a column.
type surveyed struct {
	filled  int
	first   []string // the first different texts
	samples []string
	seen    map[string]bool
	longest int
}

// survey reads the table once. Samples come from the whole of it: the longer
// it is, the farther apart they are.
func survey(ctx context.Context, src *Source, a *Analysis) ([]*surveyed, error) {
	cols := make([]*surveyed, len(src.Columns))
	for i := range cols {
		cols[i] = &surveyed{seen: map[string]bool{}}
	}
	step := 1
	err := src.Each(ctx, func(_ int, cells []string) error {
		a.Rows++
		if len(a.Preview) < maxPreview {
			a.Preview = append(a.Preview, append([]string{}, cells...))
		}
		take := a.Rows%step == 0
		full := false
		for i, text := range cells {
			c := cols[i]
			if text == "" {
				continue
			}
			c.filled++
			c.longest = max(c.longest, len(text))
			if len(c.seen) < maxDistinct && !c.seen[text] {
				text = strings.Clone(text)
				c.seen[text] = true
				if len(c.first) < 5 {
					c.first = append(c.first, text)
				}
			}
			if take {
				c.samples = append(c.samples, strings.Clone(text))
				full = full || len(c.samples) >= maxSamples
			}
		}
		if full { // keep every other one, and take half as many from here on
			step *= 2
			for _, c := range cols {
				half := c.samples[:0]
				for i := 0; i < len(c.samples); i += 2 {
					half = append(half, c.samples[i])
				}
				c.samples = half
			}
		}
		return nil
	})
	return cols, err
}

// fillable lists the fields that an import may fill, by key.
func fillable(s *record.Session, ent *schema.EntityModel) []*schema.FieldModel {
	var out []*schema.FieldModel
	for _, f := range append([]*schema.FieldModel{ent.Field("owner")}, ent.Fields...) {
		if f.Traits.Computed || f.Traits.Generated || f.Traits.HoldsFile || f.Sub != nil || f.Parse == nil {
			continue
		}
		if !s.Rights.On(ent).Full && !s.Rights.On(ent).Readable(f) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// propose maps columns to fields with the same key or name, says how links are
// found, and takes a unique field to recognise records by.
func propose(s *record.Session, ent *schema.EntityModel, cols []Column, data []*surveyed) (*Mapping, error) {
	m := &Mapping{Entity: ent.Key(), Mode: ModeCreate, Columns: []ColumnMap{}}
	names := map[string]*schema.FieldModel{}
	for _, f := range fillable(s, ent) {
		for _, n := range []string{f.Key(), f.Def.Name.ZH, f.Def.Name.EN} {
			if n = same(n); n != "" && names[n] == nil {
				names[n] = f
			}
		}
	}
	taken := map[*schema.FieldModel]bool{}
	for i, c := range cols {
		f := names[same(c.Name.Name)]
		if f == nil || taken[f] {
			continue
		}
		taken[f] = true
		x := ColumnMap{Field: f.Key(), Column: c.Name.Name}
		switch {
		case f.Target != nil:
			var err error
			if x.Find, err = finders(s, f.Target, data[i].samples); err != nil {
				return nil, err
			}
		case f.Traits.HoldsUser:
			x.Find = []string{"name", "email"}
		}
		m.Columns = append(m.Columns, x)
		if f.Def.Unique && len(m.Match) == 0 && data[i].filled > 0 {
			m.Mode, m.Match = ModeUpsert, []string{f.Key()}
		}
	}
	return m, nil
}

// finders lists the fields of a link's target by which its texts may find
// records, the one that finds most of the samples first.
func finders(s *record.Session, target *schema.EntityModel, samples []string) ([]string, error) {
	type candidate struct {
		f     *schema.FieldModel
		found int
	}
	var all []candidate
	titled := map[string]bool{}
	if target.Title != nil {
		for _, f := range target.Fields {
			if strings.Contains(target.Def.Title, "{"+f.Key()+"}") {
				titled[f.ID()] = true
			}
		}
	}
	texts := distinct(samples, 200)
	env := s.FieldEnv()
	for _, f := range target.Fields {
		if !findable(f) || !s.Rights.On(target).Readable(f) || !(f.Def.Unique || f.Traits.Generated || titled[f.ID()]) {
			continue
		}
		n := 0
		if len(texts) > 0 && s.Rights.On(target).Can("read") {
			found, err := find(s, target, []*schema.FieldModel{f}, [][]string{canonicals(f, texts, env)})
			if err != nil {
				return nil, err
			}
			n = len(found)
		}
		all = append(all, candidate{f, n})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].found > all[j].found })
	out := []string{}
	for i, c := range all {
		if i == 0 || c.found > 0 {
			out = append(out, c.f.Key())
		}
	}
	return out, nil
}

// findable reports whether records can be looked up by a field's texts.
func findable(f *schema.FieldModel) bool {
	if f == nil || f.Column == "" || f.Storage != field.Column || f.DB.SQL == "jsonb" {
		return false
	}
	switch f.Kind {
	case value.Text, value.Number, value.Date, value.Ref, value.Time:
		return true
	}
	return false
}

func distinct(l []string, most int) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, s := range l {
		if s != "" && !seen[s] && len(out) < most {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// find looks up records that the actor may read whose fields have the texts:
// key (the canonical texts of the fields, joined) → ids. Texts that a field
// cannot hold find nothing.
func find(s *record.Session, ent *schema.EntityModel, fs []*schema.FieldModel, texts [][]string) (map[string][]string, error) {
	where, args, err := readable(s, ent)
	if err != nil {
		return nil, err
	}
	cols := make([]store.Among, len(fs))
	for i, f := range fs {
		cols[i] = store.Among{Column: f.Column, SQL: f.DB.SQL, Texts: texts[i]}
	}
	res, err := s.Do(store.FindAmong(ent.Schema, ent.Table, where, args, cols))
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, row := range res[0].Rows {
		key := ""
		for i, f := range fs {
			key = joinKey(key, keyText(readRaw(f, row[i+1])), i)
		}
		out[key] = append(out[key], string(row[0]))
	}
	return out, nil
}

func joinKey(key, part string, i int) string {
	if i == 0 {
		return part
	}
	return key + "\x00" + part
}

// canonicals are the texts that a field can hold, as it would hold them.
func canonicals(f *schema.FieldModel, texts []string, env field.Env) []string {
	out := []string{}
	for _, t := range texts {
		if c, ok := canonical(f, t, env); ok {
			out = append(out, c)
		}
	}
	return out
}
