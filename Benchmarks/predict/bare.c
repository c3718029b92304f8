/* bare.c: the least that a client can do: CONNECTIONS sockets, on each one request after another, ROWS in all.
 *     bare PORT ROWS CONNECTIONS < REQUEST-BODY */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char request[1 << 16], reply[1 << 16];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    int rows = atoi(arguments[2]), connections = atoi(arguments[3]), sent = 0, answered = 0;
    static char body[1 << 15];
    size_t length = fread(body, 1, sizeof body, stdin);
    while (length && body[length - 1] == '\n') length--;
    int bytes = sprintf(request, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n\r\n%.*s", length,
                        (int)length, body);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct pollfd *polled = calloc((size_t)connections, sizeof *polled);
    for (int i = 0; i < connections; i++) {
        polled[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        polled[i].events = POLLIN;
        if (connect(polled[i].fd, (struct sockaddr *)&address, sizeof address) != 0) return perror("connect"), 1;
    }
    double start = now();
    for (int i = 0; i < connections && sent < rows; i++, sent++) write(polled[i].fd, request, (size_t)bytes);
    while (answered < rows) {
        poll(polled, (nfds_t)connections, -1);
        for (int i = 0; i < connections; i++) {
            if (!polled[i].revents) continue;
            /* Replies are small: the endpoint writes each in one piece. */
            if (read(polled[i].fd, reply, sizeof reply) <= 0) return perror("read"), 1;
            answered++;
            if (sent < rows) sent++, write(polled[i].fd, request, (size_t)bytes);
        }
    }
    printf("%.0f rows/s\n", rows / (now() - start));
    return 0;
}
