/*
 * evalhost/scorer.h: what a scorer in a shared library and evalhost say to each other.
 *
 * A plugin is a shared library with one exported function, evalhost_plugin_entry, that returns a constant description
 * of the library and of its scorers. A scorer reads the declared fields of one row and answers with typed values.
 * Drop the library into a folder, name the folder with --plugins, and its scorers run beside the built-in ones.
 *
 *     #include <evalhost/scorer.h>
 *
 *     static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
 *         evalhost_text answer = row->fields[0].text, expected = row->fields[1].text;
 *         (void)self;
 *         return evalhost_number(out, similarity(answer, expected));
 *     }
 *     EVALHOST_SCORER(edit_similarity,
 *                     .reads = "outputs, expectations.expected_response",
 *                     .value = EVALHOST_NUMBER(0, 1),
 *                     .score = score)
 *     EVALHOST_PLUGIN("edit_distance", "1.0.0", &edit_similarity)
 *
 * This header is the specification: a library that keeps to what stands here runs under every host of the same version.
 * It needs only C99 and no function that evalhost would have to export: <evalhost/answer.h> (how score answers) and
 * <evalhost/declare.h> (the macros), which it includes, are written in terms of it. <evalhost/scorer.hpp> is for C++,
 * and <evalhost/ext/….h> are the extensions: judge, session, log, assets.
 *
 * RULES FOR ALL THAT FOLLOWS
 * Text      is valid UTF-8 with an explicit size. It may contain U+0000. What the host hands over is always followed
 *           by a NUL byte that the size doesn't count, and `data` is never null; what the plugin hands over needs no
 *           NUL, and {NULL, 0} means absent.
 * Ownership Nothing is allocated on one side and freed on the other. What the host hands over is valid until the
 *           call returns, unless its comment says more; what the plugin hands over is copied before the call returns.
 * Null      Pointers are never null where their comment doesn't allow it.
 * Threads   create, score and destroy of one instance run on one thread (but see EVALHOST_THREAD_SAFE), with a stack of
 *           at least 2 MiB, or 512 KiB for a scorer with EVALHOST_CALLS_JUDGE. Different instances may run at the same
 *           time on different threads, so state that they share is the plugin's to guard.
 * Growing   A struct that begins with `struct_size` is passed by pointer only and may get members at its end. Who fills
 *           it sets struct_size to the size that he knows; who reads it looks at no member beyond, and takes it as zero.
 *           Structs without struct_size are elements of arrays: their size is frozen for ever. Reserved words, and bits
 *           of flags that have no name here, must be zero.
 * Limits    The EVALHOST_MAX_… below. What is larger is refused, never cut, except messages.
 * Trust     Plugins run in a worker process of their own by default, behind a sandbox, and a crash costs one row. With
 *           --isolation inprocess they share the host's process, without a sandbox: there a plugin must not exit, fork,
 *           exec, install signal handlers, change locale, environment or working folder, or leave threads running after
 *           destroy. Nowhere may an exception or longjmp cross this boundary.
 *
 * VERSIONS  From 1.0 a host accepts every older minor of the same major, and the header only grows: no offset, number,
 *           spelling or meaning of what stands here changes before 2.0. New abilities are members at the end of structs
 *           with struct_size, or extensions (see evalhost_host). A host refuses a library of a newer minor or another
 *           major before it runs a line of it. So a library may use every member that its own header has, without
 *           asking for struct_size: its host is never older. To run under older hosts, build with their header.
 */
#ifndef EVALHOST_SCORER_H
#define EVALHOST_SCORER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALHOST_VERSION_MAJOR 1
#define EVALHOST_VERSION_MINOR 0
/* Major in the high, minor in the low 16 bits; spelled as a number so that every language's importer reads it. */
#define EVALHOST_ABI_VERSION 65536u

