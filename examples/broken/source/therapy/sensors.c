/* Excerpt of the example device's software: shows what requirement rq-sensor-agree names; not a complete program. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "therapy/alarm.h"
#include "therapy/motor.h"

enum { TICK_MS = 10, AIR_MS = 200, DROP_PERCENT = 20 };

struct sample {
    bool air_a, air_b;     /* air seen by each ultrasonic path */
    bool compare_drops;    /* drop sensor in use and motor running for 60 s or longer */
    int64_t drops_60s_nl;  /* volume of the last 60 s by the intervals between drops */
    int64_t turns_60s_nl;  /* volume of the last 60 s by motor turns */
};

static uint32_t disagree_ms;

/* Runs every 10 ms. A sensor can stop the infusion, never start or speed it up. */
bool plausible(const struct sample *s)
{
    if (s->air_a == s->air_b) {
        disagree_ms = 0;
    } else if (disagree_ms < AIR_MS) {
        disagree_ms += TICK_MS;
    }
    const bool drops_differ = s->compare_drops &&
        llabs(s->drops_60s_nl - s->turns_60s_nl) * 100 > s->turns_60s_nl * DROP_PERCENT;
    if (disagree_ms < AIR_MS && !drops_differ) {
        return true;
    }
    motor_stop();
    alarm_raise(ALARM_SENSORS);
    return false;
}
