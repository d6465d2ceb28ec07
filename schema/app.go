// Package schema is the language: what an app definition is.
//
// An app is a set of JSON documents (app, entity, form, view, dashboard, rule,
// role), each with a stable id and a key that people may rename. Documents
// refer to each other by id; expressions are text by key. Normalize accepts
// keys wherever a document refers to another (as hand-written templates do)
// and turns them into ids. Check finds every fault of an app at once; Diff
// says what changed between two versions.
//
// Tags say more than the Go types: "enum" lists the values of a text, "is" the
// JSON type of what is kept as it came. The API's document is made from them.
//
// The package does no I/O and knows neither Postgres nor HTTP.
package schema

import (
	"encoding/json"
	"strings"
)

// Text is a user-facing string: one text for all languages, or one per language.
type Text struct{ ZH, EN string }

// In returns the text for a locale, falling back to the other language.
func (t Text) In(locale string) string {
	if strings.HasPrefix(locale, "en") {
		if t.EN != "" {
			return t.EN
		}
		return t.ZH
	}
	if t.ZH != "" {
		return t.ZH
	}
	return t.EN
}

// Empty reports whether no language has a text.
func (t Text) Empty() bool { return t.ZH == "" && t.EN == "" }

// MarshalJSON writes a plain string when both languages agree.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.ZH == t.EN {
		return json.Marshal(t.ZH)
	}
	return json.Marshal(map[string]string{"zh-CN": t.ZH, "en-US": t.EN})
}

// UnmarshalJSON reads a string or {"zh-CN","en-US"}.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		t.ZH, t.EN = s, s
		return nil
	}
	var m struct {
		ZH string `json:"zh-CN"`
		EN string `json:"en-US"`
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	t.ZH, t.EN = m.ZH, m.EN
	return nil
}

// DocKind names the kinds of definition documents.
type DocKind string

// The document kinds.
const (
	DocApp       DocKind = "app"
	DocEntity    DocKind = "entity"
	DocForm      DocKind = "form"
	DocView      DocKind = "view"
	DocDashboard DocKind = "dashboard"
	DocRule      DocKind = "rule"
	DocRole      DocKind = "role"
)

// App is a whole app definition: what one version publishes.
type App struct {
	Info       Info         `json:"app"`
	Entities   []*Entity    `json:"entities"`
	Forms      []*Form      `json:"forms"`
	Views      []*View      `json:"views"`
	Dashboards []*Dashboard `json:"dashboards"`
	Rules      []*Rule      `json:"rules"`
	Roles      []*Role      `json:"roles"`
}

// Info is the app document: name, menu, parameters.
type Info struct {
	ID          string            `json:"id"`
	Key         string            `json:"key"`
	Name        Text              `json:"name"`
	Description Text              `json:"description,omitzero"`
	Icon        string            `json:"icon,omitempty"`
	Hue         string            `json:"hue,omitempty" enum:"gray red orange amber lime green jade cyan blue indigo violet pink"`
	Menu        []*MenuItem       `json:"menu,omitempty"`
	Params      []*Param          `json:"params,omitempty"`
	Home        map[string]string `json:"home,omitempty"` // role id (or "*") → menu item id
	Module      string            `json:"module,omitempty"`
	LightMenu   []string          `json:"light_menu,omitempty"` // menu item ids shown in light mode
	Checklist   []*ChecklistItem  `json:"checklist,omitempty"`
	Origin      *Origin           `json:"origin,omitempty"`
}

// Origin says which template an app came from.
type Origin struct {
	Template string `json:"template"`
	Version  string `json:"version"`
}

// ChecklistItem is one step of an app's set-up list; Done is an expression over counts the engine knows.
type ChecklistItem struct {
	Key    string `json:"key"`
	Title  Text   `json:"title"`
	Help   Text   `json:"help,omitzero"`
	Link   string `json:"link,omitempty"`
	Signal string `json:"signal"` // departments, invitations, roles, import, params, notification, sample_removed
}

