#include "text.h"

#ifdef DSP_WITH_PREPARE

#include <stdint.h>

dsp_text dsp_text_begin(char *text, size_t size) {
    if (size > 0) {
        text[0] = '\0';
    }
    return (dsp_text){text, size, 0};
}

static void add_char(dsp_text *out, char character) {
    if (out->length + 1 < out->size) {
        out->text[out->length] = character;
        out->text[out->length + 1] = '\0';
    }
    out->length++;
}

void dsp_text_add(dsp_text *out, const char *text) {
    for (; *text != '\0'; text++) {
        add_char(out, *text);
    }
}

static void add_digits(dsp_text *out, uint64_t number, unsigned at_least) {
    char digits[20];
    unsigned count = 0;
    while (number > 0 || count < at_least) {
        digits[count++] = (char)('0' + number % 10u);
        number /= 10u;
    }
    while (count > 0) {
        add_char(out, digits[--count]);
    }
}

void dsp_text_add_number(dsp_text *out, float value, unsigned decimals) {
    uint64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++) {
        unit *= 10u;
    }
    const double magnitude = value < 0.0f ? -(double)value : (double)value;
    const uint64_t scaled = (uint64_t)(magnitude * (double)unit + 0.5);
    uint64_t fraction = scaled % unit;
    if (value < 0.0f && scaled > 0) {
        add_char(out, '-');
    }
    add_digits(out, scaled / unit, 1);
    if (fraction == 0) {
        return;
    }
    while (fraction % 10u == 0) {
        fraction /= 10u;
        decimals--;
    }
    add_char(out, '.');
    add_digits(out, fraction, decimals);
}

#endif
