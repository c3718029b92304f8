/* endpoint.c: a model endpoint that costs next to nothing, so that what is measured is its client. One thread and epoll;
 * every request is answered after the same latency with the same message, which is a verdict of "yes".
 *
 *     endpoint [--port N] [--latency MS] [--faults 429=0.10,500=0.05,json=0.05,hang=0.01] [--seed N]
 *              [--retry-after S] [--message FILE] [--when WORDS FILE]...
 *
 * It prints its port. SIGTERM ends it with its counters on standard output; SIGUSR1 prints them and counts anew.
 * --message is the JSON of the message to answer with, --when that for requests in which the words occur; the last that fits
 * is taken.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 4096, EVENTS = 512, LARGEST = 4 << 20, MESSAGES = 16, WRITABLE = 16 << 10 };
enum fault { NONE, TOO_MANY, FAILED, BROKEN, HANG, FAULTS };

static const char *const fault_names[FAULTS] = {"ok", "429", "500", "json", "hang"};
static const char verdict[] =
    "{\"role\":\"assistant\",\"refusal\":null,\"content\":\"{\\\"rationale\\\":\\\"Each statement of the answer was compared "
    "with what was expected, and none of them says anything else.\\\",\\\"result\\\":\\\"yes\\\"}\"}";
static const char broken[] =
    "{\"role\":\"assistant\",\"refusal\":null,\"content\":\"{\\\"rationale\\\":\\\"Each statement of the answer was comp\"}";

/* A client: what it sent and wasn't answered yet. The descriptor is the index. */
static struct connection {
    char *bytes;
    size_t held, room;
    uint32_t generation; /* Which of the connections with this descriptor it is. */
    bool open, asked;
} connections[CONNECTIONS];

/* Replies that are due, in the order of their requests: all wait equally long. One for each connection at most, and those
 * of connections that were closed. */
static struct due {
    int64_t at;
    int descriptor;
    uint32_t generation;
    enum fault fault;
    int message;
} *queue;
static size_t queue_first, queue_count, queue_room = 1024;

static struct { const char *words; char *text; } messages[MESSAGES];
static int message_count, poller;
static double shares[FAULTS];
static uint64_t chance = 1, calls, counts[FAULTS];
static int64_t latency = 50 * 1000000, in_flight, most_in_flight;
static const char *retry_after;
static double cpu_before;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static double cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *file(const char *path) {
    FILE *f = fopen(path, "r");
    if (!f) fail(path);
    char *text = calloc(1, WRITABLE);
    if (!text) fail("memory");
    size_t length = fread(text, 1, WRITABLE - 4096, f);
    while (length && (text[length - 1] == '\n' || text[length - 1] == ' ')) text[--length] = 0;
    fclose(f);
    if (!length) fprintf(stderr, "%s: nothing in it\n", path), exit(2);
    return text;
}

static void close_connection(int descriptor) {
    struct connection *c = &connections[descriptor];
    if (c->asked) in_flight--;
    c->open = c->asked = false;
    c->held = 0;
    c->generation++;
    close(descriptor);
}

static void accept_all(int listener) {
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (descriptor < 0) return;
        if (descriptor >= CONNECTIONS) {
            close(descriptor);
            continue;
        }
        int one = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connections[descriptor].open = true;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
    }
}

static enum fault drawn(void) {
    chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
    double number = (double)(chance >> 11) / 9007199254740992.0;
    for (int fault = TOO_MANY; fault < FAULTS; fault++) {
        number -= shares[fault];
        if (number < 0) return (enum fault)fault;
    }
    return NONE;
}

/* The length of the first request in the buffer, 0 while a part of it is missing, -1 where it is none; `body` is where its
 * body begins. */
static ssize_t request_length(const struct connection *c, size_t *body) {
    const char *end = memmem(c->bytes, c->held, "\r\n\r\n", 4);
    if (!end) return c->held < (64 << 10) ? 0 : -1;
    *body = (size_t)(end - c->bytes) + 4;
    size_t length = 0;
    for (const char *line = c->bytes; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end + 2 - line));
        if (!next) break;
        line = next + 1;
        if (end - line > 15 && strncasecmp(line, "content-length:", 15) == 0) length = strtoul(line + 15, NULL, 10);
        if (end - line > 18 && strncasecmp(line, "transfer-encoding:", 18) == 0) return -1;
    }
    if (length > LARGEST) return -1;
    return *body + length <= c->held ? (ssize_t)(*body + length) : 0;
}

