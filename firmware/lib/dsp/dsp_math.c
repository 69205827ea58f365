#include "dsp_math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LN2_HIGH           0x1.62e3p-1f /* the upper bits of ln 2: times any exponent it is exact */
#define LN2_LOW            0x1.2fefa2p-17f /* ln 2 - LN2_HIGH */
#define HALF_SQRT2_BITS    0x3f3504f3u     /* sqrt(1/2) */
#define EXPONENT_BIAS_BITS 0x3f800000u     /* 1.0 */

/*
 * x = 2^k * m with sqrt(1/2) <= m < sqrt(2), then with f = m - 1 and s = f / (2 + f):
 * log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + R(s^2)),  R(z) = 2z/3 + 2z^2/5 + 2z^3/7 +
 * 2z^4/9. Written this way the large term f is exact and only small ones are rounded. The series'
 * next term is below 2^-28 of the result.
 */
static float log_of(uint32_t bits, int k) {
    bits += EXPONENT_BIAS_BITS - HALF_SQRT2_BITS;
    k += (int)(bits >> 23) - 127;
    bits = (bits & 0x007fffffu) + HALF_SQRT2_BITS;
    float m;
    memcpy(&m, &bits, sizeof m);
    const float f = m - 1.0f;
    const float s = f / (2.0f + f);
    const float z = s * s;
    const float r =
        z * (0x1.555556p-1f + z * (0x1.99999ap-2f + z * (0x1.24924ap-2f + z * 0x1.c71c72p-3f)));
    const float half_square = 0.5f * f * f;
    const float exponent = (float)k;
    return exponent * LN2_HIGH - ((half_square - (s * (half_square + r) + exponent * LN2_LOW)) - f);
}

float dsp_log(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (bits >= 0x7f800000u || bits == 0) { /* NaN, infinity, negative or -0, 0 */
        return x > 0.0f ? x : (x == 0.0f ? -INFINITY : NAN);
    }
    if (bits < 0x00800000u) { /* subnormal: scale it up first */
        x *= 0x1p25f;
        memcpy(&bits, &x, sizeof bits);
        return log_of(bits, -25);
    }
    return log_of(bits, 0);
}

float dsp_decibel(float power) {
    return dsp_log(power) * 0x1.15f2cep+2f; /* 10 / ln 10 */
}
