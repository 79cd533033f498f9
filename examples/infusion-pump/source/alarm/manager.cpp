// Excerpt of the example device's software: shows what requirement rq-local-alarm names; not a complete program.
#include "alarm/manager.h"

namespace vp4::alarm {

// Runs on the thread of the alarm manager, which has real-time priority and cores that
// no network service may use. Nothing in here allocates, waits for a lock or touches
// the network, so that all three signals are out in far less than a second.
void Manager::raise(Condition condition) noexcept
{
    active_.set(index(condition));
    const Priority priority = highestPriority(active_);

    // Each signal is given even when another one fails.
    const bool heard = sounder_.play(priority);
    const bool lit = light_.flash(priority);
    const bool shown = screen_.show(condition, priority);
    if (!heard || !lit || !shown) {
        monitor_.requestBuzzer();
    }

    // Messages to the ward only forward. A full queue drops the message, and the ward
    // sees the condition in the next status.
    if (!ward_.tryPost(condition)) {
        ++unsent_;
    }
}

}  // namespace vp4::alarm
