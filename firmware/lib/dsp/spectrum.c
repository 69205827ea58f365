#include "spectrum.h"

#include "fft.h"
#include "window.h"

size_t dsp_spectrum_tables(size_t frame, size_t fft_length) {
    return frame + dsp_fft_tables(fft_length);
}

void dsp_spectrum(float *x, size_t frame, size_t fft_length, const float *tables) {
    for (size_t i = frame; i < fft_length; i++) {
        x[i] = 0.0f;
    }
    dsp_fft(x, fft_length, tables + frame);
    dsp_fft_power(x, fft_length);
    x[0] *= 0.5f;
    x[fft_length / 2] *= 0.5f;
}

size_t dsp_fft_length_above(size_t n) {
    size_t length = DSP_FFT_MIN;
    while (length < n && length <= DSP_FFT_MAX) {
        length *= 2;
    }
    return length <= DSP_FFT_MAX ? length : 0;
}

size_t dsp_fft_length_below(size_t n) {
    size_t length = DSP_FFT_MAX;
    while (length > n && length >= DSP_FFT_MIN) {
        length /= 2;
    }
    return length >= DSP_FFT_MIN ? length : 0;
}

#ifdef DSP_WITH_PREPARE

void dsp_spectrum_prepare(float *tables, size_t frame, size_t fft_length) {
    dsp_window_prepare(tables, frame, fft_length);
    dsp_fft_prepare(tables + frame, fft_length);
}

#endif
