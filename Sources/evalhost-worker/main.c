/* main.c: evalhost-worker, the process in which evalhost loads a plugin. Started by evalhost, never by hand. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "version.h"
#include "worker.h"

worker the_worker;

const char *worker_string(uint32_t kind, const char *last) {
    const uint8_t *at = the_worker.rows + sizeof(ceval_start);
    const uint8_t *end = the_worker.rows + CEVAL_SLOTS_OFFSET;
    int found = last == NULL;
    for (uint32_t i = 0; i < the_worker.start.string_count; i++) {
        const ceval_string *string = (const ceval_string *)(const void *)at;
        if (at + sizeof *string >= end || string->size >= (uint64_t)(end - at) - sizeof *string) return NULL;
        const char *text = (const char *)(string + 1);
        if (found && string->kind == kind) return text;
        if (text == last) found = 1;
        at += (sizeof *string + string->size + 1 + 7) & ~(size_t)7;
    }
    return NULL;
}

void worker_wake_host(void) {
    uint64_t one = 1;
    ssize_t written;
    do written = write(CEVAL_FD_WAKE_HOST, &one, sizeof one);
    while (written < 0 && errno == EINTR);
    if (written < 0 && errno != EAGAIN) _exit(WORKER_EXIT_MUTE);
}

void worker_phase(uint32_t phase) {
    __atomic_store_n(&the_worker.state->phase, phase, __ATOMIC_RELEASE);
    worker_wake_host();
}

void worker_fail(uint32_t failure, const char *format, ...) {
    ceval_state *state = the_worker.state;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(state->words, sizeof state->words, format, arguments);
    va_end(arguments);
    state->failure = failure;
    worker_phase(CEVAL_PHASE_FAILED);
    _exit(1);
}

static uint64_t size_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

/* Maps both sides and reads the start block. The words of the failure need RESULTS only, whatever ROWS may say. */
static void attach(const char *host_version) {
    uint64_t rows_bytes = size_of(CEVAL_FD_ROWS), results_bytes = size_of(CEVAL_FD_RESULTS);
    void *results = mmap(NULL, results_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, CEVAL_FD_RESULTS, 0);
    void *rows = mmap(NULL, rows_bytes, PROT_READ, MAP_SHARED, CEVAL_FD_ROWS, 0);
    if (results == MAP_FAILED || rows == MAP_FAILED) _exit(WORKER_EXIT_MUTE);
    the_worker.rows = rows;
    the_worker.results = results;
    the_worker.state = results;
    the_worker.pid = getpid();
    the_worker.state->magic = CEVAL_MAGIC;
    if (strcmp(host_version, CEVAL_VERSION) != 0) {
        worker_fail(CEVAL_FAILURE_VERSION, "worker %s, host %s", CEVAL_VERSION, host_version);
    }
    the_worker.start = *(const ceval_start *)rows;
    const ceval_start *start = &the_worker.start;
    if (start->magic != CEVAL_MAGIC) worker_fail(CEVAL_FAILURE_VERSION, "its start block has another layout");
    if (start->slot_count == 0 || start->slot_count > CEVAL_MAX_SLOTS || start->thread_count == 0 ||
        start->thread_count > start->slot_count || start->results_slot_bytes < 2 * CEVAL_SHEET_BYTES ||
        rows_bytes < CEVAL_DATA_OFFSET + start->slot_count * start->rows_slot_bytes ||
        results_bytes < CEVAL_DATA_OFFSET + start->slot_count * start->results_slot_bytes) {
        worker_fail(CEVAL_FAILURE_SYSTEM, "the host's start block makes no sense");
    }
    the_worker.host_version = worker_string(CEVAL_STRING_HOST_VERSION, NULL);
    the_worker.library = worker_string(CEVAL_STRING_LIBRARY, NULL);
    the_worker.model = worker_string(CEVAL_STRING_MODEL, NULL);
    if (!the_worker.host_version) the_worker.host_version = CEVAL_VERSION;
    if (!the_worker.library) the_worker.library = "library";
    for (uint32_t slot = 0; slot < start->slot_count; slot++) {
        slot_out(slot)->canary = slot_out(slot)->end_canary = CEVAL_MAGIC ^ slot;
    }
}

/* Ends the worker with its host, should PDEATHSIG not do it. The host never sends anything. */
static void *watch(void *unused) {
    char byte;
    (void)unused;
    for (;;) {
        ssize_t count = recv(CEVAL_FD_CONTROL, &byte, sizeof byte, 0);
        if (count == 0 || (count < 0 && errno != EINTR)) _exit(WORKER_EXIT_MUTE);
    }
    return NULL;
}

static void start_watching(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    /* No signal of the plugin's is ever handled on this thread. SIGSYS stays: a refused call must find its handler. */
    sigfillset(&all);
    sigdelset(&all, SIGSYS);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attributes, watch, NULL);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) worker_fail(CEVAL_FAILURE_SYSTEM, "pthread_create: %s", strerror(error));
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts(CEVAL_VERSION);
        return 0;
    }
    if (argc != 3 || size_of(CEVAL_FD_ROWS) < CEVAL_DATA_OFFSET || size_of(CEVAL_FD_RESULTS) < CEVAL_DATA_OFFSET ||
        fcntl(CEVAL_FD_WAKE_HOST, F_GETFD) < 0 || fcntl(CEVAL_FD_CONTROL, F_GETFD) < 0) {
        fputs("evalhost-worker: evalhost starts this program to run a plugin in; there is nothing to do with it by hand\n",
              stderr);
        return 2;
    }
    attach(argv[2]);
    worker_phase(CEVAL_PHASE_STARTED);
    /* Lines of the plugin reach the host's log before a crash. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    faults_install();
    sandbox_apply();
    start_watching();
    worker_phase(CEVAL_PHASE_SANDBOXED);
    host_prepare();
    load_library();
    serve_start();
    worker_phase(CEVAL_PHASE_READY);
    serve_wait();
    fflush(NULL);
    _exit(0);
}
