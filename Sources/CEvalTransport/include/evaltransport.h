/*
 * evaltransport.h: how the host and a worker of the same version talk through shared memory. Private to one version:
 * nothing here is promised to anybody, plugins never see it.
 *
 * Two mappings. ROWS is written by the host and sealed, so that the worker can only read it: the start block, one
 * ceval_slot_in for each slot, and the slots' data. RESULTS is written by the worker: its state, one ceval_slot_out for
 * each slot, and the slots' data. Whatever stands in RESULTS may have been written by a hostile library: the host copies
 * it, then checks every word.
 *
 * A slot carries one request at a time. The host fills it, adds one to `sequence` and wakes the futex there. The worker's
 * thread t serves the slots t, t + threads, t + 2 threads, … in this order, round and round; it answers each request by
 * storing the request's number in `done_sequence` and writing to the host's eventfd.
 *
 * All words that both sides touch are accessed by __atomic builtins; structs are laid out without padding.
 */
#ifndef EVALTRANSPORT_H
#define EVALTRANSPORT_H

#include <evalhost/scorer.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CEVAL_MAGIC 0x45565431u

/* The worker's descriptors. Needed libraries follow from CEVAL_FD_FIRST_NEEDED on, in the order of their strings. */
#define CEVAL_FD_CONTROL 3 /* SOCK_SEQPACKET: logs to the host; its end is the host's end */
#define CEVAL_FD_ROWS 4
#define CEVAL_FD_RESULTS 5
#define CEVAL_FD_WAKE_HOST 6 /* eventfd */
#define CEVAL_FD_LIBRARY 7   /* sealed memfd */
#define CEVAL_FD_ASSETS 8    /* O_PATH folder, where CEVAL_START_HAS_ASSETS is set */
#define CEVAL_FD_FIRST_NEEDED 9

#define CEVAL_MAX_SLOTS 64u
#define CEVAL_SLOTS_OFFSET 65536u /* of the ceval_slot_in and ceval_slot_out arrays */
#define CEVAL_DATA_OFFSET 131072u /* of slot 0's data */

/* Bits of ceval_start.flags. */
#define CEVAL_START_SECCOMP 1u     /* apply; a failure to apply is phase FAILED */
#define CEVAL_START_LANDLOCK 2u    /* apply if the kernel has it */
#define CEVAL_START_DROP 4u        /* running as root: become nobody without capabilities */
#define CEVAL_START_NETWORK 8u     /* sockets are allowed */
#define CEVAL_START_WRITES 16u     /* there are WRITE strings: opening for writing isn't trapped */
#define CEVAL_START_HAS_ASSETS 32u
#define CEVAL_START_HAS_JUDGE 64u  /* evalhost.judge is offered */
#define CEVAL_START_LIMITS 128u    /* apply rlimits */

/* Kinds of the strings that follow ceval_start. */
#define CEVAL_STRING_HOST_VERSION 1u
#define CEVAL_STRING_LIBRARY 2u /* the library's file name, for ps and messages */
#define CEVAL_STRING_NEEDED 3u  /* SONAME of a library that is loaded first */
#define CEVAL_STRING_READ 4u    /* a path that may be read, from the base list or a permission */
#define CEVAL_STRING_WRITE 5u
#define CEVAL_STRING_DEVICE 6u
#define CEVAL_STRING_MODEL 7u   /* evalhost.judge's model */
#define CEVAL_STRING_BINDING 8u /* a ceval_binding with what follows it: a function is called, no plugin is asked */

typedef struct ceval_start {
    uint32_t magic;
    uint32_t flags;
    uint32_t slot_count;
    uint32_t thread_count;
    uint64_t rows_slot_bytes;
    uint64_t results_slot_bytes;
    uint64_t memory_bytes; /* RLIMIT_DATA */
    uint64_t seed;         /* of the sheets' checks */
    uint32_t log_level;
    uint32_t parent;       /* the host's pid */
    uint32_t string_count;
    uint32_t reserved;
} ceval_start;

/* A string after ceval_start: this, the bytes, a NUL, and zeros up to a multiple of 8. */
typedef struct ceval_string {
    uint32_t kind;
    uint32_t size;
} ceval_string;

/*
 * A function that was never written for evalhost, and how its answer becomes a value. `argument_count` of ceval_argument
 * follow, then `label_count` of int64_t (the result that means each label), then the texts, each with a NUL behind it.
 * A text is named by its offset from the binding's start; 0: none.
 */
