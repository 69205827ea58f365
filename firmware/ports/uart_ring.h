#ifndef MOTE_UART_RING_H
#define MOTE_UART_RING_H

#include <stddef.h>
#include <stdint.h>

/*
 * Bytes from the receive interrupt (one writer) to the main loop (one reader). Indices run freely
 * and wrap at 2^32; each is written by one side only, so no interrupt needs to be held.
 */
#define UART_RING_BYTES 2048u /* a power of two; 178 ms at 115200 baud */

typedef struct {
    volatile uint32_t written, taken;
    volatile uint8_t bytes[UART_RING_BYTES];
} uart_ring;

static inline int uart_ring_full(const uart_ring *ring) {
    return ring->written - ring->taken == UART_RING_BYTES;
}

static inline int uart_ring_empty(const uart_ring *ring) {
    return ring->written == ring->taken;
}

static inline void uart_ring_put(uart_ring *ring, uint8_t byte) {
    ring->bytes[ring->written % UART_RING_BYTES] = byte;
    ring->written = ring->written + 1u;
}

static inline size_t uart_ring_take(uart_ring *ring, uint8_t *bytes, size_t capacity) {
    size_t n = 0;
    while (n < capacity && !uart_ring_empty(ring)) {
        bytes[n++] = ring->bytes[ring->taken % UART_RING_BYTES];
        ring->taken = ring->taken + 1u;
    }
    return n;
}

#endif
