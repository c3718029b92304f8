/* driver.c: what evalhost-worker does, with a small host. Usage: driver worker folder-of-libraries [sandbox|plain] */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

enum { PROBE, BIG, ASSET, JUDGED, CONVERSATION };

#define NEEDS_CRASHES 1 /* a sanitizer would take them for its own */
#define NEEDS_SANDBOX 2

static const char *program, *folder;
static uint32_t sandbox;

static const char *library(const char *name) {
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, 512, "%s/%s", folder, name);
    return path;
}

static setup basic(const char *name) {
    setup with = {.program = program, .library = library(name), .flags = sandbox, .threads = 1, .slots = 1,
                  .memory_bytes = (uint64_t)1 << 30};
    return with;
}

static host ready(const setup *with) {
    host it = host_start(with);
    uint32_t phase = host_wait_ready(&it);
    if (phase != CEVAL_PHASE_READY) fprintf(stderr, "phase %u: %s\n", phase, host_state(&it)->words);
    CHECK(phase == CEVAL_PHASE_READY);
    return it;
}

static void quit(host *it) {
    host_request(it, 0, CEVAL_REQUEST_QUIT, 0, 0, 0, 0);
    host_wait_done(it, 0);
    int status = host_wait(it);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Scores one row in slot 0 that tells the probe what to do; returns its sheet, or null if the worker is gone. */
static const ceval_sheet_head *tell(host *it, const char *command) {
    host_put_texts(it, 0, 0, &command, 1, "");
    host_request(it, 0, CEVAL_REQUEST_SCORE, 1, 0, 1, 0);
    if (host_wait_done(it, 0) != 0) return NULL;
    const ceval_sheet_head *sheet = host_sheet(it, 0, 0);
    CHECK(sheet && host_out(it, 0)->rows_done == 1 && host_out(it, 0)->current == 0);
    return sheet;
}

static host probing(const setup *with) {
    host it = ready(with);
    CHECK(host_create(&it, 0, 1, PROBE, NULL, 0, "{}") == EVALHOST_OK);
    return it;
}

static void describes(void) {
    setup with = basic("probe.so");
    host it = ready(&with);
    CHECK(host_state(&it)->magic == CEVAL_MAGIC && host_out(&it, 0)->end_canary == CEVAL_MAGIC);
    CHECK(host_state(&it)->library_start < host_state(&it)->library_end);
    host_request(&it, 0, CEVAL_REQUEST_DESCRIBE, 0, 0, 0, 0);
    CHECK(host_wait_done(&it, 0) == 0);
    CHECK(host_out(&it, 0)->bytes > 100 && memcmp(host_results(&it, 0) + 8, "probe", 5) == 0);
    quit(&it);
}

static void scores_ten_thousand_rows(void) {
    setup with = basic("edit_distance.so");
    with.slots = 2; /* served in turn */
    host it = ready(&with);
    evalhost_field settings[2] = {{.kind = EVALHOST_KIND_BOOLEAN},
                                  {.kind = EVALHOST_KIND_INTEGER, .integer = 100000, .number = 100000}};
    CHECK(host_create(&it, 0, 7, 0, settings, 2, "{}") == EVALHOST_OK);
    CHECK(host_create(&it, 1, 8, 0, settings, 2, "{}") == EVALHOST_OK);
    for (int batch = 0; batch < 40; batch++) {
        uint64_t at = 0;
        const uint32_t slot = (uint32_t)batch % 2;
        for (int row = 0; row < 250; row++) {
            const char *texts[] = {"kitten", row % 2 ? "kitten" : "mitten"};
            at = host_put_texts(&it, slot, at, texts, 2, "id");
        }
        host_request(&it, slot, CEVAL_REQUEST_SCORE, batch % 3 ? 7 : 8, 0, 250, 0);
        CHECK(host_wait_done(&it, slot) == 0);
        const ceval_slot_out *out = host_out(&it, slot);
        CHECK(out->rows_done == 250 && out->ended == CEVAL_ENDED_ALL);
        uint64_t from = 0;
        for (uint32_t row = 0; row < 250; row++) {
            const ceval_sheet_head *sheet = host_sheet(&it, slot, from);
            CHECK(sheet && sheet->row == row && sheet->status == EVALHOST_OK && sheet->answer_count == 1);
            double expected = row % 2 ? 1.0 : 1.0 - 1.0 / 6.0;
            CHECK(host_answer(sheet)->kind == EVALHOST_KIND_NUMBER && host_answer(sheet)->number == expected);
            from += sheet->bytes;
        }
        CHECK(from == out->bytes);
    }
    host_request(&it, 0, CEVAL_REQUEST_DESTROY, 7, 0, 0, 0);
    CHECK(host_wait_done(&it, 0) == 0);
    const char *texts[] = {"a", "b"};
    host_put_texts(&it, 1, 0, texts, 2, "");
    host_request(&it, 1, CEVAL_REQUEST_SCORE, 7, 0, 1, 0);
    CHECK(host_wait_done(&it, 1) == 0 && host_sheet(&it, 1, 0)->status == EVALHOST_ERROR);
    quit(&it);
}

static void counts_words(void) {
    setup with = basic("text_statistics.so");
    host it = ready(&with);
    CHECK(host_create(&it, 0, 1, 0, NULL, 0, "{}") == EVALHOST_OK);
    const ceval_sheet_head *sheet = tell(&it, "three little words");
    CHECK(sheet && host_answer(sheet)->integer == 3);
    quit(&it);
}

static void tells_why_create_refuses(void) {
    setup with = basic("probe.so");
    host it = ready(&with);
    evalhost_field settings[2] = {{.kind = EVALHOST_KIND_NULL}, {.kind = EVALHOST_KIND_INTEGER, .integer = -1}};
    CHECK(host_create(&it, 0, 1, ASSET, settings, 2, "{}") == EVALHOST_ERROR);
    const ceval_sheet_head *sheet = host_sheet(&it, 0, 0);
    CHECK(strcmp(host_message(sheet), "step is negative") == 0);
    CHECK(sheet->answer_count == 1 && host_answer(sheet)->kind == EVALHOST_KIND_INTEGER);
    CHECK(host_answer(sheet)->integer == 1);
    CHECK(host_create(&it, 0, 2, 99, NULL, 0, "{}") == EVALHOST_ERROR);
    CHECK(host_answer(host_sheet(&it, 0, 0)) == NULL);
    quit(&it);
}

/* How a row ends the worker. */
static void dies(const char *command, int signal, uint32_t flags, int is_in_library) {
    setup with = basic("probe.so");
    host it = probing(&with);
    const char *rows[] = {"nothing", "nothing", command, "nothing"};
    uint64_t at = 0;
    for (int i = 0; i < 4; i++) at = host_put_texts(&it, 0, at, &rows[i], 1, "");
    host_request(&it, 0, CEVAL_REQUEST_SCORE, 1, 0, 4, 0);
    CHECK(host_wait_done(&it, 0) == -1);
    const ceval_slot_out out = *host_out(&it, 0);
    const ceval_state state = *host_state(&it);
    CHECK(out.current == 3 && out.rows_done == 2 && host_sheet(&it, 0, 0));
    int status = host_wait(&it);
    if (signal == 0) {
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3 && state.fault.set == 0);
        return;
    }
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == signal);
    if (signal == SIGKILL) return;
    CHECK(state.fault.set == 1 && state.fault.signal == signal && state.fault.thread == 1);
    CHECK(state.fault.flags == flags && state.fault.frame_count >= 1);
    int seen = 0;
    for (uint32_t i = 0; i < state.fault.frame_count; i++) {
        seen |= state.fault.frames[i] >= state.library_start && state.fault.frames[i] < state.library_end;
    }
    if (!seen) fprintf(stderr, "%s: %u frames, none of the library\n", command, state.fault.frame_count);
    CHECK(seen || !is_in_library);
}

