#ifndef MOTE_SENSOR_H
#define MOTE_SENSOR_H

#include <stdint.h>

/*
 * One sensor, implemented by one file of firmware/drivers. MOTE_AXES (mote_config.h) says how many
 * values a reading has.
 */

/* Called when a stream starts; rate_hz is how often sensor_read will be called. */
void sensor_start(float rate_hz);

/* Reads all axes, in the units that HELLO names. Called from the timer interrupt: short, and never
 * waits. */
void sensor_read(uint32_t index, float *values);

#endif
