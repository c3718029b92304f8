/*
 * binding_tests.c: calls of functions through libffi, with every type, for the sanitizers; with the argument `time` what a
 * call costs beside the same one without libffi.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "../../Sources/evalhost-worker/worker.h"

#define CHECK(condition) check((condition) != 0, #condition, __LINE__)

static int checks;
static void check(int holds, const char *condition, int line) {
    checks++;
    if (holds) return;
    fprintf(stderr, "binding_tests.c:%d: not so: %s\n", line, condition);
    exit(1);
}

/* The worker's, which ends it; here the test. */
void worker_fail(uint32_t failure, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "failure %u: ", failure);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    exit(1);
}

/* Functions to call; dlsym finds them in this program. */
#define VISIBLE __attribute__((visibility("default"), used))
VISIBLE int8_t negative8(int8_t a);
VISIBLE int8_t negative8(int8_t a) { return (int8_t)-a; }
VISIBLE uint16_t same16(uint16_t a);
VISIBLE uint16_t same16(uint16_t a) { return a; }
VISIBLE int64_t negative64(int64_t a);
VISIBLE int64_t negative64(int64_t a) { return -a; }
VISIBLE uint64_t largest(uint64_t a);
VISIBLE uint64_t largest(uint64_t a) { return UINT64_MAX - a; }
VISIBLE float half(float a);
VISIBLE float half(float a) { return a / 2; }
VISIBLE double mixed(double a, float b, int32_t c, const char *d, const char *e, uint64_t size);
VISIBLE double mixed(double a, float b, int32_t c, const char *d, const char *e, uint64_t size) {
    return a + (double)b + c + (double)strlen(d) + (double)memcmp(e, "xyz", size);
}
VISIBLE const char *word(const char *a);
VISIBLE const char *word(const char *a) { return a[0] == 'n' ? NULL : a; }

/* A binding as the host writes it. */
static struct {
    ceval_binding head;
    ceval_argument arguments[CEVAL_MAX_ARGUMENTS];
    char texts[256];
} written;
/* The same with exactly its bytes, for the sanitizer to see one beyond. */
static uint8_t *binding;
static uint8_t *answers;
static ceval_sheet sheet;
static evalhost_field fields[4];
static evalhost_record row;

static uint32_t texts_at(void) {
    return (uint32_t)(sizeof written.head + written.head.argument_count * sizeof *written.arguments +
                      written.head.label_count * sizeof(int64_t));
}

static void begin(const char *symbol, uint32_t result, uint32_t kind, uint32_t count) {
    memset(&written, 0, sizeof written);
    written.head.argument_count = count;
    written.head.result = result;
    written.head.kind = kind;
    written.head.scale = written.head.divisor = 1;
    snprintf(written.texts, sizeof written.texts, "outputs%csecond%c%s", 0, 0, symbol);
}

static void argument(uint32_t place, uint32_t type, uint32_t from, uint32_t field) {
    written.arguments[place].type = type;
    written.arguments[place].from = from;
    written.arguments[place].field = field;
}

static void make(const int64_t *labels, uint32_t label_count) {
    written.head.label_count = label_count;
    const uint32_t at = texts_at();
    written.head.symbol = at + 15;
    for (uint32_t i = 0; i < written.head.argument_count; i++) written.arguments[i].path = at;
    free(binding);
    binding = malloc(at + sizeof written.texts);
    if (!binding) exit(1);
    const size_t arguments = written.head.argument_count * sizeof *written.arguments;
    memcpy(binding, &written.head, sizeof written.head);
    memcpy(binding + sizeof written.head, written.arguments, arguments);
    if (label_count > 0) memcpy(binding + sizeof written.head + arguments, labels, label_count * sizeof *labels);
    memcpy(binding + at, written.texts, sizeof written.texts);
    const evalhost_plugin *plugin = binding_make((const ceval_binding *)(const void *)binding, dlopen(NULL, RTLD_NOW));
    CHECK(plugin->scorer_count == 1 && plugin->scorers[0]->score == binding_score);
}

