package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"tenon/engine/cluster"
	"tenon/engine/cluster/clustertest"
)

// redisVariable names a real Redis server for the tests that also run on the
// in-process one.
const redisVariable = "TENON_TEST_REDIS_URL"

// databases are the servers that all tests of a run share.
type databases struct {
	run      *testRun
	postgres *cluster.Cluster
	redis    *exec.Cmd
}

func (d *databases) start(ctx context.Context) error {
	if url := os.Getenv(clustertest.Variable); url != "" {
		fmt.Println("using", clustertest.Variable)
	} else {
		c, err := cluster.Start(ctx, clustertest.Settings(filepath.Join(d.run.scratch, "postgres")))
		if err != nil {
			return err
		}
		d.postgres = c
		d.run.env = append(d.run.env, clustertest.Variable+"="+c.URL())
		fmt.Printf("PostgreSQL %s at %s\n", c.Version(), c.URL())
	}
	if os.Getenv(redisVariable) != "" || !onPath("redis-server") {
		return nil
	}
	addr, err := d.startRedis(ctx)
	if err != nil {
		return err
	}
	d.run.env = append(d.run.env, redisVariable+"=redis://"+addr)
	fmt.Println("Redis at", addr)
	return nil
}

func (d *databases) startRedis(ctx context.Context) (string, error) {
	addr, err := freePort()
	if err != nil {
		return "", err
	}
	_, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", d.run.scratch)
	ownGroup(cmd)
	diesWithUs(cmd)
	if err := cmd.Start(); err != nil {
		return "", err
	}
	d.redis = cmd
	for limit := time.Now().Add(10 * time.Second); ; {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			return addr, conn.Close()
		}
		if time.Now().After(limit) || ctx.Err() != nil {
			return "", fmt.Errorf("redis-server does not answer: %w", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// freePort is an address of the loopback interface that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return "127.0.0.1:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port), l.Close()
}

func (d *databases) stop() error {
	var errs []error
	if d.postgres != nil {
		errs = append(errs, d.postgres.Stop())
	}
	if d.redis != nil {
		errs = append(errs, d.redis.Process.Kill())
		_ = d.redis.Wait() // it was killed, and says so
	}
	return errors.Join(errs...)
}
