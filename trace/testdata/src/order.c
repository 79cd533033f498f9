/* Fixture: verify_order is declared below, not here. */
#include "order.h"
#define ORDER_MAX 64
// verify_order in a comment does not count.
static int cached_key = 0;

struct order_queue {
	int length;
};

int use(void)
{
	return verify_order(0, ORDER_MAX); // theriac:order-test and x-theriac:not-a-tag
}

int
verify_order(const unsigned char *data, int length)
{
	int verify_orders = length; /* theriac:twice */
	return verify_orders > 0 && cached_key;
}
