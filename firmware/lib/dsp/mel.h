/*
 * A mel filter bank: overlapping triangles of height 1, evenly spaced in mel = 1127 ln(1 + hz /
 * 700), from low_hz to high_hz.
 *
 * Between the centres of two neighbours every bin belongs to both, rising in one and falling in the
 * other, and the two weights add up to 1; so one weight a bin is stored and one multiplication
 * made.
 */
#ifndef DSP_MEL_H
#define DSP_MEL_H

#include <stddef.h>

/* Floats of table for a spectrum of `bins` values. */
static inline size_t dsp_mel_tables(size_t filters, size_t bins) {
    return filters + 2 + bins;
}

/* energies: `filters` values out; power: the spectrum; must not overlap. */
void dsp_mel(float *energies, size_t filters, const float *power, const float *tables);

#ifdef DSP_WITH_PREPARE
typedef struct {
    size_t filters, bins; /* bins k = 0 .. bins-1 at k * bin_hz */
    double bin_hz, low_hz, high_hz;
} dsp_mel_config;

void dsp_mel_prepare(const dsp_mel_config *config, float *tables);

/* The first filter so narrow that no bin falls into it, or `filters` when there is none. */
size_t dsp_mel_empty_filter(const dsp_mel_config *config);

/* Where the triangle of a filter has its peak, in Hz. */
double dsp_mel_centre_hz(const dsp_mel_config *config, size_t filter);
#endif

#endif
