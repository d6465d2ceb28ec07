package main

import "strings"

// homes names the only packages that may import a library, so that replacing
// one is a change in one place. Tests and test kits may use any. A library
// that is not listed must be added, with its home.
var homes = []struct {
	library string // an import path or the start of one
	pkgs    []string
}{
	{"github.com/gin-gonic/gin", []string{"api"}},
	{"github.com/gin-contrib/", []string{"api"}},
	{"gorm.io/", []string{"engine/store"}},
	{"github.com/jackc/pgx/v5", []string{"engine/store", "engine/query", "workflow/store", "engine/cluster/...", "cmd/dev/bench"}},
	{"github.com/hibiken/asynq", []string{"workflow/queue"}},
	{"github.com/redis/go-redis/v9", []string{"workflow/queue"}},
	{"github.com/alicebob/miniredis/v2", []string{"workflow/queue"}},
	{"github.com/expr-lang/expr", []string{"schema/expr"}},
	{"github.com/santhosh-tekuri/jsonschema/v5", []string{"schema", "schema/catalog", "schema/meta"}},
	{"github.com/shopspring/decimal", []string{"schema/...", "engine/..."}},
	{"github.com/google/uuid", []string{"schema/value", "engine/...", "cmd/tenon"}},
	{"github.com/mozillazg/go-pinyin", []string{"schema", "engine/...", "api"}},
	{"github.com/xuri/excelize/v2", []string{"engine/transfer"}},
	{"github.com/wneessen/go-mail", []string{"workflow/..."}},
	{"github.com/robfig/cron/v3", []string{"schema", "workflow/..."}},
	{"github.com/minio/minio-go/v7", []string{"engine/..."}},
	{"github.com/prometheus/client_golang", []string{"api", "cmd/tenon"}},
	{"github.com/microcosm-cc/bluemonday", []string{"schema/field"}},
	{"github.com/xi2/xz", []string{"engine/cluster"}},
	{"rsc.io/qr", []string{"cmd/dev"}},
	{"golang.org/x/crypto/argon2", []string{"engine/identity"}},
	{"golang.org/x/text/", []string{"schema/...", "engine/..."}},
	{"golang.org/x/net/", []string{"workflow/...", "api"}},
	{"golang.org/x/sync/", []string{"engine/...", "workflow/...", "api", "cmd/..."}},
	{"golang.org/x/time/", []string{"api", "workflow/..."}},
	{"golang.org/x/sys/", []string{"engine/cluster", "cmd/..."}},
	{"golang.org/x/term", []string{"cmd/tenon"}},
}

func checkLibraries(t *tree) (out []finding) {
	for _, f := range t.files {
		if f.test || kit(f.pkg) {
			continue
		}
		for _, i := range t.importsOf(f) {
			first, _, _ := strings.Cut(i.path, "/")
			if !strings.Contains(first, ".") {
				continue // ours or the standard library's
			}
			if why := homeless(f.pkg, i.path); why != "" {
				out = append(out, finding{i.at, why})
			}
		}
	}
	return out
}

func homeless(pkg, library string) string {
	for _, h := range homes {
		if library != h.library && !strings.HasPrefix(library, strings.TrimSuffix(h.library, "/")+"/") {
			continue
		}
		if withinAny(pkg, h.pkgs) {
			return ""
		}
		return h.library + " is imported only by " + strings.Join(h.pkgs, ", ")
	}
	return library + " has no home yet; add it to homes in cmd/dev/law_libraries.go"
}
