package cluster

import (
	"context"

	"tenon/schema/fault"
)

// Config says where a private cluster lives and how it runs. Only DataDir is
// required.
type Config struct {
	// DataDir is the product's data folder. The cluster takes pg/, pg.log and
	// tenon.lock in it.
	DataDir string
	// Log receives what a person should know of a start: what is being
	// fetched, made, stopped. Nil discards it.
	Log func(format string, a ...any)
	// Database is the database made for the product; "tenon" if empty.
	Database string
	// SharedBuffers is Postgres's setting of that name; "256MB" if empty.
	SharedBuffers string
	// MaxConnections is Postgres's setting of that name; 60 if zero.
	MaxConnections int
	// Settings are further Postgres settings; they win over ours.
	Settings map[string]string
	// Volatile gives up durability for speed. For tests only.
	Volatile bool
	// TCP listens on a random port of the loopback interface, guarded by a
	// password, although unix sockets could be used.
	TCP bool

	// BinDir names the folder of postgres and initdb, in place of any search.
	BinDir string
	// CacheDir is where fetched binaries are kept; DefaultCacheDir() if empty.
	CacheDir string
	// HideMachine ignores the binaries installed on the machine, so that only
	// the cache and Fetch can provide some.
	HideMachine bool
	// Fetch gets binaries that neither the machine nor the cache has;
	// FetchMaven if nil.
	Fetch FetchFunc
}

// FetchFunc brings Postgres binaries of a major version (0 means the one we
// pin) into the cache folder and returns the folder that holds postgres and
// initdb.
type FetchFunc func(ctx context.Context, cacheDir string, major int, log func(format string, a ...any)) (binDir string, err error)

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = func(string, ...any) {}
	}
	if c.Database == "" {
		c.Database = "tenon"
	}
	if c.SharedBuffers == "" {
		c.SharedBuffers = "256MB"
	}
	if c.MaxConnections == 0 {
		c.MaxConnections = 60
	}
	if c.CacheDir == "" {
		c.CacheDir = DefaultCacheDir()
	}
	if c.Fetch == nil {
		c.Fetch = FetchMaven
	}
	return c
}

var (
	errLocked = fault.Define(fault.Conflict, "cluster.locked",
		"数据目录 {dir} 正被另一个 Tenon 进程使用（进程号 {pid}）。请先停止它，或换一个数据目录。",
		"the data folder {dir} is in use by another Tenon process (pid {pid}); stop that one first or choose another data folder")
	errNoBinaries = fault.Define(fault.Unsupported, "cluster.no_binaries",
		"找不到可用的 PostgreSQL {want}。请安装它（例如 apt-get install postgresql），或用 DATABASE_URL 指向已有的数据库。已查看：{seen}",
		"no usable PostgreSQL {want} was found; install it (for example: apt-get install postgresql) or point DATABASE_URL to a database. Looked at: {seen}")
	errVersion = fault.Define(fault.Unsupported, "cluster.version",
		"数据目录由 PostgreSQL {major} 创建，但没有这个主版本的程序文件。请安装 PostgreSQL {major}（例如 apt-get install postgresql-{major}）。已查看：{seen}",
		"the data folder was made by PostgreSQL {major}, and no binaries of that major version were found; install PostgreSQL {major} (for example: apt-get install postgresql-{major}). Looked at: {seen}")
	errOwner = fault.Define(fault.Forbidden, "cluster.owner",
		"数据库目录 {dir} 属于另一个用户（uid {uid}）。请以该用户或 root 身份启动，或修改目录的所有者。",
		"the database folder {dir} belongs to another user (uid {uid}); start as that user or as root, or change the folder's owner")
	errNoUser = fault.Define(fault.Unsupported, "cluster.no_user",
		"Postgres 不能以 root 身份运行，而系统中没有 postgres 或 nobody 用户。请新建一个名为 postgres 的用户。",
		"Postgres refuses to run as root, and there is no user postgres or nobody to run it as; create a user named postgres")
	errStart = fault.Define(fault.Internal, "cluster.start",
		"内置数据库未能启动。日志 {log} 的结尾：{tail}",
		"the private database did not start. The end of {log}: {tail}")
	errInit = fault.Define(fault.Internal, "cluster.init",
		"未能创建内置数据库：{tail}",
		"the private database could not be made: {tail}")
	errFetch = fault.Define(fault.Transient, "cluster.fetch",
		"未能下载 PostgreSQL 程序文件：{detail}",
		"the PostgreSQL binaries could not be fetched: {detail}")
)