typedef struct ceval_binding {
    uint32_t argument_count;
    uint32_t label_count;
    uint32_t result;       /* CEVAL_C_… */
    uint32_t kind;         /* EVALHOST_KIND_… of the value */
    uint32_t error_when;   /* CEVAL_WHEN_…: results that are errors */
    uint32_t skip_when;    /* results that mean that the row doesn't apply */
    uint32_t true_when;    /* of a boolean */
    uint32_t library;      /* the path that the loader opens; none: CEVAL_FD_LIBRARY */
    double error_bound;
    double skip_bound;
    double true_bound;
    double scale;   /* a number is the result times this */
    double divisor; /* and divided by this: 94 / 100 is 0.94, 94 * 0.01 isn't */
    uint32_t symbol;
    uint32_t reserved;
} ceval_binding;

#define CEVAL_MAX_ARGUMENTS 16u

/* Types of C; the host writes `long` and the like as the one of these that it is on this machine. */
#define CEVAL_C_INT8 1u
#define CEVAL_C_UINT8 2u
#define CEVAL_C_INT16 3u
#define CEVAL_C_UINT16 4u
#define CEVAL_C_INT32 5u
#define CEVAL_C_UINT32 6u
#define CEVAL_C_INT64 7u
#define CEVAL_C_UINT64 8u
#define CEVAL_C_FLOAT 9u
#define CEVAL_C_DOUBLE 10u
#define CEVAL_C_BOOL 11u
#define CEVAL_C_STRING 12u /* a pointer to text that ends with a NUL and has none inside */
#define CEVAL_C_BYTES 13u  /* a pointer to bytes; another argument has their number */

#define CEVAL_WHEN_NEVER 0u
#define CEVAL_WHEN_EQUAL 1u
#define CEVAL_WHEN_DIFFERENT 2u
#define CEVAL_WHEN_LESS 3u
#define CEVAL_WHEN_LESS_OR_EQUAL 4u
#define CEVAL_WHEN_GREATER 5u
#define CEVAL_WHEN_GREATER_OR_EQUAL 6u

#define CEVAL_FROM_FIELD 1u    /* the value of `field` */
#define CEVAL_FROM_SIZE 2u     /* the bytes of the text of `field` */
#define CEVAL_FROM_CONSTANT 3u /* `integer`, `number` or `text` */

typedef struct ceval_argument {
    uint32_t type; /* CEVAL_C_… */
    uint32_t from;
    uint32_t field;
    uint32_t text;
    int64_t integer;
    double number;
    uint32_t path; /* the field as people know it, for messages */
    uint32_t reserved;
} ceval_argument;

#define CEVAL_REQUEST_DESCRIBE 1u /* answer: what ceval_describe writes */
#define CEVAL_REQUEST_CREATE 2u   /* one row: fields are the settings and then the raw JSON, id is the instance's name */
#define CEVAL_REQUEST_SCORE 3u    /* rows; answer: a sheet for each */
#define CEVAL_REQUEST_SESSION 4u  /* a row whose id is the session's, without fields, then the turns; answer: one sheet */
#define CEVAL_REQUEST_DESTROY 5u  /* of one instance; answer: nothing */
#define CEVAL_REQUEST_QUIT 6u     /* destroys this thread's instances; after the last thread's the worker exits with 0 */

/* Bits of ceval_slot_in.flags. */
#define CEVAL_REQUEST_GUARDED 1u /* the answer begins with CEVAL_GUARD_SHEETS guard sheets, to show who writes at random */
#define CEVAL_GUARD_SHEETS 4u
#define CEVAL_GUARD_ROW 0xFFFFFFFFu

typedef struct ceval_slot_in {
    uint32_t sequence; /* futex; the host adds one to publish a request */
    uint32_t kind;
    uint32_t instance; /* numbered by the host */
    uint32_t scorer;   /* CREATE: the place in the description */
    uint32_t row_count;
    uint32_t flags;
    uint64_t bytes; /* of the rows, from the start of the slot's data */
    uint32_t reply_sequence; /* futex; the host adds one when the reply to an ask is there */
    uint32_t reserved;
    uint64_t reply_offset; /* of a ceval_reply in the slot's data */
    uint64_t reserved1[2];
} ceval_slot_in;

/* Phases of a worker. */
#define CEVAL_PHASE_STARTED 1u
#define CEVAL_PHASE_SANDBOXED 2u
#define CEVAL_PHASE_LOADED 3u
#define CEVAL_PHASE_READY 4u
#define CEVAL_PHASE_FAILED 5u /* `failure` and `words` say why */

