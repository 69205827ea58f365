#ifndef MOTE_LINK_MESSAGE_H
#define MOTE_LINK_MESSAGE_H

#include "link_frame.h"

/*
 * What the frames of the serial link mean. docs/protocol.md describes every message byte by byte;
 * this is the same table for the compiler. Numbers are little-endian, floats IEEE 754 binary32.
 */

#define LINK_PROTOCOL_VERSION 1u

enum {
    /* host to board */
    LINK_HELLO_REQUEST = 0x01,
    LINK_START = 0x02,
    LINK_STOP = 0x03,
    LINK_WINDOW_CHUNK = 0x04,
    LINK_INPUT_CHUNK = 0x05,
    LINK_RUN = 0x06,
    LINK_FEED = 0x07,
    LINK_PING = 0x08,
    LINK_STATS_REQUEST = 0x09,
    LINK_WINDOW_CHUNK_I16 = 0x0A,
    LINK_WINDOW_FILL = 0x0B,
    /* board to host */
    LINK_HELLO = 0x81,
    LINK_READINGS = 0x82,
    LINK_FEATURES = 0x83,
    LINK_SCORES = 0x84,
    LINK_RESULT = 0x85,
    LINK_STATS = 0x86,
    LINK_CLASSIFICATION = 0x87,
    LINK_PONG = 0x88,
    LINK_ACK = 0x89,
    LINK_ERROR = 0xFF
};

/* START: what the board shall send, and where its readings come from. */
enum { LINK_WANT_READINGS = 1u, LINK_WANT_CLASSIFICATION = 2u, LINK_SOURCE_HOST = 4u };

/* RUN: what the board shall send before RESULT. */
enum { LINK_WANT_FEATURES = 1u, LINK_WANT_SCORES = 2u };

/* ERROR codes, and the status of RESULT and CLASSIFICATION (0 = fine). */
enum {
    LINK_OK = 0,
    LINK_UNKNOWN_TYPE = 1,   /* this firmware does not know or offer the message */
    LINK_BAD_LENGTH = 2,     /* the payload is shorter or longer than the message */
    LINK_OUT_OF_RANGE = 3,   /* an offset, count or rate outside what HELLO says */
    LINK_INCOMPLETE = 4,     /* RUN before the whole window or input had arrived */
    LINK_NOT_A_NUMBER = 5,   /* the window holds NaN or infinity */
    LINK_PIPELINE_ERROR = 6, /* a DSP block refused the window */
    LINK_FAULT = 7           /* the program crashed; the board says no more */
};

/* Payload offsets of the chunked messages: a u32 offset, then the data. */
#define LINK_CHUNK_HEADER     4u
#define LINK_CHUNK_FLOATS_MAX ((LINK_PAYLOAD_MAX - LINK_CHUNK_HEADER) / 4u)
#define LINK_CHUNK_BYTES_MAX  (LINK_PAYLOAD_MAX - LINK_CHUNK_HEADER)
/* WINDOW_CHUNK_I16: u32 offset, f32 scale, then the data. */
#define LINK_CHUNK_I16_HEADER 8u
/* READINGS and FEED: u32 index, u8 axes, then the values. */
#define LINK_READINGS_HEADER     5u
#define LINK_READINGS_FLOATS_MAX ((LINK_PAYLOAD_MAX - LINK_READINGS_HEADER) / 4u)

/* The rest reads and writes numbers at any address, in any byte order of the machine. */

void link_put_u16(uint8_t *at, uint16_t value);
void link_put_u32(uint8_t *at, uint32_t value);
void link_put_u64(uint8_t *at, uint64_t value);
void link_put_f32(uint8_t *at, float value);
uint16_t link_get_u16(const uint8_t *at);
uint32_t link_get_u32(const uint8_t *at);
float link_get_f32(const uint8_t *at);

/* n floats, from and to memory that need not be aligned. */
void link_put_floats(uint8_t *at, const float *values, size_t n);
void link_get_floats(float *values, const uint8_t *at, size_t n);

/* values[i] = scale * the i-th of n int16. */
void link_get_scaled_i16(float *values, const uint8_t *at, size_t n, float scale);

/* A chunk of values for [0, limit): where it goes and how much it holds. */
typedef struct {
    size_t offset, count;
    const uint8_t *data;
} link_chunk;

/*
 * Reads the payload of WINDOW_CHUNK, WINDOW_CHUNK_I16, INPUT_CHUNK, FEATURES or SCORES.
 *
 * header  bytes before the data, the u32 offset included
 * unit    bytes of one value, 4 for floats, 1 for int8
 * limit   values of the whole; a chunk that would reach beyond it is refused
 *
 * Returns LINK_OK, LINK_BAD_LENGTH or LINK_OUT_OF_RANGE; chunk is only written when LINK_OK.
 */
int link_parse_chunk(link_chunk *chunk, const uint8_t *payload, size_t length, size_t header,
                     size_t unit, size_t limit);

#endif
