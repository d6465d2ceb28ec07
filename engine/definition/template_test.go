package definition_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tenon/schema"
	"tenon/templates"
)

// TestTemplates_publish installs every template twice in one workspace.
func TestTemplates_publish(t *testing.T) {
	t.Parallel()
	for _, m := range templates.List() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, key := range []string{"first", "second"} {
				id, err := w.s.CreateApp(t.Context(), w.ws, w.actor, key, schema.Text{ZH: "应用", EN: "App"}, "", "")
				if err != nil {
					t.Fatal(err)
				}
				w.app = id
				tpl, err := templates.Open(m.Name)
				if err != nil {
					t.Fatal(err)
				}
				if err := w.s.ImportDraft(t.Context(), id, w.actor, tpl.App); err != nil {
					t.Fatal(err)
				}
				plan, err := w.s.Plan(t.Context(), id, nil)
				if err != nil || len(plan.Faults) > 0 {
					t.Fatal(err, plan.Faults)
				}
				start := time.Now()
				if v, err := w.s.Publish(t.Context(), id, w.actor, nil, plan.Hash, ""); err != nil || v != 1 {
					t.Fatal(v, err)
				}
				t.Logf("published in %s: %d entities, %d statements", time.Since(start), len(tpl.App.Entities), len(plan.Actions))
				w.sound()
				start = time.Now()
				w.s.Refresh(id)
				snap := w.at()
				t.Logf("loaded in %s", time.Since(start))
				if e := snap.Entities[0]; !strings.HasPrefix(e.Table, key+"_") {
					t.Errorf("the first table is %s", e.Table)
				}
				// The draft is what was published, to the byte.
				_, docs, err := w.s.Draft(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				for i, d := range docs {
					if d.Changed {
						t.Errorf("%s %s is changed after its publish", d.Kind, d.ID)
					}
					// What the builder reads, it may write back.
					if i%12 == 0 {
						if rev, _, err := w.s.PutDoc(t.Context(), id, w.actor, d.ID, "", json.RawMessage(d.Body), d.Rev); err != nil || rev != d.Rev {
							t.Errorf("%s %s: rev %d → %d, %v", d.Kind, d.ID, d.Rev, rev, err)
						}
					}
				}
			}
		})
	}
}
