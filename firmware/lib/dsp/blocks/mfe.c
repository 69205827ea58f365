/*
 * mfe: how strong the bands of the mel scale are over time, in decibels; for sounds that are no
 * speech, and for vibration.
 *
 * Features: one row a frame; the bands of the first axis, then of the next.
 */
#include "../block.h"
#include "../features.h"
#include "../logmel.h"
#include "../plan.h"
#include "../text.h"

extern const dsp_block dsp_block_mfe;

static dsp_status run(const dsp_config *config, const float *tables, const float *window,
                      float *features, float *scratch) {
    const dsp_logmel mel = dsp_logmel_of(config);
    float *next = features;
    for (size_t frame = 0; frame < mel.frames; frame++) {
        for (size_t axis = 0; axis < config->axes; axis++) {
            dsp_logmel_frame(next, &mel, config, tables, window, frame, axis, scratch);
            next += mel.filters;
        }
    }
    return dsp_check_finite(features, (size_t)(next - features));
}

#ifdef DSP_WITH_PREPARE

static const dsp_param params[] = {DSP_LOGMEL_PARAMS(40)};

static dsp_status plan(const dsp_config *config, dsp_plan *plan) {
    dsp_status status = dsp_plan_begin(&dsp_block_mfe, config, plan);
    if (status == DSP_OK) {
        status = dsp_logmel_plan(config, plan);
    }
    if (status != DSP_OK) {
        return status;
    }
    plan->cols = config->axes * dsp_logmel_of(config).filters;
    return dsp_plan_end(plan);
}

static size_t column(const dsp_config *config, size_t col, char *text, size_t size) {
    const size_t filters = dsp_logmel_of(config).filters;
    dsp_text out = dsp_text_begin(text, size);
    dsp_text_add_number(&out, dsp_logmel_centre_hz(config, col % filters), 1);
    dsp_text_add(&out, " Hz");
    return col / filters;
}

#endif

const dsp_block dsp_block_mfe = {
    .run = run,
#ifdef DSP_WITH_PREPARE
    .name = "mfe",
    .title = "Mel-filterbank energies",
    .help = "How strong each band of the mel scale is over time: for sounds other than speech, and "
            "for vibration.",
    .version = 1,
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .plan = plan,
    .prepare = dsp_logmel_prepare,
    .column = column,
#endif
};
