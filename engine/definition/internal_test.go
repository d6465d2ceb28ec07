package definition

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/field"
)

func TestRenames_never_meet(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 2 + r.IntN(8)
		have := map[string]string{} // name → what it holds
		var pairs []pair
		to := r.Perm(n + 3)
		for i := range n {
			from := fmt.Sprintf("n%d", i)
			have[from] = from
			// Some keep their names, some exchange them, some take new ones.
			pairs = append(pairs, pair{from, fmt.Sprintf("n%d", to[i])})
		}
		for _, p := range renames(pairs) {
			if have[p.from] == "" || have[p.to] != "" {
				t.Fatalf("seed %d: %v cannot be done in %v", seed, p, have)
			}
			have[p.to] = have[p.from]
			delete(have, p.from)
		}
		for _, p := range pairs {
			if have[p.to] != p.from {
				t.Errorf("seed %d: %s holds %s, want %s", seed, p.to, have[p.to], p.from)
			}
		}
	}
}

func TestNames_fit_and_differ(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 40)
	seen := map[string]bool{}
	for _, base := range []string{long + "_" + long, long + "_" + long + "b", long} {
		for _, suffix := range []string{"", "_2", "_key"} {
			n := store.FitName(base, suffix)
			if len(n) > 63 || seen[n] || !strings.HasSuffix(n, suffix) {
				t.Errorf("%s%s → %s", base, suffix, n)
			}
			seen[n] = true
		}
	}
	if store.IndexName("a_b", "c", "key") == store.IndexName("a", "b_c", "key") {
		t.Error("two indexes share a name")
	}
	for name, want := range map[string]bool{"x_y": true, "x_y_2": true, "x_y_12": true, "x_y_1": false, "x_y_02": false, "x_y_z": false, "x": false} {
		if leadsTo(name, "x_y") != want {
			t.Errorf("%s leads to x_y: %v", name, !want)
		}
	}
	for name, want := range map[string]bool{"shop_order.no_key": true, "shop_order.no_sort": true, "shop_order.zz_grams_gin": true, "history_app": false, "my_own_idx": false, store.IndexName(long+long, "c", "idx"): true} {
		if ours.MatchString(name) != want {
			t.Errorf("%s is ours: %v", name, !want)
		}
	}
}

// boundField compiles one field of a type.
func boundField(t *testing.T, typ, options string) *schema.FieldModel {
	t.Helper()
	if options == "" {
		options = "{}"
	}
	m, faults := schema.Compile(&schema.App{Info: schema.Info{ID: "a", Key: "a"}, Entities: []*schema.Entity{{ID: "e", Key: "e", Name: schema.Text{ZH: "e", EN: "e"},
		Fields: []*schema.Field{{ID: "f", Key: "f", Name: schema.Text{ZH: "f", EN: "f"}, Type: typ, Options: json.RawMessage(options)}}}}})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return m.Entities[0].Fields[0]
}

func TestConvert(t *testing.T) {
	t.Parallel()
	choices := `{"choices":[{"key":"a","label":"Gold"},{"key":"b","label":"Silver"}]}`
	ann := "01900000-0000-7000-8000-000000000001"
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	env := field.Env{Zone: zone, Locale: "en-US", Name: func(kind, id string) string {
		if kind == "member" && id == ann {
			return "Ann"
		}
		return id
	}}
	for _, c := range []struct {
		from, fromOptions, to, toOptions, in, out string
		want                                      outcome
	}{
		{"text", "", "number", "", "1,200.50", "1200.5", converted},
		{"text", "", "number", "", "much", "", lost},
		{"number", "", "text", "", "1200.50", "1200.5", converted},
		{"text", "", "email", "", "nobody", "nobody", unfit},
		{"text", "", "email", "", "a@b.cn", "a@b.cn", converted},
		{"text", "", "select", choices, "Silver", "b", converted},
		{"text", "", "select", choices, "Bronze", "", lost},
		{"select", choices, "text", "", "b", "Silver", converted},
		{"select", choices, "multi_select", choices, "b", `{"b"}`, converted},
		{"multi_select", choices, "select", choices, "{b}", "b", converted},
		{"multi_select", choices, "select", choices, "{a,b}", "", lost},
		{"multi_select", choices, "text", "", "{a,b}", "Gold, Silver", converted},
		{"date", "", "datetime", "", "2026-11-22", "2026-11-21 16:00:00Z", converted},
		{"datetime", "", "date", "", "2026-11-22 17:30:00+00", "2026-11-23", converted},
		{"text", "", "date", "", "2026-11-22", "2026-11-22", converted},
		{"boolean", "", "number", "", "t", "1", converted},
		{"number", "", "boolean", "", "0", "f", converted},
		{"member", "", "text", "", ann, "Ann", converted},
		{"member", "", "members", "", ann, `{"` + ann + `"}`, converted},
		{"member", "", "department", "", ann, "", lost},
		{"number", "", "money", "", "12.345", "12.35", converted},
		{"text", "", "long_text", "", "x\ny", "x\ny", converted},
	} {
		conv := &converter{env: env, from: boundField(t, c.from, c.fromOptions).DB.SQL, old: boundField(t, c.from, c.fromOptions), to: boundField(t, c.to, c.toOptions)}
		got, what := conv.convert([]byte(c.in))
		if string(got) != c.out || what != c.want {
			t.Errorf("%s → %s: %s becomes %q (%d), want %q (%d)", c.from, c.to, c.in, got, what, c.out, c.want)
		}
		if null, what := conv.convert(nil); null != nil || what != converted {
			t.Errorf("%s → %s: null becomes %q", c.from, c.to, null)
		}
	}
}
