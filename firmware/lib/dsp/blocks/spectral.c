/*
 * spectral: which frequencies are in each axis, and how strong; for vibration and repeated motion.
 *
 * Per axis: optional Butterworth filter -> mean removed -> RMS, skewness, kurtosis -> power spectra
 * of Hann-windowed frames, their mean (Welch 1967) or maximum -> peaks, bands, in decibels or in
 * the square of the axis' unit. Bands add up to the mean square of the signal between low_hz and
 * high_hz.
 *
 * Features: one row; of the first axis: the chosen figures, frequency and power of each peak, the
 * bands; then of the next axis.
 */
#include "../block.h"
#include "../dsp_math.h"
#include "../features.h"
#include "../fft.h"
#include "../iir.h"
#include "../plan.h"
#include "../spectrum.h"
#include "../statistics.h"
#include "../text.h"

extern const dsp_block dsp_block_spectral;

enum {
    FILTER,
    CUTOFF,
    ORDER,
    FFT_LENGTH,
    OVERLAP,
    COMBINE,
    LOW,
    HIGH,
    BANDS,
    DECIBEL,
    FLOOR,
    RMS,
    SKEWNESS,
    KURTOSIS,
    PEAKS,
    PARAM_COUNT
};
enum { NO_FILTER, LOW_PASS, HIGH_PASS };
enum { COMBINE_MEAN, COMBINE_MAX };

#define AUTO_LONGEST      128u /* of fft_length "auto": 64 bins an axis are enough to begin with */
#define SHORTEST_FFT_LOG2 3u   /* the first choice after "auto" is 8 */

/* A config in readings and bins. */
typedef struct {
    size_t order; /* 0: no filter */
    size_t fft_length, hop;
    size_t first, last; /* bins */
    size_t bands, peaks;
    size_t figures; /* how many of RMS, skewness, kurtosis */
    size_t per_axis;
} layout;

/* The bin at or above (up = 1) or at or below (up = 0) a frequency; one beyond the last when it is
 * higher than all. */
static size_t bin_at(float hz, float rate_hz, size_t fft_length, size_t up) {
    const float position = hz * (float)fft_length / rate_hz;
    if (position > (float)(fft_length / 2)) {
        return fft_length / 2 + up;
    }
    const size_t below = (size_t)position;
    return below + (up != 0 && (float)below < position);
}

static size_t choose_fft_length(const dsp_config *config) {
    const size_t choice = (size_t)config->params[FFT_LENGTH];
    if (choice != 0) {
        return (size_t)1 << (choice - 1 + SHORTEST_FFT_LOG2);
    }
    const size_t longest = dsp_fft_length_below(config->readings);
    return longest < AUTO_LONGEST ? longest : AUTO_LONGEST;
}

static void place_bands(layout *out, const dsp_config *config) {
    const float *const params = config->params;
    out->first = bin_at(params[LOW], config->rate_hz, out->fft_length, 1);
    out->first = out->first == 0 ? 1 : out->first; /* bin 0 is the mean, which is gone */
    out->last = params[HIGH] > 0.0f ? bin_at(params[HIGH], config->rate_hz, out->fft_length, 0)
                                    : out->fft_length / 2;
    out->bands = (size_t)params[BANDS];
    if (out->bands == 0 && out->last >= out->first) {
        out->bands = out->last - out->first + 1;
    }
}

static layout layout_of(const dsp_config *config) {
    const float *const params = config->params;
    layout out = {0, 0, 0, 0, 0, 0, 0, 0, 0};
    out.order = (size_t)params[FILTER] == NO_FILTER ? 0 : (size_t)params[ORDER];
    out.fft_length = choose_fft_length(config);
    out.hop = params[OVERLAP] != 0.0f ? out.fft_length / 2 : out.fft_length;
    if (out.fft_length != 0) {
        place_bands(&out, config);
    }
    out.peaks = (size_t)params[PEAKS];
    out.figures = (params[RMS] != 0.0f) + (size_t)(params[SKEWNESS] != 0.0f) +
                  (size_t)(params[KURTOSIS] != 0.0f);
    out.per_axis = out.figures + 2 * out.peaks + out.bands;
    return out;
}

static void subtract_mean(float *signal, size_t n) {
    const float mean = dsp_mean(signal, n, 1);
    for (size_t i = 0; i < n; i++) {
        signal[i] -= mean;
    }
}

/* One axis, filtered, without its mean; an offset is taken off before the filter, which is more
 * precise without. */
