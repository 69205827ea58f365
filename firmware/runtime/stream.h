#ifndef MOTE_STREAM_H
#define MOTE_STREAM_H

#include <stddef.h>
#include <stdint.h>

/* From the sensor's timer through a ring buffer to the link and to the classifier. */

/* Payload of START. Returns LINK_OK or an ERROR code. */
int stream_start(const uint8_t *payload, size_t length);
void stream_stop(void);

/* Payload of FEED: readings of the host in place of the sensor's. Returns LINK_OK or an ERROR code.
 */
int stream_feed(const uint8_t *payload, size_t length);

/* Sends and classifies what has come in; call it again and again. */
void stream_poll(void);

/* Whether stream_poll has something to do now. */
int stream_has_work(void);

/* Readings since the start of the board that found the ring buffer full. */
uint32_t stream_lost(void);

#endif
