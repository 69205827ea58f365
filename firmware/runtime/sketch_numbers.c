/*
 * A sketch as people write it: no Mote in it, it prints its sensor as text, one reading a line, 100
 * a second. It exists to test that a port which only prints numbers can be recorded.
 */
#include "board.h"
#include "mote_config.h"
#include "sensor.h"

#include <string.h>

static volatile uint32_t ticks; /* counted by the timer interrupt */
static uint32_t printed;

static void on_tick(void) {
    ticks = ticks + 1u;
}

static int is_due(void) {
    return ticks != printed;
}

/* Writes value with three decimals, for |value| < 1000. Returns the end. */
static char *print(char *at, float value) {
    if (value < 0) {
        *at++ = '-';
        value = -value;
    }
    uint32_t thousandths = (uint32_t)(value * 1000.0f + 0.5f);
    for (uint32_t unit = 100000u; unit > 0; unit /= 10u) {
        if (unit == 100u) {
            *at++ = '.';
        }
        if (unit <= 1000u || thousandths >= unit) {
            *at++ = (char)('0' + thousandths / unit % 10u);
        }
    }
    return at;
}

static void print_reading(uint32_t index) {
    char line[MOTE_AXES * 12u + 2u];
    char *at = line;
    float values[MOTE_AXES];
    sensor_read(index, values);
    for (uint32_t a = 0; a < MOTE_AXES; a++) {
        if (a > 0) {
            *at++ = ',';
        }
        at = print(at, values[a]);
    }
    *at++ = '\r';
    *at++ = '\n';
    board_uart_write((const uint8_t *)line, (size_t)(at - line));
}

int main(void) {
    board_init();
    sensor_start(MOTE_RATE_HZ);
    board_timer_start(MOTE_RATE_HZ, on_tick);
    for (;;) {
        while (!is_due()) {
            board_sleep_unless(is_due);
        }
        print_reading(printed);
        printed++;
    }
}

void program_faulted(void) {
}
