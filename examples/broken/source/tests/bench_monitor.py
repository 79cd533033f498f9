# Excerpt of the example device's tests: shows what verification vf-monitor names; not a complete program.
# Runs on the hardware-in-the-loop bench, which gives times of its own probes.
import pytest

REPETITIONS = 20
LIMIT_MS = 500


@pytest.mark.parametrize("rate_ml_h", [5, 125, 1200])
@pytest.mark.parametrize("factor", [0.0, 0.9, 1.1, 4.0])
def test_motor_fault(bench, rate_ml_h, factor):
    """The motor turns slower or faster than commanded; the monitor stops it and clamps."""
    for _ in range(REPETITIONS):
        bench.start_infusion(rate_ml_h)
        bench.scale_motor_turns(factor)
        # By the bench's own measurement of turns, not that of the pump.
        deviation_ms = bench.time_of_deviation_ms(percent=5, over_ml=2)
        assert bench.motor_off_ms() - deviation_ms <= LIMIT_MS
        assert bench.clamp_closed_ms() - deviation_ms <= LIMIT_MS
        bench.reset()
