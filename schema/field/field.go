// Package field knows every field type: how its values are parsed, checked,
// formatted and stored.
//
// A type is one declarative Spec in one file, examples included; the examples
// are its tests and its documentation. Other packages may ask a bound field
// for its kind, traits and optional parts (Link, Rollup, …), never for its
// name. A type never does I/O: what it needs from outside (a sequence, a
// linked record) it declares, and the engine fetches.
//
// To add one: write x.go with `var _ = Define(Spec[xOptions]{…})` and the
// folder frontend/src/fields/x; the conformance test walks the registry.
package field

import (
	"encoding/json"
	"time"

	"tenon/schema/catalog"
	"tenon/schema/value"
)

// Label is a text in both languages.
type Label = catalog.Label

// Storage says where a field's values live.
type Storage uint8

// The storages.
const (
	Column  Storage = iota // a typed column of the entity's table
	Links                  // a link table with foreign keys
	Child                  // a child table, one row per sub-form row
	Virtual                // nowhere: computed on read
)

// Traits are the facts other packages may branch on instead of type names.
type Traits struct {
	Computed   bool `json:"computed,omitempty"`   // written by the engine only
	Generated  bool `json:"generated,omitempty"`  // assigned once by the engine (serial)
	Multiple   bool `json:"multiple,omitempty"`   // several values
	Searchable bool `json:"searchable,omitempty"` // takes part in text search
	Groupable  bool `json:"groupable,omitempty"`  // sensible as a group or chart axis
	Sortable   bool `json:"sortable,omitempty"`
	Filterable bool `json:"filterable,omitempty"`
	Uniquable  bool `json:"uniquable,omitempty"`
	HoldsRef   bool `json:"holds_ref,omitempty"`    // values are ids of records
	HoldsUser  bool `json:"holds_member,omitempty"` // values are ids of members
	HoldsDept  bool `json:"holds_department,omitempty"`
	HoldsFile  bool `json:"holds_file,omitempty"`
	HoldsMail  bool `json:"holds_mail,omitempty"` // values are e-mail addresses
}

// Env is what parsing and formatting may know of the surroundings.
type Env struct {
	Zone   *time.Location // the workspace's time zone; nil means UTC
	Locale string         // "zh-CN" or "en-US", for Format
	// Name resolves a member, department or record id to its display name;
	// it may be nil, then ids are shown.
	Name func(kind, id string) string
}

// Location returns the zone, UTC if unset.
func (e Env) Location() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// Choice is one option of a select: a stable key, a label, one of the 12 hues.
type Choice struct {
	Key     string          `json:"key"`
	Label   json.RawMessage `json:"label" is:"text"` // text or {"zh-CN","en-US"}
	Hue     string          `json:"hue,omitempty" enum:"gray red orange amber lime green jade cyan blue indigo violet pink"`
	Aliases []string        `json:"aliases,omitempty"`
	Retired bool            `json:"retired,omitempty"`
}

// LinkSpec says what a link field points to.
type LinkSpec struct {
	Entity   string     // entity id
	Many     bool       // several targets (link table)
	OnDelete string     // what purging the target does: restrict, null, cascade
	Filter   string     // expression over the target as `it` and the record being edited
	Fill     []FillRule // what picking a target copies
}

// FillRule copies one field of the picked record, or a sub-form's rows.
type FillRule struct {
	From string            `json:"from"`           // field id on the target
	To   string            `json:"to"`             // field id on this record
	Rows map[string]string `json:"rows,omitempty"` // column id on the target's sub-form → column id here
}

// LookupSpec says which field a lookup shows, through which link.
type LookupSpec struct{ Link, Field string }

// RollupSpec says what a rollup aggregates: the records of Entity whose link
// field Via points here, or the rows of the own sub-form Rows.
type RollupSpec struct {
	Entity, Via string // related records that link here; or
	Rows        string // own sub-form field id
	Fn          string // sum count avg min max first last
	Field       string // aggregated field id; empty for count
	Filter      string // condition over the related record
}

// FormulaSpec is a computed expression with a declared result.
type FormulaSpec struct {
	Expr   string
	Result value.Kind
}

// SerialSpec describes a serial number: literal text, date parts, a counter.
type SerialSpec struct {
	Pattern string // e.g. "XS{yyyyMMdd}{0000}"
	Reset   string // never, day, month, year
	Start   int64
	GapFree bool
}

// PeopleSpec limits whom a member field offers; blank lists offer everybody.
type PeopleSpec struct {
	Departments []string // department ids, descendants included
	Roles       []string // role ids of the app
	DefaultMe   bool     // a new record starts with the person who makes it
}

// DB is the column behind a field.
type DB struct {
	SQL string // type as in DDL, e.g. numeric(20,2), text[], uuid
	OID uint32 // Postgres type OID of parameters and results
}

