#ifndef MOTE_BOARD_H
#define MOTE_BOARD_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a board must provide. One board.c in firmware/ports implements it; nothing above this header
 * knows a register.
 */

/* Clocks, floating point unit, UART and tick counter. Called first in main. */
void board_init(void);

/* Takes what the UART has received since the last call, at most capacity bytes; never waits. */
size_t board_uart_read(uint8_t *bytes, size_t capacity);

/* Whether board_uart_read would give something. */
int board_uart_waiting(void);

/* Sends n bytes; waits only for the line itself. Interrupts go on meanwhile. */
void board_uart_write(const uint8_t *bytes, size_t n);

/* Bytes that came faster than they were read and are gone. */
uint32_t board_uart_lost(void);

/*
 * A free-running counter of board_ticks_hz(); wraps at 2^32. In QEMU with -icount shift=0 every
 * instruction takes 1 ns, so instructions = ticks * 1e9 / board_ticks_hz().
 */
uint32_t board_ticks(void);
uint32_t board_ticks_hz(void);

/* Time since board_init in microseconds. */
uint64_t board_micros(void);

/*
 * Calls on_tick rate_hz times a second from an interrupt until board_timer_stop. rate_hz from 0.1
 * to 48000; the period is rounded to whole ticks.
 */
void board_timer_start(float rate_hz, void (*on_tick)(void));
void board_timer_stop(void);

/* Sleeps until an interrupt, unless there_is_work() says otherwise; asked with interrupts held, so
 * none is missed. */
void board_sleep_unless(int (*there_is_work)(void));

/* The linker script's: the stack lies in [board_stack_low, board_stack_high) and grows down. */
extern uint32_t board_stack_low[], board_stack_high[];

/* Provided by the program: called by the start-up code when the core faults (a bad address, an
 * unknown instruction). */
void program_faulted(void);

#endif
