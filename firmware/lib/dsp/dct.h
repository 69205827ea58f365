/*
 * Discrete cosine transform of type II, orthonormal:
 * out[k] = sqrt((k == 0 ? 1 : 2) / n) * sum x[i] cos(pi k (i + 1/2) / n),  k = 0 .. count-1.
 */
#ifndef DSP_DCT_H
#define DSP_DCT_H

#include <stddef.h>

/* Floats of table. */
static inline size_t dsp_dct_tables(size_t n, size_t count) {
    return n * count;
}

/* out: count <= n values; must not overlap x. */
void dsp_dct(float *out, size_t count, const float *x, size_t n, const float *tables);

#ifdef DSP_WITH_PREPARE
void dsp_dct_prepare(float *tables, size_t n, size_t count);
#endif

#endif
