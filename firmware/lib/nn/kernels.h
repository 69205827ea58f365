/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NN_KERNELS_H
#define NN_KERNELS_H

#include <stdint.h>

/*
 * Neural-network kernels for int8 models. One file is one kernel; a build links only those that a
 * model calls. Every kernel gives the same bits as LiteRT's reference resolver (BUILTIN_REF).
 *
 * Values     A stored value q stands for the real value scale * (q - zero_point).
 * Layout     Activations are height x width x channels, channels innermost, one image (batch 1).
 *            Convolution weights are output channel x height x width x input channel, depthwise
 *            weights height x width x output channel, dense weights output x input.
 * Ranges     int8 values -128 .. 127, zero points -128 .. 127, biases int32 in units of
 *            input scale x weight scale. The compiler (mote/compiler) refuses a model whose
 *            accumulators could leave int32, so no kernel can overflow whatever its input.
 * Memory     The caller owns all of it. Kernels never allocate, keep no state and are reentrant.
 *            int8 pointers need no alignment. Output and input must not overlap unless the kernel
 *            says "in place".
 * Right      shifts of negative numbers are arithmetic, as with every compiler Mote builds with.
 *
 * Two roundings, because LiteRT has two:
 *   double   multiply by a Q31 number rounding to nearest, ties up; then divide by a power of two
 *            rounding to nearest again, ties away from zero (gemmlowp). Convolutions, ADD, MEAN.
 *   single   the exact product with the scale as an IEEE double, rounded to double as the FPU does,
 *            then to nearest, ties away from zero. FULLY_CONNECTED. Done in integers here.
 */

/* How a window walks over an image: convolutions and pooling. Sizes in values, not bytes. */
typedef struct {
    int32_t input_height, input_width, input_channels;
    int32_t output_height, output_width, output_channels;
    int32_t filter_height, filter_width;
    int32_t filter_channels;                 /* convolution: input channels a filter sees; groups
                                                = input_channels / filter_channels. Else unused */
    int32_t stride_height, stride_width;     /* >= 1 */
    int32_t dilation_height, dilation_width; /* >= 1; pooling: 1 */
    int32_t pad_top, pad_left;               /* rows and columns outside the image are skipped */
    int32_t input_zero_point;                /* convolutions only; padding counts as this value */
    int32_t output_zero_point;               /* convolutions only */
    int32_t output_min, output_max;          /* the fused activation, within -128 .. 127 */
} nn_window;

/*
 * Convolution, int8, one requantisation per output channel, double rounding.
 *
 * bias        output_channels values, or a null pointer for none
 * multiplier  output_channels values, 2^30 .. 2^31 - 1, or 0: the scale is
 * shift       multiplier * 2^(shift - 31), shift -31 .. 30
 */
void nn_conv2d_s8(int8_t *output, const int8_t *input, const int8_t *weights, const int32_t *bias,
                  const int32_t *multiplier, const int8_t *shift, const nn_window *window);

/*
 * Depthwise convolution: output channel o sees input channel o / (output_channels /
 * input_channels). Bias, multiplier, shift and rounding as nn_conv2d_s8.
 */
void nn_depthwise_conv2d_s8(int8_t *output, const int8_t *input, const int8_t *weights,
                            const int32_t *bias, const int32_t *multiplier, const int8_t *shift,
                            const nn_window *window);

/*
 * A positive scale as an IEEE double: (high * 2^32 + low) * 2^-shift, where high * 2^32 + low is
 * in 2^52 .. 2^53 - 1, or 0 for a scale that rounds everything to 0. shift is 34 .. 127.
 */
typedef struct {
    uint32_t low, high;
    int32_t shift;
} nn_scale;

typedef struct {
    int32_t rows; /* input is rows x depth, output rows x units */
    int32_t depth, units;
    int32_t input_zero_point, weights_zero_point, output_zero_point;
    int32_t output_min, output_max; /* the fused activation, within -128 .. 127 */
    int32_t scale_step;             /* 1: one scale per unit; 0: one for all */
} nn_dense;

/* Fully connected layer, int8, single rounding. bias: units values, or a null pointer. */
void nn_fully_connected_s8(int8_t *output, const int8_t *input, const int8_t *weights,
                           const int32_t *bias, const nn_scale *scale, const nn_dense *dense);

