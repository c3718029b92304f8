/* host.c: the extensions that a plugin may ask for, and the log. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "worker.h"

/* Where a line is cut: before a character that wouldn't fit whole. */
static size_t cut(const char *text, uint64_t size) {
    if (size <= EVALHOST_MAX_MESSAGE_BYTES) return (size_t)size;
    size_t at = EVALHOST_MAX_MESSAGE_BYTES;
    while (at > EVALHOST_MAX_MESSAGE_BYTES - 4 && ((uint8_t)text[at] & 0xC0u) == 0x80u) at--;
    return at;
}

/* One packet, never waiting: where the host doesn't keep up, lines are lost. The host replaces what isn't UTF-8. */
static void write_line(const evalhost_host *host, const evalhost_record *row, uint32_t level, evalhost_text line) {
    struct {
        ceval_log_line head;
        char text[EVALHOST_MAX_MESSAGE_BYTES];
    } packet;
    if (!line.data || line.size == 0 || level < the_worker.start.log_level || level > EVALHOST_LOG_ERROR) return;
    const instance *from = host ? host->opaque : NULL;
    const lane *it = this_lane;
    packet.head.magic = CEVAL_MAGIC;
    packet.head.level = level;
    packet.head.instance = from ? 1 + from->number : 0;
    packet.head.row = row && it && row->host == it ? it->current : 0;
    size_t size = cut(line.data, line.size);
    for (size_t i = 0; i < size; i++) {
        char byte = line.data[i];
        packet.text[i] = (uint8_t)byte < 0x20 || byte == 0x7F ? ' ' : byte;
    }
    int before = errno;
    (void)send(CEVAL_FD_CONTROL, &packet, sizeof packet.head + size, MSG_DONTWAIT | MSG_NOSIGNAL);
    errno = before;
}

static evalhost_log log_table = {(uint32_t)sizeof(evalhost_log), 0, write_line};

void host_prepare(void) {
    log_table.minimum_level = the_worker.start.log_level;
    if (the_worker.model) judge_table.model = evalhost_text_of(the_worker.model);
}

const void *host_extension(const evalhost_host *host, const char *id, uint32_t revision) {
    if (!host || !id) return NULL;
    const instance *it = host->opaque;
    if (strcmp(id, EVALHOST_EXT_LOG) == 0 && revision == EVALHOST_EXT_LOG_REVISION) return &log_table;
    if (strcmp(id, EVALHOST_EXT_ASSETS) == 0 && revision == EVALHOST_EXT_ASSETS_REVISION) return &assets_table;
    if (strcmp(id, EVALHOST_EXT_JUDGE) == 0 && revision == EVALHOST_EXT_JUDGE_REVISION) {
        int is_offered = (the_worker.start.flags & CEVAL_START_HAS_JUDGE) && (it->flags & EVALHOST_CALLS_JUDGE);
        return is_offered ? &judge_table : NULL;
    }
    return NULL;
}
