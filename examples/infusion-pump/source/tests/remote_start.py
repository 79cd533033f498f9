# Excerpt of the example device's tests: shows what verification vf-remote-start names; not a complete program.
# Keyword library for the test framework; the peers speak HL7, FHIR, MQTT and the service protocol.
import time

SETTLE_S = 2.0


def no_effect_on_therapy(controller, peer, messages):
    """Sends each message to the pump and fails when the state of the controller moves.

    The state is read at the controller's test pads, not through the pump's software.
    """
    before = controller.read_state()
    for message in messages:
        peer.send(message)
        time.sleep(SETTLE_S)
        after = controller.read_state()
        changed = [
            name
            for name in ("running", "profile", "rate_ul_h", "volume_limit_ul")
            if after[name] != before[name]
        ]
        if changed:
            raise AssertionError(f"{message.name} changed {', '.join(changed)}")