// MenuItem is an entry of the app's menu. Exactly one of the targets is set; a
// group has items instead. Deleting an item never deletes data.
type MenuItem struct {
	ID        string      `json:"id"`
	Name      Text        `json:"name"`
	Icon      string      `json:"icon,omitempty"`
	Entity    string      `json:"entity,omitempty"`
	View      string      `json:"view,omitempty"`
	Form      string      `json:"form,omitempty"`
	Dashboard string      `json:"dashboard,omitempty"`
	URL       string      `json:"url,omitempty"`
	Items     []*MenuItem `json:"items,omitempty"`
	Roles     []string    `json:"roles,omitempty"`    // shown only to these roles; empty: to all who can read the target
	Advanced  bool        `json:"advanced,omitempty"` // hidden in light mode
}

// Param is a typed app setting, changeable without publishing, read by setting("key").
type Param struct {
	Key   string          `json:"key"`
	Name  Text            `json:"name"`
	Help  Text            `json:"help,omitzero"`
	Type  string          `json:"type" enum:"number text boolean list"`
	Value json.RawMessage `json:"value"`
	Unit  Text            `json:"unit,omitzero"`
}

// Entity is a kind of record: fields and settings.
type Entity struct {
	ID        string     `json:"id"`
	Key       string     `json:"key"`
	Name      Text       `json:"name"`
	Icon      string     `json:"icon,omitempty"`
	Hue       string     `json:"hue,omitempty" enum:"gray red orange amber lime green jade cyan blue indigo violet pink"`
	Title     string     `json:"title"`              // template: "{name} · {no}"
	Subtitle  []string   `json:"subtitle,omitempty"` // up to three field ids
	OwnerName Text       `json:"owner_name,omitzero"`
	Fields    []*Field   `json:"fields"`
	Checks    []*Check   `json:"checks,omitempty"`
	Indexes   [][]string `json:"indexes,omitempty"` // field ids, for frequent filters
	Comments  *bool      `json:"comments,omitempty"`
	Module    string     `json:"module,omitempty"`
	Help      Text       `json:"help,omitzero"`
}

// Field is a column of an entity.
type Field struct {
	ID           string          `json:"id"`
	Key          string          `json:"key"`
	Name         Text            `json:"name"`
	Type         string          `json:"type"`
	Help         Text            `json:"help,omitzero"`
	Options      json.RawMessage `json:"options,omitempty" is:"object"`
	Required     bool            `json:"required,omitempty"`
	RequiredWhen string          `json:"required_when,omitempty"`
	Unique       bool            `json:"unique,omitempty"`
	Indexed      bool            `json:"indexed,omitempty"`
	Default      *Default        `json:"default,omitempty"`
	Fields       []*Field        `json:"fields,omitempty"` // columns of a sub-form
}

// Default says what a field starts with. Exactly one member is set.
type Default struct {
	Value   json.RawMessage `json:"value,omitempty"`
	Formula string          `json:"formula,omitempty"`
	Param   string          `json:"url_param,omitempty"` // name of a URL parameter of the form
	Current string          `json:"current,omitempty" enum:"member department time date"`
}

// Check is a submit check: the record is refused while When holds.
type Check struct {
	ID      string   `json:"id"`
	When    string   `json:"when"` // refuse when true
	Message Text     `json:"message"`
	Fields  []string `json:"fields,omitempty"` // where the message is shown
}

// Form is a layout for entering or reading one record.
type Form struct {
	ID           string         `json:"id"`
	Key          string         `json:"key"`
	Entity       string         `json:"entity"`
	Name         Text           `json:"name"`
	Layout       []*Node        `json:"layout"`
	Rules        []*DisplayRule `json:"rules,omitempty"`
	HiddenPolicy string         `json:"hidden_policy,omitempty" enum:"keep clear recompute"` // keep when blank
	SubmitText   Text           `json:"submit_text,omitzero"`
	ThanksText   Text           `json:"thanks_text,omitzero"`
	Default      bool           `json:"default,omitempty"`
}

