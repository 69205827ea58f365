#ifndef MOTE_PIPELINE_H
#define MOTE_PIPELINE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Readings in, classes out: window -> DSP blocks -> standardise -> quantise -> model. One instance;
 * every buffer is static and sized by mote_config.h. No I/O, no interrupt, no allocation: call it
 * from one place.
 *
 *     if (pipeline_push(reading) && pipeline_extract() == PIPELINE_OK) {
 *         pipeline_classify();
 *         puts(mote_labels[pipeline_best()]);
 *     }
 */

typedef enum {
    PIPELINE_OK = 0,
    PIPELINE_NOT_FINITE = 1, /* the window holds NaN or infinity */
    PIPELINE_BAD_CONFIG =
        2 /* a DSP block refused its configuration: never in a generated program */
} pipeline_status;

/* Forgets the readings so far. */
void pipeline_restart(void);

/*
 * Takes one reading: MOTE_AXES values, MOTE_RATE_HZ of them a second.
 * Returns 1 when it completed a window, which then stays until the next push: every
 * MOTE_WINDOW_STRIDE readings once the first MOTE_WINDOW_READINGS are there.
 */
int pipeline_push(const float *reading);

/* The window, row-major (MOTE_WINDOW_READINGS, MOTE_AXES); may be filled directly instead of by
 * pipeline_push. */
float *pipeline_window(void);

/* From the window to MOTE_FEATURES standardised features. */
pipeline_status pipeline_extract(void);
const float *pipeline_features(void);

/* From the features to the scores. */
void pipeline_classify(void);

/* The model's int8 output q; the score is scale * (q - zero_point), see pipeline_score. */
const int8_t *pipeline_scores(size_t *count);
float pipeline_score(size_t index);

/* Index of the first largest score. */
size_t pipeline_best(void);

#endif
