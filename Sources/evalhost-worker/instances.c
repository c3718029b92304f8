/* instances.c: the instances of each thread, by the host's numbers. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "worker.h"

instance *instances_find(const lane *it, uint32_t number) {
    for (uint32_t i = 0; i < it->instance_count; i++) {
        if (it->instances[i]->number == number) return it->instances[i];
    }
    return NULL;
}

/* What create said of its failure. */
typedef struct rejection {
    const evalhost_sink *out;
    int32_t setting;
} rejection;

static evalhost_status reject(const evalhost_setup *setup, int32_t setting, const char *data, uint64_t size) {
    rejection *told = setup->opaque;
    told->setting = setting;
    return told->out->table->put_message(told->out, data, size);
}

static void add(lane *it, instance *made) {
    if (it->instance_count == it->instance_capacity) {
        uint32_t capacity = it->instance_capacity ? 2 * it->instance_capacity : 8;
        instance **grown = realloc(it->instances, capacity * sizeof *grown);
        if (!grown) abort();
        it->instances = grown;
        it->instance_capacity = capacity;
    }
    it->instances[it->instance_count++] = made;
}

/* The scorer as this version knows it: what its library is too old to have is zero. */
static evalhost_scorer known_part(const evalhost_scorer *given) {
    evalhost_scorer scorer;
    memset(&scorer, 0, sizeof scorer);
    memcpy(&scorer, given, given->struct_size < sizeof scorer ? given->struct_size : sizeof scorer);
    return scorer;
}

static const evalhost_session_scorer *session_of(const evalhost_scorer *given, const evalhost_scorer *scorer) {
    if (!(scorer->flags & EVALHOST_SCORES_SESSION) || !scorer->extension) return NULL;
    const evalhost_session_scorer *session = scorer->extension(given, EVALHOST_EXT_SESSION, EVALHOST_EXT_SESSION_REVISION);
    return session && session->struct_size >= sizeof *session && session->score_session ? session : NULL;
}

evalhost_status instances_create(lane *it, uint32_t number, uint32_t index, const evalhost_record *row) {
    const evalhost_sink *out = &it->sheet.sink;
    const evalhost_plugin *plugin = the_worker.plugin;
    const evalhost_scorer *given = index < plugin->scorer_count && plugin->scorers ? plugin->scorers[index] : NULL;
    if (!given || row->field_count == 0) return evalhost_error(out, "the library has no such scorer");
    instances_destroy(it, number);
    instance *made = calloc(1, sizeof *made);
    if (!made) abort();
    const evalhost_scorer scorer = known_part(given);
    made->number = number;
    made->flags = scorer.flags;
    made->score = scorer.score;
    made->destroy = scorer.destroy;
    made->session = session_of(given, &scorer);
    made->host.struct_size = (uint32_t)sizeof made->host;
    made->host.abi_version = EVALHOST_ABI_VERSION;
    made->host.version = the_worker.host_version;
    made->host.extension = host_extension;
    made->host.opaque = made;
    evalhost_status status = EVALHOST_OK;
    if (scorer.create) {
        const uint32_t settings = row->field_count - 1;
        rejection told = {out, -1};
        evalhost_setup setup;
        memset(&setup, 0, sizeof setup);
        setup.struct_size = (uint32_t)sizeof setup;
        setup.setting_count = settings;
        setup.scorer = given;
        setup.settings = row->fields;
        setup.json = row->fields[settings].text;
        setup.instance = row->id;
        setup.host = &made->host;
        setup.reject = reject;
        setup.opaque = &told;
        status = scorer.create(&setup, &made->self);
        if (status != EVALHOST_OK) {
            evalhost_integer(out, told.setting);
            free(made);
            return EVALHOST_ERROR;
        }
    }
    add(it, made);
    return status;
}

static void destroy(lane *it, uint32_t at) {
    instance *old = it->instances[at];
    it->instances[at] = it->instances[--it->instance_count];
    if (old->destroy) old->destroy(old->self);
    free(old);
}

void instances_destroy(lane *it, uint32_t number) {
    for (uint32_t i = 0; i < it->instance_count; i++) {
        if (it->instances[i]->number == number) {
            destroy(it, i);
            return;
        }
    }
}

void instances_destroy_all(lane *it) {
    while (it->instance_count > 0) destroy(it, it->instance_count - 1);
}