// Node is one place of a layout: a field, a section, tabs, a text or a divider.
type Node struct {
	Type     string  `json:"type" enum:"field section tabs text divider related"`
	Field    string  `json:"field,omitempty"`
	Width    int     `json:"width,omitempty"` // of 12
	Label    Text    `json:"label,omitzero"`
	Help     Text    `json:"help,omitzero"`
	ReadOnly bool    `json:"read_only,omitempty"`
	Title    Text    `json:"title,omitzero"`
	Folded   bool    `json:"folded,omitempty"`
	Text     Text    `json:"text,omitzero"`
	Items    []*Node `json:"items,omitempty"`
	Tabs     []*Tab  `json:"tabs,omitempty"`
	Entity   string  `json:"entity,omitempty"` // related list: records of Entity whose Via links here
	Via      string  `json:"via,omitempty"`
}

// Tab is one page of a tabs node.
type Tab struct {
	Title Text    `json:"title"`
	Items []*Node `json:"items"`
}

// DisplayRule shows or hides fields while its condition holds. It never decides validity.
type DisplayRule struct {
	ID   string   `json:"id"`
	When string   `json:"when"`
	Show []string `json:"show,omitempty"` // field ids shown only while When holds
	Hide []string `json:"hide,omitempty"` // field ids hidden while When holds
	Lock []string `json:"lock,omitempty"` // field ids read-only while When holds
}

// View is a saved way to see many records of an entity.
type View struct {
	ID     string     `json:"id"`
	Key    string     `json:"key"`
	Entity string     `json:"entity"`
	Name   Text       `json:"name"`
	Type   string     `json:"type"` // grid kanban calendar …
	Config ViewConfig `json:"config"`
}

// ViewConfig holds the settings shared by view types; each uses its own part.
type ViewConfig struct {
	Columns   []*ViewColumn `json:"columns,omitempty"`
	Filter    string        `json:"filter,omitempty"`
	Sort      []*Sort       `json:"sort,omitempty"`
	Group     []string      `json:"group,omitempty"`
	Frozen    int           `json:"frozen,omitempty"`
	RowHeight string        `json:"row_height,omitempty" enum:"compact default tall"`
	GroupBy   string        `json:"group_by,omitempty"` // kanban column field
	Cards     []string      `json:"cards,omitempty"`    // fields on a card
	Sum       string        `json:"sum,omitempty"`      // kanban column total
	Start     string        `json:"start,omitempty"`    // calendar
	End       string        `json:"end,omitempty"`
	ColorBy   string        `json:"color_by,omitempty"`
}

// ViewColumn is one column of a grid.
type ViewColumn struct {
	Field  string `json:"field"`
	Width  int    `json:"width,omitempty"`
	Footer string `json:"footer,omitempty" enum:"sum avg min max count filled"`
}

// Sort orders by a field id or a system key.
type Sort struct {
	Field string `json:"field"`
	Desc  bool   `json:"desc,omitempty"`
}

// Dashboard is a page of widgets on a 12-column grid.
type Dashboard struct {
	ID      string         `json:"id"`
	Key     string         `json:"key"`
	Name    Text           `json:"name"`
	Widgets []*Widget      `json:"widgets"`
	Filters []*BoardFilter `json:"filters,omitempty"`
	Phone   []string       `json:"phone,omitempty"` // widget ids in phone order
}

// Widget is one picture or list on a dashboard; Config is the chart type's options.
type Widget struct {
	ID     string          `json:"id"`
	Type   string          `json:"type"`
	Title  Text            `json:"title"`
	X      int             `json:"x"`
	Y      int             `json:"y"`
	W      int             `json:"w"`
	H      int             `json:"h"`
	Config json.RawMessage `json:"config" is:"object"`
}

