/*
 * The one transcendental function that blocks need at run time. libm's differ between libraries in
 * their last bit; this one is the same everywhere.
 */
#ifndef DSP_MATH_H
#define DSP_MATH_H

/*
 * Natural logarithm, at most 1 ULP (unit in the last place) off for every positive float, subnormal
 * ones included; 0 gives -infinity, a negative number or NaN gives NaN, infinity gives infinity.
 */
float dsp_log(float x);

/* 10 log10(x), decibels of a power; same cases. At most 2 ULP off. */
float dsp_decibel(float power);

#endif
