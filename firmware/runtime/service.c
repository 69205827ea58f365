#include "service.h"

#include "board.h"
#include "link_message.h"
#include "mote_config.h"
#include "stack.h"
#include "stream.h"

#include <string.h>

#define PIECE_HEADER          4u /* HELLO: total u16, offset u16; chunks: offset u32 */
#define CLASSIFICATION_HEADER 15u

static link_decoder decoder;
static uint8_t next_seq;
static uint8_t line[LINK_ENCODED_MAX];
static uint8_t payload[LINK_PAYLOAD_MAX];

void service_send(uint8_t type, const uint8_t *bytes, size_t length) {
    size_t n = link_frame_encode(line, sizeof line, type, next_seq, bytes, length);
    next_seq++;
    board_uart_write(line, n);
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

static void send_hello(void) {
    for (size_t offset = 0; offset < mote_hello_length;) {
        size_t n = smaller(mote_hello_length - offset, LINK_PAYLOAD_MAX - PIECE_HEADER);
        link_put_u16(payload, (uint16_t)mote_hello_length);
        link_put_u16(payload + 2, (uint16_t)offset);
        memcpy(payload + PIECE_HEADER, mote_hello + offset, n);
        service_send(LINK_HELLO, payload, PIECE_HEADER + n);
        offset += n;
    }
}

static void send_features(void) {
    size_t count;
    const float *features = classifier_features(&count);
    for (size_t offset = 0; offset < count;) {
        size_t n = smaller(count - offset, LINK_CHUNK_FLOATS_MAX);
        link_put_u32(payload, (uint32_t)offset);
        link_put_floats(payload + PIECE_HEADER, features + offset, n);
        service_send(LINK_FEATURES, payload, PIECE_HEADER + 4u * n);
        offset += n;
    }
}

static void send_scores(void) {
    size_t count;
    const int8_t *scores = classifier_scores(&count);
    for (size_t offset = 0; offset < count;) {
        size_t n = smaller(count - offset, LINK_CHUNK_BYTES_MAX);
        link_put_u32(payload, (uint32_t)offset);
        memcpy(payload + PIECE_HEADER, scores + offset, n);
        service_send(LINK_SCORES, payload, PIECE_HEADER + n);
        offset += n;
    }
}

/* status u8, class u16, dsp_ticks u32, model_ticks u32: the tail that RESULT and CLASSIFICATION
 * share. */
static void put_result(uint8_t *at, const classifier_result *result) {
    at[0] = result->status;
    link_put_u16(at + 1, result->best);
    link_put_u32(at + 3, result->dsp_ticks);
    link_put_u32(at + 7, result->model_ticks);
}

static int run(const uint8_t *flags, size_t length) {
    if (length != 1) {
        return LINK_BAD_LENGTH;
    }
    uint8_t wanted = flags[0];
    classifier_result result;
    int status = classifier_run(&result);
    if (status != LINK_OK) {
        return status;
    }
    if (result.status == LINK_OK && (wanted & LINK_WANT_FEATURES)) {
        send_features();
    }
    if (result.status == LINK_OK && (wanted & LINK_WANT_SCORES)) {
        send_scores();
    }
    put_result(payload, &result);
    service_send(LINK_RESULT, payload, 11);
    return LINK_OK;
}

void service_send_classification(uint32_t index, const classifier_result *result) {
    size_t count = 0;
    link_put_u32(payload, index);
    put_result(payload + 4, result);
    if (result->status == LINK_OK) {
        const int8_t *scores = classifier_scores(&count);
        count = smaller(count, LINK_PAYLOAD_MAX - CLASSIFICATION_HEADER);
        memcpy(payload + CLASSIFICATION_HEADER, scores, count);
    }
    service_send(LINK_CLASSIFICATION, payload, CLASSIFICATION_HEADER + count);
}

static void send_stats(void) {
    link_put_u64(payload, board_micros());
    link_put_u32(payload + 8, board_ticks_hz());
    link_put_u32(payload + 12, stack_peak());
    link_put_u32(payload + 16, stack_size());
    link_put_u32(payload + 20, stream_lost());
    link_put_u32(payload + 24, link_decoder_bad(&decoder));
    link_put_u32(payload + 28, board_uart_lost());
    service_send(LINK_STATS, payload, 32);
}

static int pong(const uint8_t *token, size_t length) {
    if (length != 4) {
        return LINK_BAD_LENGTH;
    }
    memcpy(payload, token, 4);
    link_put_u64(payload + 4, board_micros());
    service_send(LINK_PONG, payload, 12);
    return LINK_OK;
}

static void acknowledge(uint8_t type, uint8_t seq) {
    const uint8_t ack[2] = {type, seq};
    service_send(LINK_ACK, ack, sizeof ack);
}

void service_send_error(uint8_t code, uint8_t about, const char *text) {
    size_t n = smaller(strlen(text), LINK_PAYLOAD_MAX - 2u);
    payload[0] = code;
    payload[1] = about;
    memcpy(payload + 2, text, n);
    service_send(LINK_ERROR, payload, 2u + n);
}

/* Does what one frame asks. Returns LINK_OK, or the ERROR code to answer. */
static int obey(uint8_t type, uint8_t seq, const uint8_t *bytes, size_t length) {
    int status = LINK_OK;
    switch (type) {
    case LINK_HELLO_REQUEST:
        send_hello();
        return LINK_OK;
    case LINK_STATS_REQUEST:
        send_stats();
        return LINK_OK;
    case LINK_PING:
        return pong(bytes, length);
    case LINK_START:
        status = stream_start(bytes, length);
        break;
    case LINK_STOP:
        stream_stop();
        break;
    case LINK_FEED:
        return stream_feed(bytes, length);
    case LINK_WINDOW_CHUNK:
        return classifier_put_window(bytes, length);
    case LINK_WINDOW_CHUNK_I16:
        return classifier_put_window_i16(bytes, length);
    case LINK_WINDOW_FILL:
        return classifier_put_window_fill(bytes, length);
    case LINK_INPUT_CHUNK:
        return classifier_put_input(bytes, length);
    case LINK_RUN:
        return run(bytes, length);
    default:
        return LINK_UNKNOWN_TYPE;
    }
    if (status == LINK_OK) {
        acknowledge(type, seq);
    }
    return status;
}

static const char *error_text(int status) {
    static const char *const texts[] = {
        "",
        "this firmware does not offer it",
        "the payload has the wrong length",
        "out of range",
        "not all values have arrived",
        "the window holds a value that is not a number",
        "a DSP block refused the window",
    };
    return (size_t)status < sizeof texts / sizeof texts[0] ? texts[status] : "";
}

void service_poll(void) {
    uint8_t bytes[64];
    size_t n = board_uart_read(bytes, sizeof bytes);
    for (size_t used = 0; used < n;) {
        used += link_decoder_push(&decoder, bytes + used, n - used);
        if (!link_decoder_ready(&decoder)) {
            break;
        }
        uint8_t type = link_decoder_type(&decoder);
        int status = obey(type, link_decoder_seq(&decoder), link_decoder_payload(&decoder),
                          link_decoder_length(&decoder));
        if (status != LINK_OK) {
            service_send_error((uint8_t)status, type, error_text(status));
        }
    }
}

void service_init(void) {
    link_decoder_reset(&decoder);
    const uint8_t delimiter = 0; /* ends whatever the line carried before */
    board_uart_write(&delimiter, 1);
    send_hello();
}
