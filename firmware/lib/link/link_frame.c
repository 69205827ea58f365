#include "link_frame.h"

#include <string.h>

#define HEADER 2u /* type, seq */
#define CRC    2u

#define CRC_START 0xFFFFu

/* Eight steps of polynomial 0x1021 at once and without a table: what its shifts fold to when
 * written out. */
static uint16_t crc_step(uint16_t crc, uint8_t byte) {
    uint32_t x = (uint32_t)(crc >> 8) ^ byte;
    x ^= x >> 4;
    return (uint16_t)(((uint32_t)crc << 8) ^ (x << 12) ^ (x << 5) ^ x);
}

uint16_t link_crc16(const uint8_t *bytes, size_t n) {
    uint16_t crc = CRC_START;
    for (size_t i = 0; i < n; i++) {
        crc = crc_step(crc, bytes[i]);
    }
    return crc;
}

/* COBS as a stream: `code_at` is where the length of the run in progress will be written. */
typedef struct {
    uint8_t *out;
    size_t n, code_at;
    uint8_t run;
} stuffer;

static void close_run(stuffer *s) {
    s->out[s->code_at] = s->run;
    s->code_at = s->n++;
    s->run = 1;
}

static void stuff(stuffer *s, uint8_t byte) {
    if (s->run ==
        0xFFu) { /* a full run stands for no 0x00, so one that comes now needs a run of its own */
        close_run(s);
    }
    if (byte == 0) {
        close_run(s);
    } else {
        s->out[s->n++] = byte;
        s->run++;
    }
}

size_t link_frame_encode(uint8_t *out, size_t capacity, uint8_t type, uint8_t seq,
                         const uint8_t *payload, size_t length) {
    if (length > LINK_PAYLOAD_MAX) {
        return 0;
    }
    size_t body = length + HEADER + CRC;
    if (capacity < body + body / 254u + 2u) {
        return 0;
    }
    const uint8_t header[HEADER] = {type, seq};
    stuffer s = {out, 1, 0, 1};
    uint16_t crc = CRC_START;
    for (size_t i = 0; i < HEADER + length; i++) {
        uint8_t byte = i < HEADER ? header[i] : payload[i - HEADER];
        crc = crc_step(crc, byte);
        stuff(&s, byte);
    }
    stuff(&s, (uint8_t)(crc & 0xFFu));
    stuff(&s, (uint8_t)(crc >> 8));
    out[s.code_at] = s.run;
    out[s.n++] = 0;
    return s.n;
}

size_t link_decoder_size(void) {
    return sizeof(link_decoder);
}

void link_decoder_reset(link_decoder *decoder) {
    memset(decoder, 0, sizeof *decoder);
}

static void begin(link_decoder *d) {
    d->length = 0;
    d->remaining = 0;
    d->code = 0;
    d->broken = 0;
    d->ready = 0;
}

static void append(link_decoder *d, uint8_t byte) {
    if (d->length < LINK_BODY_MAX) {
        d->body[d->length++] = byte;
    } else {
        d->broken = 1;
    }
}

static void unstuff(link_decoder *d, uint8_t byte) {
    if (d->remaining > 0) {
        d->remaining--;
        append(d, byte);
        return;
    }
    /* A run shorter than 254 bytes stood for a 0x00 at its end; the last run of all did not, hence
     * not sooner. */
    if (d->code != 0 && d->code != 0xFFu) {
        append(d, 0);
    }
    d->code = byte;
    d->remaining = (uint8_t)(byte - 1u);
}

static int intact(const link_decoder *d) {
    if (d->broken || d->remaining > 0 || d->length < HEADER + CRC) {
        return 0;
    }
    size_t n = d->length - CRC;
    uint16_t said = (uint16_t)(d->body[n] | (uint16_t)((uint32_t)d->body[n + 1] << 8));
    return link_crc16(d->body, n) == said;
}

static void finish(link_decoder *d) {
    if (!intact(d)) {
        d->bad++;
        begin(d);
        return;
    }
    uint8_t seq = d->body[1];
    if (d->synced) {
        d->lost += (uint8_t)(seq - d->next_seq);
    }
    d->synced = 1;
    d->next_seq = (uint8_t)(seq + 1u);
    d->good++;
    d->ready = 1;
}

size_t link_decoder_push(link_decoder *decoder, const uint8_t *bytes, size_t n) {
    if (decoder->ready) {
        begin(decoder);
    }
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != 0) {
            if (!decoder->broken) {
                unstuff(decoder, bytes[i]);
            }
        } else if (decoder->code != 0 || decoder->broken) {
            finish(decoder);
            if (decoder->ready) {
                return i + 1;
            }
        }
    }
    return n;
}

int link_decoder_ready(const link_decoder *decoder) {
    return decoder->ready;
}

uint8_t link_decoder_type(const link_decoder *decoder) {
    return decoder->body[0];
}

uint8_t link_decoder_seq(const link_decoder *decoder) {
    return decoder->body[1];
}

size_t link_decoder_length(const link_decoder *decoder) {
    return decoder->ready ? decoder->length - HEADER - CRC : 0;
}

const uint8_t *link_decoder_payload(const link_decoder *decoder) {
    return decoder->body + HEADER;
}

uint32_t link_decoder_good(const link_decoder *decoder) {
    return decoder->good;
}

uint32_t link_decoder_bad(const link_decoder *decoder) {
    return decoder->bad;
}

uint32_t link_decoder_lost(const link_decoder *decoder) {
    return decoder->lost;
}
