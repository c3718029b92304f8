/* smashed_frames.c: overwrites the stack above itself, then crashes: whoever walks the frames reads rubbish. */
#include "hostile.h"

HOSTILE_FRAME void smash(void) {
    volatile uintptr_t *frame = (volatile uintptr_t *)__builtin_frame_address(0);
    volatile int *volatile nowhere = NULL;
    for (int word = 0; word < 64; word++) frame[word] = (uintptr_t)frame + (uintptr_t)word;
    *nowhere = 1;
}
HOSTILE_MISDEED(smashed_frames, smash)
