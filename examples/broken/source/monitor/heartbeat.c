/* Excerpt of the example device's software: shows what requirement rq-alarm-mcu-backup names; not a complete program. */
#include <stdint.h>
/* theriac:mcu-lowest-version */

#include "monitor/buzzer.h"

enum {
    TICK_MS = 100,
    /* The application processor counts up twice a second; four missed counts are
     * an alarm, and a second is left until the buzzer has to sound. */
    SILENCE_MS = 2000,
};

static uint32_t last_count;
static uint32_t silent_ms;

/* Runs every 100 ms on the monitor controller's own timer. The count comes over
 * the therapy controller, so the buzzer sounds as well when that one stands still.
 * It goes on until somebody silences it at the pump. */
void heartbeat_tick(uint32_t count)
{
    if (count != last_count) {
        last_count = count;
        silent_ms = 0;
        return;
    }
    if (silent_ms < SILENCE_MS) {
        silent_ms += TICK_MS;
    } else {
        buzzer_on();
    }
}
