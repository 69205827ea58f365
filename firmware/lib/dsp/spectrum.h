/*
 * Power spectrum of one frame; see window.h for its scale.
 */
#ifndef DSP_SPECTRUM_H
#define DSP_SPECTRUM_H

#include <stddef.h>

/* Floats of table. */
size_t dsp_spectrum_tables(size_t frame, size_t fft_length);

/* The first `frame` floats of the table are the window to multiply the frame by. */
static inline const float *dsp_spectrum_window(const float *tables) {
    return tables;
}

/*
 * One-sided power spectrum in place.
 *
 * x       in: `frame` windowed values, room for fft_length; out: fft_length/2 + 1 powers, in u^2
 * where u is the signal's unit frame   at most fft_length; the rest is filled with zeros
 */
void dsp_spectrum(float *x, size_t frame, size_t fft_length, const float *tables);

/* The smallest power of two that is at least n, from DSP_FFT_MIN on; 0 when n is above DSP_FFT_MAX.
 */
size_t dsp_fft_length_above(size_t n);

/* The largest power of two that is at most n, up to DSP_FFT_MAX; 0 when n is below DSP_FFT_MIN. */
size_t dsp_fft_length_below(size_t n);

#ifdef DSP_WITH_PREPARE
void dsp_spectrum_prepare(float *tables, size_t frame, size_t fft_length);
#endif

#endif
