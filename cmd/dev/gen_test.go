package main

import (
	"os"
	"strings"
	"testing"
)

func TestCheckGenerated_namesWhatIsStale(t *testing.T) {
	t.Parallel()
	p := sample(t, map[string]string{
		"go.mod":          "module tenon\n\ngo 1.26.0\n",
		"schema/gen.go":   "package schema\n\n//go:generate sh -c \"cat in.txt > out.txt\"\n",
		"schema/in.txt":   "one",
		"schema/out.txt":  "one",
		"engine/plain.go": "package engine\n\n// Not a directive: go:generate x.\n",
	})
	if pkgs, err := p.generating(t.Context()); err != nil || len(pkgs) != 1 || pkgs[0] != "./schema" {
		t.Fatalf("generating: %q, %v", pkgs, err)
	}
	if err := p.checkGenerated(t.Context()); err != nil {
		t.Errorf("fresh, yet %v", err)
	}
	if err := os.WriteFile(p.path("schema/in.txt"), []byte("two"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := p.checkGenerated(t.Context())
	if err == nil || !strings.Contains(err.Error(), "schema/out.txt") || strings.Contains(err.Error(), "in.txt") {
		t.Errorf("stale, yet %v", err)
	}
	if text, _ := os.ReadFile(p.path("schema/out.txt")); string(text) != "one" {
		t.Error("checking changed a file")
	}
}
