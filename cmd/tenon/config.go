package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tenon/api"
	"tenon/engine/desk"
)

// setting reads NAME, or the file that NAME_FILE names.
func setting(name string) (string, error) {
	if f := os.Getenv(name + "_FILE"); f != "" {
		b, err := os.ReadFile(f)
		if err != nil {
			return "", fmt.Errorf("%s_FILE: %w", name, err)
		}
		return strings.TrimSpace(string(b)), nil
	}
	return strings.TrimSpace(os.Getenv(name)), nil
}

// config is what the environment says.
type config struct {
	addr, data, database, redis, secret, public  string
	adminEmail, adminPassword                    string
	allowHTTP                                    bool
	allowHosts, proxies, metricsToken, logFormat string
	s3                                           desk.S3Config
	rate                                         api.Rate
	idle                                         time.Duration
}

func readConfig() (config, error) {
	c := config{addr: "127.0.0.1:8080", data: ".tenon"}
	for name, to := range map[string]*string{"TENON_ADDR": &c.addr, "TENON_DATA_DIR": &c.data, "DATABASE_URL": &c.database, "REDIS_URL": &c.redis, "TENON_SECRET_KEY": &c.secret,
		"TENON_PUBLIC_URL": &c.public, "TENON_ADMIN_EMAIL": &c.adminEmail, "TENON_ADMIN_PASSWORD": &c.adminPassword,
		"TENON_ALLOW_HOSTS": &c.allowHosts, "TENON_TRUSTED_PROXIES": &c.proxies, "TENON_METRICS_TOKEN": &c.metricsToken, "TENON_LOG": &c.logFormat,
		"TENON_S3_ENDPOINT": &c.s3.Endpoint, "TENON_S3_REGION": &c.s3.Region, "TENON_S3_BUCKET": &c.s3.Bucket, "TENON_S3_PREFIX": &c.s3.Prefix,
		"TENON_S3_ACCESS_KEY": &c.s3.AccessKey, "TENON_S3_SECRET_KEY": &c.s3.SecretKey} {
		v, err := setting(name)
		if err != nil {
			return c, err
		}
		if v != "" {
			*to = v
		}
	}
	c.allowHTTP = os.Getenv("TENON_ALLOW_HTTP") != ""
	c.public = strings.TrimRight(c.public, "/")
	var err error
	if v := os.Getenv("TENON_SESSION_IDLE"); v != "" {
		if c.idle, err = time.ParseDuration(v); err != nil || c.idle < time.Minute {
			return c, fmt.Errorf("TENON_SESSION_IDLE is %q; give a duration such as 8h", v)
		}
	}
	if v := os.Getenv("TENON_RATE_LIMIT"); v != "" {
		// One figure for every credential, in requests a second; 0 switches limits off.
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || n < 0 {
			return c, fmt.Errorf("TENON_RATE_LIMIT is %q; give requests per second, 0 for no limit", v)
		}
		if n == 0 {
			n = -1
		}
		c.rate = api.Rate{Session: n, Key: n}
	}
	if c.data, err = filepath.Abs(c.data); err != nil {
		return c, err
	}
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return c, err
	}
	if c.secret == "" {
		if c.database != "" {
			return c, errors.New("TENON_SECRET_KEY is required with DATABASE_URL: set it to 32 random bytes, for example the output of: openssl rand -base64 32")
		}
		if c.secret, err = ownSecret(filepath.Join(c.data, "secret.key")); err != nil {
			return c, err
		}
	}
	return c, nil
}

// list splits a setting at its commas.
func list(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// ownSecret keeps a key of its own in the data folder.
func ownSecret(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	s := base64.RawURLEncoding.EncodeToString(raw)
	return s, os.WriteFile(path, []byte(s+"\n"), 0o600)
}