// Bound is a field type bound to its options: all the engine needs at run time.
type Bound struct {
	Type    string
	Kind    value.Kind // kind of the whole value
	Elem    value.Kind // kind of one element when Kind is List
	Storage Storage
	DB      DB
	Traits  Traits

	// Parse turns a decoded JSON value (nil, bool, json.Number, string, []any,
	// map[string]any) into a canonical value, or a fault. Text that people type
	// or import (full-width digits, labels of options) is accepted where it is
	// unambiguous. nil and blank text give null.
	Parse func(raw any, env Env) (value.Value, error)
	// Check holds the rules of the options (range, length, pattern).
	Check func(v value.Value) error
	// Format gives the text shown in titles, exports and messages.
	Format func(v value.Value, env Env) string

	Choices []Choice
	Link    *LinkSpec
	Lookup  *LookupSpec
	Rollup  *RollupSpec
	Formula *FormulaSpec
	Serial  *SerialSpec
	People  *PeopleSpec
	Scale   int32 // digits after the point that a number keeps; -1 = as given
	// Precision is how many digits the field declares: up to 15 travel as a JSON
	// number, more always as text. 0 = undeclared, each value for itself.
	Precision int32
	// Mask is the kind MaskPartial hides part of a value with; blank: no part may be shown.
	Mask string
}

// Example is one documented conversion, executed as a test: JSON in, JSON out
// or a fault code.
type Example struct {
	Options string // JSON, default {}
	In      string // JSON
	Out     string // canonical JSON
	Text    string // expected Format in zh-CN; not compared when empty
	Err     string // fault code
}

// Spec declares a field type whose options decode into O.
type Spec[O any] struct {
	Name, Group, Icon string
	Label, Help       Label
	Options           string // JSON Schema of the options (object, additionalProperties false)
	Traits            Traits
	Kind              value.Kind
	// Bind completes the bound field from the options. Parse and Format must be
	// set by it; Kind, Traits and Type are preset and may be refined.
	Bind     func(o O, b *Bound) error
	Examples []Example
}

// Type is a registered field type.
type Type interface {
	catalog.Part
	// Bind decodes options (already checked against the schema) once, at publish.
	Bind(options json.RawMessage) (*Bound, error)
	Examples() []Example
}

// Types is the registry of field types.
var Types = catalog.New[Type]("field type")

type typ[O any] struct{ spec Spec[O] }

// Define registers a field type.
func Define[O any](s Spec[O]) Type { return Types.Register(&typ[O]{s}) }

func (t *typ[O]) Entry() catalog.Entry {
	s := t.spec
	return catalog.Entry{Name: s.Name, Group: s.Group, Icon: s.Icon, Label: s.Label, Help: s.Help,
		Options: json.RawMessage(s.Options), Version: 1,
		Extra: map[string]any{"kind": s.Kind.String(), "traits": s.Traits}}
}

func (t *typ[O]) Examples() []Example { return t.spec.Examples }

func (t *typ[O]) Bind(options json.RawMessage) (*Bound, error) {
	var o O
	if len(options) == 0 {
		options = json.RawMessage("{}")
	}
	if err := Types.CheckOptions(t.spec.Name, options); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(options, &o); err != nil {
		return nil, catalog.ErrNotJSON.New().Because(err)
	}
	b := &Bound{Type: t.spec.Name, Kind: t.spec.Kind, Traits: t.spec.Traits, Scale: -1,
		Check: func(value.Value) error { return nil }}
	if err := t.spec.Bind(o, b); err != nil {
		return nil, err
	}
	return b, nil
}

// Bind binds a field type by name; unknown names are a fault.
func Bind(name string, options json.RawMessage) (*Bound, error) {
	t, ok := Types.Get(name)
	if !ok {
		return nil, catalog.ErrUnknown.With("name", name).With("what", "field type")
	}
	return t.Bind(options)
}

// Postgres type OIDs used by columns.
const (
	OIDBool, OIDInt8, OIDText, OIDJSONB, OIDNumeric, OIDDate, OIDTimestamptz, OIDUUID uint32 = 16, 20, 25, 3802, 1700, 1082, 1184, 2950
	OIDTextArray, OIDUUIDArray                                                        uint32 = 1009, 2951
)

// Columns that types share.
var (
	DBBool      = DB{"boolean", OIDBool}
	DBText      = DB{"text", OIDText}
	DBNumber    = DB{"numeric", OIDNumeric}
	DBDate      = DB{"date", OIDDate}
	DBTime      = DB{"timestamptz", OIDTimestamptz}
	DBUUID      = DB{"uuid", OIDUUID}
	DBJSON      = DB{"jsonb", OIDJSONB}
	DBTextArray = DB{"text[]", OIDTextArray}
	DBUUIDArray = DB{"uuid[]", OIDUUIDArray}
)

// DBFor returns the column for a kind (and element kind), for computed fields.
func DBFor(k, elem value.Kind) DB {
	switch k {
	case value.Bool:
		return DBBool
	case value.Number:
		return DBNumber
	case value.Time:
		return DBTime
	case value.Date:
		return DBDate
	case value.Ref:
		return DBUUID
	case value.List:
		if elem == value.Ref {
			return DBUUIDArray
		}
		return DBTextArray
	case value.Object, value.Rows:
		return DBJSON
	default:
		return DBText
	}
}

// ParseRef reads one id (or an expanded link) as fields that hold references do.
func ParseRef(raw any) (value.Value, error) {
	if blank(raw) {
		return value.Value{}, nil
	}
	id, err := refOf(raw)
	if err != nil {
		return value.Value{}, err
	}
	return value.OfRef(id), nil
}
