package transfer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenon/engine/enginetest"
	"tenon/engine/transfer"
)

const plain = `{"app":{"key":"plain","name":"快"},"entities":[{"key":"thing","name":"物","title":"{name}","fields":[
 {"key":"name","name":"名称","type":"text","required":true},{"key":"code","name":"代码","type":"text","unique":true},{"key":"phone","name":"电话","type":"phone"},
 {"key":"level","name":"级别","type":"select","options":{"choices":[{"key":"a","label":"甲"},{"key":"b","label":"乙"}]}},
 {"key":"amount","name":"金额","type":"money"},{"key":"day","name":"日期","type":"date"},{"key":"score","name":"分","type":"number","options":{"scale":0}},{"key":"note","name":"备注","type":"text"}]}]}`

// rowsOf makes a table of n plain rows.
func rowsOf(n int) string {
	var b strings.Builder
	b.WriteString("name,code,phone,level,amount,day,score,note\n")
	for i := range n {
		fmt.Fprintf(&b, "杭州云图%d科技有限公司,C%07d,138%08d,%s,%d.%02d,2026-%02d-%02d,%d,第%d条备注\n", i, i, i, []string{"甲", "乙"}[i%2], i%100000, i%100, i%12+1, i%28+1, i%100, i)
	}
	return b.String()
}

// BenchmarkImport measures rows of a plain entity.
func BenchmarkImport(b *testing.B) {
	k := enginetest.New(b)
	app := k.App(plain)
	m := transfer.Mapping{Entity: "thing", Mode: transfer.ModeCreate}
	for _, f := range []string{"name", "code", "phone", "level", "amount", "day", "score", "note"} {
		m.Columns = append(m.Columns, transfer.ColumnMap{Field: f, Column: f})
	}
	src, err := transfer.Open(strings.NewReader(rowsOf(20_000)), "plain.csv", 100<<20, transfer.Read{})
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	for b.Loop() {
		before := time.Now()
		res, err := transfer.Run(ctx, k.Engine, k.Admin, app, src, m, transfer.Options{})
		if err != nil || res.Created != 20_000 {
			b.Fatalf("%+v %v", res, err)
		}
		b.ReportMetric(20_000/time.Since(before).Seconds(), "rows/s")
		b.StopTimer()
		if _, err := k.DB.Exec(ctx, `DELETE FROM ws_main.plain_thing`); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
