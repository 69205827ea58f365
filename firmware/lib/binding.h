/*
 * The library as ctypes and TypeScript see it: flat functions over numbers and addresses, the same
 * for the shared library and for WebAssembly. Blocks go by their index, 0 .. mote_block_count() -
 * 1, in the order of their names.
 *
 * Everything that takes a config takes it as: block, readings, axes, rate_hz, params. A block index
 * out of range is a mistake of the caller and answers DSP_BAD_PARAM or 0. docs/dsp.md has an
 * example in both languages.
 */
#ifndef MOTE_BINDING_H
#define MOTE_BINDING_H

#include "dsp/block.h"

/* Hash of the sources this library was built from, hexadecimal. */
const char *mote_source_hash(void);

size_t mote_block_count(void);

/*
 * The block's own description as JSON (name, title, help, version, params). Writes at most `size`
 * bytes, the final 0 included, and returns the length of the whole text without it: call with size
 * 0 first.
 */
size_t mote_block_describe(size_t block, char *text, size_t size);

/* Answers a dsp_status and fills *plan: seven words of size_t: rows, cols, tables, scratch, param,
 * reason, mend. */
int mote_block_plan(size_t block, size_t readings, size_t axes, float rate_hz, const float *params,
                    dsp_plan *plan);

/* The name of a feature column; answers the index of the axis it comes from. For configs that plan
 * accepts. */
size_t mote_block_column(size_t block, size_t readings, size_t axes, float rate_hz,
                         const float *params, size_t col, char *text, size_t size);

/* Fills plan.tables floats. For configs that plan accepts. */
void mote_block_prepare(size_t block, size_t readings, size_t axes, float rate_hz,
                        const float *params, float *tables);

/*
 * Features of many windows.
 *
 * windows         count windows of readings * window_axes values
 * axis_indices    which `axes` of the window_axes the block takes; NULL for all of them
 * features        the first window's; the next window's begin feature_stride floats later
 * scratch         plan.scratch + (axis_indices ? readings * axes : 0) floats
 *
 * Answers how many windows were done: less than count when a feature of window number <answer> is
 * not finite.
 */
size_t mote_block_run(size_t block, size_t readings, size_t axes, float rate_hz,
                      const float *params, const float *tables, const float *windows, size_t count,
                      size_t window_axes, const unsigned char *axis_indices, float *features,
                      size_t feature_stride, float *scratch);

/* dsp_standardise of dsp/features.h. */
void mote_standardise(float *x, size_t n, const float *mean, const float *inv_std, size_t cols);

/* The index of the first NaN or infinity in x, or n. */
size_t mote_first_not_finite(const float *x, size_t n);

#endif