static void enqueue(struct due due) {
    if (queue_count == queue_room) {
        struct due *larger = malloc(2 * queue_room * sizeof *larger);
        if (!larger) fail("memory");
        for (size_t i = 0; i < queue_count; i++) larger[i] = queue[(queue_first + i) % queue_room];
        free(queue);
        queue = larger, queue_first = 0, queue_room *= 2;
    }
    queue[(queue_first + queue_count++) % queue_room] = due;
}

/* Takes the request that is whole, if one is: a client has one reply under way at a time. */
static bool take(int descriptor, int64_t time) {
    struct connection *c = &connections[descriptor];
    size_t body = 0;
    ssize_t length = c->asked || !c->held ? 0 : request_length(c, &body);
    if (length <= 0) return length == 0;
    int message = message_count - 1;
    while (message && !memmem(c->bytes + body, (size_t)length - body, messages[message].words, strlen(messages[message].words)))
        message--;
    c->held -= (size_t)length;
    memmove(c->bytes, c->bytes + length, c->held);
    c->asked = true;
    calls++;
    if (++in_flight > most_in_flight) most_in_flight = in_flight;
    enum fault fault = drawn();
    counts[fault]++;
    if (fault != HANG)
        enqueue((struct due){.at = time + latency, .descriptor = descriptor, .generation = c->generation, .fault = fault,
                             .message = message});
    return true;
}

static void receive(int descriptor, int64_t time) {
    struct connection *c = &connections[descriptor];
    for (;;) {
        if (c->room - c->held < 4096) {
            c->room = c->room ? c->room * 2 : 16 << 10;
            if (c->room > 2 * LARGEST || !(c->bytes = realloc(c->bytes, c->room))) fail("a request is too large");
        }
        size_t asked = c->room - c->held;
        ssize_t got = recv(descriptor, c->bytes + c->held, asked, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            close_connection(descriptor);
            return;
        }
        if (got > 0) c->held += (size_t)got;
        if (got < (ssize_t)asked) break;
    }
    if (!take(descriptor, time)) close_connection(descriptor);
}

static void answer(const struct due *due, int64_t time) {
    struct connection *c = &connections[due->descriptor];
    if (!c->open || c->generation != due->generation) return;
    static char body[WRITABLE], reply[2 * WRITABLE];
    static uint64_t number;
    int length, status = due->fault == TOO_MANY ? 429 : due->fault == FAILED ? 500 : 200;
    if (status == 200) {
        length = snprintf(
            body, sizeof body,
            "{\"id\":\"chatcmpl-%" PRIu64 "\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"bench\","
            "\"choices\":[{\"index\":0,\"message\":%s,\"logprobs\":null,\"finish_reason\":\"%s\"}],"
            "\"usage\":{\"prompt_tokens\":600,\"completion_tokens\":40,\"total_tokens\":640}}",
            ++number, due->fault == BROKEN ? broken : messages[due->message].text,
            strstr(messages[due->message].text, "\"tool_calls\"") ? "tool_calls" : "stop");
    } else {
        length = snprintf(body, sizeof body, "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":null}}",
                          status == 429 ? "Rate limit reached" : "The server had an error",
                          status == 429 ? "requests" : "server_error");
    }
    int bytes = snprintf(reply, sizeof reply, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%s%s%sContent-Length: %d\r\n\r\n%s",
                         status, status == 200 ? "OK" : status == 429 ? "Too Many Requests" : "Internal Server Error",
                         status == 429 && retry_after ? "Retry-After: " : "", status == 429 && retry_after ? retry_after : "",
                         status == 429 && retry_after ? "\r\n" : "", length, body);
    c->asked = false;
    in_flight--;
    /* A reply is far smaller than a socket's buffer: what doesn't fit belongs to a client that doesn't read. */
    bool sent = send(due->descriptor, reply, (size_t)bytes, MSG_NOSIGNAL) == bytes;
    if (!sent || !take(due->descriptor, time)) close_connection(due->descriptor);
}

