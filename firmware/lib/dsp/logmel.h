/*
 * Mel energies of short frames in decibels: what the blocks mfe and mfcc share, their first
 * parameters included.
 *
 * For each frame and axis: pre-emphasis y[i] = x[i] - p x[i-1] (the reading before the frame is the
 * real one; before the window the first one is repeated) -> Hann window -> power spectrum -> mel
 * filter bank -> 10 log10, never below floor_db.
 */
#ifndef DSP_LOGMEL_H
#define DSP_LOGMEL_H

#include "block.h"

/* A config in readings; the same on every machine, for it is computed in single precision. */
typedef struct {
    size_t frame, stride, fft_length; /* readings; fft_length 0: the frame is too long for any */
    size_t frames, filters;
    float pre_emphasis, floor_db;
} dsp_logmel;

enum {
    DSP_LOGMEL_FRAME_LENGTH,
    DSP_LOGMEL_FRAME_STRIDE,
    DSP_LOGMEL_FFT_LENGTH,
    DSP_LOGMEL_FILTERS,
    DSP_LOGMEL_LOW,
    DSP_LOGMEL_HIGH,
    DSP_LOGMEL_PRE_EMPHASIS,
    DSP_LOGMEL_FLOOR,
    DSP_LOGMEL_PARAM_COUNT
};

dsp_logmel dsp_logmel_of(const dsp_config *config);

/* Floats of table and of scratch. */
size_t dsp_logmel_tables(const dsp_logmel *mel);
size_t dsp_logmel_scratch(const dsp_logmel *mel);

/* energies: mel->filters values in dB of frame number `frame` of one axis. */
void dsp_logmel_frame(float *energies, const dsp_logmel *mel, const dsp_config *config,
                      const float *tables, const float *window, size_t frame, size_t axis,
                      float *scratch);

#ifdef DSP_WITH_PREPARE

extern const char *const dsp_logmel_fft_lengths[];

/* Checks the shared parameters, after dsp_plan_begin; sets plan->rows, tables and scratch. */
dsp_status dsp_logmel_plan(const dsp_config *config, dsp_plan *plan);

void dsp_logmel_prepare(const dsp_config *config, float *tables);

/* Where filter number `filter` has its peak, in Hz. */
float dsp_logmel_centre_hz(const dsp_config *config, size_t filter);

/* The first DSP_LOGMEL_PARAM_COUNT entries of a block's parameter table. */
#define DSP_LOGMEL_PARAMS(default_filters)                                                         \
    {.name = "frame_length_ms",                                                                    \
     .title = "Frame length",                                                                      \
     .kind = DSP_PARAM_FLOAT,                                                                      \
     .default_value = 32,                                                                          \
     .minimum = 0.1f,                                                                              \
     .maximum = 10000,                                                                             \
     .unit = "ms",                                                                                 \
     .help = "How long a slice is whose spectrum is taken. Longer: finer in frequency, coarser "   \
             "in time."},                                                                          \
        {.name = "frame_stride_ms",                                                                \
         .title = "Frame stride",                                                                  \
         .kind = DSP_PARAM_FLOAT,                                                                  \
         .default_value = 20,                                                                      \
         .minimum = 0.1f,                                                                          \
         .maximum = 10000,                                                                         \
         .unit = "ms",                                                                             \
         .help = "From the start of one frame to the start of the next. Longer: fewer features, "  \
                 "less work."},                                                                    \
        {.name = "fft_length",                                                                     \
         .title = "FFT length",                                                                    \
         .kind = DSP_PARAM_CHOICE,                                                                 \
         .default_value = 0,                                                                       \
         .unit = "readings",                                                                       \
         .choices = dsp_logmel_fft_lengths,                                                        \
         .help = "Length of the Fourier transform. auto: the smallest that holds a frame; longer " \
                 "ones are padded with zeros."},                                                   \
        {.name = "filters",                                                                        \
         .title = "Filters",                                                                       \
         .kind = DSP_PARAM_INT,                                                                    \
         .default_value = default_filters,                                                         \
         .minimum = 1,                                                                             \
         .maximum = 128,                                                                           \
         .unit = "",                                                                               \
         .help = "How many bands of the mel scale: narrow for low tones, wide for high ones, as "  \
                 "the ear has them."},                                                             \
        {.name = "low_hz",                                                                         \
         .title = "Lowest frequency",                                                              \
         .kind = DSP_PARAM_FLOAT,                                                                  \
         .default_value = 0,                                                                       \
         .minimum = 0,                                                                             \
         .maximum = 5e6f,                                                                          \
         .unit = "Hz",                                                                             \
         .help = "Where the lowest filter begins. Raise it to leave out hum and rumble."},         \
        {.name = "high_hz",                                                                        \
         .title = "Highest frequency",                                                             \
         .kind = DSP_PARAM_FLOAT,                                                                  \
         .default_value = 0,                                                                       \
         .minimum = 0,                                                                             \
         .maximum = 5e6f,                                                                          \
         .unit = "Hz",                                                                             \
         .help = "Where the highest filter ends. 0: half the sampling rate."},                     \
        {.name = "pre_emphasis",                                                                   \
         .title = "Pre-emphasis",                                                                  \
         .kind = DSP_PARAM_FLOAT,                                                                  \
         .default_value = 0.97f,                                                                   \
         .minimum = 0,                                                                             \
         .maximum = 1,                                                                             \
         .unit = "",                                                                               \
         .help = "Lifts high frequencies, which are weak in speech, by subtracting this part of "  \
                 "the reading before. 0: off."},                                                   \
    {                                                                                              \
        .name = "floor_db", .title = "Noise floor", .kind = DSP_PARAM_FLOAT, .default_value = -90, \
        .minimum = -200, .maximum = 200, .unit = "dB",                                             \
        .help = "Bands weaker than this count as this strong. 0 dB is a mean square of 1 in the "  \
                "signal's unit; a full-scale sine of sound has -3 dB."                             \
    }

#endif
#endif
