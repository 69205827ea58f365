#include "dct.h"

void dsp_dct(float *out, size_t count, const float *x, size_t n, const float *tables) {
    for (size_t k = 0; k < count; k++) {
        const float *const row = tables + k * n;
        float sum = 0.0f;
        for (size_t i = 0; i < n; i++) {
            sum += x[i] * row[i];
        }
        out[k] = sum;
    }
}

#ifdef DSP_WITH_PREPARE

#include "prepare_math.h"

#include <math.h>

void dsp_dct_prepare(float *tables, size_t n, size_t count) {
    for (size_t k = 0; k < count; k++) {
        const double scale = sqrt((k == 0 ? 1.0 : 2.0) / (double)n);
        for (size_t i = 0; i < n; i++) {
            const double turns = (double)(k * (2 * i + 1)) / (double)(4 * n);
            *tables++ = (float)(scale * dsp_cos_turns(turns));
        }
    }
}

#endif
