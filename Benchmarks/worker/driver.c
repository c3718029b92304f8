/*
 * driver.c: what a worker costs: from its start until it serves, and for a row of 1.1 KB beside a plain call.
 * Usage: driver worker library version
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../Tests/EvalWorkerTests/host.h"

#define STARTS 41
#define ROWS 256u
#define BATCHES 2000u
#define TEXT_BYTES 360

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static void report(const char *what, double *samples, int count, const char *unit) {
    qsort(samples, (size_t)count, sizeof *samples, ascending);
    printf("%-44s %8.3f to %8.3f %s, median %8.3f\n", what, samples[0], samples[count - 1], unit, samples[count / 2]);
}

static void time_starts(setup with, uint32_t flags, const char *what) {
    double samples[STARTS];
    with.flags = flags;
    for (int i = 0; i < STARTS; i++) {
        double from = now();
        host it = host_start(&with);
        if (host_wait_ready(&it) != CEVAL_PHASE_READY) fprintf(stderr, "%s\n", host_state(&it)->words);
        samples[i] = (now() - from) / 1e3;
        host_end(&it);
    }
    report(what, samples, STARTS, "ms");
}

static char texts[3][TEXT_BYTES + 1];

static uint64_t put_rows(host *it, uint32_t slot, uint32_t rows) {
    const char *fields[] = {texts[0], texts[1], texts[2]};
    uint64_t at = 0;
    for (uint32_t i = 0; i < rows; i++) at = host_put_texts(it, slot, at, fields, 3, "row");
    return at;
}

static void time_rows(setup with, uint32_t slots, uint32_t rows, const evalhost_field *settings, uint32_t count) {
    double samples[5];
    char what[80];
    with.slots = slots;
    host it = host_start(&with);
    if (host_wait_ready(&it) != CEVAL_PHASE_READY) exit(1);
    for (uint32_t slot = 0; slot < slots; slot++) {
        if (host_create(&it, slot, 1, 0, settings, count, "{}") != EVALHOST_OK) exit(1);
        put_rows(&it, slot, rows);
    }
    for (int sample = 0; sample < 5; sample++) {
        double from = now();
        for (uint32_t batch = 0; batch < BATCHES; batch++) {
            uint32_t slot = batch % slots;
            if (batch >= slots && host_wait_done(&it, slot) != 0) exit(1);
            host_request(&it, slot, CEVAL_REQUEST_SCORE, 1, 0, rows, 0);
        }
        for (uint32_t slot = 0; slot < slots; slot++) host_wait_done(&it, slot);
        samples[sample] = (now() - from) / (BATCHES * (double)rows);
    }
    snprintf(what, sizeof what, "worker, batches of %u, %u in flight", rows, slots);
    report(what, samples, 5, "us/row");
    host_end(&it);
}

static void time_calls(const char *path) {
    static ceval_sheet sheet;
    static uint8_t room[CEVAL_SHEET_BYTES];
    double samples[5];
    void *library = dlopen(path, RTLD_NOW);
    evalhost_plugin_entry_function entry;
    *(void **)(&entry) = library ? dlsym(library, EVALHOST_ENTRY_SYMBOL) : NULL;
    if (!entry) exit(1);
    const evalhost_scorer *scorer = entry()->scorers[0];
    evalhost_field fields[3];
    memset(fields, 0, sizeof fields);
    for (int i = 0; i < 3; i++) {
        fields[i].kind = EVALHOST_KIND_TEXT;
        fields[i].text = evalhost_text_of(texts[i]);
    }
    evalhost_record row = {sizeof row, 3, fields, {"", 0}, NULL};
    ceval_sheet_init(&sheet);
    for (int sample = 0; sample < 5; sample++) {
        double from = now();
        for (uint32_t i = 0; i < BATCHES * ROWS; i++) {
            ceval_sheet_begin(&sheet, room, 0);
            scorer->score(NULL, &row, &sheet.sink);
        }
        samples[sample] = (now() - from) / (BATCHES * (double)ROWS);
    }
    report("plain call, answers into a sheet", samples, 5, "us/row");
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const uint32_t sandbox = CEVAL_START_SECCOMP | CEVAL_START_LANDLOCK | CEVAL_START_DROP | CEVAL_START_LIMITS;
    setup with = {.program = argv[1], .library = argv[2], .version = argv[3], .flags = sandbox,
                  .threads = 1, .slots = 1, .memory_bytes = (uint64_t)1 << 30};
    for (int i = 0; i < 3; i++) memset(texts[i], 'a', TEXT_BYTES);
    time_starts(with, sandbox, "start until it serves, behind the sandbox");
    time_starts(with, 0, "start until it serves, without a sandbox");
    time_calls(argv[2]);
    for (uint32_t slots = 1; slots <= 4; slots *= 2) time_rows(with, slots, ROWS, NULL, 0);
    time_rows(with, 2, 16, NULL, 0);
    time_rows(with, 1, 1, NULL, 0);
    return 0;
}
