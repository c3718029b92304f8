/* probe.c: a plugin that does what its rows say, well or badly. Its answer is what came of it, as an errno. */
#define _GNU_SOURCE
#include <errno.h>
#include <evalhost/ext/assets.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evaltransport.h>
#include <evalhost/scorer.h>
#include <fcntl.h>
#include <iconv.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int failed(long result) { return result < 0 ? errno : 0; }

static void *do_nothing(void *argument) { return argument; }

static int use_thread(void) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, do_nothing, NULL);
    return error ? error : pthread_join(thread, NULL);
}

static int use_iconv(void) {
    char in[] = "\xE4", out[8], *from = in, *to = out;
    size_t in_left = 1, out_left = sizeof out;
    iconv_t converter = iconv_open("UTF-8", "CP1250");
    if (converter == (iconv_t)-1) return errno;
    size_t count = iconv(converter, &from, &in_left, &to, &out_left);
    iconv_close(converter);
    return count == (size_t)-1 || memcmp(out, "\xC3\xA4", 2) != 0 ? EILSEQ : 0;
}

static int use_zone(void) {
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    time_t july = 1751371200;
    struct tm *local = localtime(&july);
    return local && local->tm_hour == 14 ? 0 : EDOM;
}

/* Blocks all signals, as some libraries do on their threads; a refused call must fail all the same. */
static int socket_while_blocked(void) {
    sigset_t all, before, now;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = failed(socket(AF_INET, SOCK_STREAM, 0));
    pthread_sigmask(SIG_SETMASK, &before, &now);
    if (!sigismember(&now, SIGUSR1) || sigismember(&before, SIGUSR1)) return EDOM;
    return error;
}

static int spawn_shell(void) {
    pid_t pid;
    char *arguments[] = {"sh", "-c", ":", NULL};
    return posix_spawn(&pid, "/bin/sh", NULL, NULL, arguments, environ);
}

static int fork_child(void) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    return failed(pid);
}

static int set_limit(void) {
    struct rlimit limit = {1 << 20, 1 << 20};
    return failed(setrlimit(RLIMIT_DATA, &limit));
}

static int map(int flags) {
    void *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}

static int handle(int signal) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    return failed(sigaction(signal, &action, NULL));
}

static int read_file(const char *path) {
    int file = open(path, O_RDONLY);
    if (file < 0) return errno;
    char byte;
    int error = failed(read(file, &byte, 1));
    close(file);
    return error;
}

static int write_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) return errno;
    int error = failed(write(file, "x", 1));
    close(file);
    return error;
}

static volatile int endless = 1;
static int overflow(int level) {
    volatile char frame[4096];
    frame[0] = (char)level;
    return endless ? overflow(level + 1) + frame[0] : 0;
}

static void exhaust_memory(void) {
    for (;;) {
        char *memory = malloc(1 << 20);
        if (!memory) abort();
        memset(memory, 1, 1 << 20);
    }
}

static int *volatile nowhere = NULL;
__attribute__((noinline)) static void crash_here(void) { *nowhere = 1; }

static int x32(void) {
#ifdef __x86_64__
    return failed(syscall(0x40000000 + SYS_getpid));
#else
    raise(SIGSYS);
    return 0;
#endif
}

static int misuse_control(void) {
    struct sockaddr address = {AF_UNIX, "/tmp/x"};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0) return errno;
    return failed(sendto(pair[0], "x", 1, 0, &address, sizeof address));
}

#define DOES(name, what) if (strcmp(command, name) == 0) return what