static evalhost_field text(const char *data, size_t size) {
    evalhost_field field;
    memset(&field, 0, sizeof field);
    field.kind = EVALHOST_KIND_TEXT;
    field.text.data = data;
    field.text.size = size;
    return field;
}

static evalhost_field integer(int64_t number) {
    evalhost_field field;
    memset(&field, 0, sizeof field);
    field.kind = EVALHOST_KIND_INTEGER;
    field.integer = number;
    field.number = (double)number;
    return field;
}

static evalhost_field number(double value) {
    evalhost_field field = integer(0);
    field.kind = EVALHOST_KIND_NUMBER;
    field.number = value;
    return field;
}

/* Scores a row of the fields; the only answer is `answer`. */
static ceval_answer answer;
static evalhost_status score(void) {
    row.struct_size = (uint32_t)sizeof row;
    row.field_count = 4;
    row.fields = fields;
    ceval_sheet_begin(&sheet, answers, 0);
    evalhost_status status = binding_score(NULL, &row, &sheet.sink);
    ceval_sheet_end(&sheet, status, NULL, 0, 1);
    memset(&answer, 0, sizeof answer);
    if (((const ceval_sheet_head *)(const void *)answers)->answer_count == 1) {
        memcpy(&answer, answers + sizeof(ceval_sheet_head), sizeof answer);
    }
    return status;
}

static void calls_with_every_type(void) {
    begin("negative8", CEVAL_C_INT8, EVALHOST_KIND_INTEGER, 1);
    argument(0, CEVAL_C_INT8, CEVAL_FROM_FIELD, 0);
    make(NULL, 0);
    fields[0] = integer(127);
    CHECK(score() == EVALHOST_OK && answer.integer == -127);
    fields[0] = integer(128);
    CHECK(score() == EVALHOST_ERROR);

    begin("same16", CEVAL_C_UINT16, EVALHOST_KIND_INTEGER, 1);
    argument(0, CEVAL_C_UINT16, CEVAL_FROM_FIELD, 0);
    make(NULL, 0);
    fields[0] = integer(65535);
    CHECK(score() == EVALHOST_OK && answer.integer == 65535);

    begin("negative64", CEVAL_C_INT64, EVALHOST_KIND_INTEGER, 1);
    argument(0, CEVAL_C_INT64, CEVAL_FROM_FIELD, 0);
    make(NULL, 0);
    fields[0] = integer(INT64_MAX);
    CHECK(score() == EVALHOST_OK && answer.integer == -INT64_MAX);

    begin("largest", CEVAL_C_UINT64, EVALHOST_KIND_INTEGER, 1);
    argument(0, CEVAL_C_UINT64, CEVAL_FROM_FIELD, 0);
    make(NULL, 0);
    fields[0] = integer(1);
    CHECK(score() == EVALHOST_ERROR);

    begin("half", CEVAL_C_FLOAT, EVALHOST_KIND_NUMBER, 1);
    argument(0, CEVAL_C_FLOAT, CEVAL_FROM_FIELD, 0);
    written.head.divisor = 100;
    make(NULL, 0);
    fields[0] = number(3);
    CHECK(score() == EVALHOST_OK && answer.number == 0.015);
    fields[0] = number(1e300);
    CHECK(score() == EVALHOST_ERROR);

    begin("mixed", CEVAL_C_DOUBLE, EVALHOST_KIND_NUMBER, 6);
    argument(0, CEVAL_C_DOUBLE, CEVAL_FROM_FIELD, 0);
    argument(1, CEVAL_C_FLOAT, CEVAL_FROM_CONSTANT, 0);
    written.arguments[1].number = 0.5;
    argument(2, CEVAL_C_INT32, CEVAL_FROM_CONSTANT, 0);
    written.arguments[2].integer = -3;
    argument(3, CEVAL_C_STRING, CEVAL_FROM_FIELD, 1);
    argument(4, CEVAL_C_BYTES, CEVAL_FROM_FIELD, 2);
    argument(5, CEVAL_C_UINT64, CEVAL_FROM_SIZE, 2);
    make(NULL, 0);
    fields[0] = number(10);
    fields[1] = text("four", 4);
    fields[2] = text("xyz", 3);
    CHECK(score() == EVALHOST_OK && answer.number == 11.5);
    fields[1] = text("fo\0r", 4);
    CHECK(score() == EVALHOST_ERROR);
}

