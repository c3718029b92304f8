/* transport_tests.c: rows and sheets across the boundary and back, with random content, for the sanitizers. */
#include <evaltransport.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) check((condition) != 0, #condition, __LINE__)

static int checks;
static void check(int holds, const char *condition, int line) {
    checks++;
    if (holds) return;
    fprintf(stderr, "transport_tests.c:%d: not so: %s\n", line, condition);
    exit(1);
}

/* A generator that gives the same numbers everywhere. */
static uint64_t state = 42;
static uint32_t any(uint32_t below) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % below;
}

static char bytes[4096];
static evalhost_text any_text(void) {
    uint32_t size = any(3) ? any(40) : any(1500);
    evalhost_text text = {bytes + any(2000), size};
    return text;
}

static void check_text(evalhost_text left, evalhost_text right) {
    CHECK(left.size == right.size && memcmp(left.data, right.data, left.size) == 0);
    CHECK(right.data[right.size] == 0);
}

static void check_span(const evalhost_span *left, const evalhost_span *right) {
    CHECK(left->parent == right->parent && left->status == right->status);
    CHECK(left->start_ns == right->start_ns && left->end_ns == right->end_ns);
    check_text(left->id, right->id);
    check_text(left->type, right->type);
    check_text(left->name, right->name);
    check_text(left->inputs, right->inputs);
    check_text(left->outputs, right->outputs);
    check_text(left->attributes, right->attributes);
    check_text(left->events, right->events);
}

static evalhost_text texts[8];
static evalhost_span spans[8];

static void make_field(evalhost_field *field) {
    memset(field, 0, sizeof *field);
    field->kind = any(10);
    field->text = any_text();
    field->integer = (int64_t)any(1000) - 500;
    field->number = any(1000) / 7.0;
    field->count = any(8);
    for (int i = 0; i < 8; i++) {
        texts[i] = any_text();
        evalhost_span span = {any_text(),  any_text(), i - 1,      (int32_t)any(3), any(1000),  any(1000),
                              any_text(),  any_text(), any_text(), any_text(),      any_text(), {0, 0, 0}};
        spans[i] = span;
    }
    if (field->kind == EVALHOST_KIND_TEXTS) field->items = texts;
    if (field->kind == EVALHOST_KIND_SPANS) field->items = spans;
}

static void brings_rows_back(void) {
    ceval_view view;
    memset(&view, 0, sizeof view);
    for (int round = 0; round < 2000; round++) {
        evalhost_field fields[6];
        uint32_t count = any(7);
        for (uint32_t i = 0; i < count; i++) make_field(&fields[i]);
        evalhost_text id = any_text();
        uint64_t size = ceval_row_size(fields, count, id);
        CHECK(size > 0 && size % 8 == 0);
        /* Exactly so much, for the sanitizer to see a byte beyond. */
        uint8_t *row = malloc(size);
        ceval_row_write(row, size, fields, count, id, 77);
        CHECK(((const ceval_row *)(const void *)row)->bytes == size);
        CHECK(((const ceval_row *)(const void *)row)->start_ns == 77);
        CHECK(ceval_view_read(&view, row) == 0);
        CHECK(view.record.struct_size == sizeof view.record && view.record.field_count == count);
        check_text(id, view.record.id);
        for (uint32_t i = 0; i < count; i++) {
            const evalhost_field *left = &fields[i], *right = &view.record.fields[i];
            CHECK(left->kind == right->kind && left->integer == right->integer && left->number == right->number);
            check_text(left->text, right->text);
            if (left->kind == EVALHOST_KIND_TEXTS) {
                const evalhost_text *items = right->items;
                for (uint64_t at = 0; at < left->count; at++) check_text(texts[at], items[at]);
            } else if (left->kind == EVALHOST_KIND_SPANS) {
                const evalhost_span *items = right->items;
                for (uint64_t at = 0; at < left->count; at++) check_span(&spans[at], &items[at]);
            }
        }
        free(row);
    }
    ceval_view_free(&view);
}