static void tells_of_crashes(void) {
    dies("segv", SIGSEGV, 0, 1);
    dies("abort", SIGABRT, 0, 1);
    dies("trap", SIGILL, 0, 1);
    dies("wild", SIGSEGV, 0, 1);
    dies("exit", 0, 0, 0);
    dies("kill", SIGKILL, 0, 0);
    dies("overflow", SIGSEGV, CEVAL_FAULT_STACK_OVERFLOW, 1);
    if (sandbox) dies("memory", SIGABRT, CEVAL_FAULT_NO_MEMORY, 1);
}

static void tells_of_crashes_while_loading(void) {
    setup with = basic("early.so");
    host it = host_start(&with);
    CHECK(host_wait_ready(&it) == CEVAL_PHASE_SANDBOXED);
    ceval_state state = *host_state(&it);
    int status = host_wait(&it);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && state.fault.set == 1 && state.fault.thread == 0);
    CHECK(state.fault.frames[0] >= state.library_start && state.fault.frames[0] < state.library_end);
}

static void tells_why_it_cannot_load(void) {
    const struct {
        const char *library;
        uint32_t failure;
        const char *words;
    } cases[] = {{"helper.so", CEVAL_FAILURE_NO_ENTRY, "evalhost_plugin_entry"},
                 {"null.so", CEVAL_FAILURE_NULL_ENTRY, ""},
                 {"other.so", CEVAL_FAILURE_ABI, "9"},
                 {"problem.so", CEVAL_FAILURE_PROBLEM, "troubled\nno such CPU"},
                 {"needing.so", CEVAL_FAILURE_LOADER, "libhelper"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        setup with = basic(cases[i].library);
        host it = host_start(&with);
        CHECK(host_wait_ready(&it) == CEVAL_PHASE_FAILED && host_state(&it)->failure == cases[i].failure);
        CHECK(strstr(host_state(&it)->words, cases[i].words));
        int status = host_wait(&it);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    }
    setup with = basic("probe.so");
    with.version = "0.0.0-other";
    host it = host_start(&with);
    CHECK(host_wait_ready(&it) == CEVAL_PHASE_FAILED && host_state(&it)->failure == CEVAL_FAILURE_VERSION);
    host_wait(&it);
}

static void loads_needed_libraries_first(void) {
    setup with = basic("needing.so");
    with.needed = library("helper.so");
    with.soname = "libhelper.so";
    host it = ready(&with);
    quit(&it);
}

static void ends_with_its_host(void) {
    setup with = basic("probe.so");
    host it = ready(&with);
    int status = host_end(&it);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 77);
}

