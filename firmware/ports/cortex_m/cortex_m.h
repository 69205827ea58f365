#ifndef MOTE_CORTEX_M_H
#define MOTE_CORTEX_M_H

#include <stdint.h>

/* What every Cortex-M has: Armv7-M Architecture Reference Manual, chapter B3. */

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define CORTEX_M_SYSTICK_CTRL 0xE000E010u /* bit 0 on, bit 1 interrupt, bit 2 core clock */
#define CORTEX_M_SYSTICK_LOAD 0xE000E014u
#define CORTEX_M_SYSTICK_VAL  0xE000E018u
#define CORTEX_M_NVIC_ENABLE  0xE000E100u
#define CORTEX_M_NVIC_DISABLE 0xE000E180u
#define CORTEX_M_VTOR         0xE000ED08u
#define CORTEX_M_CPACR        0xE000ED88u

typedef union {
    void (*handler)(void);
    uint32_t *stack;
} cortex_m_vector;

extern const cortex_m_vector cortex_m_vectors[16];

/* The board's own free-running counter, 32 bits, counts up; wraps no sooner than after 4 s. */
uint32_t cortex_m_counter(void);

/* Starts SysTick. The core's clock and the counter's, in Hz. */
void cortex_m_ticks_init(uint32_t core_hz, uint32_t counter_hz);
void cortex_m_systick_interrupt(void);

static inline void cortex_m_enable_interrupt(uint32_t number) {
    REGISTER(CORTEX_M_NVIC_ENABLE + 4u * (number / 32u)) = 1u << (number % 32u);
}

static inline void cortex_m_disable_interrupt(uint32_t number) {
    REGISTER(CORTEX_M_NVIC_DISABLE + 4u * (number / 32u)) = 1u << (number % 32u);
}

static inline void cortex_m_barrier(void) {
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

/* Returns what cortex_m_release_interrupts needs; calls nest. */
static inline uint32_t cortex_m_hold_interrupts(void) {
    uint32_t mask;
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(mask)::"memory");
    return mask;
}

static inline void cortex_m_release_interrupts(uint32_t mask) {
    __asm__ volatile("msr primask, %0" ::"r"(mask) : "memory");
}

static inline void cortex_m_wait_for_interrupt(void) {
    __asm__ volatile("wfi" ::: "memory");
}

#endif
