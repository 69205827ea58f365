#ifndef MOTE_STACK_H
#define MOTE_STACK_H

#include <stdint.h>

/* Fills the unused stack with a pattern; the deepest changed word later tells how much was ever
 * used. */
void stack_paint(void);

/* Bytes of stack used at the deepest moment since stack_paint, and bytes there are. */
uint32_t stack_peak(void);
uint32_t stack_size(void);

#endif
