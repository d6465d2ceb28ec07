package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"tenon/engine/enginetest"
	"tenon/engine/record"
	"tenon/schema/fault"
)

// TestEngine_computedValuesStayRight lets 16 writers create, re-link, change,
// delete, restore and purge, and then holds every stored lookup, rollup and
// formula against plain SQL. No deadlock may reach a writer.
func TestEngine_computedValuesStayRight(t *testing.T) {
	t.Parallel()
	k := enginetest.New(t)
	app := k.App(shop)
	ctx := context.Background()
	var customers []string
	for i := range 5 {
		customers = append(customers, k.Create(k.Admin, app, "customer", fmt.Sprintf(`{"name":"C%d"}`, i)))
	}
	var mu sync.Mutex
	var orders, gone []string
	pick := func(r *rand.Rand, l *[]string) string {
		mu.Lock()
		defer mu.Unlock()
		if len(*l) == 0 {
			return ""
		}
		return (*l)[r.IntN(len(*l))]
	}
	rounds := 25
	if testing.Short() {
		rounds = 8
	}
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(uint64(w), 7))
			for range rounds {
				c := customers[r.IntN(len(customers))]
				var ops []record.Op
				switch r.IntN(8) {
				case 0, 1, 2:
					for range 1 + r.IntN(3) {
						ops = append(ops, record.Op{Kind: "create", Entity: "order", ID: enginetest.NewID(), Values: enginetest.Decode(t, fmt.Sprintf(`{"customer":"%s","items":[{"name":"x","qty":%d,"price":"%d.%02d"}]}`, customers[r.IntN(len(customers))], 1+r.IntN(5), r.IntN(100), r.IntN(100)))})
					}
				case 3:
					if o := pick(r, &orders); o != "" {
						ops = append(ops, record.Op{Kind: "update", Entity: "order", ID: o, Values: map[string]any{"customer": c}})
					}
				case 4:
					if o := pick(r, &orders); o != "" {
						ops = append(ops, record.Op{Kind: "update", Entity: "order", ID: o, Values: map[string]any{"status": []string{"open", "void"}[r.IntN(2)]}})
					}
				case 5:
					ops = append(ops, record.Op{Kind: "update", Entity: "customer", ID: c, Values: map[string]any{"name": fmt.Sprintf("N%d-%d", w, r.IntN(1000))}})
				case 6:
					if o := pick(r, &orders); o != "" {
						ops = append(ops, record.Op{Kind: "delete", Entity: "order", ID: o})
					}
				case 7:
					if o := pick(r, &gone); o != "" {
						ops = append(ops, record.Op{Kind: []string{"restore", "restore", "purge"}[r.IntN(3)], Entity: "order", ID: o})
					}
				}
				if len(ops) == 0 {
					continue
				}
				_, err := k.Write(ctx, k.Admin, app, ops, record.Options{})
				if err != nil {
					if kd := fault.KindOf(err); kd != fault.NotFound && kd != fault.Conflict {
						t.Errorf("%s: %v", ops[0].Kind, err)
					}
					continue
				}
				mu.Lock()
				for _, o := range ops {
					switch {
					case o.Kind == "create":
						orders = append(orders, o.ID)
					case o.Kind == "delete":
						gone = append(gone, o.ID)
					}
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	for name, sql := range map[string]string{
		"order_count":  `SELECT count(*) FROM ws_main.shop_customer c WHERE order_count IS DISTINCT FROM (SELECT count(*) FROM ws_main.shop_order o WHERE o.customer = c.id AND o.deleted_at IS NULL)`,
		"order_amount": `SELECT count(*) FROM ws_main.shop_customer c WHERE order_amount IS DISTINCT FROM (SELECT COALESCE(sum(total), 0) FROM ws_main.shop_order o WHERE o.customer = c.id AND o.deleted_at IS NULL AND o.status <> 'void')`,
		"is_big":       `SELECT count(*) FROM ws_main.shop_customer WHERE is_big IS DISTINCT FROM (order_amount >= 1000)`,
		"lookup":       `SELECT count(*) FROM ws_main.shop_order o WHERE customer_name IS DISTINCT FROM (SELECT name FROM ws_main.shop_customer c WHERE c.id = o.customer)`,
		"total":        `SELECT count(*) FROM ws_main.shop_order o WHERE total IS DISTINCT FROM (SELECT COALESCE(sum(qty * price), 0) FROM ws_main.shop_order__items i WHERE i.parent_id = o.id)`,
		"serials":      `SELECT count(*) FROM (SELECT no FROM ws_main.shop_order GROUP BY no HAVING count(*) > 1) x`,
	} {
		r, err := k.DB.One(ctx, sql)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := r.Int(0); n != 0 {
			t.Errorf("%s: %d records differ from plain SQL", name, n)
		}
	}
	r, err := k.DB.One(ctx, `SELECT count(*), count(*) FILTER (WHERE deleted_at IS NULL) FROM ws_main.shop_order`)
	if err != nil || r.Int(0) < 20 {
		t.Errorf("too little happened: %v %v", r.Rows, err)
	}
}
