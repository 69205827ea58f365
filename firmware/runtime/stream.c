#include "stream.h"

#include "board.h"
#include "classifier.h"
#include "link_message.h"
#include "mote_config.h"
#include "sensor.h"
#include "service.h"

#include <string.h>

#define RATE_MIN_HZ   0.1f
#define BATCH_SECONDS 0.02f
#define BATCH_MAX     (LINK_READINGS_FLOATS_MAX / MOTE_AXES)

typedef struct {
    uint32_t index;
    float values[MOTE_AXES];
} reading;

/* Written by the timer interrupt (or FEED), read by stream_poll; indices run freely. */
static reading ring[MOTE_RING_READINGS];
static volatile uint32_t written, taken;
static volatile uint32_t next_index, lost;

static uint8_t wanted; /* flags of START */
static uint32_t batch; /* readings a frame */
static uint32_t last_index;

static uint8_t frame[LINK_READINGS_HEADER + LINK_READINGS_FLOATS_MAX * 4u];
static uint32_t frame_readings;

static reading *free_slot(void) {
    if (written - taken == MOTE_RING_READINGS) {
        lost = lost + 1u;
        return 0;
    }
    return &ring[written % MOTE_RING_READINGS];
}

static void on_tick(void) {
    reading *slot = free_slot();
    uint32_t index = next_index;
    next_index = index + 1u;
    if (slot) {
        slot->index = index;
        sensor_read(index, slot->values);
        written = written + 1u;
    }
}

static int rate_is_allowed(float rate_hz, uint8_t flags) {
    if (flags & LINK_WANT_CLASSIFICATION) {
        return rate_hz >= MOTE_RATE_HZ * 0.999f && rate_hz <= MOTE_RATE_HZ * 1.001f;
    }
    return rate_hz >= RATE_MIN_HZ && rate_hz <= MOTE_MAX_RATE_HZ; /* false for NaN */
}

int stream_start(const uint8_t *payload, size_t length) {
    if (length != 5) {
        return LINK_BAD_LENGTH;
    }
    uint8_t flags = payload[0];
    float rate_hz = link_get_f32(payload + 1);
    if (rate_hz == 0.0f) {
        rate_hz = MOTE_RATE_HZ;
    }
    if (!MOTE_STREAMS || ((flags & LINK_WANT_CLASSIFICATION) && !classifier_exists())) {
        return LINK_UNKNOWN_TYPE;
    }
    if (!rate_is_allowed(rate_hz, flags)) {
        return LINK_OUT_OF_RANGE;
    }
    stream_stop();
    wanted = flags;
    written = taken = next_index = 0;
    last_index = UINT32_MAX;
    float readings = rate_hz * BATCH_SECONDS;
    batch = readings < 1.0f ? 1u : readings > (float)BATCH_MAX ? BATCH_MAX : (uint32_t)readings;
    if (!(flags & LINK_SOURCE_HOST)) {
        sensor_start(rate_hz);
        board_timer_start(rate_hz, on_tick);
    }
    return LINK_OK;
}

void stream_stop(void) {
    board_timer_stop();
    wanted = 0;
    written = taken = 0;
    frame_readings = 0;
    classifier_restart();
}

int stream_feed(const uint8_t *payload, size_t length) {
    if (length <= LINK_READINGS_HEADER || payload[4] != MOTE_AXES ||
        (length - LINK_READINGS_HEADER) % (4u * MOTE_AXES) != 0) {
        return LINK_BAD_LENGTH;
    }
    if (!(wanted & LINK_SOURCE_HOST)) {
        return LINK_OUT_OF_RANGE;
    }
    uint32_t first = link_get_u32(payload);
    uint32_t count = (uint32_t)((length - LINK_READINGS_HEADER) / (4u * MOTE_AXES));
    for (uint32_t i = 0; i < count; i++) {
        reading *slot = free_slot();
        if (slot) {
            slot->index = first + i;
            link_get_floats(slot->values, payload + LINK_READINGS_HEADER + 4u * MOTE_AXES * i,
                            MOTE_AXES);
            written = written + 1u;
        }
        stream_poll(); /* a frame may hold more readings than the ring */
    }
    return LINK_OK;
}

static void send_frame(void) {
    if (frame_readings > 0) {
        service_send(LINK_READINGS, frame, LINK_READINGS_HEADER + frame_readings * MOTE_AXES * 4u);
        frame_readings = 0;
    }
}

static void add_to_frame(const reading *r) {
    if (r->index != last_index + 1u) {
        send_frame();
    }
    if (frame_readings == 0) {
        link_put_u32(frame, r->index);
        frame[4] = MOTE_AXES;
    }
    link_put_floats(frame + LINK_READINGS_HEADER + frame_readings * MOTE_AXES * 4u, r->values,
                    MOTE_AXES);
    frame_readings++;
    if (frame_readings >= batch) {
        send_frame();
    }
}

static void classify(const reading *r) {
    if (r->index != last_index + 1u) {
        classifier_restart(); /* a window must not have a hole */
    }
    classifier_result result;
    if (classifier_push(r->values, &result)) {
        send_frame(); /* the readings before what they mean */
        service_send_classification(r->index, &result);
    }
}

void stream_poll(void) {
    while (written != taken) {
        reading r = ring[taken % MOTE_RING_READINGS];
        taken = taken + 1u;
        if (wanted & LINK_WANT_READINGS) {
            add_to_frame(&r);
        }
        if (wanted & LINK_WANT_CLASSIFICATION) {
            classify(&r);
        }
        last_index = r.index;
    }
}

int stream_has_work(void) {
    return written != taken;
}

uint32_t stream_lost(void) {
    return lost;
}
