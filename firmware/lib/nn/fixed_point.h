/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NN_FIXED_POINT_H
#define NN_FIXED_POINT_H

#include <stdint.h>

/*
 * The fixed-point arithmetic that the kernels share; gemmlowp's definitions (see
 * gemmlowp/fixedpoint/fixedpoint.h), because LiteRT's reference kernels are built on them.
 */

static inline int32_t nn_clamp(int32_t value, int32_t minimum, int32_t maximum) {
    return value < minimum ? minimum : (value > maximum ? maximum : value);
}

/* a * b / 2^31 rounded to nearest, ties up; a and b are not both -2^31. */
static inline int32_t nn_multiply_high(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (INT64_C(1) << 30)) >> 31);
}

/* value / 2^exponent rounded to nearest, ties away from zero; exponent 0 .. 31. */
static inline int32_t nn_divide_by_power(int32_t value, int32_t exponent) {
    int32_t mask = (int32_t)((INT64_C(1) << exponent) - 1);
    int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + ((value & mask) > threshold ? 1 : 0);
}

/* value * multiplier * 2^(shift - 31), double rounding. value * 2^shift must fit int32. */
static inline int32_t nn_requantise(int32_t value, int32_t multiplier, int32_t shift) {
    int32_t left = shift > 0 ? shift : 0;
    int32_t right = shift > 0 ? 0 : -shift;
    int32_t shifted = (int32_t)((int64_t)value * (INT64_C(1) << left));
    return nn_divide_by_power(nn_multiply_high(shifted, multiplier), right);
}

#endif
