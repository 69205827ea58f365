/*
 * STM32F405 (Netduino Plus 2): 25 MHz crystal, PLL to 168 MHz, USART1 on PB6 (TX) and PB7 (RX).
 * Source: ST RM0090 (chapters 3.5 flash latency, 7 RCC, 8 GPIO, 18 TIM2, 30 USART).
 *
 * The same image runs in QEMU, whose netduinoplus2 has no clock controller: there RCC_CR reads as
 * 0, which silicon never shows (it always runs from an oscillator that is on), the core counts at
 * the final 168 MHz from the start, and timers count nanoseconds.
 */
#include "board.h"

#include "../cortex_m/cortex_m.h"
#include "../uart_ring.h"

#define FULL_HZ     168000000u
#define INTERNAL_HZ 16000000u
#define BAUD        115200u

#define RCC         0x40023800u
#define RCC_CR      (RCC + 0x00u)
#define RCC_PLLCFGR (RCC + 0x04u)
#define RCC_CFGR    (RCC + 0x08u)
#define RCC_AHB1ENR (RCC + 0x30u)
#define RCC_APB1ENR (RCC + 0x40u)
#define RCC_APB2ENR (RCC + 0x44u)
#define FLASH_ACR   0x40023C00u
#define GPIOB_MODER 0x40020400u
#define GPIOB_PUPDR 0x4002040Cu
#define GPIOB_AFRL  0x40020420u
#define USART1      0x40011000u
#define USART1_SR   (USART1 + 0x00u)
#define USART1_DR   (USART1 + 0x04u)
#define USART1_BRR  (USART1 + 0x08u)
#define USART1_CR1  (USART1 + 0x0Cu)
#define TIM2_CR1    0x40000000u
#define TIM2_CNT    0x40000024u
#define TIM2_PSC    0x40000028u
#define TIM2_ARR    0x4000002Cu
#define USART1_IRQ  37u

#define CR_HSE_ON    (1u << 16)
#define CR_HSE_READY (1u << 17)
#define CR_PLL_ON    (1u << 24)
#define CR_PLL_READY (1u << 25)
#define SR_OVERRUN   (1u << 3)
#define SR_RX_FULL   (1u << 5)
#define SR_TX_EMPTY  (1u << 7)
#define CR1_ON       ((1u << 13) | (1u << 3) | (1u << 2)) /* USART, transmitter, receiver */
#define CR1_RX_IRQ   (1u << 5)

static uart_ring received;
static uint32_t lost;

static int is_emulated(void) {
    return REGISTER(RCC_CR) == 0;
}

/* TIM2 counts at half the core's clock (its bus runs at a quarter, timers at twice that); in QEMU
 * in ns. */
static uint32_t start_counter(uint32_t core_hz) {
    REGISTER(RCC_APB1ENR) |= 1u;
    REGISTER(TIM2_PSC) = 0;
    REGISTER(TIM2_ARR) = 0xFFFFFFFFu;
    REGISTER(TIM2_CR1) = 1;
    if (is_emulated()) {
        return 1000000000u;
    }
    return core_hz == FULL_HZ ? core_hz / 2u : core_hz;
}

uint32_t cortex_m_counter(void) {
    return REGISTER(TIM2_CNT);
}

/* Waits for bits of a register, for at most about 50 ms: a crystal that does not start must not
 * stop the board. */
static int comes_on(uint32_t address, uint32_t mask, uint32_t wanted) {
    for (uint32_t tries = 0; tries < 200000u; tries++) {
        if ((REGISTER(address) & mask) == wanted) {
            return 1;
        }
    }
    return 0;
}

/* 168 MHz from the crystal, or from the internal oscillator (1 % off) when there is none; else
 * stays at 16 MHz. */
