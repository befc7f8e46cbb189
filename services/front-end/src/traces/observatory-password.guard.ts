import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { FailureWindows } from '@sockshop/resilience';
import { ShopError } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { FrontEndConfig } from '../config.ts';

/** Wrong passwords from one address in a minute; a further one gets 429, and late. */
const WRONG_PASSWORDS = 50;
const WINDOW_MS = 60_000;
const LATE_MS = 1000;

/**
 * Requires the password by HTTP Basic, as the user `observatory`. Without a configured password every caller is let in. Wrong ones have a
 * limit; the right one never does, or a guesser could keep the operator out.
 */
@Injectable()
export class ObservatoryPassword implements CanActivate {
  private readonly wrong = new FailureWindows(WINDOW_MS);

  constructor(private readonly config: FrontEndConfig) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { observatoryPassword: password } = this.config;
    if (password === undefined) return true;
    const { headers, ip } = context.switchToHttp().getRequest<FastifyRequest>();
    const [, given] = /^Basic +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    if (given !== undefined) {
      const asked = Buffer.from(given, 'base64').toString();
      if (same(asked, `observatory:${password}`)) return true;
      await this.refuseMore(ip);
    }
    const challenge = { 'www-authenticate': 'Basic realm="Observatory", charset="UTF-8"' };
    throw new ShopError(401, 'the Observatory asks for its password', { headers: challenge });
  }

  /** @throws ShopError 429 beyond the limit. */
  private async refuseMore(address: string): Promise<void> {
    const seconds = this.wrong.secondsLeft(address, WRONG_PASSWORDS);
    this.wrong.add(address);
    if (seconds === undefined) return;
    await pause(LATE_MS);
    const headers = { 'retry-after': String(seconds) };
    throw new ShopError(429, 'too many wrong passwords; wait before the next one', { headers });
  }
}

/** Takes the same time for every input. */
function same(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
