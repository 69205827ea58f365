/*
 * What a DSP block is: one C file in blocks/ that turns a window of readings into features and
 * describes itself.
 *
 * The same source runs on the server, in the browser and on the board. `run` is all that a board
 * needs; the rest (description, plan, prepare) is compiled only with DSP_WITH_PREPARE, which the
 * server and WebAssembly builds define, because it needs double precision and text. What `prepare`
 * computes reaches the board as constant tables.
 *
 * Rules for `run`, so that all three give the same bits: single precision only, no libm but sqrtf,
 * a fixed order of operations, compiled with -ffp-contract=off. It never allocates, keeps no state
 * and is reentrant.
 */
#ifndef DSP_BLOCK_H
#define DSP_BLOCK_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    DSP_OK = 0,
    DSP_BAD_LENGTH = 1, /* the window is too short or too long for these parameters */
    DSP_BAD_PARAM = 2,
    DSP_NOT_FINITE =
        3 /* a NaN or infinity came in, or the readings are so large that a feature overflowed */
} dsp_status;

/* One pipeline's use of a block. */
typedef struct {
    size_t readings, axes; /* the window is readings * axes values, row-major */
    float rate_hz;         /* readings per second */
    const float *params;   /* one per dsp_param, in order; bool is 0 or 1, a choice is its index */
} dsp_config;

#ifdef DSP_WITH_PREPARE

typedef enum { DSP_PARAM_INT, DSP_PARAM_FLOAT, DSP_PARAM_BOOL, DSP_PARAM_CHOICE } dsp_param_kind;

typedef struct {
    const char *name; /* unit included: cutoff_hz */
    const char *title;
    dsp_param_kind kind;
    float default_value, minimum, maximum; /* of a choice: index; bool and choice need no range */
    const char *unit, *help;
    const char *const *choices; /* NULL-terminated; NULL when the kind is not DSP_PARAM_CHOICE */
} dsp_param;

/* What a block needs and gives for one config. */
typedef struct {
    size_t rows, cols; /* rows * cols features, row-major; rows > 1 is a sequence in time */
    size_t tables;     /* floats of constant tables (flash on a board) */
    size_t scratch;    /* floats of scratch memory */
    /* When the config is refused: the parameter to look at (or NULL), what is wrong, how to mend
     * it. */
    const char *param, *reason, *mend;
} dsp_plan;

#endif

typedef struct {
    /*
     * window    in, readings * axes values
     * features  out, rows * cols values; must not overlap with window or scratch
     * tables    what prepare wrote for this very config
     * scratch   plan.scratch floats, contents do not matter
     *
     * The config must be one that plan accepted: run does not check it again. DSP_OK, or
     * DSP_NOT_FINITE.
     */
    dsp_status (*run)(const dsp_config *config, const float *tables, const float *window,
                      float *features, float *scratch);
#ifdef DSP_WITH_PREPARE
    const char *name, *title, *help;
    int version; /* grows when the same parameters begin to give other features */
    const dsp_param *params;
    size_t param_count;

    /* Safe with any config whose params has param_count values: refuses what run could not do. */
    dsp_status (*plan)(const dsp_config *config, dsp_plan *plan);

    /* Fills plan.tables floats. NULL for a block without tables. May use double. */
    void (*prepare)(const dsp_config *config, float *tables);

    /* Writes the name of one feature column without its axis ("rms", "0.5-1.0 Hz") and returns the
     * axis it comes from. */
    size_t (*column)(const dsp_config *config, size_t col, char *text, size_t size);
#endif
} dsp_block;

#ifdef __cplusplus
}
#endif

#endif
