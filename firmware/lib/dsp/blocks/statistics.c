/*
 * statistics: a few figures per axis, whatever the signal; the cheapest features there are.
 *
 * Features: one row; the chosen figures of the first axis, then of the next.
 */
#include "../statistics.h"
#include "../block.h"
#include "../features.h"
#include "../plan.h"
#include "../text.h"

extern const dsp_block dsp_block_statistics;

enum { MEAN, MINIMUM, MAXIMUM, RMS, DEVIATION, SKEWNESS, KURTOSIS, CROSSINGS, FIGURES };

static size_t chosen(const dsp_config *config) {
    size_t count = 0;
    for (size_t i = 0; i < FIGURES; i++) {
        count += config->params[i] != 0.0f;
    }
    return count;
}

static float crossings_hz(const dsp_config *config, float crossings) {
    return crossings * config->rate_hz / (float)config->readings;
}

static dsp_status run(const dsp_config *config, const float *tables, const float *window,
                      float *features, float *scratch) {
    float *next = features;
    (void)tables;
    (void)scratch;
    for (size_t axis = 0; axis < config->axes; axis++) {
        dsp_statistics all;
        dsp_statistics_of(&all, window + axis, config->readings, config->axes);
        const float figures[FIGURES] = {
            all.mean,      all.minimum,  all.maximum,  all.rms,
            all.deviation, all.skewness, all.kurtosis, crossings_hz(config, all.crossings)};
        for (size_t i = 0; i < FIGURES; i++) {
            if (config->params[i] != 0.0f) {
                *next++ = figures[i];
            }
        }
    }
    return dsp_check_finite(features, config->axes * chosen(config));
}

#ifdef DSP_WITH_PREPARE

#define FIGURE(name_, title_, on, help_)                                                           \
    {                                                                                              \
        .name = name_, .title = title_, .kind = DSP_PARAM_BOOL, .default_value = on, .unit = "",   \
        .help = help_                                                                              \
    }

static const dsp_param params[FIGURES] = {
    FIGURE("mean", "Mean", 1, "Where the signal sits: an offset, the tilt of an accelerometer."),
    FIGURE("minimum", "Minimum", 1, "The lowest reading."),
    FIGURE("maximum", "Maximum", 1, "The highest reading."),
    FIGURE("rms", "RMS", 1, "Root mean square: how strong the signal is, its offset included."),
    FIGURE("deviation", "Standard deviation", 1, "How strong the signal is around its mean."),
    FIGURE("skewness", "Skewness", 1,
           "Whether it leans to one side: 0 is even, positive has high peaks."),
    FIGURE("kurtosis", "Kurtosis", 1,
           "How much of it is in rare peaks (excess kurtosis): 0 for noise, -1.5 for a sine, high "
           "for knocks."),
    FIGURE("crossings", "Mean crossings", 0,
           "How often a second the signal crosses its mean: a rough frequency, times two."),
};

static dsp_status plan(const dsp_config *config, dsp_plan *plan) {
    const dsp_status status = dsp_plan_begin(&dsp_block_statistics, config, plan);
    if (status != DSP_OK) {
        return status;
    }
    plan->rows = 1;
    plan->cols = config->axes * chosen(config);
    if (plan->cols == 0) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, params[MEAN].name, "no figure is chosen",
                               "Choose at least one.");
    }
    return dsp_plan_end(plan);
}

static size_t column(const dsp_config *config, size_t col, char *text, size_t size) {
    dsp_text out = dsp_text_begin(text, size);
    size_t left = col % chosen(config);
    size_t figure = 0;
    while (config->params[figure] == 0.0f || left-- > 0) {
        figure++;
    }
    dsp_text_add(&out, params[figure].name);
    return col / chosen(config);
}

#endif

const dsp_block dsp_block_statistics = {
    .run = run,
#ifdef DSP_WITH_PREPARE
    .name = "statistics",
    .title = "Statistics",
    .help = "Mean, range, strength and shape of each axis: for slow or simple signals.",
    .version = 1,
    .params = params,
    .param_count = FIGURES,
    .plan = plan,
    .column = column,
#endif
};