#define EVALHOST_MAX_SCORERS 256u          /* in a library */
#define EVALHOST_MAX_FIELDS 64u            /* that a scorer reads */
#define EVALHOST_MAX_SETTINGS 64u          /* of a scorer */
#define EVALHOST_MAX_FEEDBACKS 64u         /* of a scorer, beside its own value */
#define EVALHOST_MAX_LABELS 256u           /* of a category; choices of a setting */
#define EVALHOST_MAX_PERMISSIONS 16u       /* that a library asks for */
#define EVALHOST_MAX_NAME_BYTES 63u        /* names match [a-z][a-z0-9_]{0,62} */
#define EVALHOST_MAX_HELP_BYTES 4096u      /* any other string of a description */
#define EVALHOST_MAX_TEXT_BYTES 1048576u   /* a text or object value; metadata */
#define EVALHOST_MAX_RATIONALE_BYTES 65536u
#define EVALHOST_MAX_MESSAGE_BYTES 4096u   /* a longer message is cut between two characters */
/*
 * All texts of the answers to one row together: values, rationales, metadata, span ids, and the message, for which
 * EVALHOST_MAX_MESSAGE_BYTES of it are kept. More is the row's error `invalid_value`.
 */
#define EVALHOST_MAX_ROW_BYTES 4194304u

/*
 * How a call ended.
 * OK     the row has at least one value; OK without a value is the row's error `no_result`.
 * ERROR  the row couldn't be scored. Values given before are discarded. Say why with evalhost_error().
 * SKIP   the scorer doesn't apply to this row: no value, no error, counted apart. Values given before are discarded.
 * RETRY  a transient failure: the host calls once more, later; a second RETRY is an error.
 */
typedef int32_t evalhost_status;
#define EVALHOST_OK 0
#define EVALHOST_ERROR 1
#define EVALHOST_SKIP 2
#define EVALHOST_RETRY 3

/* The kinds of fields, settings and values. Each comment names the members that then count. */
#define EVALHOST_KIND_MISSING 0u /* the row has no such field; as the kind of a value: none */
#define EVALHOST_KIND_NULL 1u    /* it is JSON's null; a setting without a value */
#define EVALHOST_KIND_TEXT 2u    /* text */
#define EVALHOST_KIND_BOOLEAN 3u /* integer is 0 or 1 */
#define EVALHOST_KIND_INTEGER 4u /* integer, exact; number is the nearest double */
#define EVALHOST_KIND_NUMBER 5u  /* number, finite */
#define EVALHOST_KIND_LABEL 6u   /* integer is an index into the declared labels */
#define EVALHOST_KIND_JSON 7u    /* text is compact JSON; as a value it must be an object */
#define EVALHOST_KIND_TEXTS 8u   /* items is an array of `count` evalhost_text (settings that are lists) */
#define EVALHOST_KIND_SPANS 9u   /* items is an array of `count` evalhost_span */

/*
 * A view of bytes that somebody else owns: the host, if it hands it over, until the call returns; the plugin, if it answers
 * with it. Nobody frees `data`. A text from the host has a NUL behind it and no null pointer, even where it is empty.
 * Frozen: 16 bytes.
 */
typedef struct evalhost_text {
    const char *data;
    uint64_t size;
} evalhost_text;

/*
 * A field of a row, or the value of a setting: a kind and the members that it names. Members that don't count for the
 * kind are zero, text is then empty, and items null. All it points to is the host's, read-only, and lives as long as what
 * the field is in: a record until score returns, a setup until create returns. Any thread may read it until then.
 * Frozen: 64 bytes, one cache line.
 */
typedef struct evalhost_field {
    uint32_t kind;
    uint32_t reserved0;
    evalhost_text text;
    int64_t integer;
    double number;
    const void *items;
    uint64_t count; /* of items; 0 for every kind but TEXTS and SPANS */
    uint64_t reserved1;
} evalhost_field;

#define EVALHOST_SPAN_UNSET 0
#define EVALHOST_SPAN_OK 1
#define EVALHOST_SPAN_ERROR 2

/*
 * One span of the row's trace. The array is in start order, so a parent stands before its children; `parent` is the
 * index of the nearest ancestor that is in this array, or -1 where none is. Only declared payloads are filled, as JSON
 * text; name, type and id are plain text; what isn't declared, or isn't there, is empty. All of it is the host's, and lives
 * as long as the field that it is in. Frozen: 160 bytes.
 */
