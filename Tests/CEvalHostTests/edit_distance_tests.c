/* The bit-parallel distance against the plain matrix, on random texts of all lengths around the block's edges. */
#include <distance.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 0x9e3779b97f4a7c15u;
static uint32_t random_below(uint32_t bound) { /* xorshift64*: the same texts in every run */
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 33) % bound;
}

static size_t plain(const uint32_t *a, size_t m, const uint32_t *b, size_t n) {
    size_t *row = (size_t *)malloc((n + 1) * sizeof *row), result;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    result = row[n];
    free(row);
    return result;
}

static void check(size_t got, size_t expected, const char *what) {
    if (got == expected) return;
    fprintf(stderr, "edit_distance_tests: %s: got %zu, expected %zu\n", what, got, expected);
    exit(1);
}

/* Scalars of a small alphabet, so that texts have much in common: ASCII, NUL, and others that collide in the hash. */
static uint32_t random_scalar(uint32_t alphabet) {
    uint32_t letter = random_below(alphabet);
    return letter % 3 == 0 ? letter : letter % 3 == 1 ? 0x4e00 + letter * 128 : 0x1f600 + letter;
}

int main(void) {
    static const size_t edges[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 200, 300};
    enum { EDGES = sizeof edges / sizeof edges[0], LONGEST = 400 };
    distance_memory memory;
    uint32_t a[LONGEST], b[LONGEST];
    int pairs = 0;

    memset(&memory, 0, sizeof memory);
    for (int round = 0; round < 20; round++)
        for (size_t left = 0; left < EDGES; left++)
            for (size_t right = 0; right < EDGES; right++) {
                uint32_t alphabet = 1 + random_below(round % 2 ? 4 : 300);
                size_t m = edges[left] + random_below(3), n = edges[right] + random_below(3);
                for (size_t i = 0; i < m; i++) a[i] = random_scalar(alphabet);
                for (size_t j = 0; j < n; j++) b[j] = random_below(4) ? (j < m ? a[j] : 7) : random_scalar(alphabet);
                check(distance_of(a, m, b, n, &memory), plain(a, m, b, n), "random texts");
                pairs++;
            }

    /* Decoding: one scalar of each length, a NUL within, and every length cut short without reading beyond. */
    {
        const char text[] = "a\0\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80";
        char *copy;
        check(distance_decode(text, sizeof text - 1, &memory.left, &memory.left_capacity), 5, "scalars");
        check(memory.left[2], 0xe9, "two bytes");
        check(memory.left[3], 0x4e2d, "three bytes");
        check(memory.left[4], 0x1f600, "four bytes");
        for (size_t size = 0; size < sizeof text; size++) {
            copy = (char *)malloc(size + 1); /* exact, so that the sanitizer sees a byte too many */
            copy = (char *)realloc(copy, size ? size : 1);
            memcpy(copy, text, size);
            (void)distance_decode(copy, size, &memory.left, &memory.left_capacity);
            free(copy);
        }
    }
    distance_free(&memory);
    printf("edit_distance_tests: %d pairs of random texts agree with the plain matrix\n", pairs);
    return 0;
}
