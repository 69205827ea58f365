#ifndef MOTE_CLASSIFIER_H
#define MOTE_CLASSIFIER_H

#include <stddef.h>
#include <stdint.h>

/*
 * What stands between readings and classes in this image. The build links exactly one of
 *   classifier_pipeline.c   window -> DSP -> standardise -> quantise -> model
 *   classifier_model.c      a bare model: its int8 input comes over the link
 *   classifier_none.c       nothing (data collection)
 * so that none of them needs to ask what it is.
 */

typedef struct {
    uint8_t status; /* LINK_OK, or why there is no class */
    uint16_t
        best; /* index of the first largest score; CLASSIFIER_NO_CLASS when status is not LINK_OK */
    uint32_t dsp_ticks, model_ticks;
} classifier_result;

#define CLASSIFIER_NO_CLASS 0xFFFFu

/* Payloads of WINDOW_CHUNK, WINDOW_CHUNK_I16, WINDOW_FILL and INPUT_CHUNK. Return LINK_OK or an
 * ERROR code. */
int classifier_put_window(const uint8_t *payload, size_t length);
int classifier_put_window_i16(const uint8_t *payload, size_t length);
int classifier_put_window_fill(const uint8_t *payload, size_t length);
int classifier_put_input(const uint8_t *payload, size_t length);

/* Runs once over what was put. Returns LINK_OK, LINK_INCOMPLETE or LINK_UNKNOWN_TYPE; the result's
 * status tells the rest. */
int classifier_run(classifier_result *result);

/* Forgets the readings so far. */
void classifier_restart(void);

/* Takes one reading (MOTE_AXES values). Returns 1 when it completed a window and result was
 * written. */
int classifier_push(const float *reading, classifier_result *result);

/* Of the last run. */
const float *classifier_features(size_t *count);
const int8_t *classifier_scores(size_t *count);

/* Whether this image can turn readings into classes at all. */
int classifier_exists(void);

#endif
