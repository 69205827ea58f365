/* SPDX-License-Identifier: Apache-2.0 */
#include "fixed_point.h"
#include "kernels.h"

static int32_t average(const int8_t *input, const nn_window *w, int32_t in_y, int32_t in_x) {
    int32_t sum = 0;
    int32_t count = 0;
    for (int32_t y = in_y; y < in_y + w->filter_height; y++) {
        for (int32_t x = in_x; x < in_x + w->filter_width; x++) {
            if (y < 0 || y >= w->input_height || x < 0 || x >= w->input_width) {
                continue;
            }
            sum += input[(y * w->input_width + x) * w->input_channels];
            count++;
        }
    }
    /* Every window that SAME and VALID padding give touches the image, so count > 0. */
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

void nn_average_pool_s8(int8_t *output, const int8_t *input, const nn_window *window) {
    const nn_window *w = window;
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        int32_t in_y = out_y * w->stride_height - w->pad_top;
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            int32_t in_x = out_x * w->stride_width - w->pad_left;
            for (int32_t c = 0; c < w->output_channels; c++) {
                int32_t value = average(input + c, w, in_y, in_x);
                *output++ = (int8_t)nn_clamp(value, w->output_min, w->output_max);
            }
        }
    }
}
