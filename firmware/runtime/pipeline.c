#include "pipeline.h"

#include "aligned.h"
#include "dsp/features.h"
#include "model.h"
#include "mote_config.h"
#include "nn/kernels.h"

#include <string.h>

static float window[MOTE_WINDOW_READINGS * MOTE_AXES];
static float features[MOTE_FEATURES];
static size_t readings; /* in the window */
static size_t to_skip;  /* readings between two windows, when the stride is longer than a window */

/* The DSP's scratch and the model's arena are never alive together, so they share their memory. */
static MOTE_ALIGNED_16 union {
    float scratch[MOTE_SCRATCH];
    uint8_t arena[MODEL_ARENA_BYTES];
} workspace;

void pipeline_restart(void) {
    readings = 0;
    to_skip = 0;
}

#define KEPT                                                                                       \
    ((MOTE_WINDOW_STRIDE < MOTE_WINDOW_READINGS) ? MOTE_WINDOW_READINGS - MOTE_WINDOW_STRIDE : 0u)

/* Makes room after a whole window: keeps what the next one shares with it. */
static void slide(void) {
    memmove(window, window + (MOTE_WINDOW_READINGS - KEPT) * MOTE_AXES,
            KEPT * MOTE_AXES * sizeof(float));
    readings = KEPT;
    to_skip = MOTE_WINDOW_STRIDE - (MOTE_WINDOW_READINGS - KEPT);
}

int pipeline_push(const float *reading) {
    if (readings == MOTE_WINDOW_READINGS) {
        slide();
    }
    if (to_skip > 0) {
        to_skip--;
        return 0;
    }
    memcpy(window + readings * MOTE_AXES, reading, MOTE_AXES * sizeof(float));
    readings++;
    return readings == MOTE_WINDOW_READINGS;
}

float *pipeline_window(void) {
    return window;
}

static dsp_status run_block(const mote_block *block) {
    const float *input = window;
    float *scratch = workspace.scratch;
    if (block->axes) {
        dsp_select_axes(scratch, window, MOTE_WINDOW_READINGS, MOTE_AXES, block->axes,
                        block->config.axes);
        input = scratch;
        scratch += MOTE_WINDOW_READINGS * block->config.axes;
    }
    return block->block->run(&block->config, block->tables, input, features + block->offset,
                             scratch);
}

pipeline_status pipeline_extract(void) {
    if (dsp_first_not_finite(window, MOTE_WINDOW_READINGS * MOTE_AXES) <
        MOTE_WINDOW_READINGS * MOTE_AXES) {
        return PIPELINE_NOT_FINITE;
    }
    for (size_t i = 0; i < MOTE_BLOCKS; i++) {
        dsp_status status = run_block(&mote_blocks[i]);
        if (status != DSP_OK) {
            return status == DSP_NOT_FINITE ? PIPELINE_NOT_FINITE : PIPELINE_BAD_CONFIG;
        }
    }
    if (MOTE_STANDARDISE) {
        dsp_standardise(features, MOTE_FEATURES, mote_mean, mote_inv_std, MOTE_FEATURE_COLUMNS);
    }
    return PIPELINE_OK;
}

const float *pipeline_features(void) {
    return features;
}

void pipeline_classify(void) {
    nn_quantize_f32_s8(model_input(workspace.arena, 0), features, (int32_t)MOTE_FEATURES,
                       MODEL_INPUT_SCALE, MODEL_INPUT_ZERO_POINT);
    model_run(workspace.arena);
}

const int8_t *pipeline_scores(size_t *count) {
    *count = MODEL_OUTPUT_LENGTH;
    return model_output(workspace.arena, 0);
}

float pipeline_score(size_t index) {
    const int8_t *scores = model_output(workspace.arena, 0);
    return (float)(scores[index] - (MODEL_OUTPUT_ZERO_POINT)) * MODEL_OUTPUT_SCALE;
}

size_t pipeline_best(void) {
    size_t count, best = 0;
    const int8_t *scores = pipeline_scores(&count);
    for (size_t i = 1; i < count; i++) {
        best = scores[i] > scores[best] ? i : best;
    }
    return best;
}
