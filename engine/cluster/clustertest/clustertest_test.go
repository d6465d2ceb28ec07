package clustertest_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"tenon/engine/cluster/clustertest"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }

func TestURL_answers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, clustertest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var encoding, zone string
	if err := conn.QueryRow(ctx, "select current_setting('server_encoding'), current_setting('TimeZone')").Scan(&encoding, &zone); err != nil {
		t.Fatal(err)
	}
	if encoding != "UTF8" || zone != "UTC" {
		t.Errorf("encoding %s, zone %s; want UTF8, UTC", encoding, zone)
	}
}
