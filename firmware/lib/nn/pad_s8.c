/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels.h"
#include "walk.h"

#include <string.h>

void nn_pad_s8(int8_t *output, const int8_t *input, int32_t output_count, int32_t offset,
               const nn_walk *place, int8_t value) {
    int32_t position[NN_MAX_DIMENSIONS] = {0};
    int32_t run = place->extent[NN_MAX_DIMENSIONS - 1];
    int32_t count = nn_walk_count(place);
    int32_t at = 0;
    memset(output, value, (size_t)output_count);
    for (int32_t done = 0; done < count; done += run) {
        memcpy(output + offset + at, input + done, (size_t)run);
        position[NN_MAX_DIMENSIONS - 1] = run - 1; /* skip the run that was copied */
        at = nn_walk_next(place, position, at + run - 1);
    }
}
