// Command tenon is the product: one binary that serves the UI and the API,
// executes rules, and carries the tools to run it.
//
//	tenon serve      everything in one process, or --roles web,worker,scheduler
//	tenon migrate    bring the platform's tables up to date
//	tenon user       add people, set a password
//	tenon apikey     make an API key
//	tenon template   list templates, install one
//	tenon app        list, export and import apps
//	tenon import     bring a table of records into an app
//	tenon export     write an app's records to a file
//	tenon undo       take an import back
//	tenon doctor     look for what is wrong with an installation
//
// The package wires; what it wires lives elsewhere. To add a command: a file
// with its function and a line in commands.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sort"
	"strings"
	"syscall"
)

// version is set at build time.
var version = "dev"

// command is one word of the command line.
type command struct {
	help string
	run  func(ctx context.Context, args []string) error
}

var commands map[string]command

func init() {
	commands = map[string]command{
		"serve":    {"start the product", serve},
		"migrate":  {"bring the platform's tables up to date", migrate},
		"user":     {"user add [--admin] EMAIL NAME | user password EMAIL: the password is read from TENON_PASSWORD or standard input | user import FILE [--name COLUMN] [--email COLUMN] [--department COLUMN] [--manager COLUMN] [--role APP/ROLE]", user},
		"apikey":   {"apikey create [--scopes JSON] [--days N] NAME: print a new API key", apikey},
		"template": {"template list | template install [--sample] [--light=false] [--key KEY] NAME", template},
		"app":      {"app list | app export [--data] APP FILE.zip | app import FILE.zip", app},
		"import":   {"import APP ENTITY FILE [--mapping FILE.json|KEY] [--dry-run] [--rules] [--report BAD.csv]: a CSV or XLSX table", importRecords},
		"export":   {"export APP ENTITY [--format csv|xlsx|ndjson] [--filter EXPRESSION] [--fields A,B] [--keys] [--out FILE]", exportRecords},
		"undo":     {"undo APP OPERATION: take an import or another bulk change back", undo},
		"doctor":   {"look for what is wrong with an installation", doctor},
		"version":  {"print the version", func(context.Context, []string) error { fmt.Println(version); return nil }},
	}
}

func main() {
	if os.Getenv("GOGC") == "" {
		// Little lives and requests allocate a lot: a heap of three times what
		// lives costs some 20 MB and halves the collector's share of the processor.
		debug.SetGCPercent(200)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	args := os.Args[1:]
	if len(args) == 0 {
		args = []string{"serve"}
	}
	c, ok := commands[args[0]]
	if !ok {
		usage()
		os.Exit(2)
	}
	if err := c.run(ctx, args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tenon:", err)
		os.Exit(1)
	}
}

func usage() {
	names := make([]string, 0, len(commands))
	for n := range commands {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("usage: tenon COMMAND\n\n")
	for _, n := range names {
		fmt.Fprintf(&b, "  %-9s %s\n", n, commands[n].help)
	}
	b.WriteString("\nSettings come from the environment: TENON_ADDR, TENON_DATA_DIR, DATABASE_URL, REDIS_URL, TENON_SECRET_KEY,\nTENON_ADMIN_EMAIL, TENON_ADMIN_PASSWORD, TENON_PUBLIC_URL, TENON_ALLOW_HOSTS,\nTENON_TRUSTED_PROXIES, TENON_METRICS_TOKEN, TENON_S3_*; TENON_WORKSPACE chooses among several; each may be NAME_FILE to name a file that holds it.\n")
	fmt.Fprint(os.Stderr, b.String())
}