static uint32_t start_clocks(void) {
    if (is_emulated()) {
        return FULL_HZ;
    }
    REGISTER(RCC_CR) |= CR_HSE_ON;
    uint32_t crystal = comes_on(RCC_CR, CR_HSE_READY, CR_HSE_READY) ? 1u : 0u;
    uint32_t m = crystal ? 25u : 16u; /* either way 1 MHz into the PLL */
    /* VCO = 336 MHz; P = 2 (field 0) gives 168 MHz, Q = 7 gives 48 MHz */
    REGISTER(RCC_PLLCFGR) = (7u << 24) | (crystal << 22) | (336u << 6) | m;
    REGISTER(RCC_CR) |= CR_PLL_ON;
    /* caches and prefetch, 5 wait states: 150 to 168 MHz at 2.7 to 3.6 V */
    REGISTER(FLASH_ACR) = (7u << 8) | 5u;
    if (!comes_on(RCC_CR, CR_PLL_READY, CR_PLL_READY)) {
        return INTERNAL_HZ;
    }
    /* APB1 = core / 4 = 42 MHz, APB2 = core / 2 = 84 MHz, core from the PLL */
    REGISTER(RCC_CFGR) = (4u << 13) | (5u << 10) | 2u;
    return comes_on(RCC_CFGR, 3u << 2, 2u << 2) ? FULL_HZ : INTERNAL_HZ;
}

static void start_uart(uint32_t core_hz) {
    REGISTER(RCC_AHB1ENR) |= 1u << 1; /* port B */
    REGISTER(RCC_APB2ENR) |= 1u << 4; /* USART1 */
    REGISTER(GPIOB_AFRL) = (REGISTER(GPIOB_AFRL) & ~(0xFFu << 24)) | (0x77u << 24);
    /* RX pulled up */
    REGISTER(GPIOB_PUPDR) = (REGISTER(GPIOB_PUPDR) & ~(0xFu << 12)) | (0x4u << 12);
    REGISTER(GPIOB_MODER) = (REGISTER(GPIOB_MODER) & ~(0xFu << 12)) | (0xAu << 12);
    uint32_t bus_hz = core_hz == FULL_HZ ? core_hz / 2u : core_hz;
    REGISTER(USART1_BRR) = (bus_hz + BAUD / 2u) / BAUD;
    REGISTER(USART1_CR1) = CR1_ON | CR1_RX_IRQ;
}

static void uart_interrupt(void) {
    uint32_t status = REGISTER(USART1_SR);
    if (uart_ring_full(&received)) {
        /* the byte waits until the main loop has made room */
        cortex_m_disable_interrupt(USART1_IRQ);
        return;
    }
    if (status & (SR_RX_FULL | SR_OVERRUN)) {
        uint8_t byte = (uint8_t)REGISTER(USART1_DR); /* also clears the overrun */
        if (status & SR_RX_FULL) {
            uart_ring_put(&received, byte);
        }
    }
    if (status & SR_OVERRUN) {
        lost++;
    }
}

__attribute__((section(".vectors.chip"), used)) const cortex_m_vector stm32f405_vectors[82] = {
    [USART1_IRQ] = {.handler = uart_interrupt},
};

void board_init(void) {
    uint32_t core_hz = start_clocks();
    start_uart(core_hz);
    cortex_m_enable_interrupt(USART1_IRQ);
    cortex_m_ticks_init(core_hz, start_counter(core_hz));
}

size_t board_uart_read(uint8_t *bytes, size_t capacity) {
    size_t n = uart_ring_take(&received, bytes, capacity);
    if (n > 0) {
        cortex_m_enable_interrupt(USART1_IRQ);
    }
    return n;
}

int board_uart_waiting(void) {
    return !uart_ring_empty(&received);
}

void board_uart_write(const uint8_t *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        while (!(REGISTER(USART1_SR) & SR_TX_EMPTY)) {
        }
        REGISTER(USART1_DR) = bytes[i];
    }
}

uint32_t board_uart_lost(void) {
    return lost;
}
