/* Excerpt of the example device's software: shows what requirement rq-mcu-boot names; not a complete program. */
#include <stdbool.h>
#include <stdint.h>

#include "bootblock/crypto.h"
#include "bootblock/image.h"
#include "bootblock/otp.h"
#include "bootblock/power.h"

/* The signature stands behind the image and covers the header with it. */
static bool image_is_sound(const struct image *i)
{
    uint8_t digest[SHA256_BYTES];

    if (i->magic != IMAGE_MAGIC || i->length < sizeof *i || i->length > IMAGE_MAX) {
        return false;
    }
    if (i->key >= PUBLIC_KEYS || i->key < otp_lowest_key()) {
        return false;
    }
    sha256(i, i->length, digest);
    if (!ecdsa_p256_verify(&public_key[i->key], digest, image_signature(i))) {
        return false;
    }
    return i->version >= otp_lowest_version(); /* theriac:mcu-lowest-version */
}

/* First code after reset. The motor has no power until the firmware has proven itself. */
_Noreturn void boot(void)
{
    motor_power_off();
    const struct image *i = image_in_flash();
    if (image_is_sound(i)) {
        motor_power_allow();
        image_run(i);
    }
    for (;;) {
        signal_fault();
    }
}
