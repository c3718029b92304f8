/* bareloop.c: the least that a client of a model endpoint can do, the floor that judges are held to. So many connections,
 * on each the same request again and again, each waiting for its reply, until so many calls are done. No judge, no store.
 *
 *     bareloop PORT CALLS CONNECTIONS BODY-FILE
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REPLY = 32 << 10, REQUEST = 256 << 10, EVENTS = 512 };

static struct connection {
    int descriptor;
    size_t held;
    char reply[REPLY];
} *connections;

static char request[REQUEST];
static size_t request_size;
static long calls, sent, answered, refused;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void make_request(int port, const char *path) {
    static char body[REQUEST - 1024];
    FILE *f = fopen(path, "r");
    if (!f) fail(path);
    size_t length = fread(body, 1, sizeof body, f);
    fclose(f);
    while (length && body[length - 1] == '\n') length--;
    int head = snprintf(request, sizeof request,
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer bench\r\n"
                        "Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: %zu\r\n\r\n",
                        port, length);
    memcpy(request + head, body, length);
    request_size = (size_t)head + length;
}

static void ask(struct connection *c) {
    if (sent == calls) return;
    sent++;
    /* A request is far smaller than a socket's buffer. */
    if (send(c->descriptor, request, request_size, MSG_NOSIGNAL) != (ssize_t)request_size) fail("send");
}

/* Whether the whole reply is there. */
static bool whole(const struct connection *c) {
    const char *end = memmem(c->reply, c->held, "\r\n\r\n", 4);
    const char *length = end ? strcasestr(c->reply, "\r\ncontent-length:") : NULL;
    if (end && (!length || length > end)) fprintf(stderr, "a reply without Content-Length\n"), exit(1);
    return end && (size_t)(end - c->reply) + 4 + strtoul(length + 17, NULL, 10) <= c->held;
}

static void receive(struct connection *c) {
    ssize_t got = recv(c->descriptor, c->reply + c->held, REPLY - 1 - c->held, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) fail("the endpoint hung up");
    c->held += (size_t)got;
    c->reply[c->held] = 0;
    if (!whole(c)) return;
    refused += memcmp(c->reply, "HTTP/1.1 200", 12) != 0;
    c->held = 0;
    answered++;
    ask(c);
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "usage: bareloop PORT CALLS CONNECTIONS BODY-FILE\n"), 2;
    int port = atoi(words[1]), width = atoi(words[3]);
    calls = atol(words[2]);
    make_request(port, words[4]);
    struct rlimit files = {4096, 4096};
    setrlimit(RLIMIT_NOFILE, &files);
    connections = calloc((size_t)width, sizeof *connections);
    int poller = epoll_create1(0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < width; i++) {
        struct connection *c = &connections[i];
        c->descriptor = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(c->descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
        setsockopt(c->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, c->descriptor, &event) != 0) fail("epoll_ctl");
    }
    double start = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < width; i++) ask(&connections[i]);
    struct epoll_event events[EVENTS];
    while (answered < calls) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
    }
    double took = seconds(CLOCK_MONOTONIC) - start;
    used = seconds(CLOCK_PROCESS_CPUTIME_ID) - used;
    printf("%.0f calls/s, %.2f us of CPU a call, %ld calls in %.3f s, %ld refused\n", (double)calls / took,
           used * 1e6 / (double)calls, calls, took, refused);
    return 0;
}
