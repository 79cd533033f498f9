/* Excerpt of the example device's software: shows what requirements rq-hard-limit and rq-hard-limit-source name; not a complete program. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "therapy/command.h"

struct hard_limit {
    uint32_t max_rate_ul_h;
    uint32_t max_volume_ul;
};

/* In read-only memory of the signed image. The link protocol has commands for
 * rate, volume and profile number, and none that carries a limit. */
static const struct hard_limit profile_table[PROFILE_COUNT] = {
    [PROFILE_NEONATE]      = {100000, 250000},
    [PROFILE_CHILD]        = {300000, 1000000},
    [PROFILE_WARD]         = {600000, 3000000},
    [PROFILE_INTENSIVE]    = {1000000, 5000000},
    [PROFILE_THEATRE]      = {1200000, 9999000},
    [PROFILE_EMERGENCY]    = {1200000, 9999000},
    [PROFILE_TRANSPORT]    = {600000, 3000000},
    [PROFILE_EPIDURAL]     = {25000, 250000},
    [PROFILE_SUBCUTANEOUS] = {10000, 100000},
};

/* Every command passes here, whether it was programmed, ordered or sent by service:
 * its origin is not looked at. */
bool enforce_limits(const struct command *c)
{
    if (c == NULL || c->profile >= PROFILE_COUNT) {
        return false;
    }
    const struct hard_limit *limit = &profile_table[c->profile];
    return c->rate_ul_h <= limit->max_rate_ul_h && c->volume_ul <= limit->max_volume_ul;
}
