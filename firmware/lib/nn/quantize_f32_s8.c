/* SPDX-License-Identifier: Apache-2.0 */
#include "fixed_point.h"
#include "kernels.h"

void nn_quantize_f32_s8(int8_t *output, const float *input, int32_t count, float scale,
                        int32_t zero_point) {
    for (int32_t i = 0; i < count; i++) {
        float ratio = input[i] / scale;
        int32_t nearest = 0;
        if (ratio >= 512.0f) {
            nearest = 512; /* beyond every zero point: saturates below */
        } else if (ratio <= -512.0f) {
            nearest = -512;
        } else if (ratio == ratio) { /* not NaN */
            nearest = (int32_t)ratio;
            float rest = ratio - (float)nearest; /* exact, unlike ratio + 0.5f */
            nearest += rest >= 0.5f ? 1 : (rest <= -0.5f ? -1 : 0);
        }
        output[i] = (int8_t)nn_clamp(nearest + zero_point, -128, 127);
    }
}
