package install_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"tenon/engine/definition"
	"tenon/engine/enginetest"
	"tenon/engine/install"
	"tenon/schema"
	"tenon/schema/fault"
)

func exported(t *testing.T, k *enginetest.Kit, app string, data bool) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := install.Export(ctx, k.Engine, app, data, &b, nil); err != nil {
		t.Fatal(explain(err))
	}
	return b.Bytes()
}

func archive(t *testing.T, b []byte) *install.Archive {
	t.Helper()
	a, err := install.OpenArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(explain(err))
	}
	return a
}

func unzip(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(body)
	}
	return out
}

// TestExport: install, export, install elsewhere, export again: the same bytes;
// and the records are the same but for their ids.
func TestExport(t *testing.T) {
	k, far := enginetest.New(t), enginetest.New(t)
	x, seed, data := template(t, k, "crm_lifecycle")
	app, err := install.Install(ctx, k.Engine, k.Admin, k.Workspace, x.App, seed, install.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	if _, err := install.LoadSample(ctx, k.Engine, k.Admin, app, data, func(done, _ int) (bool, error) { return done > 2700, nil }); err != nil {
		t.Fatal(explain(err))
	}
	snap, err := k.Defs.At(ctx, app)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Defs.SetParams(ctx, app, map[string]json.RawMessage{snap.App.Info.Params[0].Key: snap.App.Info.Params[0].Value}); err != nil {
		t.Fatal(err)
	}
	if err := k.Defs.SetRule(ctx, app, snap.App.Rules[0].ID, false); err != nil {
		t.Fatal(err)
	}
	first := exported(t, k, app, false)
	if !bytes.Equal(first, exported(t, k, app, false)) {
		t.Error("two exports differ")
	}
	before := time.Now()
	full := exported(t, k, app, true)
	t.Logf("%d KB of definitions, %d KB with data in %s", len(first)>>10, len(full)>>10, time.Since(before).Round(time.Millisecond))

	a := archive(t, full)
	there, err := a.Install(ctx, far.Engine, far.Admin, far.Workspace, install.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	want, got := unzip(t, first), unzip(t, exported(t, far, there, false))
	for name, body := range want {
		if got[name] != body {
			t.Errorf("%s differs", name)
		}
	}
	if len(want) != len(got) || len(want) < 100 || want["settings.json"] == "" || want["entities/lead.json"] == "" {
		t.Errorf("%d files, %d after the round trip", len(want), len(got))
	}
	before = time.Now()
	rep, err := a.Load(ctx, far.Engine, far.Admin, there, nil)
	if err != nil {
		t.Fatal(explain(err))
	}
	t.Logf("%d records loaded in %s", rep.Records, time.Since(before).Round(time.Millisecond))
	n := 0
	for _, tab := range a.Data {
		n += tab.Count
		if c := count(t, far, `SELECT count(*) FROM `+table(t, far, there, tab.Entity)); int(c) != tab.Count {
			t.Errorf("%s: %d of %d", tab.Entity, c, tab.Count)
		}
	}
	if rep.Records != n || rep.Skipped != 0 || rep.Links != 0 || rep.Members == 0 {
		rep.Refused = rep.Refused[:min(3, len(rep.Refused))]
		t.Errorf("%+v of %d", rep, n)
	}
	same(t, k, app, far, there)
	if again, err := a.Load(ctx, far.Engine, far.Admin, there, nil); err != nil || again.Records != 0 || again.Members != 0 {
		t.Errorf("a second load: %+v %v", again, err)
	}
}

// same compares what people see of customers and orders on both sides.
func same(t *testing.T, k *enginetest.Kit, app string, far *enginetest.Kit, there string) {
	t.Helper()
	for _, sql := range []string{
		`SELECT c.name, c.journey_stage, c.created_at, m.name AS owner, p.name AS parent, c.need_count FROM %customer% c LEFT JOIN tenon.member m ON m.id = c.owner LEFT JOIN %customer% p ON p.id = c.parent_customer`,
		`SELECT l.no, l.name, c.name AS customer, l.created_at FROM %lead% l LEFT JOIN %customer% c ON c.id = l.customer`,
	} {
		sums := [2]string{}
		for i, x := range []struct {
			k   *enginetest.Kit
			app string
		}{{k, app}, {far, there}} {
			q := sql
			for _, ent := range []string{"customer", "lead"} {
				q = strings.ReplaceAll(q, "%"+ent+"%", table(t, x.k, x.app, ent))
			}
			r, err := x.k.DB.One(ctx, `SELECT count(*) || ' ' || md5(string_agg(x::text, '|' ORDER BY x::text)) FROM (`+q+`) x`)
			if err != nil {
				t.Fatal(err)
			}
			sums[i] = r.Str(0)
		}
		if sums[0] != sums[1] || strings.HasPrefix(sums[0], "0 ") {
			t.Errorf("%s: %s and %s", sql, sums[0], sums[1])
		}
	}
}

// TestArchiveIntoSameWorkspace: an app beside the one it was exported from has
// records of its own, knows the people, and leaves out what cannot come along.
func TestArchiveIntoSameWorkspace(t *testing.T) {
	k := enginetest.New(t)
	app := &schema.App{}
	if err := json.Unmarshal([]byte(people), app); err != nil {
		t.Fatal(err)
	}
	id, err := install.Install(ctx, k.Engine, k.Admin, k.Workspace, app, nil, install.Options{Key: "one"})
	if err != nil {
		t.Fatal(explain(err))
	}
	a := k.Create(k.Admin, id, "node", `{"name":"甲","size":123456789012.25,"owner":"`+k.Admin.ID+`"}`)
	b := k.Create(k.Admin, id, "node", `{"name":"乙","above":"`+a+`","lines":[{"what":"x","of":"`+a+`"}]}`)
	if err := k.Update(k.Admin, id, "node", a, `{"next":"`+b+`","friends":["`+b+`"]}`); err != nil {
		t.Fatal(err)
	}
	gone := k.Create(k.Admin, id, "node", `{"name":"丙"}`)
	if err := k.Update(k.Admin, id, "node", b, `{"next":"`+gone+`"}`); err != nil {
		t.Fatal(err)
	}
	if err := k.Delete(k.Admin, id, "node", gone); err != nil {
		t.Fatal(err)
	}
	arc := archive(t, exported(t, k, id, true))
	if _, err := arc.Install(ctx, k.Engine, k.Admin, k.Workspace, install.Options{Key: "one"}); fault.CodeOf(err) != definition.ErrKeyTaken.Code {
		t.Errorf("the same key again: %v", err)
	}
	two, err := arc.Install(ctx, k.Engine, k.Admin, k.Workspace, install.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	rep, err := arc.Load(ctx, k.Engine, k.Admin, two, nil)
	if err != nil || rep.Records != 2 || rep.Links != 1 || rep.Members != 0 {
		t.Errorf("%+v %s", rep, explain(err))
	}
	n := table(t, k, two, "node")
	for sql, want := range map[string]int64{
		`SELECT count(*) FROM ` + n + ` x JOIN ` + n + ` y ON x.next = y.id WHERE x.name = '甲' AND y.name = '乙'`: 1,
		`SELECT count(*) FROM ` + n + ` WHERE next IS NOT NULL`:                                                  1,
		`SELECT children FROM ` + n + ` WHERE name = '甲'`:                                                        1,
		`SELECT count(*) FROM ` + n + ` WHERE size = 123456789012.25 AND owner = '` + k.Admin.ID + `'`:           1,
		`SELECT count(*) FROM ` + n + ` WHERE id = ANY('{` + a + `,` + b + `}')`:                                 0,
		`SELECT count(*) FROM ` + table(t, k, id, "node") + ` WHERE deleted_at IS NULL`:                          2,
		`SELECT count(*) FROM tenon.app WHERE key = 'one_2' AND id = '` + two + `'`:                              1,
		`SELECT count(*) FROM tenon.member WHERE NOT sample`:                                                     1,
	} {
		if got := count(t, k, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
	for name, b := range map[string][]byte{"empty": {}, "text": []byte("hello"), "other zip": zipped(t, map[string]string{"a.txt": "x"}),
		"other format":   zipped(t, map[string]string{"manifest.json": `{"format":"x","key":"a","name":"a","documents":[]}`}),
		"missing a file": zipped(t, map[string]string{"manifest.json": `{"format":"tenon-app/1","key":"a","name":"a","documents":[{"kind":"app","id":"a","file":"app.json"}]}`}),
		"unknown property": zipped(t, map[string]string{"manifest.json": `{"format":"tenon-app/1","key":"a","name":"a","documents":[{"kind":"app","id":"a","file":"app.json"}]}`,
			"app.json": `{"id":"a","key":"a","name":"a","boom":1}`})} {
		a, err := install.OpenArchive(bytes.NewReader(b), int64(len(b)))
		if err == nil {
			_, err = a.Install(ctx, k.Engine, k.Admin, k.Workspace, install.Options{})
		}
		if fault.CodeOf(err) != install.ErrFile.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := count(t, k, `SELECT count(*) FROM tenon.app`); n != 2 {
		t.Errorf("%d apps", n)
	}
}

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