#define CEVAL_FAILURE_VERSION 1u /* host and worker are of different versions */
#define CEVAL_FAILURE_SANDBOX 2u
#define CEVAL_FAILURE_LOADER 3u /* words: dlerror's */
#define CEVAL_FAILURE_NO_ENTRY 4u
#define CEVAL_FAILURE_NULL_ENTRY 5u
#define CEVAL_FAILURE_ABI 6u    /* words: the number */
#define CEVAL_FAILURE_SYSTEM 7u /* a call that can't fail has failed; words: which, and why */
#define CEVAL_FAILURE_SYMBOL 9u  /* words: of a bound function that the library doesn't have */
#define CEVAL_FAILURE_PROBLEM 8u /* the library's own word that it can't be used: "name\nproblem" */

#define CEVAL_FAULT_STACK_OVERFLOW 1u
#define CEVAL_FAULT_NO_MEMORY 2u /* RLIMIT_DATA is reached */
#define CEVAL_MAX_FRAMES 24u

/* What the signal handler writes before it lets the signal end the process. */
typedef struct ceval_fault {
    uint32_t set; /* 1 when the rest is there */
    int32_t signal;
    int32_t code;
    uint32_t thread; /* 1 + the scoring thread; 0: another thread, or a constructor */
    uint64_t address;
    uint32_t flags;
    uint32_t frame_count;
    uint64_t frames[CEVAL_MAX_FRAMES]; /* program counters, the innermost first */
} ceval_fault;

typedef struct ceval_state {
    uint32_t magic;
    uint32_t phase;
    uint32_t failure;
    uint32_t applied;      /* bits of ceval_start.flags that are in force */
    uint32_t landlock_abi; /* 0: the kernel has none */
    uint32_t reserved;
    uint64_t library_start; /* where the library is mapped */
    uint64_t library_end;
    char words[1024];
    ceval_fault fault;
} ceval_state;

#define CEVAL_ENDED_ALL 0u     /* every row has its sheet */
#define CEVAL_ENDED_NO_ROOM 1u /* the slot is full: the host asks again for the rows that are left */

#define CEVAL_MAX_DENIED 6u

typedef struct ceval_slot_out {
    uint32_t canary; /* CEVAL_MAGIC ^ slot */
    uint32_t done_sequence;
    uint32_t rows_done;
    uint32_t current; /* 1 + the row that is being scored; 1 while CREATE, SESSION or DESTROY are at work; 0: none */
    uint32_t ended;
    uint32_t ask_sequence; /* the worker adds one when it asks the judge */
    uint64_t bytes;        /* of the answer, from the start of the slot's data */
    uint64_t ask_offset;   /* of a ceval_ask in the slot's data */
    uint64_t ask_bytes;
    uint32_t denied_count; /* calls that were refused since the row began */
    uint32_t denied[CEVAL_MAX_DENIED];
    uint32_t reserved[11];
    uint32_t end_canary; /* the same as canary */
} ceval_slot_out;

/* evalhost.judge across the boundary. Texts follow in the order of their sizes, each followed by a NUL. */
typedef struct ceval_ask {
    uint32_t message_count; /* that many pairs of sizes (role, content) follow, then the texts, the schema last */
    uint32_t sample;
    uint64_t schema_size;
} ceval_ask;

typedef struct ceval_reply {
    int32_t status;
    uint32_t from_cache;
    uint64_t reply_size;
    uint64_t model_size;
    uint64_t error_size;
    int64_t input_tokens;
    int64_t output_tokens;
    double cost_usd;
} ceval_reply;

/* A line of evalhost.log, as a packet on CEVAL_FD_CONTROL: this, then the text. */
typedef struct ceval_log_line {
    uint32_t magic;
    uint32_t level;
    uint32_t instance; /* 1 + the instance; 0: not known */
    uint32_t row;      /* 1 + the row in its batch; 0: none */
} ceval_log_line;

/* ROWS: a row is this, its fields with offsets from the row's start in place of pointers, and what they point to. */
typedef struct ceval_row {
    uint32_t bytes; /* with this head; a multiple of 8 */
    uint32_t field_count;
    evalhost_text id;
    int64_t start_ns; /* of a turn */
} ceval_row;

