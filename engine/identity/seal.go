package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Box seals secrets at rest with the installation's key: AES-256-GCM, with the
// key's fingerprint in front so that a wrong key is recognised.
type Box struct {
	aead cipher.AEAD
	id   string
}

// NewBox makes a box from the installation's secret key, a text of any form
// with at least 16 characters.
func NewBox(secret string) (*Box, error) {
	if len(secret) < 16 {
		return nil, errors.New("the secret key is shorter than 16 characters")
	}
	key := sha256.Sum256([]byte("tenon at rest\x00" + secret))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(key[:])
	return &Box{aead, hex.EncodeToString(id[:4])}, nil
}

// Seal encrypts a text for one purpose; it opens for that purpose only.
func (b *Box) Seal(purpose, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	nonce := make([]byte, b.aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return "", err
	}
	out := b.aead.Seal(nonce, nonce, []byte(text), []byte(purpose))
	return "s1." + b.id + "." + base64.RawURLEncoding.EncodeToString(out), nil
}

// Open decrypts what Seal made.
func (b *Box) Open(purpose, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	parts := strings.SplitN(sealed, ".", 3)
	if len(parts) != 3 || parts[0] != "s1" {
		return "", errors.New("not a sealed secret")
	}
	if parts[1] != b.id {
		return "", fmt.Errorf("sealed with another secret key (%s, ours is %s)", parts[1], b.id)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(raw) < b.aead.NonceSize() {
		return "", errors.New("a sealed secret is damaged")
	}
	n := b.aead.NonceSize()
	text, err := b.aead.Open(nil, raw[:n], raw[n:], []byte(purpose))
	return string(text), err
}
