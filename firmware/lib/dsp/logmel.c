#include "logmel.h"

#include "dsp_math.h"
#include "fft.h"
#include "mel.h"
#include "spectrum.h"

#define SHORTEST_FRAME    4u
#define SHORTEST_FFT_LOG2 5u /* the first choice after "auto" is 32 */

static size_t readings_of(float milliseconds, float rate_hz) {
    return (size_t)(milliseconds * rate_hz / 1000.0f + 0.5f); /* at most 1e8, see the ranges */
}

dsp_logmel dsp_logmel_of(const dsp_config *config) {
    const float *const params = config->params;
    const size_t choice = (size_t)params[DSP_LOGMEL_FFT_LENGTH];
    dsp_logmel mel = {0, 0, 0, 0, 0, 0.0f, 0.0f};
    mel.frame = readings_of(params[DSP_LOGMEL_FRAME_LENGTH], config->rate_hz);
    mel.stride = readings_of(params[DSP_LOGMEL_FRAME_STRIDE], config->rate_hz);
    mel.fft_length = choice == 0 ? dsp_fft_length_above(mel.frame)
                                 : (size_t)1 << (choice - 1 + SHORTEST_FFT_LOG2);
    if (mel.stride > 0 && mel.frame <= config->readings) {
        mel.frames = (config->readings - mel.frame) / mel.stride + 1;
    }
    mel.filters = (size_t)params[DSP_LOGMEL_FILTERS];
    mel.pre_emphasis = params[DSP_LOGMEL_PRE_EMPHASIS];
    mel.floor_db = params[DSP_LOGMEL_FLOOR];
    return mel;
}

static size_t bins(const dsp_logmel *mel) {
    return mel->fft_length / 2 + 1;
}

size_t dsp_logmel_tables(const dsp_logmel *mel) {
    return dsp_spectrum_tables(mel->frame, mel->fft_length) +
           dsp_mel_tables(mel->filters, bins(mel));
}

size_t dsp_logmel_scratch(const dsp_logmel *mel) {
    return mel->fft_length;
}

/* The frame with pre-emphasis, times the Hann window. */
static void load_frame(float *out, const dsp_logmel *mel, const float *hann, const float *window,
                       size_t axes, size_t begin) {
    const float emphasis = mel->pre_emphasis;
    const float *next = window + begin * axes;
    float before = begin > 0 ? next[-(ptrdiff_t)axes] : next[0];
    for (size_t i = 0; i < mel->frame; i++) {
        const float reading = *next;
        out[i] = (reading - emphasis * before) * hann[i];
        before = reading;
        next += axes;
    }
}

void dsp_logmel_frame(float *energies, const dsp_logmel *mel, const dsp_config *config,
                      const float *tables, const float *window, size_t frame, size_t axis,
                      float *scratch) {
    const float *const mel_tables = tables + dsp_spectrum_tables(mel->frame, mel->fft_length);
    load_frame(scratch, mel, dsp_spectrum_window(tables), window + axis, config->axes,
               frame * mel->stride);
    dsp_spectrum(scratch, mel->frame, mel->fft_length, tables);
    dsp_mel(energies, mel->filters, scratch, mel_tables);
    for (size_t i = 0; i < mel->filters; i++) {
        const float level = dsp_decibel(energies[i]);
        energies[i] = level < mel->floor_db ? mel->floor_db : level; /* a NaN stays one */
    }
}

#ifdef DSP_WITH_PREPARE

#include "plan.h"

const char *const dsp_logmel_fft_lengths[] = {"auto", "32",   "64",   "128",  "256",
                                              "512",  "1024", "2048", "4096", NULL};

static dsp_mel_config mel_config(const dsp_config *config) {
    const dsp_logmel mel = dsp_logmel_of(config);
    const double high = (double)config->params[DSP_LOGMEL_HIGH];
    dsp_mel_config result;
    result.filters = mel.filters;
    result.bins = bins(&mel);
    result.bin_hz = (double)config->rate_hz / (double)mel.fft_length;
    result.low_hz = (double)config->params[DSP_LOGMEL_LOW];
    result.high_hz = high > 0.0 ? high : (double)config->rate_hz / 2.0;
    return result;
}

static dsp_status check_frames(const dsp_logmel *mel, const dsp_config *config, dsp_plan *plan) {
    if (mel->frame < SHORTEST_FRAME) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "frame_length_ms",
                               "a frame has fewer than 4 readings at this rate",
                               "Make frames longer.");
    }
    if (mel->frame > DSP_FFT_MAX) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "frame_length_ms",
                               "a frame has more than 4096 readings at this rate",
                               "Make frames shorter.");
    }
    if (mel->frame > mel->fft_length) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "fft_length",
                               "a frame is longer than the Fourier transform",
                               "Choose auto or a longer FFT, or make frames shorter.");
    }
    if (mel->stride == 0) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "frame_stride_ms",
                               "the stride is shorter than one reading", "Make the stride longer.");
    }
    if (mel->frame > config->readings) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, "frame_length_ms",
                               "a frame is longer than the window",
                               "Make frames shorter, or the window longer.");
    }
    return DSP_OK;
}

static dsp_status check_filters(const dsp_config *config, dsp_plan *plan) {
    const dsp_mel_config mel = mel_config(config);
    if (mel.high_hz > (double)config->rate_hz / 2.0) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "high_hz",
                               "the highest frequency is above half the sampling rate",
                               "Lower it, or give 0 for half the rate.");
    }
    if (mel.low_hz >= mel.high_hz) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "low_hz",
                               "the lowest frequency is not below the highest", "Lower it.");
    }
    if (dsp_mel_empty_filter(&mel) < mel.filters) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "filters",
                               "a filter is so narrow that it holds no bin of the spectrum",
                               "Use fewer filters, a longer FFT, or a wider range of frequencies.");
    }
    return DSP_OK;
}

dsp_status dsp_logmel_plan(const dsp_config *config, dsp_plan *plan) {
    const dsp_logmel mel = dsp_logmel_of(config);
    const dsp_status status = check_frames(&mel, config, plan);
    if (status != DSP_OK) {
        return status;
    }
    plan->rows = mel.frames;
    plan->tables = dsp_logmel_tables(&mel);
    plan->scratch = dsp_logmel_scratch(&mel);
    return check_filters(config, plan);
}

void dsp_logmel_prepare(const dsp_config *config, float *tables) {
    const dsp_logmel mel = dsp_logmel_of(config);
    const dsp_mel_config filters = mel_config(config);
    dsp_spectrum_prepare(tables, mel.frame, mel.fft_length);
    dsp_mel_prepare(&filters, tables + dsp_spectrum_tables(mel.frame, mel.fft_length));
}

float dsp_logmel_centre_hz(const dsp_config *config, size_t filter) {
    const dsp_mel_config filters = mel_config(config);
    return (float)dsp_mel_centre_hz(&filters, filter);
}

#endif