// BoardFilter is a filter control on a dashboard, bound to widgets by field.
type BoardFilter struct {
	ID      string            `json:"id"`
	Name    Text              `json:"name"`
	Type    string            `json:"type" enum:"date member select"`
	Fields  map[string]string `json:"fields"` // entity id → field id
	Default json.RawMessage   `json:"default,omitempty"`
}

// Rule is an automation: trigger, condition, steps.
type Rule struct {
	ID        string  `json:"id"`
	Key       string  `json:"key"`
	Name      Text    `json:"name"`
	Help      Text    `json:"help,omitzero"`
	Entity    string  `json:"entity,omitempty"`
	Mode      string  `json:"mode,omitempty" enum:"async sync validate"` // async when blank
	Trigger   Trigger `json:"trigger"`
	Condition string  `json:"condition,omitempty"`
	Steps     []*Step `json:"steps"`
	Off       bool    `json:"off,omitempty"` // installed switched off
	RunAs     string  `json:"run_as,omitempty"`
	Module    string  `json:"module,omitempty"`
}

// Trigger says what makes a rule look at a record.
type Trigger struct {
	Type    string   `json:"type" enum:"created updated created_or_updated deleted restored computed schedule date button webhook task_finished"`
	Fields  []string `json:"fields,omitempty"`
	Enter   bool     `json:"enter,omitempty"`  // only when the condition becomes true
	Cron    string   `json:"cron,omitempty"`   // schedule, in the workspace's zone
	Each    string   `json:"each,omitempty"`   // schedule: filter whose matching records each get a run
	Field   string   `json:"field,omitempty"`  // date: the date field
	Offset  string   `json:"offset,omitempty"` // date: "-3d", "+2h"
	At      string   `json:"at,omitempty"`     // date: time of day for date offsets, "09:00"
	Yearly  bool     `json:"yearly,omitempty"` // date: anniversary
	Label   Text     `json:"label,omitzero"`   // button
	Icon    string   `json:"icon,omitempty"`
	Confirm Text     `json:"confirm,omitzero"`
	Inputs  []*Field `json:"inputs,omitempty"`                  // button: an input form
	Bulk    bool     `json:"bulk,omitempty"`                    // button: offered for several records
	Roles   []string `json:"roles,omitempty"`                   // button: who sees it
	Place   string   `json:"place,omitempty" enum:"first last"` // button: before or after the others
	Task    string   `json:"task,omitempty"`                    // task_finished: kind of the task
	Outcome string   `json:"outcome,omitempty"`
	Secret  string   `json:"secret,omitempty"` // webhook: name of the stored secret
}

// Step is one action of a rule. Branches and loops hold further steps.
type Step struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Name    Text            `json:"name,omitzero"`
	When    string          `json:"when,omitempty"` // skipped unless true
	Options json.RawMessage `json:"options,omitempty" is:"object"`
	Steps   []*Step         `json:"steps,omitempty"` // loop body, branch then
	Else    []*Step         `json:"else,omitempty"`
}

// Role is a named set of grants.
type Role struct {
	ID     string   `json:"id"`
	Key    string   `json:"key"`
	Name   Text     `json:"name"`
	Help   Text     `json:"help,omitzero"`
	Grants []*Grant `json:"grants"`
	Admin  bool     `json:"admin,omitempty"` // may do everything in the app, and build it
}

// Grant is what a role may do with the records of one entity.
type Grant struct {
	Entity string       `json:"entity"`
	Ops    []string     `json:"ops" enum:"create read update delete import export"`
	Filter string       `json:"filter,omitempty"`      // which records; blank: all
	Fields []*FieldRule `json:"fields,omitempty"`      // exceptions; fields not named are readable and writable
	Hide   bool         `json:"hide_others,omitempty"` // fields not named are hidden
}

// FieldRule limits one field of a grant. While When holds (blank: always) the
// field is hidden, masked or read-only.
type FieldRule struct {
	Field string `json:"field"`
	Rule  string `json:"rule" enum:"hidden partial read_only visible"`
	When  string `json:"when,omitempty"`
}