static void gives_every_value(void) {
    begin("word", CEVAL_C_STRING, EVALHOST_KIND_TEXT, 1);
    argument(0, CEVAL_C_STRING, CEVAL_FROM_FIELD, 0);
    make(NULL, 0);
    fields[0] = text("said", 4);
    CHECK(score() == EVALHOST_OK && answer.text_size == 4);
    fields[0] = text("null", 4);
    CHECK(score() == EVALHOST_ERROR);

    const int64_t labels[] = {0, -1, 1};
    begin("negative64", CEVAL_C_INT64, EVALHOST_KIND_LABEL, 1);
    argument(0, CEVAL_C_INT64, CEVAL_FROM_FIELD, 0);
    written.head.error_when = CEVAL_WHEN_GREATER;
    written.head.error_bound = 100;
    written.head.skip_when = CEVAL_WHEN_LESS_OR_EQUAL;
    written.head.skip_bound = -100;
    make(labels, 3);
    fields[0] = integer(-1);
    CHECK(score() == EVALHOST_OK && answer.integer == 2);
    fields[0] = integer(7);
    CHECK(score() == EVALHOST_ERROR);
    fields[0] = integer(-101);
    CHECK(score() == EVALHOST_ERROR);
    fields[0] = integer(100);
    CHECK(score() == EVALHOST_SKIP);
}

static double now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

/* The same scorer as a plugin would have it. */
static evalhost_status direct(void *self, const evalhost_record *record, const evalhost_sink *out) {
    (void)self;
    return evalhost_boolean(out, strcasecmp(record->fields[0].text.data, record->fields[1].text.data) == 0);
}

#define CALLS 2000000
#define ROUNDS 9

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static double time_calls(evalhost_status (*call)(void *, const evalhost_record *, const evalhost_sink *)) {
    double begun = now_ns();
    for (int i = 0; i < CALLS; i++) {
        ceval_sheet_begin(&sheet, answers, 0);
        call(NULL, &row, &sheet.sink);
    }
    return (now_ns() - begun) / CALLS;
}

static void report_time(size_t size) {
    static char left[4096], right[4096];
    double plain[ROUNDS], bound[ROUNDS];
    memset(left, 'a', size);
    memset(right, 'A', size);
    fields[0] = text(left, size);
    fields[1] = text(right, size);
    begin("strcasecmp", CEVAL_C_INT32, EVALHOST_KIND_BOOLEAN, 2);
    argument(0, CEVAL_C_STRING, CEVAL_FROM_FIELD, 0);
    argument(1, CEVAL_C_STRING, CEVAL_FROM_FIELD, 1);
    written.head.true_when = CEVAL_WHEN_EQUAL;
    make(NULL, 0);
    CHECK(score() == EVALHOST_OK && answer.integer == 1);
    for (int i = 0; i < ROUNDS; i++) {
        plain[i] = time_calls(direct);
        bound[i] = time_calls(binding_score);
    }
    qsort(plain, ROUNDS, sizeof *plain, ascending);
    qsort(bound, ROUNDS, sizeof *bound, ascending);
    printf("strcasecmp of %4zu bytes: direct %6.1f ns, through libffi %6.1f ns, %5.1f ns more\n", size, plain[ROUNDS / 2],
           bound[ROUNDS / 2], bound[ROUNDS / 2] - plain[ROUNDS / 2]);
}

int main(int argc, char **argv) {
    answers = aligned_alloc(8, CEVAL_SHEET_BYTES);
    if (!answers) return 1;
    ceval_sheet_init(&sheet);
    calls_with_every_type();
    gives_every_value();
    if (argc > 1 && strcmp(argv[1], "time") == 0) {
        report_time(16);
        report_time(360);
    }
    free(answers);
    free(binding);
    printf("binding: %d checks passed\n", checks);
    return 0;
}
