/* A disk that fails: stands between a test's child and the C library (LD_PRELOAD).
 *
 * It counts the calls of the whole process, over all threads, that change something below DISK_FOLDER: writes, syncs, changes of
 * a file's size, files and folders made, renamed and removed. What a kill leaves behind depends on these calls only, and on how
 * much of one was done. The ones from DISK_FIRST to DISK_LAST fail as DISK_DO says; with DISK_PERIOD the count begins anew after
 * so many, so that the disk fails again and again.
 *
 *   DISK_KINDS  which kinds are counted: w(rites), s(yncs), t(runcations), n(ames); all without it
 *   DISK_PART   only paths with this text in them
 *   DISK_LOG    a file outside the folder that gets a line for each counted call
 *   DISK_KEPT   a folder outside that gets what would be left if the power went: of each file that was synced its content then, named
 *               by its inode; of each folder a list of the names in it
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum act { PASS, KILL, TORN, EIO_, ENOSPC_, SHORT, DONE_EIO, STALL };

static unsigned long count;
static unsigned long first, last, period;
static const char *folder, *part, *kinds, *kept;
static pthread_mutex_t keeping = PTHREAD_MUTEX_INITIALIZER;
static enum act act;
static int log_fd = -1;

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);
	return text ? strtoul(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void begin(void)
{
	static const char *names[] = { "pass", "kill", "torn", "eio", "enospc", "short", "done-eio", "stall" };
	const char *wanted = getenv("DISK_DO"), *log = getenv("DISK_LOG");
	first = number("DISK_FIRST", 0);
	last = number("DISK_LAST", first);
	period = number("DISK_PERIOD", 0);
	part = getenv("DISK_PART");
	kinds = getenv("DISK_KINDS");
	kept = getenv("DISK_KEPT");
	for (unsigned i = 0; wanted && i < sizeof names / sizeof *names; i++)
		if (!strcmp(wanted, names[i]))
			act = (enum act)i;
	if (log)
		log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	/* The last: calls before this are not counted. */
	folder = getenv("DISK_FOLDER");
}

static int below(const char *path)
{
	return folder && !strncmp(path, folder, strlen(folder)) && (!part || strstr(path, part));
}

static void end(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
	for (;;)
		pause();
}

/* What is to be done to this call. */
static enum act judge(char kind, const char *call, const char *path)
{
	if (!below(path) || (kinds && !strchr(kinds, kind)))
		return PASS;
	unsigned long mine = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
	unsigned long at = period ? (mine - 1) % period + 1 : mine;
	enum act now = first && at >= first && at <= last ? act : PASS;
	if (log_fd >= 0) {
		char line[4400];
		int size = snprintf(line, sizeof line, "%lu %s %s%s\n", mine, call, path + strlen(folder), now ? " HIT" : "");
		if (size > 0)
			syscall(SYS_write, log_fd, line, (size_t)size);
	}
	if (now == KILL)
		end();
	if (now == STALL) {
		struct timespec pause = { 0, 20 * 1000 * 1000 };
		nanosleep(&pause, NULL);
		now = PASS;
	}
	return now;
}

static enum act judge_fd(char kind, const char *call, int fd)
{
	char link[64], path[4096];
	int saved = errno;
	if (!folder)
		return PASS;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
	errno = saved;
	if (size <= 0)
		return PASS;
	path[size] = 0;
	return judge(kind, call, path);
}

static int failed(enum act now)
{
	errno = now == ENOSPC_ ? ENOSPC : EIO;
	return -1;
}

/* A call that is done or not done: there is no half of it. */
#define WHOLE(now, real)                                            \
	do {                                                        \
		if (now == EIO_ || now == ENOSPC_)                  \
			return failed(now);                         \
		long done = (real);                                 \
		if (now == TORN)                                    \
			end();                                      \
		return now == DONE_EIO ? failed(now) : (int)done;   \
	} while (0)

/* A write, of which the first half may be done. */
static ssize_t put(const char *call, int fd, const void *bytes, size_t size, off_t at, int placed)
{
	enum act now = judge_fd('w', call, fd);
	size_t half = now == TORN || now == SHORT ? (size + 1) / 2 : size;
	if (now == EIO_ || now == ENOSPC_)
		return failed(now);
	ssize_t done = placed ? syscall(SYS_pwrite64, fd, bytes, half, at) : syscall(SYS_write, fd, bytes, half);
	if (now == TORN)
		end();
	return now == DONE_EIO ? failed(now) : done;
}

