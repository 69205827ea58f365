#include "classifier.h"

#include "board.h"
#include "link_message.h"
#include "mote_config.h"
#include "pipeline.h"

static size_t received;

#define WINDOW_VALUES ((size_t)MOTE_WINDOW_READINGS * MOTE_AXES)

int classifier_put_window(const uint8_t *payload, size_t length) {
    link_chunk chunk;
    int status =
        link_parse_chunk(&chunk, payload, length, LINK_CHUNK_HEADER, sizeof(float), WINDOW_VALUES);
    if (status == LINK_OK) {
        link_get_floats(pipeline_window() + chunk.offset, chunk.data, chunk.count);
        received += chunk.count;
    }
    return status;
}

int classifier_put_window_i16(const uint8_t *payload, size_t length) {
    link_chunk chunk;
    int status = link_parse_chunk(&chunk, payload, length, LINK_CHUNK_I16_HEADER, sizeof(int16_t),
                                  WINDOW_VALUES);
    if (status == LINK_OK) {
        float scale = link_get_f32(payload + LINK_CHUNK_HEADER);
        link_get_scaled_i16(pipeline_window() + chunk.offset, chunk.data, chunk.count, scale);
        received += chunk.count;
    }
    return status;
}

int classifier_put_window_fill(const uint8_t *payload, size_t length) {
    if (length != 12) {
        return LINK_BAD_LENGTH;
    }
    size_t offset = link_get_u32(payload), count = link_get_u32(payload + 4);
    if (offset > WINDOW_VALUES || count > WINDOW_VALUES - offset) {
        return LINK_OUT_OF_RANGE;
    }
    float value = link_get_f32(payload + 8);
    for (size_t i = 0; i < count; i++) {
        pipeline_window()[offset + i] = value;
    }
    received += count;
    return LINK_OK;
}

int classifier_put_input(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

/* The two halves are timed apart: they are what a person can change apart. */
static void run(classifier_result *result) {
    result->best = CLASSIFIER_NO_CLASS;
    result->model_ticks = 0;
    uint32_t start = board_ticks();
    pipeline_status status = pipeline_extract();
    result->dsp_ticks = board_ticks() - start;
    if (status != PIPELINE_OK) {
        result->status = status == PIPELINE_NOT_FINITE ? LINK_NOT_A_NUMBER : LINK_PIPELINE_ERROR;
        return;
    }
    start = board_ticks();
    pipeline_classify();
    result->model_ticks = board_ticks() - start;
    result->status = LINK_OK;
    result->best = (uint16_t)pipeline_best();
}

int classifier_run(classifier_result *result) {
    size_t had = received;
    pipeline_restart();
    received = 0;
    if (had != WINDOW_VALUES) {
        return LINK_INCOMPLETE;
    }
    run(result);
    return LINK_OK;
}

void classifier_restart(void) {
    pipeline_restart();
    received = 0;
}

int classifier_push(const float *reading, classifier_result *result) {
    if (!pipeline_push(reading)) {
        return 0;
    }
    run(result);
    return 1;
}

const float *classifier_features(size_t *count) {
    *count = MOTE_FEATURES;
    return pipeline_features();
}

const int8_t *classifier_scores(size_t *count) {
    return pipeline_scores(count);
}

int classifier_exists(void) {
    return 1;
}
