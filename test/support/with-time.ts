/**
 * Runs a scenario that is timed: `scale` multiplies its times. A machine that is too busy to keep them gets 8 times,
 * then 64 times as long; a fault fails with all three.
 */
export async function withTime(scenario: (scale: number) => Promise<void>): Promise<void> {
  for (const scale of [1, 8]) {
    try {
      return await scenario(scale);
    } catch {}
  }
  await scenario(64);
}
