/*
 * Fourier transform of a real signal:  X[k] = sum x[i] exp(-2 pi i k / n),  k = 0 .. n/2.
 *
 * A complex transform of half the length (radix 4, one radix-2 stage where the length asks for it)
 * and one pass that takes the two halves apart. Twiddle factors come from a table in the order they
 * are used.
 */
#ifndef DSP_FFT_H
#define DSP_FFT_H

#include <stddef.h>

#define DSP_FFT_MIN 8u
#define DSP_FFT_MAX 4096u

/* Floats of table for length n, a power of two in DSP_FFT_MIN .. DSP_FFT_MAX. */
size_t dsp_fft_tables(size_t n);

/*
 * In place. x: n values in; out: Re X[0], Re X[n/2], Re X[1], Im X[1], Re X[2], Im X[2], ... (the
 * first two are real anyway).
 */
void dsp_fft(float *x, size_t n, const float *tables);

/*
 * |X[k]|^2, k = 0 .. n/2, in place of what dsp_fft left: x needs n/2 + 1 <= n values.
 */
void dsp_fft_power(float *x, size_t n);

#ifdef DSP_WITH_PREPARE
void dsp_fft_prepare(float *tables, size_t n);
#endif

#endif
