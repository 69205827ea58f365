#ifndef MOTE_LINK_FRAME_H
#define MOTE_LINK_FRAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * Frames of the serial link:  COBS(type | seq | payload | crc) 0x00
 *
 * type     what the message is, see link_message.h
 * seq      counts the sender's frames, wraps at 256; a gap tells the receiver how many it lost
 * payload  0 .. LINK_PAYLOAD_MAX bytes
 * crc      CRC-16/CCITT-FALSE over type, seq and payload, low byte first
 *
 * Consistent overhead byte stuffing (Cheshire and Baker 1999) takes every 0x00 out of the body, so
 * a 0x00 always ends a frame: whatever was lost or damaged before it, the next frame is read whole.
 * Empty frames (two 0x00 in a row) mean nothing and may be sent at any time.
 *
 * Nothing here allocates, does I/O or keeps state outside the caller's decoder. Every byte is
 * treated as hostile.
 */

#define LINK_PAYLOAD_MAX 1024u
#define LINK_BODY_MAX    (LINK_PAYLOAD_MAX + 4u)
/* One code byte per 254 bytes of body, the first one, and the delimiter. */
#define LINK_ENCODED_MAX (LINK_BODY_MAX + LINK_BODY_MAX / 254u + 2u)

typedef struct {
    uint32_t good;     /* whole frames with the right CRC */
    uint32_t bad;      /* pieces between two delimiters that were no frame */
    uint32_t lost;     /* frames that the sequence numbers say are missing, damaged ones included */
    uint32_t length;   /* bytes of body so far, or of the complete frame */
    uint8_t remaining; /* bytes until the next COBS code */
    uint8_t code;      /* the COBS code we are in; 0 before the first */
    uint8_t broken;    /* this piece is already known to be bad: skip to its delimiter */
    uint8_t ready;     /* body holds a checked frame */
    uint8_t next_seq;  /* what the next frame should carry */
    uint8_t synced;    /* next_seq means something */
    uint8_t body[LINK_BODY_MAX];
} link_decoder;

/* CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, not reflected; of "123456789" it is 0x29B1.
 */
uint16_t link_crc16(const uint8_t *bytes, size_t n);

/*
 * Writes one frame, delimiter included.
 *
 * out      at least LINK_ENCODED_MAX bytes for any payload; may not overlap payload
 * payload  length bytes; may be NULL when length is 0
 *
 * Returns the bytes written, or 0 when the payload is too long or does not fit into capacity.
 */
size_t link_frame_encode(uint8_t *out, size_t capacity, uint8_t type, uint8_t seq,
                         const uint8_t *payload, size_t length);

/* Bytes of a link_decoder, for callers that cannot say sizeof (Python, JavaScript). */
size_t link_decoder_size(void);

/* Forgets everything, counters too. Must be called once before the first push. */
void link_decoder_reset(link_decoder *decoder);

/*
 * Reads bytes until a frame is complete or n bytes are used up.
 *
 * Returns how many bytes were used. When link_decoder_ready() is then true, the frame can be read
 * with the functions below until the next push; push the rest of the bytes to go on.
 */
size_t link_decoder_push(link_decoder *decoder, const uint8_t *bytes, size_t n);

int link_decoder_ready(const link_decoder *decoder);
uint8_t link_decoder_type(const link_decoder *decoder);
uint8_t link_decoder_seq(const link_decoder *decoder);
size_t link_decoder_length(const link_decoder *decoder); /* of the payload, bytes */
const uint8_t *link_decoder_payload(const link_decoder *decoder);
uint32_t link_decoder_good(const link_decoder *decoder);
uint32_t link_decoder_bad(const link_decoder *decoder);
uint32_t link_decoder_lost(const link_decoder *decoder);

#endif
