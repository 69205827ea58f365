/*
 * Figures of one axis. Sums run in chunks, and relative to the first reading, so that neither a
 * long window nor a large offset (gravity, a pressure of 101325 Pa) eats the precision of single
 * floats, and a constant axis has a deviation of exactly 0.
 */
#ifndef DSP_STATISTICS_H
#define DSP_STATISTICS_H

#include <stddef.h>

typedef struct {
    float mean, minimum, maximum;
    float rms;       /* square root of the mean square */
    float deviation; /* standard deviation, divided by n */
    float skewness;  /* third standardised moment, biased; 0 when the deviation is 0 */
    float kurtosis;  /* fourth standardised moment minus 3, biased; 0 when the deviation is 0 */
    float crossings; /* how often the signal crosses its mean */
} dsp_statistics;

/* x[i * stride], i = 0 .. n-1, n >= 1. */
void dsp_statistics_of(dsp_statistics *out, const float *x, size_t n, size_t stride);

/* Mean of x[i * stride]. */
float dsp_mean(const float *x, size_t n, size_t stride);

#endif
