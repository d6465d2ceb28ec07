package identity

import (
	"context"
	"crypto/subtle"
	_ "embed" // the list of common passwords
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"tenon/schema/fault"
)

// HashCost are argon2id's parameters. They are written into every hash, so
// they may change; a sign-in renews an older hash.
type HashCost struct {
	Time    uint32
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultHashCost is what OWASP recommends.
var DefaultHashCost = HashCost{Time: 2, Memory: 19 * 1024, Threads: 1}

// Faults of passwords.
var (
	ErrPassword       = fault.Define(fault.Invalid, "identity.password", "密码须为 8 到 128 个字符", "a password has 8 to 128 characters")
	ErrPasswordCommon = fault.Define(fault.Invalid, "identity.password_common", "这个密码太常见，请换一个", "this password is too common; choose another")
	ErrPasswordOld    = fault.Define(fault.Forbidden, "identity.password_old", "原密码不正确", "the old password is wrong")
)

//go:embed common_passwords.txt
var commonPasswords string

// common are the 3,000 commonest passwords of eight characters or more.
var common = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, p := range strings.Fields(commonPasswords) {
		m[p] = true
	}
	return m
})

func checkPassword(path, password string) error {
	if n := utf8.RuneCountInString(password); n < 8 || n > 128 || len(password) > 512 {
		return ErrPassword.At(path)
	}
	if common()[strings.ToLower(password)] {
		return ErrPasswordCommon.At(path)
	}
	return nil
}

// hash makes a password's hash. Only two run at a time: each takes memory.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := s.Random.Read(salt); err != nil {
		return "", err
	}
	key, err := s.derive(ctx, password, salt, s.Hash, 32)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.Hash.Memory, s.Hash.Time, s.Hash.Threads,
		enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

func (s *Service) derive(ctx context.Context, password string, salt []byte, c HashCost, n uint32) ([]byte, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Threads, n), nil
}

// verify reports whether the password is the one behind the hash, and whether
// the hash was made with other parameters than ours.
func (s *Service) verify(ctx context.Context, password, hash string) (ok, stale bool, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || len(password) > 512 {
		return false, false, nil
	}
	var version int
	var c HashCost
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, false, nil
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); err != nil || c.Time < 1 || c.Threads < 1 || c.Memory > 1<<20 {
		return false, false, nil
	}
	enc := base64.RawStdEncoding
	salt, err1 := enc.DecodeString(parts[4])
	want, err2 := enc.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) < 16 {
		return false, false, nil
	}
	got, err := s.derive(ctx, password, salt, c, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, c != s.Hash, nil
}
