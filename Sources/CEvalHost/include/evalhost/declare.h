/*
 * evalhost/declare.h: macros by which a C source declares its scorers, settings and library.
 *
 * Included by <evalhost/scorer.h>; for C99 and later (C++ authors have <evalhost/scorer.hpp>, since C++ before C++20
 * has no designated initialisers). No semicolon follows any of them at file scope.
 *
 * What they define is constant and has static storage: it lives as long as the library is loaded, and any thread may read it.
 * So must all that is passed to them: string literals, arrays of static storage, functions. Members that aren't named are
 * zero, which is "not said".
 *
 *     static const evalhost_setting settings[] = {
 *         EVALHOST_SETTING("ignore_case", EVALHOST_KIND_BOOLEAN, "false", "Compare without regard to ASCII case."),
 *         EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "100", "Longest text.",
 *                          .minimum = 1, .flags = EVALHOST_HAS_MINIMUM),
 *     };
 *     static const char *const labels[] = {"correct", "partial", "wrong"};
 *     EVALHOST_SCORER(graded, .reads = "outputs", .value = EVALHOST_CATEGORY(labels), .pass = "correct",
 *                     .create = create, .score = score, .destroy = destroy, EVALHOST_SETTINGS(settings))
 */
#ifndef EVALHOST_DECLARE_H
#define EVALHOST_DECLARE_H

#include <evalhost/scorer.h>

#define EVALHOST_COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

/* Value types, for `.value`. */
#define EVALHOST_NUMBER(min, max)                                                                                      \
    {                                                                                                                  \
        .kind = EVALHOST_KIND_NUMBER, .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM, .minimum = (min),           \
        .maximum = (max)                                                                                               \
    }
#define EVALHOST_INTEGER(min, max)                                                                                     \
    {                                                                                                                  \
        .kind = EVALHOST_KIND_INTEGER, .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM, .minimum = (min),          \
        .maximum = (max)                                                                                               \
    }
#define EVALHOST_ANY_NUMBER { .kind = EVALHOST_KIND_NUMBER }
#define EVALHOST_ANY_INTEGER { .kind = EVALHOST_KIND_INTEGER }
#define EVALHOST_BOOLEAN { .kind = EVALHOST_KIND_BOOLEAN }
#define EVALHOST_TEXT { .kind = EVALHOST_KIND_TEXT }
#define EVALHOST_OBJECT { .kind = EVALHOST_KIND_JSON }
#define EVALHOST_CATEGORY(array)                                                                                       \
    { .kind = EVALHOST_KIND_LABEL, .labels = (array), .label_count = EVALHOST_COUNT_OF(array) }

/* A setting and a further feedback, as elements of an array; more members may follow, designated. */
#define EVALHOST_SETTING(setting_key, setting_kind, setting_default, ...)                                              \
    { .key = (setting_key), .kind = (setting_kind), .default_value = (setting_default), .help = __VA_ARGS__ }
#define EVALHOST_FEEDBACK(feedback_name, ...) { .name = (feedback_name), .value = __VA_ARGS__ }

/* Those arrays, in a scorer. */
#define EVALHOST_SETTINGS(array) .settings = (array), .setting_count = EVALHOST_COUNT_OF(array)
#define EVALHOST_FEEDBACKS(array) .feedbacks = (array), .feedback_count = EVALHOST_COUNT_OF(array)

/*
 * What a library asks for, as elements of an array, and that array in EVALHOST_LIBRARY:
 *     static const evalhost_permission permissions[] = {EVALHOST_PERMISSION("network", "fetches word vectors")};
 *     EVALHOST_LIBRARY(.name = …, .version = …, .scorers = …, .scorer_count = …, EVALHOST_PERMISSIONS(permissions))
 */
#define EVALHOST_PERMISSION(spelling, why) { .permission = (spelling), .reason = (why) }
#define EVALHOST_PERMISSIONS(array) .permissions = (array), .permission_count = EVALHOST_COUNT_OF(array)

/* Defines the constant `identifier`, a scorer of that name. */
#define EVALHOST_SCORER(identifier, ...)                                                                               \
    static const evalhost_scorer identifier = {                                                                        \
        .struct_size = (uint32_t)sizeof(evalhost_scorer), .name = #identifier, __VA_ARGS__};

/* Defines the library of these scorers: EVALHOST_PLUGIN("name", "1.0.0", &first, &second) */
#define EVALHOST_PLUGIN(plugin_name, plugin_version, ...)                                                              \
    static const evalhost_scorer *const evalhost_scorers_[] = {__VA_ARGS__};                                           \
    EVALHOST_LIBRARY(.name = (plugin_name), .version = (plugin_version), .scorers = evalhost_scorers_,                 \
                     .scorer_count = EVALHOST_COUNT_OF(evalhost_scorers_))

/* The same with every member named: EVALHOST_LIBRARY(.name = …, .author = …, .scorers = …, .scorer_count = …) */
#define EVALHOST_LIBRARY(...)                                                                                          \
    EVALHOST_NOTE                                                                                                      \
    static const evalhost_plugin evalhost_plugin_ = {                                                                  \
        .struct_size = (uint32_t)sizeof(evalhost_plugin), .abi_version = EVALHOST_ABI_VERSION, __VA_ARGS__};           \
    EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);                                                \
    const evalhost_plugin *evalhost_plugin_entry(void) { return &evalhost_plugin_; }

#ifdef __cplusplus
#define EVALHOST_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define EVALHOST_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __ELF__
#define EVALHOST_NOTE                                                                                                  \
    __attribute__((section(".note.evalhost"), used, aligned(4))) static const struct {                                 \
        uint32_t name_size, description_size, type;                                                                    \
        char name[12];                                                                                                 \
        uint32_t abi_version;                                                                                          \
    } evalhost_note_ = {9u, 4u, EVALHOST_NOTE_TYPE, EVALHOST_NOTE_NAME, EVALHOST_ABI_VERSION};
#else
#define EVALHOST_NOTE
#endif

#endif