static int obey(const char *command) {
    DOES("nothing", 0);
    DOES("segv", (crash_here(), 0));
    DOES("abort", (abort(), 0));
    DOES("exit", (exit(3), 0));
    DOES("trap", (__builtin_trap(), 0));
    DOES("overflow", overflow(1));
    DOES("memory", (exhaust_memory(), 0));
    DOES("wild", (((void (*)(void))(uintptr_t)16)(), 0));
    DOES("kill", failed(kill(getpid(), SIGKILL)));
    DOES("close", close(CEVAL_FD_WAKE_HOST));
    DOES("x32", x32());

    DOES("thread", use_thread());
    DOES("iconv", use_iconv());
    DOES("locale", setlocale(LC_ALL, "C.UTF-8") ? 0 : EDOM);
    DOES("zone", use_zone());
    DOES("name", failed(prctl(PR_SET_NAME, "probe")));
    DOES("affinity", failed(sched_getaffinity(0, sizeof(cpu_set_t), &(cpu_set_t){{0}})));
    DOES("cpus", read_file("/proc/cpuinfo"));
    DOES("pair", failed(socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0, 0})));
    DOES("private", map(MAP_PRIVATE | MAP_ANONYMOUS));
    DOES("segv handler", handle(SIGUSR1));

    DOES("socket", failed(socket(AF_INET, SOCK_STREAM, 0)));
    DOES("blocked socket", socket_while_blocked());
    DOES("fork", fork_child());
    DOES("spawn", spawn_shell());
    DOES("exec", failed(execve("/bin/true", (char *[]){"true", NULL}, environ)));
    DOES("setrlimit", set_limit());
    DOES("kill parent", failed(kill(getppid(), 0)));
    DOES("shared", map(MAP_SHARED | MAP_ANONYMOUS));
    DOES("growsdown", map(MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN));
    DOES("memfd", failed(memfd_create("x", 0)));
    DOES("unlink", failed(unlink("/tmp/nothing")));
    DOES("dumpable", failed(prctl(PR_SET_DUMPABLE, 1)));
    DOES("pdeathsig", failed(prctl(PR_SET_PDEATHSIG, 0)));
    DOES("timer", failed(setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 1}}, NULL)));
    DOES("owner", failed(fcntl(0, F_SETOWN, getppid())));
    DOES("blocking", failed(fcntl(CEVAL_FD_WAKE_HOST, F_SETFL, 0)));
    DOES("fionbio", failed(ioctl(CEVAL_FD_WAKE_HOST, 0x5421 /* FIONBIO */, &(int){0})));
    DOES("sendto", misuse_control());
    DOES("clone3", failed(syscall(SYS_clone3, NULL, 0)));
    DOES("openat2", failed(syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0)));
    DOES("sigsys", handle(SIGSYS));
    DOES("uring", failed(syscall(SYS_io_uring_setup, 1, NULL)));

    if (strncmp(command, "read ", 5) == 0) return read_file(command + 5);
    if (strncmp(command, "write ", 6) == 0) return write_file(command + 6);
    return ENOSYS;
}

static evalhost_status score_probe(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return evalhost_integer(out, obey(row->fields[0].text.data));
}
EVALHOST_SCORER(probe, .reads = "outputs", .value = EVALHOST_ANY_INTEGER, .score = score_probe)

/* Answers with as much text as the row says. */
static evalhost_status score_big(void *self, const evalhost_record *row, const evalhost_sink *out) {
    static char text[1 << 20];
    (void)self;
    memset(text, 'x', sizeof text);
    evalhost_value value = evalhost_value_of_text(evalhost_text_of("big"));
    value.text.data = value.metadata.data = text;
    value.text.size = value.metadata.size = (uint64_t)atoi(row->fields[0].text.data);
    return evalhost_put(out, 0, &value);
}
EVALHOST_SCORER(big, .reads = "outputs", .value = EVALHOST_TEXT, .score = score_big)

typedef struct keeper {
    const evalhost_host *host;
    const evalhost_judge *judge;
    const evalhost_log *log;
    const evalhost_assets *assets;
    int64_t step;
} keeper;

static const evalhost_setting settings[] = {
    EVALHOST_SETTING("unused", EVALHOST_KIND_TEXT, "", "Nothing."),
    EVALHOST_SETTING("step", EVALHOST_KIND_INTEGER, "1", "What is added; negative is refused."),
};

static evalhost_status create_keeper(const evalhost_setup *setup, void **self) {
    if (setup->settings[1].integer < 0) return evalhost_reject(setup, 1, "step is negative");
    keeper *made = calloc(1, sizeof *made);
    made->host = setup->host;
    made->step = setup->settings[1].integer;
    made->judge = evalhost_extension(setup->host, EVALHOST_EXT_JUDGE, EVALHOST_EXT_JUDGE_REVISION);
    made->log = evalhost_extension(setup->host, EVALHOST_EXT_LOG, EVALHOST_EXT_LOG_REVISION);
    made->assets = evalhost_extension(setup->host, EVALHOST_EXT_ASSETS, EVALHOST_EXT_ASSETS_REVISION);
    *self = made;
    return EVALHOST_OK;
}