static void ends_when_it_cannot_be_heard(void) {
    setup with = basic("probe.so");
    host it = probing(&with);
    /* Its answer is there, though it can't say so. */
    CHECK(tell(&it, "close") != NULL);
    int status = host_wait(&it);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 77);
}

static void continues_when_there_is_no_room(void) {
    setup with = basic("probe.so");
    host it = ready(&with);
    CHECK(host_create(&it, 0, 1, BIG, NULL, 0, "{}") == EVALHOST_OK);
    const char *size = "1000000";
    uint64_t at = 0;
    for (int i = 0; i < 8; i++) at = host_put_texts(&it, 0, at, &size, 1, "");
    host_request(&it, 0, CEVAL_REQUEST_SCORE, 1, 0, 8, 0);
    CHECK(host_wait_done(&it, 0) == 0);
    const ceval_slot_out *out = host_out(&it, 0);
    CHECK(out->ended == CEVAL_ENDED_NO_ROOM && out->rows_done == 3 && out->bytes > 3 * 2000000);
    const char *small = "10";
    at = 0;
    for (int i = 0; i < 5; i++) at = host_put_texts(&it, 0, at, &small, 1, "");
    host_request(&it, 0, CEVAL_REQUEST_SCORE, 1, 0, 5, 0);
    CHECK(host_wait_done(&it, 0) == 0 && out->ended == CEVAL_ENDED_ALL && out->rows_done == 5);
    quit(&it);
}

static void writes_guards(void) {
    setup with = basic("probe.so");
    host it = probing(&with);
    const char *nothing = "nothing";
    host_put_texts(&it, 0, 0, &nothing, 1, "");
    host_request(&it, 0, CEVAL_REQUEST_SCORE, 1, 0, 1, CEVAL_REQUEST_GUARDED);
    CHECK(host_wait_done(&it, 0) == 0);
    uint64_t at = 0;
    for (uint32_t i = 0; i < CEVAL_GUARD_SHEETS; i++) {
        const ceval_sheet_head *sheet = host_sheet(&it, 0, at);
        CHECK(sheet && sheet->row == CEVAL_GUARD_ROW && sheet->status == 0 && sheet->answer_count == 0);
        at += sheet->bytes;
    }
    CHECK(host_sheet(&it, 0, at) && host_sheet(&it, 0, at)->row == 0);
    quit(&it);
}

