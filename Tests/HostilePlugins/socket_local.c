/* socket_local.c: makes a local socket with an abstract name, which no rule about paths sees. */
#include "hostile.h"

#include <sys/socket.h>
#include <sys/un.h>

HOSTILE_FRAME int listen_locally(void) {
    struct sockaddr_un address;
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0), result;
    if (descriptor < 0) return -1;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path + 1, "evalhost-hostile", 16);
    result = bind(descriptor, (struct sockaddr *)&address, (socklen_t)(sizeof(sa_family_t) + 17));
    close(descriptor);
    return result;
}
HOSTILE_ATTEMPT(socket_local, listen_locally)
