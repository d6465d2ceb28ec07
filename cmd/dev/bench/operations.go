package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// site is what operations run on: the three targets, the ids of their rows,
// and numbers for new rows.
type site struct {
	db          *pgxpool.Pool
	bare        *client
	app         string
	contacts    []string // the product's
	raw, rawRel []string // the raw tables'
	next        atomic.Int64
}

func (s *site) fresh() *customer { return row(int(s.next.Add(1))) }

// operation is one thing to do on each target. A missing form is not measured.
type operation struct {
	name    string
	raw     func(s *site) call
	bare    func(s *site) call
	product func(s *site, c *client) call
}

func one(ids []string, r *rand.Rand) string { return ids[r.IntN(len(ids))] }

// answers reads all rows as texts, as a program without HTTP would.
func (s *site) answers(ctx context.Context, sql string, args ...any) (int, error) {
	rows, err := s.db.Query(ctx, sql, append([]any{pgx.QueryResultFormats{pgx.TextFormatCode}}, args...)...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		_ = rows.RawValues()
		n++
	}
	return n, rows.Err()
}

func (s *site) sql(sql string, args func(r *rand.Rand) []any) call {
	return func(ctx context.Context, r *rand.Rand) error {
		_, err := s.answers(ctx, sql, args(r)...)
		return err
	}
}

func getting(c *client, path func(r *rand.Rand) string) call {
	return func(ctx context.Context, r *rand.Rand) error {
		_, err := c.get(ctx, path(r))
		return err
	}
}

func none(*rand.Rand) []any { return nil }

func filterOf(r *rand.Rand) (stage, amount string) {
	return pick(r, stages), strconv.Itoa(r.IntN(900_000))
}

func filterArgs(r *rand.Rand) []any {
	stage, amount := filterOf(r)
	return []any{stage, amount}
}

func records(s *site) string { return "/apps/" + s.app + "/entities/customer/records" }

// fragment is a piece of n characters of a name.
func fragment(r *rand.Rand, n int) string {
	return string([]rune(row(r.IntN(1000)).name)[2 : 2+n])
}

func search(n int) operation {
	return operation{fmt.Sprintf("search %d", n),
		func(s *site) call {
			return s.sql(rawSearch, func(r *rand.Rand) []any { return []any{fragment(r, n)} })
		},
		func(s *site) call {
			return getting(s.bare, func(r *rand.Rand) string { return "/search?text=" + url.QueryEscape(fragment(r, n)) })
		},
		func(s *site, c *client) call {
			return getting(c, func(r *rand.Rand) string {
				return records(s) + "?sort=-created_at&search=" + url.QueryEscape(fragment(r, n))
			})
		}}
}

