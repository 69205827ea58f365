/*
 * Butterworth low-pass and high-pass filters of order 1 to 8.
 *
 * The same transfer function as scipy.signal.butter (bilinear transform, prewarped), but computed
 * as state-variable sections with trapezoidal integrators (Simper 2013, "Linear Trapezoidal
 * Integrated State Variable Filter") instead of direct-form biquads: their coefficients keep their
 * precision in single floats at cutoffs far below the rate, and a signal at rest has an exact
 * initial state.
 */
#ifndef DSP_IIR_H
#define DSP_IIR_H

#include <stddef.h>

#define DSP_IIR_MAX_ORDER 8u

typedef enum { DSP_LOW_PASS, DSP_HIGH_PASS } dsp_iir_kind;

/* Floats of table. */
size_t dsp_iir_tables(size_t order);

/*
 * Filters x in place, n values. Starts as if x[0] had been there forever, so an offset makes no
 * swing at the beginning: a low-pass begins at x[0], a high-pass at 0.
 */
void dsp_iir(float *x, size_t n, dsp_iir_kind kind, size_t order, const float *tables);

#ifdef DSP_WITH_PREPARE
/* turns = cutoff / rate, above 0 and below 1/2. The cutoff is the frequency of -3 dB. */
void dsp_iir_prepare(float *tables, size_t order, double turns);
#endif

#endif
