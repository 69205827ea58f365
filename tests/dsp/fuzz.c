/*
 * Throws random and hostile configs at every DSP block, with memory of exactly the planned size:
 * built with AddressSanitizer and UndefinedBehaviorSanitizer by test_dsp_sanitized.py.
 *
 * fuzz SEED ROUNDS; prints how many configs were accepted and how many windows were run.
 */
#include "dsp/features.h"
#include "registry.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LARGEST 2000000u /* floats; larger plans are legal, and not run here */

static uint64_t state;

static uint32_t random_bits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static size_t below(size_t n) {
    return random_bits() % n;
}

static float unit(void) {
    return (float)(random_bits() >> 8) * 0x1p-24f;
}

static float in_range(const dsp_param *param) {
    if (below(3) == 0) {
        return param->default_value;
    }
    if (param->kind == DSP_PARAM_BOOL) {
        return (float)below(2);
    }
    if (param->kind == DSP_PARAM_CHOICE) {
        size_t count = 0;
        while (param->choices[count] != NULL) {
            count++;
        }
        return (float)below(count);
    }
    const float span = param->maximum - param->minimum;
    const float small = below(2) ? 0.01f : 1.0f;
    const float value = param->minimum + span * unit() * small;
    return param->kind == DSP_PARAM_INT ? floorf(value) : value;
}

static float random_param(const dsp_param *param) {
    const float hostile[] = {NAN,
                             INFINITY,
                             -INFINITY,
                             -1.0f,
                             1e30f,
                             0.5f,
                             -0.0f,
                             16777216.0f,
                             param->minimum - 1.0f,
                             param->maximum + 1.0f};
    return below(40) == 0 ? hostile[below(sizeof hostile / sizeof hostile[0])] : in_range(param);
}

static size_t random_size(size_t usual) {
    const size_t hostile[] = {0, 1, 2, 7, 65, 1u << 24, (1u << 24) + 1u, SIZE_MAX, SIZE_MAX / 2};
    return below(20) == 0 ? hostile[below(sizeof hostile / sizeof hostile[0])] : 1 + below(usual);
}

static float random_rate(void) {
    const float rates[] = {0.0f,     NAN,      INFINITY, -1.0f,  1e-3f,  0.1f,    1.0f,
                           7.0f,     50.0f,    62.5f,    100.0f, 99.97f, 1000.0f, 8000.0f,
                           11025.0f, 16000.0f, 48000.0f, 1e6f,   1e7f,   1e8f};
    return rates[below(sizeof rates / sizeof rates[0])];
}

static void fill(float *window, size_t n) {
    const size_t mode = below(8);
    const float scales[] = {1.0f, 1e-3f, 9.8f, 32768.0f, 0.0f, 1e-40f, 1e18f, 3e38f};
    for (size_t i = 0; i < n; i++) {
        window[i] = (2.0f * unit() - 1.0f) * scales[mode];
    }
    if (below(30) == 0) {
        window[below(n)] = below(2) ? NAN : INFINITY;
    }
}

static void *exactly(size_t floats) {
    void *memory = malloc(floats * sizeof(float));
    if (memory == NULL && floats > 0) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    return memory;
}

static void check(int holds, const char *what, const dsp_block *block) {
    if (!holds) {
        fprintf(stderr, "%s: %s\n", block->name, what);
        abort();
    }
}

static void check_names(const dsp_block *block, const dsp_config *config, const dsp_plan *plan) {
    for (size_t i = 0; i < 3; i++) {
        char text[24];
        const size_t axis = block->column(config, below(plan->cols), text, 1 + below(sizeof text));
        check(axis < config->axes, "a column of no axis", block);
    }
}

static void run(const dsp_block *block, const dsp_config *config, const dsp_plan *plan) {
    const size_t values = config->readings * config->axes;
    const size_t count = plan->rows * plan->cols;
    float *tables = exactly(plan->tables);
    float *window = exactly(values);
    float *features = exactly(count);
    float *scratch = exactly(plan->scratch);
    if (block->prepare != NULL) {
        block->prepare(config, tables);
    }
    check(dsp_check_finite(tables, plan->tables) == DSP_OK, "a table is not finite", block);
    fill(window, values);
    const dsp_status status = block->run(config, tables, window, features, scratch);
    check(status == DSP_OK || status == DSP_NOT_FINITE, "run refused a planned config", block);
    for (size_t i = 0; i < count; i++) {
        const float feature =
            features[i]; /* every one was written: MemorySanitizer apart, NaN would show in tests */
        check(status != DSP_OK || (feature - feature == 0.0f), "a feature is not finite", block);
    }
    check_names(block, config, plan);
    free(tables);
    free(window);
    free(features);
    free(scratch);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        return 2;
    }
    state = strtoull(argv[1], NULL, 10) * 2654435769u + 1u;
    const long rounds = strtol(argv[2], NULL, 10);
    long accepted = 0;
    long done = 0;
    for (long i = 0; i < rounds; i++) {
        const dsp_block *block = mote_registry[below(mote_registry_count)];
        float *params = exactly(block->param_count);
        for (size_t k = 0; k < block->param_count; k++) {
            params[k] = random_param(&block->params[k]);
        }
        const dsp_config config = {random_size(below(4) ? 600 : 20000), random_size(4),
                                   random_rate(), params};
        dsp_plan plan;
        const dsp_status status = block->plan(&config, &plan);
        check((status == DSP_OK) == (plan.reason == NULL), "a refusal without a reason", block);
        accepted += status == DSP_OK;
        if (status == DSP_OK && config.readings * config.axes <= LARGEST &&
            plan.tables + plan.scratch <= LARGEST) {
            run(block, &config, &plan);
            done++;
        }
        free(params);
    }
    printf("%ld %ld\n", accepted, done);
    return 0;
}
