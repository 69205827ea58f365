#include "mel.h"

/*
 * Table: filters + 2 starts, then one weight a bin. Segment s holds the bins starts[s] ..
 * starts[s+1]-1, between the peaks of filters s-1 and s: they rise in filter s (weight w) and fall
 * in filter s-1 (weight 1-w).
 */
void dsp_mel(float *energies, size_t filters, const float *power, const float *tables) {
    const float *const weights = tables + filters + 2;
    for (size_t segment = 0; segment <= filters; segment++) {
        const size_t end = (size_t)tables[segment + 1];
        float rising = 0.0f;
        float falling = 0.0f;
        for (size_t bin = (size_t)tables[segment]; bin < end; bin++) {
            const float part = weights[bin] * power[bin];
            rising += part;
            falling += power[bin] - part;
        }
        if (segment > 0) {
            energies[segment - 1] += falling;
        }
        if (segment < filters) {
            energies[segment] = rising;
        }
    }
}

#ifdef DSP_WITH_PREPARE

#include "prepare_math.h"

#include <math.h>

static double to_mel(double hz) {
    return 1127.0 * dsp_log_double(1.0 + hz / 700.0);
}

static double to_hz(double mel) {
    return 700.0 * (dsp_exp(mel / 1127.0) - 1.0);
}

/* Edge 0 is low_hz, edge filters + 1 is high_hz; filter f peaks at edge f + 1. */
static double edge_hz(const dsp_mel_config *config, size_t edge) {
    if (edge == 0 || edge == config->filters + 1) {
        return edge == 0 ? config->low_hz : config->high_hz;
    }
    const double low = to_mel(config->low_hz);
    const double high = to_mel(config->high_hz);
    return to_hz(low + (high - low) * (double)edge / (double)(config->filters + 1));
}

static size_t first_bin_from(const dsp_mel_config *config, double hz) {
    const double bin = ceil(hz / config->bin_hz);
    return bin < (double)config->bins ? (size_t)bin : config->bins;
}

static double rising_weight(const dsp_mel_config *config, size_t segment, size_t bin) {
    const double low = edge_hz(config, segment);
    const double high = edge_hz(config, segment + 1);
    const double weight = ((double)bin * config->bin_hz - low) / (high - low);
    return weight < 0.0 ? 0.0 : (weight > 1.0 ? 1.0 : weight);
}

void dsp_mel_prepare(const dsp_mel_config *config, float *tables) {
    float *const weights = tables + config->filters + 2;
    for (size_t bin = 0; bin < config->bins; bin++) {
        weights[bin] = 0.0f;
    }
    for (size_t edge = 0; edge < config->filters + 2; edge++) {
        tables[edge] = (float)first_bin_from(config, edge_hz(config, edge));
    }
    for (size_t segment = 0; segment <= config->filters; segment++) {
        for (size_t bin = (size_t)tables[segment]; bin < (size_t)tables[segment + 1]; bin++) {
            weights[bin] = (float)rising_weight(config, segment, bin);
        }
    }
}

size_t dsp_mel_empty_filter(const dsp_mel_config *config) {
    for (size_t filter = 0; filter < config->filters; filter++) {
        /* A bin right on the lower edge has weight 0: what counts lies strictly between the edges.
         */
        const double above = floor(edge_hz(config, filter) / config->bin_hz) + 1.0;
        if (above * config->bin_hz >= edge_hz(config, filter + 2)) {
            return filter;
        }
    }
    return config->filters;
}

double dsp_mel_centre_hz(const dsp_mel_config *config, size_t filter) {
    return edge_hz(config, filter + 1);
}

#endif
