#include "window.h"

#ifdef DSP_WITH_PREPARE

#include "prepare_math.h"

#include <math.h>

static double hann(size_t i, size_t length) {
    return 0.5 - 0.5 * dsp_cos_turns((double)i / (double)length);
}

void dsp_window_prepare(float *window, size_t length, size_t fft_length) {
    double squares = 0.0;
    for (size_t i = 0; i < length; i++) {
        squares += hann(i, length) * hann(i, length);
    }
    const double scale = sqrt(2.0 / ((double)fft_length * squares));
    for (size_t i = 0; i < length; i++) {
        window[i] = (float)(scale * hann(i, length));
    }
}

#endif
