/*
 * The Hann window, scaled so that power spectra come out in the square of the signal's unit.
 */
#ifndef DSP_WINDOW_H
#define DSP_WINDOW_H

#include <stddef.h>

#ifdef DSP_WITH_PREPARE

/*
 * window[i] = c * (1 - cos(2 pi i / length)) / 2 (the periodic form), c = sqrt(2 / (fft_length *
 * sum of squares of the window)).
 *
 * With it |X[k]|^2 of a windowed frame, halved at k = 0 and n/2, is a one-sided power spectrum
 * whose sum over all k is on average the mean square of the signal
 * (scipy.signal.welch(scaling="density") times rate / fft_length).
 *
 * length at least 2 and at most fft_length; a shorter frame is padded with zeros by the caller.
 */
void dsp_window_prepare(float *window, size_t length, size_t fft_length);

#endif
#endif