static void writes_sheets(void) {
    static ceval_sheet sheet;
    uint8_t *memory = malloc(CEVAL_SHEET_BYTES);
    ceval_sheet_init(&sheet);
    for (int round = 0; round < 500; round++) {
        ceval_sheet_begin(&sheet, memory, (uint32_t)round);
        uint32_t answers = any(70), taken = 0;
        for (uint32_t i = 0; i < answers; i++) {
            evalhost_value value = evalhost_value_of_text(any_text());
            value.rationale = any_text();
            taken += evalhost_put(&sheet.sink, i, &value) == EVALHOST_OK;
        }
        if (any(2)) evalhost_error(&sheet.sink, "why");
        const uint32_t denied[2] = {1, 2};
        uint64_t size = ceval_sheet_end(&sheet, EVALHOST_ERROR, denied, 2, 9);
        const ceval_sheet_head *head = (const ceval_sheet_head *)(const void *)memory;
        CHECK(size == head->bytes && size % 8 == 0 && size <= CEVAL_SHEET_BYTES);
        CHECK(head->row == (uint32_t)round && head->answer_count == taken && head->denied[1] == 2);
        CHECK(taken == (answers <= EVALHOST_MAX_FEEDBACKS + 1 ? answers : EVALHOST_MAX_FEEDBACKS + 1));
        CHECK((head->refusal == CEVAL_REFUSED_TOO_MANY) == (answers > EVALHOST_MAX_FEEDBACKS + 1));
        CHECK(ceval_sheet_check(memory, size, 9) == head->check && ceval_sheet_check(memory, size, 8) != head->check);
        memory[8 + any((uint32_t)size - 8)] ^= 0x10;
        CHECK(ceval_sheet_check(memory, size, 9) != head->check);
    }
    /* After the end, answers come too late. */
    CHECK(evalhost_number(&sheet.sink, 1) == EVALHOST_ERROR);
    free(memory);
}

/* The largest texts that are allowed stay within CEVAL_SHEET_BYTES, and what is beyond is refused. */
static void bounds_sheets(void) {
    static ceval_sheet sheet;
    uint8_t *memory = malloc(CEVAL_SHEET_BYTES);
    char *large = calloc(1, EVALHOST_MAX_TEXT_BYTES + 1);
    evalhost_value value = evalhost_value_of_text(evalhost_text_of("x"));
    value.text.data = large;
    value.text.size = EVALHOST_MAX_TEXT_BYTES;
    ceval_sheet_init(&sheet);
    ceval_sheet_begin(&sheet, memory, 0);
    int taken = 0;
    for (uint32_t i = 0; i < 8; i++) taken += evalhost_put(&sheet.sink, i, &value) == EVALHOST_OK;
    CHECK(taken == 3 && sheet.refusal == CEVAL_REFUSED_ROW_TOO_LARGE);
    value.text.size = EVALHOST_MAX_TEXT_BYTES - EVALHOST_MAX_MESSAGE_BYTES;
    CHECK(evalhost_put(&sheet.sink, 9, &value) == EVALHOST_OK);
    large[EVALHOST_MAX_MESSAGE_BYTES - 1] = 0;
    memset(large, 'm', EVALHOST_MAX_MESSAGE_BYTES - 1);
    evalhost_error(&sheet.sink, large);
    CHECK(ceval_sheet_end(&sheet, EVALHOST_OK, NULL, 0, 1) <= CEVAL_SHEET_BYTES);
    ceval_sheet_begin(&sheet, memory, 0);
    value.text.size = EVALHOST_MAX_TEXT_BYTES + 1;
    CHECK(evalhost_put(&sheet.sink, 0, &value) == EVALHOST_ERROR && sheet.refusal == CEVAL_REFUSED_TEXT_TOO_LARGE);
    free(large);
    free(memory);
}

int main(void) {
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(' ' + i % 90);
    brings_rows_back();
    writes_sheets();
    bounds_sheets();
    printf("%d checks held\n", checks);
    return 0;
}