typedef struct evalhost_span {
    evalhost_text id;
    evalhost_text type;
    int32_t parent;
    int32_t status;   /* one of EVALHOST_SPAN_… */
    int64_t start_ns; /* Unix time */
    int64_t end_ns;   /* 0 while it hasn't ended */
    evalhost_text name;
    evalhost_text inputs;
    evalhost_text outputs;
    evalhost_text attributes;
    evalhost_text events;
    uint64_t reserved[3];
} evalhost_span;

/*
 * One row: the fields that the scorer declared in `reads`, in that order, `field_count` of them, always as many as
 * declared. A field that wasn't marked optional with `?` is neither missing nor null: such rows never get here.
 * Valid until score returns, with all that it points to: copy what is to outlive it. Fields may be read on any thread until
 * then; extensions take a record only on the thread that was given it. `fields` is null if none are declared.
 */
typedef struct evalhost_record {
    uint32_t struct_size;
    uint32_t field_count;
    const evalhost_field *fields;
    evalhost_text id; /* the row's own name, for messages; empty if it has none */
    const void *host; /* the host's own: extensions find the row by it; don't look */
} evalhost_record;

/*
 * A value with what stands beside it. Fill it by evalhost_value_of_…(), add, and pass it to evalhost_put().
 *     evalhost_value value = evalhost_value_of_number(0.5);
 *     value.rationale = evalhost_text_of("half of the claims are supported");
 *     return evalhost_put(out, 0, &value);
 * All of it is the plugin's, and only read during that call. The texts may be absent, {NULL, 0}, which for a value of kind
 * TEXT or JSON is the row's error `invalid_value`, as are a text that isn't UTF-8 and metadata that isn't a JSON object.
 */
typedef struct evalhost_value {
    uint32_t struct_size;
    uint32_t kind;
    int64_t integer;
    double number;
    evalhost_text text;
    evalhost_text rationale; /* why, for people */
    evalhost_text metadata;  /* a JSON object of anything worth keeping */
    evalhost_text span_id;   /* the span that the value judges; absent: the whole row */
} evalhost_value;

typedef struct evalhost_sink evalhost_sink;

/*
 * The functions behind a sink; call them through the functions of answer.h. `feedback` is 0 for the scorer's own value
 * and 1 + n for feedbacks[n]. Each returns EVALHOST_OK when the host took the answer and EVALHOST_ERROR when it had to
 * refuse it (no room, unknown feedback); the host remembers why, so `return evalhost_number(…)` is enough.
 * Call them only on the thread that score was called on, before it returns. No pointer may be null, except `data` with a size
 * of 0. What they are given is copied before they return. They never wait, and never fail for want of memory.
 * Checks that need the declaration (range, labels, UTF-8, duplicates) are made later, and a wrong value is the row's
 * error `invalid_value` whatever score returns.
 */
typedef struct evalhost_sink_table {
    uint32_t struct_size;
    uint32_t reserved;
    evalhost_status (*put_number)(const evalhost_sink *out, uint32_t feedback, double number);
    /* kind is INTEGER, BOOLEAN (0 or 1) or LABEL (an index). */
    evalhost_status (*put_integer)(const evalhost_sink *out, uint32_t feedback, uint32_t kind, int64_t integer);
    /* ERROR too if value->struct_size is smaller than the struct of version 1.0. */
    evalhost_status (*put_value)(const evalhost_sink *out, uint32_t feedback, const evalhost_value *value);
    /* Why score ends without a value; of several messages the last one counts. A longer one is cut. Always OK. */
    evalhost_status (*put_message)(const evalhost_sink *out, const char *data, uint64_t size);
} evalhost_sink_table;

/* Where answers go. Valid on the calling thread until score returns; never copied, since its address matters. */
struct evalhost_sink {
    uint32_t struct_size;
    uint32_t reserved;
    const evalhost_sink_table *table;
    void *host;             /* the host's own, as is the next */
    uint64_t host_words[2];
};

