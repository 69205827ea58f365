#include "statistics.h"

#include <math.h>

#define CHUNK                                                                                      \
    64u /* terms summed before they join the total: rounding grows with CHUNK + n / CHUNK instead  \
           of n */

static size_t chunk_end(size_t begin, size_t n) {
    return n - begin < CHUNK ? n : begin + CHUNK;
}

/* Mean of x - x[0]. */
static float mean_shift(const float *x, size_t n, size_t stride) {
    float total = 0.0f;
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        float sum = 0.0f;
        for (size_t i = begin; i < chunk_end(begin, n); i++) {
            sum += x[i * stride] - x[0];
        }
        total += sum;
    }
    return total / (float)n;
}

float dsp_mean(const float *x, size_t n, size_t stride) {
    return x[0] + mean_shift(x, n, stride);
}

static void range_and_rms(dsp_statistics *out, const float *x, size_t n, size_t stride) {
    float total = 0.0f;
    out->minimum = out->maximum = x[0];
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        float sum = 0.0f;
        for (size_t i = begin; i < chunk_end(begin, n); i++) {
            const float value = x[i * stride];
            out->minimum = value < out->minimum ? value : out->minimum;
            out->maximum = value > out->maximum ? value : out->maximum;
            sum += value * value;
        }
        total += sum;
    }
    out->rms = sqrtf(total / (float)n);
}

static void deviation_and_crossings(dsp_statistics *out, const float *x, size_t n, size_t stride,
                                    float shift) {
    float total = 0.0f;
    size_t crossings = 0;
    int above = x[0] - x[0] - shift > 0.0f;
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        float sum = 0.0f;
        for (size_t i = begin; i < chunk_end(begin, n); i++) {
            const float off = x[i * stride] - x[0] - shift;
            sum += off * off;
            crossings += (off > 0.0f) != above;
            above = off > 0.0f;
        }
        total += sum;
    }
    out->deviation = sqrtf(total / (float)n);
    out->crossings = (float)crossings;
}

static void skewness_and_kurtosis(dsp_statistics *out, const float *x, size_t n, size_t stride,
                                  float shift) {
    out->skewness = out->kurtosis = 0.0f;
    if (!(out->deviation > 0.0f)) {
        return;
    }
    float third = 0.0f;
    float fourth = 0.0f;
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        float sum3 = 0.0f;
        float sum4 = 0.0f;
        for (size_t i = begin; i < chunk_end(begin, n); i++) {
            /* Scaled before it is cubed: neither tiny nor large readings leave the range of a
             * float. */
            const float z = (x[i * stride] - x[0] - shift) / out->deviation;
            sum3 += z * z * z;
            sum4 += z * z * (z * z);
        }
        third += sum3;
        fourth += sum4;
    }
    out->skewness = third / (float)n;
    out->kurtosis = fourth / (float)n - 3.0f;
}

void dsp_statistics_of(dsp_statistics *out, const float *x, size_t n, size_t stride) {
    const float shift = mean_shift(x, n, stride);
    out->mean = x[0] + shift;
    range_and_rms(out, x, n, stride);
    deviation_and_crossings(out, x, n, stride, shift);
    skewness_and_kurtosis(out, x, n, stride, shift);
}
