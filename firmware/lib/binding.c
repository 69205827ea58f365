#include "binding.h"

#include "dsp/features.h"
#include "dsp/text.h"
#include "registry.h"

const char *mote_source_hash(void) {
    return mote_registry_hash;
}

size_t mote_block_count(void) {
    return mote_registry_count;
}

static void add_string(dsp_text *out, const char *key, const char *value) {
    dsp_text_add(out, "\"");
    dsp_text_add(out, key);
    dsp_text_add(out, "\":\"");
    for (; *value != '\0'; value++) {
        const char one[3] = {*value == '"' || *value == '\\' ? '\\' : *value,
                             *value == '"' || *value == '\\' ? *value : '\0', '\0'};
        dsp_text_add(out, one);
    }
    dsp_text_add(out, "\"");
}

static void add_number(dsp_text *out, const char *key, float value) {
    dsp_text_add(out, ",\"");
    dsp_text_add(out, key);
    dsp_text_add(out, "\":");
    dsp_text_add_number(out, value, 6);
}

static void add_choices(dsp_text *out, const dsp_param *param) {
    dsp_text_add(out, ",\"choices\":[");
    for (size_t i = 0; param->choices != NULL && param->choices[i] != NULL; i++) {
        dsp_text_add(out, i == 0 ? "\"" : ",\"");
        dsp_text_add(out, param->choices[i]);
        dsp_text_add(out, "\"");
    }
    dsp_text_add(out, "]");
}

static void add_param(dsp_text *out, const dsp_param *param) {
    static const char *const kinds[] = {"int", "float", "bool", "choice"};
    dsp_text_add(out, "{");
    add_string(out, "name", param->name);
    dsp_text_add(out, ",");
    add_string(out, "title", param->title);
    dsp_text_add(out, ",");
    add_string(out, "kind", kinds[param->kind]);
    dsp_text_add(out, ",");
    add_string(out, "unit", param->unit);
    dsp_text_add(out, ",");
    add_string(out, "help", param->help);
    add_number(out, "default", param->default_value);
    add_number(out, "minimum", param->minimum);
    add_number(out, "maximum", param->maximum);
    add_choices(out, param);
    dsp_text_add(out, "}");
}

size_t mote_block_describe(size_t block, char *text, size_t size) {
    dsp_text out = dsp_text_begin(text, size);
    if (block >= mote_registry_count) {
        return 0;
    }
    const dsp_block *const it = mote_registry[block];
    dsp_text_add(&out, "{");
    add_string(&out, "name", it->name);
    dsp_text_add(&out, ",");
    add_string(&out, "title", it->title);
    dsp_text_add(&out, ",");
    add_string(&out, "help", it->help);
    add_number(&out, "version", (float)it->version);
    dsp_text_add(&out, ",\"params\":[");
    for (size_t i = 0; i < it->param_count; i++) {
        dsp_text_add(&out, i == 0 ? "" : ",");
        add_param(&out, &it->params[i]);
    }
    dsp_text_add(&out, "]}");
    return out.length;
}

int mote_block_plan(size_t block, size_t readings, size_t axes, float rate_hz, const float *params,
                    dsp_plan *plan) {
    const dsp_config config = {readings, axes, rate_hz, params};
    return block < mote_registry_count ? (int)mote_registry[block]->plan(&config, plan)
                                       : (int)DSP_BAD_PARAM;
}

size_t mote_block_column(size_t block, size_t readings, size_t axes, float rate_hz,
                         const float *params, size_t col, char *text, size_t size) {
    const dsp_config config = {readings, axes, rate_hz, params};
    return block < mote_registry_count ? mote_registry[block]->column(&config, col, text, size) : 0;
}

void mote_block_prepare(size_t block, size_t readings, size_t axes, float rate_hz,
                        const float *params, float *tables) {
    const dsp_config config = {readings, axes, rate_hz, params};
    if (block < mote_registry_count && mote_registry[block]->prepare != NULL) {
        mote_registry[block]->prepare(&config, tables);
    }
}

size_t mote_block_run(size_t block, size_t readings, size_t axes, float rate_hz,
                      const float *params, const float *tables, const float *windows, size_t count,
                      size_t window_axes, const unsigned char *axis_indices, float *features,
                      size_t feature_stride, float *scratch) {
    const dsp_config config = {readings, axes, rate_hz, params};
    float *const chosen = scratch;
    float *const rest = scratch + (axis_indices != NULL ? readings * axes : 0);
    for (size_t i = 0; i < count && block < mote_registry_count; i++) {
        const float *window = windows + i * readings * window_axes;
        if (axis_indices != NULL) {
            dsp_select_axes(chosen, window, readings, window_axes, axis_indices, axes);
            window = chosen;
        }
        if (mote_registry[block]->run(&config, tables, window, features + i * feature_stride,
                                      rest) != DSP_OK) {
            return i;
        }
    }
    return count;
}

void mote_standardise(float *x, size_t n, const float *mean, const float *inv_std, size_t cols) {
    dsp_standardise(x, n, mean, inv_std, cols);
}

size_t mote_first_not_finite(const float *x, size_t n) {
    return dsp_first_not_finite(x, n);
}
