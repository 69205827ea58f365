/*
 * Appending to a bounded text, for column names and descriptions; no printf, so WebAssembly needs
 * no libc for it.
 */
#ifndef DSP_TEXT_H
#define DSP_TEXT_H

#include "block.h"

#ifdef DSP_WITH_PREPARE

/* `length` counts what the whole text needs without its final 0, even past `size`; what does not
 * fit is cut off. */
typedef struct {
    char *text;
    size_t size, length;
} dsp_text;

/* An empty text in `size` bytes; size 0 (text may be NULL) only counts. */
dsp_text dsp_text_begin(char *text, size_t size);

void dsp_text_add(dsp_text *out, const char *text);

/* A finite number with at most `decimals` (0 .. 6) decimals, trailing zeros left out; |value| below
 * 1e9. */
void dsp_text_add_number(dsp_text *out, float value, unsigned decimals);

#endif
#endif
