/*
 * A signal for boards without a sensor (every board in the emulator), and for tests that must know
 * what they receive.
 *
 * Axis a of reading n is a triangle wave of (1 + a) Hz between -1 and 1, times 8 in every second 4
 * s and times 1 in the others (so that a plot and a classifier have something to tell apart), plus
 * noise between -0.05 and 0.05 from a hash of n and a. Integer phase and float32 products only: the
 * same bits on every machine and in Python.
 */
#include "mote_config.h"
#include "sensor.h"

#define QUIET_AND_LOUD_S 4.0f

static uint32_t step_per_hz;   /* phase per reading of a 1 Hz wave; 2^32 is one turn */
static uint32_t span_readings; /* readings in QUIET_AND_LOUD_S */

void sensor_start(float rate_hz) {
    step_per_hz = (uint32_t)(4294967296.0f / rate_hz);
    span_readings = (uint32_t)(QUIET_AND_LOUD_S * rate_hz) + 1u;
}

/* -1 .. 1 .. -1 over one turn; exact, since the phase is cut to 23 bits. */
static float triangle(uint32_t phase) {
    uint32_t fold = phase < 0x80000000u ? phase : 0xFFFFFFFFu - phase;
    return (float)(fold >> 8) * (1.0f / 4194304.0f) - 1.0f;
}

/* -0.05 .. 0.05: a 32 bit integer hash (Wellons, "prospecting for hash functions", lowbias32). */
static float noise(uint32_t x) {
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    x ^= x >> 16;
    return ((float)(x >> 8) * (1.0f / 8388608.0f) - 1.0f) * 0.05f;
}

void sensor_read(uint32_t index, float *values) {
    float loudness = (index / span_readings) % 2u == 1u ? 8.0f : 1.0f;
    for (uint32_t a = 0; a < MOTE_AXES; a++) {
        uint32_t phase = index * (step_per_hz * (a + 1u));
        values[a] = triangle(phase) * loudness + noise(index * MOTE_AXES + a);
    }
}
