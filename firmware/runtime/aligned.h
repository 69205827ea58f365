#ifndef MOTE_ALIGNED_H
#define MOTE_ALIGNED_H

/* C99 has no word for alignment; a compiled model asks for an arena aligned to 16 bytes. */
#if defined(__GNUC__)
#define MOTE_ALIGNED_16 __attribute__((aligned(16)))
#elif defined(_MSC_VER)
#define MOTE_ALIGNED_16 __declspec(align(16))
#else
#error "tell this header how your compiler aligns a variable to 16 bytes"
#endif

#endif
