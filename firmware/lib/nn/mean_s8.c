/* SPDX-License-Identifier: Apache-2.0 */
#include "fixed_point.h"
#include "kernels.h"
#include "walk.h"

void nn_mean_s8(int8_t *output, const int8_t *input, const nn_mean *mean) {
    int32_t kept[NN_MAX_DIMENSIONS] = {0};
    int32_t offset = 0;
    int32_t outputs = nn_walk_count(&mean->kept);
    for (int32_t i = 0; i < outputs; i++) {
        int32_t reduced[NN_MAX_DIMENSIONS] = {0};
        int32_t place = 0;
        int32_t sum = 0;
        for (int32_t k = 0; k < mean->count; k++) {
            sum += input[offset + place] - mean->input_zero_point;
            place = nn_walk_next(&mean->reduced, reduced, place);
        }
        sum = nn_requantise(sum, mean->multiplier, mean->shift) + mean->output_zero_point;
        output[i] = (int8_t)nn_clamp(sum, -128, 127);
        offset = nn_walk_next(&mean->kept, kept, offset);
    }
}