static void load_axis(float *signal, const layout *it, const dsp_config *config,
                      const float *tables, const float *window, size_t axis) {
    for (size_t i = 0; i < config->readings; i++) {
        signal[i] = window[i * config->axes + axis];
    }
    subtract_mean(signal, config->readings);
    if (it->order > 0) {
        const dsp_iir_kind kind =
            (size_t)config->params[FILTER] == LOW_PASS ? DSP_LOW_PASS : DSP_HIGH_PASS;
        dsp_iir(signal, config->readings, kind, it->order, tables);
        subtract_mean(signal, config->readings);
    }
}

static float *put_figures(float *next, const dsp_config *config, const float *signal) {
    dsp_statistics all;
    dsp_statistics_of(&all, signal, config->readings, 1);
    if (config->params[RMS] != 0.0f) {
        *next++ = all.rms;
    }
    if (config->params[SKEWNESS] != 0.0f) {
        *next++ = all.skewness;
    }
    if (config->params[KURTOSIS] != 0.0f) {
        *next++ = all.kurtosis;
    }
    return next;
}

/* powers: fft_length/2 + 1 values, mean or maximum over all frames. */
static void combine_frames(float *powers, float *frame, const layout *it, const dsp_config *config,
                           const float *tables, const float *signal) {
    const float *const hann = dsp_spectrum_window(tables);
    const size_t bins = it->fft_length / 2 + 1;
    const int keep_max = (size_t)config->params[COMBINE] == COMBINE_MAX;
    size_t frames = 0;
    for (size_t k = 0; k < bins; k++) {
        powers[k] = 0.0f;
    }
    for (size_t at = 0; at + it->fft_length <= config->readings; at += it->hop) {
        for (size_t i = 0; i < it->fft_length; i++) {
            frame[i] = signal[at + i] * hann[i];
        }
        dsp_spectrum(frame, it->fft_length, it->fft_length, tables);
        for (size_t k = 0; k < bins; k++) {
            const float larger = frame[k] < powers[k] ? powers[k] : frame[k];
            powers[k] = keep_max ? larger : powers[k] + frame[k];
        }
        frames++;
    }
    for (size_t k = 0; k < bins && !keep_max; k++) {
        powers[k] /= (float)frames;
    }
}

static float level(const dsp_config *config, float power) {
    if (config->params[DECIBEL] == 0.0f) {
        return power;
    }
    const float decibel = dsp_decibel(power);
    return decibel < config->params[FLOOR] ? config->params[FLOOR] : decibel; /* NaN stays one */
}

static int is_peak(const layout *it, const float *powers, size_t k) {
    const float next = k < it->fft_length / 2 ? powers[k + 1] : 0.0f;
    return powers[k] > powers[k - 1] && powers[k] >= next;
}

/* The highest peak after `before` in order of falling power; 0 when there is none. before = 0: the
 * highest of all. */
static size_t next_peak(const layout *it, const float *powers, size_t before) {
    size_t best = 0;
    for (size_t k = it->first; k <= it->last; k++) {
        const int comes_after = before == 0 || powers[k] < powers[before] ||
                                (powers[k] == powers[before] && k > before);
        if (is_peak(it, powers, k) && comes_after && (best == 0 || powers[k] > powers[best])) {
            best = k;
        }
    }
    return best;
}

static float *put_peaks(float *next, const layout *it, const dsp_config *config,
                        const float *powers) {
    size_t peak = 0;
    for (size_t i = 0; i < it->peaks; i++) {
        peak = i > 0 && peak == 0 ? 0 : next_peak(it, powers, peak);
        *next++ = (float)peak * config->rate_hz / (float)it->fft_length;
        *next++ = level(config, peak == 0 ? 0.0f : powers[peak]);
    }
    return next;
}

/* Where band number `band` begins; bins are dealt out evenly. */
static size_t band_start(const layout *it, size_t band) {
    return it->first + band * (it->last - it->first + 1) / it->bands;
}

static float *put_bands(float *next, const layout *it, const dsp_config *config,
                        const float *powers) {
    for (size_t band = 0; band < it->bands; band++) {
        float sum = 0.0f;
        for (size_t k = band_start(it, band); k < band_start(it, band + 1); k++) {
            sum += powers[k];
        }
        *next++ = level(config, sum);
    }
    return next;
}

