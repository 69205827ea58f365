/*
 * The checks that every block's plan begins with, and the limits that keep all size arithmetic
 * within 32 bits.
 */
#ifndef DSP_PLAN_H
#define DSP_PLAN_H

#include "block.h"

#define DSP_MAX_AXES     64u
#define DSP_MAX_VALUES   (1u << 24) /* readings * axes of a window: 64 MB */
#define DSP_MAX_FEATURES (1u << 18)
#define DSP_MIN_RATE_HZ  0.001f
#define DSP_MAX_RATE_HZ  1e7f

#ifdef DSP_WITH_PREPARE

/*
 * Clears `plan` and checks window size, rate and every parameter against the block's own table:
 * finite, in range, whole where it must be. DSP_OK, or a status with plan->reason and plan->mend.
 */
dsp_status dsp_plan_begin(const dsp_block *block, const dsp_config *config, dsp_plan *plan);

/* Refuses features beyond DSP_MAX_FEATURES; the last line of every plan. */
dsp_status dsp_plan_end(dsp_plan *plan);

/*
 * Returns `status` and writes why.
 *
 * param   the parameter that a person should look at, NULL when it is the window or the rate
 * reason  what is wrong, a phrase;  mend: how to mend it, a sentence
 */
dsp_status dsp_plan_refuse(dsp_plan *plan, dsp_status status, const char *param, const char *reason,
                           const char *mend);

#endif
#endif
