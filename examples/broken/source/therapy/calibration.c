/* Excerpt of the example device's software: shows what requirement rq-calibration-range names; not a complete program. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "therapy/calibration.h"

enum { RANGE_PERCENT = 3 };

static bool in_range(int32_t value, int32_t factory)
{
    /* In 64 bits, since a hundredfold value need not fit into 32. */
    return factory > 0 && llabs((int64_t)value - factory) * 100 <= (int64_t)factory * RANGE_PERCENT;
}

/* Takes a new set of calibration values as a whole, or refuses it as a whole.
 * The factory values are written once, at the end of production, so that small
 * steps cannot add up over the years. */
bool accept(const struct calibration *proposed)
{
    const struct calibration *factory = factory_calibration();
    if (proposed == NULL || factory == NULL) {
        return false;
    }
    for (size_t i = 0; i < CALIBRATION_VALUES; i++) {
        if (!in_range(proposed->value[i], factory->value[i])) {
            return false;
        }
    }
    return store_both_copies(proposed);
}
