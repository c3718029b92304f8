/* floor.c: an application that costs nothing: each request's id with its question as the outputs, by copying bytes.
 * What remains is the predictor and the pipes. It knows the benchmark's requests and no others. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char in[1 << 20], out[2 << 20];

int main(void) {
    static const char mark[] = "\"inputs\":{\"question\":";
    size_t have = 0;
    for (;;) {
        ssize_t got = read(0, in + have, sizeof in - have - 1);
        if (got <= 0) return 0;
        have += (size_t)got;
        in[have] = 0;
        char *line = in, *to = out, *end;
        while ((end = memchr(line, '\n', (size_t)(in + have - line)))) {
            char *question = strstr(line, mark) + sizeof mark - 1;
            char *close = memchr(question, '}', (size_t)(end - question));
            memcpy(to, line, 40); /* {"id":"32 digits" */
            to += 40;
            to += sprintf(to, ",\"outputs\":%.*s}\n", (int)(close - question), question);
            line = end + 1;
        }
        for (char *from = out; from < to;) from += write(1, from, (size_t)(to - from));
        have = (size_t)(in + have - line);
        memmove(in, line, have);
    }
}
