package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// hasScript reports whether the UI's package.json has the script.
func (r *testRun) hasScript(name string) bool {
	var pkg struct{ Scripts map[string]string }
	text, err := os.ReadFile(r.p.path("frontend", "package.json"))
	return err == nil && json.Unmarshal(text, &pkg) == nil && pkg.Scripts[name] != ""
}

func (r *testRun) prepareNode(ctx context.Context) error {
	version, err := r.p.checkNode(ctx)
	if err != nil {
		return err
	}
	fmt.Println("Node.js", version)
	return r.p.installNode(ctx)
}

// npm runs a script of the UI.
func (r *testRun) npm(script string) func(context.Context) error {
	return func(ctx context.Context) error {
		return r.p.job(ctx, job{dir: "frontend", name: "npm", args: []string{"run", "--silent", script}})
	}
}

func (r *testRun) vitest(ctx context.Context) (tally, error) {
	file := filepath.Join(r.scratch, "vitest.json")
	err := r.p.job(ctx, job{dir: "frontend", env: r.env, name: "npm",
		args: []string{"run", "--silent", "test", "--", "--reporter=default", "--reporter=json", "--outputFile.json=" + file}})
	var result struct{ NumPassedTests, NumFailedTests, NumPendingTests, NumTodoTests int }
	if text, readErr := os.ReadFile(file); readErr != nil {
		err = errors.Join(err, readErr)
	} else if jsonErr := json.Unmarshal(text, &result); jsonErr != nil {
		err = errors.Join(err, jsonErr)
	}
	return tally{result.NumPassedTests, result.NumFailedTests, result.NumPendingTests + result.NumTodoTests}, err
}

// journeys runs the browser tests against the product as it would be served:
// a binary with the built UI, its own data folder, an administrator.
func (r *testRun) journeys(ctx context.Context) (tally, error) {
	binary, err := r.p.buildProduct(ctx)
	if err != nil {
		return tally{}, err
	}
	addr, err := freePort()
	if err != nil {
		return tally{}, err
	}
	const email = "admin@example.com"
	password := rand.Text()
	log, err := os.Create(filepath.Join(r.scratch, "product.log"))
	if err != nil {
		return tally{}, err
	}
	defer log.Close()
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- r.p.job(serving, job{name: binary, args: []string{"serve"}, out: log, env: []string{
			"TENON_ADDR=" + addr, "TENON_DATA_DIR=" + filepath.Join(r.scratch, "journeys"),
			"TENON_ADMIN_EMAIL=" + email, "TENON_ADMIN_PASSWORD=" + password, "DATABASE_URL=", "REDIS_URL="}})
	}()
	defer func() { stop(); <-ended }()
	if err := ready(ctx, "http://"+addr, ended); err != nil {
		text, _ := os.ReadFile(log.Name())
		return tally{}, fmt.Errorf("the product is not ready: %w\n%s", err, text)
	}
	return r.playwright(ctx, []string{
		"TENON_E2E_URL=http://" + addr, "TENON_E2E_EMAIL=" + email, "TENON_E2E_PASSWORD=" + password,
		"TENON_E2E_BINARY=" + binary, "TENON_E2E_CHROMIUM=" + chromium()})
}

// ready waits for the product, or for its early end.
func ready(ctx context.Context, base string, ended chan error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	up := make(chan error, 1)
	go func() { up <- waitReady(ctx, base, 2*time.Minute) }()
	select {
	case err := <-up:
		return err
	case err := <-ended:
		ended <- err
		return fmt.Errorf("it ended: %w", err)
	}
}

func (r *testRun) playwright(ctx context.Context, env []string) (tally, error) {
	file := filepath.Join(r.scratch, "playwright.json")
	err := r.p.job(ctx, job{dir: "frontend", env: append(env, "PLAYWRIGHT_JSON_OUTPUT_NAME="+file), name: "npm",
		args: []string{"run", "--silent", "e2e", "--", "--reporter=list,json"}})
	var result struct {
		Stats struct{ Expected, Unexpected, Flaky, Skipped int }
	}
	if text, readErr := os.ReadFile(file); readErr != nil {
		err = errors.Join(err, readErr)
	} else if jsonErr := json.Unmarshal(text, &result); jsonErr != nil {
		err = errors.Join(err, jsonErr)
	}
	s := result.Stats
	return tally{s.Expected + s.Flaky, s.Unexpected, s.Skipped}, err
}
