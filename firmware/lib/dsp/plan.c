#include "plan.h"

#ifdef DSP_WITH_PREPARE

#include "features.h"

#include <math.h>

dsp_status dsp_plan_refuse(dsp_plan *plan, dsp_status status, const char *param, const char *reason,
                           const char *mend) {
    plan->param = param;
    plan->reason = reason;
    plan->mend = mend;
    return status;
}

static float upper_bound(const dsp_param *param) {
    if (param->kind == DSP_PARAM_BOOL) {
        return 1.0f;
    }
    if (param->kind != DSP_PARAM_CHOICE) {
        return param->maximum;
    }
    size_t count = 0;
    while (param->choices[count] != NULL) {
        count++;
    }
    return (float)(count - 1u);
}

static int param_is_good(const dsp_param *param, float value) {
    const float minimum =
        param->kind == DSP_PARAM_BOOL || param->kind == DSP_PARAM_CHOICE ? 0.0f : param->minimum;
    if (!(value >= minimum && value <= upper_bound(param))) { /* false for NaN too */
        return 0;
    }
    return param->kind == DSP_PARAM_FLOAT || value == floorf(value);
}

static dsp_status check_window(const dsp_config *config, dsp_plan *plan) {
    if (config->readings == 0) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, NULL, "the window holds no readings",
                               "Make the window longer.");
    }
    if (config->axes == 0) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, NULL, "there are no axes",
                               "Name at least one axis.");
    }
    if (config->axes > DSP_MAX_AXES) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, NULL, "a block takes at most 64 axes",
                               "Name fewer axes.");
    }
    if (config->readings > DSP_MAX_VALUES / config->axes) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, NULL, "the window is too large",
                               "Make the window shorter: at most 16777216 values.");
    }
    if (!(config->rate_hz >= DSP_MIN_RATE_HZ && config->rate_hz <= DSP_MAX_RATE_HZ)) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, NULL, "the sampling rate is out of range",
                               "It must lie between 0.001 and 10000000 Hz.");
    }
    return DSP_OK;
}

dsp_status dsp_plan_begin(const dsp_block *block, const dsp_config *config, dsp_plan *plan) {
    *plan = (dsp_plan){0, 0, 0, 0, NULL, NULL, NULL};
    for (size_t i = 0; i < block->param_count; i++) {
        if (!param_is_good(&block->params[i], config->params[i])) {
            return dsp_plan_refuse(plan, DSP_BAD_PARAM, block->params[i].name,
                                   "a parameter is out of its range", block->params[i].help);
        }
    }
    return check_window(config, plan);
}

dsp_status dsp_plan_end(dsp_plan *plan) {
    if (plan->rows > DSP_MAX_FEATURES / plan->cols) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, NULL,
                               "the block would give more than 262144 features",
                               "Make the window shorter, or its frames fewer.");
    }
    return DSP_OK;
}

#endif
