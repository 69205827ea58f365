/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NN_WALK_H
#define NN_WALK_H

#include "kernels.h"

/* Moves to the next place of a walk: position counts places per dimension, the return value is the
 * new offset in values. After the last place everything is 0 again. */
static inline int32_t nn_walk_next(const nn_walk *walk, int32_t *position, int32_t offset) {
    for (int d = NN_MAX_DIMENSIONS - 1; d >= 0; d--) {
        position[d]++;
        offset += walk->stride[d];
        if (position[d] < walk->extent[d]) {
            return offset;
        }
        offset -= walk->extent[d] * walk->stride[d];
        position[d] = 0;
    }
    return 0;
}

/* How many places a walk has. */
static inline int32_t nn_walk_count(const nn_walk *walk) {
    int32_t count = 1;
    for (int d = 0; d < NN_MAX_DIMENSIONS; d++) {
        count *= walk->extent[d];
    }
    return count;
}

#endif
