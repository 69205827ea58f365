/*
 * The tick counter, the clock and the sampling timer of a Cortex-M.
 *
 * The board's own free-running 32-bit counter is the truth about time; SysTick only interrupts. So
 * an interrupt that comes late (a long critical section; in an emulator, a busy host) loses neither
 * time nor readings: those that have become due meanwhile are taken at once.
 */
#include "board.h"
#include "cortex_m.h"

#define PERIOD_MAX    0x1000000u /* SysTick has 24 bits */
#define FRACTION_BITS 16u        /* of a tick, so that the steps of a rate add up exactly */

static uint32_t core_hz, counter_hz;
static uint64_t
    elapsed; /* ticks since the start, extended from the counter's 32 bits at every look */
static uint32_t last;

static void (*volatile on_tick)(void);
static uint64_t due, step, tolerance; /* in ticks << FRACTION_BITS */

/* Looks at the counter; must happen at least once while it wraps, which SysTick sees to. */
static uint64_t now(void) {
    uint32_t held = cortex_m_hold_interrupts();
    uint32_t counter = cortex_m_counter();
    elapsed += (uint32_t)(counter - last);
    last = counter;
    uint64_t result = elapsed;
    cortex_m_release_interrupts(held);
    return result;
}

static void start_systick(uint32_t period) {
    REGISTER(CORTEX_M_SYSTICK_CTRL) = 0;
    REGISTER(CORTEX_M_SYSTICK_LOAD) = period - 1u;
    REGISTER(CORTEX_M_SYSTICK_VAL) = 0;
    REGISTER(CORTEX_M_SYSTICK_CTRL) = 7;
}

void cortex_m_ticks_init(uint32_t core, uint32_t counter) {
    core_hz = core;
    counter_hz = counter;
    last = cortex_m_counter();
    start_systick(PERIOD_MAX);
}

void cortex_m_systick_interrupt(void) {
    uint64_t reached = (now() << FRACTION_BITS) + tolerance;
    while (on_tick && due <= reached) {
        due += step;
        on_tick();
    }
}

uint32_t board_ticks(void) {
    return cortex_m_counter();
}

uint32_t board_ticks_hz(void) {
    return counter_hz;
}

uint64_t board_micros(void) {
    uint64_t ticks = now();
    return ticks / counter_hz * 1000000u + ticks % counter_hz * 1000000u / counter_hz;
}

/* a / b with FRACTION_BITS; shifted in two steps, since a << FRACTION_BITS may need more than 64
 * bits. */
static uint64_t fixed_ratio(uint64_t a, uint32_t b) {
    return (a / b << FRACTION_BITS) + (a % b << FRACTION_BITS) / b;
}

void board_timer_start(float rate_hz, void (*callback)(void)) {
    board_timer_stop();
    float cycles = (float)core_hz / rate_hz;
    uint32_t parts =
        (uint32_t)(cycles / (float)PERIOD_MAX) + 1u; /* interrupts per reading, for slow rates */
    uint32_t period = (uint32_t)(cycles / (float)parts + 0.5f);
    uint64_t ticks = fixed_ratio((uint64_t)period * counter_hz, core_hz);
    step = ticks * parts;
    tolerance = ticks / 2u;
    due = (now() << FRACTION_BITS) + step;
    on_tick = callback;
    start_systick(period);
}

void board_timer_stop(void) {
    on_tick = 0;
    start_systick(PERIOD_MAX);
}

void board_sleep_unless(int (*there_is_work)(void)) {
    uint32_t held = cortex_m_hold_interrupts();
    if (!there_is_work()) {
        cortex_m_wait_for_interrupt(); /* wakes for a pending interrupt even now; it is taken below
                                        */
    }
    cortex_m_release_interrupts(held);
}
