/*
 * mfcc: mel-frequency cepstral coefficients, the shape of the spectrum over time in few numbers;
 * for speech.
 *
 * Mel energies in decibels (see logmel.h) -> orthonormal DCT-II, the first coefficients kept;
 * coefficient 0 is the loudness. Features: one row a frame; the coefficients of the first axis,
 * then of the next.
 */
#include "../block.h"
#include "../dct.h"
#include "../features.h"
#include "../logmel.h"
#include "../plan.h"
#include "../text.h"

extern const dsp_block dsp_block_mfcc;

enum { COEFFICIENTS = DSP_LOGMEL_PARAM_COUNT, SUBTRACT_MEAN, PARAM_COUNT };

static size_t coefficients(const dsp_config *config) {
    return (size_t)config->params[COEFFICIENTS];
}

static void subtract_mean(float *features, size_t rows, size_t cols) {
    for (size_t col = 0; col < cols; col++) {
        float sum = 0.0f;
        for (size_t row = 0; row < rows; row++) {
            sum += features[row * cols + col];
        }
        const float mean = sum / (float)rows;
        for (size_t row = 0; row < rows; row++) {
            features[row * cols + col] -= mean;
        }
    }
}

static dsp_status run(const dsp_config *config, const float *tables, const float *window,
                      float *features, float *scratch) {
    const dsp_logmel mel = dsp_logmel_of(config);
    const float *const dct = tables + dsp_logmel_tables(&mel);
    float *const energies = scratch + dsp_logmel_scratch(&mel);
    const size_t count = coefficients(config);
    float *next = features;
    for (size_t frame = 0; frame < mel.frames; frame++) {
        for (size_t axis = 0; axis < config->axes; axis++) {
            dsp_logmel_frame(energies, &mel, config, tables, window, frame, axis, scratch);
            dsp_dct(next, count, energies, mel.filters, dct);
            next += count;
        }
    }
    if (config->params[SUBTRACT_MEAN] != 0.0f) {
        subtract_mean(features, mel.frames, config->axes * count);
    }
    return dsp_check_finite(features, (size_t)(next - features));
}

#ifdef DSP_WITH_PREPARE

static const dsp_param params[PARAM_COUNT] = {
    DSP_LOGMEL_PARAMS(32),
    {.name = "coefficients",
     .title = "Coefficients",
     .kind = DSP_PARAM_INT,
     .default_value = 13,
     .minimum = 1,
     .maximum = 128,
     .unit = "",
     .help = "How many coefficients are kept: few describe the rough shape of the spectrum. At "
             "most as many as filters."},
    {.name = "subtract_mean",
     .title = "Subtract the mean",
     .kind = DSP_PARAM_BOOL,
     .default_value = 0,
     .unit = "",
     .help = "Subtracts each coefficient's mean over the window, which takes out the microphone's "
             "colour and the loudness."},
};

static dsp_status plan(const dsp_config *config, dsp_plan *plan) {
    dsp_status status = dsp_plan_begin(&dsp_block_mfcc, config, plan);
    if (status == DSP_OK) {
        status = dsp_logmel_plan(config, plan);
    }
    if (status != DSP_OK) {
        return status;
    }
    const size_t filters = dsp_logmel_of(config).filters;
    if (coefficients(config) > filters) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, params[COEFFICIENTS].name,
                               "there are more coefficients than filters",
                               "Use fewer coefficients or more filters.");
    }
    plan->cols = config->axes * coefficients(config);
    plan->tables += dsp_dct_tables(filters, coefficients(config));
    plan->scratch += filters;
    return dsp_plan_end(plan);
}

static void prepare(const dsp_config *config, float *tables) {
    const dsp_logmel mel = dsp_logmel_of(config);
    dsp_logmel_prepare(config, tables);
    dsp_dct_prepare(tables + dsp_logmel_tables(&mel), mel.filters, coefficients(config));
}

static size_t column(const dsp_config *config, size_t col, char *text, size_t size) {
    const size_t count = coefficients(config);
    dsp_text out = dsp_text_begin(text, size);
    dsp_text_add(&out, "c");
    dsp_text_add_number(&out, (float)(col % count), 0);
    return col / count;
}

#endif

const dsp_block dsp_block_mfcc = {
    .run = run,
#ifdef DSP_WITH_PREPARE
    .name = "mfcc",
    .title = "MFCC",
    .help = "Mel-frequency cepstral coefficients: the shape of the spectrum over time in few "
            "numbers. For speech.",
    .version = 1,
    .params = params,
    .param_count = PARAM_COUNT,
    .plan = plan,
    .prepare = prepare,
    .column = column,
#endif
};
