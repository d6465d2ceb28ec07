package query_test

import (
	"os"
	"testing"

	"tenon/engine/cluster/clustertest"
)

func TestMain(m *testing.M) { os.Exit(clustertest.Run(m)) }
