/* describe.c: what a library says of itself, as bytes. Numbers are 4 or 8 bytes, little-endian on the machines that we
 * run on; a string is its size and its bytes, a null pointer the size 0xFFFFFFFF. The host's DescriptionReader is the
 * other half, and the place of all checks. */
#include "evaltransport.h"

typedef struct writer {
    uint8_t *base;
    uint64_t capacity;
    uint64_t used; /* grows beyond the capacity when there is no room */
} writer;

static void put_bytes(writer *out, const void *data, uint64_t size) {
    if (out->used + size <= out->capacity) memcpy(out->base + out->used, data, size);
    out->used += size;
}

static void put_u32(writer *out, uint32_t number) { put_bytes(out, &number, sizeof number); }

static void put_double(writer *out, double number) { put_bytes(out, &number, sizeof number); }

/* A string of more than `limit` bytes is cut after one more, by which the host sees that it is too long. */
static void put_string(writer *out, const char *string, uint32_t limit) {
    if (!string) {
        put_u32(out, UINT32_MAX);
        return;
    }
    uint32_t size = 0;
    while (size <= limit && string[size]) size++;
    put_u32(out, size);
    put_bytes(out, string, size);
}

static void put_help(writer *out, const char *string) { put_string(out, string, EVALHOST_MAX_HELP_BYTES); }

/* A count, and whether the elements follow. */
static int put_count(writer *out, uint32_t count, uint32_t limit, const void *elements) {
    int follow = count > 0 && count <= limit && elements;
    put_u32(out, count);
    put_u32(out, (uint32_t)follow);
    return follow;
}

static void put_strings(writer *out, const char *const *strings, uint32_t count, uint32_t limit) {
    if (!put_count(out, count, limit, strings)) return;
    for (uint32_t i = 0; i < count; i++) put_help(out, strings[i]);
}

static void put_value_type(writer *out, const evalhost_value_type *type) {
    put_u32(out, type->kind);
    put_u32(out, type->flags);
    put_double(out, type->minimum);
    put_double(out, type->maximum);
    put_strings(out, type->labels, type->label_count, EVALHOST_MAX_LABELS);
}

static void put_feedback(writer *out, const evalhost_feedback *feedback) {
    put_help(out, feedback->name);
    put_help(out, feedback->help);
    put_value_type(out, &feedback->value);
    put_help(out, feedback->unit);
    put_help(out, feedback->pass);
    put_help(out, feedback->aggregations);
    put_u32(out, feedback->direction);
}

static void put_setting(writer *out, const evalhost_setting *setting) {
    put_help(out, setting->key);
    put_u32(out, setting->kind);
    put_u32(out, setting->flags);
    put_help(out, setting->default_value);
    put_help(out, setting->help);
    put_double(out, setting->minimum);
    put_double(out, setting->maximum);
    put_strings(out, setting->choices, setting->choice_count, EVALHOST_MAX_LABELS);
}

static void put_scorer(writer *out, const evalhost_scorer *scorer) {
    put_u32(out, scorer ? scorer->struct_size : 0);
    if (!scorer || scorer->struct_size < CEVAL_SCORER_BYTES) return;
    put_u32(out, scorer->flags);
    put_u32(out, scorer->score != NULL);
    put_help(out, scorer->reads);
    evalhost_feedback own = {
        scorer->name, scorer->help, scorer->value, scorer->unit, scorer->pass, scorer->aggregations, scorer->direction, 0,
        {0, 0, 0, 0},
    };
    put_feedback(out, &own);
    if (put_count(out, scorer->feedback_count, EVALHOST_MAX_FEEDBACKS, scorer->feedbacks)) {
        for (uint32_t i = 0; i < scorer->feedback_count; i++) put_feedback(out, &scorer->feedbacks[i]);
    }
    if (put_count(out, scorer->setting_count, EVALHOST_MAX_SETTINGS, scorer->settings)) {
        for (uint32_t i = 0; i < scorer->setting_count; i++) put_setting(out, &scorer->settings[i]);
    }
}

uint64_t ceval_describe(const evalhost_plugin *plugin, uint8_t *to, uint64_t capacity) {
    writer out = {to, capacity, 0};
    put_u32(&out, plugin->struct_size);
    if (plugin->struct_size < CEVAL_PLUGIN_BYTES) return out.used <= capacity ? out.used : 0;
    put_help(&out, plugin->name);
    put_help(&out, plugin->version);
    put_help(&out, plugin->author);
    put_help(&out, plugin->licence);
    if (put_count(&out, plugin->scorer_count, EVALHOST_MAX_SCORERS, plugin->scorers)) {
        for (uint32_t i = 0; i < plugin->scorer_count; i++) put_scorer(&out, plugin->scorers[i]);
    }
    if (put_count(&out, plugin->permission_count, EVALHOST_MAX_PERMISSIONS, plugin->permissions)) {
        for (uint32_t i = 0; i < plugin->permission_count; i++) {
            put_help(&out, plugin->permissions[i].permission);
            put_help(&out, plugin->permissions[i].reason);
        }
    }
    return out.used <= capacity ? out.used : 0;
}
