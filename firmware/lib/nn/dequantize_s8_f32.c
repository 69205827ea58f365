/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels.h"

void nn_dequantize_s8_f32(float *output, const int8_t *input, int32_t count, float scale,
                          int32_t zero_point) {
    for (int32_t i = 0; i < count; i++) {
        output[i] = scale * (float)(input[i] - zero_point);
    }
}
