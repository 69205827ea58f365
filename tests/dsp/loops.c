/* Loops over scalar functions, so that test_dsp_math.py can check them on millions of values in one
 * call. */
#include "dsp/dsp_math.h"

#include <stddef.h>

void log_all(float *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = dsp_log(x[i]);
    }
}

void decibel_all(float *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = dsp_decibel(x[i]);
    }
}
