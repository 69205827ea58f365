#include "iir.h"

#ifdef DSP_WITH_PREPARE
#include "prepare_math.h"
#endif

/*
 * With g = tan(pi cutoff / rate) and damping d = 1/Q:
 * a pair of poles: a1 = 1 / (1 + g (g + d)), a2 = g a1, a3 = g a2, d;   a single pole (odd orders,
 * last): g / (1 + g).
 */
#define PAIR 4u

size_t dsp_iir_tables(size_t order) {
    return PAIR * (order / 2) + order % 2;
}

static void pair(float *x, size_t n, dsp_iir_kind kind, const float *table) {
    const float a1 = table[0], a2 = table[1], a3 = table[2], damping = table[3];
    float band_state = 0.0f;
    float low_state = x[0];
    for (size_t i = 0; i < n; i++) {
        const float input = x[i];
        const float error = input - low_state;
        const float band = a1 * band_state + a2 * error;
        const float low = low_state + a2 * band_state + a3 * error;
        band_state = 2.0f * band - band_state;
        low_state = 2.0f * low - low_state;
        x[i] = kind == DSP_LOW_PASS ? low : input - damping * band - low;
    }
}

static void single(float *x, size_t n, dsp_iir_kind kind, float gain) {
    float state = x[0];
    for (size_t i = 0; i < n; i++) {
        const float input = x[i];
        const float step = (input - state) * gain;
        const float low = state + step;
        state = low + step;
        x[i] = kind == DSP_LOW_PASS ? low : input - low;
    }
}

void dsp_iir(float *x, size_t n, dsp_iir_kind kind, size_t order, const float *tables) {
    for (size_t section = 0; section < order / 2; section++) {
        pair(x, n, kind, tables + PAIR * section);
    }
    if (order % 2 != 0) {
        single(x, n, kind, tables[PAIR * (order / 2)]);
    }
}

#ifdef DSP_WITH_PREPARE

void dsp_iir_prepare(float *tables, size_t order, double turns) {
    const double g = dsp_sin_turns(turns / 2.0) / dsp_cos_turns(turns / 2.0);
    for (size_t section = 0; section < order / 2; section++) {
        /* Poles lie evenly on the left half circle; pair number `section` at this angle off the
         * imaginary axis. */
        const double angle_turns = (double)(2 * section + 1) / (double)(4 * order);
        const double damping = 2.0 * dsp_sin_turns(angle_turns);
        const double a1 = 1.0 / (1.0 + g * (g + damping));
        *tables++ = (float)a1;
        *tables++ = (float)(g * a1);
        *tables++ = (float)(g * g * a1);
        *tables++ = (float)damping;
    }
    if (order % 2 != 0) {
        *tables = (float)(g / (1.0 + g));
    }
}

#endif
