/*
 * raw: the readings themselves, optionally averaged in groups; for networks that find their own
 * features (conv1d).
 *
 * Features: (readings / average) rows of one value per axis. Readings left over at the end are
 * dropped.
 */
#include "../block.h"
#include "../features.h"
#include "../plan.h"
#include "../text.h"

extern const dsp_block dsp_block_raw;

enum { AVERAGE };

static size_t group(const dsp_config *config) {
    return (size_t)config->params[AVERAGE];
}

static dsp_status run(const dsp_config *config, const float *tables, const float *window,
                      float *features, float *scratch) {
    const size_t axes = config->axes;
    const size_t count = group(config);
    const size_t rows = config->readings / count;
    (void)tables;
    (void)scratch;
    for (size_t row = 0; row < rows; row++) {
        for (size_t axis = 0; axis < axes; axis++) {
            float sum = 0.0f;
            for (size_t i = 0; i < count; i++) {
                sum += window[(row * count + i) * axes + axis];
            }
            features[row * axes + axis] = sum / (float)count;
        }
    }
    return dsp_check_finite(features, rows * axes);
}

#ifdef DSP_WITH_PREPARE

static const dsp_param params[] = {
    {.name = "average",
     .title = "Average",
     .kind = DSP_PARAM_INT,
     .default_value = 1,
     .minimum = 1,
     .maximum = 1000,
     .unit = "readings",
     .help = "How many readings in a row become one, their mean. 1 keeps every reading."},
};

static dsp_status plan(const dsp_config *config, dsp_plan *plan) {
    const dsp_status status = dsp_plan_begin(&dsp_block_raw, config, plan);
    if (status != DSP_OK) {
        return status;
    }
    plan->rows = config->readings / group(config);
    plan->cols = config->axes;
    if (plan->rows == 0) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, params[AVERAGE].name,
                               "it averages more readings than the window has",
                               "Lower average, or make the window longer.");
    }
    return dsp_plan_end(plan);
}

static size_t column(const dsp_config *config, size_t col, char *text, size_t size) {
    (void)config;
    dsp_text_begin(text, size); /* the axis' own name says it all */
    return col;
}

#endif

const dsp_block dsp_block_raw = {
    .run = run,
#ifdef DSP_WITH_PREPARE
    .name = "raw",
    .title = "Raw readings",
    .help = "The readings as they are, for networks that learn their own features.",
    .version = 1,
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .plan = plan,
    .column = column,
#endif
};
