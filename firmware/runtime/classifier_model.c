#include "classifier.h"

#include "aligned.h"
#include "board.h"
#include "link_message.h"
#include "model.h"

#include <string.h>

static MOTE_ALIGNED_16 uint8_t arena[MODEL_ARENA_BYTES];
static size_t received;

int classifier_put_window(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

int classifier_put_window_i16(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

int classifier_put_window_fill(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

int classifier_put_input(const uint8_t *payload, size_t length) {
    link_chunk chunk;
    int status =
        link_parse_chunk(&chunk, payload, length, LINK_CHUNK_HEADER, 1, MODEL_INPUT_LENGTH);
    if (status == LINK_OK) {
        memcpy((uint8_t *)model_input(arena, 0) + chunk.offset, chunk.data, chunk.count);
        received += chunk.count;
    }
    return status;
}

static uint16_t first_largest(const int8_t *scores, size_t n) {
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        best = scores[i] > scores[best] ? i : best;
    }
    return (uint16_t)best;
}

int classifier_run(classifier_result *result) {
    if (received != MODEL_INPUT_LENGTH) {
        received = 0;
        return LINK_INCOMPLETE;
    }
    received = 0;
    uint32_t start = board_ticks();
    model_run(arena);
    result->model_ticks = board_ticks() - start;
    result->dsp_ticks = 0;
    result->status = LINK_OK;
    result->best = first_largest(model_output(arena, 0), MODEL_OUTPUT_LENGTH);
    return LINK_OK;
}

void classifier_restart(void) {
    received = 0;
}

int classifier_push(const float *reading, classifier_result *result) {
    (void)reading;
    (void)result;
    return 0;
}

const float *classifier_features(size_t *count) {
    *count = 0;
    return 0;
}

const int8_t *classifier_scores(size_t *count) {
    *count = MODEL_OUTPUT_LENGTH;
    return model_output(arena, 0);
}

int classifier_exists(void) {
    return 1;
}
