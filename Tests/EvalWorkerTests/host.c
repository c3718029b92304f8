/* host.c: a small host for the tests of evalhost-worker. */
#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT_MS 20000
#define FIRST_COPY 64

int checks;
const char *running = "";

void check(int holds, const char *condition, const char *file, int line) {
    checks++;
    if (holds) return;
    fprintf(stderr, "%s:%d: %s: not so: %s\n", file, line, running, condition);
    _exit(1);
}

static int need(int result, const char *what) {
    if (result >= 0) return result;
    perror(what);
    exit(1);
}

static int sealed_copy(const char *path) {
    struct stat status;
    int from = need(open(path, O_RDONLY | O_CLOEXEC), path);
    int copy = need(memfd_create("library", MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create");
    need(fstat(from, &status), path);
    for (off_t at = 0; at < status.st_size;) need((int)sendfile(copy, from, &at, (size_t)(status.st_size - at)), path);
    close(from);
    need(fcntl(copy, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), "F_ADD_SEALS");
    return copy;
}

static int shared(uint64_t bytes, int is_ours, uint8_t **mapping) {
    int memory = need(memfd_create("shared", MFD_CLOEXEC | MFD_ALLOW_SEALING), "memfd_create");
    need(ftruncate(memory, (off_t)bytes), "ftruncate");
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memory, 0);
    if (at == MAP_FAILED) need(-1, "mmap");
    *mapping = at;
    need(fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL | (is_ours ? 0x10 : 0)), "F_ADD_SEALS");
    return memory;
}

static void put_string(uint8_t *base, uint64_t *at, ceval_start *start, uint32_t kind, const char *text) {
    ceval_string head = {kind, (uint32_t)strlen(text)};
    memcpy(base + *at, &head, sizeof head);
    memcpy(base + *at + sizeof head, text, head.size + 1);
    *at += (sizeof head + head.size + 1 + 7) & ~(uint64_t)7;
    start->string_count++;
}

static void write_start(host *it, const setup *with, const char *version) {
    ceval_start start = {.magic = CEVAL_MAGIC,
                         .flags = with->flags | (with->assets ? CEVAL_START_HAS_ASSETS : 0),
                         .slot_count = with->slots,
                         .thread_count = with->threads,
                         .rows_slot_bytes = ROWS_SLOT_BYTES,
                         .results_slot_bytes = RESULTS_SLOT_BYTES,
                         .memory_bytes = with->memory_bytes,
                         .seed = SEED,
                         .log_level = 2,
                         .parent = (uint32_t)getpid()};
    uint64_t at = sizeof start;
    put_string(it->rows, &at, &start, CEVAL_STRING_HOST_VERSION, version);
    put_string(it->rows, &at, &start, CEVAL_STRING_LIBRARY, "test.so");
    if (with->needed) put_string(it->rows, &at, &start, CEVAL_STRING_NEEDED, with->soname);
    for (int i = 0; i < 8 && with->strings[i]; i++) {
        const char *text = with->strings[i];
        uint32_t kind = *text == 'R'   ? CEVAL_STRING_READ
                        : *text == 'W' ? CEVAL_STRING_WRITE
                        : *text == 'D' ? CEVAL_STRING_DEVICE
                                       : CEVAL_STRING_MODEL;
        put_string(it->rows, &at, &start, kind, text + 1);
    }
    memcpy(it->rows, &start, sizeof start);
}

/* What `program --version` prints. */
static const char *version_of(const char *program) {
    static char version[64];
    char command[512];
    snprintf(command, sizeof command, "%s --version", program);
    FILE *from = popen(command, "r");
    if (!from || !fgets(version, sizeof version, from)) need(-1, command);
    pclose(from);
    version[strcspn(version, "\n")] = 0;
    return version;
}

