/*
 * driver.c: nanoseconds a row of plugin calls in process. Usage: driver LIBRARY.so...
 *
 * Rows of 350 bytes of non-ASCII text, half of them equal; a sink that writes into raw memory. Each figure is the median
 * of 9 rounds over 256 different rows, each scored 2,000 times.
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <evalhost/scorer.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 256, REPEATS = 2000, ROUNDS = 9, BYTES = 350 };

typedef struct slot { uint32_t feedback, kind; double number; int64_t integer; char rationale[64]; } slot;

static evalhost_status put_number(const evalhost_sink *out, uint32_t feedback, double number) {
    slot *into = (slot *)out->host;
    into->feedback = feedback, into->kind = EVALHOST_KIND_NUMBER, into->number = number;
    return EVALHOST_OK;
}
static evalhost_status put_integer(const evalhost_sink *out, uint32_t feedback, uint32_t kind, int64_t integer) {
    slot *into = (slot *)out->host;
    into->feedback = feedback, into->kind = kind, into->integer = integer;
    return EVALHOST_OK;
}
static evalhost_status put_value(const evalhost_sink *out, uint32_t feedback, const evalhost_value *value) {
    slot *into = (slot *)out->host;
    into->feedback = feedback, into->kind = value->kind, into->number = value->number, into->integer = value->integer;
    memcpy(into->rationale, value->rationale.data, value->rationale.size < 64 ? (size_t)value->rationale.size : 64);
    return EVALHOST_OK;
}
static evalhost_status put_message(const evalhost_sink *out, const char *data, uint64_t size) {
    (void)out, (void)data, (void)size;
    return EVALHOST_OK;
}
static const evalhost_sink_table table = {sizeof table, 0, put_number, put_integer, put_value, put_message};

static evalhost_field fields[ROWS][2];
static evalhost_record records[ROWS];
static slot slots[ROWS];

static void make_rows(void) {
    for (int row = 0; row < ROWS; row++) {
        for (int side = 0; side < 2; side++) {
            char *text = malloc(BYTES + 1);
            for (int at = 0; at < BYTES; at += 2) memcpy(text + at, at % 10 ? "ab" : "\xc3\xa9", 2);
            text[BYTES] = 0;
            if (side && row % 2) text[BYTES - 1 - row % 64] = 'x'; /* may not be UTF-8 any more: only compared */
            fields[row][side].kind = EVALHOST_KIND_TEXT;
            fields[row][side].text.data = text;
            fields[row][side].text.size = BYTES;
        }
        records[row].struct_size = sizeof records[row];
        records[row].field_count = 2;
        records[row].fields = fields[row];
        records[row].id = evalhost_text_of("");
    }
}

static double now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}
static int by_value(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

typedef double (*direct)(const evalhost_record *row);
static double sum;

static void measure(const char *library, const char *name, const evalhost_scorer *scorer, void *self, direct function) {
    double rounds[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (int repeat = 0; repeat < REPEATS; repeat++)
            for (int row = 0; row < ROWS; row++) {
                if (function) {
                    sum += function(&records[row]);
                } else {
                    evalhost_sink sink = {sizeof sink, 0, &table, &slots[row], {0, 0}};
                    if (scorer->score(self, &records[row], &sink) != EVALHOST_OK) abort();
                }
            }
        rounds[round] = (now_ns() - start) / (REPEATS * ROWS);
    }
    qsort(rounds, ROUNDS, sizeof rounds[0], by_value);
    printf("%-16s %-16s %7.1f ns/row (%.1f to %.1f)\n", library, name, rounds[ROUNDS / 2], rounds[0], rounds[ROUNDS - 1]);
}

static evalhost_status reject(const evalhost_setup *setup, int32_t setting, const char *data, uint64_t size) {
    (void)setup;
    fprintf(stderr, "create: setting %d: %.*s\n", setting, (int)size, data);
    return EVALHOST_ERROR;
}

static const void *no_extension(const evalhost_host *host, const char *id, uint32_t revision) {
    (void)host, (void)id, (void)revision;
    return NULL;
}
static const evalhost_host host = {sizeof host, EVALHOST_ABI_VERSION, "0", no_extension, NULL};

int main(int count, char **paths) {
    make_rows();
    for (int index = 1; index < count; index++) {
        void *library = dlopen(paths[index], RTLD_NOW | RTLD_LOCAL), *symbol;
        evalhost_plugin_entry_function entry;
        direct function;
        const evalhost_plugin *plugin;
        if (!library || !(symbol = dlsym(library, EVALHOST_ENTRY_SYMBOL))) {
            fprintf(stderr, "%s: %s\n", paths[index], dlerror());
            return 1;
        }
        memcpy(&entry, &symbol, sizeof entry);
        plugin = entry();
        if (plugin->problem) {
            fprintf(stderr, "%s: %s\n", paths[index], plugin->problem);
            return 1;
        }
        if ((symbol = dlsym(library, "direct_score"))) {
            memcpy(&function, &symbol, sizeof function);
            measure(plugin->name, "direct call", NULL, NULL, function);
        }
        if ((symbol = dlsym(library, "direct_compare"))) {
            memcpy(&function, &symbol, sizeof function);
            measure(plugin->name, "direct compare", NULL, NULL, function);
        }
        for (uint32_t each = 0; each < plugin->scorer_count; each++) {
            const evalhost_scorer *scorer = plugin->scorers[each];
            evalhost_setup setup;
            void *self = NULL;
            memset(&setup, 0, sizeof setup);
            setup.struct_size = sizeof setup;
            setup.scorer = scorer;
            setup.host = &host;
            setup.reject = reject;
            if (scorer->create && scorer->create(&setup, &self) != EVALHOST_OK) continue;
            measure(plugin->name, scorer->name, scorer, self, NULL);
            if (scorer->destroy) scorer->destroy(self);
        }
    }
    return sum < 0;
}