static dsp_status run(const dsp_config *config, const float *tables, const float *window,
                      float *features, float *scratch) {
    const layout it = layout_of(config);
    const float *const spectrum_tables = tables + dsp_iir_tables(it.order);
    float *const signal = scratch;
    float *const frame = signal + config->readings;
    float *const powers = frame + it.fft_length;
    float *next = features;
    for (size_t axis = 0; axis < config->axes; axis++) {
        load_axis(signal, &it, config, tables, window, axis);
        if (it.figures > 0) {
            next = put_figures(next, config, signal);
        }
        combine_frames(powers, frame, &it, config, spectrum_tables, signal);
        next = put_peaks(next, &it, config, powers);
        next = put_bands(next, &it, config, powers);
    }
    return dsp_check_finite(features, config->axes * it.per_axis);
}

#ifdef DSP_WITH_PREPARE

static const char *const filters[] = {"none", "low", "high", NULL};
static const char *const fft_lengths[] = {"auto", "8",   "16",   "32",   "64",   "128",
                                          "256",  "512", "1024", "2048", "4096", NULL};
static const char *const combinations[] = {"mean", "max", NULL};

#define CHOICE(name_, title_, unit_, choices_, help_)                                              \
    {                                                                                              \
        .name = name_, .title = title_, .kind = DSP_PARAM_CHOICE, .default_value = 0,              \
        .unit = unit_, .choices = choices_, .help = help_                                          \
    }
#define NUMBER(name_, title_, kind_, default_, minimum_, maximum_, unit_, help_)                   \
    {                                                                                              \
        .name = name_, .title = title_, .kind = kind_, .default_value = default_,                  \
        .minimum = minimum_, .maximum = maximum_, .unit = unit_, .help = help_                     \
    }
#define SWITCH(name_, title_, on, help_)                                                           \
    {                                                                                              \
        .name = name_, .title = title_, .kind = DSP_PARAM_BOOL, .default_value = on, .unit = "",   \
        .help = help_                                                                              \
    }

static const dsp_param params[PARAM_COUNT] = {
    CHOICE("filter", "Filter", "", filters,
           "Butterworth filter before everything else. low keeps slow movement, high takes out "
           "gravity and drift."),
    NUMBER("cutoff_hz", "Cutoff", DSP_PARAM_FLOAT, 3, 0.0001f, 5e6f, "Hz",
           "Where the filter has -3 dB. Only with a filter."),
    NUMBER("order", "Order", DSP_PARAM_INT, 4, 1, DSP_IIR_MAX_ORDER, "",
           "How steep the filter is: 6 dB an octave for each. Only with a filter."),
    CHOICE("fft_length", "FFT length", "readings", fft_lengths,
           "Readings in a frame. Longer: finer in frequency, more features. auto: as long as the "
           "window allows, at most 128."),
    SWITCH("overlap", "Overlap", 1,
           "Frames overlap by half, so that every reading counts the same."),
    CHOICE("combine", "Combine frames", "", combinations,
           "mean: the average spectrum, steady. max: the strongest of each frequency, catches "
           "short events."),
    NUMBER("low_hz", "Lowest frequency", DSP_PARAM_FLOAT, 0, 0, 5e6f, "Hz",
           "Frequencies below are left out."),
    NUMBER("high_hz", "Highest frequency", DSP_PARAM_FLOAT, 0, 0, 5e6f, "Hz",
           "Frequencies above are left out. 0: half the sampling rate."),
    NUMBER("bands", "Bands", DSP_PARAM_INT, 0, 0, 2048, "",
           "Into how many bands of equal width the range is summed up. 0: each bin of the spectrum "
           "is one."),
    SWITCH("decibel", "Decibel", 1,
           "Powers as 10 log10: weak frequencies count next to strong ones."),
    NUMBER("floor_db", "Noise floor", DSP_PARAM_FLOAT, -120, -200, 200, "dB",
           "Powers below this count as this strong; 0 dB is a mean square of 1 in the axis' unit. "
           "Only with decibel."),
    SWITCH("rms", "RMS", 1,
           "Root mean square of the filtered axis without its mean: how strong it is."),
    SWITCH("skewness", "Skewness", 0, "Whether the axis leans to one side: 0 is even."),
    SWITCH("kurtosis", "Kurtosis", 0,
           "How much is in rare peaks (excess kurtosis): 0 for noise, -1.5 for a sine, high for "
           "knocks."),
    NUMBER(
        "peaks", "Peaks", DSP_PARAM_INT, 0, 0, 8, "",
        "Frequency and power of the highest peaks, the highest first; 0 Hz where there are fewer."),
};