static void hands_over_assets_and_logs(void) {
    setup with = basic("probe.so");
    with.assets = library("assets");
    host it = ready(&with);
    evalhost_field settings[2] = {{.kind = EVALHOST_KIND_NULL}, {.kind = EVALHOST_KIND_INTEGER, .integer = 1}};
    CHECK(host_create(&it, 0, 1, ASSET, settings, 2, "{}") == EVALHOST_OK);
    const struct {
        const char *path;
        int64_t size; /* -1: there is no such file */
    } cases[] = {{"words.txt", 5}, {"page.bin", 4096}, {"deep/er/more.txt", 3}, {"empty", 0},    {"words.txt", 5},
                 {"../probe.so", -1}, {"/etc/passwd", -1}, {"deep", -1}, {"link", -1}, {"linked/more.txt", -1},
                 {"", -1}, {"deep//er/more.txt", -1}, {"./words.txt", -1}, {"nothing", -1}, {"fifo", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ceval_sheet_head *sheet = tell(&it, cases[i].path);
        CHECK(sheet && sheet->status == (cases[i].size < 0 ? EVALHOST_ERROR : EVALHOST_OK));
        if (cases[i].size >= 0) CHECK(host_answer(sheet)->integer == cases[i].size + 1);
    }
    struct {
        ceval_log_line head;
        char text[EVALHOST_MAX_MESSAGE_BYTES];
    } line;
    for (int i = 0; i < 5; i++) {
        ssize_t size = recv(it.control, &line, sizeof line, MSG_DONTWAIT);
        CHECK(size == sizeof line.head + 8 && memcmp(line.text, "found it", 8) == 0);
        CHECK(line.head.magic == CEVAL_MAGIC && line.head.level == 2 && line.head.instance == 2 && line.head.row == 1);
    }
    CHECK(recv(it.control, &line, sizeof line, MSG_DONTWAIT) < 0 && errno == EAGAIN);
    quit(&it);
}

static void scores_sessions(void) {
    setup with = basic("probe.so");
    host it = ready(&with);
    CHECK(host_create(&it, 0, 1, CONVERSATION, NULL, 0, "{}") == EVALHOST_OK);
    for (uint32_t turns = 0; turns < 40; turns += 13) {
        uint64_t at = host_put_fields(&it, 0, 0, NULL, 0, "s1", 0);
        evalhost_field field = {.kind = EVALHOST_KIND_TEXT, .text = evalhost_text_of("four")};
        for (uint32_t i = 0; i < turns; i++) at = host_put_fields(&it, 0, at, &field, 1, "", 100 + i);
        host_request(&it, 0, CEVAL_REQUEST_SESSION, 1, 0, turns + 1, 0);
        CHECK(host_wait_done(&it, 0) == 0);
        const ceval_sheet_head *sheet = host_sheet(&it, 0, 0);
        CHECK(sheet && sheet->row == 0 && sheet->status == EVALHOST_OK && host_answer(sheet)->integer == 4 * turns);
        host_request(&it, 0, CEVAL_REQUEST_DESTROY, 9, 0, 0, 0);
        CHECK(host_wait_done(&it, 0) == 0);
    }
    quit(&it);
}

static void serve_ask(host *it, uint32_t slot, uint32_t number, const char *question) {
    CHECK(host_wait_ask(it, slot, number) == 0);
    const ceval_slot_out *out = host_out(it, slot);
    const ceval_ask *ask = (const ceval_ask *)(const void *)(host_results(it, slot) + out->ask_offset);
    const uint64_t *sizes = (const uint64_t *)(const void *)(ask + 1);
    const char *text = (const char *)(sizes + 2);
    CHECK(ask->message_count == 1 && ask->schema_size == 2 && sizes[0] == 4 && sizes[1] == strlen(question));
    CHECK(strcmp(text, "user") == 0 && strcmp(text + 5, question) == 0 && strcmp(text + 5 + sizes[1] + 1, "{}") == 0);
    uint64_t at = ROWS_SLOT_BYTES / 2;
    ceval_reply reply = {EVALHOST_OK, 0, 2, 5, 0, 1, 2, 0.5};
    memcpy(host_rows(it, slot) + at, &reply, sizeof reply);
    memcpy(host_rows(it, slot) + at + sizeof reply, "{}\0model\0\0", 10);
    host_in(it, slot)->reply_offset = at;
    __atomic_store_n(&host_in(it, slot)->reply_sequence, number, __ATOMIC_RELEASE);
    host_wake(&host_in(it, slot)->reply_sequence);
}

static void asks_the_judge(void) {
    setup with = basic("probe.so");
    with.flags |= CEVAL_START_HAS_JUDGE;
    with.threads = with.slots = 4;
    with.strings[0] = "Mthe-model";
    host it = ready(&with);
    evalhost_field settings[2] = {{.kind = EVALHOST_KIND_NULL}, {.kind = EVALHOST_KIND_INTEGER, .integer = 1}};
    for (uint32_t slot = 0; slot < 4; slot++) {
        CHECK(host_create(&it, slot, 1, JUDGED, settings, 2, "{}") == EVALHOST_OK);
    }
    for (uint32_t round = 1; round <= 50; round++) {
        const char *question = round % 10 ? "why?" : "a longer question";
        for (uint32_t slot = 0; slot < 4; slot++) {
            host_put_texts(&it, slot, 0, &question, 1, "");
            host_request(&it, slot, CEVAL_REQUEST_SCORE, 1, 0, 1, 0);
        }
        for (uint32_t slot = 4; slot-- > 0;) serve_ask(&it, slot, round, question);
        for (uint32_t slot = 0; slot < 4; slot++) {
            CHECK(host_wait_done(&it, slot) == 0);
            const ceval_sheet_head *sheet = host_sheet(&it, slot, 0);
            CHECK(sheet && sheet->status == EVALHOST_OK && sheet->answer_count == 2);
        }
    }
    const char *none = "none";
    host_put_texts(&it, 0, 0, &none, 1, "");
    host_request(&it, 0, CEVAL_REQUEST_SCORE, 1, 0, 1, 0);
    CHECK(host_wait_done(&it, 0) == 0 && host_sheet(&it, 0, 0)->status == EVALHOST_ERROR);
    CHECK(strstr(host_message(host_sheet(&it, 0, 0)), "256 messages"));
    for (uint32_t slot = 0; slot < 4; slot++) host_request(&it, slot, CEVAL_REQUEST_QUIT, 0, 0, 0, 0);
    int status = host_wait(&it);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* What the probe may do: without an error, and without a call that was refused. */
static void allows(host *it, const char *command) {
    const ceval_sheet_head *sheet = tell(it, command);
    CHECK(sheet && host_answer(sheet));
    if (host_answer(sheet)->integer != 0 || sheet->denied_count != 0) {
        fprintf(stderr, "%s: errno %d, %u refused, first %u\n", command, (int)host_answer(sheet)->integer,
                sheet->denied_count, sheet->denied[0]);
    }
    CHECK(host_answer(sheet)->integer == 0 && sheet->denied_count == 0);
}

/* What fails with that error; `recorded`: -1 no matter, else whether it was recorded. */
static void refuses(host *it, const char *command, int error, int recorded) {
    const ceval_sheet_head *sheet = tell(it, command);
    CHECK(sheet && host_answer(sheet));
    if (host_answer(sheet)->integer != error || (recorded >= 0 && (sheet->denied_count > 0) != recorded)) {
        fprintf(stderr, "%s: errno %d, %u refused\n", command, (int)host_answer(sheet)->integer, sheet->denied_count);
    }
    CHECK(host_answer(sheet)->integer == error && (recorded < 0 || (sheet->denied_count > 0) == recorded));
}

static void keeps_plugins_in(void) {
    setup with = basic("probe.so");
    host it = probing(&with);
    CHECK((host_state(&it)->applied & sandbox) == (sandbox & ~(getuid() == 0 ? 0 : CEVAL_START_DROP)));
    static const char *const allowed[] = {"nothing", "thread", "iconv", "locale", "zone", "name", "affinity", "cpus",
                                          "pair", "private", "segv handler", "read /usr/share/zoneinfo/UTC",
                                          "read /dev/urandom", "read /proc/self/maps", "read /etc/ld.so.cache"};
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) allows(&it, allowed[i]);
    static const char *const recorded[] = {
        "socket", "blocked socket", "fork", "spawn", "exec", "setrlimit", "kill parent", "shared", "growsdown", "memfd",
        "unlink", "dumpable", "pdeathsig", "timer", "owner", "blocking", "fionbio", "sendto", "uring",
        "write /tmp/evalhost-worker-test", "write /dev/null",
    };
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++) refuses(&it, recorded[i], EPERM, 1);
    refuses(&it, "clone3", ENOSYS, 0);
    refuses(&it, "openat2", ENOSYS, 0);
    refuses(&it, "sigsys", EPERM, 0);
    allows(&it, "nothing");
    if (host_state(&it)->landlock_abi > 0) {
        refuses(&it, "read /etc/hostname", EACCES, 0);
        refuses(&it, "read /etc/passwd", EACCES, 0);
        char path[64];
        snprintf(path, sizeof path, "read /proc/%d/environ", getpid());
        refuses(&it, path, EACCES, 0);
    }
    quit(&it);
    with.flags &= ~CEVAL_START_LANDLOCK;
    it = ready(&with);
    CHECK(host_state(&it)->landlock_abi == 0 && !(host_state(&it)->applied & CEVAL_START_LANDLOCK));
    quit(&it);
    with = basic("probe.so");
    it = probing(&with);
    CHECK(tell(&it, "x32") == NULL);
    int status = host_wait(&it);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

static void grants_what_is_permitted(void) {
    char grant[600], command[600];
    setup with = basic("probe.so");
    with.flags |= CEVAL_START_WRITES | CEVAL_START_NETWORK;
    with.strings[0] = "R/etc/hostname";
    snprintf(grant, sizeof grant, "W%s/writable", folder);
    with.strings[1] = grant;
    host it = probing(&with);
    allows(&it, "socket");
    allows(&it, "read /etc/hostname");
    refuses(&it, "fork", EPERM, 1);
    snprintf(command, sizeof command, "write %s/writable/file", folder);
    allows(&it, command);
    if (host_state(&it)->landlock_abi > 0) refuses(&it, "write /tmp/evalhost-worker-test", EACCES, 0);
    quit(&it);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    program = argv[1];
    folder = argv[2];
    if (argc > 3 && strcmp(argv[3], "sandbox") == 0) {
        sandbox = CEVAL_START_SECCOMP | CEVAL_START_LANDLOCK | CEVAL_START_DROP | CEVAL_START_LIMITS;
    }
    static const struct {
        void (*run)(void);
        const char *name;
        int needs; /* NEEDS_… */
    } tests[] = {
        {describes, "describes a library", 0},
        {scores_ten_thousand_rows, "scores ten thousand rows", 0},
        {counts_words, "scores without an instance of its own", 0},
        {tells_why_create_refuses, "tells why create refuses", 0},
        {tells_why_it_cannot_load, "tells why a library can't be loaded", 0},
        {loads_needed_libraries_first, "loads needed libraries first", 0},
        {ends_with_its_host, "ends with its host", 0},
        {ends_when_it_cannot_be_heard, "ends when it can't be heard", NEEDS_CRASHES},
        {continues_when_there_is_no_room, "continues when there is no room", 0},
        {writes_guards, "writes guards", 0},
        {hands_over_assets_and_logs, "hands over assets, and logs", 0},
        {scores_sessions, "scores sessions", 0},
        {asks_the_judge, "asks the judge from four threads", 0},
        {tells_of_crashes, "tells of crashes", NEEDS_CRASHES},
        {tells_of_crashes_while_loading, "tells of crashes while loading", NEEDS_CRASHES},
        {keeps_plugins_in, "keeps plugins in", NEEDS_SANDBOX},
        {grants_what_is_permitted, "grants what is permitted", NEEDS_SANDBOX},
    };
    int needed = (argc > 4 ? 0 : NEEDS_CRASHES) | (sandbox ? NEEDS_SANDBOX : 0);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (tests[i].needs & ~needed) continue;
        running = tests[i].name;
        tests[i].run();
    }
    printf("%d checks held\n", checks);
    return 0;
}