var operations = []operation{
	{"get",
		func(s *site) call {
			return s.sql(rawGet, func(r *rand.Rand) []any { return []any{one(s.raw, r)} })
		},
		func(s *site) call {
			return getting(s.bare, func(r *rand.Rand) string { return "/customer/" + one(s.raw, r) })
		},
		func(s *site, c *client) call {
			return getting(c, func(r *rand.Rand) string { return records(s) + "/" + one(c.ids, r) })
		}},
	{"list 50", func(s *site) call { return s.sql(rawList, none) },
		func(s *site) call { return getting(s.bare, func(*rand.Rand) string { return "/list" }) },
		func(s *site, c *client) call {
			return getting(c, func(*rand.Rand) string { return records(s) + "?sort=-created_at" })
		}},
	{"filter 50", func(s *site) call { return s.sql(rawFilter, filterArgs) },
		func(s *site) call {
			return getting(s.bare, func(r *rand.Rand) string {
				stage, amount := filterOf(r)
				return "/filter?stage=" + stage + "&amount=" + amount
			})
		},
		func(s *site, c *client) call {
			return getting(c, func(r *rand.Rand) string {
				stage, amount := filterOf(r)
				return records(s) + "?sort=-amount&filter=" + url.QueryEscape(fmt.Sprintf("stage == %q and amount > %s", stage, amount))
			})
		}},
	{"expand", func(s *site) call {
		return s.sql(rawExpand, func(r *rand.Rand) []any { return []any{one(s.rawRel, r)} })
	},
		func(s *site) call {
			return getting(s.bare, func(r *rand.Rand) string { return "/contact/" + one(s.rawRel, r) })
		},
		func(s *site, c *client) call {
			return getting(c, func(r *rand.Rand) string {
				return "/apps/" + s.app + "/entities/contact/records/" + one(s.contacts, r) + "?expand=customer"
			})
		}},
	search(3), search(2),
	{"offset 50k", func(s *site) call { return s.sql(rawDeep, func(*rand.Rand) []any { return []any{"50000"} }) },
		func(s *site) call { return getting(s.bare, func(*rand.Rand) string { return "/deep?offset=50000" }) },
		func(s *site, c *client) call {
			return getting(c, func(*rand.Rand) string { return records(s) + "?sort=-created_at&offset=50000" })
		}},
	{"count", func(s *site) call { return s.sql(rawCount, filterArgs) },
		func(s *site) call {
			return getting(s.bare, func(r *rand.Rand) string {
				stage, amount := filterOf(r)
				return "/count?stage=" + stage + "&amount=" + amount
			})
		},
		func(s *site, c *client) call {
			return func(ctx context.Context, r *rand.Rand) error {
				stage, amount := filterOf(r)
				_, err := c.json(ctx, "POST", records(s)+"/aggregate", fmt.Sprintf(`{"measures":[{"fn":"count","as":"n"}],"filter":%q}`, fmt.Sprintf("stage == %q and amount > %s", stage, amount)))
				return err
			}
		}},
	{"group", func(s *site) call { return s.sql(rawGroup, none) },
		func(s *site) call { return getting(s.bare, func(*rand.Rand) string { return "/group" }) },
		func(s *site, c *client) call {
			return func(ctx context.Context, _ *rand.Rand) error {
				_, err := c.json(ctx, "POST", records(s)+"/aggregate", `{"group_by":[{"field":"stage"}],"measures":[{"fn":"count","as":"n"},{"fn":"sum","field":"amount","as":"total"}]}`)
				return err
			}
		}},
	{"create",
		func(s *site) call {
			return func(ctx context.Context, _ *rand.Rand) error {
				var in map[string]any
				if err := json.Unmarshal([]byte(s.fresh().json(false)), &in); err != nil {
					return err
				}
				var id string
				return s.db.QueryRow(ctx, rawInsert, insertArgs(in)...).Scan(&id)
			}
		},
		func(s *site) call {
			return func(ctx context.Context, _ *rand.Rand) error {
				_, err := s.bare.json(ctx, "POST", "/customer", s.fresh().json(false))
				return err
			}
		},
		func(s *site, c *client) call {
			return func(ctx context.Context, _ *rand.Rand) error {
				_, err := c.json(ctx, "POST", records(s), s.fresh().json(c.member))
				return err
			}
		}},
	{"update",
		func(s *site) call {
			return func(ctx context.Context, r *rand.Rand) error {
				_, err := s.db.Exec(ctx, rawUpdate, one(s.raw, r), strconv.Itoa(r.IntN(1_000_000)))
				return err
			}
		},
		func(s *site) call {
			return func(ctx context.Context, r *rand.Rand) error {
				_, err := s.bare.json(ctx, "PATCH", "/customer/"+one(s.raw, r), fmt.Sprintf(`{"amount":%d}`, r.IntN(1_000_000)))
				return err
			}
		},
		func(s *site, c *client) call {
			return func(ctx context.Context, r *rand.Rand) error {
				_, err := c.json(ctx, "PATCH", records(s)+"/"+one(c.ids, r), fmt.Sprintf(`{"amount":%d}`, r.IntN(1_000_000)))
				return err
			}
		}},
	{"batch 100",
		func(s *site) call {
			return func(ctx context.Context, _ *rand.Rand) error {
				in := make([]map[string]any, 100)
				for i := range in {
					if err := json.Unmarshal([]byte(s.fresh().json(false)), &in[i]); err != nil {
						return err
					}
				}
				return insertMany(ctx, s.db, in)
			}
		},
		func(s *site) call {
			return func(ctx context.Context, _ *rand.Rand) error {
				rows := make([]string, 100)
				for i := range rows {
					rows[i] = s.fresh().json(false)
				}
				_, err := s.bare.json(ctx, "POST", "/batch", "["+strings.Join(rows, ",")+"]")
				return err
			}
		},
		func(s *site, c *client) call {
			return func(ctx context.Context, _ *rand.Rand) error {
				var b bytes.Buffer
				b.WriteString(`{"ops":[`)
				for i := range 100 {
					if i > 0 {
						b.WriteByte(',')
					}
					b.WriteString(`{"op":"create","values":` + s.fresh().json(false) + `}`)
				}
				b.WriteString(`]}`)
				_, err := c.send(ctx, "POST", records(s)+"/batch", "application/json", &b)
				return err
			}
		}},
}

func init() {
	by := map[string]operation{}
	for _, o := range operations {
		by[o.name] = o
	}
	operations = append(operations, operation{"mix",
		func(s *site) call {
			return mixed(by["get"].raw(s), by["list 50"].raw(s), by["filter 50"].raw(s), by["create"].raw(s), by["update"].raw(s))
		},
		func(s *site) call {
			return mixed(by["get"].bare(s), by["list 50"].bare(s), by["filter 50"].bare(s), by["create"].bare(s), by["update"].bare(s))
		},
		func(s *site, c *client) call {
			return mixed(by["get"].product(s, c), by["list 50"].product(s, c), by["filter 50"].product(s, c), by["create"].product(s, c), by["update"].product(s, c))
		}})
}

// mixed is 40 % get, 20 % list, 20 % filter, 10 % create, 10 % update.
func mixed(get, list, filter, create, update call) call {
	return func(ctx context.Context, r *rand.Rand) error {
		switch n := r.IntN(10); {
		case n < 4:
			return get(ctx, r)
		case n < 6:
			return list(ctx, r)
		case n < 8:
			return filter(ctx, r)
		case n < 9:
			return create(ctx, r)
		}
		return update(ctx, r)
	}
}