/* The bytes that ceval_row_write will fill; 0 if they are more than a row may have. */
uint64_t ceval_row_size(const evalhost_field *fields, uint32_t count, evalhost_text id);

/* Writes a row of that size to memory that is aligned to 8. */
void ceval_row_write(uint8_t *to, uint64_t size, const evalhost_field *fields, uint32_t count, evalhost_text id,
                     int64_t start_ns);

/* A row with pointers again; used for one row after another. Free it by ceval_view_free. */
typedef struct ceval_view {
    evalhost_record record;
    evalhost_field *fields;
    uint32_t capacity;
    uint8_t *items; /* arrays of texts and spans */
    size_t item_capacity;
} ceval_view;

/* Reads a row that the host wrote (it is trusted): fills the view's record. 0, or -1 without memory. */
int ceval_view_read(ceval_view *view, const uint8_t *row);
void ceval_view_free(ceval_view *view);

/* RESULTS: the answers to one call. A sheet is this head, its answers (each a head and its texts), and the message. */
typedef struct ceval_sheet_head {
    uint32_t bytes; /* with this head; a multiple of 8 */
    uint32_t check; /* ceval_check of all that follows this word */
    uint32_t row;
    int32_t status;
    uint32_t refusal;
    uint32_t answer_count;
    uint32_t message_bytes;
    uint32_t denied_count;
    uint32_t denied[CEVAL_MAX_DENIED];
    uint32_t reserved[2];
} ceval_sheet_head;

/* An answer: texts follow in the order of their sizes, then zeros up to a multiple of 8. -1: absent. */
typedef struct ceval_answer {
    uint32_t bytes; /* with this head; a multiple of 8 */
    uint32_t feedback;
    uint32_t kind;
    uint32_t reserved;
    int64_t integer;
    double number;
    int64_t text_size;
    int64_t rationale_size;
    int64_t metadata_size;
    int64_t span_id_size;
} ceval_answer;

#define CEVAL_REFUSED_NONE 0u
#define CEVAL_REFUSED_TOO_MANY 1u
#define CEVAL_REFUSED_TEXT_TOO_LARGE 2u
#define CEVAL_REFUSED_ROW_TOO_LARGE 3u

/* The most bytes that one sheet can have: a row begins only where that much room is left. */
#define CEVAL_SHEET_BYTES 4199056u /* a number, so that every importer reads it; sheet.c checks it */

/* Takes a plugin's answers. Its sink's address is what the plugin gets; refuses all other threads than the one that began. */
typedef struct ceval_sheet {
    evalhost_sink sink;
    uint8_t *at;
    uint64_t used;
    uint64_t text_bytes;
    uint64_t owner; /* the thread of the call under way; 0: none */
    uint32_t refusal;
    uint32_t answer_count;
    uint32_t message_bytes;
    uint32_t row;
    char message[EVALHOST_MAX_MESSAGE_BYTES];
} ceval_sheet;

void ceval_sheet_init(ceval_sheet *sheet);
/* Begins a sheet at memory that is aligned to 8 and has CEVAL_SHEET_BYTES. */
void ceval_sheet_begin(ceval_sheet *sheet, uint8_t *at, uint32_t row);
/* Ends it and returns its bytes. `denied` has `denied_count` numbers of system calls, at most CEVAL_MAX_DENIED are kept. */
uint64_t ceval_sheet_end(ceval_sheet *sheet, int32_t status, const uint32_t *denied, uint32_t denied_count,
                         uint64_t seed);
/* The check of a whole sheet that lies in memory that doesn't change. */
uint32_t ceval_sheet_check(const uint8_t *sheet, uint64_t bytes, uint64_t seed);

/*
 * Maps a file below an open folder for reading, with a NUL behind it, for as long as the process lives. -1: there is no
 * such file, its path leads out of the folder, or it is none.
 */
int ceval_asset_map(int folder, const char *path, evalhost_text *bytes);

/* The sizes of version 1.0: a library that was built against it is read no further. */
#define CEVAL_PLUGIN_BYTES 80u
#define CEVAL_SCORER_BYTES 168u

/*
 * Writes what a library says of itself, for the host to read with every bound checked. Returns the bytes, or 0 if they
 * are more than the capacity. Strings are followed up to their limit and one byte more; arrays only if their count is
 * allowed. Wild pointers in the description end the process: call it in a worker.
 */
uint64_t ceval_describe(const evalhost_plugin *plugin, uint8_t *to, uint64_t capacity);

#ifdef __cplusplus
}
#endif

#endif
