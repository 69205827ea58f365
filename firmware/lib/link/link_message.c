#include "link_message.h"

#include <string.h>

void link_put_u16(uint8_t *at, uint16_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

void link_put_u32(uint8_t *at, uint32_t value) {
    link_put_u16(at, (uint16_t)value);
    link_put_u16(at + 2, (uint16_t)(value >> 16));
}

void link_put_u64(uint8_t *at, uint64_t value) {
    link_put_u32(at, (uint32_t)value);
    link_put_u32(at + 4, (uint32_t)(value >> 32));
}

void link_put_f32(uint8_t *at, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    link_put_u32(at, bits);
}

uint16_t link_get_u16(const uint8_t *at) {
    return (uint16_t)(at[0] | (uint32_t)at[1] << 8);
}

uint32_t link_get_u32(const uint8_t *at) {
    return link_get_u16(at) | (uint32_t)link_get_u16(at + 2) << 16;
}

float link_get_f32(const uint8_t *at) {
    uint32_t bits = link_get_u32(at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void link_put_floats(uint8_t *at, const float *values, size_t n) {
    for (size_t i = 0; i < n; i++) {
        link_put_f32(at + 4 * i, values[i]);
    }
}

void link_get_floats(float *values, const uint8_t *at, size_t n) {
    for (size_t i = 0; i < n; i++) {
        values[i] = link_get_f32(at + 4 * i);
    }
}

void link_get_scaled_i16(float *values, const uint8_t *at, size_t n, float scale) {
    for (size_t i = 0; i < n; i++) {
        int32_t value = link_get_u16(at + 2 * i);
        values[i] = scale * (float)(value < 0x8000 ? value : value - 0x10000);
    }
}

int link_parse_chunk(link_chunk *chunk, const uint8_t *payload, size_t length, size_t header,
                     size_t unit, size_t limit) {
    if (length <= header || (length - header) % unit != 0) {
        return LINK_BAD_LENGTH;
    }
    size_t offset = link_get_u32(payload);
    size_t count = (length - header) / unit;
    if (offset > limit || count > limit - offset) {
        return LINK_OUT_OF_RANGE;
    }
    chunk->offset = offset;
    chunk->count = count;
    chunk->data = payload + header;
    return LINK_OK;
}