/* The size of an asset, whose end must be a NUL. */
static evalhost_status score_asset(void *self, const evalhost_record *row, const evalhost_sink *out) {
    const keeper *it = self;
    evalhost_text bytes;
    if (it->assets->find(it->host, row->fields[0].text.data, &bytes) != EVALHOST_OK) return evalhost_error(out, "none");
    if (bytes.data[bytes.size] != 0 || (uintptr_t)bytes.data % 16 != 0) return evalhost_error(out, "no NUL");
    it->log->write(it->host, row, EVALHOST_LOG_INFO, evalhost_text_of("found\nit"));
    it->log->write(it->host, row, EVALHOST_LOG_DEBUG, evalhost_text_of("not said"));
    return evalhost_integer(out, (int64_t)bytes.size + it->step);
}
EVALHOST_SCORER(asset, .reads = "outputs", .value = EVALHOST_ANY_INTEGER, EVALHOST_SETTINGS(settings),
                .create = create_keeper, .score = score_asset, .destroy = free)

/* Answers with the judge's reply, or its error. */
static evalhost_status score_judged(void *self, const evalhost_record *row, const evalhost_sink *out) {
    const keeper *it = self;
    if (!it->judge) return evalhost_skip(out, "no judge");
    evalhost_message message = evalhost_message_of("user", row->fields[0].text);
    evalhost_judge_request request = evalhost_judge_request_of(&message, 1, evalhost_text_of("{}"));
    evalhost_judge_reply reply = evalhost_judge_reply_of();
    if (strcmp(row->fields[0].text.data, "none") == 0) request.message_count = 0;
    evalhost_value first = evalhost_value_of_text(evalhost_text_of("before"));
    evalhost_put(out, 1, &first);
    if (it->judge->ask(it->host, row, &request, &reply) != EVALHOST_OK) return evalhost_error(out, reply.error.data);
    evalhost_value value = evalhost_value_of_text(reply.reply);
    value.rationale = reply.model;
    return evalhost_put(out, 0, &value);
}
static const evalhost_feedback further[] = {EVALHOST_FEEDBACK("before", EVALHOST_TEXT)};
EVALHOST_SCORER(judged, .reads = "outputs", .value = EVALHOST_TEXT, .flags = EVALHOST_CALLS_JUDGE,
                EVALHOST_SETTINGS(settings), EVALHOST_FEEDBACKS(further), .create = create_keeper,
                .score = score_judged, .destroy = free)

static evalhost_status score_session(void *self, const evalhost_session *session, const evalhost_sink *out) {
    int64_t bytes = 0;
    (void)self;
    for (uint32_t i = 0; i < session->turn_count; i++) {
        bytes += (int64_t)session->turns[i]->fields[0].text.size;
        if (session->start_ns[i] != 100 + i) return evalhost_error(out, "wrong time");
    }
    if (strcmp(session->id.data, "s1") != 0) return evalhost_error(out, "wrong id");
    return evalhost_integer(out, bytes);
}
static const evalhost_session_scorer session_table = {sizeof session_table, 0, score_session};
static const void *session_extension(const evalhost_scorer *scorer, const char *id, uint32_t revision) {
    (void)scorer;
    return strcmp(id, EVALHOST_EXT_SESSION) == 0 && revision == 1 ? &session_table : NULL;
}
EVALHOST_SCORER(conversation, .reads = "outputs", .value = EVALHOST_ANY_INTEGER, .flags = EVALHOST_SCORES_SESSION,
                .extension = session_extension)

#ifdef CRASH_IN_CONSTRUCTOR
__attribute__((constructor)) static void crash_early(void) { crash_here(); }
#endif
#ifdef NEEDS_HELPER
extern int helper(void);
__attribute__((constructor)) static void use_helper(void) { if (helper() != 42) abort(); }
#endif

EVALHOST_PLUGIN("probe", "1.0.0", &probe, &big, &asset, &judged, &conversation)
