/*
 * python.c: see python.h.
 *
 * Python is a shared library (libpython3.x) whose functions have kept their form from release to release: those used here
 * are in its stable ABI, but for PyRun_SimpleString. It is started without site-packages and without the environment.
 * The compiler recurses, and counts on the 8 MiB of a main thread: it gets a thread with a stack of its own.
 */
#include "python.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { FILE_INPUT = 257, STACK_SIZE = 32 << 20 };

typedef void object; /* a PyObject */

static struct {
    int (*is_initialized)(void);
    void (*initialize)(int handles_signals);
    object *(*compile)(const char *text, const char *name, int start);
    void (*release)(object *it);
    void (*fetch)(object **type, object **value, object **trace);
    void (*normalize)(object **type, object **value, object **trace);
    void (*clear)(void);
    object *(*attribute)(object *it, const char *name);
    long (*integer)(object *it);
    const char *(*text)(object *it, ptrdiff_t *size);
    int (*run)(const char *text);
    void *(*save_thread)(void);
    int (*lock)(void);
    void (*unlock)(int state);
} python;

static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
static enum { NOT_TRIED, STARTED, ABSENT } state;

static int find_all(void *library) {
    int found = 1;
#define FIND(member, name) found = (*(void **)&python.member = dlsym(library, name)) != NULL && found
    FIND(is_initialized, "Py_IsInitialized");
    FIND(initialize, "Py_InitializeEx");
    FIND(compile, "Py_CompileString");
    FIND(release, "Py_DecRef");
    FIND(fetch, "PyErr_Fetch");
    FIND(normalize, "PyErr_NormalizeException");
    FIND(clear, "PyErr_Clear");
    FIND(attribute, "PyObject_GetAttrString");
    FIND(integer, "PyLong_AsLong");
    FIND(text, "PyUnicode_AsUTF8AndSize");
    FIND(run, "PyRun_SimpleString");
    FIND(save_thread, "PyEval_SaveThread");
    FIND(lock, "PyGILState_Ensure");
    FIND(unlock, "PyGILState_Release");
#undef FIND
    return found;
}

static int start(void) {
    static const char *const flags[] = {"Py_IsolatedFlag", "Py_NoSiteFlag", "Py_IgnoreEnvironmentFlag"};
    void *library = NULL;
    for (int minor = 14; minor >= 9 && !library; minor--) {
        char name[32];
        snprintf(name, sizeof name, "libpython3.%d.so.1.0", minor);
        library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    }
    if (!library || !find_all(library)) return 0;
    if (python.is_initialized()) return 1; /* the host's own, or another plugin's, with --isolation inprocess */
    for (int index = 0; index < 3; index++) {
        int *flag = (int *)dlsym(library, flags[index]);
        if (flag) *flag = 1;
    }
    python.initialize(0);
    python.run("import warnings\nwarnings.simplefilter('ignore')\n");
    python.save_thread();
    return 1;
}

int python_start(void) {
    int is_there;
    pthread_mutex_lock(&starting);
    if (state == NOT_TRIED) state = start() ? STARTED : ABSENT;
    is_there = state == STARTED;
    pthread_mutex_unlock(&starting);
    return is_there;
}

typedef struct task {
    const char *code;
    char *problem;
    long line;
    python_answer answer;
} task;

/* A text attribute, as the beginning of the problem. */
static int copy_attribute(object *of, const char *name, char problem[PYTHON_PROBLEM_ROOM]) {
    object *it = of ? python.attribute(of, name) : NULL;
    ptrdiff_t size = 0;
    const char *text = it ? python.text(it, &size) : NULL;
    if (text) {
        if (size >= PYTHON_PROBLEM_ROOM) {
            size = PYTHON_PROBLEM_ROOM - 1;
            while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80) size--;
        }
        memcpy(problem, text, (size_t)size);
        problem[size] = 0;
    }
    python.clear();
    if (it) python.release(it);
    return text != NULL;
}

static void explain(task *it) {
    object *type = NULL, *value = NULL, *trace = NULL, *line;
    python.fetch(&type, &value, &trace);
    python.normalize(&type, &value, &trace);
    if (!copy_attribute(value, "msg", it->problem) && !copy_attribute(type, "__name__", it->problem))
        strcpy(it->problem, "no reason given");
    line = value ? python.attribute(value, "lineno") : NULL;
    it->line = line ? python.integer(line) : 0;
    if (it->line < 0) it->line = 0;
    python.clear();
    if (line) python.release(line);
    if (type) python.release(type);
    if (value) python.release(value);
    if (trace) python.release(trace);
}

static void *compile(void *context) {
    task *it = (task *)context;
    int locked = python.lock();
    object *code = python.compile(it->code, "answer", FILE_INPUT);
    it->answer = code ? PYTHON_COMPILES : PYTHON_FAILS;
    if (code) python.release(code);
    else explain(it);
    python.unlock(locked);
    return NULL;
}

python_answer python_compile(const char *text, size_t size, char problem[PYTHON_PROBLEM_ROOM], long *line) {
    task it = {text, problem, 0, PYTHON_UNKNOWN};
    pthread_attr_t attributes;
    pthread_t thread;
    *line = 0;
    problem[0] = 0;
    if (memchr(text, 0, size)) {
        strcpy(problem, "it has a NUL character");
        return PYTHON_FAILS;
    }
    if (!python_start() || pthread_attr_init(&attributes) != 0) return PYTHON_UNKNOWN;
    if (pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0 && pthread_create(&thread, &attributes, compile, &it) == 0)
        pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    *line = it.line;
    return it.answer;
}
