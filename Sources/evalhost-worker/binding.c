/*
 * binding.c: a function that was never written for evalhost, called through libffi as if it were a scorer.
 *
 * Nobody can tell whether the signature is the function's own: if it isn't, anything may happen in this process, which is
 * why such functions are called nowhere else. The host has checked all that can be checked, and its numbers are trusted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <ffi.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "worker.h"

/* An argument or a result, as libffi wants it. It widens results to ffi_arg, whose low bytes come first on our machines. */
typedef union value {
    int8_t int8;
    uint8_t uint8;
    int16_t int16;
    uint16_t uint16;
    int32_t int32;
    uint32_t uint32;
    int64_t int64;
    uint64_t uint64;
    float float_;
    double double_;
    const void *pointer;
    ffi_arg wide;
} value;

/* Of every call: the compiler finds some of these too large to inline by itself, which costs a tenth of a call. */
#define HOT static inline __attribute__((always_inline))

static const ceval_binding *the_binding;
static const char *the_symbol;
static void (*the_function)(void);
static ffi_cif the_call;
static ffi_type *the_types[CEVAL_MAX_ARGUMENTS];

static const ceval_argument *arguments_of(const ceval_binding *binding) {
    return (const ceval_argument *)(const void *)(binding + 1);
}

static const char *text_at(uint32_t offset) { return (const char *)the_binding + offset; }

static ffi_type *type_of(uint32_t type) {
    switch (type) {
    case CEVAL_C_INT8: return &ffi_type_sint8;
    case CEVAL_C_UINT8:
    case CEVAL_C_BOOL: return &ffi_type_uint8;
    case CEVAL_C_INT16: return &ffi_type_sint16;
    case CEVAL_C_UINT16: return &ffi_type_uint16;
    case CEVAL_C_INT32: return &ffi_type_sint32;
    case CEVAL_C_UINT32: return &ffi_type_uint32;
    case CEVAL_C_INT64: return &ffi_type_sint64;
    case CEVAL_C_UINT64: return &ffi_type_uint64;
    case CEVAL_C_FLOAT: return &ffi_type_float;
    case CEVAL_C_DOUBLE: return &ffi_type_double;
    default: return &ffi_type_pointer;
    }
}

static evalhost_status refuse(const evalhost_sink *out, const char *format, ...)
    __attribute__((cold, format(printf, 2, 3)));
