#include "features.h"

#include <stdint.h>
#include <string.h>

size_t dsp_first_not_finite(const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        if ((bits & 0x7f800000u) == 0x7f800000u) {
            return i;
        }
    }
    return n;
}

dsp_status dsp_check_finite(const float *features, size_t n) {
    return dsp_first_not_finite(features, n) == n ? DSP_OK : DSP_NOT_FINITE;
}

void dsp_select_axes(float *out, const float *window, size_t readings, size_t window_axes,
                     const unsigned char *axes, size_t count) {
    for (size_t i = 0; i < readings; i++) {
        for (size_t k = 0; k < count; k++) {
            out[i * count + k] = window[i * window_axes + axes[k]];
        }
    }
}

void dsp_standardise(float *x, size_t n, const float *mean, const float *inv_std, size_t cols) {
    for (size_t row = 0; row + cols <= n; row += cols) {
        for (size_t col = 0; col < cols; col++) {
            x[row + col] = (x[row + col] - mean[col]) * inv_std[col];
        }
    }
}
