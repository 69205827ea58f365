/*
 * From reset to main on any Cortex-M: the core's half of the vector table, .data and .bss, the
 * floating point unit. A chip's own interrupts follow in section .vectors.chip, defined by its
 * board.c.
 */
#include "cortex_m.h"

#include "board.h"

#include <string.h>

extern uint32_t image_data_load[], image_data_start[], image_data_end[], image_bss_start[],
    image_bss_end[];

int main(void);
void reset(void);

static void fault(void) {
    program_faulted();
    for (;;) {
    }
}

static void ignore(void) {
}

void reset(void) {
    REGISTER(CORTEX_M_VTOR) = (uint32_t)(uintptr_t)cortex_m_vectors;
#if defined(__ARM_FP)
    REGISTER(CORTEX_M_CPACR) |=
        0xFu << 20; /* full access to coprocessors 10 and 11, before the first float */
    cortex_m_barrier();
#endif
    memcpy(image_data_start, image_data_load,
           (size_t)((uintptr_t)image_data_end - (uintptr_t)image_data_start));
    memset(image_bss_start, 0, (size_t)((uintptr_t)image_bss_end - (uintptr_t)image_bss_start));
    main();
    fault();
}

__attribute__((section(".vectors.core"), used)) const cortex_m_vector cortex_m_vectors[16] = {
    {.stack = board_stack_high},
    {.handler = reset},
    {.handler = ignore}, /* NMI */
    {.handler = fault},  /* hard fault */
    {.handler = fault},  /* memory management */
    {.handler = fault},  /* bus fault */
    {.handler = fault},  /* usage fault */
    {.handler = 0},
    {.handler = 0},
    {.handler = 0},
    {.handler = 0},
    {.handler = ignore}, /* SVCall */
    {.handler = ignore}, /* debug monitor */
    {.handler = 0},
    {.handler = ignore}, /* PendSV */
    {.handler = cortex_m_systick_interrupt},
};
