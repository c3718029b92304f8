/* load.c: maps the libraries from their sealed copies, and asks the plugin for its description. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>

#include "worker.h"

#define MAX_NEEDED 48

/* Of the library, as the loader names it. */
static char path[4096];

static void *open_descriptor(int descriptor, char name[32]) {
    snprintf(name, 32, "/proc/self/fd/%d", descriptor);
    return dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

/* What the loader says, without its name for the library, which means nothing to people. */
static const char *loader_words(const char *name) {
    const char *words = dlerror();
    size_t length = strlen(name);
    if (!words) return "no reason given";
    if (strncmp(words, name, length) == 0 && strncmp(words + length, ": ", 2) == 0) return words + length + 2;
    return words;
}

static int note_range(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size;
    (void)unused;
    if (!info->dlpi_name || strcmp(info->dlpi_name, path) != 0) return 0;
    uint64_t end = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && segment->p_vaddr + segment->p_memsz > end) {
            end = segment->p_vaddr + segment->p_memsz;
        }
    }
    the_worker.state->library_start = info->dlpi_addr;
    the_worker.state->library_end = info->dlpi_addr + end;
    return 1;
}

void load_find(void) {
    if (path[0]) dl_iterate_phdr(note_range, NULL);
}

/* Libraries that lay beside the plugin. One may need another, in any order: what fails is tried again later. */
static void load_needed(void) {
    const char *needed[MAX_NEEDED];
    char name[32];
    int count = 0, has_progress;
    for (const char *at = worker_string(CEVAL_STRING_NEEDED, NULL); at && count < MAX_NEEDED;
         at = worker_string(CEVAL_STRING_NEEDED, at)) {
        needed[count++] = at;
    }
    do {
        has_progress = 0;
        for (int i = 0; i < count; i++) {
            if (!needed[i] || !open_descriptor(CEVAL_FD_FIRST_NEEDED + i, name)) continue;
            needed[i] = NULL;
            has_progress = 1;
        }
    } while (has_progress);
    for (int i = 0; i < count; i++) {
        if (!needed[i] || open_descriptor(CEVAL_FD_FIRST_NEEDED + i, name)) continue;
        worker_fail(CEVAL_FAILURE_LOADER, "%s: %s", needed[i], loader_words(name));
    }
}

/* From 1.0 on every older minor is accepted; before, nothing is promised. */
static int is_abi_accepted(uint32_t version) {
    uint32_t major = version >> 16, minor = version & 0xFFFFu;
    if (major != EVALHOST_VERSION_MAJOR) return 0;
    return major >= 1 ? minor <= EVALHOST_VERSION_MINOR : minor == EVALHOST_VERSION_MINOR;
}

void *load_open(const char *file) {
    struct link_map *map;
    snprintf(path, sizeof path, "/proc/self/fd/%d", CEVAL_FD_LIBRARY);
    if (file) snprintf(path, sizeof path, "%s", file);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle) worker_fail(CEVAL_FAILURE_LOADER, "%s", loader_words(path));
    /* One that was mapped before may have another name: libc by its link, for instance. */
    if (file && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0) snprintf(path, sizeof path, "%s", map->l_name);
    load_find();
    return handle;
}

void load_library(void) {
    const ceval_binding *binding =
        (const ceval_binding *)(const void *)worker_string(CEVAL_STRING_BINDING, NULL);
    load_needed();
    if (binding) {
        void *library = load_open(binding->library ? (const char *)binding + binding->library : NULL);
        worker_phase(CEVAL_PHASE_LOADED);
        the_worker.plugin = binding_make(binding, library);
        return;
    }
    void *handle = load_open(NULL);
    evalhost_plugin_entry_function entry;
    *(void **)(&entry) = dlsym(handle, EVALHOST_ENTRY_SYMBOL);
    if (!entry) worker_fail(CEVAL_FAILURE_NO_ENTRY, "%s", EVALHOST_ENTRY_SYMBOL);
    worker_phase(CEVAL_PHASE_LOADED);
    const evalhost_plugin *plugin = entry();
    if (!plugin) worker_fail(CEVAL_FAILURE_NULL_ENTRY, "%s", EVALHOST_ENTRY_SYMBOL);
    if (!is_abi_accepted(plugin->abi_version)) worker_fail(CEVAL_FAILURE_ABI, "%u", plugin->abi_version);
    if (plugin->struct_size >= offsetof(evalhost_plugin, problem) + sizeof plugin->problem && plugin->problem) {
        worker_fail(CEVAL_FAILURE_PROBLEM, "%.64s\n%.900s", plugin->name ? plugin->name : "", plugin->problem);
    }
    the_worker.plugin = plugin;
}
