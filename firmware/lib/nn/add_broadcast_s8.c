/* SPDX-License-Identifier: Apache-2.0 */
#include "add.h"
#include "walk.h"

void nn_add_broadcast_s8(int8_t *output, const int8_t *left, const int8_t *right,
                         const nn_walk *left_walk, const nn_walk *right_walk, const nn_add *add) {
    int32_t left_position[NN_MAX_DIMENSIONS] = {0};
    int32_t right_position[NN_MAX_DIMENSIONS] = {0};
    int32_t l = 0;
    int32_t r = 0;
    int32_t count = nn_walk_count(left_walk);
    for (int32_t i = 0; i < count; i++) {
        output[i] = nn_add_one(left[l], right[r], add);
        l = nn_walk_next(left_walk, left_position, l);
        r = nn_walk_next(right_walk, right_position, r);
    }
}
