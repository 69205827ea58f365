#include "prepare_math.h"

#ifdef DSP_WITH_PREPARE

#include <math.h>

#define LN2      0.69314718055994530942
#define LN2_HIGH 0x1.62e42fefp-1 /* times an exponent it is exact */
#define LN2_LOW  0x1.473de6af278edp-34

/* sin a and cos a for |a| <= pi/4 by their Taylor series; the first term left out is below 1e-19.
 */
static double small_sin(double a) {
    double term = a;
    double sum = a;
    for (int n = 2; n < 20; n += 2) {
        term *= -(a * a) / (double)(n * (n + 1));
        sum += term;
    }
    return sum;
}

static double small_cos(double a) {
    double term = 1.0;
    double sum = 1.0;
    for (int n = 1; n < 20; n += 2) {
        term *= -(a * a) / (double)(n * (n + 1));
        sum += term;
    }
    return sum;
}

double dsp_sin_turns(double turns) {
    const double quarters = floor(turns * 4.0 + 0.5);
    const double angle = 2.0 * DSP_PI * (turns - quarters / 4.0);
    const int quadrant = (int)(quarters - 4.0 * floor(quarters / 4.0));
    const double value = quadrant % 2 == 0 ? small_sin(angle) : small_cos(angle);
    return quadrant < 2 ? value : -value;
}

double dsp_cos_turns(double turns) {
    return dsp_sin_turns(turns + 0.25);
}

double dsp_exp(double x) {
    const double k = floor(x / LN2 + 0.5);
    const double r = (x - k * LN2_HIGH) - k * LN2_LOW; /* |r| <= ln 2 / 2 */
    double term = 1.0;
    double sum = 1.0;
    for (int n = 1; n < 18; n++) {
        term *= r / (double)n;
        sum += term;
    }
    return ldexp(sum, (int)k);
}

double dsp_log_double(double x) {
    int k;
    double m = frexp(x, &k); /* 1/2 <= m < 1 */
    if (m < 0.70710678118654752440) {
        m *= 2.0;
        k--;
    }
    const double s = (m - 1.0) / (m + 1.0); /* log m = 2 atanh s, |s| < 0.172 */
    double power = s;
    double sum = 0.0;
    for (int n = 1; n < 26; n += 2) {
        sum += power / (double)n;
        power *= s * s;
    }
    return 2.0 * sum + (double)k * LN2;
}

#endif
