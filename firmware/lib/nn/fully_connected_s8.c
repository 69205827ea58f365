/* SPDX-License-Identifier: Apache-2.0 */
#include "fixed_point.h"
#include "kernels.h"

/*
 * Whether rounding the product to a double's 53 bits lifts it over the next integer, given that
 * all its fraction bits down to 2^-(shift - 32) are ones: high and low are the exact product, with
 * 2^-1 not yet added.
 */
static int32_t lifted_by_double(uint64_t high, uint32_t low) {
    int32_t dropped = 0; /* bits that a double cannot hold */
    while (high >> (21 + dropped)) {
        dropped++;
    }
    if (dropped == 0) {
        return 0;
    }
    uint64_t sum = (uint64_t)low + (UINT64_C(1) << (dropped - 1));
    return sum >> 32 ? 1 : 0;
}

/*
 * round(value * scale) as a double-precision FPU does it: the product rounded to 53 bits, ties to
 * even, then to an integer, ties away from zero. In integers, because the boards' FPUs have no
 * double. The result must fit int32.
 *
 * Rounding to 53 bits matters only for a product closer to the next tie than half its last bit;
 * a tie is even among 53-bit numbers, so "half or closer" is lifted onto it.
 */
static int32_t scaled(int32_t value, const nn_scale *scale) {
    uint32_t magnitude = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
    uint64_t low = (uint64_t)magnitude * scale->low;
    uint64_t high = (uint64_t)magnitude * scale->high + (low >> 32); /* product = high, low */
    int32_t shift = scale->shift - 32;                               /* 2 .. 95 */
    if (shift > 54) {
        return 0; /* high < 2^53 + 2^32: less than a half */
    }
    uint64_t fraction = (UINT64_C(1) << shift) - 1;
    uint64_t rounded = high + (UINT64_C(1) << (shift - 1));
    int32_t result = (int32_t)(rounded >> shift);
    if ((rounded & fraction) == fraction) {
        result += lifted_by_double(high, (uint32_t)low);
    }
    return value < 0 ? -result : result;
}

void nn_fully_connected_s8(int8_t *output, const int8_t *input, const int8_t *weights,
                           const int32_t *bias, const nn_scale *scale, const nn_dense *dense) {
    for (int32_t row = 0; row < dense->rows; row++) {
        for (int32_t unit = 0; unit < dense->units; unit++) {
            const int8_t *w = weights + unit * dense->depth;
            int32_t sum = bias ? bias[unit] : 0;
            for (int32_t i = 0; i < dense->depth; i++) {
                sum += (w[i] - dense->weights_zero_point) * (input[i] - dense->input_zero_point);
            }
            sum = scaled(sum, scale + unit * dense->scale_step) + dense->output_zero_point;
            *output++ = (int8_t)nn_clamp(sum, dense->output_min, dense->output_max);
        }
        input += dense->depth;
    }
}
