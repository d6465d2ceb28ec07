package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// screens runs the browser tests of single screens, on fixture data.
func (r *testRun) screens(ctx context.Context) (tally, error) {
	return r.playwright(ctx, "e2e", nil)
}

// journeys runs the browser tests against the product as it would be served:
// they start a binary with the built UI on data folders of their own.
func (r *testRun) journeys(ctx context.Context) (tally, error) {
	binary, err := r.p.buildProduct(ctx)
	if err != nil {
		return tally{}, err
	}
	return r.playwright(ctx, "journeys", []string{"TENON_E2E_BINARY=" + binary})
}

// playwright runs a script of the UI that is Playwright with some settings.
func (r *testRun) playwright(ctx context.Context, script string, env []string) (tally, error) {
	file := filepath.Join(r.scratch, script+".json")
	env = append(env, "PLAYWRIGHT_JSON_OUTPUT_NAME="+file)
	if at := chromium(); at != "" {
		env = append(env, "CHROME_PATH="+at)
	}
	err := r.p.job(ctx, job{dir: "frontend", env: env, name: "npm",
		args: []string{"run", "--silent", script, "--", "--reporter=list,json"}})
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
