package templates

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	ticked   = regexp.MustCompile("`([^`]+)`")
	numbered = regexp.MustCompile(`\bA(\d\d)(?:–A(\d\d))?`)
)

// TestGuide holds the guide of the CRM to what there is: every rule stands in
// it with the test that proves it, and the trace of the seeds names only rules,
// definitions and tests that exist.
func TestGuide(t *testing.T) {
	x := open(t, "crm_lifecycle")
	tests := map[string]bool{}
	for _, f := range []string{"crm_test.go", "crm_concurrency_test.go", "crm_customers_test.go", "crm_deals_test.go", "crm_leads_test.go", "crm_rest_test.go", "crm_service_test.go", "crm_year_test.go", "definitions_test.go", "sample_test.go"} {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(b), -1) {
			tests[m[1]] = true
		}
	}
	rules, numbers := map[string]bool{}, map[string]bool{}
	for _, r := range x.App.Rules {
		rules[r.Key] = true
		if r.Key[0] == 'a' && len(r.Key) > 3 && r.Key[3] == '_' {
			numbers["A"+r.Key[1:3]] = true
		}
	}
	proofs := func(at, cell string) {
		t.Helper()
		n := 0
		for _, m := range ticked.FindAllStringSubmatch(cell, -1) {
			n++
			if !tests[m[1]] {
				t.Errorf("%s: there is no test %s", at, m[1])
			}
		}
		if n == 0 {
			t.Errorf("%s: no test is named", at)
		}
	}
	seen, later, row := map[string]bool{}, map[string]bool{}, 0
	section := ""
	for line := range strings.Lines(x.Guide) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = title
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| no.") || strings.HasPrefix(line, "| seed") {
			continue
		}
		switch section {
		case "Automations":
			key := strings.Trim(cells[1], "`")
			if !rules[key] || seen[key] || len(cells) != 5 {
				t.Errorf("%s: no such rule, twice, or a row of another shape", line)
				continue
			}
			seen[key] = true
			proofs(key, cells[4])
		case "Automations to come":
			later[cells[0]] = true
			if numbers[cells[0]] || cells[1] == "" {
				t.Errorf("%s is here, or not explained", cells[0])
			}
		case "Where each wish of the seeds is met":
			row++
			if cells[0] != fmt.Sprintf("T%d", row) || len(cells) != 4 || !strings.Contains("✓◐○", cells[2]) {
				t.Errorf("row %d is %s", row, line)
				continue
			}
			for _, m := range numbered.FindAllStringSubmatch(cells[1], -1) {
				from, to := m[1], m[2]
				if to == "" {
					to = from
				}
				for _, n := range []string{"A" + from, "A" + to} {
					if !numbers[n] {
						t.Errorf("%s: no rule for %s", cells[0], n)
					}
				}
			}
			if cells[2] != "○" && cells[3] != "–" {
				proofs(cells[0], cells[3])
			}
		}
	}
	for k := range rules {
		if !seen[k] {
			t.Errorf("%s is not in the guide", k)
		}
	}
	for n := 1; n <= 72; n++ {
		if a := fmt.Sprintf("A%02d", n); !numbers[a] && !later[a] {
			t.Errorf("%s is neither here nor to come", a)
		}
	}
	if row != 147 {
		t.Errorf("%d rows of the trace", row)
	}
}
