package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"tenon/engine/cluster"
	"tenon/engine/cluster/clustertest"
)

// composeFile is what the tests read of docker-compose.yml.
type composeFile struct {
	Services map[string]composeService
	Volumes  map[string]any
}

type composeService struct {
	Image       string
	Build       struct{ Context, Dockerfile string }
	Command     []string
	Environment map[string]string
	Volumes     []string
	Ports       []string
	Healthcheck struct {
		Test []string
	}
	DependsOn map[string]struct{ Condition string } `yaml:"depends_on"`
	Restart   string
}

func readCompose(t *testing.T) (*project, composeFile) {
	t.Helper()
	p, err := openProject()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(p.path("docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return p, c
}

const composeSecrets = "/run/tenon-secrets"

func TestCompose_isWhole(t *testing.T) {
	t.Parallel()
	p, c := readCompose(t)
	for _, name := range []string{"postgres", "redis", "web", "worker", "secrets"} {
		s, ok := c.Services[name]
		if !ok {
			t.Fatalf("no service %s", name)
		}
		if _, tag, _ := strings.Cut(s.Image, ":"); tag == "" {
			t.Errorf("%s: the image %q has no tag", name, s.Image)
		}
		oneShot := s.Restart == ""
		if (len(s.Healthcheck.Test) == 0) != oneShot {
			t.Errorf("%s: what keeps running has a health check, and nothing else does", name)
		}
		if len(s.Healthcheck.Test) > 0 && s.Healthcheck.Test[0] != "CMD" {
			t.Errorf("%s: the health check runs in a shell: %q", name, s.Healthcheck.Test)
		}
		for dependency, d := range s.DependsOn {
			want := "service_healthy"
			if c.Services[dependency].Restart == "" {
				want = "service_completed_successfully"
			}
			if d.Condition != want {
				t.Errorf("%s waits for %s to be %q, not %q", name, dependency, d.Condition, want)
			}
		}
		for _, v := range s.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			if _, ok := c.Volumes[volume]; !ok {
				t.Errorf("%s: volume %s is not declared", name, volume)
			}
		}
		for key, value := range s.Environment {
			secret := strings.Contains(key, "PASSWORD") || strings.Contains(key, "SECRET") || strings.Contains(key, "DATABASE_URL")
			if secret && !strings.HasPrefix(value, composeSecrets) && !strings.HasPrefix(value, "${") {
				t.Errorf("%s: %s is written down: %q", name, key, value)
			}
		}
	}
	for _, name := range []string{"web", "worker"} {
		s := c.Services[name]
		for _, need := range []string{"secrets", "postgres", "redis"} {
			if _, ok := s.DependsOn[need]; !ok {
				t.Errorf("%s does not wait for %s", name, need)
			}
		}
		if _, err := os.Stat(p.path(s.Build.Context, s.Build.Dockerfile)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(s.Command) == 0 || s.Command[0] != "serve" {
			t.Errorf("%s runs %q", name, s.Command)
		}
	}
	roles := strings.Join(append(slices.Clone(c.Services["web"].Command), c.Services["worker"].Command...), " ")
	for _, role := range []string{"web", "worker", "scheduler"} {
		if !strings.Contains(roles, role) {
			t.Errorf("nobody has the role %s: %s", role, roles)
		}
	}
}

// makeSecrets runs the command of the secrets service on a folder.
func makeSecrets(t *testing.T, c composeFile, dir string) map[string]string {
	t.Helper()
	command := slices.Clone(c.Services["secrets"].Command)
	for i, word := range command {
		// What the file escapes for Compose, and the volume's place.
		command[i] = strings.ReplaceAll(strings.ReplaceAll(word, "$$", "$"), composeSecrets, dir)
	}
	cmd := exec.Command(command[0], command[1:]...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("secrets: %v\n%s", err, out)
	}
	made := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		made[e.Name()] = string(text)
	}
	return made
}

func TestCompose_makesSecretsOnce(t *testing.T) {
	t.Parallel()
	_, c := readCompose(t)
	dir := t.TempDir()
	first := makeSecrets(t, c, dir)
	if len(first) != 3 {
		t.Fatalf("made %d files", len(first))
	}
	if got, want := first["database_url"], "postgres://tenon:"+first["postgres_password"]+"@postgres:5432/tenon?sslmode=disable"; got != want {
		t.Errorf("database_url is %q, want %q", got, want)
	}
	if len(first["secret_key"]) < 40 || first["secret_key"] == first["postgres_password"] {
		t.Errorf("weak secrets: %v", first)
	}
	for name, text := range makeSecrets(t, c, dir) {
		if text != first[name] {
			t.Errorf("a second start changed %s", name)
		}
	}
	for _, s := range []string{"postgres", "web", "worker"} {
		for key, value := range c.Services[s].Environment {
			if file, ok := strings.CutPrefix(value, composeSecrets+"/"); ok && first[file] == "" {
				t.Errorf("%s: %s names %s, which nobody makes", s, key, value)
			}
		}
	}
}

// TestCompose_runs starts the file's services as processes: its commands, its
// environment, its health checks; only the names of hosts and volumes differ.
func TestCompose_runs(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the product and starts four servers")
	}
	t.Parallel()
	p, c := readCompose(t)
	if !onPath("redis-server") {
		t.Skip("redis-server is not installed")
	}
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	binary := filepath.Join(dir, "tenon")
	if err := p.job(ctx, job{name: "go", args: []string{"build", "-o", binary, "./cmd/tenon"}, out: t.Output()}); err != nil {
		t.Fatal(err)
	}
	secrets := filepath.Join(dir, "secrets")
	if err := os.Mkdir(secrets, 0o700); err != nil {
		t.Fatal(err)
	}
	makeSecrets(t, c, secrets)
	settings := clustertest.Settings(filepath.Join(dir, "postgres"))
	settings.TCP = true
	postgres, err := cluster.Start(ctx, settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { postgres.Stop() })
	if err := os.WriteFile(filepath.Join(secrets, "database_url"), []byte(postgres.URL()), 0o600); err != nil {
		t.Fatal(err)
	}

	redis := freeTestPort(t)
	_, redisPort, _ := net.SplitHostPort(redis)
	run(t, ctx, nil, append(slices.Clone(c.Services["redis"].Command), "--port", redisPort, "--bind", "127.0.0.1", "--dir", dir)...)
	healthy(t, ctx, slices.Insert(slices.Clone(c.Services["redis"].Healthcheck.Test[1:]), 1, "-p", redisPort))

	for _, name := range []string{"web", "worker"} {
		s := c.Services[name]
		addr := freeTestPort(t)
		env := []string{"PATH=" + os.Getenv("PATH")}
		for key, value := range s.Environment {
			if strings.HasPrefix(value, "${") {
				value = "" // unset on the host
			}
			if value == "/data" {
				value = filepath.Join(dir, "files")
			}
			value = strings.NewReplacer(composeSecrets, secrets, "redis:6379", redis, "0.0.0.0:8080", addr).Replace(value)
			env = append(env, key+"="+value)
		}
		run(t, ctx, env, append([]string{binary}, s.Command...)...)
		check := slices.Clone(s.Healthcheck.Test[1:])
		for i := range check {
			check[i] = strings.Replace(check[i], "127.0.0.1:8080", addr, 1)
		}
		healthy(t, ctx, check)
	}
}

func freeTestPort(t *testing.T) string {
	t.Helper()
	addr, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// run keeps a process going until the test ends; it must then stop cleanly.
func run(t *testing.T, ctx context.Context, env []string, command ...string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = env
	log := t.Output()
	cmd.Stdout, cmd.Stderr = log, log
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("%s ended with %v", strings.Join(command, " "), err)
			}
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			t.Errorf("%s did not stop", strings.Join(command, " "))
		}
	})
}

// healthy runs a health check until it passes.
func healthy(t *testing.T, ctx context.Context, check []string) {
	t.Helper()
	if !onPath(check[0]) {
		t.Skipf("the health check's %s is not installed here", check[0])
	}
	var out []byte
	var err error
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit) && ctx.Err() == nil; {
		cmd := exec.CommandContext(ctx, check[0], check[1:]...)
		if out, err = cmd.CombinedOutput(); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: %v\n%s", strings.Join(check, " "), err, out)
}
