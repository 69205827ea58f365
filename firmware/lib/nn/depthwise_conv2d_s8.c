/* SPDX-License-Identifier: Apache-2.0 */
#include "fixed_point.h"
#include "kernels.h"

/* The sum of one output channel at one place; in_y, in_x: where its first value would lie. */
static int32_t accumulate(const int8_t *input, const int8_t *weights, const nn_window *w,
                          int32_t in_y, int32_t in_x) {
    int32_t sum = 0;
    for (int32_t fy = 0; fy < w->filter_height; fy++) {
        int32_t y = in_y + fy * w->dilation_height;
        for (int32_t fx = 0; fx < w->filter_width; fx++) {
            int32_t x = in_x + fx * w->dilation_width;
            if (y < 0 || y >= w->input_height || x < 0 || x >= w->input_width) {
                continue;
            }
            int32_t value = input[(y * w->input_width + x) * w->input_channels];
            int32_t weight = weights[(fy * w->filter_width + fx) * w->output_channels];
            sum += weight * (value - w->input_zero_point);
        }
    }
    return sum;
}

void nn_depthwise_conv2d_s8(int8_t *output, const int8_t *input, const int8_t *weights,
                            const int32_t *bias, const int32_t *multiplier, const int8_t *shift,
                            const nn_window *window) {
    const nn_window *w = window;
    int32_t depth_multiplier = w->output_channels / w->input_channels;
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        int32_t in_y = out_y * w->stride_height - w->pad_top;
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            int32_t in_x = out_x * w->stride_width - w->pad_left;
            for (int32_t o = 0; o < w->output_channels; o++) {
                int32_t sum = accumulate(input + o / depth_multiplier, weights + o, w, in_y, in_x);
                sum += bias ? bias[o] : 0;
                sum = nn_requantise(sum, multiplier[o], shift[o]) + w->output_zero_point;
                *output++ = (int8_t)nn_clamp(sum, w->output_min, w->output_max);
            }
        }
    }
}
