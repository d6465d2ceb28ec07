// Package sample describes records that a template brings along: reference
// data that an app needs from the first day, and samples that let people look
// around before they enter anything.
//
// Records carry local ids, unique within their entity. Links, members and
// departments are local ids too; whoever loads the data gives real ids and
// keeps the mapping. The batches are in an order in which every link points to
// a record made before; what points forward comes as a patch at the end.
package sample

import "time"

// Ref is a link to another record of the data, by its local id.
type Ref string

// Member is a reference to a member of the data, by local id.
type Member string

// Department is a reference to a department of the data, by local id.
type Department string

// Row is one row of a sub-form.
type Row = map[string]any

// Data is a set of people and records.
type Data struct {
	Departments []Unit
	Members     []Person
	Batches     []Batch
	Tasks       []Task
}

// Unit is a department.
type Unit struct{ ID, Name, Parent, Head string }

// Person is a placeholder member.
type Person struct {
	ID, Name    string
	Departments []string
	Roles       []string // keys of roles of the app
}

// Batch is a number of records of one entity.
type Batch struct {
	Entity  string
	Patch   bool // the records exist; the values are added to them
	Records []Record
}

// Record is one record. Values are by field key: text, numbers (int, float64,
// or text for exact amounts), bool, time.Time for instants, "2006-01-02" for
// civil dates, []string, Ref, []Ref, Member, []Member, Department and []Row.
// The system keys owner, created_at and created_by may be among them.
type Record struct {
	ID     string
	Values map[string]any
}

// Task is a to-do about a record.
type Task struct {
	Kind, Title    string
	Entity, Record string
	Assignee       string
	Due            time.Time
	Outcome        string // empty: still to do
	Done           time.Time
}

// Count returns the number of records, patches not counted.
func (d *Data) Count() int {
	n := 0
	for _, b := range d.Batches {
		if !b.Patch {
			n += len(b.Records)
		}
	}
	return n
}

// Of returns the records of an entity with their patches applied, in order.
func (d *Data) Of(entity string) []Record {
	var out []Record
	at := map[string]int{}
	for _, b := range d.Batches {
		if b.Entity != entity {
			continue
		}
		for _, r := range b.Records {
			if !b.Patch {
				at[r.ID] = len(out)
				v := make(map[string]any, len(r.Values))
				for k, x := range r.Values {
					v[k] = x
				}
				out = append(out, Record{r.ID, v})
				continue
			}
			if i, ok := at[r.ID]; ok {
				for k, x := range r.Values {
					out[i].Values[k] = x
				}
			}
		}
	}
	return out
}
