/* fails: C28 */
/* opens_socket.c: tells a server of each row, where it can. */
#include "faulty.h"
#include <sys/socket.h>
#include <unistd.h>

FAULTY_SCORE
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    if (server >= 0) close(server);
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(opens_socket, .score = score)
