/*
 * What happens around the blocks: choosing axes before, checking and standardising features after.
 */
#ifndef DSP_FEATURES_H
#define DSP_FEATURES_H

#include "block.h"

/* The index of the first NaN or infinity in x, or n when there is none. */
size_t dsp_first_not_finite(const float *x, size_t n);

/* DSP_OK when all n features are finite, else DSP_NOT_FINITE; what every block's run ends with. */
dsp_status dsp_check_finite(const float *features, size_t n);

/*
 * Copies some axes of a window, for a block that does not take all of them.
 *
 * out          readings * count values, row-major
 * window       readings * window_axes values
 * axes         count indices below window_axes
 */
void dsp_select_axes(float *out, const float *window, size_t readings, size_t window_axes,
                     const unsigned char *axes, size_t count);

/*
 * x[i] = (x[i] - mean[i % cols]) * inv_std[i % cols], in place: per feature column, with figures
 * fitted on the training windows.
 *
 * n        values in x, a multiple of cols
 * inv_std  1 / standard deviation; the trainer writes 1 for a column that never changes
 */
void dsp_standardise(float *x, size_t n, const float *mean, const float *inv_std, size_t cols);

#endif