static evalhost_status refuse(const evalhost_sink *out, const char *format, ...) {
    char words[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return evalhost_error(out, words);
}

/* Puts an integer into an argument; whether its type can hold it. */
static int put_integer(value *to, uint32_t type, int64_t integer) {
    to->int64 = 0;
    switch (type) {
    case CEVAL_C_INT8: return (to->int8 = (int8_t)integer) == integer;
    case CEVAL_C_UINT8: return (to->uint8 = (uint8_t)integer) == integer;
    case CEVAL_C_INT16: return (to->int16 = (int16_t)integer) == integer;
    case CEVAL_C_UINT16: return (to->uint16 = (uint16_t)integer) == integer;
    case CEVAL_C_INT32: return (to->int32 = (int32_t)integer) == integer;
    case CEVAL_C_UINT32: return (to->uint32 = (uint32_t)integer) == integer;
    case CEVAL_C_UINT64: to->uint64 = (uint64_t)integer; return integer >= 0;
    case CEVAL_C_BOOL: to->uint8 = integer != 0; return 1;
    default: to->int64 = integer; return 1;
    }
}

static int put_number(value *to, uint32_t type, double number) {
    if (type == CEVAL_C_DOUBLE) {
        to->double_ = number;
        return 1;
    }
    to->float_ = (float)number;
    return to->float_ - to->float_ == 0; /* not infinite */
}

/* Fills an argument; null, or what is wrong with the row. */
HOT const char *fill(value *to, const ceval_argument *argument, const evalhost_record *row) {
    const evalhost_field *field = &row->fields[argument->field];
    switch (argument->from) {
    case CEVAL_FROM_SIZE:
        return put_integer(to, argument->type, (int64_t)field->text.size) ? NULL : "is too long for the type of its size";
    case CEVAL_FROM_CONSTANT:
        if (argument->type == CEVAL_C_STRING) to->pointer = text_at(argument->text);
        else if (argument->type == CEVAL_C_FLOAT || argument->type == CEVAL_C_DOUBLE)
            put_number(to, argument->type, argument->number);
        else put_integer(to, argument->type, argument->integer);
        return NULL;
    default: break;
    }
    switch (argument->type) {
    case CEVAL_C_STRING:
        if (memchr(field->text.data, 0, field->text.size)) return "has a NUL inside: the function would see only a part of it";
        /* fall through */
    case CEVAL_C_BYTES: to->pointer = field->text.data; return NULL;
    case CEVAL_C_FLOAT:
    case CEVAL_C_DOUBLE: return put_number(to, argument->type, field->number) ? NULL : "is too large for a float";
    default: return put_integer(to, argument->type, field->integer) ? NULL : "doesn't fit the argument's type";
    }
}

/* A result as a number, for conditions; exact where it has to be, since bounds are doubles. */
HOT double number_of(uint32_t type, const value *result) {
    switch (type) {
    case CEVAL_C_INT8: return result->int8;
    case CEVAL_C_UINT8: return result->uint8;
    case CEVAL_C_BOOL: return result->uint8 != 0;
    case CEVAL_C_INT16: return result->int16;
    case CEVAL_C_UINT16: return result->uint16;
    case CEVAL_C_INT32: return result->int32;
    case CEVAL_C_UINT32: return result->uint32;
    case CEVAL_C_INT64: return (double)result->int64;
    case CEVAL_C_UINT64: return (double)result->uint64;
    case CEVAL_C_FLOAT: return result->float_;
    default: return result->double_;
    }
}

static int64_t integer_of(uint32_t type, const value *result) {
    switch (type) {
    case CEVAL_C_INT64:
    case CEVAL_C_UINT64: return result->int64;
    default: return (int64_t)number_of(type, result);
    }
}

HOT int holds(uint32_t when, double bound, double number) {
    switch (when) {
    case CEVAL_WHEN_NEVER: return 0;
    case CEVAL_WHEN_EQUAL: return number == bound;
    case CEVAL_WHEN_DIFFERENT: return number != bound;
    case CEVAL_WHEN_LESS: return number < bound;
    case CEVAL_WHEN_LESS_OR_EQUAL: return number <= bound;
    case CEVAL_WHEN_GREATER: return number > bound;
    case CEVAL_WHEN_GREATER_OR_EQUAL: return number >= bound;
    default: return 0;
    }
}

static evalhost_status give_text(const evalhost_sink *out, const char *text) {
    evalhost_value given = evalhost_value_of_text(evalhost_text_of(""));
    if (!text) return refuse(out, "%s returned a null pointer", the_symbol);
    given.text.data = text;
    given.text.size = strnlen(text, EVALHOST_MAX_TEXT_BYTES + 1);
    return evalhost_put(out, 0, &given);
}

/* A label's index, or why there is none. */
static evalhost_status give_label(const evalhost_sink *out, int64_t result) {
    const int64_t *results = (const int64_t *)(const void *)(arguments_of(the_binding) + the_binding->argument_count);
    for (uint32_t i = 0; i < the_binding->label_count; i++) {
        if (results[i] == result) return evalhost_label(out, i);
    }
    return refuse(out, "%s returned %" PRId64 ", for which there is no label", the_symbol, result);
}

HOT evalhost_status give(const evalhost_sink *out, const value *result) {
    const ceval_binding *it = the_binding;
    const uint32_t type = it->result;
    if (type == CEVAL_C_STRING) return give_text(out, result->pointer);
    const double number = number_of(type, result);
    if (holds(it->error_when, it->error_bound, number)) return refuse(out, "%s returned %.17g", the_symbol, number);
    if (holds(it->skip_when, it->skip_bound, number)) {
        char words[128];
        snprintf(words, sizeof words, "%.80s returned %.17g", the_symbol, number);
        return evalhost_skip(out, words);
    }
    switch (it->kind) {
    case EVALHOST_KIND_BOOLEAN: return evalhost_boolean(out, holds(it->true_when, it->true_bound, number));
    case EVALHOST_KIND_LABEL: return give_label(out, integer_of(type, result));
    case EVALHOST_KIND_INTEGER:
        if (type == CEVAL_C_UINT64 && result->uint64 > INT64_MAX) {
            return refuse(out, "%s returned %" PRIu64 ", more than an integer can be", the_symbol, result->uint64);
        }
        return evalhost_integer(out, integer_of(type, result));
    default: return evalhost_number(out, number * it->scale / it->divisor);
    }
}

evalhost_status binding_score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    const ceval_argument *arguments = arguments_of(the_binding);
    value values[CEVAL_MAX_ARGUMENTS];
    void *places[CEVAL_MAX_ARGUMENTS];
    value result;
    (void)self;
    for (uint32_t i = 0; i < the_binding->argument_count; i++) {
        const char *wrong = fill(&values[i], &arguments[i], row);
        if (wrong) return refuse(out, "%.200s %s", text_at(arguments[i].path), wrong);
        places[i] = &values[i];
    }
    result.int64 = 0;
    ffi_call(&the_call, the_function, &result, places);
    return give(out, &result);
}

const evalhost_plugin *binding_make(const ceval_binding *binding, void *library) {
    static evalhost_scorer scorer;
    static const evalhost_scorer *scorers[] = {&scorer};
    static evalhost_plugin plugin;
    const ceval_argument *arguments = arguments_of(binding);
    the_binding = binding;
    the_symbol = text_at(binding->symbol);
    *(void **)(&the_function) = dlsym(library, the_symbol);
    if (!the_function) worker_fail(CEVAL_FAILURE_SYMBOL, "%s", the_symbol);
    for (uint32_t i = 0; i < binding->argument_count; i++) the_types[i] = type_of(arguments[i].type);
    if (ffi_prep_cif(&the_call, FFI_DEFAULT_ABI, binding->argument_count, type_of(binding->result), the_types) != FFI_OK) {
        worker_fail(CEVAL_FAILURE_SYSTEM, "libffi doesn't take the signature of %s", the_symbol);
    }
    scorer.struct_size = (uint32_t)sizeof scorer;
    scorer.name = the_symbol;
    scorer.score = binding_score;
    plugin.struct_size = (uint32_t)sizeof plugin;
    plugin.abi_version = EVALHOST_ABI_VERSION;
    plugin.name = the_symbol;
    plugin.version = "0";
    plugin.scorer_count = 1;
    plugin.scorers = scorers;
    return &plugin;
}
