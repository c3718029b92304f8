/* corpus.c: writes what transport-fuzz begins with, by the code that a worker writes it by. Usage: corpus FOLDER */
#include <evaltransport.h>
#include <stdio.h>
#include <stdlib.h>

#include "library.h"

#define SEED UINT64_C(0x6576616C686F7374)

static const char *folder;
static uint8_t *memory;

static void save(const char *name, const void *bytes, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) {
        perror(path);
        exit(1);
    }
}

static uint64_t answer(uint8_t *at, uint32_t row, int which) {
    static ceval_sheet sheet;
    static const uint32_t denied[] = {41, 59};
    evalhost_status status = EVALHOST_OK;
    ceval_sheet_init(&sheet);
    ceval_sheet_begin(&sheet, at, row);
    const evalhost_sink *out = &sheet.sink;
    evalhost_value value = evalhost_value_of_number(0.25);
    value.rationale = evalhost_text_of("since the answer is short, \xE2\x80\x9Cthat is why\xE2\x80\x9D");
    value.metadata = evalhost_text_of("{\"words\": [1, 2.5, \"three\"], \"nested\": {\"deep\": {\"deeper\": null}}}");
    evalhost_value text = evalhost_value_of(EVALHOST_KIND_TEXT), object = evalhost_value_of(EVALHOST_KIND_JSON);
    text.text = evalhost_text_of("a text");
    object.text = evalhost_text_of("{\"a\": [true, {\"b\": \"c\"}]}");
    switch (which) {
    case 0: status = evalhost_number(out, 0.5); break;
    case 1: status = evalhost_put(out, 0, &value); break;
    case 2:
        evalhost_number(out, 1);
        evalhost_label_at(out, 1, 2);
        evalhost_put(out, 2, &text);
        evalhost_put(out, 3, &object);
        evalhost_boolean_at(out, 4, 1);
        status = evalhost_integer_at(out, 5, -5);
        break;
    case 3:
        out->table->put_message(out, "it can't be told", 16);
        status = EVALHOST_ERROR;
        break;
    case 4:
        out->table->put_message(out, "not for this row", 16);
        status = EVALHOST_SKIP;
        break;
    case 5: status = EVALHOST_RETRY; break;
    default: break;
    }
    return ceval_sheet_end(&sheet, status, denied, which == 1 ? 2 : 0, SEED);
}

static void sheets(void) {
    uint64_t at = 0;
    for (int which = 0; which < 7; which++) {
        char name[64];
        snprintf(name, sizeof name, "sheets-%d.bin", which);
        save(name, memory, (size_t)answer(memory, 0, which));
    }
    for (uint32_t row = 0; row < 12; row++) at += answer(memory + at, row, (int)(row % 7));
    save("sheets-batch.bin", memory, (size_t)at);
    at = 0;
    for (uint32_t i = 0; i < CEVAL_GUARD_SHEETS; i++) at += answer(memory + at, CEVAL_GUARD_ROW, 6);
    at += answer(memory + at, 0, 2);
    save("sheets-guarded.bin", memory, (size_t)at);
}

static uint64_t question(uint8_t *to, uint32_t count) {
    static const char *texts[] = {"system", "You are a judge.", "user", "Is this \"polite\"? Gr\xC3\xBC\xC3\x9F Gott",
                                  "assistant", "{\"polite\": true}"};
    static const char schema[] = "{\"type\": \"object\", \"properties\": {\"polite\": {\"type\": \"boolean\"}}, "
                                 "\"required\": [\"polite\"]}";
    ceval_ask ask = {count, 3, sizeof schema - 1};
    uint8_t *at = to;
    memcpy(at, &ask, sizeof ask);
    at += sizeof ask;
    for (uint32_t i = 0; i < 2 * count; i++) {
        uint64_t size = strlen(texts[i % 6]);
        memcpy(at, &size, sizeof size);
        at += sizeof size;
    }
    for (uint32_t i = 0; i < 2 * count; i++) {
        size_t size = strlen(texts[i % 6]) + 1;
        memcpy(at, texts[i % 6], size);
        at += size;
    }
    memcpy(at, schema, sizeof schema);
    return (uint64_t)(at - to) + sizeof schema;
}

static void slots(void) {
    for (int asks = 0; asks < 2; asks++) {
        ceval_slot_out slot;
        uint8_t *data = memory + sizeof slot;
        memset(&slot, 0, sizeof slot);
        slot.canary = slot.end_canary = CEVAL_MAGIC;
        slot.done_sequence = 1;
        slot.rows_done = 5;
        for (uint32_t row = 0; row < 5; row++) slot.bytes += answer(data + slot.bytes, row, (int)row);
        if (asks) {
            slot.ask_sequence = 1;
            slot.ask_offset = slot.bytes;
            slot.ask_bytes = question(data + slot.bytes, 3);
        }
        memcpy(memory, &slot, sizeof slot);
        save(asks ? "slot-asking.bin" : "slot-done.bin", memory, sizeof slot + (size_t)(slot.bytes + slot.ask_bytes));
    }
}

static void states(void) {
    static const char *words[] = {"", "0.9.0", "Landlock", "undefined symbol: nowhere", "", "", "6488065", "mmap: no memory",
                                  "fuzzed\nthis processor has no AVX"};
    for (uint32_t failure = 0; failure < 9; failure++) {
        char name[64];
        ceval_state state;
        memset(&state, 0, sizeof state);
        state.magic = CEVAL_MAGIC;
        state.phase = failure ? CEVAL_PHASE_FAILED : CEVAL_PHASE_READY;
        state.failure = failure;
        state.library_start = 0x7F0000000000u;
        state.library_end = 0x7F0000010000u;
        snprintf(state.words, sizeof state.words, "%s", words[failure]);
        if (!failure) {
            state.fault.set = 1;
            state.fault.signal = 11;
            state.fault.thread = 1;
            state.fault.frame_count = 3;
            for (uint32_t i = 0; i < 3; i++) state.fault.frames[i] = state.library_start + 0x1120 + i;
        }
        snprintf(name, sizeof name, "state-%u.bin", failure);
        save(name, &state, sizeof state);
    }
}

static void lines(void) {
    static const char text[] = "the words were read\nGr\xC3\xBC\xC3\x9F\x1B[31m Gott\r\n\nwithout an end";
    ceval_log_line line = {CEVAL_MAGIC, 2, 1, 1};
    memcpy(memory, &line, sizeof line);
    memcpy(memory + sizeof line, text, sizeof text - 1);
    save("log-line.bin", memory, sizeof line + sizeof text - 1);
    save("output-lines.bin", text, sizeof text - 1);
    for (uint32_t i = 0; i < 5000; i++) memory[i] = i % 1000 == 999 ? '\n' : 'x';
    save("output-long.bin", memory, 5000);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    folder = arguments[1];
    memory = calloc(1, 16u << 20);
    if (!memory) return 1;
    sheets();
    save("description-full.bin", memory, (size_t)ceval_describe(evalhost_plugin_entry(), memory, 1u << 20));
    static const evalhost_scorer *const one[] = {&plain};
    evalhost_plugin small = *evalhost_plugin_entry();
    small.scorers = one;
    small.scorer_count = 1;
    small.permission_count = 0;
    save("description-small.bin", memory, (size_t)ceval_describe(&small, memory, 1u << 20));
    save("question-one.bin", memory, (size_t)question(memory, 1));
    save("question-three.bin", memory, (size_t)question(memory, 3));
    slots();
    states();
    lines();
    free(memory);
    return 0;
}