host host_start(const setup *with) {
    host it = {0};
    int descriptors[16], count = 0, out[2], err[2], control[2];
    const char *version = with->version ? with->version : version_of(with->program);
    it.rows_bytes = CEVAL_DATA_OFFSET + with->slots * ROWS_SLOT_BYTES;
    it.results_bytes = CEVAL_DATA_OFFSET + with->slots * RESULTS_SLOT_BYTES;
    need(pipe2(out, O_CLOEXEC), "pipe2");
    need(pipe2(err, O_CLOEXEC), "pipe2");
    need(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control), "socketpair");
    it.wake = need(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
    it.out = out[0], it.err = err[0], it.control = control[0];
    descriptors[count++] = need(open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null");
    descriptors[count++] = out[1];
    descriptors[count++] = err[1];
    descriptors[count++] = control[1];
    descriptors[count++] = shared(it.rows_bytes, 1, &it.rows);
    descriptors[count++] = shared(it.results_bytes, 0, &it.results);
    descriptors[count++] = need(dup(it.wake), "dup");
    descriptors[count++] = sealed_copy(with->library);
    descriptors[count++] = need(open(with->assets ? with->assets : "/dev/null", O_PATH | O_CLOEXEC), "assets");
    if (with->needed) descriptors[count++] = sealed_copy(with->needed);
    write_start(&it, with, version);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < count; i++) {
        int copy = need(fcntl(descriptors[i], F_DUPFD_CLOEXEC, FIRST_COPY), "F_DUPFD_CLOEXEC");
        posix_spawn_file_actions_adddup2(&actions, copy, i);
        close(descriptors[i]);
        descriptors[i] = copy;
    }
    posix_spawn_file_actions_addclosefrom_np(&actions, count);
    char *arguments[] = {"evalhost-worker", "test.so", (char *)version, NULL};
    /* The sanitizers' own handlers would stand before the worker's; a race must end it to be seen. */
    char *environment[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "SWIFT_BACKTRACE=enable=no", "HOME=/nonexistent",
                           "ASAN_OPTIONS=use_sigaltstack=0:handle_segv=0:handle_abort=0:detect_leaks=0",
                           "TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=0:handle_segv=0:handle_abort=0", NULL};
    int error = posix_spawn(&it.pid, with->program, &actions, NULL, arguments, environment);
    if (error) {
        errno = error;
        need(-1, with->program);
    }
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < count; i++) close(descriptors[i]);
    return it;
}

const ceval_state *host_state(const host *it) { return (const ceval_state *)(const void *)it->results; }
ceval_slot_in *host_in(const host *it, uint32_t slot) {
    return (ceval_slot_in *)(void *)(it->rows + CEVAL_SLOTS_OFFSET) + slot;
}
const ceval_slot_out *host_out(const host *it, uint32_t slot) {
    return (const ceval_slot_out *)(const void *)(it->results + CEVAL_SLOTS_OFFSET) + slot;
}
uint8_t *host_rows(const host *it, uint32_t slot) { return it->rows + CEVAL_DATA_OFFSET + slot * ROWS_SLOT_BYTES; }
const uint8_t *host_results(const host *it, uint32_t slot) {
    return it->results + CEVAL_DATA_OFFSET + slot * RESULTS_SLOT_BYTES;
}

/* Waits for news; 0 when the worker's end of the socket is closed. */
static int wait_news(host *it) {
    struct pollfd wait[2] = {{it->wake, POLLIN, 0}, {it->control, 0, 0}};
    int count;
    do count = poll(wait, 2, TIMEOUT_MS);
    while (count < 0 && errno == EINTR);
    if (count == 0) {
        fprintf(stderr, "%s: the worker doesn't answer\n", running);
        _exit(1);
    }
    uint64_t number;
    if (wait[0].revents) (void)!read(it->wake, &number, sizeof number);
    return !(wait[1].revents & POLLHUP);
}

static int wait_word(host *it, const uint32_t *word, uint32_t value) {
    for (;;) {
        if (__atomic_load_n(word, __ATOMIC_ACQUIRE) == value) return 0;
        if (!wait_news(it)) return __atomic_load_n(word, __ATOMIC_ACQUIRE) == value ? 0 : -1;
    }
}

uint32_t host_wait_ready(host *it) {
    const uint32_t *phase = &host_state(it)->phase;
    while (__atomic_load_n(phase, __ATOMIC_ACQUIRE) < CEVAL_PHASE_READY && wait_news(it)) {}
    return __atomic_load_n(phase, __ATOMIC_ACQUIRE);
}

