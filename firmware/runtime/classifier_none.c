#include "classifier.h"

#include "link_message.h"

int classifier_put_window(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

int classifier_put_window_i16(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

int classifier_put_window_fill(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

int classifier_put_input(const uint8_t *payload, size_t length) {
    (void)payload;
    (void)length;
    return LINK_UNKNOWN_TYPE;
}

int classifier_run(classifier_result *result) {
    (void)result;
    return LINK_UNKNOWN_TYPE;
}

void classifier_restart(void) {
}

int classifier_push(const float *reading, classifier_result *result) {
    (void)reading;
    (void)result;
    return 0;
}

const float *classifier_features(size_t *count) {
    *count = 0;
    return 0;
}

const int8_t *classifier_scores(size_t *count) {
    *count = 0;
    return 0;
}

int classifier_exists(void) {
    return 0;
}
