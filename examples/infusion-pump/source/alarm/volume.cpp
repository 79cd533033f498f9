// Excerpt of the example device's software: shows what requirement rq-alarm-volume-floor names; not a complete program.
#include <algorithm>

#include "alarm/sounder.h"

namespace vp4::alarm {

namespace {

// Sound pressure level in dB(A) at 1 m, measured on each unit in the end test.
constexpr int floorDb = 45;
constexpr int ceilingDb = 80;

constexpr int clamp(int requestedDb)
{
    return std::clamp(requestedDb, floorDb, ceilingDb);
}

static_assert(clamp(0) == floorDb && clamp(-1000) == floorDb && clamp(60) == 60);

}  // namespace

// The only function that writes to the amplifier. Screen, configuration, restored
// export and default all come this way; there is no value for "off".
void Sounder::setVolume(int requestedDb) noexcept
{
    amplifier_.writeLevel(levelFor(clamp(requestedDb)));
}

}  // namespace vp4::alarm
