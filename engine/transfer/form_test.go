package transfer_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tenon/engine/enginetest"
	"tenon/engine/transfer"
)

// visits is a table of 36 visits to three clients with two outcomes.
func visits() string {
	var b strings.Builder
	b.WriteString("拜访主题,客户,日期,金额,结果,很长的备注\n")
	for i := range 36 {
		amount, note := strconv.Itoa(i*100)+".5", "x"
		if i == 0 {
			amount, note = `"1,200.50"`, "\"第一行\n第二行\""
		}
		fmt.Fprintf(&b, "第%d次拜访,%s,2026-0%d-05,%s,%s,%s\n", i, []string{"云图", "海角", "天涯"}[i%3], i%9+1, amount, []string{"成功", "失败"}[i%2], note)
	}
	return b.String()
}

// A form made of a table: types, options, the title and links are guessed, the
// rows come in, and one undo takes all of it back.
func TestNewForm(t *testing.T) {
	k := enginetest.New(t)
	app := k.App(shop)
	for _, n := range []string{"云图", "海角", "天涯"} {
		k.Create(k.Admin, app, "client", `{"code":"`+n+`","name":"`+n+`"}`)
	}
	src := source(t, "拜访记录.csv", visits(), transfer.Read{})
	p, err := transfer.ProposeForm(ctx, k.Engine, k.Admin, app, src)
	if err != nil {
		t.Fatal(explain(err))
	}
	types := []string{}
	for _, c := range p.Form.Columns {
		types = append(types, c.Type)
	}
	if got := strings.Join(types, " "); got != "text link date number select long_text" || p.Form.Name.ZH != "拜访记录" || p.Rows != 36 || len(p.Preview) == 0 {
		t.Errorf("%s %+v", got, p)
	}
	if p.Form.Title != p.Form.Columns[0].Key {
		t.Errorf("title %q of %+v", p.Form.Title, p.Form.Columns)
	}
	made, err := transfer.NewForm(ctx, k.Engine, k.Admin, app, src, *p.Form, transfer.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	if made.Pending || made.Import.Created != 36 || made.Import.Bad != 0 {
		t.Errorf("%+v %+v", made, made.Import)
	}
	tab := table(t, k, app, made.Key)
	if n := count(t, k, `SELECT count(*) FROM `+tab+` v JOIN `+table(t, k, app, "client")+` c ON c.id = v.`+p.Form.Columns[1].Key+` WHERE c.name = '云图'`); n != 12 {
		t.Errorf("%d visits of 云图", n)
	}
	// What comes out goes in again.
	for _, format := range []string{"csv", "xlsx"} {
		var out bytes.Buffer
		if n, err := transfer.Write(ctx, k.Engine, k.Admin, app, made.Key, transfer.Export{Format: format}, &out); err != nil || n != 36 {
			t.Fatalf("%s: %d %s", format, n, explain(err))
		}
		if format == "xlsx" {
			f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := f.GetRows(f.GetSheetName(0))
			if err != nil || len(rows) != 37 || !strings.Contains("云图海角天涯", rows[1][1]) {
				t.Errorf("%v %v", rows, err)
			}
		}
		again := source(t, "again."+format, out.String(), transfer.Read{})
		guess, err := transfer.ProposeForm(ctx, k.Engine, k.Admin, app, again)
		if err != nil {
			t.Fatal(explain(err))
		}
		// The subject is by now what names a record of the new form.
		for i, c := range guess.Form.Columns[1:6] {
			if i++; c.Type != types[i] {
				t.Errorf("%s: column %d is %s, was %s", format, i, c.Type, types[i])
			}
		}
	}
	u, err := transfer.Undo(ctx, k.Engine, k.Admin, app, made.Operation)
	if err != nil || !u.Form || u.Reverted != 36 {
		t.Fatalf("undo: %+v %s", u, explain(err))
	}
	snap, err := k.Defs.At(ctx, app)
	if err != nil {
		t.Fatal(err)
	}
	if snap.Entity(made.Key) != nil {
		t.Error("the form is still there after the undo")
	}
	if _, err := transfer.Undo(ctx, k.Engine, k.Admin, app, "00000000-0000-7000-8000-000000000000"); explain(err) == "" {
		t.Error("an unknown operation was undone")
	}
}

// Records that people added meanwhile keep the form.
func TestNewForm_keptWithOthersRecords(t *testing.T) {
	k := enginetest.New(t)
	app := k.App(shop)
	made, err := transfer.NewForm(ctx, k.Engine, k.Admin, app, source(t, "visits.csv", visits(), transfer.Read{}), transfer.Form{}, transfer.Options{})
	if err != nil {
		t.Fatal(explain(err))
	}
	own := k.Create(k.Admin, app, made.Key, `{}`)
	u, err := transfer.Undo(ctx, k.Engine, k.Admin, app, made.Operation)
	if err != nil || u.Form || u.Reverted != 36 {
		t.Fatalf("undo: %+v %s", u, explain(err))
	}
	if n := count(t, k, `SELECT count(*) FROM `+table(t, k, app, made.Key)+` WHERE deleted_at IS NULL`); n != 1 {
		t.Errorf("%d records, want %s alone", n, own)
	}
	seller := k.Grant(app, k.Member("李雷"), "seller")
	if _, err := transfer.NewForm(ctx, k.Engine, seller, app, source(t, "visits.csv", visits(), transfer.Read{}), transfer.Form{}, transfer.Options{}); err == nil {
		t.Error("somebody who may not build has made a form")
	}
}
