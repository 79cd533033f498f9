/* Excerpt of the example device's software: shows what requirement rq-monitor-compare names; not a complete program. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "monitor/actuators.h"

enum { MARKS = 20 };                         /* 2 ml in steps of 0.1 ml */
static const int64_t STEP_NL = 100000;       /* 0.1 ml */
static const int64_t TOLERANCE_NL = 100000;  /* 5 % of 2 ml */

/* All zero at the start of an infusion. */
struct comparison {
    int64_t mark[MARKS]; /* delivered minus commanded volume at the last steps */
    int64_t marked_nl;   /* commanded volume at the newest mark */
    uint32_t newest;
};

/* Runs every 100 ms, which leaves 400 ms for motor and clamp. Volumes count from
 * the start of the infusion; the delivered one is from this controller's own
 * sensor of motor turns. Each mark is the start of a stretch of at most 2 ml. */
bool compare_volume(struct comparison *c, int64_t commanded_nl, int64_t delivered_nl)
{
    const int64_t difference = delivered_nl - commanded_nl;
    for (uint32_t i = 0; i < MARKS; i++) {
        if (llabs(difference - c->mark[i]) > TOLERANCE_NL) {
            motor_power_off();
            clamp_close();
            return false;
        }
    }
    if (commanded_nl - c->marked_nl >= STEP_NL) {
        c->newest = (c->newest + 1u) % MARKS;
        c->mark[c->newest] = difference;
        c->marked_nl += STEP_NL;
    }
    return true;
}
