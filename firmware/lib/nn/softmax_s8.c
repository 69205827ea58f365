/* SPDX-License-Identifier: Apache-2.0 */
#include "fixed_point.h"
#include "kernels.h"

/* Numbers below are Qm.n: m integer bits, n = 31 - m fraction bits, one sign bit. */

/* value * 2^exponent, saturating; exponent 0 .. 30. */
static int32_t shift_left(int32_t value, int32_t exponent) {
    int64_t shifted = (int64_t)value * (INT64_C(1) << exponent);
    return shifted > INT32_MAX ? INT32_MAX : (shifted < INT32_MIN ? INT32_MIN : (int32_t)shifted);
}

/* exp(a) for a in -1/4 .. 0, Q0.31: the Taylor series around -1/8 to the fourth order. */
static int32_t exp_last_quarter(int32_t a) {
    const int32_t exp_of_minus_eighth = 1895147668;
    const int32_t third = 715827883;
    int32_t x = a + (1 << 28);
    int32_t x2 = nn_multiply_high(x, x);
    int32_t x3 = nn_multiply_high(x2, x);
    int32_t x4 = nn_multiply_high(x2, x2);
    int32_t x4_over_4 = nn_divide_by_power(x4, 2);
    int32_t sum = nn_divide_by_power(nn_multiply_high(x4_over_4 + x3, third) + x2, 1);
    return exp_of_minus_eighth + nn_multiply_high(exp_of_minus_eighth, x + sum);
}

/* exp(a) for a <= 0 in Q5.26; the result is Q0.31, with 1 as 2^31 - 1. */
static int32_t exp_of_negative(int32_t a) {
    /* exp(-2^k), k = -2 .. 4, Q0.31 */
    static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308,
                                       39332535,   720401,     242};
    const int32_t quarter = 1 << 24;
    int32_t in_quarter = (a & (quarter - 1)) - quarter; /* a modulo 1/4, in -1/4 .. 0 */
    int32_t rest = in_quarter - a;                      /* a multiple of 1/4, >= 0 */
    int32_t result = exp_last_quarter(shift_left(in_quarter, 5));
    for (int bit = 0; bit < 7; bit++) {
        if (rest & (int32_t)(UINT32_C(1) << (24 + bit))) {
            result = nn_multiply_high(result, factors[bit]);
        }
    }
    return a == 0 ? INT32_MAX : result;
}

/* 1 / (1 + a) for a in 0 .. 1, both Q0.31: Newton-Raphson on half the denominator. */
static int32_t one_over_one_plus(int32_t a) {
    const int32_t forty_eight_17ths = 1515870810; /* Q2.29 */
    const int32_t minus_thirty_two_17ths = -1010580540;
    const int32_t one = 1 << 29; /* Q2.29 */
    int32_t half_denominator = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2);
    int32_t x = forty_eight_17ths + nn_multiply_high(half_denominator, minus_thirty_two_17ths);
    for (int i = 0; i < 3; i++) {
        int32_t error = one - nn_multiply_high(half_denominator, x);
        x += shift_left(nn_multiply_high(x, error), 2);
    }
    return shift_left(x, 1);
}

static int32_t leading_zeros(uint32_t value) {
    int32_t zeros = 0;
    for (uint32_t bit = UINT32_C(1) << 31; bit && !(value & bit); bit >>= 1) {
        zeros++;
    }
    return zeros;
}

/* The largest of a row's values. */
static int32_t maximum_of(const int8_t *values, int32_t count) {
    int32_t maximum = -128;
    for (int32_t i = 0; i < count; i++) {
        maximum = values[i] > maximum ? values[i] : maximum;
    }
    return maximum;
}

void nn_softmax_s8(int8_t *output, const int8_t *input, int32_t rows, int32_t depth,
                   int32_t multiplier, int32_t shift, int32_t minimum) {
    for (int32_t row = 0; row < rows; row++) {
        int32_t largest = maximum_of(input, depth);
        int32_t sum = 0; /* Q12.19 */
        for (int32_t i = 0; i < depth; i++) {
            int32_t difference = input[i] - largest;
            if (difference >= minimum) {
                int32_t exponent = nn_requantise(difference, multiplier, shift);
                sum += nn_divide_by_power(exp_of_negative(exponent), 12);
            }
        }
        int32_t headroom = leading_zeros((uint32_t)sum);
        int32_t above_one = (int32_t)(((uint32_t)sum << headroom) - (UINT32_C(1) << 31));
        int32_t reciprocal = one_over_one_plus(above_one);
        for (int32_t i = 0; i < depth; i++) {
            int32_t difference = input[i] - largest;
            int32_t value = -128;
            if (difference >= minimum) {
                int32_t exponent = nn_requantise(difference, multiplier, shift);
                int32_t share = nn_multiply_high(reciprocal, exp_of_negative(exponent));
                value += nn_divide_by_power(share, 12 - headroom + 31 - 8);
            }
            output[i] = (int8_t)nn_clamp(value, -128, 127);
        }
        input += depth;
        output += depth;
    }
}
