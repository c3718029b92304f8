/* socket_connect.c: connects to a port of this machine. Refused by nobody there means that the socket got through. */
#include "hostile.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

HOSTILE_FRAME int call_home(void) {
    struct sockaddr_in address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (descriptor < 0) return -1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0 && errno != ECONNREFUSED) {
        close(descriptor);
        return -1;
    }
    close(descriptor);
    return 0;
}
HOSTILE_ATTEMPT(socket_connect, call_home)
