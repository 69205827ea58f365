#include "fft.h"

#ifdef DSP_WITH_PREPARE
#include "prepare_math.h"
#endif

/*
 * Table: for every radix-4 stage but a first one of length 1, for k = 0 .. length-1:
 *     cos, sin of k/(4 length), 2k/(4 length), 3k/(4 length) turns        (6 floats)
 * then for the last pass, k = 1 .. n/4: cos, sin of k/n turns             (2 floats)
 */

/* Length of the sub-transforms that the first radix-4 stage with twiddles joins: 4 or, after a
 * radix-2 stage, 2. */
static size_t first_length(size_t half) {
    size_t length = half;
    while (length > 4) {
        length /= 4;
    }
    return length;
}

size_t dsp_fft_tables(size_t n) {
    size_t count = 2 * (n / 4);
    for (size_t length = first_length(n / 2); 4 * length <= n / 2; length *= 4) {
        count += 6 * length;
    }
    return count;
}

static void swap_pair(float *x, size_t a, size_t b) {
    for (size_t part = 0; part < 2; part++) {
        const float kept = x[2 * a + part];
        x[2 * a + part] = x[2 * b + part];
        x[2 * b + part] = kept;
    }
}

/* Complex value i goes to where i's bits lie backwards. */
static void reverse_bits(float *x, size_t count) {
    size_t reversed = 0;
    for (size_t i = 0; i < count; i++) {
        if (i < reversed) {
            swap_pair(x, i, reversed);
        }
        size_t bit = count / 2;
        while (bit > 0 && (reversed & bit) != 0) {
            reversed -= bit;
            bit /= 2;
        }
        reversed += bit;
    }
}

static void first_radix2(float *x, size_t count) {
    for (size_t i = 0; i < 2 * count; i += 4) {
        const float re = x[i + 2];
        const float im = x[i + 3];
        x[i + 2] = x[i] - re;
        x[i + 3] = x[i + 1] - im;
        x[i] += re;
        x[i + 1] += im;
    }
}

static void first_radix4(float *x, size_t count) {
    for (float *p = x; p < x + 2 * count; p += 8) {
        const float sum_re = p[0] + p[2], sum_im = p[1] + p[3];
        const float diff_re = p[0] - p[2], diff_im = p[1] - p[3];
        const float odd_re = p[4] + p[6], odd_im = p[5] + p[7];
        const float turn_re = p[4] - p[6], turn_im = p[5] - p[7];
        p[0] = sum_re + odd_re;
        p[1] = sum_im + odd_im;
        p[2] = diff_re + turn_im;
        p[3] = diff_im - turn_re;
        p[4] = sum_re - odd_re;
        p[5] = sum_im - odd_im;
        p[6] = diff_re - turn_im;
        p[7] = diff_im + turn_re;
    }
}

/*
 * Joins four transforms of `length` into one. Bits are reversed, so the quarters hold the readings
 * 0, 2, 1, 3 modulo 4: the second quarter turns by w^2k, the third by w^k, the fourth by w^3k.
 */
static void radix4(float *x, size_t length, const float *twiddles) {
    float *const second = x + 2 * length;
    float *const third = x + 4 * length;
    float *const fourth = x + 6 * length;
    for (size_t k = 0; k < length; k++) {
        const float *const w =
            twiddles + 6 * k; /* cos and sin; the forward transform turns by -angle */
        const size_t re = 2 * k;
        const size_t im = re + 1;
        const float b_re = third[re] * w[0] + third[im] * w[1];
        const float b_im = third[im] * w[0] - third[re] * w[1];
        const float c_re = second[re] * w[2] + second[im] * w[3];
        const float c_im = second[im] * w[2] - second[re] * w[3];
        const float d_re = fourth[re] * w[4] + fourth[im] * w[5];
        const float d_im = fourth[im] * w[4] - fourth[re] * w[5];
        const float sum_re = x[re] + c_re, sum_im = x[im] + c_im;
        const float diff_re = x[re] - c_re, diff_im = x[im] - c_im;
        const float odd_re = b_re + d_re, odd_im = b_im + d_im;
        const float turn_re = b_re - d_re, turn_im = b_im - d_im;
        x[re] = sum_re + odd_re;
        x[im] = sum_im + odd_im;
        second[re] = diff_re + turn_im;
        second[im] = diff_im - turn_re;
        third[re] = sum_re - odd_re;
        third[im] = sum_im - odd_im;
        fourth[re] = diff_re - turn_im;
        fourth[im] = diff_im + turn_re;
    }
}

/* Returns the table behind what it used. */
static const float *complex_fft(float *x, size_t count, const float *tables) {
    reverse_bits(x, count);
    size_t length = first_length(count);
    if (length == 4) {
        first_radix4(x, count);
    } else {
        first_radix2(x, count);
    }
    for (; 4 * length <= count; length *= 4) {
        for (size_t block = 0; block < count; block += 4 * length) {
            radix4(x + 2 * block, length, tables);
        }
        tables += 6 * length;
    }
    return tables;
}

/*
 * With Z the transform of z[i] = x[2i] + j x[2i+1]:  even = (Z[k] + conj Z[m-k]) / 2,  odd = (Z[k]
 * - conj Z[m-k]) / 2j, X[k] = even + w^k odd  and  X[m-k] = conj(even - w^k odd),  m = n/2.
 */
static void take_apart(float *x, size_t n, const float *twiddles) {
    const float first = x[0];
    x[0] = first + x[1];
    x[1] = first - x[1];
    for (size_t k = 1; k <= n / 4; k++) {
        float *const low = x + 2 * k;
        float *const high = x + n - 2 * k;
        const float cosine = twiddles[2 * k - 2];
        const float sine = twiddles[2 * k - 1];
        const float even_re = 0.5f * (low[0] + high[0]);
        const float even_im = 0.5f * (low[1] - high[1]);
        const float odd_re = 0.5f * (low[1] + high[1]);
        const float odd_im = 0.5f * (high[0] - low[0]);
        const float turned_re = odd_re * cosine + odd_im * sine;
        const float turned_im = odd_im * cosine - odd_re * sine;
        high[0] = even_re - turned_re;
        high[1] = turned_im - even_im;
        low[0] = even_re + turned_re;
        low[1] = even_im + turned_im;
    }
}

void dsp_fft(float *x, size_t n, const float *tables) {
    take_apart(x, n, complex_fft(x, n / 2, tables));
}

void dsp_fft_power(float *x, size_t n) {
    const float last = x[1] * x[1];
    x[0] = x[0] * x[0];
    for (size_t k = 1; k < n / 2; k++) {
        x[k] = x[2 * k] * x[2 * k] + x[2 * k + 1] * x[2 * k + 1];
    }
    x[n / 2] = last;
}

#ifdef DSP_WITH_PREPARE

static float *put_turn(float *tables, size_t part, size_t whole) {
    const double turns = (double)part / (double)whole;
    *tables++ = (float)dsp_cos_turns(turns);
    *tables++ = (float)dsp_sin_turns(turns);
    return tables;
}

void dsp_fft_prepare(float *tables, size_t n) {
    for (size_t length = first_length(n / 2); 4 * length <= n / 2; length *= 4) {
        for (size_t k = 0; k < length; k++) {
            for (size_t times = 1; times <= 3; times++) {
                tables = put_turn(tables, times * k, 4 * length);
            }
        }
    }
    for (size_t k = 1; k <= n / 4; k++) {
        tables = put_turn(tables, k, n);
    }
}

#endif