static void report(void) {
    double used = cpu() - cpu_before;
    printf("calls %" PRIu64 ", most in flight %" PRId64 ", CPU %.3f s, %.2f us a call;", calls, most_in_flight, used,
           calls ? used * 1e6 / (double)calls : 0);
    for (int fault = 0; fault < FAULTS; fault++) printf(" %s %" PRIu64, fault_names[fault], counts[fault]);
    printf("\n");
    fflush(stdout);
    calls = 0, most_in_flight = in_flight, cpu_before = cpu();
    memset(counts, 0, sizeof counts);
}

static void read_faults(char *text) {
    for (char *part = strtok(text, ","); part; part = strtok(NULL, ",")) {
        char *equals = strchr(part, '=');
        if (equals) *equals = 0;
        int fault = TOO_MANY;
        while (fault < FAULTS && strcmp(part, fault_names[fault]) != 0) fault++;
        if (fault == FAULTS || !equals) fprintf(stderr, "there is no fault '%s'\n", part), exit(2);
        shares[fault] = atof(equals + 1);
    }
}

static int port_of(int count, char **words) {
    int port = 0;
    messages[message_count++].text = strdup(verdict);
    for (int i = 1; i < count; i++) {
        const char *option = words[i];
        int taken = strcmp(option, "--when") == 0 ? 2 : 1;
        if (i + taken >= count) fprintf(stderr, "%s needs a value\n", option), exit(2);
        char *value = words[i + 1];
        i += taken;
        if (!strcmp(option, "--port")) port = atoi(value);
        else if (!strcmp(option, "--latency")) latency = (int64_t)(atof(value) * 1e6);
        else if (!strcmp(option, "--faults")) read_faults(value);
        else if (!strcmp(option, "--seed")) chance = strtoull(value, NULL, 10) * 0x9E3779B97F4A7C15u | 1;
        else if (!strcmp(option, "--retry-after")) retry_after = value;
        else if (!strcmp(option, "--message")) messages[0].text = file(value);
        else if (!strcmp(option, "--when") && message_count < MESSAGES) {
            messages[message_count].words = value;
            messages[message_count++].text = file(words[i]);
        } else fprintf(stderr, "what is %s?\n", option), exit(2);
    }
    return port;
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, CONNECTIONS) != 0) fail("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) fail("getsockname");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int count, char **words) {
    int port = port_of(count, words);
    struct rlimit files = {CONNECTIONS, CONNECTIONS};
    if (setrlimit(RLIMIT_NOFILE, &files) != 0) fail("this many connections");
    if (!(queue = malloc(queue_room * sizeof *queue))) fail("memory");
    sigset_t signals;
    sigemptyset(&signals), sigaddset(&signals, SIGTERM), sigaddset(&signals, SIGINT), sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int signalled = signalfd(-1, &signals, SFD_NONBLOCK), listener = listen_on(port);
    poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    event.data.fd = signalled;
    epoll_ctl(poller, EPOLL_CTL_ADD, signalled, &event);
    for (;;) {
        int64_t wait = queue_count ? queue[queue_first].at - now() : -1;
        struct timespec most = {.tv_sec = wait > 0 ? wait / 1000000000 : 0, .tv_nsec = wait > 0 ? wait % 1000000000 : 0};
        int ready = epoll_pwait2(poller, events, EVENTS, queue_count ? &most : NULL, NULL);
        if (ready < 0 && errno != EINTR) fail("epoll_pwait2");
        int64_t time = now();
        for (int i = 0; i < ready; i++) {
            int descriptor = events[i].data.fd;
            if (descriptor == listener) accept_all(listener);
            else if (descriptor == signalled) {
                struct signalfd_siginfo info;
                if (read(signalled, &info, sizeof info) != sizeof info) continue;
                report();
                if (info.ssi_signo != SIGUSR1) return 0;
            } else if (connections[descriptor].open) receive(descriptor, time);
        }
        while (queue_count && queue[queue_first].at <= time) {
            struct due due = queue[queue_first];
            queue_first = (queue_first + 1) % queue_room, queue_count--;
            answer(&due, time);
        }
    }
}