static dsp_status check_filter(const layout *it, const dsp_config *config, dsp_plan *plan) {
    if (it->order > 0 && !(config->params[CUTOFF] < 0.499f * config->rate_hz)) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "cutoff_hz",
                               "the filter's cutoff is not below half the sampling rate",
                               "Lower it, or choose no filter.");
    }
    if (it->order > 0 && config->params[CUTOFF] < 1e-5f * config->rate_hz) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "cutoff_hz",
                               "the filter's cutoff is below a 100000th of the sampling rate",
                               "Raise it; single precision cannot filter so low.");
    }
    return DSP_OK;
}

static dsp_status check_spectrum(const layout *it, const dsp_config *config, dsp_plan *plan) {
    if (it->fft_length == 0 || it->fft_length > config->readings) {
        return dsp_plan_refuse(plan, DSP_BAD_LENGTH, "fft_length",
                               it->fft_length == 0 ? "the window has fewer than 8 readings"
                                                   : "the FFT is longer than the window",
                               "Choose a shorter FFT, or make the window longer.");
    }
    if (it->last < it->first) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "low_hz",
                               "no bin of the spectrum lies between low_hz and high_hz",
                               "Widen the range, or choose a longer FFT.");
    }
    if (it->bands > it->last - it->first + 1) {
        return dsp_plan_refuse(plan, DSP_BAD_PARAM, "bands",
                               "there are more bands than bins in the spectrum",
                               "Use fewer bands, a longer FFT or a wider range.");
    }
    return DSP_OK;
}

static dsp_status plan(const dsp_config *config, dsp_plan *plan) {
    dsp_status status = dsp_plan_begin(&dsp_block_spectral, config, plan);
    if (status != DSP_OK) {
        return status;
    }
    const layout it = layout_of(config);
    status = check_filter(&it, config, plan);
    if (status == DSP_OK) {
        status = check_spectrum(&it, config, plan);
    }
    if (status != DSP_OK) {
        return status;
    }
    plan->rows = 1;
    plan->cols = config->axes * it.per_axis;
    plan->tables = dsp_iir_tables(it.order) + dsp_spectrum_tables(it.fft_length, it.fft_length);
    plan->scratch = config->readings + it.fft_length + it.fft_length / 2 + 1;
    return dsp_plan_end(plan);
}

static void prepare(const dsp_config *config, float *tables) {
    const layout it = layout_of(config);
    if (it.order > 0) {
        dsp_iir_prepare(tables, it.order, (double)config->params[CUTOFF] / (double)config->rate_hz);
    }
    dsp_spectrum_prepare(tables + dsp_iir_tables(it.order), it.fft_length, it.fft_length);
}

static void name_band(dsp_text *out, const layout *it, const dsp_config *config, size_t band) {
    const float bin_hz = config->rate_hz / (float)it->fft_length;
    const size_t first = band_start(it, band);
    const size_t last = band_start(it, band + 1) - 1;
    const unsigned decimals = bin_hz < 0.1f ? 5 : 2;
    dsp_text_add_number(out, (float)first * bin_hz, decimals);
    if (last > first) {
        dsp_text_add(out, "-");
        dsp_text_add_number(out, (float)last * bin_hz, decimals);
    }
    dsp_text_add(out, " Hz");
}

static void name_peak(dsp_text *out, size_t number, size_t part) {
    dsp_text_add(out, "peak ");
    dsp_text_add_number(out, (float)(number + 1), 0);
    dsp_text_add(out, part == 0 ? " frequency" : " power");
}

static const char *figure_name(const dsp_config *config, size_t number) {
    size_t figure = RMS;
    while (config->params[figure] == 0.0f || number-- > 0) {
        figure++;
    }
    return params[figure].name;
}

static size_t column(const dsp_config *config, size_t col, char *text, size_t size) {
    const layout it = layout_of(config);
    const size_t place = col % it.per_axis;
    dsp_text out = dsp_text_begin(text, size);
    if (place < it.figures) {
        dsp_text_add(&out, figure_name(config, place));
    } else if (place < it.figures + 2 * it.peaks) {
        name_peak(&out, (place - it.figures) / 2, (place - it.figures) % 2);
    } else {
        name_band(&out, &it, config, place - it.figures - 2 * it.peaks);
    }
    return col / it.per_axis;
}

#endif

const dsp_block dsp_block_spectral = {
    .run = run,
#ifdef DSP_WITH_PREPARE
    .name = "spectral",
    .title = "Spectral analysis",
    .help = "Which frequencies are in each axis and how strong: for vibration and repeated motion.",
    .version = 1,
    .params = params,
    .param_count = PARAM_COUNT,
    .plan = plan,
    .prepare = prepare,
    .column = column,
#endif
};