/*
 * The host, as one instance sees it: valid from create until destroy has returned, on any thread.
 * New abilities are extensions. A plugin asks by id and revision and gets a table of functions whose type stands in
 * evalhost/ext/….h, or null where this host, this run or this library's permissions don't offer it: be ready for that.
 * Tables stay valid as long as the host does. A table that only grows keeps its revision; one that changes its meaning
 * gets the next, and a plugin may ask for several. Ids that end in `.draft`, of headers in ext/draft, promise nothing.
 *
 * `extension` may be called on any thread, from create until destroy has returned. `host` is this struct, `id` a C string
 * that is only read during the call; neither is null. It never waits, and asking for what isn't offered is no error.
 * `version` is a C string, never null, and valid as long as the struct. The struct is the host's: keep its address in the
 * instance, never a copy. Two instances may share one or have one each.
 */
typedef struct evalhost_host {
    uint32_t struct_size;
    uint32_t abi_version;
    const char *version; /* evalhost's own, such as "1.2.0", for messages */
    const void *(*extension)(const struct evalhost_host *host, const char *id, uint32_t revision);
    void *opaque;
} evalhost_host;

/*
 * What create gets. `settings` holds one value for each declared setting, in the declared order, validated, defaults
 * filled in, or is null if none are declared; `json` is the same configuration as compact JSON, an object. All of it is the
 * host's, is never null otherwise, and is valid until create returns, except `host`, which is valid until destroy has
 * returned, and `scorer`, which is the plugin's own description.
 */
typedef struct evalhost_setup {
    uint32_t struct_size;
    uint32_t setting_count;
    const struct evalhost_scorer *scorer; /* whose create this is: lets one function serve several scorers */
    const evalhost_field *settings;
    evalhost_text json;
    evalhost_text instance; /* the instance's name, for messages */
    const evalhost_host *host;
    /*
     * Says why create fails; `setting` is the index of the setting at fault, or -1. Call it by evalhost_reject(), on the
     * thread of create and before that returns; `data` may be null with a size of 0, is copied, and is cut beyond
     * EVALHOST_MAX_MESSAGE_BYTES. The last call counts. Without one, create's failure has no words.
     */
    evalhost_status (*reject)(const struct evalhost_setup *setup, int32_t setting, const char *data, uint64_t size);
    void *opaque;
} evalhost_setup;

#define EVALHOST_HAS_MINIMUM 1u /* flags of a value type and of a setting */
#define EVALHOST_HAS_MAXIMUM 2u
#define EVALHOST_OPTIONAL 4u    /* of a setting: without default_value its value is of kind NULL, and not required */

#define EVALHOST_DIRECTION_NONE 0u
#define EVALHOST_HIGHER_IS_BETTER 1u
#define EVALHOST_LOWER_IS_BETTER 2u

/*
 * What values look like; written by the macros EVALHOST_NUMBER(0, 1), EVALHOST_ANY_NUMBER, EVALHOST_INTEGER(0, 10),
 * EVALHOST_ANY_INTEGER, EVALHOST_BOOLEAN, EVALHOST_CATEGORY(labels), EVALHOST_TEXT and EVALHOST_OBJECT. Bounds are
 * inclusive, and exact for integers up to 2^53; a value outside is the row's error, it is never clamped. Labels are 1 to
 * 63 bytes, without the characters / : = , @ | and control characters, since metrics are named after them. Frozen: 48 bytes.
 */
typedef struct evalhost_value_type {
    uint32_t kind;  /* MISSING, TEXT, BOOLEAN, INTEGER, NUMBER, LABEL or JSON */
    uint32_t flags; /* EVALHOST_HAS_…: which of the next two count */
    double minimum;
    double maximum;
    const char *const *labels; /* C strings, constant as all of a description; of kind LABEL, else null */
    uint32_t label_count;
    uint32_t reserved0;
    uint64_t reserved1;
} evalhost_value_type;