ssize_t write(int fd, const void *bytes, size_t size) { return put("write", fd, bytes, size, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return put("pwrite", fd, bytes, size, at, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) { return put("pwrite", fd, bytes, size, at, 1); }

ssize_t writev(int fd, const struct iovec *parts, int many)
{
	enum act now = judge_fd('w', "writev", fd);
	WHOLE(now, syscall(SYS_writev, fd, parts, many));
}

/* Where this file's or folder's durable content is kept. */
static int kept_path(int fd, const char *end, char *path, size_t room)
{
	struct stat found;
	if (!kept || fstat(fd, &found))
		return 0;
	snprintf(path, room, "%s/%lu%s", kept, (unsigned long)found.st_ino, end);
	return 1;
}

static void give_up(const char *what)
{
	perror(what);
	abort();
}

static void copy_names(int fd, int to)
{
	char again[64];
	snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
	DIR *all = opendir(again);
	if (!all)
		give_up("opendir");
	for (struct dirent *entry; (entry = readdir(all));)
		if (entry->d_name[0] != '.')
			dprintf(to, "%lu %s %s\n", (unsigned long)entry->d_ino, entry->d_type == DT_DIR ? "folder" : "file", entry->d_name);
	closedir(all);
}

static void copy_bytes(int fd, int to)
{
	char again[64], block[65536];
	snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
	int from = (int)syscall(SYS_openat, AT_FDCWD, again, O_RDONLY | O_CLOEXEC, 0);
	if (from < 0)
		give_up("open");
	for (ssize_t size; (size = read(from, block, sizeof block)) > 0;)
		if (syscall(SYS_write, to, block, (size_t)size) != size)
			give_up("write");
	close(from);
}

/* Syncs, and keeps what that made durable: at least what was there before. */
static int sync_and_keep(int fd, long number)
{
	char path[4096], fresh[4096];
	struct stat found;
	if (!kept_path(fd, "", path, sizeof path) || !kept_path(fd, ".new", fresh, sizeof fresh))
		return (int)syscall(number, fd);
	pthread_mutex_lock(&keeping);
	int to = (int)syscall(SYS_openat, AT_FDCWD, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (to < 0)
		give_up(fresh);
	if (!fstat(fd, &found) && S_ISDIR(found.st_mode))
		copy_names(fd, to);
	else
		copy_bytes(fd, to);
	close(to);
	int done = (int)syscall(number, fd);
	if (!done)
		syscall(SYS_renameat2, AT_FDCWD, fresh, AT_FDCWD, path, 0);
	pthread_mutex_unlock(&keeping);
	return done;
}

/* A new file has none of the content that an older one with its inode had. */
static long begin_kept(long fd)
{
	char path[4096];
	if (fd >= 0 && kept_path((int)fd, "", path, sizeof path))
		syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	return fd;
}

int fsync(int fd)
{
	enum act now = judge_fd('s', "fsync", fd);
	WHOLE(now, sync_and_keep(fd, SYS_fsync));
}

int fdatasync(int fd)
{
	enum act now = judge_fd('s', "fdatasync", fd);
	WHOLE(now, sync_and_keep(fd, SYS_fdatasync));
}

static int resize(int fd, off_t size)
{
	enum act now = judge_fd('t', "ftruncate", fd);
	WHOLE(now, syscall(SYS_ftruncate, fd, size));
}

int ftruncate(int fd, off_t size) { return resize(fd, size); }
int ftruncate64(int fd, off64_t size) { return resize(fd, size); }

int rename(const char *from, const char *to)
{
	enum act now = judge('n', "rename", to);
	WHOLE(now, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int unlink(const char *path)
{
	enum act now = judge('n', "unlink", path);
	WHOLE(now, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int mkdir(const char *path, mode_t mode)
{
	enum act now = judge('n', "mkdir", path);
	WHOLE(now, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

static int make(int at, const char *path, int flags, mode_t mode)
{
	struct stat found;
	int saved = errno;
	int makes = (flags & O_CREAT) && below(path) && fstatat(at, path, &found, 0);
	errno = saved;
	enum act now = makes ? judge('n', "create", path) : PASS;
	WHOLE(now, makes ? begin_kept(syscall(SYS_openat, at, path, flags, mode)) : syscall(SYS_openat, at, path, flags, mode));
}

#define MODE(flags, mode)                                \
	mode_t mode = 0;                                 \
	if ((flags) & (O_CREAT | O_TMPFILE)) {           \
		va_list rest;                            \
		va_start(rest, flags);                   \
		mode = (mode_t)va_arg(rest, int);        \
		va_end(rest);                            \
	}

int open(const char *path, int flags, ...)
{
	MODE(flags, mode)
	return make(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	MODE(flags, mode)
	return make(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int at, const char *path, int flags, ...)
{
	MODE(flags, mode)
	return make(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
	MODE(flags, mode)
	return make(at, path, flags | O_LARGEFILE, mode);
}
