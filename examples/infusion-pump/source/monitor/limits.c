/* Excerpt of the example device's software: shows what requirement rq-monitor-limit names; not a complete program. */
#include <stdbool.h>
#include <stdint.h>

#include "monitor/actuators.h"
#include "monitor/profile_limits.h" /* max_rate_ul_h[PROFILE_COUNT], part of this controller's signed image */

static struct {
    bool running;
    uint8_t profile;
} infusion;

/* Takes the care profile at the start of an infusion. It cannot change before the end. */
bool start_profile(uint8_t profile)
{
    if (infusion.running || profile >= PROFILE_COUNT) {
        return false;
    }
    infusion.profile = profile;
    infusion.running = true;
    return true;
}

/* Called with each rate that the therapy controller announces, before the motor runs at it. */
bool check_profile(uint32_t rate_ul_h)
{
    if (!infusion.running || rate_ul_h > max_rate_ul_h[infusion.profile]) {
        motor_power_off();
        clamp_close();
        return false;
    }
    return true;
}
