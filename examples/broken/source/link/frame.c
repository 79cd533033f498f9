/* Excerpt of the example device's software: shows what requirement rq-link-mac names; not a complete program. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "link/ccm.h"
#include "link/frame.h"
#include "therapy/alarm.h"

enum { MAX_FAILURES = 3 };

/* Opens a frame. Session and counter are part of the nonce and of the authenticated
 * header. The counter moves only after the tag has proven it, or anybody could push it on. */
static bool open_frame(struct link *l, const uint8_t *bytes, size_t length, struct command *out)
{
    struct frame f;
    if (!frame_split(bytes, length, &f) || f.session != l->session || f.counter <= l->counter) {
        return false;
    }
    if (!ccm_open(&l->key, &f, out, sizeof *out)) {
        return false;
    }
    l->counter = f.counter;
    return true;
}

/* After three bad frames in a row no command is taken until a new session is agreed.
 * The running infusion goes on, and the stop key does not need this link. */
bool verify(struct link *l, const uint8_t *bytes, size_t length, struct command *out)
{
    if (l->failures < MAX_FAILURES && open_frame(l, bytes, length, out)) {
        l->failures = 0;
        return true;
    }
    memset(out, 0, sizeof *out);
    if (l->failures < MAX_FAILURES && ++l->failures == MAX_FAILURES) {
        alarm_raise(ALARM_LINK);
    }
    return false;
}
