/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NN_ADD_H
#define NN_ADD_H

#include "fixed_point.h"
#include "kernels.h"

/* An addend in the common scale: 20 bits of headroom, then scaled down. */
static inline int32_t nn_addend_scaled(int8_t value, const nn_addend *addend) {
    int32_t shifted = (value - addend->zero_point) * (1 << 20);
    return nn_requantise(shifted, addend->multiplier, addend->shift);
}

static inline int8_t nn_add_one(int8_t left, int8_t right, const nn_add *add) {
    int32_t sum = nn_addend_scaled(left, &add->left) + nn_addend_scaled(right, &add->right);
    sum = nn_requantise(sum, add->output.multiplier, add->output.shift) + add->output.zero_point;
    return (int8_t)nn_clamp(sum, add->output_min, add->output_max);
}

#endif
