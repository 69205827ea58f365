/*
 * Double-precision functions for tables and plans, never for a board. Our own, because sin, exp and
 * log of two C libraries may differ in the last bit and the tables must be equal on the server and
 * in the browser. Errors below 1e-15, absolute for sine and cosine, relative for the others.
 */
#ifndef DSP_PREPARE_MATH_H
#define DSP_PREPARE_MATH_H

#define DSP_PI 3.14159265358979323846

/* Sine and cosine of 2 pi * turns; |turns| below 2^50. */
double dsp_sin_turns(double turns);
double dsp_cos_turns(double turns);

/* e^x, |x| below 700. */
double dsp_exp(double x);

/* Natural logarithm of a positive normal number. */
double dsp_log_double(double x);

#endif