/*
 * A further named value of a scorer, reported as `instance/name`. Its members mean what they mean in evalhost_scorer.
 * Frozen: 128 bytes.
 */
typedef struct evalhost_feedback {
    const char *name;
    const char *help;
    evalhost_value_type value;
    const char *unit;
    const char *pass;
    const char *aggregations;
    uint32_t direction;
    uint32_t reserved0;
    uint64_t reserved[4];
} evalhost_feedback;

/*
 * A setting. kind is BOOLEAN, INTEGER, NUMBER, TEXT, TEXTS or JSON. default_value is spelled as a user would on the
 * command line: `true`, `12.5`, the text itself, `["a","b"]`; null without EVALHOST_OPTIONAL means required.
 * `choices`, if not null, are the `choice_count` only texts allowed (of TEXT and of the elements of TEXTS). Bounds count
 * where a flag says so, for INTEGER and NUMBER. `key` is a name as all names are, and never null; `help`, one line, may be.
 * What the user gives is checked against all of this before create is called: a wrong one never gets there. Taken by the
 * host, so not to be used as keys: name, reads, pass, aggregations, timeout, on_missing. Frozen: 96 bytes.
 */
typedef struct evalhost_setting {
    const char *key;
    uint32_t kind;
    uint32_t flags;
    const char *default_value;
    const char *help;
    double minimum;
    double maximum;
    const char *const *choices;
    uint32_t choice_count;
    uint32_t reserved0;
    uint64_t reserved[4];
} evalhost_setting;

#define EVALHOST_THREAD_SAFE 1u    /* in process, one instance may score on several threads at once */
#define EVALHOST_DETERMINISTIC 2u  /* the same row and settings give the same answer */
#define EVALHOST_CALLS_JUDGE 4u    /* asks the run's judge, see ext/judge.h: many threads, an instance on each */
#define EVALHOST_SCORES_SESSION 8u /* scores whole conversations, see ext/session.h; score is never called */

/*
 * A scorer: constant, and valid as long as the library is loaded. Zero means "not said" throughout.
 *
 * reads         fields separated by ", ": path[:text|integer|number|boolean|json][?]. A path is segments separated by
 *               dots from inputs, outputs, expectations, tags or trace, awkward keys quoted (inputs."a.b"), [n] for
 *               elements of arrays. Default `text`: the value's text view (a string itself; of a chat completion
 *               or list of messages the last assistant text; else compact JSON). No other conversion is ever made: a
 *               wrong type is the row's error `field_type`, a missing or null field `missing_field`, unless the field
 *               ends in `?`. Spans are a field too: spans(RETRIEVER,TOOL):name,outputs, all of them with spans(*):…;
 *               payloads are name, inputs, outputs, attributes, events, and no space stands between them.
 * value         the type of the scorer's own value; kind MISSING if it answers by `feedbacks` alone.
 * unit          such as "grade", "ms", "tokens"; for people.
 * pass          when a row passes: `>= 0.8` (also > <= < == !=), `yes` for true, or labels separated by `|`. Null: no
 *               pass rate, except that a boolean passes when it is true.
 * aggregations  separated by commas, of mean, min, max, median, variance, p90, pass_rate, stderr. Null: mean.
 * create        makes an instance from its settings, within the load deadline. `setup` isn't null; *self is null before, and
 *               whatever the plugin puts there (null too) comes back to score and destroy, untouched: the plugin's to free.
 *               It fails by returning evalhost_reject(…) or any other status than OK, and must then leave nothing behind:
 *               destroy isn't called. Null: the instance is a null pointer. Called again for each further instance, on
 *               other threads at the same time maybe, and after a crash, in a fresh process.
 * score         judges one row, within the row's deadline: a worker that misses it is killed. On the thread of create, one
 *               row after another (but see EVALHOST_THREAD_SAFE). Never called with a null row or sink. A status that there
 *               isn't is the row's error `scorer_fault`. Not null, except with EVALHOST_SCORES_SESSION.
 * destroy       frees the instance, on the thread of create, after its last score; called once, with null if create left
 *               that. May be null. It can't fail. Isn't called when a worker is killed.
 * extension     abilities that the scorer offers the host, by id and revision: constant tables, valid as long as the
 *               library is loaded. Called on any thread, before the first create; `scorer` is this struct, `id` a C string
 *               for the length of the call; neither is null. Null or a null answer: none.
 *
 * All strings are C strings, constant, the plugin's own, and never freed by anybody.
 */