int host_wait_done(host *it, uint32_t slot) {
    return wait_word(it, &host_out(it, slot)->done_sequence, it->sequences[slot]);
}

int host_wait_ask(host *it, uint32_t slot, uint32_t number) {
    return wait_word(it, &host_out(it, slot)->ask_sequence, number);
}

int host_wait(host *it) {
    int status;
    while (waitpid(it->pid, &status, 0) < 0 && errno == EINTR) {}
    close(it->control);
    close(it->wake);
    close(it->out);
    close(it->err);
    munmap(it->rows, it->rows_bytes);
    munmap(it->results, it->results_bytes);
    return status;
}

int host_end(host *it) {
    close(it->control);
    it->control = -1;
    return host_wait(it);
}

uint64_t host_put_fields(const host *it, uint32_t slot, uint64_t at, const evalhost_field *fields, uint32_t count,
                         const char *id, int64_t start_ns) {
    uint64_t size = ceval_row_size(fields, count, evalhost_text_of(id));
    CHECK(size > 0 && at + size <= ROWS_SLOT_BYTES);
    ceval_row_write(host_rows(it, slot) + at, size, fields, count, evalhost_text_of(id), start_ns);
    return at + size;
}

uint64_t host_put_texts(const host *it, uint32_t slot, uint64_t at, const char *const *texts, uint32_t count,
                        const char *id) {
    evalhost_field fields[EVALHOST_MAX_FIELDS];
    memset(fields, 0, sizeof fields);
    for (uint32_t i = 0; i < count; i++) {
        fields[i].kind = EVALHOST_KIND_TEXT;
        fields[i].text = evalhost_text_of(texts[i]);
    }
    return host_put_fields(it, slot, at, fields, count, id, 0);
}

void host_request(host *it, uint32_t slot, uint32_t kind, uint32_t instance, uint32_t scorer, uint32_t rows,
                  uint32_t flags) {
    ceval_slot_in *in = host_in(it, slot);
    in->kind = kind;
    in->instance = instance;
    in->scorer = scorer;
    in->row_count = rows;
    in->flags = flags;
    __atomic_store_n(&in->sequence, ++it->sequences[slot], __ATOMIC_RELEASE);
    host_wake(&in->sequence);
}

void host_wake(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0); }

int32_t host_create(host *it, uint32_t slot, uint32_t number, uint32_t scorer, const evalhost_field *settings,
                    uint32_t count, const char *json) {
    evalhost_field fields[EVALHOST_MAX_SETTINGS + 1];
    memset(fields, 0, sizeof fields);
    for (uint32_t i = 0; i < count; i++) fields[i] = settings[i];
    fields[count].kind = EVALHOST_KIND_JSON;
    fields[count].text = evalhost_text_of(json);
    host_put_fields(it, slot, 0, fields, count + 1, "instance", 0);
    host_request(it, slot, CEVAL_REQUEST_CREATE, number, scorer, 1, 0);
    if (host_wait_done(it, slot) != 0) return -1;
    const ceval_sheet_head *sheet = host_sheet(it, slot, 0);
    CHECK(sheet);
    return sheet->status;
}

const ceval_sheet_head *host_sheet(const host *it, uint32_t slot, uint64_t at) {
    const ceval_sheet_head *sheet = (const ceval_sheet_head *)(const void *)(host_results(it, slot) + at);
    if (sheet->bytes < sizeof *sheet || sheet->bytes % 8 != 0 || at + sheet->bytes > RESULTS_SLOT_BYTES) return NULL;
    if (ceval_sheet_check((const uint8_t *)sheet, sheet->bytes, SEED) != sheet->check) return NULL;
    return sheet;
}

const ceval_answer *host_answer(const ceval_sheet_head *sheet) {
    return sheet->answer_count > 0 ? (const ceval_answer *)(const void *)(sheet + 1) : NULL;
}

const char *host_message(const ceval_sheet_head *sheet) {
    static char message[EVALHOST_MAX_MESSAGE_BYTES + 1];
    uint64_t padded = (sheet->message_bytes + 7u) & ~7u;
    memcpy(message, (const uint8_t *)sheet + sheet->bytes - padded, sheet->message_bytes);
    message[sheet->message_bytes] = 0;
    return message;
}