/* Largest value of each window and channel. Padding is left out. */
void nn_max_pool_s8(int8_t *output, const int8_t *input, const nn_window *window);

/* Mean of each window and channel over the places inside the image; ties away from zero. */
void nn_average_pool_s8(int8_t *output, const int8_t *input, const nn_window *window);

#define NN_MAX_DIMENSIONS 6

/*
 * A walk over a tensor: extent[d] places, stride[d] values apart, last dimension fastest.
 * Unused leading dimensions have extent 1 and stride 0.
 */
typedef struct {
    int32_t extent[NN_MAX_DIMENSIONS];
    int32_t stride[NN_MAX_DIMENSIONS];
} nn_walk;

typedef struct {
    nn_walk kept;    /* one output value per place, in order */
    nn_walk reduced; /* what is averaged for each */
    int32_t input_zero_point, output_zero_point;
    int32_t count;      /* values averaged for each output */
    int32_t multiplier; /* input scale / output scale / count, as in nn_conv2d_s8 */
    int32_t shift;
} nn_mean;

/* Mean over any axes, double rounding, saturated to int8. */
void nn_mean_s8(int8_t *output, const int8_t *input, const nn_mean *mean);

/* One addend: (value - zero_point) * 2^20 is scaled by multiplier * 2^(shift - 31) < 1. */
typedef struct {
    int32_t zero_point, multiplier, shift;
} nn_addend;

typedef struct {
    nn_addend left, right;
    nn_addend output; /* its zero_point is added, multiplier and shift scale the sum */
    int32_t output_min, output_max;
} nn_add;

/* Sum of two tensors of one shape, double rounding. In place: output may be left or right. */
void nn_add_s8(int8_t *output, const int8_t *left, const int8_t *right, int32_t count,
               const nn_add *add);

/* Sum of two tensors that broadcast: the walks give each addend's place per output value. */
void nn_add_broadcast_s8(int8_t *output, const int8_t *left, const int8_t *right,
                         const nn_walk *left_walk, const nn_walk *right_walk, const nn_add *add);

/*
 * Softmax over the last dimension; output scale 1/256, zero point -128. Fixed point (gemmlowp):
 * exp in Q0.31 by a table of exp(-2^k) and a fourth-order Taylor polynomial, 1/x by three
 * Newton-Raphson steps. In place.
 *
 * multiplier, shift  (value - maximum) becomes a Q5.26 number: beta * input scale * 2^26, shift >=
 * 0 minimum            differences below it, <= 0, count as exp = 0
 */
void nn_softmax_s8(int8_t *output, const int8_t *input, int32_t rows, int32_t depth,
                   int32_t multiplier, int32_t shift, int32_t minimum);

/*
 * output[i] = table[input[i] + 128]: every operator from one int8 to one int8 (LOGISTIC, RELU,
 * RELU6, requantising). The compiler fills the table. In place.
 */
void nn_lookup_s8(int8_t *output, const int8_t *input, int32_t count, const int8_t *table);

/*
 * Copies rows x length values to every output_step-th place of output: one input of a
 * concatenation. output points at the first place of this input.
 */
void nn_copy_rows_s8(int8_t *output, const int8_t *input, int32_t rows, int32_t length,
                     int32_t output_step);

/*
 * Surrounds a tensor with `value`. output_count values are filled, then the input is laid in:
 * place gives where each value goes, counted from output + offset; its last dimension is a run of
 * values without gaps.
 */
void nn_pad_s8(int8_t *output, const int8_t *input, int32_t output_count, int32_t offset,
               const nn_walk *place, int8_t value);

/*
 * round(input / scale) + zero_point, ties away from zero, saturated to -128 .. 127.
 * Infinities saturate; NaN gives zero_point. scale > 0.
 */
void nn_quantize_f32_s8(int8_t *output, const float *input, int32_t count, float scale,
                        int32_t zero_point);

/* scale * (input - zero_point). */
void nn_dequantize_s8_f32(float *output, const int8_t *input, int32_t count, float scale,
                          int32_t zero_point);

#endif