typedef struct evalhost_scorer {
    uint32_t struct_size;
    uint32_t flags;
    const char *name;
    const char *help; /* one line */
    const char *reads;
    evalhost_value_type value;
    const char *unit;
    const char *pass;
    const char *aggregations;
    uint32_t direction;
    uint32_t setting_count;
    const evalhost_setting *settings;
    const evalhost_feedback *feedbacks;
    uint32_t feedback_count;
    uint32_t reserved;
    evalhost_status (*create)(const evalhost_setup *setup, void **self);
    evalhost_status (*score)(void *self, const evalhost_record *row, const evalhost_sink *out);
    void (*destroy)(void *self);
    const void *(*extension)(const struct evalhost_scorer *scorer, const char *id, uint32_t revision);
} evalhost_scorer;

/*
 * What the library needs beyond computing, and why, in one line for the user. Spelled `network`; `read:PATH`,
 * `write:PATH`, `device:PATH`, with absolute paths, and all that lies below; `threads:N`, for libraries that make a
 * pool of N threads by themselves; `memory:SIZE`, in bytes or with K, M or G behind the number.
 * Asking grants nothing: `evalhost plugin trust` shows the requests with their reasons, and only the user's plugins.lock
 * grants one. Without the grant the library runs all the same, and what the sandbox forbids fails (EPERM, EACCES): be
 * ready for that, and say in create what is missing. With --isolation inprocess there is no sandbox, and nothing to
 * grant. Frozen: 32 bytes.
 */
typedef struct evalhost_permission {
    const char *permission; /* C strings, constant; this one is never null */
    const char *reason;     /* null: none is shown */
    uint64_t reserved[2];
} evalhost_permission;

/*
 * The library: constant, and valid as long as it is loaded. `problem`, when not null, says why it can't be used here
 * (a missing CPU feature, say); the host prints it, and looks at name and version only. Name and version are required;
 * author and licence (an SPDX identifier) may be null, as may `permissions`, of which there are `permission_count`.
 */
typedef struct evalhost_plugin {
    uint32_t struct_size;
    uint32_t abi_version; /* EVALHOST_ABI_VERSION */
    const char *name;
    const char *version;
    const char *author;
    const char *licence;
    const char *problem;
    const evalhost_scorer *const *scorers;
    uint32_t scorer_count;
    uint32_t reserved0;
    const evalhost_permission *permissions;
    uint32_t permission_count;
    uint32_t reserved1;
} evalhost_plugin;

/*
 * The one symbol that a plugin exports. Called once in a process, on any thread, before all else and within the load
 * deadline; it only describes, so that slow work belongs into create. What it returns is the plugin's, constant, valid as
 * long as the library is loaded, and never null: the library would be refused, as it is if the description breaks a rule of
 * this header.
 */
typedef const evalhost_plugin *(*evalhost_plugin_entry_function)(void);
#define EVALHOST_ENTRY_SYMBOL "evalhost_plugin_entry"

/*
 * The ELF note by which the host recognises a plugin before it runs a line of it: section .note.evalhost, name
 * "evalhost", type 1, and as its description the ABI version in 4 bytes. EVALHOST_PLUGIN writes it; in Swift it is
 *     @section(".note.evalhost") @used private let note: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) =
 *         (9, 4, 1, 1818326629, 1953722216, 0, 65536)
 * which ScorerKit has already (words of 32 bits only: wider ones are padded, and the note can't be read).
 */
#define EVALHOST_NOTE_NAME "evalhost"
#define EVALHOST_NOTE_TYPE 1u

#ifdef __cplusplus
}
#endif

#include <evalhost/answer.h>
#include <evalhost/declare.h>

#endif
