#ifndef MOTE_SERVICE_H
#define MOTE_SERVICE_H

#include "classifier.h"

#include <stddef.h>
#include <stdint.h>

/* The board's end of the serial link: obeys frames, sends answers. docs/protocol.md */

/* Sends HELLO; call once when all else is ready. */
void service_init(void);

/* Reads and obeys what has arrived. */
void service_poll(void);

void service_send(uint8_t type, const uint8_t *payload, size_t length);
void service_send_classification(uint32_t index, const classifier_result *result);
void service_send_error(uint8_t code, uint8_t about, const char *text);

#endif
