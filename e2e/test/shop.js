/**
 * Makes tests fast: orders ship soon, but not before they are answered, and spans are sent at once. Also makes them patient: a machine
 * that is busy with other suites misses deadlines, which other tests cover.
 */
export const TEST_SETTINGS = {
    SHIPPING_DURATION_MS: '1500',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    UPSTREAM_TIMEOUT_MS: '15000',
    ORDER_TIMEOUT_MS: '60000',
    LOGIN_TIMEOUT_MS: '60000',
};
//# sourceMappingURL=shop.js.map