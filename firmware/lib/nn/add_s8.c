/* SPDX-License-Identifier: Apache-2.0 */
#include "add.h"

void nn_add_s8(int8_t *output, const int8_t *left, const int8_t *right, int32_t count,
               const nn_add *add) {
    for (int32_t i = 0; i < count; i++) {
        output[i] = nn_add_one(left[i], right[i], add);
    }
}
