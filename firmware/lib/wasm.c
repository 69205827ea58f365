/*
 * Memory for the WebAssembly build: the page asks for addresses to put its windows at, and gives
 * all of them back at once.
 *
 * A bump heap in the module's own linear memory, above its static data. This is the one file of the
 * library with state, and it is compiled for WebAssembly only.
 */
#include <stddef.h>

#ifdef __wasm__

#include <stdint.h>

#define PAGE 65536u

extern unsigned char __heap_base; /* set by the linker: end of static data and stack */

static uintptr_t top;

void *mote_alloc(size_t bytes);
void mote_reset(void);

/* `bytes` bytes, aligned to 16, valid until mote_reset; 0 when the browser gives no more memory.
 * Contents are not cleared. */
void *mote_alloc(size_t bytes) {
    const uintptr_t begin = top != 0 ? top : (((uintptr_t)&__heap_base + 15u) & ~(uintptr_t)15u);
    const uintptr_t available = __builtin_wasm_memory_size(0) * PAGE;
    if (bytes > UINTPTR_MAX - begin - PAGE) {
        return NULL;
    }
    const uintptr_t end = (begin + bytes + 15u) & ~(uintptr_t)15u;
    if (end > available &&
        __builtin_wasm_memory_grow(0, (end - available + PAGE - 1u) / PAGE) == SIZE_MAX) {
        return NULL;
    }
    top = end;
    return (void *)begin;
}

/* Frees everything that mote_alloc gave. */
void mote_reset(void) {
    top = 0;
}

#endif
