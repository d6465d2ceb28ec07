package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Blobs keep the content of files by its SHA-256.
type Blobs interface {
	// Put keeps a local file's content; it may take the file itself.
	Put(ctx context.Context, sha []byte, local string, size int64) error
	// Open reads content, from the start.
	Open(ctx context.Context, sha []byte) (io.ReadCloser, error)
	Remove(ctx context.Context, sha []byte) error
}

// Disk keeps blobs in a folder.
type Disk struct{ dir string }

// NewDisk makes the folder.
func NewDisk(dir string) (*Disk, error) {
	return &Disk{dir}, os.MkdirAll(dir, 0o700)
}

func (d *Disk) path(sha []byte) string {
	name := hex.EncodeToString(sha)
	return filepath.Join(d.dir, name[:2], name)
}

// Put moves or copies a file to its place and makes it durable.
func (d *Disk) Put(_ context.Context, sha []byte, local string, _ int64) error {
	at := d.path(sha)
	if _, err := os.Stat(at); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	in, err := os.Open(local)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(at), "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	if err := os.Rename(out.Name(), at); err != nil {
		return err
	}
	return syncDir(filepath.Dir(at))
}

// syncDir makes a rename durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open reads a blob.
func (d *Disk) Open(_ context.Context, sha []byte) (io.ReadCloser, error) {
	return os.Open(d.path(sha))
}

// Remove deletes a blob; one that is gone already is no error.
func (d *Disk) Remove(_ context.Context, sha []byte) error {
	err := os.Remove(d.path(sha))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// S3 keeps blobs in a bucket.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// S3Config says where the bucket is. Endpoint is a URL.
type S3Config struct{ Endpoint, Region, Bucket, Prefix, AccessKey, SecretKey string }

// NewS3 connects to a bucket and checks that it is there.
func NewS3(ctx context.Context, c S3Config) (*S3, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the S3 endpoint %q is not a URL", c.Endpoint)
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: u.Scheme == "https", Region: c.Region})
	if err != nil {
		return nil, err
	}
	ok, err := client.BucketExists(ctx, c.Bucket)
	if err == nil && !ok {
		err = fmt.Errorf("there is no bucket %q", c.Bucket)
	}
	return &S3{client, c.Bucket, c.Prefix}, err
}

func (s *S3) key(sha []byte) string { return s.prefix + hex.EncodeToString(sha) }

// Put uploads a file's content.
func (s *S3) Put(ctx context.Context, sha []byte, local string, _ int64) error {
	if _, err := s.client.StatObject(ctx, s.bucket, s.key(sha), minio.StatObjectOptions{}); err == nil {
		return nil
	}
	_, err := s.client.FPutObject(ctx, s.bucket, s.key(sha), local, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return err
}

// Open reads a blob.
func (s *S3) Open(ctx context.Context, sha []byte) (io.ReadCloser, error) {
	o, err := s.client.GetObject(ctx, s.bucket, s.key(sha), minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := o.Stat(); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// Remove deletes a blob.
func (s *S3) Remove(ctx context.Context, sha []byte) error {
	return s.client.RemoveObject(ctx, s.bucket, s.key(sha), minio.RemoveObjectOptions{})
}
