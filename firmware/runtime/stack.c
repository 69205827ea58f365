#include "stack.h"

#include "board.h"

#define PAINT 0x5AC3E1B7u
/* Left alone: what this function itself may have below `here`. Interrupts are not on yet. */
#define MARGIN_WORDS 16u

__attribute__((noinline)) void stack_paint(void) {
    volatile uint32_t here = 0;
    uint32_t *end = (uint32_t *)((uintptr_t)&here & ~(uintptr_t)3u) - MARGIN_WORDS;
    for (volatile uint32_t *word = board_stack_low; (uintptr_t)word < (uintptr_t)end; word++) {
        *word = PAINT;
    }
}

uint32_t stack_peak(void) {
    const volatile uint32_t *word = board_stack_low;
    while ((uintptr_t)word < (uintptr_t)board_stack_high && *word == PAINT) {
        word++;
    }
    return (uint32_t)((uintptr_t)board_stack_high - (uintptr_t)word);
}

uint32_t stack_size(void) {
    return (uint32_t)((uintptr_t)board_stack_high - (uintptr_t)board_stack_low);
}
