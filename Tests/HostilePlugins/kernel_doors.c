/* kernel_doors.c: knocks at rarer doors of the kernel, with arguments that can do no harm; answers how many opened. */
#include "hostile.h"

#include <sys/syscall.h>

static int opens(long number) {
    long result = syscall(number, -1L, NULL, 0L, NULL, 0L, 0L);
    if (result >= 0) return 1;
    return errno != EPERM && errno != EACCES && errno != ENOSYS;
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    static const long doors[] = {
        SYS_io_uring_setup, SYS_bpf,     SYS_perf_event_open, SYS_add_key,           SYS_keyctl,
        SYS_mount,          SYS_setns,   SYS_init_module,     SYS_process_vm_writev, SYS_acct,
        SYS_swapon,         SYS_reboot,  SYS_kexec_load,      SYS_open_by_handle_at, SYS_syslog,
    };
    int opened = 0;
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    for (size_t door = 0; door < sizeof doors / sizeof *doors; door++) opened += opens(doors[door]);
    return evalhost_number(out, opened);
}
HOSTILE(kernel_doors, .score = score)
