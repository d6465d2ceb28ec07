package install

import (
	"context"

	"tenon/engine"
	"tenon/engine/store"
)

// Audit actions that the checklist asks for.
const (
	AuditMailTested    = store.AuditMailTested
	AuditSampleRemoved = store.AuditSampleRemoved
)

// Signals say how far an app and its workspace are set up. Samples and what the
// installation itself did do not count.
type Signals struct {
	Departments   bool `json:"departments"`    // there is one
	Invitations   bool `json:"invitations"`    // somebody is invited or has joined
	Roles         bool `json:"roles"`          // somebody else has a role, or a department
	Import        bool `json:"import"`         // rows came from a file and are still there
	Params        bool `json:"params"`         // a parameter is not what it was at first
	Notification  bool `json:"notification"`   // a mail went out, for a test or for real
	SampleRemoved bool `json:"sample_removed"` // there are no samples, or only those that had to stay
	Samples       int  `json:"samples"`        // records, people and departments that are still there
}

// Checklist finds the signals of an app.
func Checklist(ctx context.Context, e *engine.Engine, appID string) (*Signals, error) {
	snap, err := e.Defs.At(ctx, appID)
	if err != nil {
		return nil, err
	}
	r, err := e.DB.Read(ctx, store.Progress(appID, snap.WorkspaceID))
	if err != nil {
		return nil, err
	}
	yes := func(i int) bool { return r[0].Int(i) != 0 }
	out := &Signals{Departments: yes(0), Invitations: yes(1), Roles: yes(2), Import: yes(3), Notification: yes(4), Samples: int(r[0].Int(5))}
	out.SampleRemoved = out.Samples == 0 || yes(6)
	out.Params, err = e.Defs.ParamsChanged(ctx, appID)
	return out, err
}
