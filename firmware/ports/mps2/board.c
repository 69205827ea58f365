/*
 * Arm MPS2 with the AN386 image (Cortex-M4F at 25 MHz): CMSDK UART 0 and timer 1.
 * Source: Arm DAI 0386, and the Cortex-M System Design Kit TRM (DDI 0479), chapter 4.3.
 */
#include "board.h"

#include "../cortex_m/cortex_m.h"
#include "../uart_ring.h"

#define CLOCK_HZ 25000000u
#define BAUD     115200u

#define UART      0x40004000u
#define UART_DATA (UART + 0x00u)
#define UART_STATE                                                                                 \
    (UART + 0x04u) /* bit 0 transmitter full, 1 receiver full, 3 receiver overrun                  \
                    */
#define UART_CTRL      (UART + 0x08u) /* bit 0 transmit, 1 receive, 3 receive interrupt */
#define UART_INTERRUPT (UART + 0x0Cu) /* write ones to clear; bit 1 receive */
#define UART_BAUDDIV   (UART + 0x10u)
#define UART_RX_IRQ    0u

#define TIMER        0x40001000u /* CMSDK timer 1, chapter 4.4: counts down from RELOAD */
#define TIMER_CTRL   (TIMER + 0x0u)
#define TIMER_VALUE  (TIMER + 0x4u)
#define TIMER_RELOAD (TIMER + 0x8u)

#define TX_FULL     1u
#define RX_FULL     2u
#define RX_OVERRUN  8u
#define RX_EVENT    2u
#define CTRL_ON     3u
#define CTRL_RX_IRQ 8u

static uart_ring received;
static uint32_t lost;

static void uart_interrupt(void) {
    if (uart_ring_full(&received)) {
        /* the byte waits until the main loop has made room */
        cortex_m_disable_interrupt(UART_RX_IRQ);
        return;
    }
    REGISTER(UART_INTERRUPT) = RX_EVENT;
    if (REGISTER(UART_STATE) & RX_OVERRUN) {
        lost++;
        REGISTER(UART_STATE) = RX_OVERRUN;
    }
    if (REGISTER(UART_STATE) & RX_FULL) {
        uart_ring_put(&received, (uint8_t)REGISTER(UART_DATA));
    }
}

__attribute__((section(".vectors.chip"), used)) const cortex_m_vector mps2_vectors[32] = {
    [UART_RX_IRQ] = {.handler = uart_interrupt},
};

uint32_t cortex_m_counter(void) {
    return ~REGISTER(TIMER_VALUE);
}

void board_init(void) {
    REGISTER(UART_BAUDDIV) = (CLOCK_HZ + BAUD / 2u) / BAUD;
    REGISTER(UART_CTRL) = CTRL_ON | CTRL_RX_IRQ;
    cortex_m_enable_interrupt(UART_RX_IRQ);
    REGISTER(TIMER_RELOAD) = 0xFFFFFFFFu;
    REGISTER(TIMER_VALUE) = 0xFFFFFFFFu;
    REGISTER(TIMER_CTRL) = 1;
    cortex_m_ticks_init(CLOCK_HZ, CLOCK_HZ);
}

size_t board_uart_read(uint8_t *bytes, size_t capacity) {
    size_t n = uart_ring_take(&received, bytes, capacity);
    if (n > 0) {
        cortex_m_enable_interrupt(UART_RX_IRQ);
    }
    return n;
}

int board_uart_waiting(void) {
    return !uart_ring_empty(&received);
}

void board_uart_write(const uint8_t *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        while (REGISTER(UART_STATE) & TX_FULL) {
        }
        REGISTER(UART_DATA) = bytes[i];
    }
}

uint32_t board_uart_lost(void) {
    return lost;
}
