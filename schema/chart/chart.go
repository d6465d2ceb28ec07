// Package chart knows every widget of a dashboard: its settings, and what it
// asks of the records.
//
// A widget type is one declarative Spec in one file. Bind turns a widget's
// configuration into a Plan of queries once, at publish; the engine runs the
// plan under the reader's rights and the frontend draws the rows. Other
// packages ask a plan for its source and queries, never a widget for its type.
// The package never reads records and never reads a clock: Range is given now.
//
// To add one: write x.go with `var _ = Define(Spec[xConfig]{…})` and the folder
// frontend/src/charts/x; the conformance test walks the registry.
package chart

import (
	"encoding/json"

	"tenon/schema/catalog"
	"tenon/schema/fault"
	"tenon/schema/field"
	"tenon/schema/panel"
)

// Label is a text in both languages.
type Label = catalog.Label

// Source says where a widget's content comes from.
type Source string

// The sources.
const (
	Aggregate Source = "aggregate" // groups and measures over records
	Records   Source = "records"   // a list of records
	Tasks     Source = "tasks"     // the reader's tasks
	Static    Source = "static"    // the definition itself
)

// Group is one axis: a field, and for dates the span that makes a bar.
type Group struct {
	Field  string `json:"field"`
	Bucket string `json:"bucket,omitempty"` // day week month quarter year
}

// Measure is one number per group.
type Measure struct {
	Fn    string          `json:"fn"`              // count sum avg min max
	Field string          `json:"field,omitempty"` // blank for count
	Label json.RawMessage `json:"label,omitempty"` // text or {"zh-CN","en-US"}
}

// Sort orders the records of a list by a field id or a system key.
type Sort struct {
	Field string `json:"field"`
	Desc  bool   `json:"desc,omitempty"`
}

// Query is one question to the records of an entity.
type Query struct {
	Name      string // main, previous, ratio, ratio_previous
	Entity    string
	Filter    string // expression, blank for all
	GroupBy   []Group
	Measures  []Measure
	Fields    []string // records: what is shown
	Sort      []Sort   // records
	Order     string   // groups: label -label value -value, blank for the axis's own order
	Limit     int
	DateField string // with Period: the date that must lie in it
	Period    string // see Range
	Previous  bool   // the period before Period instead
}

// Plan is what a widget needs to be drawn.
type Plan struct {
	Source  Source
	Queries []Query
	Scope   string          // tasks: mine or created
	Goal    string          // expression for the value to reach, blank for none
	Actions []string        // ids of button rules offered per record
	Order   []string        // choice keys in the order of a funnel's steps
	Text    json.RawMessage // text or {"zh-CN","en-US"}
	Refs    []panel.Ref     // entities, fields and expressions named by the configuration
}

// Arity says how many dimensions and measures a type draws.
type Arity struct {
	Dimensions int `json:"dimensions"`
	Measures   int `json:"measures"` // -1: any number
}

// Example is a documented configuration: the names of its queries, or a fault
// code. The conformance test runs it against an entity `deal` that has a field
// of every type, keyed by the type's name.
type Example struct {
	Config  string
	Queries string
	Err     string
}

// Spec declares a widget type whose configuration decodes into C.
type Spec[C any] struct {
	Name, Group, Icon string
	Label, Help       Label
	Options           string // JSON Schema of the configuration
	Source            Source
	Arity             Arity
	Plan              func(c C, p *Plan) error
	Examples          []Example
}

// Type is a registered widget type.
type Type interface {
	catalog.Part
	// Bind checks and decodes a configuration once, at publish.
	Bind(config json.RawMessage) (*Plan, error)
	Examples() []Example
}

// Types is the registry of widget types.
var Types = catalog.New[Type]("widget type")

type typ[C any] struct{ spec Spec[C] }

// Define registers a widget type.
func Define[C any](s Spec[C]) Type { return Types.Register(&typ[C]{s}) }

func (t *typ[C]) Entry() catalog.Entry {
	s := t.spec
	return catalog.Entry{Name: s.Name, Group: s.Group, Icon: s.Icon, Label: s.Label, Help: s.Help,
		Options: json.RawMessage(s.Options), Version: 1, Extra: map[string]any{"source": s.Source, "arity": s.Arity}}
}

func (t *typ[C]) Examples() []Example { return t.spec.Examples }

func (t *typ[C]) Bind(config json.RawMessage) (*Plan, error) {
	if len(config) == 0 {
		config = json.RawMessage("{}")
	}
	if err := Types.CheckOptions(t.spec.Name, config); err != nil {
		return nil, err
	}
	var c C
	if err := json.Unmarshal(config, &c); err != nil {
		return nil, catalog.ErrNotJSON.New().Because(err)
	}
	p := &Plan{Source: t.spec.Source, Refs: panel.Refs(json.RawMessage(t.spec.Options), config)}
	if err := t.spec.Plan(c, p); err != nil {
		return nil, err
	}
	return p, nil
}

// Bind binds a widget's configuration by the type's name; unknown names are a fault.
func Bind(name string, config json.RawMessage) (*Plan, error) {
	t, ok := Types.Get(name)
	if !ok {
		return nil, catalog.ErrUnknown.With("name", name).With("what", "widget type")
	}
	return t.Bind(config)
}

// Check finds what is wrong with a widget's configuration, the fields it names
// included. find returns a field, or system field, of an entity by id; nil if
// there is none.
func Check(name string, config json.RawMessage, find func(entity, id string) *field.Bound) error {
	p, err := Bind(name, config)
	if err != nil {
		return err
	}
	return field.CheckRefs(p.Refs, func(r panel.Ref) *field.Bound { return find(r.Entity, r.Value) })
}

// errMeasure is a measure that lacks what it measures.
var errMeasure = fault.Define(fault.Invalid, "chart.measure", "除计数外，都要选择统计哪个字段", "everything but a count needs a field to measure")

// measured refuses measures without a field and drops the field of counts.
func measured(path string, m *Measure) error {
	if m.Fn == "count" {
		m.Field = ""
		return nil
	}
	if m.Field == "" {
		return errMeasure.At(path + "/field")
	}
	return nil
}
