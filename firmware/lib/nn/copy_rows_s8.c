/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels.h"

#include <string.h>

void nn_copy_rows_s8(int8_t *output, const int8_t *input, int32_t rows, int32_t length,
                     int32_t output_step) {
    for (int32_t row = 0; row < rows; row++) {
        memcpy(output + row * output_step, input + row * length, (size_t)length);
    }
}
