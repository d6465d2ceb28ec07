package engine_test

import (
	"context"
	"testing"

	"tenon/engine/enginetest"
	"tenon/schema"
)

func mustEntity(t *testing.T, k *enginetest.Kit, app, key string) *schema.EntityModel {
	t.Helper()
	snap, err := k.Defs.At(context.Background(), app)
	if err != nil {
		t.Fatal(err)
	}
	return snap.Entity(key)
}
