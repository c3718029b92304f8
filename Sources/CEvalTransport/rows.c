/* rows.c: rows on their way to a worker. The host writes them, the worker turns offsets into pointers again. */
#include <stdlib.h>

#include "evaltransport.h"

typedef struct writer {
    uint8_t *base;
    uint64_t used;
} writer;

static uint64_t padded(uint64_t size) { return (size + 7u) & ~(uint64_t)7u; }

static uint64_t text_bytes(evalhost_text text) { return text.size + 1; }

static uint64_t item_bytes(const evalhost_field *field) {
    uint64_t bytes = 0;
    if (field->kind == EVALHOST_KIND_TEXTS) {
        const evalhost_text *texts = field->items;
        for (uint64_t i = 0; i < field->count; i++) bytes += sizeof *texts + text_bytes(texts[i]);
    } else if (field->kind == EVALHOST_KIND_SPANS) {
        const evalhost_span *spans = field->items;
        for (uint64_t i = 0; i < field->count; i++) {
            bytes += sizeof *spans + text_bytes(spans[i].id) + text_bytes(spans[i].type) + text_bytes(spans[i].name) +
                     text_bytes(spans[i].inputs) + text_bytes(spans[i].outputs) + text_bytes(spans[i].attributes) +
                     text_bytes(spans[i].events);
        }
    }
    return padded(bytes);
}

uint64_t ceval_row_size(const evalhost_field *fields, uint32_t count, evalhost_text id) {
    uint64_t size = sizeof(ceval_row) + count * sizeof *fields + text_bytes(id);
    for (uint32_t i = 0; i < count; i++) size += text_bytes(fields[i].text) + item_bytes(&fields[i]) + 8;
    size = padded(size);
    return size > UINT32_MAX ? 0 : size;
}

/* Copies a text; what comes back has the offset where its pointer was. */
static evalhost_text put(writer *out, evalhost_text text) {
    evalhost_text moved = {(const char *)(uintptr_t)out->used, text.size};
    if (text.size > 0) memcpy(out->base + out->used, text.data, text.size);
    out->base[out->used + text.size] = 0;
    out->used += text.size + 1;
    return moved;
}

static void *room(writer *out, uint64_t size, uint64_t *offset) {
    uint64_t at = padded(out->used);
    memset(out->base + out->used, 0, at - out->used);
    *offset = at;
    out->used = at + size;
    return out->base + at;
}

static void put_items(writer *out, evalhost_field *field) {
    uint64_t offset;
    if (field->kind == EVALHOST_KIND_TEXTS) {
        const evalhost_text *texts = field->items;
        evalhost_text *copy = room(out, field->count * sizeof *texts, &offset);
        for (uint64_t i = 0; i < field->count; i++) copy[i] = put(out, texts[i]);
    } else if (field->kind == EVALHOST_KIND_SPANS) {
        const evalhost_span *spans = field->items;
        evalhost_span *copy = room(out, field->count * sizeof *spans, &offset);
        for (uint64_t i = 0; i < field->count; i++) {
            copy[i] = spans[i];
            copy[i].id = put(out, spans[i].id);
            copy[i].type = put(out, spans[i].type);
            copy[i].name = put(out, spans[i].name);
            copy[i].inputs = put(out, spans[i].inputs);
            copy[i].outputs = put(out, spans[i].outputs);
            copy[i].attributes = put(out, spans[i].attributes);
            copy[i].events = put(out, spans[i].events);
        }
    } else {
        field->items = NULL;
        return;
    }
    field->items = (const void *)(uintptr_t)offset;
}

void ceval_row_write(uint8_t *to, uint64_t size, const evalhost_field *fields, uint32_t count, evalhost_text id,
                     int64_t start_ns) {
    writer out = {to, sizeof(ceval_row) + count * sizeof *fields};
    ceval_row *head = (ceval_row *)(void *)to;
    evalhost_field *copies = (evalhost_field *)(void *)(to + sizeof *head);
    head->bytes = (uint32_t)size;
    head->field_count = count;
    head->start_ns = start_ns;
    head->id = put(&out, id);
    for (uint32_t i = 0; i < count; i++) {
        evalhost_field field = fields[i];
        field.text = put(&out, fields[i].text);
        put_items(&out, &field);
        copies[i] = field;
    }
    memset(to + out.used, 0, size - out.used);
}

static void move_text(evalhost_text *text, const uint8_t *row) {
    text->data = (const char *)(row + (uintptr_t)text->data);
}

static uint64_t array_bytes(const evalhost_field *field) {
    if (field->kind == EVALHOST_KIND_TEXTS) return field->count * sizeof(evalhost_text);
    if (field->kind == EVALHOST_KIND_SPANS) return field->count * sizeof(evalhost_span);
    return 0;
}

static void move_items(evalhost_field *field, const uint8_t *row, uint8_t *to) {
    memcpy(to, row + (uintptr_t)field->items, array_bytes(field));
    field->items = to;
    if (field->kind == EVALHOST_KIND_TEXTS) {
        evalhost_text *texts = (evalhost_text *)(void *)to;
        for (uint64_t i = 0; i < field->count; i++) move_text(&texts[i], row);
        return;
    }
    evalhost_span *spans = (evalhost_span *)(void *)to;
    for (uint64_t i = 0; i < field->count; i++) {
        move_text(&spans[i].id, row);
        move_text(&spans[i].type, row);
        move_text(&spans[i].name, row);
        move_text(&spans[i].inputs, row);
        move_text(&spans[i].outputs, row);
        move_text(&spans[i].attributes, row);
        move_text(&spans[i].events, row);
    }
}

int ceval_view_read(ceval_view *view, const uint8_t *row) {
    const ceval_row *head = (const ceval_row *)(const void *)row;
    const evalhost_field *fields = (const evalhost_field *)(const void *)(row + sizeof *head);
    uint32_t count = head->field_count;
    if (count > view->capacity) {
        void *grown = realloc(view->fields, count * sizeof *view->fields);
        if (!grown) return -1;
        view->fields = grown;
        view->capacity = count;
    }
    uint64_t items = 0;
    for (uint32_t i = 0; i < count; i++) items += array_bytes(&fields[i]);
    if (items > view->item_capacity) {
        void *grown = realloc(view->items, items);
        if (!grown) return -1;
        view->items = grown;
        view->item_capacity = items;
    }
    uint8_t *at = view->items;
    for (uint32_t i = 0; i < count; i++) {
        view->fields[i] = fields[i];
        move_text(&view->fields[i].text, row);
        if (array_bytes(&fields[i]) == 0) {
            view->fields[i].items = NULL;
            continue;
        }
        move_items(&view->fields[i], row, at);
        at += array_bytes(&fields[i]);
    }
    view->record.struct_size = (uint32_t)sizeof view->record;
    view->record.field_count = count;
    view->record.fields = view->fields;
    view->record.id = head->id;
    move_text(&view->record.id, row);
    return 0;
}

void ceval_view_free(ceval_view *view) {
    free(view->fields);
    free(view->items);
    memset(view, 0, sizeof *view);
}
